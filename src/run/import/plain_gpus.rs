//! `nvidia-smi --format=csv,noheader`: rows of a date, a memory in MiB and more, without names.
//!
//! Enters: a table's first rows. Leaves: the plan to read it by; none where cells do not tell.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::HashMap;
use std::path::Path;

use super::cell::{self, Cell, Dates};
use super::file_name;
use super::plan::{AxisPlace, Column, Plan, described};
use super::sniff::Sniffed;
use crate::run::mapping::WallFormat;
use crate::run::model::Metric;
use crate::run::units::CellUnit;

/// The plan: of two memories the smaller is in use and the larger the total, as nvidia-smi counts.
pub(super) fn plan(table: &Sniffed, path: &Path) -> Option<Plan> {
    let is_row = |row: &[String]| {
        row.iter().any(|cell| is_date(cell)) && row.iter().any(|cell| mib(cell).is_some())
    };
    // The name of a card makes the first row look like a header.
    let first = table.has_header.then_some(&table.header);
    let rows: Vec<&[String]> = first
        .into_iter()
        .chain(&table.rows)
        .map(Vec::as_slice)
        .filter(|row| !row.is_empty())
        .collect();
    let start = *rows.first()?;
    if !is_row(start) {
        return None;
    }
    let width = start.len();
    let date = start.iter().position(|cell| is_date(cell))?;
    let means: Vec<Option<f64>> = (0..width)
        .map(|at| {
            let values: Vec<f64> = rows.iter().filter_map(|row| mib(row.get(at)?)).collect();
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        })
        .collect();
    let largest = means.iter().flatten().copied().fold(0.0, f64::max);
    let several = means.iter().flatten().count() > 1;
    let used = means
        .iter()
        .position(|mean| mean.is_some_and(|mean| !several || mean < largest))?;
    let gpu = (0..width).find(|&at| tells_gpus(&rows, date, at));
    let columns = (0..width).map(|at| {
        if at == date {
            Column::Axis {
                place: AxisPlace::Wall(WallFormat::Date),
                run: None,
            }
        } else if Some(at) == gpu {
            Column::Gpu
        } else if at == used {
            let key = "memory.used";
            Column::Series {
                run: 0,
                described: described(key, Metric::GpuMemory(None), Some(CellUnit::Mib)),
            }
        } else {
            Column::Ignore
        }
    });
    let mut notes = vec![format!(
        "has no header: column {} is taken for the memory in use",
        used + 1
    )];
    if gpu.is_none() {
        notes.push(
            "the log does not say which GPU a row is of: rows of one time are taken as one GPU's each"
                .to_owned(),
        );
    }
    Some(Plan {
        layout: "nvidia-smi without header",
        delimiter: table.delimiter,
        decimal_comma: table.decimal_comma,
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        notes,
        gpu_by_time: gpu.is_none(),
        ..Plan::default()
    })
}

fn is_date(cell: &str) -> bool {
    cell.len() >= 16
        && cell.starts_with(|c: char| c.is_ascii_digit())
        && Dates::default().read(cell.as_bytes()).is_some()
}

fn mib(cell: &str) -> Option<f64> {
    match cell::read(cell.as_bytes(), false) {
        Cell::Number(number, Some(CellUnit::Mib)) => Some(number),
        _ => None,
    }
}

/// Whether a column counts the GPUs of each time: small whole numbers, each once.
fn tells_gpus(rows: &[&[String]], date: usize, at: usize) -> bool {
    let mut times: HashMap<&str, Vec<u32>> = HashMap::new();
    for row in rows {
        let (Some(time), Some(cell)) = (row.get(date), row.get(at)) else {
            return false;
        };
        let Some(index) = cell.parse::<u32>().ok().filter(|index| *index < 256) else {
            return false;
        };
        let known = times.entry(time).or_default();
        if known.contains(&index) {
            return false;
        }
        known.push(index);
    }
    let mut sorted: Vec<&Vec<u32>> = times.values().collect();
    sorted.sort_by_key(|gpus| std::cmp::Reverse(gpus.len()));
    let Some(most) = sorted.first() else {
        return false;
    };
    let same = |gpus: &&&Vec<u32>| gpus.iter().all(|gpu| most.contains(gpu));
    most.len() > 1 && sorted.iter().filter(same).count() == sorted.len()
}
