//! JSON documents of trackers, monitors and trainers that are read whole: Keras' `history.json`, the
//! transformers trainer's `all_results.json`, CloudWatch's answers, SageMaker's description of a job,
//! gpustat, ClearML's plots, a run's summary.
//!
//! Enters: text of one document or several, one after another. Leaves: a filled collector.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use super::cell;
use super::collect::{At, Collector, TooMany};
use super::failed::fail;
use super::file_name;
use super::python_json::Strict;
use super::text::{Text, read_error};
use crate::error::Result;
use crate::run::model::{Metric, RunState};
use crate::run::names::{self, Described};
use crate::run::units::CellUnit;

/// The longest document that is read whole.
pub(super) const LONGEST: usize = 256 << 20;

/// Reads the documents of a file.
pub(super) fn read<R: Read>(path: &Path, text: Text<'_, R>) -> Result<Collector> {
    let mut strict = Vec::new();
    Strict::new(text.in_one(LONGEST))
        .read_to_end(&mut strict)
        .map_err(|error| read_error(path, 1, &error))?;
    let mut documents = Documents {
        run: file_name::run_of(path),
        file: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        collector: Collector::default(),
    };
    let values = serde_json::Deserializer::from_slice(&strict).into_iter::<Value>();
    for value in values {
        match value {
            Ok(value) => documents.take(&value).map_err(|TooMany| {
                fail(
                    path,
                    "whole file",
                    "names more than 100,000 runs and metrics",
                    "give a smaller log",
                )
            })?,
            Err(error) if error.is_eof() && documents.collector.rows > 0 => {
                documents.collector.torn = true;
                let line = error.line();
                let note = format!("the file ends in the middle of a document, at line {line}");
                documents.collector.notes.push(note);
            }
            Err(error) => {
                let place = format!("line {} column {}", error.line(), error.column());
                return Err(fail(
                    path,
                    &place,
                    error.to_string(),
                    "write or fetch the file again",
                ));
            }
        }
    }
    if documents.collector.runs.is_empty() {
        return Err(fail(
            path,
            "whole file",
            "is JSON with no loss and no memory in it",
            "give a log of a trainer, a tracker or a monitor",
        ));
    }
    Ok(documents.collector)
}

/// Whether a document that starts so is one of these.
pub(super) fn starts(text: &str) -> bool {
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    (has("gpus") && has("query_time"))
        || has("MetricDataResults")
        || (has("Datapoints") && has("Timestamp"))
        || has("TrainingJobName")
        || (text.trim_start().starts_with('[') && has("x") && has("y") && has("name"))
}

/// Whether names of a flat document are those of a run's results.
pub(super) fn is_result(name: &str) -> bool {
    names::is_about_the_run(name)
        || matches!(
            names::describe(name).metric,
            Metric::TrainLoss | Metric::EvalLoss
        )
}

struct Documents {
    run: String,
    file: String,
    collector: Collector,
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn time(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::String(text)) => cell::Dates::default()
            .read(text.as_bytes())
            .unwrap_or(f64::NAN),
        Some(value) => number(value).map_or(f64::NAN, cell::unix_seconds),
        None => f64::NAN,
    }
}

