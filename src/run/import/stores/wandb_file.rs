//! W&B's own file of a run: `run-ID.wandb`, also while it is written.
//!
//! Enters: LevelDB's log format (blocks of 32 KiB; records whole or in parts, each with a CRC-32),
//! each record a `wandb_internal.Record` (`wandb/proto/wandb_internal.proto`,
//! `wandb/core/pkg/leveldb/record.go`). Leaves: a filled collector: the history with the system's
//! measurements beside it, name and state of the run.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::Read;

use super::crc::IEEE;
use super::event_file::Stop;
use super::protobuf::{Fields, Wire};
use super::records::{Counted, LONGEST_RECORD, Part};
use crate::progress::Progress;
use crate::run::import::cell;
use crate::run::import::collect::{At, Collector, Place, TooMany};
use crate::run::mapping::ColumnRole;
use crate::run::model::RunState;
use crate::run::names;

/// How a file of W&B begins: a name, a magic number, a version.
const MAGIC: &[u8] = b":W&B";
const HEADER: usize = 7;
const BLOCK: usize = 32 << 10;

/// Whether a file starts as W&B's do.
pub(in crate::run::import) fn starts(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// A run as it is read.
struct Wandb<'a> {
    collector: &'a mut Collector,
    /// What it is called until a record says.
    name: String,
    run: Option<usize>,
    history: Option<usize>,
    stats: Option<usize>,
    places: std::collections::HashMap<String, Place>,
    /// Seconds since 1970.
    start: f64,
}

/// Reads the records as far as they are whole.
pub(super) fn read<R: Read>(
    file: R,
    name: &str,
    collector: &mut Collector,
    progress: &Progress,
) -> Result<(), Stop> {
    let mut wandb = Wandb {
        collector,
        name: name.to_owned(),
        run: None,
        history: None,
        stats: None,
        places: std::collections::HashMap::new(),
        start: f64::NAN,
    };
    let mut finished = false;
    let mut torn = false;
    let mut damaged = 0_u64;
    let mut file = Counted::new(file, progress);
    let mut block = vec![0; BLOCK];
    let mut record: Vec<u8> = Vec::new();
    let mut within = false;
    loop {
        let before = file.at;
        let part = file.fill(&mut block)?;
        let length = (file.at - before) as usize;
        let mut rest = block.get(..length).unwrap_or_default();
        if before == 0 {
            rest = rest.get(HEADER..).unwrap_or_default();
        }
        while let Some((header, body)) = rest.split_first_chunk::<7>() {
            let [c0, c1, c2, c3, l0, l1, kind] = *header;
            let length = usize::from(u16::from_le_bytes([l0, l1]));
            if kind == 0 && length == 0 {
                break;
            }
            let Some((data, after)) = body.split_at_checked(length) else {
                torn = part != Part::Whole;
                damaged += u64::from(!torn);
                break;
            };
            rest = after;
            if u32::from_le_bytes([c0, c1, c2, c3]) != IEEE.sum(&[&[kind], data]) {
                // What follows in the block cannot be trusted; the next block stands for itself.
                damaged += 1;
                within = false;
                break;
            }
            // 1 is whole; 2, 3 and 4 are first, middle and last.
            if matches!(kind, 1 | 2) {
                record.clear();
                within = true;
            }
            if within && (record.len() + data.len()) as u64 <= LONGEST_RECORD {
                record.extend_from_slice(data);
            } else {
                within = false;
            }
            if matches!(kind, 1 | 4) && within {
                within = false;
                finished |= wandb.record(&record)?;
            }
        }
        torn |= part == Part::Torn && !rest.is_empty() && rest.len() < HEADER;
        if part != Part::Whole {
            break;
        }
    }
    torn |= within;
    let state = if finished {
        RunState::Finished
    } else {
        RunState::Running
    };
    if let Some(run) = wandb.run {
        collector.set_state(run, state);
    }
    collector.torn = torn;
    if torn {
        collector
            .notes
            .push("the last record is not written whole yet".to_owned());
    }
    if damaged > 0 {
        collector.bad(0, format!("{damaged} records are damaged"));
    }
    Ok(())
}

