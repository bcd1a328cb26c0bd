//! Runs made by hand.

use std::sync::Arc;

use layerscope::run::{Axis, Metric, Run, Series, Unit};

pub(crate) const NAN: f64 = f64::NAN;

pub(crate) fn steps(steps: &[f64]) -> Axis {
    Axis {
        steps: steps.to_vec(),
        ..Axis::default()
    }
}

pub(crate) fn times(relative: &[f64]) -> Axis {
    Axis {
        relative: relative.to_vec(),
        ..Axis::default()
    }
}

pub(crate) fn walls(wall: &[f64]) -> Axis {
    Axis {
        wall: wall.to_vec(),
        ..Axis::default()
    }
}

pub(crate) fn series(key: &str, metric: Metric, axis: Axis, values: &[f64]) -> Series {
    let unit = match metric {
        Metric::GpuMemory(_) | Metric::CpuMemory => Unit::Bytes,
        _ => Unit::Plain,
    };
    Series {
        key: key.to_owned(),
        metric,
        unit,
        axis: Arc::new(axis),
        values: values.to_vec(),
    }
}

pub(crate) fn run(name: &str, series: Vec<Series>) -> Run {
    Run {
        name: name.to_owned(),
        series,
        ..Run::default()
    }
}

/// A run with an evaluation loss at its end after so many minutes.
pub(crate) fn ended(name: &str, loss: f64, minutes: f64) -> Run {
    let axis = Axis {
        steps: vec![0.0, 100.0],
        relative: vec![0.0, minutes * 60.0],
        ..Axis::default()
    };
    let eval = series("eval/loss", Metric::EvalLoss, axis, &[3.0, loss]);
    run(name, vec![eval])
}

pub(crate) fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()), "{a} {b}");
}
