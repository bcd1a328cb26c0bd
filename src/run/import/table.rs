//! Rows of a delimited table, read one after the other by a plan.
//!
//! Enters: text and a [`Plan`]. Leaves: a filled [`Collector`]. May be fed in parts that end at
//! the end of a row, as a log grows.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder};

use super::cell::Cell;
use super::collect::{At, Collector, Place, TooMany, shown};
use super::failed::fail;
use super::plan::{AxisPlace, Column, Plan};
use super::row::{Row, Writing};
use super::stores::mlflow::infinite;
use super::text::{self, Text};
use crate::error::{Error, Result};
use crate::run::model::{Metric, RunState};
use crate::run::names;

/// How far apart rows of one sample of several GPUs are, in seconds.
const ONE_TIME: f64 = 0.02;
/// The most columns a table may have.
pub(super) const MOST_COLUMNS: usize = 100_000;

/// Reads a table.
#[derive(Debug, Clone)]
pub(super) struct TableReader {
    pub(super) path: PathBuf,
    pub(super) plan: Plan,
    pub(super) collector: Collector,
    /// The columns that place a row, and those that hold values.
    pub(super) axis: Vec<usize>,
    pub(super) values: Vec<usize>,
    /// The columns that name a run, a metric, its value, a GPU.
    pub(super) run_name: Option<usize>,
    pub(super) long: Option<(usize, usize)>,
    pub(super) gpu: Option<usize>,
    pub(super) subset: Option<usize>,
    pub(super) state: Option<usize>,
    /// The time of the rows that are of one GPU each, and how many there were.
    pub(super) sample: (f64, u32),
    /// The time of day of the last row, and the midnights that were passed.
    pub(super) clock: (f64, f64),
    /// Columns in which text came before any number: notes, names.
    pub(super) texts: HashSet<usize>,
    /// Tables and series from before the header changed.
    pub(super) tables_before: HashMap<Vec<u8>, Vec<(usize, usize)>>,
    pub(super) series_before: HashMap<(Vec<u8>, String), Place>,
    /// Where the values of each column go, by the GPU that the row is about.
    pub(super) places: HashMap<Vec<u8>, Places>,
    pub(super) writing: Writing,
    /// Records to pass over still, and lines read in earlier parts.
    pub(super) skip: u64,
    pub(super) lines: u64,
}

/// Where the values of a row go.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// The table of each run.
    pub(super) tables: Vec<(usize, usize)>,
    /// Where the values of each of the reader's `values` columns go.
    pub(super) columns: Vec<Option<Place>>,
}

/// Why a row, or the file, cannot be read.
enum Trouble {
    Row(String),
    File,
}

impl From<TooMany> for Trouble {
    fn from(TooMany: TooMany) -> Self {
        Self::File
    }
}

impl TableReader {
    /// A reader of the file at `path`.
    pub(super) fn new(path: &Path, plan: Plan) -> Result<Self> {
        if plan.columns.len() > MOST_COLUMNS {
            return Err(fail(
                path,
                "line 1",
                format!("has {} columns", plan.columns.len()),
                "give a table of at most 100,000",
            ));
        }
        let find = |wanted: &Column| plan.columns.iter().position(|column| column == wanted);
        let all = |wanted: fn(&Column) -> bool| -> Vec<usize> {
            let columns = plan.columns.iter().enumerate();
            columns
                .filter(|(_, column)| wanted(column))
                .map(|(at, _)| at)
                .collect()
        };
        let mut collector = Collector::default();
        collector.notes.clone_from(&plan.notes);
        Ok(Self {
            path: path.to_path_buf(),
            axis: all(|column| matches!(column, Column::Axis { .. })),
            values: all(|column| matches!(column, Column::Series { .. } | Column::Constant(_))),
            run_name: find(&Column::RunName),
            long: find(&Column::MetricName).zip(find(&Column::Value)),
            gpu: find(&Column::Gpu),
            subset: find(&Column::Subset),
            state: find(&Column::State),
            sample: (f64::NAN, 0),
            clock: (f64::NAN, 0.0),
            texts: HashSet::new(),
            tables_before: HashMap::new(),
            series_before: HashMap::new(),
            places: HashMap::new(),
            writing: Writing::new(plan.decimal_comma, plan.year),
            skip: plan.skip,
            lines: 0,
            collector,
            plan,
        })
    }

