//! Two reports held against each other.

use layerscope::report::{ReportBuilder, SnrReport};

fn report(slug: &str, modules: &[(&str, Option<f64>)]) -> SnrReport {
    let mut builder = ReportBuilder::new(slug);
    for &(name, snr) in modules {
        builder.push(name, "mlp.up_proj").snr = snr;
    }
    builder.finish()
}

#[test]
fn modules_are_matched_by_name_and_the_change_is_in_powers_of_two() {
    let mut tuned = report(
        "tuned",
        &[
            ("layers.0.up", Some(4.0)),
            ("layers.1.up", Some(0.5)),
            ("layers.2.up", Some(f64::NAN)),
            ("layers.3.up", Some(f64::INFINITY)),
            ("layers.4.up", None),
            ("layers.9.up", Some(1.0)),
        ],
    );
    // Another order, and one module that the other lacks.
    let base = report(
        "base",
        &[
            ("layers.1.up", Some(2.0)),
            ("layers.0.up", Some(1.0)),
            ("layers.4.up", Some(1.0)),
            ("layers.3.up", Some(1.0)),
            ("layers.2.up", Some(1.0)),
            ("layers.8.up", Some(1.0)),
        ],
    );
    tuned.hold_against(&base).expect("five names in common");
    let changes: Vec<Option<f64>> = (0..6).map(|module| tuned.change(module)).collect();
    assert_eq!(changes, [Some(2.0), Some(-2.0), None, None, None, None]);
    let other = tuned.other.as_ref().expect("it was held against one");
    assert_eq!((other.only_here, other.only_there), (1, 1));
    assert_eq!(other.slug, "base");
}

#[test]
fn reports_without_a_common_module_are_refused_with_a_name_of_each() {
    let mut here = report("here", &[("model.layers.0.up", Some(1.0))]);
    let there = report("there", &[("encoder.layer.0.up", Some(1.0))]);
    let error = here.hold_against(&there).expect_err("nothing in common");
    let line = error.to_string();
    assert!(line.contains("model.layers.0.up") && line.contains("encoder.layer.0.up"));
    assert_eq!(here.other, None);
}
