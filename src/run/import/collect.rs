//! Rows as they are read, kept as columns until the file is done.
//!
//! Enters: where a row is and its values, one by one. Leaves: per run the columns, from which
//! [`super::order`] makes series.
//!
//! Every number is kept once. A series that has a value in every row needs no list of its rows;
//! others keep 4 bytes a value for it.

use std::collections::{BTreeMap, HashMap};

use crate::run::model::{BadRow, Metric, RunState, Unit};
use crate::run::names::Described;
use crate::run::units::CellUnit;

/// The most series one file may have, over all its runs: a hostile file costs bounded memory.
pub(super) const MOST_SERIES: usize = 100_000;
/// How many rows that could not be read are kept to be shown.
const BAD_ROWS_KEPT: usize = 20;
/// The longest part of a bad cell that a message repeats, in characters.
const SHOWN: usize = 40;
/// The longest name of a run or metric, in characters.
const LONGEST_NAME: usize = 1000;

/// Where a row is; NaN where the log does not say.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) step: f64,
    pub(super) epoch: f64,
    pub(super) relative: f64,
    pub(super) wall: f64,
}

impl At {
    /// Nowhere.
    pub(super) const UNKNOWN: Self = Self {
        step: f64::NAN,
        epoch: f64::NAN,
        relative: f64::NAN,
        wall: f64::NAN,
    };

    /// Takes over what `other` knows.
    pub(super) fn take(&mut self, other: &Self) {
        let known = |own: &mut f64, other: f64| {
            if !other.is_nan() {
                *own = other;
            }
        };
        known(&mut self.step, other.step);
        known(&mut self.epoch, other.epoch);
        known(&mut self.relative, other.relative);
        known(&mut self.wall, other.wall);
    }
}

/// All that was read of one file so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Collector {
    pub(super) runs: Vec<RunRows>,
    places: HashMap<String, usize>,
    series: usize,
    pub(super) rows: u64,
    pub(super) bad_rows: u64,
    pub(super) bad: Vec<BadRow>,
    /// Lines about the whole file.
    pub(super) notes: Vec<String>,
    /// Whether times of day name no zone.
    pub(super) local_times: bool,
    /// Whether the file ends in the middle of something.
    pub(super) torn: bool,
}

/// The tables of one run; series of one table were logged in the same rows.
#[derive(Debug, Clone, Default)]
pub(super) struct RunRows {
    pub(super) name: String,
    pub(super) tables: Vec<Rows>,
    pub(super) summary: BTreeMap<String, f64>,
    pub(super) state: RunState,
    /// Whether the log names it.
    pub(super) is_named: bool,
    /// Tables that hold one metric each, by its name.
    by_metric: HashMap<String, usize>,
}

/// Rows of one run: where they are, and the series in them.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    /// How many.
    pub(super) len: usize,
    /// Steps, epochs, relative and wall times; shorter than `len` where the last rows, or all,
    /// have none.
    pub(super) axis: [Vec<f64>; 4],
    pub(super) series: Vec<SeriesRows>,
    at: At,
    open: bool,
}

/// One series.
#[derive(Debug, Clone)]
pub(super) struct SeriesRows {
    pub(super) key: String,
    pub(super) metric: Metric,
    pub(super) unit: CellUnit,
    /// Whether the log names the unit; else it is guessed for memory.
    pub(super) unit_named: bool,
    /// The rows that have a value, where not all up to the last one do.
    pub(super) rows: Option<Vec<u32>>,
    /// Values in the base unit.
    pub(super) values: Vec<f64>,
}

/// Which series a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) run: usize,
    pub(super) table: usize,
    pub(super) series: usize,
}

/// There is more in the file than any run log has.
#[derive(Debug)]
pub(super) struct TooMany;

impl Collector {
    /// The run of that name.
    pub(super) fn run(&mut self, name: &str) -> Result<usize, TooMany> {
        if let Some(&run) = self.places.get(name) {
            return Ok(run);
        }
        self.count_series()?;
        let run = self.runs.len();
        self.runs.push(RunRows {
            name: printable(name),
            ..RunRows::default()
        });
        self.places.insert(name.to_owned(), run);
        Ok(run)
    }

    /// Takes the dates of all rows so far with day and month in the other order.
    pub(super) fn swap_days(&mut self) {
        for rows in self.runs.iter_mut().flat_map(|run| &mut run.tables) {
            let [.., wall] = &mut rows.axis;
            for time in wall.iter_mut().filter(|time| !time.is_nan()) {
                *time = super::cell::day_and_month_swapped(*time).unwrap_or(*time);
            }
        }
    }

    /// The seconds that the rows span, as they are and with day and month in the other order.
    pub(super) fn spans_of_days(&self) -> (f64, f64) {
        let walls = || {
            self.runs
                .iter()
                .flat_map(|run| &run.tables)
                .flat_map(|rows| rows.axis[3].iter().copied())
        };
        let span = |times: &mut dyn Iterator<Item = f64>| {
            let (mut first, mut last) = (f64::INFINITY, f64::NEG_INFINITY);
            for time in times.filter(|time| !time.is_nan()) {
                (first, last) = (first.min(time), last.max(time));
            }
            last - first
        };
        let other = |time: f64| super::cell::day_and_month_swapped(time).unwrap_or(time);
        (span(&mut walls()), span(&mut walls().map(other)))
    }

    /// Notes whether a run goes on.
    pub(super) fn set_state(&mut self, run: usize, state: RunState) {
        if let Some(rows) = self.runs.get_mut(run) {
            rows.state = state;
        }
    }

