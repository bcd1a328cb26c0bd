//! Whole JSON documents: `trainer_state.json`, TensorBoard's download, lists of rows.
//!
//! Enters: text. Leaves: a filled collector. Read as a stream, entry by entry; of a document that
//! is cut short the entries before the cut are kept, and that is said.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::fmt;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::collect::{At, TooMany};
use super::failed::fail;
use super::file_name;
use super::json_rows::JsonRows;
use super::python_json::{self, Strict};
use super::text::{self, Text};
use crate::error::Result;
use crate::run::names;

/// The longest document: a trainer's state after a million steps has 0.2 GB.
const LONGEST: usize = 1 << 30;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonDocument {
    /// `{"log_history": [{…}, …], …}` of the transformers trainer.
    TrainerState,
    /// `[[wall, step, value], …]`.
    TensorBoard,
    /// `[{…}, …]`.
    Rows,
    /// One of [`super::documents`].
    Whole,
}

impl JsonDocument {
    /// The layout's name.
    pub(super) fn layout(self) -> &'static str {
        match self {
            Self::TrainerState => "trainer_state.json",
            Self::TensorBoard => "TensorBoard JSON",
            Self::Rows => "JSON rows",
            Self::Whole => "JSON document",
        }
    }
}

/// Reads a document.
pub(super) fn read<R: Read>(
    path: &Path,
    document: JsonDocument,
    text: Text<'_, R>,
) -> Result<JsonRows> {
    let (run, tag) = match document {
        JsonDocument::TensorBoard => file_name::tensorboard(path),
        _ => (file_name::run_of(path), String::new()),
    };
    let mut rows = JsonRows::new(run.clone());
    let mut failure = None;
    let reader = BufReader::with_capacity(64 << 10, Strict::new(text.in_one(LONGEST)));
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read = Top {
        rows: &mut rows,
        document,
        run: &run,
        tag: &tag,
        failure: &mut failure,
    }
    .deserialize(&mut json)
    .and_then(|()| json.end());
    let Err(error) = read else {
        return Ok(rows);
    };
    let place = format!("line {} column {}", error.line(), error.column());
    if failure.is_some() {
        return Err(fail(
            path,
            &place,
            "names more than 100,000 runs and metrics",
            "give a smaller log",
        ));
    }
    if error.is_io() {
        return Err(text::read_error(path, error.line() as u64, &error.into()));
    }
    let text = error.to_string();
    let problem = text
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    if error.is_eof() && rows.collector.rows > 0 {
        let entries = rows.collector.rows;
        rows.collector.notes.push(format!(
            "the file ends in the middle, at line {}: its first {entries} entries are here; copy the file again once \
             it is written",
            error.line()
        ));
        return Ok(rows);
    }
    let advice = if error.is_eof() {
        "the file is cut short: copy it again once it is written"
    } else {
        "write or fetch the file again"
    };
    Err(fail(path, &place, problem, advice))
}

/// The document itself.
struct Top<'a> {
    rows: &'a mut JsonRows,
    document: JsonDocument,
    run: &'a str,
    tag: &'a str,
    failure: &'a mut Option<TooMany>,
}

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.document == JsonDocument::TrainerState {
            deserializer.deserialize_map(self)
        } else {
            deserializer.deserialize_seq(self)
        }
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "log_history" {
                map.next_value_seed(Top {
                    rows: &mut *self.rows,
                    document: JsonDocument::Rows,
                    run: self.run,
                    tag: self.tag,
                    failure: &mut *self.failure,
                })?;
            } else if names::is_about_the_run(&name) {
                if let Some(number) = map.next_value::<Scalar>()?.0
                    && let Err(too_many) = self.rows.about_all(&name, number)
                {
                    *self.failure = Some(too_many);
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let list = self.document == JsonDocument::TensorBoard;
        loop {
            let more = if list {
                match items.next_element::<Point>()? {
                    Some(Point(point)) => {
                        self.rows.collector.rows += 1;
                        self.point(point)
                    }
                    None => return Ok(()),
                }
            } else {
                match items.next_element_seed(self.rows.row())? {
                    Some(()) => self.rows.end_row(),
                    None => return Ok(()),
                }
            };
            if let Err(too_many) = more {
                *self.failure = Some(too_many);
                return Err(serde::de::Error::custom("too many"));
            }
        }
    }
}

impl Top<'_> {
    /// A point of TensorBoard's list.
    fn point(&mut self, point: Option<[f64; 3]>) -> Result<(), TooMany> {
        let collector = &mut self.rows.collector;
        let Some([wall, step, value]) = point else {
            let entry = collector.rows;
            collector.bad(0, format!("entry {entry} is not [wall time, step, value]"));
            return Ok(());
        };
        let run = collector.run(self.run)?;
        let place = collector.metric(run, self.tag, names::describe)?;
        let at = At {
            step,
            wall,
            ..At::UNKNOWN
        };
        collector.begin(run, place.table, at);
        collector.put(place, value, None);
        Ok(())
    }
}

/// Three numbers; none when an entry is something else.
struct Point(Option<[f64; 3]>);

impl<'de> serde::Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PointVisitor;

        impl<'de> Visitor<'de> for PointVisitor {
            type Value = Point;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[wall time, step, value]")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Point, A::Error> {
                let mut point = Some([f64::NAN; 3]);
                let mut length = 0;
                while let Some(Scalar(number)) = items.next_element()? {
                    let slot = point.as_mut().and_then(|point| point.get_mut(length));
                    match (slot, number) {
                        (Some(slot), Some(number)) => *slot = number,
                        _ => point = None,
                    }
                    length += 1;
                }
                Ok(Point(point.filter(|_| length == 3)))
            }
        }

        deserializer.deserialize_seq(PointVisitor)
    }
}

/// A number, also in quotes; none when it is something else.
struct Scalar(Option<f64>);

impl<'de> serde::Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;

        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value)))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value as f64)))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value as f64)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(python_json::number(value)))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
                Ok(Scalar(None))
            }
            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
        }

        deserializer.deserialize_any(ScalarVisitor)
    }
}
