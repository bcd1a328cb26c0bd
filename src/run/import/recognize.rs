//! Which layout a log has, told by how it starts.
//!
//! Enters: the first part of a file. Leaves: how to read it, or why it is no run log.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::path::Path;

use super::failed::fail;
use super::json_document::JsonDocument;
use super::plan::Plan;
use super::sniff::{self, Sniffed};
use super::text::Head;
use super::{documents, guess, layouts, lines, monitors};
use crate::error::Error;
use crate::run::mapping::ColumnRole;
use crate::run::model::Metric;
use crate::run::names;

/// How to read a log.
#[derive(Debug)]
pub(super) enum Layout {
    Document(JsonDocument),
    JsonLines,
    /// What a trainer printed.
    Lines,
    /// A table of a known layout.
    Table(Box<Plan>),
    /// A table of no known layout.
    Unknown(Box<Sniffed>),
}

/// Why a file is no run log, and what to do.
#[derive(Debug)]
pub(super) struct NoLog {
    pub(super) problem: &'static str,
    /// Whether it may yet become one, when more is written.
    pub(super) may_come: bool,
    pub(super) advice: &'static str,
}

impl NoLog {
    /// The same as an error about the file.
    pub(super) fn error(&self, path: &Path) -> Error {
        fail(path, "whole file", self.problem, self.advice)
    }
}

const LAYOUTS: &str = "give what a trainer printed, a log of TensorBoard, W&B, MLflow or trackio, of a monitor such as \
                       nvidia-smi or psrecord, JSON lines, or a table of numbers";

/// Share of numbers in a table that nothing else marks as a log.
const NUMERIC: f64 = 0.5;

/// Recognizes a log. `path` is only for the names it holds.
pub(super) fn recognize(head: &Head, path: &Path) -> Result<Layout, NoLog> {
    let no_log = |problem| NoLog {
        problem,
        may_come: false,
        advice: LAYOUTS,
    };
    let not_yet = |problem| NoLog {
        problem,
        may_come: true,
        advice: "wait until something is logged",
    };
    if !head.is_text {
        return Err(no_log("is not text"));
    }
    let text = head.text.trim_start();
    if text.is_empty() {
        return Err(not_yet("is empty"));
    }
    if text.starts_with(['{', '[']) && is_json(text) {
        return json(text, head.whole)
            .ok_or_else(|| no_log("is JSON with no loss and no memory in it"));
    }
    if monitors::starts(head) {
        let plan =
            monitors::known(head, path).ok_or_else(|| not_yet("has a header and no rows"))?;
        return Ok(Layout::Table(Box::new(plan)));
    }
    if text.starts_with("version https://git-lfs") {
        return Err(NoLog {
            problem: "is a pointer of git-lfs and not the file itself",
            may_come: false,
            advice: "fetch the file with `git lfs pull`",
        });
    }
    let printed = lines::look(head.whole_lines());
    if printed.placed > 1 {
        return Ok(Layout::Lines);
    }
    let Some(table) = sniff::sniff(head, None, None) else {
        // A long preamble may come before the first step.
        if printed.is_log() || !head.whole {
            return Ok(Layout::Lines);
        }
        return Err(NoLog {
            problem: "has no loss, no memory and no table of numbers in it",
            may_come: true,
            advice: LAYOUTS,
        });
    };
    let known = layouts::known(&table, path);
    // Only rows tell columns of text from columns of numbers.
    if table.rows.is_empty() {
        return Err(not_yet("has a header and no rows"));
    }
    if let Some(plan) = known {
        return Ok(Layout::Table(Box::new(plan)));
    }
    if table.numeric <= NUMERIC && !is_long(&table) && !names_a_measure(&table) {
        return Err(no_log("has few numbers, and no loss or memory by name"));
    }
    Ok(Layout::Unknown(Box::new(table)))
}

/// Whether rows name their metric, beside its value and a place.
fn is_long(table: &Sniffed) -> bool {
    let roles = guess::roles(table, Path::new(""));
    roles.contains(&ColumnRole::Value) && roles.iter().any(|role| role.is_place())
}

/// Whether a table has a column that places its rows, and one of losses or memory, however many
/// columns of text it has.
fn names_a_measure(table: &Sniffed) -> bool {
    let roles = guess::roles(table, Path::new(""));
    let measures = |role: &ColumnRole| match role {
        ColumnRole::Series { metric, .. } => *metric != Metric::Other,
        _ => false,
    };
    roles.iter().any(measures) && roles.iter().any(|role| role.is_place())
}

