//! JSON objects as rows of a run: what its numbers are called, and where the row is.
//!
//! Enters: objects, one by one, of any members, nested ones flattened as W&B flattens them
//! (`{"train": {"loss": 1}}` is `train/loss`). Leaves: a filled [`Collector`].

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::cell::{self, Cell};
use super::collect::{At, Collector, Place, TooMany};
use crate::run::mapping::ColumnRole;
use crate::run::names::{self, Described};
use crate::run::units::CellUnit;

/// How deep members are looked for; below, they are passed over.
const DEEPEST: usize = 8;
/// The longest name of a metric, in bytes, and the longest text that is looked at.
const LONGEST_NAME: usize = 1000;
/// The most numbers and texts of one row: as many as a table has columns.
const MOST_IN_A_ROW: usize = super::table::MOST_COLUMNS;

/// Collects rows from JSON objects.
#[derive(Debug, Clone)]
pub(super) struct JsonRows {
    pub(super) collector: Collector,
    /// The run where a row names none.
    run: String,
    members: HashMap<String, Member>,
    /// The table of each run, and its series by member.
    tables: HashMap<usize, (usize, HashMap<u32, Place>)>,
    /// The numbers and texts of the row being read.
    numbers: Vec<(u32, f64, Option<CellUnit>)>,
    texts: Vec<(u32, String)>,
    names: Vec<String>,
    /// Where the row is, as far as something else than its members says.
    given: At,
    describe: fn(&str) -> Described,
}

/// What a member means.
#[derive(Debug, Clone, Copy)]
struct Member {
    id: u32,
    role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Axis(ColumnRole),
    RunName,
    AboutTheRun,
    Metric,
}

impl JsonRows {
    /// Rows of that run, unless they name another.
    pub(super) fn new(run: String) -> Self {
        Self {
            collector: Collector::default(),
            run,
            members: HashMap::new(),
            tables: HashMap::new(),
            numbers: Vec::new(),
            texts: Vec::new(),
            names: Vec::new(),
            given: At::UNKNOWN,
            describe: names::describe,
        }
    }

    /// Further rows are of another table: of that run, its metrics described by `describe`.
    pub(super) fn set_table(&mut self, run: &str, describe: fn(&str) -> Described) {
        run.clone_into(&mut self.run);
        self.describe = describe;
        self.tables.clear();
    }

    /// As [`Self::row`], of a row whose place something else says.
    pub(super) fn row_at(&mut self, at: At) -> Object<'_> {
        self.given = at;
        let given = self.given;
        let object = self.row();
        object.rows.given = given;
        object
    }

    /// A seed that reads one object into the row.
    pub(super) fn row(&mut self) -> Object<'_> {
        self.numbers.clear();
        self.texts.clear();
        self.given = At::UNKNOWN;
        Object {
            rows: self,
            path: String::new(),
            depth: 0,
        }
    }

    /// Adds the row that was read to its run.
    ///
    /// A row with `train_runtime` is the transformers trainer's last line: means and totals of
    /// the whole run. `null` is no value.
    pub(super) fn end_row(&mut self) -> Result<(), TooMany> {
        self.collector.rows += 1;
        let role = |names: &[String], members: &HashMap<String, Member>, id: u32| {
            names
                .get(id as usize)
                .and_then(|name| members.get(name))
                .map(|member| member.role)
        };
        let mut at = self.given;
        let mut run = None;
        for (id, text) in &self.texts {
            match role(&self.names, &self.members, *id) {
                Some(Role::RunName) => run = Some(text.clone()),
                Some(Role::Axis(axis)) => place_text(&mut at, axis, text),
                _ => {}
            }
        }
        let run = self.collector.run(run.as_ref().unwrap_or(&self.run))?;
        let last_line = self
            .numbers
            .iter()
            .any(|(id, ..)| self.names[*id as usize] == "train_runtime");
        let numbers = std::mem::take(&mut self.numbers);
        for &(id, number, unit) in &numbers {
            match role(&self.names, &self.members, id) {
                Some(Role::Axis(axis)) => place_number(&mut at, axis, number, unit),
                Some(Role::AboutTheRun) => self.about(run, id, number),
                Some(_) if last_line => self.about(run, id, number),
                _ => {}
            }
        }
        if last_line {
            return Ok(());
        }
        if !self.tables.contains_key(&run) {
            let table = self.collector.table(run);
            self.tables.insert(run, (table, HashMap::new()));
        }
        let Some((table, series)) = self.tables.get_mut(&run) else {
            return Ok(());
        };
        self.collector.begin(run, *table, at);
        for &(id, number, unit) in &numbers {
            let name = &self.names[id as usize];
            if self
                .members
                .get(name)
                .is_none_or(|member| member.role != Role::Metric)
            {
                continue;
            }
            let place = if let Some(place) = series.get(&id) {
                *place
            } else {
                let place = self.collector.series(run, *table, &(self.describe)(name))?;
                series.insert(id, place);
                place
            };
            self.collector.put(place, number, unit);
        }
        self.numbers = numbers;
        Ok(())
    }

    /// Notes numbers about the whole run.
    pub(super) fn about_all(&mut self, name: &str, number: f64) -> Result<(), TooMany> {
        let run = self.collector.run(&self.run)?;
        self.collector.runs[run]
            .summary
            .insert(name.to_owned(), number);
        Ok(())
    }

    fn about(&mut self, run: usize, id: u32, number: f64) {
        let name = self.names[id as usize].clone();
        self.collector.runs[run].summary.insert(name, number);
    }

    fn id(&mut self, name: &str) -> Option<u32> {
        if let Some(member) = self.members.get(name) {
            return Some(member.id);
        }
        if name.len() > LONGEST_NAME || self.names.len() >= super::collect::MOST_SERIES {
            return None;
        }
        let id = self.names.len() as u32;
        let role = match names::axis(name) {
            Some(role) => Role::Axis(role),
            None if names::is_about_the_run(name) => Role::AboutTheRun,
            None if matches!(name, "run" | "run_id" | "run_name") => Role::RunName,
            None => Role::Metric,
        };
        self.names.push(name.to_owned());
        self.members.insert(name.to_owned(), Member { id, role });
        Some(id)
    }
}

