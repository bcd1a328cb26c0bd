//! Logs of training runs: tables, JSON, text and stores.
//!
//! Enters: the bytes of a file. Leaves: nothing.

use std::path::Path;

use layerscope::progress::Progress;
use layerscope::run::{
    CompareOptions, Comparison, Imported, Measure, Run, XAxis, decimate, import_bytes, is_log,
    join, points, smooth,
};

/// A delimited table of any logger, or of none.
pub(crate) fn run_table(data: &[u8]) {
    // The other target's.
    if !data.trim_ascii_start().starts_with(b"{") && !data.trim_ascii_start().starts_with(b"[") {
        log("run-a-tag-loss.csv", data);
    }
}

/// JSON lines and JSON documents.
pub(crate) fn run_json(data: &[u8]) {
    log("a.jsonl", data);
}

/// What a trainer or a monitor prints.
pub(crate) fn run_text(data: &[u8]) {
    log("slurm-17.out", data);
}

/// A store of records: TensorBoard's event file or W&B's file of a run.
pub(crate) fn run_store(data: &[u8]) {
    let name = if data.starts_with(b":W&B") {
        "run-a.wandb"
    } else {
        "events.out.tfevents.1.a"
    };
    log(name, data);
}

fn log(name: &str, data: &[u8]) {
    let path = Path::new(name);
    let progress = Progress::default();
    let _ = is_log(data, name);
    let Ok(imported) = import_bytes(path, data, None, &progress) else {
        return;
    };
    let runs = match imported {
        Imported::Runs(runs) => runs,
        Imported::Table(preview) => {
            let width = preview.header.len();
            assert_eq!(preview.guess.columns.len(), width);
            assert!(preview.rows.iter().all(|row| row.len() == width));
            match import_bytes(path, data, Some(&preview.guess), &progress) {
                Ok(Imported::Runs(runs)) => runs,
                Ok(Imported::Table(_)) => panic!("a mapping was given"),
                Err(_) => return,
            }
        }
    };
    assert!(!runs.is_empty());
    runs.iter().for_each(check);
    let joined = join(runs.iter().chain(&runs).cloned().collect());
    joined.iter().for_each(check);
    let both: Vec<&Run> = joined.iter().chain(&runs).take(8).collect();
    let options = CompareOptions {
        smoothing: 0.6,
        ..CompareOptions::default()
    };
    let comparison = Comparison::new(&both, &options);
    let _ = comparison.baseline_row();
    let loss = Measure::loss(&joined);
    for run in &joined {
        let Some(series) = loss.of(run) else { continue };
        for axis in XAxis::ALL {
            let points = points(run, &series, axis);
            assert!(points.is_sorted_by(|a, b| a[0] <= b[0]), "{points:?}");
            let few = decimate(&smooth(&points, 0.6), (0.0, 1.0), 100);
            assert!(few.len() <= points.len());
        }
    }
}

/// Every value has its place in each column that there is.
fn check(run: &Run) {
    for series in &run.series {
        let axis = &series.axis;
        for column in [&axis.steps, &axis.epochs, &axis.relative, &axis.wall] {
            assert!(
                column.is_empty() || column.len() == series.values.len(),
                "{}: {} places of {} values",
                series.key,
                column.len(),
                series.values.len()
            );
        }
    }
    assert!(run.sources.iter().all(|source| source.bad.len() <= 20));
}