/// Whether a text that starts with a bracket is JSON as far as it goes: what trainers print may
/// start with `{'loss': …` or `[2025-01-05 …`.
fn is_json(text: &str) -> bool {
    use std::io::Read as _;
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    match (signs.next(), signs.next()) {
        (Some('{'), second) => return second != Some('\''),
        (_, Some('[' | '{' | '"')) => return true,
        _ => {}
    }
    let mut strict = String::new();
    let quoted = super::python_json::Strict::new(text.as_bytes()).read_to_string(&mut strict);
    let first = serde_json::Deserializer::from_str(&strict)
        .into_iter::<serde::de::IgnoredAny>()
        .next();
    quoted.is_ok()
        && match first {
            Some(Err(error)) => error.is_eof(),
            _ => true,
        }
}

/// How many lines of JSON are looked at for the first that is a row: a configuration may stand first.
const LINES_LOOKED_AT: usize = 50;

/// The kind of JSON, by its first entry.
fn json(text: &str, whole: bool) -> Option<Layout> {
    let whole_document = Layout::Document(JsonDocument::Whole);
    if documents::starts(text) {
        return Some(whole_document);
    }
    if let Some(list) = text.strip_prefix('[') {
        let list = list.trim_start();
        return match list.bytes().next()? {
            b'[' => Some(Layout::Document(JsonDocument::TensorBoard)),
            b'{' => is_row(list).then_some(Layout::Document(JsonDocument::Rows)),
            _ => None,
        };
    }
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let complete = first_object(line).is_some();
    if complete && line.contains("\"log_history\"") || !complete && text.contains("\"log_history\"")
    {
        return Some(Layout::Document(JsonDocument::TrainerState));
    }
    // Over several lines, or with lists or rows under its names: results, or a history by epochs.
    if !complete || rest.trim().is_empty() {
        let names = members_of(text);
        if names
            .iter()
            .any(|(name, is_list)| documents::is_result(name) && (!complete || *is_list))
        {
            return Some(whole_document);
        }
    }
    let lines = complete && rest.trim_start().starts_with('{');
    // A single line may be the start of a log, or any configuration.
    let one_line = complete && rest.trim().is_empty();
    let cut_line = !whole && rest.is_empty() && is_row(line);
    let rows = text.lines().take(LINES_LOOKED_AT).any(is_row);
    ((lines || one_line || cut_line) && rows).then_some(Layout::JsonLines)
}

/// The members of an object that may be cut off, each with whether it is a list or an object.
fn members_of(text: &str) -> Vec<(String, bool)> {
    let mut names = Vec::new();
    let (mut depth, mut parts) = (0_i32, text.split('"'));
    let mut before = parts.next().unwrap_or_default();
    while let (Some(name), Some(after)) = (parts.next(), parts.next()) {
        for sign in before.chars() {
            match sign {
                '{' | '[' => depth += 1,
                '}' | ']' => depth -= 1,
                _ => {}
            }
        }
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        if let Some(value) = value.filter(|_| depth == 1) {
            names.push((name.to_owned(), value.starts_with(['[', '{'])));
        }
        before = after;
    }
    names
}

/// The object that a text starts with, with its members' names.
fn first_object(text: &str) -> Option<Vec<String>> {
    use std::io::Read as _;
    let mut strict = String::new();
    super::python_json::Strict::new(text.as_bytes())
        .read_to_string(&mut strict)
        .ok()?;
    let mut values = serde_json::Deserializer::from_str(&strict).into_iter::<serde_json::Value>();
    let serde_json::Value::Object(object) = values.next()?.ok()? else {
        return None;
    };
    let mut names = Vec::new();
    flatten("", &object, 0, &mut names);
    Some(names)
}

fn flatten(
    path: &str,
    object: &serde_json::Map<String, serde_json::Value>,
    depth: usize,
    names: &mut Vec<String>,
) {
    for (name, value) in object {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}/{name}")
        };
        match value {
            serde_json::Value::Object(object) if depth < 8 => {
                flatten(&path, object, depth + 1, names);
            }
            _ => names.push(path),
        }
    }
}

/// Whether the first object says where it is in a run, or has a loss or memory; an object that is
/// cut off may.
fn is_row(text: &str) -> bool {
    let names = first_object(text).unwrap_or_else(|| {
        // Longer than what is looked at: the names as far as they are here.
        text.split('"')
            .skip(1)
            .step_by(2)
            .take(200)
            .map(str::to_owned)
            .collect()
    });
    names
        .iter()
        .any(|name| names::axis(name).is_some() || names::describe(name).metric != Metric::Other)
}
