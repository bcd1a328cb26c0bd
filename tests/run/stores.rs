//! Stores that the loggers' own libraries wrote (`stores/make.py`): the values that these read back.

use std::path::{Path, PathBuf};

use layerscope::progress::Progress;
use layerscope::run::{GatherOptions, LogPath, Run, RunState, gather, import};
use serde_json::Value;

use crate::support::refused;

fn store(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/run/stores")
        .join(name)
}

fn gathered(path: &Path) -> Vec<Run> {
    let options = GatherOptions {
        stop_at_problems: true,
        ..GatherOptions::default()
    };
    let logs = [LogPath::from(path.to_path_buf())];
    gather(&logs, &options, &Progress::default())
        .expect("runs")
        .runs
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(word) => word.parse().expect("NaN or infinity"),
        other => other.as_f64().expect("a number"),
    }
}

/// The stores, each with what its library read back.
fn expected() -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(store("expected.json")).expect("expected.json");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let stores = document["stores"].as_object().expect("stores").clone();
    stores.into_iter().collect()
}

#[test]
fn values_are_those_that_the_libraries_read_back() {
    let stores = expected();
    assert_eq!(stores.len(), 5);
    for (name, series) in stores {
        let runs = gathered(&store(&name));
        let [run] = runs.as_slice() else {
            panic!("{name}: {} runs", runs.len());
        };
        assert_eq!(run.name, "full", "{name}");
        for (key, rows) in series.as_object().expect("series") {
            let read = run
                .series_named(key)
                .unwrap_or_else(|| panic!("{name} has no {key}"));
            let rows = rows.as_array().expect("rows");
            assert_eq!(read.len(), rows.len(), "{name}: {key}");
            for (at, row) in rows.iter().enumerate() {
                assert_eq!(read.axis.steps[at], number(&row[0]), "{name}: {key}");
                let (value, known) = (read.values[at], number(&row[1]));
                let same = value.total_cmp(&known).is_eq()
                    || value.is_nan() && known.is_nan()
                    || (value - known).abs() <= 1e-12 * known.abs();
                assert!(same, "{name}: {key} at {}: {value}, not {known}", row[0]);
            }
        }
    }
}

#[test]
fn ended_runs_are_known_to_have_ended() {
    for name in ["wandb-run", "mlruns", "mlflow.db"] {
        assert_eq!(
            gathered(&store(name))[0].state,
            RunState::Finished,
            "{name}"
        );
    }
}

/// The one file below a folder that `wanted` picks.
fn file_in(folder: &Path, wanted: fn(&str) -> bool) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    names
        .into_iter()
        .find(|path| wanted(&path.to_string_lossy()))
        .expect("a file")
}

#[test]
fn stores_cut_anywhere_give_what_is_whole() {
    let event = file_in(&store("tensorboard/full"), |name| name.ends_with("vm.4"));
    let wandb = store("wandb-run/run-full.wandb");
    for path in [event, wandb] {
        let whole = std::fs::read(&path).expect("a store");
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join(path.file_name().expect("a name"));
        let mut values = 0;
        for cut in (0..whole.len()).step_by(37) {
            std::fs::write(&copy, &whole[..cut]).expect("written");
            let runs = match import(&copy, &Progress::default()) {
                Ok(layerscope::run::Imported::Runs(runs)) => runs,
                Ok(other) => panic!("{other:?}"),
                Err(_) => continue,
            };
            let now: usize = runs
                .iter()
                .flat_map(|run| &run.series)
                .map(layerscope::run::Series::len)
                .sum();
            assert!(
                now >= values,
                "{}: {now} values of {cut} bytes",
                path.display()
            );
            values = now;
            assert!(
                runs.iter()
                    .all(|run| run.state != RunState::Finished || cut + 40 > whole.len())
            );
        }
        assert!(values > 5);
    }
}

#[test]
fn damaged_records_are_counted_and_not_believed() {
    let event = file_in(&store("tensorboard/full"), |name| name.ends_with("vm.0"));
    let mut bytes = std::fs::read(&event).expect("a store");
    // In the data of the second record.
    let first = u64::from_le_bytes(bytes[..8].try_into().expect("8 bytes")) as usize + 16;
    bytes[first + 14] ^= 0xff;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("events.out.tfevents.1.host");
    std::fs::write(&path, &bytes).expect("written");
    let runs = gathered(&path);
    assert_eq!(runs[0].sources[0].bad_rows, 1);
    assert_eq!(runs[0].series[0].len(), 6);
    // A length that is damaged: nothing behind it can be found.
    bytes[first] ^= 0xff;
    std::fs::write(&path, &bytes).expect("written");
    let error = refused(&path);
    assert!(error.contains("no row with a value"), "{error}");
}

#[test]
fn other_databases_are_no_logs() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.db");
    std::fs::write(&path, b"SQLite format 3\0 and then nothing of the kind").expect("written");
    let error = refused(&path);
    assert!(error.contains("SQLite"), "{error}");
}

#[test]
fn databases_and_what_lies_beside_them_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mlflow.db");
    std::fs::copy(store("mlflow.db"), &path).expect("copied");
    let before = std::fs::read(&path).expect("a database");
    gathered(&path);
    assert_eq!(std::fs::read(&path).expect("a database"), before);
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1
    );
}
