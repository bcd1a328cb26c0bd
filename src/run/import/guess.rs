//! What the columns of an unknown table seem to mean.
//!
//! Enters: a table's first rows. Leaves: a preview with a mapping to start from.

use std::path::Path;

use super::plan::{Holds, holds};
use super::sniff::Sniffed;
use crate::run::mapping::{ColumnRole, Mapping, PREVIEW_ROWS, TablePreview, WallFormat};
use crate::run::model::Unit;
use crate::run::names;
use crate::run::units::CellUnit;

/// Seconds since 1970 begin here: smaller numbers under `time` count from the start of the run.
const FIRST_WALL_TIME: f64 = 1e8;

/// The preview of a table.
pub(super) fn preview(table: Sniffed, path: &Path) -> TablePreview {
    let columns = roles(&table);
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
pub(super) fn roles(table: &Sniffed) -> Vec<ColumnRole> {
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
        let role = role(table, at, name);
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
    roles.collect()
}

fn role(table: &Sniffed, at: usize, name: &str) -> ColumnRole {
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
        Holds::Nothing => axis.unwrap_or_default(),
        Holds::Numbers(unit) => match axis {
            Some(ColumnRole::Wall { .. }) if counts_from_zero(table, at) => ColumnRole::Relative {
                unit: CellUnit::of_header(name)
                    .1
                    .filter(|unit| unit.unit() == Unit::Seconds)
                    .unwrap_or(CellUnit::Seconds),
            },
            Some(role) => role,
            None => {
                let described = names::describe(name);
                ColumnRole::Series {
                    metric: described.metric,
                    unit: described.unit.or(unit).unwrap_or_default(),
                }
            }
        },
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