fn list<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn word<'a>(map: &'a Map<String, Value>, key: &str) -> &'a str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Documents {
    fn take(&mut self, document: &Value) -> Result<(), TooMany> {
        match document {
            Value::Object(map) if map.contains_key("gpus") => self.gpustat(map),
            Value::Object(map) if map.contains_key("MetricDataResults") => self.metric_data(map),
            Value::Object(map) if map.contains_key("Datapoints") => self.statistics(map),
            Value::Object(map) if map.contains_key("TrainingJobName") => self.training_job(map),
            Value::Object(map)
                if map
                    .values()
                    .any(|value| value.is_array() || has_rows(value)) =>
            {
                self.history(map)
            }
            Value::Object(map) => self.results(map),
            Value::Array(plots) => {
                for plot in plots.iter().filter_map(Value::as_object) {
                    self.plot(plot)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn put(&mut self, described: &Described, at: At, value: f64) -> Result<(), TooMany> {
        let run = self.collector.run(&self.run)?;
        let key = described.key.clone();
        let place = self.collector.metric(run, &key, |_| described.clone())?;
        self.collector.rows += 1;
        self.collector.begin(run, place.table, at);
        self.collector.put(place, value, None);
        Ok(())
    }

    /// `gpustat --json`: what it calls MB is MiB (`nvidia-smi` counts so).
    fn gpustat(&mut self, map: &Map<String, Value>) -> Result<(), TooMany> {
        let text = word(map, "query_time");
        let mut dates = cell::Dates::default();
        let wall = dates.read(text.as_bytes()).unwrap_or(f64::NAN);
        self.collector.local_times |= dates.is_local();
        let at = At {
            wall,
            ..At::UNKNOWN
        };
        for (place, gpu) in list(map, "gpus").iter().enumerate() {
            let Some(gpu) = gpu.as_object() else { continue };
            let index = gpu
                .get("index")
                .and_then(number)
                .map_or(place as u32, |index| index as u32);
            let Some(used) = gpu.get("memory.used").and_then(number) else {
                continue;
            };
            self.put(&gpu_memory(index), at, used)?;
        }
        Ok(())
    }

    /// `aws cloudwatch get-metric-data`.
    fn metric_data(&mut self, map: &Map<String, Value>) -> Result<(), TooMany> {
        for result in list(map, "MetricDataResults")
            .iter()
            .filter_map(Value::as_object)
        {
            let described = names::describe(word(result, "Label"));
            let times = list(result, "Timestamps");
            for (wall, value) in times.iter().zip(list(result, "Values")) {
                let at = At {
                    wall: time(Some(wall)),
                    ..At::UNKNOWN
                };
                if let Some(value) = number(value) {
                    self.put(&described, at, value)?;
                }
            }
        }
        Ok(())
    }

    /// `aws cloudwatch get-metric-statistics`: the average, or what else was asked for.
    fn statistics(&mut self, map: &Map<String, Value>) -> Result<(), TooMany> {
        let mut described = names::describe(word(map, "Label"));
        for point in list(map, "Datapoints").iter().filter_map(Value::as_object) {
            let statistics = ["Average", "Maximum", "Minimum", "Sum"];
            let value = statistics
                .iter()
                .find_map(|name| point.get(*name).and_then(number));
            let Some(value) = value else { continue };
            described.unit = CellUnit::parse(word(point, "Unit")).or(described.unit);
            if described.unit == Some(CellUnit::Percent) {
                described.metric = Metric::Other;
            }
            let at = At {
                wall: time(point.get("Timestamp")),
                ..At::UNKNOWN
            };
            self.put(&described, at, value)?;
        }
        Ok(())
    }

    /// `aws sagemaker describe-training-job`: the last value of each metric, and how long it took.
    fn training_job(&mut self, map: &Map<String, Value>) -> Result<(), TooMany> {
        word(map, "TrainingJobName").clone_into(&mut self.run);
        let run = self.collector.run(&self.run)?;
        let state = match word(map, "TrainingJobStatus") {
            "Completed" => RunState::Finished,
            "InProgress" | "Stopping" => RunState::Running,
            "Failed" | "Stopped" => RunState::Stopped,
            _ => RunState::Unknown,
        };
        self.collector.set_state(run, state);
        let seconds = map.get("TrainingTimeInSeconds").and_then(number);
        if let Some(seconds) = seconds {
            self.collector
                .about(run, "train_runtime".to_owned(), seconds);
        }
        let asked = map.get("HyperParameters").and_then(Value::as_object);
        for (name, value) in asked.into_iter().flatten() {
            let name = name.trim_matches('"');
            if names::is_about_the_run(name)
                && let Some(value) = number(value)
            {
                self.collector.about(run, name.to_owned(), value);
            }
        }
        for metric in list(map, "FinalMetricDataList")
            .iter()
            .filter_map(Value::as_object)
        {
            let Some(value) = metric.get("Value").and_then(number) else {
                continue;
            };
            let at = At {
                wall: time(metric.get("Timestamp")),
                ..At::UNKNOWN
            };
            self.put(&names::describe(word(metric, "MetricName")), at, value)?;
        }
        let named = self.collector.runs.get_mut(run);
        if let Some(named) = named {
            named.is_named = true;
        }
        Ok(())
    }

    /// Keras' `history.history`, as lists or as pandas writes columns: a number an epoch.
    fn history(&mut self, map: &Map<String, Value>) -> Result<(), TooMany> {
        for (name, values) in map {
            let described = names::describe(name);
            let numbers: Vec<Option<f64>> = match values {
                Value::Array(values) => values.iter().map(number).collect(),
                Value::Object(rows) => {
                    let mut rows: Vec<(u64, Option<f64>)> = rows
                        .iter()
                        .filter_map(|(row, value)| Some((row.parse().ok()?, number(value))))
                        .collect();
                    rows.sort_by_key(|(row, _)| *row);
                    rows.into_iter().map(|(_, value)| value).collect()
                }
                other => {
                    if names::is_about_the_run(name)
                        && let Some(value) = number(other)
                    {
                        let run = self.collector.run(&self.run)?;
                        self.collector.about(run, name.clone(), value);
                    }
                    continue;
                }
            };
            for (epoch, value) in numbers.into_iter().enumerate() {
                let at = At {
                    epoch: epoch as f64,
                    ..At::UNKNOWN
                };
                if let Some(value) = value {
                    self.put(&described, at, value)?;
                }
            }
        }
        Ok(())
    }

    /// `all_results.json`, `train_results.json`, `eval_results.json`: one number of each name.
    fn results(&mut self, map: &Map<String, Value>) -> Result<(), TooMany> {
        if !map.keys().any(|name| is_result(name)) {
            return Ok(());
        }
        let place = |name: &str| map.get(name).and_then(number).unwrap_or(f64::NAN);
        let at = At {
            step: place("step"),
            epoch: place("epoch"),
            ..At::UNKNOWN
        };
        for (name, value) in map {
            let Some(value) = number(value) else { continue };
            if names::is_about_the_run(name) {
                let run = self.collector.run(&self.run)?;
                self.collector.about(run, name.clone(), value);
            } else if names::axis(name).is_none() {
                self.put(&names::describe(name), at, value)?;
            }
        }
        Ok(())
    }

    /// ClearML's scalar plots: a series' name, its steps `x` and its values `y`. What is plotted
    /// stands in the file's name.
    fn plot(&mut self, plot: &Map<String, Value>) -> Result<(), TooMany> {
        let name = word(plot, "name");
        let mut described = names::describe(name);
        if described.metric == Metric::Other {
            described = names::describe(&format!("{name}/{}", self.file));
        }
        for (step, value) in list(plot, "x").iter().zip(list(plot, "y")) {
            let at = At {
                step: number(step).unwrap_or(f64::NAN),
                ..At::UNKNOWN
            };
            if let Some(value) = number(value) {
                self.put(&described, at, value)?;
            }
        }
        Ok(())
    }
}

/// `{"0": 3.3, "1": 2.6}`.
fn has_rows(value: &Value) -> bool {
    let rows = value.as_object().filter(|rows| !rows.is_empty());
    rows.is_some_and(|rows| {
        rows.iter()
            .all(|(row, value)| row.parse::<u64>().is_ok() && number(value).is_some())
    })
}

/// The memory of one GPU in MiB.
pub(super) fn gpu_memory(index: u32) -> Described {
    Described {
        key: format!("gpu {index} memory.used"),
        metric: Metric::GpuMemory(Some(index)),
        unit: Some(CellUnit::Mib),
    }
}
