//! Tables whose header is set apart from what usual ones have: `nvidia-smi dmon`, CloudWatch's CSV.
//!
//! Enters: the first part of a file. Leaves: the plan to read it by.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

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

/// How many lines a title over CloudWatch's header may have.
const TITLE_LINES: usize = 8;

fn axis(place: AxisPlace) -> Column {
    Column::Axis { place, run: None }
}

/// Whether a line is the header of `nvidia-smi dmon`: `# gpu    pwr  gtemp …`.
pub(super) fn is_dmon(line: &str) -> bool {
    let mut words = line.trim_start_matches('#').split_whitespace();
    let known = ["sm", "fb", "pwr", "gtemp", "mem", "rxpci"];
    line.starts_with('#')
        && words.any(|word| word == "gpu")
        && words.any(|word| known.contains(&word))
}

/// `nvidia-smi dmon`, also with `-o D`, `-o T`, `-o DT`: columns set apart by blanks, the header
/// again now and then. What it calls MB of `fb` is MiB.
pub(super) fn dmon(head: &Head, path: &Path) -> Option<Plan> {
    let line = head.text.lines().next().filter(|line| is_dmon(line))?;
    let names = line.trim_start_matches('#').split_whitespace();
    let names: Vec<String> = names.map(str::to_owned).collect();
    let columns = names.iter().map(|name| match name.as_str() {
        "gpu" => Column::Gpu,
        "Date" => axis(AxisPlace::Day),
        "Time" => axis(AxisPlace::Clock),
        "fb" => Column::Series {
            run: 0,
            described: described("fb", Metric::GpuMemory(None), Some(CellUnit::Mib)),
        },
        name => Column::Series {
            run: 0,
            described: described(name, Metric::Other, None),
        },
    });
    let columns: Vec<Column> = columns.collect();
    head.text
        .lines()
        .find(|line| !line.starts_with('#') && !line.trim().is_empty())?;
    let mut notes = Vec::new();
    if !names.iter().any(|name| name == "fb") {
        notes.push("has no column fb, the memory in use: run dmon with -s um".to_owned());
    }
    Some(Plan {
        layout: "nvidia-smi dmon",
        delimiter: ' ',
        runs: vec![file_name::run_of(path)],
        columns,
        skip_comments: true,
        notes,
        ..Plan::default()
    })
}

/// Where the last line of CloudWatch's header is.
fn label_line(text: &str) -> Option<usize> {
    let is_label = |line: &str| {
        let first = line.split(',').next().unwrap_or_default().trim_matches('"');
        line.contains(',') && matches!(first, "Label" | "Full label")
    };
    let lines: Vec<&str> = text.lines().take(TITLE_LINES).collect();
    let labels = lines.iter().rposition(|line| is_label(line))?;
    let row = text.lines().nth(labels + 1)?;
    let date = row.split(',').next()?.trim_matches('"');
    Dates::default().read(date.as_bytes()).map(|_| labels)
}

/// Whether a text is a download of CloudWatch's page of metrics.
pub(super) fn is_cloudwatch(text: &str) -> bool {
    label_line(text).is_some()
}

/// CloudWatch's download of a graph: perhaps a title, lines `Full label` and `Label` with a name for
/// each column, then rows of a date and the values.
pub(super) fn cloudwatch(head: &Head, path: &Path) -> Option<Plan> {
    let label = label_line(&head.text)?;
    let records = sniff::records(head.whole_lines(), ',');
    let lines = head.text.lines().take(label + 1);
    let before = lines.filter(|line| !line.trim().is_empty()).count();
    let names = records.get(before.checked_sub(1)?)?;
    let width = records.get(before)?.len();
    // Empty cells may stand between the word and the names.
    let labels = names
        .iter()
        .skip(1)
        .filter(|name| !name.is_empty())
        .cloned();
    let header: Vec<String> = std::iter::once("Label".to_owned())
        .chain(labels)
        .take(width)
        .collect();
    let columns = header.iter().enumerate().map(|(at, name)| {
        if at == 0 {
            return axis(AxisPlace::Wall(WallFormat::Date));
        }
        let mut described = names::describe(name);
        if name.contains("Utilization") {
            (described.metric, described.unit) = (Metric::Other, Some(CellUnit::Percent));
        }
        Column::Series { run: 0, described }
    });
    Some(Plan {
        layout: "CloudWatch CSV",
        delimiter: ',',
        skip: before as u64,
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        header: header.clone(),
        ..Plan::default()
    })
}
