//! Lines of text that a trainer printed, read into rows.
//!
//! Enters: lines. Leaves: a filled [`Collector`]. A line counts where it has a loss, memory, or a
//! step and another number; all else a trainer prints is passed over.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use super::gpu_line;
use super::idioms::{self, Meaning};
use super::pairs::{self, Pair};
use super::said::{Said, Value, is_loss};
use super::stamp;
use super::strip;
use super::text_table::TextTable;
use crate::error::Result;
use crate::run::import::collect::{At, Collector, Place, TooMany};
use crate::run::import::failed::fail;
use crate::run::import::text::{self, Text};
use crate::run::model::Metric;
use crate::run::names;

/// How many names are remembered; a log that names more is no log of a trainer.
const NAMES_KEPT: usize = 10_000;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 200;

/// Reads the text that a trainer printed.
#[derive(Debug, Clone)]
pub(in crate::run::import) struct LinesReader {
    pub(super) path: PathBuf,
    pub(super) run: String,
    pub(in crate::run::import) collector: Collector,
    pub(super) table: Option<(usize, usize)>,
    pub(super) series: HashMap<(u32, Option<&'static str>), Place>,
    /// What names mean, without and with a sign behind them.
    pub(super) names: [HashMap<String, u32>; 2],
    pub(super) meanings: Vec<Meaning>,
    /// Where the log is: the last step and epoch that were said.
    pub(super) step: f64,
    pub(super) epoch: f64,
    /// How far the last bar was, its total, its time; and the bar of the training.
    pub(super) bar: Option<(f64, f64, f64)>,
    pub(super) training: Option<(f64, f64, f64)>,
    /// The numbers of the last dictionary, to know it when it is printed twice.
    pub(super) last_row: Vec<(u32, f64)>,
    /// A block of `name = number` lines under `***** train metrics *****`.
    pub(super) block: Option<String>,
    pub(super) text_table: Option<TextTable>,
    /// The date of the box of GPUs that was begun, how many rows it has, and the GPU of the row.
    pub(super) box_date: f64,
    pub(super) box_rows: u32,
    pub(super) box_gpu: Option<u32>,
    /// How many lines had a loss or memory, and how many of these said where they are.
    pub(super) measures: u64,
    pub(super) placed: u64,
    pub(super) lines: u64,
}

impl LinesReader {
    pub(in crate::run::import) fn new(path: &Path, run: String) -> Self {
        Self {
            path: path.to_path_buf(),
            run,
            collector: Collector::default(),
            table: None,
            series: HashMap::new(),
            names: Default::default(),
            meanings: Vec::new(),
            step: f64::NAN,
            epoch: f64::NAN,
            bar: None,
            training: None,
            last_row: Vec::new(),
            block: None,
            text_table: None,
            box_date: f64::NAN,
            box_rows: 0,
            box_gpu: None,
            measures: 0,
            placed: 0,
            lines: 0,
        }
    }

    /// Whether a loss or memory was read.
    pub(in crate::run::import) fn has_measure(&self) -> bool {
        self.measures > 0
    }

    /// How many lines had a place beside a loss or memory, and how many had these.
    pub(super) fn measures(&self) -> (u64, u64) {
        (self.placed, self.measures)
    }

    /// Reads lines up to the end of `text`.
    pub(in crate::run::import) fn read<R: Read>(&mut self, text: Text<'_, R>) -> Result<()> {
        let mut reader = BufReader::with_capacity(64 << 10, text);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader
                .read_until(b'\n', &mut line)
                .map_err(|error| text::read_error(&self.path, self.lines + 1, &error))?;
            if read == 0 {
                return Ok(());
            }
            reader.get_mut().row_read();
            self.lines += 1;
            let ended = line.last() == Some(&b'\n');
            let whole = String::from_utf8_lossy(&line);
            self.line(whole.trim_end_matches(['\n', '\r']), ended)
                .map_err(|TooMany| self.too_many())?;
        }
    }

    fn too_many(&self) -> crate::error::Error {
        fail(
            &self.path,
            &format!("line {}", self.lines),
            "names more than 100,000 metrics",
            "give the log of a trainer",
        )
    }

    /// Reads a line; a bar draws itself anew behind each carriage return.
    fn line(&mut self, line: &str, ended: bool) -> std::result::Result<(), TooMany> {
        let mut parts = line.split('\r').peekable();
        while let Some(part) = parts.next() {
            let plain = strip::colors(part);
            let whole = ended || parts.peek().is_some();
            let plain = if whole { &plain } else { cut_number(&plain) };
            if !plain.trim().is_empty() {
                self.part(plain)?;
            }
        }
        Ok(())
    }

