//! The heatmap's values and colors: [`Values`], one per cell, with the scale they share, and
//! [`Picture`], one pixel per cell.

use crate::figure::{ColorMap, Grid, Mode, Scale};
use crate::report::{Module, Noise, SnrReport};
use crate::selection::Ranking;

/// Bars in the legend's histogram.
pub const BINS: usize = 48;

/// What a cell shows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Value {
    /// No module here.
    #[default]
    Empty,
    /// Not scanned yet.
    Waiting,
    /// There is no ratio: the matrix has no spectrum, or cannot be read.
    Nan,
    /// The ratio is infinite: no value at or below the threshold.
    Infinite,
    /// Spectrum's τ separates nothing for this shape: noise lies wholly above it.
    Unseparated,
    /// What the color stands for is not known of the module: its singular values are not at
    /// hand, or the other report does not have it.
    Unknown,
    /// A finite value; of several modules their mean.
    Number(f64),
}

/// Least, mean and greatest finite value of a cell's modules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The arithmetic mean.
    pub mean: f64,
    /// The greatest.
    pub greatest: f64,
    /// How many modules have a finite value.
    pub finite: usize,
}

/// Every cell's value with what the legend needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    /// What was asked for.
    pub mode: Mode,
    /// Every cell's value, row by row.
    pub cells: Vec<Value>,
    /// The scale of all modules, folded or not; `None` where no module has a finite value.
    pub scale: Option<Scale>,
    /// How many modules lie in each of [`BINS`] parts of the scale.
    pub histogram: Vec<u32>,
    /// Modules with an infinite ratio.
    pub infinite: usize,
    /// Modules without a ratio.
    pub nan: usize,
    /// Modules that are not scanned yet.
    pub waiting: usize,
    /// Modules for whose shape τ separates nothing.
    pub unseparated: usize,
    /// Modules of which what the color stands for is not known.
    pub unknown: usize,
    /// Every module's value.
    modules: Vec<Value>,
    columns: usize,
}

impl Values {
    /// The values of `grid`'s cells.
    #[must_use]
    pub fn new(report: &SnrReport, ranking: &Ranking, grid: &Grid, mode: Mode) -> Self {
        let modules = match mode {
            Mode::Snr => report.modules.iter().map(ratio).collect(),
            Mode::Rank => ranks(report, ranking),
            Mode::Control => noise(report, |noise| noise.control_snr),
            Mode::Excess => noise(report, |noise| noise.excess),
            Mode::Change => changes(report),
            Mode::Other => others(report),
        };
        let finite = || modules.iter().filter_map(|value: &Value| value.number());
        let scale = match mode {
            // One scale for both, so that a color means the same in either picture.
            Mode::Snr | Mode::Other => Scale::fit(ratios(report), true),
            Mode::Control => Scale::fit(finite(), true),
            Mode::Excess => Scale::fit(finite(), false),
            Mode::Change => Scale::fit(finite(), false).map(Scale::around_zero),
            Mode::Rank => finite().next().map(|_| Scale::unit()),
        };
        let count = |what: Value| modules.iter().filter(|&&value| value == what).count();
        let mut values = Self {
            mode,
            scale,
            histogram: scale.map_or_else(Vec::new, |scale| scale.histogram(finite(), BINS)),
            infinite: count(Value::Infinite),
            nan: count(Value::Nan),
            waiting: count(Value::Waiting),
            unseparated: count(Value::Unseparated),
            unknown: count(Value::Unknown),
            cells: Vec::with_capacity(grid.rows.len() * grid.columns.len()),
            columns: grid.columns.len(),
            modules,
        };
        for row in 0..grid.rows.len() {
            for column in 0..grid.columns.len() {
                let value = values.together(grid.modules(row, column));
                values.cells.push(value);
            }
        }
        values
    }

    /// The value at that place.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> Value {
        self.cells
            .get(row * self.columns + column)
            .copied()
            .unwrap_or_default()
    }

    /// One module's value.
    #[must_use]
    pub fn module(&self, module: usize) -> Value {
        self.modules.get(module).copied().unwrap_or_default()
    }

    /// How the finite values of `modules` spread; `None` where there is none.
    #[must_use]
    pub fn spread(&self, modules: &[u32]) -> Option<Spread> {
        let mut spread = Spread {
            least: f64::INFINITY,
            mean: 0.0,
            greatest: f64::NEG_INFINITY,
            finite: 0,
        };
        for value in modules
            .iter()
            .filter_map(|&m| self.module(m as usize).number())
        {
            spread.finite += 1;
            spread.least = spread.least.min(value);
            spread.greatest = spread.greatest.max(value);
            spread.mean += (value - spread.mean) / spread.finite as f64;
        }
        (spread.finite > 0).then_some(spread)
    }

    /// Several modules' value: the mean of the finite ones, else what most tells why not.
    fn together(&self, modules: &[u32]) -> Value {
        match modules {
            [] => Value::Empty,
            [only] => self.module(*only as usize),
            many => {
                let has = |what| many.iter().any(|&m| self.module(m as usize) == what);
                match self.spread(many) {
                    Some(spread) => Value::Number(spread.mean),
                    None if has(Value::Infinite) => Value::Infinite,
                    None if has(Value::Nan) => Value::Nan,
                    None if has(Value::Unseparated) => Value::Unseparated,
                    None if has(Value::Unknown) => Value::Unknown,
                    None => Value::Waiting,
                }
            }
        }
    }
}