fn place_number(at: &mut At, role: ColumnRole, number: f64, written: Option<CellUnit>) {
    match role {
        ColumnRole::Step => at.step = number,
        ColumnRole::Epoch => at.epoch = number,
        ColumnRole::Relative { unit } => at.relative = number * written.unwrap_or(unit).factor(),
        // Under `time`, seconds since the start are as usual as those since 1970.
        ColumnRole::Wall { .. } if number.abs() < 1e8 => at.relative = number,
        ColumnRole::Wall { .. } => at.wall = cell::unix_seconds(number),
        _ => {}
    }
}

fn place_text(at: &mut At, role: ColumnRole, text: &str) {
    let bytes = text.as_bytes();
    match role {
        ColumnRole::Step => {
            // ms-swift's `10/100`.
            let step = text
                .split('/')
                .next()
                .and_then(|step| step.trim().parse().ok());
            at.step = step.unwrap_or(at.step);
        }
        ColumnRole::Relative { .. } => at.relative = cell::duration(bytes).unwrap_or(at.relative),
        ColumnRole::Wall { .. } => at.wall = cell::Dates::default().read(bytes).unwrap_or(at.wall),
        _ => {}
    }
}

/// Reads one object into a row.
#[derive(Debug)]
pub(super) struct Object<'a> {
    rows: &'a mut JsonRows,
    path: String,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        members(self.rows, &mut self.path, self.depth, &mut map)
    }
}

fn members<'de, A: MapAccess<'de>>(
    rows: &mut JsonRows,
    path: &mut String,
    depth: usize,
    map: &mut A,
) -> Result<(), A::Error> {
    let length = path.len();
    while let Some(name) = map.next_key::<String>()? {
        if length > 0 {
            path.push('/');
        }
        path.push_str(&name);
        map.next_value_seed(Value {
            rows: &mut *rows,
            path: &mut *path,
            depth,
        })?;
        path.truncate(length);
    }
    Ok(())
}

/// Reads the value of one member.
struct Value<'a> {
    rows: &'a mut JsonRows,
    path: &'a mut String,
    depth: usize,
}

impl Value<'_> {
    fn number<E: serde::de::Error>(self, number: f64, unit: Option<CellUnit>) -> Result<(), E> {
        if self.rows.numbers.len() >= MOST_IN_A_ROW {
            return Err(E::custom("more than 100,000 numbers in a row"));
        }
        match self.rows.id(self.path) {
            Some(id) => self.rows.numbers.push((id, number, unit)),
            None => return Err(E::custom("a name too long, or too many names")),
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.number(value, None)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.number(value as f64, None)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.number(value as f64, None)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        match cell::read(value.as_bytes(), false) {
            Cell::Number(number, unit) => return self.number(number, unit),
            Cell::Missing => return Ok(()),
            Cell::Text => {}
        }
        if value.len() <= LONGEST_NAME
            && self.rows.texts.len() < MOST_IN_A_ROW
            && let Some(id) = self.rows.id(self.path)
        {
            self.rows.texts.push((id, value.to_owned()));
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.depth + 1 >= DEEPEST {
            while map
                .next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?
                .is_some()
            {}
            return Ok(());
        }
        if self.path.len() > LONGEST_NAME {
            return Err(A::Error::custom("a name too long"));
        }
        members(self.rows, self.path, self.depth + 1, &mut map)
    }
}
