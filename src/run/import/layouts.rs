//! The tables of known loggers, recognized by their header.
//!
//! Enters: a table's first rows. Leaves: the plan to read it by; none when no logger writes such.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::HashMap;
use std::path::Path;

use super::file_name;
use super::plan::{AxisPlace, Column, Plan, described};
use super::sniff::Sniffed;
use super::table::MOST_COLUMNS;
use crate::run::mapping::WallFormat;
use crate::run::model::Metric;
use crate::run::names;
use crate::run::units::CellUnit;

/// The plan for a table of a known layout.
pub(super) fn known(table: &Sniffed, path: &Path) -> Option<Plan> {
    if let Some(plan) = super::plain_gpus::plan(table, path) {
        return Some(plan);
    }
    if !table.has_header || table.header.len() > MOST_COLUMNS {
        return None;
    }
    let ways = [
        tensorboard,
        mlflow,
        aim,
        nvidia_smi,
        runs_table,
        wandb_chart,
        wandb_history,
    ];
    let mut plan = ways.iter().find_map(|way| way(table, path))?;
    plan.delimiter = table.delimiter;
    plan.decimal_comma = table.decimal_comma;
    plan.skip = 1;
    plan.header.clone_from(&table.header);
    plan.ignore_text(&table.rows);
    Some(plan)
}

fn axis(place: AxisPlace) -> Column {
    Column::Axis { place, run: None }
}

/// TensorBoard's download of one scalar: `Wall time,Step,Value`. The run and the tag are only in
/// the file's name.
fn tensorboard(table: &Sniffed, path: &Path) -> Option<Plan> {
    if table.header != ["Wall time", "Step", "Value"] {
        return None;
    }
    let (run, tag) = file_name::tensorboard(path);
    Some(Plan {
        layout: "TensorBoard CSV",
        runs: vec![run],
        columns: vec![
            axis(AxisPlace::Wall(WallFormat::Unix)),
            axis(AxisPlace::Step),
            Column::series(0, &tag),
        ],
        ..Plan::default()
    })
}

/// MLflow's metrics: one value a row, the columns in any order. Times are milliseconds
/// (`mlflow.entities.Metric.timestamp`).
fn mlflow(table: &Sniffed, path: &Path) -> Option<Plan> {
    let has = |name: &str| table.header.iter().any(|cell| cell == name);
    if !(has("key") && has("value") && (has("step") || has("timestamp"))) {
        return None;
    }
    // A name says more than an identifier.
    let run = if has("run_name") {
        "run_name"
    } else {
        "run_id"
    };
    let columns = table.header.iter().map(|name| match name.as_str() {
        "key" => Column::MetricName,
        "value" => Column::Value,
        "step" => axis(AxisPlace::Step),
        "timestamp" => axis(AxisPlace::Wall(WallFormat::Unix)),
        name if name == run => Column::RunName,
        _ => Column::Ignore,
    });
    Some(Plan {
        layout: "MLflow",
        largest_is_infinite: true,
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        ..Plan::default()
    })
}

/// Aim's export: the name of the run and of the metric, what data it is of, one value a row.
fn aim(table: &Sniffed, path: &Path) -> Option<Plan> {
    let has = |name: &str| table.header.iter().any(|cell| cell == name);
    if !(has("metric.name") && has("value")) {
        return None;
    }
    let run = if has("run.name") {
        "run.name"
    } else {
        "run.hash"
    };
    let columns = table.header.iter().map(|name| match name.as_str() {
        "metric.name" => Column::MetricName,
        "value" => Column::Value,
        "context.subset" => Column::Subset,
        "step" => axis(AxisPlace::Step),
        "epoch" => axis(AxisPlace::Epoch),
        "time" => axis(AxisPlace::Wall(WallFormat::Unix)),
        name if name == run => Column::RunName,
        _ => Column::Ignore,
    });
    Some(Plan {
        layout: "Aim",
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        ..Plan::default()
    })
}

/// The table of runs that W&B and MLflow download: a row a run, with its last values.
fn runs_table(table: &Sniffed, path: &Path) -> Option<Plan> {
    let has = |name: &str| table.header.iter().any(|cell| cell == name);
    let wandb = has("Name") && has("State") && (has("Runtime") || has("Created"));
    let mlflow = has("Name") && has("Run ID") && has("Duration");
    if !(wandb || mlflow) {
        return None;
    }
    let seconds = || described("train_runtime", Metric::Other, Some(CellUnit::Seconds));
    let columns = table.header.iter().map(|name| match name.as_str() {
        "Name" => Column::RunName,
        "State" | "Status" => Column::State,
        "Runtime" | "Duration" => Column::Constant(seconds()),
        "_step" => axis(AxisPlace::Step),
        "Created" | "_timestamp" | "_runtime" | "_wandb" | "Start Time" | "Run ID" | "User"
        | "Notes" | "Tags" | "Sweep" | "ID" => Column::Ignore,
        name => Column::series(0, name),
    });
    Some(Plan {
        layout: "table of runs",
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        ..Plan::default()
    })
}

