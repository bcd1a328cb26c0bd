//! One row of a table: its cells, and what they say by a plan's roles.
//!
//! Enters: a record's bytes. Leaves: cells, numbers, places.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::borrow::Cow;
use std::ops::Range;

use super::cell::{self, Cell, Dates};
use super::plan::AxisPlace;
use crate::run::mapping::WallFormat;

/// How numbers and dates are written.
#[derive(Debug, Clone)]
pub(super) struct Writing {
    decimal_comma: bool,
    dates: Dates,
}

impl Writing {
    /// Numbers with a comma or a point; dates of that year where they name none.
    pub(super) fn new(decimal_comma: bool, year: Option<i16>) -> Self {
        Self {
            decimal_comma,
            dates: Dates::of_year(year),
        }
    }

    /// The number that places a row, NaN where the cell is empty; none when it is something else.
    pub(super) fn place(&mut self, place: AxisPlace, cell: &[u8]) -> Option<f64> {
        if let AxisPlace::Day | AxisPlace::Clock = place {
            return cell::day_or_clock(cell);
        }
        if let AxisPlace::Wall(WallFormat::Date) = place {
            if cell.trim_ascii().is_empty() {
                return Some(f64::NAN);
            }
            return self.dates.read(cell);
        }
        let (number, unit) = match self.number(cell) {
            Cell::Missing => return Some(f64::NAN),
            Cell::Number(number, unit) => (number, unit),
            Cell::Text => {
                return match place {
                    AxisPlace::Relative(_) => cell::duration(cell),
                    // ms-swift's `10/100`.
                    AxisPlace::Step => {
                        let step = cell.split(|&byte| byte == b'/').next()?;
                        std::str::from_utf8(step).ok()?.trim().parse().ok()
                    }
                    AxisPlace::Wall(_) => self.dates.read(cell),
                    AxisPlace::Epoch | AxisPlace::Day | AxisPlace::Clock => None,
                };
            }
        };
        Some(match place {
            AxisPlace::Relative(default) => number * unit.unwrap_or(default).factor(),
            AxisPlace::Wall(_) => cell::unix_seconds(number),
            _ => number,
        })
    }

    /// The reader of dates.
    pub(super) fn dates(&mut self) -> &mut Dates {
        &mut self.dates
    }

    pub(super) fn number(&self, cell: &[u8]) -> Cell {
        cell::read(cell, self.decimal_comma)
    }
}

/// One row's cells.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) cells: &'a [Range<usize>],
}

impl<'a> Row<'a> {
    /// A cell without the blanks around it; empty beyond the last one.
    pub(super) fn cell(self, at: usize) -> &'a [u8] {
        let range = self.cells.get(at).cloned().unwrap_or_default();
        self.bytes.get(range).unwrap_or_default().trim_ascii()
    }

    /// A cell as text.
    pub(super) fn text(self, at: usize) -> Cow<'a, str> {
        String::from_utf8_lossy(self.cell(at))
    }
}
