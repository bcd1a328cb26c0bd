//! What the columns of an unknown table seem to mean.
//!
//! Enters: a table's first rows. Leaves: a preview with a mapping to start from.

use std::path::Path;

use super::plan::{Holds, holds};
use super::sniff::Sniffed;
use crate::run::mapping::{ColumnRole, Mapping, PREVIEW_ROWS, TablePreview, WallFormat};
use crate::run::model::{Metric, Unit};
use crate::run::names;
use crate::run::units::CellUnit;

/// Seconds since 1970 begin here: smaller numbers under `time` count from the start of the run.
const FIRST_WALL_TIME: f64 = 1e8;

/// The preview of a table.
pub(super) fn preview(table: Sniffed, path: &Path) -> TablePreview {
    let columns = roles(&table, path);
    let width = table.header.len();
    let rows = table.rows.into_iter().take(PREVIEW_ROWS).map(|mut row| {
        row.resize(width, String::new());
        row
    });
    TablePreview {
        path: path.to_path_buf(),
        delimiter: table.delimiter,
        decimal_comma: table.decimal_comma,
        rows: rows.collect(),
        guess: Mapping {
            columns,
            delimiter: table.delimiter,
            decimal_comma: table.decimal_comma,
            header: table.has_header,
        },
        header: table.header,
    }
}

/// What the columns of a table seem to mean.
pub(super) fn roles(table: &Sniffed, path: &Path) -> Vec<ColumnRole> {
    let names: Vec<String> = table
        .header
        .iter()
        .map(|name| name.to_lowercase())
        .collect();
    let find = |wanted: &[&str]| {
        names
            .iter()
            .position(|name| wanted.contains(&name.as_str()))
    };
    let metric = find(&["key", "metric", "metric_name", "tag", "name", "variable"]);
    let long = metric.zip(find(&["value", "metric_value"]));
    let long =
        long.filter(|(metric, _)| holds(&table.rows, *metric, table.decimal_comma) == Holds::Text);
    let mut taken = Vec::new();
    let roles = table.header.iter().enumerate().map(|(at, name)| {
        if let Some((metric, value)) = long {
            if at == metric {
                return ColumnRole::MetricName;
            }
            if at == value {
                return ColumnRole::Value;
            }
        }
        let role = role(table, at, name, path);
        let kind = std::mem::discriminant(&role);
        match role {
            ColumnRole::Series { .. } if long.is_some() => ColumnRole::Ignore,
            ColumnRole::Series { .. } | ColumnRole::Ignore => role,
            // A place is said once; the first column says it.
            _ if taken.contains(&kind) => ColumnRole::Ignore,
            _ => {
                taken.push(kind);
                role
            }
        }
    });
    let mut roles: Vec<ColumnRole> = roles.collect();
    memory_beside_gpus(&names, &mut roles);
    roles
}

/// Memory of no named place beside numbers of a GPU, and beside none of a processor, is the GPU's.
fn memory_beside_gpus(names: &[String], roles: &mut [ColumnRole]) {
    let any = |words: &[&str]| {
        names
            .iter()
            .any(|name| words.iter().any(|word| name.contains(word)))
    };
    if !any(&["gpu", "cuda"]) || any(&["cpu", "rss", "host", "ram", "system", "process"]) {
        return;
    }
    let of_gpu = names
        .iter()
        .any(|name| name.contains("gpu") && name.contains("mem"));
    for role in roles.iter_mut() {
        if let ColumnRole::Series { metric, .. } = role
            && *metric == Metric::CpuMemory
            && !of_gpu
        {
            *metric = Metric::GpuMemory(None);
        }
    }
}

/// What a column measures whose name says little: by the unit in its cells and by the file's name, as
/// Grafana names a file after its panel: `GPU memory-data.csv` with columns `gpu-0` and `gpu-1`.
fn by_unit(name: &str, at: usize, unit: Option<CellUnit>, path: &Path) -> Option<Metric> {
    if unit?.unit() != Unit::Bytes {
        return None;
    }
    let file = path.file_stem().unwrap_or_default().to_string_lossy();
    match names::describe(&format!("{file} memory {name}")).metric {
        Metric::GpuMemory(index) => Some(Metric::GpuMemory(index.or(u32::try_from(at).ok()))),
        Metric::CpuMemory => Some(Metric::CpuMemory),
        _ => None,
    }
}

fn role(table: &Sniffed, at: usize, name: &str, path: &Path) -> ColumnRole {
    let held = holds(&table.rows, at, table.decimal_comma);
    let axis = names::axis(name);
    match held {
        Holds::Dates => ColumnRole::Wall {
            format: WallFormat::Date,
        },
        Holds::Durations => ColumnRole::Relative {
            unit: CellUnit::Seconds,
        },
        Holds::Text => match name.to_lowercase().as_str() {
            "run" | "run_id" | "run_name" | "run name" | "experiment" | "model" | "method" => {
                ColumnRole::RunName
            }
            // `10/100`.
            _ if axis == Some(ColumnRole::Step) => ColumnRole::Step,
            _ => ColumnRole::Ignore,
        },
        // A column may begin later.
        Holds::Nothing => axis.unwrap_or_else(|| series(at, name, None, path)),
        Holds::Numbers(unit) => match axis {
            Some(ColumnRole::Wall { .. }) if counts_from_zero(table, at) => ColumnRole::Relative {
                unit: CellUnit::of_header(name)
                    .1
                    .filter(|unit| unit.unit() == Unit::Seconds)
                    .unwrap_or(CellUnit::Seconds),
            },
            Some(role) => role,
            None => series(at, name, unit, path),
        },
    }
}

fn series(at: usize, name: &str, unit: Option<CellUnit>, path: &Path) -> ColumnRole {
    let described = names::describe(name);
    let metric = match described.metric {
        Metric::Other => by_unit(name, at, described.unit.or(unit), path).unwrap_or(Metric::Other),
        metric => metric,
    };
    ColumnRole::Series {
        metric,
        unit: described.unit.or(unit).unwrap_or_default(),
    }
}

fn counts_from_zero(table: &Sniffed, at: usize) -> bool {
    let cells = table.rows.iter().filter_map(|row| row.get(at));
    let mut numbers =
        cells.filter_map(
            |cell| match super::cell::read(cell.as_bytes(), table.decimal_comma) {
                super::cell::Cell::Number(number, _) => Some(number),
                _ => None,
            },
        );
    numbers.all(|number| number.abs() < FIRST_WALL_TIME)
}
