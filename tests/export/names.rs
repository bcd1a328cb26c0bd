//! Plain names.

use layerscope::export::{Naming, names};
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::Choice;

use crate::{mixed, set};

#[test]
fn each_module_that_trains_has_one_line() {
    let report = mixed();
    let choice = Choice {
        percent: "62.5".parse().expect("is a percentage"),
        ..Choice::default()
    };
    let text = names(&report, &set(&report, &choice), Naming::default());
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            "lm_head",
            "model.embed_tokens",
            "model.layers.1.mlp.down_proj",
            "model.layers.5.mlp.down_proj",
            "model.layers.6.mlp.down_proj",
            "model.layers.4.mlp.down_proj",
            "model.layers.0.mlp.down_proj",
            "model.layers.0.self_attn.q_proj",
            "model.layers.0.norm",
        ]
    );
}

#[test]
fn a_listed_head_is_not_repeated_and_stays_without_its_line() {
    let report = mixed();
    let count = |head| {
        let choice = Choice {
            percent: "100".parse().expect("is a percentage"),
            head,
            ..Choice::default()
        };
        let text = names(&report, &set(&report, &choice), Naming::default());
        text.lines().filter(|&line| line == "lm_head").count()
    };
    assert_eq!((count(true), count(false)), (1, 1));
}

#[test]
fn modules_a_whole_model_lacks_are_not_named() {
    let mut builder = ReportBuilder::new("m");
    builder.push("transformer.h.0.ln_1", "ln_1").snr = Some(1.0);
    let mut report = builder.finish();
    let text =
        |report: &SnrReport| names(report, &set(report, &Choice::default()), Naming::default());
    assert_eq!(text(&report), "lm_head\nmodel.embed_tokens\n");
    report.total_parameters = Some(64);
    assert_eq!(text(&report), "");
}
