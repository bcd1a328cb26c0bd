//! One log that is still being written.
//!
//! Enters: a path. Leaves: its runs as far as they are written, from what was added since the last
//! look. Documents (`trainer_state.json`) and UTF-16 are read whole at each change.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::plan::Plan;
use super::reader::LogReader;
use super::recognize::Layout;
use super::text::{self, Encoding, Text};
use super::{file_name, guess, mapped, recognize};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::run::join::join;
use crate::run::mapping::Mapping;
use crate::run::model::Run;
use crate::source::open_regular;

/// How many lines tell what a file is.
const ROWS: usize = 3;
/// How much of what was read first and last is kept, to know the file again.
const KNOWN_AGAIN: u64 = 256;

/// A log, and how far it was read.
#[derive(Debug)]
pub(in crate::run) struct Watched {
    path: PathBuf,
    mapping: Option<Mapping>,
    state: State,
    runs: Vec<Run>,
    /// The runs of the file that was here before this one, where this one goes on from it.
    before: Vec<Run>,
}

#[derive(Debug)]
enum State {
    Unread,
    /// Too little was there to tell what it is.
    Waiting(Stamp),
    Rows(Box<Growing>),
    Document(Stamp),
}

/// A file that is read row by row.
#[derive(Debug)]
struct Growing {
    reader: LogReader,
    stamp: Stamp,
    start: Vec<u8>,
    /// The bytes before `offset`.
    end: Vec<u8>,
    /// Where the next row begins.
    offset: u64,
    /// Whether the end without a line end was shown.
    settled: bool,
}

/// What tells whether a file is another, or changed.
#[derive(Debug, Clone, PartialEq)]
struct Stamp {
    identity: (u64, u64),
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            identity: identity(metadata),
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// Elsewhere what the file holds tells.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

impl Watched {
    pub(in crate::run) fn new(path: PathBuf) -> Self {
        Self {
            path,
            mapping: None,
            state: State::Unread,
            runs: Vec::new(),
            before: Vec::new(),
        }
    }

    pub(in crate::run) fn path(&self) -> &Path {
        &self.path
    }

    pub(in crate::run) fn map(&mut self, mapping: Mapping) {
        self.mapping = Some(mapping);
        self.state = State::Unread;
    }

    pub(in crate::run) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Looks at the file; whether its runs changed.
    pub(in crate::run) fn poll(&mut self, progress: &Progress) -> Result<bool> {
        let metadata = match std::fs::metadata(&self.path) {
            Ok(metadata) => metadata,
            // Not there yet, or between being moved away and written anew.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Error::io(&self.path, "open the file")(error)),
        };
        let stamp = Stamp::of(&metadata);
        let read = self.look(&stamp, progress);
        if read.is_err() {
            // Whatever was half read is read again.
            self.state = State::Unread;
        }
        read
    }

    fn look(&mut self, stamp: &Stamp, progress: &Progress) -> Result<bool> {
        match &mut self.state {
            State::Document(known) if known == stamp => return Ok(false),
            // Nobody has written for a while: that may be all.
            State::Waiting(known) if known == stamp => return self.open(stamp, false, progress),
            State::Unread | State::Waiting(_) | State::Document(_) => {}
            State::Rows(growing) => {
                if growing.is_same(&self.path, stamp)? {
                    let Some(runs) = growing.grow(&self.path, stamp, progress)? else {
                        return Ok(false);
                    };
                    self.runs = after(&self.before, runs);
                    return Ok(true);
                }
                self.before.clone_from(&self.runs);
            }
        }
        self.state = State::Waiting(stamp.clone());
        self.open(stamp, true, progress)
    }