impl Value {
    /// The finite value.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            _ => None,
        }
    }
}

/// A module's ratio; one that cannot be read has none, and waits for nothing.
fn ratio(module: &Module) -> Value {
    match of(module.snr) {
        Value::Waiting if module.problem.is_some() => Value::Nan,
        value => value,
    }
}

fn of(snr: Option<f64>) -> Value {
    match snr {
        None => Value::Waiting,
        Some(snr) if snr.is_nan() => Value::Nan,
        Some(snr) if snr.is_infinite() => Value::Infinite,
        Some(snr) => Value::Number(snr),
    }
}

/// The finite ratios of the report, and of the one it is held against.
fn ratios(report: &SnrReport) -> impl Iterator<Item = f64> {
    let here = report.modules.iter().filter_map(|module| module.snr);
    let there = report.other.iter().flat_map(|other| other.snr.iter());
    here.chain(there.flatten().copied())
}

/// Every module's change against the other report.
fn changes(report: &SnrReport) -> Vec<Value> {
    let value = |(index, module): (usize, &Module)| match ratio(module) {
        Value::Waiting => Value::Waiting,
        Value::Nan => Value::Nan,
        _ => (report.change(index)).map_or(Value::Unknown, Value::Number),
    };
    report.modules.iter().enumerate().map(value).collect()
}

/// Every module's ratio in the other report.
fn others(report: &SnrReport) -> Vec<Value> {
    let there = |index: usize| report.other.as_ref().and_then(|other| other.snr[index]);
    let value = |index| match of(there(index)) {
        Value::Waiting => Value::Unknown,
        value => value,
    };
    (0..report.modules.len()).map(value).collect()
}

/// Every module's value of what `read` takes from its noise.
fn noise(report: &SnrReport, read: fn(&Noise) -> Option<f64>) -> Vec<Value> {
    let value = |module: &Module| match (ratio(module), &module.noise) {
        (Value::Waiting, _) => Value::Waiting,
        (Value::Nan, _) => Value::Nan,
        (_, None) => Value::Unknown,
        (_, Some(noise)) => read(noise).map_or(Value::Unseparated, |value| of(Some(value))),
    };
    report.modules.iter().map(value).collect()
}

/// Every module's place in its type from 0, the lowest, to 1, the highest. Equal ratios share
/// the mean of their places: their order is the file's, not the data's.
fn ranks(report: &SnrReport, ranking: &Ranking) -> Vec<Value> {
    let mut values: Vec<Value> = report
        .modules
        .iter()
        .map(|module| match ratio(module) {
            Value::Number(_) | Value::Infinite => Value::Empty,
            other => other,
        })
        .collect();
    for (order, &takeable) in ranking.order.iter().zip(&ranking.takeable) {
        let order = &order[..takeable.min(order.len())];
        let snr = |place: usize| report.modules[order[place] as usize].snr;
        let mut start = 0;
        while start < order.len() {
            let mut end = start + 1;
            while end < order.len() && snr(end) == snr(start) {
                end += 1;
            }
            let place = (start + end - 1) as f64 / 2.0;
            let rank = if order.len() > 1 {
                1.0 - place / (order.len() - 1) as f64
            } else {
                1.0
            };
            for &module in &order[start..end] {
                values[module as usize] = Value::Number(rank);
            }
            start = end;
        }
    }
    values
}

/// One pixel a cell, row by row; cells without a finite value are transparent and left to who
/// draws them, for their looks depend on the background.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row: the grid's columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green, blue, alpha.
    pub pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// Colors `values`; those with two sides in colors of their own.
    #[must_use]
    pub fn new(values: &Values, map: ColorMap) -> Self {
        let map = values.mode.map(map);
        let pixel = |&value: &Value| match (value, values.scale) {
            (Value::Number(number), Some(scale)) => {
                let [r, g, b] = map.at(scale.position(number));
                [r, g, b, 255]
            }
            _ => [0; 4],
        };
        let width = values.columns;
        Self {
            width,
            height: values.cells.len().checked_div(width).unwrap_or(0),
            pixels: values.cells.iter().map(pixel).collect(),
        }
    }
}