    /// Notes a number about a whole run.
    pub(super) fn about(&mut self, run: usize, name: String, number: f64) {
        if let Some(rows) = self.runs.get_mut(run) {
            rows.summary.insert(name, number);
        }
    }

    /// A new table of a run.
    pub(super) fn table(&mut self, run: usize) -> usize {
        self.runs[run].tables.push(Rows {
            len: 0,
            axis: Default::default(),
            series: Vec::new(),
            at: At::UNKNOWN,
            open: false,
        });
        self.runs[run].tables.len() - 1
    }

    /// A new series in a table.
    pub(super) fn series(
        &mut self,
        run: usize,
        table: usize,
        described: &Described,
    ) -> Result<Place, TooMany> {
        self.count_series()?;
        let series = &mut self.runs[run].tables[table].series;
        series.push(SeriesRows {
            key: printable(&described.key),
            metric: described.metric,
            unit: described.unit.unwrap_or_default(),
            unit_named: described.unit.is_some(),
            rows: None,
            values: Vec::new(),
        });
        let series = series.len() - 1;
        Ok(Place { run, table, series })
    }

    /// The series of a metric that has a table of its own, by its name in the log.
    pub(super) fn metric(
        &mut self,
        run: usize,
        name: &str,
        describe: impl FnOnce(&str) -> Described,
    ) -> Result<Place, TooMany> {
        if let Some(&table) = self.runs[run].by_metric.get(name) {
            return Ok(Place {
                run,
                table,
                series: 0,
            });
        }
        let table = self.table(run);
        self.runs[run].by_metric.insert(name.to_owned(), table);
        self.series(run, table, &describe(name))
    }

    /// Whether a series has no value yet.
    pub(super) fn is_empty(&self, place: Place) -> bool {
        let rows = self
            .runs
            .get(place.run)
            .and_then(|run| run.tables.get(place.table));
        let series = rows.and_then(|rows| rows.series.get(place.series));
        series.is_none_or(|series| series.values.is_empty())
    }

    /// Calls the GPU that had no number the first, when a second turns up.
    pub(super) fn name_the_first_gpu(&mut self) {
        let tables = self.runs.iter_mut().flat_map(|run| &mut run.tables);
        for series in tables.flat_map(|rows| &mut rows.series) {
            series.key = format!("gpu 0 {}", series.key);
            if let Metric::GpuMemory(index @ None) = &mut series.metric {
                *index = Some(0);
            }
        }
    }

    /// Begins a row of a table; it counts once it has a value.
    pub(super) fn begin(&mut self, run: usize, table: usize, at: At) {
        let rows = &mut self.runs[run].tables[table];
        rows.at = at;
        rows.open = false;
    }

    /// Adds a value to the row begun last. Of two values of one series the last counts.
    pub(super) fn put(&mut self, place: Place, value: f64, cell_unit: Option<CellUnit>) {
        let rows = &mut self.runs[place.run].tables[place.table];
        if !rows.open {
            rows.open();
        }
        rows.series[place.series].put(rows.len - 1, value, cell_unit);
    }

    /// Notes a row that could not be read.
    pub(super) fn bad(&mut self, line: u64, problem: String) {
        self.bad_rows += 1;
        if self.bad.len() < BAD_ROWS_KEPT {
            self.bad.push(BadRow { line, problem });
        }
    }

    /// Counts one more run, series or group of them.
    pub(super) fn count_series(&mut self) -> Result<(), TooMany> {
        self.series += 1;
        if self.series > MOST_SERIES {
            return Err(TooMany);
        }
        Ok(())
    }
}

impl Rows {
    fn open(&mut self) {
        let At {
            step,
            epoch,
            relative,
            wall,
        } = self.at;
        for (column, value) in self.axis.iter_mut().zip([step, epoch, relative, wall]) {
            if !value.is_nan() {
                column.resize(self.len, f64::NAN);
                column.push(value);
            }
        }
        self.len += 1;
        self.open = true;
    }
}

impl SeriesRows {
    fn put(&mut self, row: usize, value: f64, cell_unit: Option<CellUnit>) {
        let unit = match cell_unit {
            // The first cell says what a column is in whose header does not.
            Some(unit) if self.values.is_empty() && !self.unit_named => {
                self.unit = unit;
                self.unit_named = true;
                unit
            }
            Some(unit) => unit,
            None => self.unit,
        };
        let value = value * unit.factor();
        let last = match &self.rows {
            Some(rows) => rows.last().map(|&row| row as usize),
            None => self.values.len().checked_sub(1),
        };
        if last == Some(row)
            && let Some(slot) = self.values.last_mut()
        {
            *slot = value;
            return;
        }
        match &mut self.rows {
            Some(rows) => rows.push(row as u32),
            None if row != self.values.len() => {
                let mut rows: Vec<u32> = (0..self.values.len() as u32).collect();
                rows.push(row as u32);
                self.rows = Some(rows);
            }
            None => {}
        }
        self.values.push(value);
    }

    /// The unit of the values.
    pub(super) fn base_unit(&self) -> Unit {
        self.unit.unit()
    }
}

/// The name of a run or metric as it is shown: not endless, and without control characters.
fn printable(name: &str) -> String {
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    name.chars().take(LONGEST_NAME).map(plain).collect()
}

/// A bad cell as a message repeats it: short, without control characters.
pub(super) fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell.trim_ascii());
    let mut short: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}