impl Wandb<'_> {
    /// Takes a record; whether it says that the run ended.
    fn record(&mut self, record: &[u8]) -> Result<bool, TooMany> {
        for (field, wire) in Fields::of(record) {
            match field {
                2 => self.history(wire.bytes())?,
                5 => self.config(wire.bytes())?,
                7 => self.stats(wire.bytes())?,
                17 => self.about(wire.bytes()),
                18 => return Ok(true),
                _ => {}
            }
        }
        Ok(false)
    }

    /// The run's name and beginning.
    fn about(&mut self, message: &[u8]) {
        let (mut id, mut display) = (String::new(), String::new());
        for (field, wire) in Fields::of(message) {
            match field {
                1 => id = wire.text(),
                8 => display = wire.text(),
                17 => self.start = timestamp(wire),
                _ => {}
            }
        }
        let name = if display.is_empty() { id } else { display };
        if !name.is_empty() && self.run.is_none() {
            self.name = name;
        }
    }

    fn run(&mut self) -> Result<usize, TooMany> {
        if let Some(run) = self.run {
            return Ok(run);
        }
        let run = self.collector.run(&self.name)?;
        self.run = Some(run);
        Ok(run)
    }

    /// Numbers of the configuration that say how long the run is to be.
    fn config(&mut self, message: &[u8]) -> Result<(), TooMany> {
        for (field, update) in Fields::of(message) {
            if field != 1 {
                continue;
            }
            if let Some((key, Some(number))) = item(update.bytes())
                && names::is_about_the_run(&key)
                && number > 0.0
            {
                let run = self.run()?;
                self.collector.about(run, key, number);
            }
        }
        Ok(())
    }

    fn history(&mut self, message: &[u8]) -> Result<(), TooMany> {
        let mut at = At::UNKNOWN;
        let mut own_step = f64::NAN;
        let mut values: Vec<(String, f64)> = Vec::new();
        for (field, wire) in Fields::of(message) {
            match field {
                1 => {
                    if let Some((key, Some(number))) = item(wire.bytes()) {
                        values.push((key, number));
                    }
                }
                2 => {
                    let number = Fields::of(wire.bytes()).find(|(field, _)| *field == 1);
                    at.step = number.map_or(0.0, |(_, wire)| wire.int() as f64);
                }
                _ => {}
            }
        }
        values.retain(|(key, number)| {
            match key.as_str() {
                "_step" => at.step = *number,
                "_runtime" => at.relative = *number,
                "_timestamp" => at.wall = cell::unix_seconds(*number),
                "train/global_step" | "trainer/global_step" => own_step = *number,
                _ => match names::axis(key) {
                    Some(ColumnRole::Epoch) => at.epoch = *number,
                    Some(_) if key.starts_with('_') => {}
                    _ => return !key.starts_with("_wandb"),
                },
            }
            false
        });
        if !own_step.is_nan() {
            // The trainer's own count; W&B's counts calls.
            at.step = own_step;
        }
        self.row(at, false, values)
    }

    /// The system's measurements.
    fn stats(&mut self, message: &[u8]) -> Result<(), TooMany> {
        let mut at = At::UNKNOWN;
        let mut values: Vec<(String, f64)> = Vec::new();
        for (field, wire) in Fields::of(message) {
            match field {
                2 => at.wall = timestamp(wire),
                3 => {
                    if let Some((key, Some(number))) = item(wire.bytes()) {
                        values.push((format!("system.{key}"), number));
                    }
                }
                _ => {}
            }
        }
        at.relative = at.wall - self.start;
        self.row(at, true, values)
    }

    fn row(&mut self, at: At, stats: bool, values: Vec<(String, f64)>) -> Result<(), TooMany> {
        let run = self.run()?;
        self.collector.rows += 1;
        let slot = if stats { self.stats } else { self.history };
        let table = slot.unwrap_or_else(|| self.collector.table(run));
        if stats {
            self.stats = Some(table);
        } else {
            self.history = Some(table);
        }
        self.collector.begin(run, table, at);
        for (key, number) in values {
            let place = if let Some(place) = self.places.get(&key) {
                *place
            } else {
                let place = self.collector.series(run, table, &names::describe(&key))?;
                self.places.insert(key, place);
                place
            };
            self.collector.put(place, number, None);
        }
        Ok(())
    }
}

/// The name and the number of an item of history, statistics or configuration.
fn item(message: &[u8]) -> Option<(String, Option<f64>)> {
    let (mut key, mut nested) = (String::new(), Vec::new());
    let mut number = None;
    for (field, wire) in Fields::of(message) {
        match (field, wire) {
            (1, _) => key = wire.text(),
            (2, Wire::Bytes(_)) => nested.push(wire.text()),
            (5, Wire::Varint(_)) | (6, Wire::Fixed64(_)) => number = Some(wire.float()),
            (16, _) => number = json_number(wire.bytes()),
            _ => {}
        }
    }
    if key.is_empty() {
        key = nested.join(".");
    }
    // A configuration from W&B's callback is `{"value": 3}` at times.
    (!key.is_empty()).then_some((key, number))
}

/// A number as JSON or Python write it, also in quotes.
fn json_number(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    text.trim_matches('"').parse().ok()
}

/// Seconds since 1970 of a `google.protobuf.Timestamp`.
fn timestamp(wire: Wire<'_>) -> f64 {
    let (mut seconds, mut nanos) = (0.0, 0.0);
    for (field, wire) in Fields::of(wire.bytes()) {
        match field {
            1 => seconds = wire.int() as f64,
            2 => nanos = wire.int() as f64,
            _ => {}
        }
    }
    seconds + nanos / 1e9
}
