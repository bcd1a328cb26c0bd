//! Which characters a table is written with, told by its first rows.
//!
//! Enters: the first part of a file. Leaves: its separator, its decimal sign, its first records,
//! and whether the first one names the columns; nothing when it is no table.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use csv::{ByteRecord, ReaderBuilder};

use super::cell::{self, Cell};
use super::text::Head;

/// How many records are looked at.
const RECORDS: usize = 40;
/// Separators, the surest first: numbers hold commas, and texts hold spaces.
const DELIMITERS: [char; 5] = ['\t', ';', '|', ',', ' '];

/// A table's first rows.
#[derive(Debug, Clone)]
pub(super) struct Sniffed {
    pub(super) delimiter: char,
    pub(super) decimal_comma: bool,
    /// Whether the first record names the columns.
    pub(super) has_header: bool,
    /// The columns' names; `column 1` and so on where there are none.
    pub(super) header: Vec<String>,
    /// The first rows below.
    pub(super) rows: Vec<Vec<String>>,
    /// Share of the rows' cells that are numbers, dates or missing.
    pub(super) numeric: f64,
}

/// Reads the first rows, by `delimiter` and `comma` where they are given.
pub(super) fn sniff(head: &Head, delimiter: Option<char>, comma: Option<bool>) -> Option<Sniffed> {
    if !head.is_text {
        return None;
    }
    let text = head.whole_lines();
    let (delimiter, records) = if let Some(delimiter) = delimiter {
        (delimiter, records(text, delimiter))
    } else {
        let mut tried = DELIMITERS.map(|delimiter| {
            let records = records(text, delimiter);
            (columns_of(&records), delimiter, records)
        });
        // Stable, so that of equals the surer comes first.
        tried.sort_by(|a, b| b.0.0.total_cmp(&a.0.0));
        let [(fit, delimiter, records), ..] = tried;
        // Less than half of the rows alike: prose, or a log of messages.
        if fit.0 < 0.5 || fit.1 < 2 {
            return None;
        }
        (delimiter, records)
    };
    let comma = comma.unwrap_or_else(|| delimiter != ',' && writes_comma(&records));
    table(delimiter, comma, records)
}

/// The records of a text.
pub(super) fn records(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let blank = delimiter == ' ';
    let spaced = if blank {
        text.replace('\t', " ")
    } else {
        String::new()
    };
    let text = if blank { &spaced } else { text };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    let mut records = Vec::new();
    while records.len() < RECORDS && reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        let cells = record.iter().filter(|cell| !(blank && cell.is_empty()));
        let cells = cells.map(|cell| String::from_utf8_lossy(cell.trim_ascii()).into_owned());
        records.push(cells.collect());
    }
    records
}

/// How well the records agree on a number of columns, 0 to 1, and that number. One column is no
/// agreement.
fn columns_of(records: &[Vec<String>]) -> (f64, usize) {
    let alike = |columns| {
        records
            .iter()
            .filter(|record| record.len() == columns)
            .count()
    };
    let counted = records
        .iter()
        .map(|record| (alike(record.len()), record.len()));
    match counted.max() {
        Some((alike, columns)) if columns > 1 => (alike as f64 / records.len() as f64, columns),
        _ => (0.0, 0),
    }
}

/// Whether more cells are written `1,5` than `1.5`.
fn writes_comma(records: &[Vec<String>]) -> bool {
    let cells = || records.iter().flatten();
    let is = |cell: &str, comma| matches!(cell::read(cell.as_bytes(), comma), Cell::Number(..));
    let commas = cells()
        .filter(|cell| cell.contains(',') && is(cell, true))
        .count();
    let points = cells()
        .filter(|cell| cell.contains('.') && is(cell, false))
        .count();
    commas > points
}

fn table(delimiter: char, comma: bool, mut records: Vec<Vec<String>>) -> Option<Sniffed> {
    let mut first = records.first()?.clone();
    // Comment signs before the header: `# step loss`.
    if first.first().is_some_and(|name| name == "#") && first.len() > 1 {
        first.remove(0);
    } else if let Some(name) = first.first_mut()
        && let Some(bare) = name.strip_prefix('#')
    {
        *name = bare.trim_start().to_owned();
    }
    let reads = |cell: &str| is_value(cell, comma);
    let has_header = first.iter().any(|cell| !cell.is_empty() && !reads(cell));
    let header = if has_header {
        records.remove(0);
        first
    } else {
        (1..=first.len()).map(|at| format!("column {at}")).collect()
    };
    let cells = records.iter().map(Vec::len).sum::<usize>();
    let numbers = records.iter().flatten().filter(|cell| reads(cell)).count();
    Some(Sniffed {
        delimiter,
        decimal_comma: comma,
        has_header,
        header,
        rows: records,
        numeric: numbers as f64 / cells.max(1) as f64,
    })
}

fn is_value(cell: &str, comma: bool) -> bool {
    match cell::read(cell.as_bytes(), comma) {
        Cell::Number(..) => true,
        Cell::Missing => cell.is_empty() || cell.len() > 2,
        Cell::Text => {
            let starts = cell.starts_with(|c: char| c.is_ascii_digit());
            starts
                && (cell::Dates::default().read(cell.as_bytes()).is_some()
                    || cell::duration(cell.as_bytes()).is_some())
        }
    }
}
