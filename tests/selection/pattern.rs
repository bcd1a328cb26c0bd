//! Modules and types by pattern.

use layerscope::report::SnrReport;
use layerscope::selection::{matching_modules, matching_types};

use crate::report_of;

fn report() -> SnrReport {
    report_of(&[(0, None), (1, None), (0, None), (10, None)])
}

#[test]
fn patterns_match_whole_names() {
    let report = report();
    let modules = |pattern| matching_modules(&report, pattern).expect("matches");
    assert_eq!(modules("*.mlp.t0"), [0, 2]);
    assert_eq!(modules("model.layers.1.*"), [1]);
    assert_eq!(modules("model.layers.[02].mlp.t{0,1}"), [0, 2]);
    assert_eq!(modules("model.layers.3.mlp.t10"), [3]);
    assert_eq!(matching_types(&report, "mlp.t1").expect("matches"), [1]);
    assert_eq!(matching_types(&report, "mlp.t1*").expect("matches"), [1, 2]);
}

#[test]
fn a_name_with_the_signs_of_a_pattern_matches_itself() {
    let mut report = report();
    report.types[1].name = "odd[".into();
    assert_eq!(matching_types(&report, "odd[").expect("matches"), [1]);
}

#[test]
fn what_matches_nothing_is_an_error_that_helps() {
    let report = report();
    let cases = [
        (
            "mlp.t7",
            "mlp.t7: matches no layer type; close to it: mlp.t0",
        ),
        (
            "attn",
            "a layer type is, for example, mlp.t0, mlp.t1, mlp.t10",
        ),
        ("[", "is not a pattern"),
    ];
    for (pattern, part) in cases {
        let line = matching_types(&report, pattern)
            .expect_err("matches nothing")
            .to_string();
        assert!(line.contains(part), "{line}");
    }
    let line = matching_modules(&report, "t10").expect_err("is no whole name");
    assert!(
        line.to_string()
            .contains("close to it: model.layers.3.mlp.t10")
    );
}