    fn part(&mut self, line: &str) -> std::result::Result<(), TooMany> {
        if let Some(table) = &self.text_table {
            if let Some(row) = table.row(line) {
                return self.table_row(row);
            }
            self.text_table = None;
        }
        // A file that begins with one is a table and no text.
        if self.lines > 1 {
            self.text_table = TextTable::of_header(line);
            if self.text_table.is_some() {
                return Ok(());
            }
        }
        if let Some(index) = gpu_line::index(line) {
            self.box_gpu = Some(index);
        }
        if let Some(used) = gpu_line::memory(line) {
            return self.gpu(used);
        }
        if let Some((step, kind, value)) = strip::step_kind_value(line) {
            let mut said = Said {
                step: Some((2, step, None)),
                ..Said::default()
            };
            self.take_named(&mut said, kind, value);
            return self.row(said, None);
        }
        if let Some(title) = line.trim().strip_prefix("***** ") {
            self.block = title.strip_suffix(" metrics *****").map(str::to_owned);
            return Ok(());
        }
        if let Some(block) = self.block.clone() {
            if let Some((name, value)) = line.split_once(" = ") {
                return self.block_line(&block, name.trim(), value.trim());
            }
            self.block = None;
        }
        let stamp = stamp::stamp(line);
        if stamp.is_none()
            && let Some(date) = gpu_line::date(line)
        {
            (self.box_date, self.box_rows, self.box_gpu) = (date, 0, None);
            return Ok(());
        }
        let wall = stamp.map(|stamp| stamp.wall);
        if let Some(stamp) = stamp {
            self.collector.local_times |= !stamp.zoned;
        }
        if let Some(bar) = stamp::bar(line) {
            return self.bar_line(bar, wall);
        }
        let (front, behind) = match stamp {
            Some(stamp) => (
                line.get(..stamp.range.0).unwrap_or_default(),
                line.get(stamp.range.1..).unwrap_or_default(),
            ),
            None => ("", line),
        };
        let dictionary = behind.find("{'").or_else(|| behind.find("{\""));
        let mut said = Said::default();
        if let Some(open) = dictionary {
            let (words, body) = behind.split_at(open);
            self.read_pairs(body, Some(words), &mut said);
            if said.values.is_empty() && said.about.is_empty() {
                return Ok(());
            }
            return self.dictionary(said, wall);
        }
        if front.contains(['=', ':']) {
            self.read_pairs(front, None, &mut said);
        }
        self.read_pairs(behind, None, &mut said);
        self.row(said, wall)
    }

    /// Reads the pairs of a part of a line. What the line is about stands in `words`, or in front
    /// of the first number.
    pub(super) fn read_pairs(&mut self, text: &str, words: Option<&str>, said: &mut Said) {
        let mut found: Vec<Pair<'_>> = Vec::new();
        pairs::scan(text, &mut found);
        let Some(first) = found.first() else { return };
        let mut context = idioms::context(words.or(text.get(..first.at)).unwrap_or_default());
        let is_place = {
            let id = self.id(first.name, first.has_sign);
            matches!(
                self.meanings.get(id as usize),
                Some(Meaning::Step(_) | Meaning::Epoch)
            )
        };
        if is_place {
            context = context.or(idioms::context(first.name));
        }
        // `validation loss at iteration 40 on test set | lm loss value: …`
        if context.is_some()
            && let Some(second) = found.get(1)
            && let Some(between) = text.get(first.at + first.name.len()..second.at)
        {
            context = idioms::context(between).or(context);
        }
        for pair in found {
            self.take(said, pair, context);
        }
    }

    /// Which meaning a name has.
    fn id(&mut self, name: &str, has_sign: bool) -> u32 {
        let known = &mut self.names[usize::from(has_sign)];
        if let Some(&id) = known.get(name) {
            return id;
        }
        let full = self.meanings.len() >= NAMES_KEPT;
        if full || name.len() > LONGEST_NAME {
            return u32::MAX;
        }
        let id = self.meanings.len() as u32;
        known.insert(name.to_owned(), id);
        self.meanings.push(if !has_sign {
            idioms::of_spoken(name)
        } else if names::is_about_the_run(name) {
            Meaning::AboutTheRun(name.to_owned())
        } else {
            idioms::of_signed(name)
        });
        id
    }