    /// The layout's name.
    pub(super) fn layout(&self) -> &'static str {
        self.plan.layout
    }

    /// Reads rows up to the end of `text`.
    pub(super) fn read<R: Read>(&mut self, text: Text<'_, R>) -> Result<()> {
        let blank = self.plan.delimiter == ' ';
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(u8::try_from(self.plan.delimiter).unwrap_or(b','))
            .buffer_capacity(64 << 10)
            .from_reader(text.tabs_as_spaces(blank));
        let mut record = ByteRecord::new();
        let mut cells: Vec<Range<usize>> = Vec::new();
        loop {
            let line = self.lines + reader.position().line();
            let more = reader.read_byte_record(&mut record);
            if !more.map_err(|error| self.broken(line, &error))? {
                self.lines = self.lines + reader.position().line() - 1;
                return Ok(());
            }
            reader.get_mut().row_read();
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            // Several blanks separate as one does.
            let ranges = (0..record.len()).filter_map(|at| record.range(at));
            cells.clear();
            cells.extend(ranges.filter(|range| !(blank && range.is_empty())));
            let row = Row {
                bytes: record.as_slice(),
                cells: &cells,
            };
            let comment = self.plan.skip_comments && row.cell(0).starts_with(b"#");
            if cells.is_empty() || comment || self.is_header(row) {
                continue;
            }
            if let Some(header) = self.other_header(row) {
                self.adopt(header);
                continue;
            }
            self.collector.rows += 1;
            match self.row(row) {
                Ok(()) => {}
                Err(Trouble::Row(problem)) => self.collector.bad(line, problem),
                Err(Trouble::File) => return Err(too_many(&self.path, line)),
            }
        }
    }

    fn broken(&self, line: u64, error: &csv::Error) -> Error {
        if let csv::ErrorKind::Io(error) = error.kind() {
            return text::read_error(&self.path, line, error);
        }
        fail(
            &self.path,
            &format!("line {line}"),
            error.to_string(),
            "check the file",
        )
    }

    /// Whether the row is the header again: loggers write it anew when they are restarted.
    fn is_header(&self, row: Row<'_>) -> bool {
        let header = &self.plan.header;
        !header.is_empty()
            && row.cells.len() == header.len()
            && header
                .iter()
                .enumerate()
                .all(|(at, name)| row.cell(at) == name.as_bytes())
    }

    /// Settles what only the whole file tells: whether days or months come first in its dates.
    pub(super) fn settle(&mut self) {
        if !self.writing.dates().is_ambiguous() {
            return;
        }
        let (as_read, swapped) = self.collector.spans_of_days();
        let order = if swapped < as_read {
            self.collector.swap_days();
            "day"
        } else {
            "month"
        };
        if swapped.total_cmp(&as_read).is_ne() {
            self.collector.notes.push(format!(
                "no date tells whether day or month comes first: the {order} does, by which the log is shorter"
            ));
        }
    }

    fn row(&mut self, row: Row<'_>) -> Result<(), Trouble> {
        let (have, want) = (row.cells.len(), self.plan.columns.len());
        if have < want {
            return Err(Trouble::Row(format!("has {have} cells of {want}")));
        }
        if have > want && (want..have).any(|at| !row.cell(at).is_empty()) {
            return Err(Trouble::Row(format!("has {have} cells, {want} are named")));
        }
        let mut at = At::UNKNOWN;
        if let Some(seconds) = self.plan.row_seconds {
            at.relative = (self.collector.rows - 1) as f64 * seconds;
        }
        let (mut day, mut clock) = (f64::NAN, f64::NAN);
        // By run, where a column says where the row is in that run.
        let mut own: Vec<At> = Vec::new();
        for index in 0..self.axis.len() {
            let column = self.axis[index];
            let Column::Axis { place, run } = self.plan.columns[column] else {
                continue;
            };
            let value = self
                .writing
                .place(place, row.cell(column))
                .ok_or_else(|| self.not(row, column, "a place"))?;
            let at = match run {
                None => &mut at,
                Some(run) => {
                    own.resize(self.plan.runs.len(), At::UNKNOWN);
                    own.get_mut(run).unwrap_or(&mut at)
                }
            };
            match place {
                AxisPlace::Step => at.step = value,
                AxisPlace::Epoch => at.epoch = value,
                AxisPlace::Relative(_) => at.relative = value,
                AxisPlace::Wall(_) => at.wall = value,
                AxisPlace::Day => day = value,
                AxisPlace::Clock => clock = value,
            }
        }
        if self.writing.dates().take_swapped() {
            self.collector.swap_days();
        }
        self.collector.local_times |= self.writing.dates().is_local();
        if !day.is_nan() {
            at.wall = day + clock;
            self.collector.local_times = true;
        } else if !clock.is_nan() {
            // A time of day alone: it goes on over midnight.
            if clock < self.clock.0 {
                self.clock.1 += 86_400.0;
            }
            self.clock.0 = clock;
            at.relative = clock + self.clock.1;
        }
        if let Some((name, value)) = self.long {
            return self.long_row(row, at, name, value);
        }
        self.wide_row(row, at, &own)
    }

    /// A row that names its metric.
    fn long_row(&mut self, row: Row<'_>, at: At, name: usize, value: usize) -> Result<(), Trouble> {
        let (number, unit) = match self.writing.number(row.cell(value)) {
            Cell::Missing => return Ok(()),
            Cell::Number(number, unit) => (number, unit),
            Cell::Text => return Err(self.not(row, value, "a number")),
        };
        let run = match self.run_name {
            Some(column) => row.text(column),
            None => self.plan.runs[0].as_str().into(),
        };
        let run = self.collector.run(&run)?;
        let subset = self.subset.map(|column| row.text(column));
        let name = match subset.filter(|subset| !subset.is_empty()) {
            Some(subset) => format!("{subset}/{}", row.text(name)).into(),
            None => row.text(name),
        };
        let number = if self.plan.largest_is_infinite {
            infinite(number)
        } else {
            number
        };
        let place = self.collector.metric(run, &name, names::describe)?;
        self.collector.begin(run, place.table, at);
        self.collector.put(place, number, unit);
        Ok(())
    }

    /// A row with a column a metric.
    fn wide_row(&mut self, row: Row<'_>, at: At, own: &[At]) -> Result<(), Trouble> {
        // By run and GPU, where the row names them.
        let mut key: Vec<u8> = [self.run_name, self.gpu]
            .into_iter()
            .flatten()
            .flat_map(|column| [row.cell(column), b"\x1f"].concat())
            .collect();
        let by_time = self.plan.gpu_by_time.then(|| self.gpu_of_time(at.wall));
        if let Some(gpu) = by_time {
            key.extend_from_slice(gpu.to_string().as_bytes());
        }
        if !self.places.contains_key(&key) {
            let places = self.new_places(row, &key, by_time)?;
            self.places.insert(key.clone(), places);
        }
        let Some(places) = self.places.get(&key) else {
            return Ok(());
        };
        for (number, &(run, table)) in places.tables.iter().enumerate() {
            let mut at = at;
            if let Some(own) = own.get(number) {
                at.take(own);
            }
            self.collector.begin(run, table, at);
        }
        let mut trouble = None;
        for (&column, place) in self.values.iter().zip(&places.columns) {
            match self.writing.number(row.cell(column)) {
                Cell::Missing => {}
                Cell::Text if self.texts.contains(&column) => {}
                Cell::Text => {
                    let none_yet = place.is_some_and(|place| self.collector.is_empty(place));
                    if none_yet && self.collector.rows > 1 {
                        self.texts.insert(column);
                    } else {
                        trouble = trouble.or(Some(column));
                    }
                }
                Cell::Number(number, unit) => {
                    if let Some(place) = place {
                        self.collector.put(*place, number, unit);
                    } else if let Column::Constant(described) = &self.plan.columns[column] {
                        let unit = unit.or(described.unit).unwrap_or_default();
                        let gpu = self.gpu.map(|column| format!("gpu {} ", row.text(column)));
                        let key = format!("{}{}", gpu.unwrap_or_default(), described.key);
                        let Some(&(run, _)) = places.tables.first() else {
                            continue;
                        };
                        self.collector.runs[run]
                            .summary
                            .insert(key, number * unit.factor());
                    }
                }
            }
        }
        trouble.map_or(Ok(()), |column| Err(self.not(row, column, "a number")))
    }

    /// Which GPU a row is of, where only the order of rows of one time tells.
    fn gpu_of_time(&mut self, wall: f64) -> u32 {
        let (first, gpu) = self.sample;
        self.sample = if (wall - first).abs() <= ONE_TIME {
            (first, gpu.saturating_add(1))
        } else {
            (wall, 0)
        };
        self.sample.1
    }

    /// Tables and series for a run or GPU that is met first in this row.
    fn new_places(
        &mut self,
        row: Row<'_>,
        key: &[u8],
        by_time: Option<u32>,
    ) -> Result<Places, Trouble> {
        // Also where no series comes of it: a row of its own for each must not add up.
        self.collector.count_series()?;
        let mut gpu = self.gpu.map(|column| row.text(column).into_owned());
        if let Some(gpu_by_time) = by_time.filter(|gpu| *gpu > 0) {
            gpu = Some(gpu_by_time.to_string());
            if gpu_by_time == 1 {
                self.collector.name_the_first_gpu();
            }
        }
        let number = self.places.len() as u32;
        let index = gpu.as_ref().map(|gpu| gpu.parse().unwrap_or(number));
        let mut tables = Vec::new();
        for name in 0..self.plan.runs.len() {
            let run = match self.run_name {
                Some(column) => self.collector.run(&row.text(column))?,
                None => self.collector.run(&self.plan.runs[name])?,
            };
            if let Some(state) = self.state {
                self.collector.set_state(run, state_of(&row.text(state)));
            }
            let before = self
                .tables_before
                .get(key)
                .and_then(|tables| tables.get(name));
            let known = before.filter(|(owner, _)| *owner == run).copied();
            tables.push(known.unwrap_or_else(|| (run, self.collector.table(run))));
        }
        let mut columns = Vec::with_capacity(self.values.len());
        for &column in &self.values {
            let Column::Series { run, described } = &self.plan.columns[column] else {
                columns.push(None);
                continue;
            };
            let name = self.plan.header.get(column).cloned().unwrap_or_default();
            if let Some(place) = self.series_before.get(&(key.to_vec(), name)) {
                columns.push(Some(*place));
                continue;
            }
            let mut described = described.clone();
            if let (Some(gpu), Some(index)) = (&gpu, index) {
                described.key = format!("gpu {gpu} {}", described.key);
                if let Metric::GpuMemory(of) = &mut described.metric {
                    *of = Some(index);
                }
            }
            let (owner, table) = tables[*run];
            columns.push(Some(self.collector.series(owner, table, &described)?));
        }
        Ok(Places { tables, columns })
    }

    fn not(&self, row: Row<'_>, column: usize, what: &str) -> Trouble {
        let name = self.plan.header.get(column).filter(|name| !name.is_empty());
        let name = name.map_or_else(
            || format!("column {}", column + 1),
            |name| shown(name.as_bytes()),
        );
        Trouble::Row(format!("{name}: {} is not {what}", shown(row.cell(column))))
    }
}

/// How W&B's table of runs says whether a run goes on.
fn state_of(word: &str) -> RunState {
    match word.to_lowercase().as_str() {
        "running" | "pending" => RunState::Running,
        "finished" => RunState::Finished,
        "failed" | "crashed" | "killed" => RunState::Stopped,
        _ => RunState::Unknown,
    }
}

fn too_many(path: &Path, line: u64) -> Error {
    fail(
        path,
        &format!("line {line}"),
        "names more than 100,000 runs and metrics",
        "choose which columns name runs and metrics, or give a smaller log",
    )
}
