//! From ratios to freeze sets: percentages, ranking, marks, costs.

#![allow(clippy::expect_used, reason = "a test says what it expects")]

mod budget;
mod bulk;
mod freeze_set;
mod memory;
mod named_set;
mod pattern;
mod percent;
mod ranking;
mod rules;

use layerscope::report::{ReportBuilder, SnrReport, Weight};
use layerscope::selection::{Choice, FreezeSet, Mark, Ranking};
use layerscope::tensor::DType;
use proptest::prelude::*;

fn set(report: &SnrReport, choice: &Choice) -> FreezeSet {
    FreezeSet::new(report, &Ranking::of(report, choice), choice)
}

/// A report of one module a ratio: its type's number and the ratio.
fn report_of(modules: &[(usize, Option<f64>)]) -> SnrReport {
    let mut builder = ReportBuilder::new("test");
    for (block, &(layer_type, snr)) in modules.iter().enumerate() {
        let layer_type = format!("mlp.t{layer_type}");
        builder
            .push(&format!("model.layers.{block}.{layer_type}"), &layer_type)
            .snr = snr;
    }
    builder.finish()
}

/// Ratios with ties, infinities, no numbers and gaps.
fn any_ratio() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        6 => (0..12_i32).prop_map(|n| Some(f64::from(n) / 4.0)),
        2 => (-1e3..1e30_f64).prop_map(Some),
        1 => Just(Some(f64::INFINITY)),
        1 => Just(Some(f64::NEG_INFINITY)),
        1 => Just(Some(f64::NAN)),
        1 => Just(None),
    ]
}

fn any_report() -> impl Strategy<Value = SnrReport> {
    prop::collection::vec((0..4_usize, any_ratio()), 0..40).prop_map(|modules| report_of(&modules))
}

/// Marks of some of the first modules.
fn any_marks() -> impl Strategy<Value = Vec<(usize, Mark)>> {
    let mark = prop_oneof![Just(Mark::Pin), Just(Mark::Drop)];
    prop::collection::vec((0..40_usize, mark), 0..8)
}

/// A weight of so many elements.
fn weight(parameters: u64, tied_to: Option<&str>) -> Weight {
    Weight {
        shape: vec![parameters as usize],
        dtype: DType::F32,
        parameters,
        companions: 0,
        tied_to: tied_to.map(str::to_owned),
        tensor: None,
    }
}