/// `nvidia-smi --query-gpu=… --format=csv`: units in brackets, one row a GPU and time.
fn nvidia_smi(table: &Sniffed, path: &Path) -> Option<Plan> {
    let named = |cell: &String| {
        let name = cell.split(" [").next().unwrap_or_default();
        [
            "memory.used",
            "memory.total",
            "memory.free",
            "utilization.gpu",
            "utilization.memory",
        ]
        .contains(&name)
    };
    if !table.header.iter().any(named) {
        return None;
    }
    // A script of one's own may have a column `gpu` beside an index that is always 0.
    let gpu = [
        "gpu",
        "gpu_id",
        "gpu_index",
        "index",
        "uuid",
        "gpu_uuid",
        "pci.bus_id",
        "gpu_bus_id",
        "serial",
    ];
    let gpu = gpu
        .iter()
        .find_map(|id| table.header.iter().position(|name| name == id));
    let columns = table.header.iter().enumerate().map(|(at, name)| {
        let (key, unit) = CellUnit::of_header(name);
        match key {
            "timestamp" => axis(AxisPlace::Wall(WallFormat::Date)),
            _ if Some(at) == gpu => Column::Gpu,
            "memory.used" => Column::Series {
                run: 0,
                described: described(
                    key,
                    Metric::GpuMemory(None),
                    Some(unit.unwrap_or(CellUnit::Mib)),
                ),
            },
            "memory.total" => Column::Constant(described(
                key,
                Metric::Other,
                Some(unit.unwrap_or(CellUnit::Mib)),
            )),
            "index" | "uuid" | "gpu_uuid" | "pci.bus_id" | "name" | "gpu_name" | "pstate"
            | "serial" | "driver_version" => Column::Ignore,
            _ => Column::Series {
                run: 0,
                described: described(key, Metric::Other, unit),
            },
        }
    });
    let mut notes = Vec::new();
    let by_time = gpu.is_none() && table.header.iter().any(|name| name == "timestamp");
    if by_time {
        notes.push(
            "the log does not say which GPU a row is of: rows of one time are taken as one GPU's each"
                .to_owned(),
        );
    } else if gpu.is_none() {
        notes.push(
            "the log says neither which GPU a row is of nor when: all rows are taken as one GPU's"
                .to_owned(),
        );
    }
    Some(Plan {
        layout: "nvidia-smi",
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        notes,
        gpu_by_time: by_time,
        ..Plan::default()
    })
}

/// The download of a W&B chart: a first column that says where, then three columns a run,
/// `NAME - METRIC` with its `__MIN` and `__MAX`; `NAME - _step` where the first column is not the
/// step; `Group: NAME - METRIC` is a mean over runs. The extremes are left out: of one run they
/// repeat the value, unless the chart was thinned.
fn wandb_chart(table: &Sniffed, _: &Path) -> Option<Plan> {
    let (first, rest) = table.header.split_first()?;
    // W&B lets any metric be the x axis, such as tokens; only a step, an epoch or a time says where
    // a row is.
    let role = names::axis(first);
    if rest.is_empty() || first.contains(" - ") || !rest.iter().all(|name| name.contains(" - ")) {
        return None;
    }
    let mut plan = Plan {
        layout: "W&B chart",
        columns: vec![role.map_or(Column::Ignore, |role| Column::of_role(role, first))],
        ..Plan::default()
    };
    if role.is_none() {
        plan.notes.push(format!(
            "the chart is drawn over {first}, which is neither a step nor a time"
        ));
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    for name in rest {
        let (owner, metric) = name.rsplit_once(" - ")?;
        let grouped = owner.strip_prefix("Group: ");
        let run_name = grouped.unwrap_or(owner);
        if metric.ends_with("__MIN") || metric.ends_with("__MAX") {
            plan.columns.push(Column::Ignore);
            continue;
        }
        let run = *places.entry(run_name).or_insert_with(|| {
            plan.runs.push(run_name.to_owned());
            plan.runs.len() - 1
        });
        if grouped.is_some() && plan.notes.is_empty() {
            plan.notes
                .push("columns that start with “Group:” are means over several runs".to_owned());
        }
        plan.columns.push(
            match Column::of_role(names::axis(metric).unwrap_or_default(), metric) {
                Column::Axis { place, .. } => Column::Axis {
                    place,
                    run: Some(run),
                },
                _ => Column::series(run, metric),
            },
        );
    }
    Some(plan)
}

/// A run's history from W&B's API, a column a metric. `_step` counts calls of `wandb.log`; where the
/// trainer logs its own count (transformers' `train/global_step`, Lightning's
/// `trainer/global_step`), that is the step.
fn wandb_history(table: &Sniffed, path: &Path) -> Option<Plan> {
    let has = |name: &str| table.header.iter().any(|cell| cell == name);
    let own = ["_step", "_runtime", "_timestamp"]
        .iter()
        .filter(|name| has(name))
        .count();
    let system = table.header.iter().any(|name| name.starts_with("system."));
    if own < 2 && !(own == 1 && (system || has("_step"))) {
        return None;
    }
    let steps = ["train/global_step", "trainer/global_step"];
    let step = steps.into_iter().find(|name| has(name)).unwrap_or("_step");
    let columns = table.header.iter().map(|name| match name.as_str() {
        name if name == step => axis(AxisPlace::Step),
        // pandas writes the rows' numbers under no name.
        "_step" | "" | "Unnamed: 0" => Column::Ignore,
        "_runtime" => axis(AxisPlace::Relative(CellUnit::Seconds)),
        "_timestamp" => axis(AxisPlace::Wall(WallFormat::Unix)),
        "epoch" | "train/epoch" => axis(AxisPlace::Epoch),
        name => Column::series(0, name),
    });
    Some(Plan {
        layout: "W&B history",
        runs: vec![file_name::run_of(path)],
        columns: columns.collect(),
        ..Plan::default()
    })
}