    /// Reads the file from its start. A patient reader waits for some rows.
    fn open(&mut self, stamp: &Stamp, patient: bool, progress: &Progress) -> Result<bool> {
        if stamp.length == 0 {
            return Ok(false);
        }
        if let Some(store) = super::store_at(&self.path)? {
            self.runs = super::stores::read(&self.path, store, progress)?;
            self.state = State::Document(stamp.clone());
            return Ok(true);
        }
        let (mut head, text) = text::open(&self.path, progress)?;
        // What is half written says nothing yet.
        head.whole &= !patient;
        let lines = head.text.lines().count();
        let reader = match &self.mapping {
            Some(mapping) => LogReader::table(&self.path, mapped(&head, &self.path, mapping)?),
            None => match recognize::recognize(&head, &self.path) {
                Ok(Layout::Table(plan)) => LogReader::table(&self.path, *plan),
                Ok(Layout::JsonLines) => Ok(LogReader::json_lines(
                    &self.path,
                    file_name::run_of(&self.path),
                )),
                Ok(Layout::Lines) => {
                    Ok(LogReader::lines(&self.path, file_name::run_of(&self.path)))
                }
                Ok(Layout::Unknown(table)) => {
                    let table = guess::preview(*table, &self.path);
                    let run = file_name::run_of(&self.path);
                    let plan = Plan::of_mapping(&table.guess, &table.header, &run);
                    LogReader::table(&self.path, plan)
                }
                Ok(Layout::Document(super::json_document::JsonDocument::Whole)) => {
                    let collector = super::documents::read(&self.path, text)?;
                    let layout = super::json_document::JsonDocument::Whole.layout();
                    self.runs = collector.finish(&self.path, layout);
                    self.state = State::Document(stamp.clone());
                    return Ok(true);
                }
                Ok(Layout::Document(document)) => {
                    let rows = super::json_document::read(&self.path, document, text)?;
                    self.runs = rows.collector.finish(&self.path, document.layout());
                    self.state = State::Document(stamp.clone());
                    return Ok(true);
                }
                // A header alone, or half of it: more will come.
                Err(no) if no.may_come || patient && lines < ROWS && head.is_text => {
                    return Ok(false);
                }
                Err(no) => return Err(no.error(&self.path)),
            },
        };
        let mut reader = reader?;
        if matches!(head.encoding, Encoding::Utf16 { .. }) {
            reader.read(text)?;
            self.runs = after(&self.before, reader.finish());
            self.state = State::Document(stamp.clone());
            return Ok(true);
        }
        // Too few lines to tell text from numbers.
        if patient && lines < ROWS {
            return Ok(false);
        }
        drop(text);
        let mut growing = Box::new(Growing {
            reader,
            start: part_of(&self.path, 0, KNOWN_AGAIN)?,
            end: Vec::new(),
            offset: head.encoding.mark() as u64,
            stamp: Stamp {
                length: 0,
                ..stamp.clone()
            },
            settled: false,
        });
        let runs = growing.grow(&self.path, stamp, progress)?;
        self.state = State::Rows(growing);
        let Some(runs) = runs else { return Ok(false) };
        self.runs = after(&self.before, runs);
        Ok(true)
    }
}

impl Growing {
    /// Whether the file is still the one that was read, and no shorter.
    fn is_same(&self, path: &Path, stamp: &Stamp) -> Result<bool> {
        if stamp.identity != self.stamp.identity || stamp.length < self.offset {
            return Ok(false);
        }
        if *stamp == self.stamp {
            return Ok(true);
        }
        let same = |at: u64, known: &[u8]| -> Result<bool> {
            Ok(part_of(path, at, known.len() as u64)? == known)
        };
        Ok(same(0, &self.start)? && same(self.offset - self.end.len() as u64, &self.end)?)
    }

    /// Reads the rows that were added; the runs, where there were any.
    fn grow(
        &mut self,
        path: &Path,
        stamp: &Stamp,
        progress: &Progress,
    ) -> Result<Option<Vec<Run>>> {
        let io = |error| Error::io(path, "read the file")(error);
        let unchanged = *stamp == self.stamp;
        let mut file = open_regular(path).map_err(io)?;
        if unchanged {
            if self.settled || self.offset == stamp.length {
                return Ok(None);
            }
            // Nobody has written for a while: the end may be a row without a line end.
            self.settled = true;
            file.seek(SeekFrom::Start(self.offset)).map_err(io)?;
            let mut whole = self.reader.clone();
            let tail = file.take(stamp.length - self.offset);
            whole.read(Text::new(tail, Encoding::Utf8 { mark: false }, progress))?;
            let sound = whole.bad_rows() == self.reader.bad_rows();
            return Ok(sound.then(|| whole.finish()));
        }
        self.stamp = stamp.clone();
        self.settled = false;
        let end = last_line_end(&mut file, self.offset, stamp.length).map_err(io)?;
        if end == self.offset {
            return Ok(None);
        }
        progress.set_total(1, end - self.offset);
        file.seek(SeekFrom::Start(self.offset)).map_err(io)?;
        let added = file.take(end - self.offset);
        self.reader
            .read(Text::new(added, Encoding::Utf8 { mark: false }, progress))?;
        self.offset = end;
        let from = end.saturating_sub(KNOWN_AGAIN);
        self.end = part_of(path, from, end - from)?;
        Ok(Some(self.reader.clone().finish()))
    }
}

/// A part of a file.
fn part_of(path: &Path, at: u64, length: u64) -> Result<Vec<u8>> {
    let mut part = Vec::new();
    let mut file = open_regular(path).map_err(Error::io(path, "open the file"))?;
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.take(length).read_to_end(&mut part))
        .map_err(Error::io(path, "read the file"))?;
    Ok(part)
}

/// Behind the last line end between two places; the first place where there is none.
fn last_line_end(file: &mut File, from: u64, to: u64) -> std::io::Result<u64> {
    const BLOCK: u64 = 64 << 10;
    let mut end = to;
    let mut block = Vec::new();
    while end > from {
        let start = end.saturating_sub(BLOCK).max(from);
        file.seek(SeekFrom::Start(start))?;
        block.clear();
        (&mut *file).take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(from)
}

/// The runs of a file that took another's place: they go on from the earlier ones where their
/// first step, or time, is behind the last one of those; else they stand alone.
fn after(before: &[Run], runs: Vec<Run>) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    for run in &runs {
        let earlier = before.iter().find(|earlier| earlier.name == run.name);
        all.extend(earlier.filter(|earlier| goes_on(earlier, run)).cloned());
    }
    if all.is_empty() {
        return runs;
    }
    all.extend(runs);
    join(all)
}

fn goes_on(earlier: &Run, run: &Run) -> bool {
    let span = |run: &Run, wall: bool| {
        let axes = run.series.iter().map(|series| &series.axis);
        let values = axes.flat_map(|axis| if wall { &axis.wall } else { &axis.steps });
        let values = values.copied().filter(|value| value.is_finite());
        values.fold(None, |span: Option<(f64, f64)>, value| {
            let (first, last) = span.unwrap_or((value, value));
            Some((first.min(value), last.max(value)))
        })
    };
    [false, true]
        .into_iter()
        .find_map(|wall| Some(span(run, wall)?.0 > span(earlier, wall)?.1))
        .unwrap_or(false)
}
