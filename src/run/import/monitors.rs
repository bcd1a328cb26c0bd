//! The tables of psrecord and dstat, whose first lines are no plain header.
//!
//! Enters: the first part of a file. Leaves: the plan to read it by.

use std::path::Path;

use super::cell::Dates;
use super::file_name;
use super::plan::{AxisPlace, Column, Plan, described};
use super::sniff;
use super::text::Head;
use crate::run::mapping::WallFormat;
use crate::run::model::Metric;
use crate::run::names;
use crate::run::units::CellUnit;

/// The plan for psrecord's or dstat's table.
pub(super) fn known(head: &Head, path: &Path) -> Option<Plan> {
    psrecord(head, path)
        .or_else(|| dstat(head, path))
        .or_else(|| super::headed::dmon(head, path))
        .or_else(|| super::headed::cloudwatch(head, path))
}

/// Whether the file starts as psrecord's or dstat's do.
pub(super) fn starts(head: &Head) -> bool {
    let first = head.text.lines().next().unwrap_or_default();
    is_psrecord(first)
        || is_dstat(first)
        || super::headed::is_dmon(first)
        || super::headed::is_cloudwatch(&head.text)
}

fn is_psrecord(line: &str) -> bool {
    line.starts_with('#') && line.contains("Elapsed time") && line.contains("CPU (%)")
}

fn is_dstat(line: &str) -> bool {
    let line = line.to_lowercase();
    line.contains("csv output") && ["dstat", "dool"].iter().any(|name| line.contains(name))
}

/// `psrecord PID --log FILE`: `# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)`, columns
/// set apart by blanks. Its MB are 1024² bytes (`psrecord/main.py`: `rss / 1024.**2`).
fn psrecord(head: &Head, path: &Path) -> Option<Plan> {
    let line = head.text.lines().next().filter(|line| is_psrecord(line))?;
    let line = line.trim_start_matches('#');
    let names = line.split("  ").map(str::trim);
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let columns = names.iter().map(|name| match CellUnit::of_header(name) {
        ("Timestamp", _) => Column::Axis {
            place: AxisPlace::Wall(WallFormat::Unix),
            run: None,
        },
        ("Elapsed time", _) => Column::Axis {
            place: AxisPlace::Relative(CellUnit::Seconds),
            run: None,
        },
        ("Real", _) => Column::Series {
            run: 0,
            described: described("Real", Metric::CpuMemory, Some(CellUnit::Mib)),
        },
        (key, Some(CellUnit::Mb)) => Column::Series {
            run: 0,
            described: described(key, Metric::Other, Some(CellUnit::Mib)),
        },
        (key, unit) => Column::Series {
            run: 0,
            described: described(key, Metric::Other, unit),
        },
    });
    Some(Plan {
        layout: "psrecord",
        delimiter: ' ',
        skip: 1,
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        header: names.clone(),
        ..Plan::default()
    })
}

/// `dstat --output FILE`, or its successors dool and pcp-dstat: a preamble, a row of groups, each
/// above its first column, a row of names; sizes in bytes. Its times name no year: that is in
/// the preamble. Without a column of times the rows are one second apart, dstat's default.
fn dstat(head: &Head, path: &Path) -> Option<Plan> {
    head.text.lines().next().filter(|line| is_dstat(line))?;
    let records = sniff::records(head.whole_lines(), ',');
    // The names come first in two rows that neither the preamble nor numbers are in.
    let preamble = |record: &&Vec<String>| {
        record.first().is_some_and(|cell| cell.ends_with(':')) || record.len() == 1
    };
    let skipped = records.iter().take_while(preamble).count();
    let (groups, names) = (records.get(skipped)?, records.get(skipped + 1)?);
    let rows = records.get(skipped + 2..).filter(|rows| !rows.is_empty())?;
    let mut group = String::new();
    let mut timed = false;
    let mut columns = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(named) = groups.get(at).filter(|group| !group.is_empty()) {
            group.clone_from(named);
        }
        let place = match (group.as_str(), name.as_str()) {
            (_, "epoch") => Some(WallFormat::Unix),
            ("system", "time") | (_, "date/time") => Some(WallFormat::Date),
            _ => None,
        };
        timed |= place.is_some();
        columns.push(match place {
            Some(format) => Column::Axis {
                place: AxisPlace::Wall(format),
                run: None,
            },
            None => Column::Series {
                run: 0,
                described: match (group.as_str(), name.as_str()) {
                    ("memory usage", "used") => described(
                        "memory usage/used",
                        Metric::CpuMemory,
                        Some(CellUnit::Bytes),
                    ),
                    ("memory usage", name) => described(
                        format!("memory usage/{name}"),
                        Metric::Other,
                        Some(CellUnit::Bytes),
                    ),
                    (group, name) => {
                        let key = format!("{group}/{name}");
                        described(key, Metric::Other, names::describe(name).unit)
                    }
                },
            },
        });
    }
    let mut plan = Plan {
        layout: "dstat",
        delimiter: ',',
        skip: skipped as u64 + 2,
        runs: vec![file_name::run_of(path)],
        columns,
        header: names.clone(),
        year: Some(year_of(&records[..skipped]).unwrap_or(1970)),
        row_seconds: (!timed).then_some(1.0),
        ..Plan::default()
    };
    if !timed {
        plan.notes.push(
            "no column of times: rows are taken as one second apart, dstat's default".to_owned(),
        );
    }
    plan.ignore_text(rows);
    Some(plan)
}

/// The year in `"Date:","03 Dec 2020 14:10:38 CST"`.
fn year_of(preamble: &[Vec<String>]) -> Option<i16> {
    let mut cells = preamble.iter().flatten();
    cells.find(|cell| *cell == "Date:")?;
    let date = cells.next()?;
    // A zone's letters do not tell the zone; the year does not depend on it but on one night.
    let date = date
        .rsplit_once(' ')
        .map_or(date.as_str(), |(date, _)| date);
    let seconds = Dates::default().read(date.as_bytes())?;
    let time = jiff::Timestamp::from_second(seconds as i64).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).year())
}
