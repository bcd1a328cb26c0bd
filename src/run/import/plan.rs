//! What the columns of a table mean, of a known layout or as somebody said.
//!
//! Enters: a header and the first rows. Leaves: a [`Plan`] that [`super::table`] reads by.

use super::cell::{self, Cell};
use crate::run::mapping::{ColumnRole, Mapping, WallFormat};
use crate::run::model::Metric;
use crate::run::names::{self, Described};
use crate::run::units::CellUnit;

/// How to read a table.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of a table, and all combine"
)]
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// The layout's name.
    pub(super) layout: &'static str,
    pub(super) delimiter: char,
    pub(super) decimal_comma: bool,
    /// How many records come before the first row.
    pub(super) skip: u64,
    /// The cells of the header, to know it again where logging started anew.
    pub(super) header: Vec<String>,
    /// The runs that columns belong to; the first one where no column says.
    pub(super) runs: Vec<String>,
    pub(super) columns: Vec<Column>,
    /// The year of dates without one.
    pub(super) year: Option<i16>,
    /// Seconds between rows that have no time.
    pub(super) row_seconds: Option<f64>,
    /// Whether rows of one time are of one GPU each, in their order.
    pub(super) gpu_by_time: bool,
    /// Whether records that start with a comment sign are passed over.
    pub(super) skip_comments: bool,
    /// Whether the largest number stands for infinity, as in MLflow's stores.
    pub(super) largest_is_infinite: bool,
    /// Lines about the layout that the runs' warnings repeat.
    pub(super) notes: Vec<String>,
}

/// What a column means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Column {
    Ignore,
    /// Where the row is in a run, or in all.
    Axis {
        place: AxisPlace,
        run: Option<usize>,
    },
    RunName,
    MetricName,
    Value,
    /// Data that the row's metric is of: Aim's `context.subset`.
    Subset,
    /// Whether the row's run goes on, in W&B's words.
    State,
    /// Which GPU the row is about.
    Gpu,
    /// A number that stays the same, kept once.
    Constant(Described),
    /// The values of one metric of one run.
    Series {
        run: usize,
        described: Described,
    },
}

/// Which place a column says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AxisPlace {
    Step,
    Epoch,
    Relative(CellUnit),
    Wall(WallFormat),
    /// A date, and the time of day in a column of its own.
    Day,
    Clock,
}

impl Column {
    /// A column of the one run that a table is about, by its role.
    pub(super) fn of_role(role: ColumnRole, name: &str) -> Self {
        let axis = |place| Self::Axis { place, run: None };
        match role {
            ColumnRole::Ignore => Self::Ignore,
            ColumnRole::Step => axis(AxisPlace::Step),
            ColumnRole::Epoch => axis(AxisPlace::Epoch),
            ColumnRole::Relative { unit } => axis(AxisPlace::Relative(unit)),
            ColumnRole::Wall { format } => axis(AxisPlace::Wall(format)),
            ColumnRole::RunName => Self::RunName,
            ColumnRole::MetricName => Self::MetricName,
            ColumnRole::Value => Self::Value,
            ColumnRole::Series { metric, unit } => Self::Series {
                run: 0,
                described: Described {
                    metric,
                    // A plain number may still be memory: its size says in what.
                    unit: (unit != CellUnit::Plain).then_some(unit),
                    ..names::describe(name)
                },
            },
        }
    }

    /// A column whose metric its name tells.
    pub(super) fn series(run: usize, name: &str) -> Self {
        Self::Series {
            run,
            described: names::describe(name),
        }
    }
}

impl Plan {
    /// The plan that a mapping states.
    pub(super) fn of_mapping(mapping: &Mapping, header: &[String], run: &str) -> Self {
        let columns = mapping.columns.iter().enumerate().map(|(at, &role)| {
            let unnamed = format!("column {}", at + 1);
            Column::of_role(role, header.get(at).unwrap_or(&unnamed))
        });
        Self {
            layout: "Table",
            delimiter: mapping.delimiter,
            decimal_comma: mapping.decimal_comma,
            skip: u64::from(mapping.header),
            header: if mapping.header {
                header.to_vec()
            } else {
                Vec::new()
            },
            runs: vec![run.to_owned()],
            columns: columns.collect(),
            ..Self::default()
        }
    }

    /// Leaves out columns that hold text in the first rows and no number: names, commands.
    pub(super) fn ignore_text(&mut self, rows: &[Vec<String>]) {
        let comma = self.decimal_comma;
        for (at, column) in self.columns.iter_mut().enumerate() {
            if matches!(column, Column::Series { .. }) && holds(rows, at, comma) == Holds::Text {
                *column = Column::Ignore;
            }
        }
    }
}

/// What the first rows of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Nothing,
    /// Numbers, of that unit where cells name one.
    Numbers(Option<CellUnit>),
    /// Dates and times.
    Dates,
    /// Elapsed times such as `0:01:03`.
    Durations,
    Text,
}

/// Looks at one column of the first rows. One number among texts makes them bad numbers.
pub(super) fn holds(rows: &[Vec<String>], at: usize, comma: bool) -> Holds {
    let cells = rows.iter().filter_map(|row| row.get(at));
    let mut found = Holds::Nothing;
    for text in cells {
        match cell::read(text.as_bytes(), comma) {
            Cell::Number(_, unit) => return Holds::Numbers(unit),
            Cell::Text if found == Holds::Nothing => {
                let bytes = text.as_bytes();
                found = if cell::Dates::default().read(bytes).is_some() {
                    Holds::Dates
                } else if cell::duration(bytes).is_some() {
                    Holds::Durations
                } else {
                    Holds::Text
                };
            }
            Cell::Missing | Cell::Text => {}
        }
    }
    found
}

/// The described metric under another name and kind.
pub(super) fn described(
    key: impl Into<String>,
    metric: Metric,
    unit: Option<CellUnit>,
) -> Described {
    Described {
        key: key.into(),
        metric,
        unit,
    }
}