    /// Takes one number of a line.
    fn take(&mut self, said: &mut Said, pair: Pair<'_>, context: Option<&'static str>) {
        let Pair {
            number, unit, of, ..
        } = pair;
        let id = self.id(pair.name, pair.has_sign);
        match self.meanings.get(id as usize) {
            Some(Meaning::Step(rank)) => {
                if said.step.is_none_or(|(known, ..)| known < *rank) {
                    said.step = Some((*rank, number, of));
                }
            }
            Some(Meaning::Epoch) => said.epoch = said.epoch.or(Some(number)),
            Some(Meaning::Elapsed(default)) => {
                said.elapsed = Some(number * unit.unwrap_or(*default).factor());
            }
            Some(Meaning::AboutTheRun(key)) => said.about.push((key.clone(), number)),
            Some(Meaning::Nothing) | None => {}
            Some(Meaning::Metric(described)) => {
                let mut metric = idioms::metric(described, unit);
                let mut context = context.filter(|context| {
                    metric == Metric::TrainLoss && !described.key.starts_with(context)
                });
                if context.is_some_and(|context| context != "train_inner") {
                    metric = Metric::EvalLoss;
                }
                // Megatron's `lm loss value` stands nowhere but in lines of validation.
                if context != Some("test") && described.key.ends_with(" value") {
                    context = None;
                }
                said.values.push(Value {
                    id,
                    context,
                    metric,
                    number,
                    unit,
                });
            }
        }
    }

    /// Takes a number that stands alone under its name.
    pub(super) fn take_named(&mut self, said: &mut Said, name: &str, number: f64) {
        let pair = Pair {
            name,
            at: 0,
            has_sign: true,
            number,
            of: None,
            unit: None,
        };
        self.take(said, pair, None);
    }

    /// Adds what a line says to the run.
    pub(super) fn row(
        &mut self,
        said: Said,
        wall: Option<f64>,
    ) -> std::result::Result<(), TooMany> {
        let has_measure = said.has(|metric| metric != Metric::Other);
        if let Some((_, step, of)) = said.step {
            self.step = step;
            if let Some(total) = of.filter(|total| *total > 0.0) {
                self.about("max_steps", total)?;
            }
        }
        if let Some(epoch) = said.epoch {
            self.epoch = epoch;
        }
        for (name, number) in &said.about {
            self.about(name, *number)?;
        }
        // A loss of nothing at step 0 was not computed yet.
        let nothing = |value: &Value| is_loss(value.metric) && value.number.abs() <= 0.0;
        if self.step.abs() <= 0.0 && said.values.iter().any(nothing) {
            return Ok(());
        }
        if said.values.is_empty() || !has_measure && said.step.is_none() {
            return Ok(());
        }
        self.collector.rows += 1;
        let (run, table) = self.table()?;
        let at = At {
            step: self.step,
            epoch: said.epoch.unwrap_or(self.epoch),
            relative: said.elapsed.unwrap_or(f64::NAN),
            wall: wall.unwrap_or(f64::NAN),
        };
        if has_measure {
            let places = [at.step, at.epoch, at.relative, at.wall];
            self.measures += 1;
            self.placed += u64::from(places.iter().any(|place| !place.is_nan()));
        }
        self.collector.begin(run, table, at);
        for value in said.values {
            let key = (value.id, value.context);
            let place = if let Some(place) = self.series.get(&key) {
                *place
            } else {
                let Some(Meaning::Metric(described)) = self.meanings.get(value.id as usize) else {
                    continue;
                };
                let mut described = described.clone();
                described.metric = value.metric;
                if let Some(context) = value.context {
                    described.key = format!("{context}/{}", described.key);
                }
                let place = self.collector.series(run, table, &described)?;
                self.series.insert(key, place);
                place
            };
            self.collector.put(place, value.number, value.unit);
        }
        Ok(())
    }

    fn table(&mut self) -> std::result::Result<(usize, usize), TooMany> {
        if let Some(table) = self.table {
            return Ok(table);
        }
        let run = self.collector.run(&self.run)?;
        let table = (run, self.collector.table(run));
        self.table = Some(table);
        Ok(table)
    }

    pub(super) fn about(&mut self, name: &str, number: f64) -> std::result::Result<(), TooMany> {
        let (run, _) = self.table()?;
        let summary = &mut self.collector.runs[run].summary;
        // Of several numbers of steps the largest counts: bars are also of a part.
        let known = summary.get(name).copied().unwrap_or(f64::NEG_INFINITY);
        if name != "max_steps" || number > known {
            summary.insert(name.to_owned(), number);
        }
        Ok(())
    }
}

/// A line that is still being written, without the number that it ends in: digits may be missing.
fn cut_number(line: &str) -> &str {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.';
    let cut = line.trim_end_matches(is_of_number);
    let number = &line[cut.len()..];
    // Whole numbers at the end of a line, such as `12/40`, and words stay.
    if number.contains('.') && !number.is_empty() {
        cut
    } else {
        line
    }
}
