//! Freeze sets of every consumer, and the patterns in them.
//!
//! Enters: the text of a file. Leaves: nothing.

use std::path::Path;
use std::sync::LazyLock;

use layerscope::export::{
    Consumer, DryRun, FreezeFile, Parameters, dry_run, read_freeze_text, renamed_runs,
};

/// How many lines are tried as patterns by themselves.
const LINES: usize = 4;

/// The parameters of a small model with what makes names hard: experts, towers, a head.
static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let mut names = vec![
        "lm_head.weight".to_owned(),
        "model.embed_tokens.weight".to_owned(),
        "visual.blocks.0.attn.qkv.weight".to_owned(),
        "language_model.model.layers.0.mlp.up_proj.weight".to_owned(),
    ];
    for block in 0..11 {
        for part in [
            "self_attn.q_proj.weight",
            "self_attn.q_proj.bias",
            "mlp.experts.3.down_proj.weight",
            "mlp.experts.gate_up_proj",
            "input_layernorm.weight",
        ] {
            names.push(format!("model.layers.{block}.{part}"));
        }
    }
    Parameters::of_names(names)
});

/// A freeze set: followed by every consumer's rule, also under other names; and its lines as
/// patterns.
pub(crate) fn freeze_set(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(file) = read_freeze_text(Path::new("set"), text) {
        for consumer in Consumer::ALL {
            check(&dry_run(&file, consumer, &PARAMETERS));
        }
        for run in renamed_runs(&file, file.consumer, &PARAMETERS) {
            check(&run.as_is);
            check(&run.rewritten);
        }
    }
    for consumer in [Consumer::Aws, Consumer::MsSwift, Consumer::Axolotl] {
        let file = FreezeFile::of_patterns(consumer, text.lines().take(LINES));
        check(&dry_run(&file, consumer, &PARAMETERS));
    }
}

/// Indices are those of parameters, and each entry has one outcome.
fn check(run: &DryRun) {
    assert!(run.trainable.is_sorted());
    let all = PARAMETERS.all.len();
    assert!(run.trainable.iter().all(|&place| place < all));
    let beyond = run.accidental.iter().flat_map(|(_, places)| places);
    assert!(beyond.into_iter().all(|&place| place < all));
    assert!(run.trainable_parameters.is_none_or(|sum| sum == 0));
    assert!(run.modules.len() <= run.trainable.len());
}
