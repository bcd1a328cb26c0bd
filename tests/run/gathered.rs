//! Files and folders put together: which are one run, and what it is called.

use std::path::{Path, PathBuf};

use layerscope::progress::Progress;
use layerscope::run::{GatherOptions, Gathered, LogPath, Metric, gather};

/// A folder with these files in it.
fn laid(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("project")
        .tempdir()
        .expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    folder
}

fn options() -> GatherOptions {
    GatherOptions {
        guess_tables: true,
        stop_at_problems: true,
        ..GatherOptions::default()
    }
}

fn of(root: &Path, logs: &[&str], options: &GatherOptions) -> Gathered {
    let logs: Vec<LogPath> = logs
        .iter()
        .map(|log| {
            let (name, path) = match log.split_once('=') {
                Some((name, path)) => (Some(name.to_owned()), path),
                None => (None, *log),
            };
            LogPath {
                name,
                path: root.join(path),
            }
        })
        .collect();
    gather(&logs, options, &Progress::default()).expect("gathered")
}

fn names(gathered: &Gathered) -> Vec<&str> {
    gathered.runs.iter().map(|run| run.name.as_str()).collect()
}

const STATE: &str = r#"{"log_history": [{"loss": 2.0, "step": 1, "epoch": 0.5}, {"loss": 1.0, "step": 2, "epoch": 1.0}], "max_steps": 2}"#;
const LOSS: &str = "step,loss\n1,2.0\n2,1.5\n";
const MEMORY: &str = "timestamp, index, memory.used [MiB]\n2025/05/22 09:42:33.000, 0, 100 MiB\n2025/05/22 09:42:34.000, 0, 200 MiB\n";

#[test]
fn a_folder_is_a_run() {
    let folder = laid(&[
        ("full/trainer_state.json", STATE),
        ("full/gpu.csv", MEMORY),
        ("qlora/trainer_state.json", STATE),
        ("qlora/gpu.csv", MEMORY),
        ("qlora/config.json", "{\"hidden_size\": 3}"),
        ("qlora/readme.md", "The loss was 3.1 at step 5.\n"),
    ]);
    for logs in [
        vec![""],
        vec!["full", "qlora"],
        vec![
            "full/trainer_state.json",
            "qlora/trainer_state.json",
            "full/gpu.csv",
            "qlora/gpu.csv",
        ],
    ] {
        let gathered = of(folder.path(), &logs, &options());
        assert_eq!(names(&gathered), ["full", "qlora"], "{logs:?}");
        for run in &gathered.runs {
            assert_eq!(run.sources.len(), 2, "{logs:?}");
            assert!(run.series_of(Metric::GpuMemory(Some(0))).is_some());
        }
    }
}

#[test]
fn names_tell_runs_apart() {
    let cases: [(&[&str], &[&str]); 6] = [
        (&["a/run1/log.csv", "b/run1/log.csv"], &["a", "b"]),
        (
            &[
                "full/outputs/checkpoint-40/log.csv",
                "qlora/outputs/checkpoint-40/log.csv",
            ],
            &["full", "qlora"],
        ),
        (
            &["logs/version_0/metrics.csv", "logs/version_1/metrics.csv"],
            &["version_0", "version_1"],
        ),
        (&["full.csv", "qlora.csv"], &["full", "qlora"]),
        (
            &["full/slurm-17.csv", "qlora/slurm-18.csv"],
            &["full", "qlora"],
        ),
        (&["A=x/loss.csv", "A=y/loss.csv"], &["A"]),
    ];
    for (logs, expected) in cases {
        let files: Vec<(&str, &str)> = logs
            .iter()
            .map(|log| (log.split_once('=').map_or(*log, |(_, path)| path), LOSS))
            .collect();
        let folder = laid(&files);
        let gathered = of(folder.path(), logs, &options());
        assert_eq!(names(&gathered), expected, "{logs:?}");
    }
}

#[test]
fn of_checkpoints_the_last_has_it_all() {
    let early = r#"{"log_history": [{"loss": 9.0, "step": 1}]}"#;
    let folder = laid(&[
        ("full/checkpoint-900/trainer_state.json", early),
        ("full/checkpoint-1000/trainer_state.json", STATE),
    ]);
    let gathered = of(folder.path(), &["full"], &options());
    assert_eq!(names(&gathered), ["full"]);
    assert_eq!(gathered.runs[0].sources.len(), 1);
    assert_eq!(
        gathered.runs[0]
            .series_named("loss")
            .expect("a loss")
            .values,
        [2.0, 1.0]
    );
}

#[test]
fn what_a_tracker_puts_below_belongs_to_the_run() {
    let folder = laid(&[
        ("full/trainer_state.json", STATE),
        ("full/logs/gpu.csv", MEMORY),
        ("qlora/trainer_state.json", STATE),
        ("qlora/logs/gpu.csv", MEMORY),
    ]);
    let gathered = of(folder.path(), &[""], &options());
    assert_eq!(names(&gathered), ["full", "qlora"]);
    assert!(gathered.runs.iter().all(|run| run.sources.len() == 2));
}

#[test]
fn overlapping_steps_are_a_question() {
    let folder = laid(&[
        ("run/log-1.csv", "step,loss\n1,3\n2,2.5\n3,2\n"),
        ("run/log-2.csv", "step,loss\n3,1.5\n4,1\n"),
    ]);
    let logs = ["run/log-1.csv", "run/log-2.csv"];
    let gathered = of(folder.path(), &logs, &options());
    assert_eq!(names(&gathered), ["run"]);
    assert_eq!(gathered.runs[0].series[0].values, [3.0, 2.5, 1.5, 1.0]);
    let [overlap] = gathered.overlaps.as_slice() else {
        panic!("{:?}", gathered.overlaps);
    };
    assert_eq!(overlap.steps, (3.0, 3.0));
    let second: PathBuf = overlap.second.clone();
    let separate = GatherOptions {
        separate: vec![second],
        ..options()
    };
    let gathered = of(folder.path(), &logs, &separate);
    assert_eq!(gathered.runs.len(), 2);
    assert!(gathered.overlaps.is_empty());
}

#[test]
fn a_folder_without_logs_says_so() {
    let folder = laid(&[("docs/readme.md", "nothing\n"), ("docs/config.json", "{}")]);
    let logs = [LogPath::from(folder.path().join("docs"))];
    let error = gather(&logs, &options(), &Progress::default()).expect_err("no logs");
    assert!(error.to_string().contains("holds no run log"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_pipe_in_the_place_of_a_runs_description_is_not_waited_for() {
    let meta = "run_id: 0f3a\nrun_name: tuned\nstatus: 3\n";
    let loss = "1700000000000 2.5 1\n1700000060000 2.0 2\n";
    let folder = laid(&[("a/meta.yaml", meta), ("a/metrics/loss", loss)]);
    let pipe = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        made.is_ok_and(|status| status.success())
    };
    if !pipe("a/tags/mlflow.runName") || !pipe("b/meta.yaml") {
        eprintln!("skipped: no mkfifo");
        return;
    }
    std::fs::create_dir_all(folder.path().join("b/metrics")).expect("made");
    let gathered = of(folder.path(), &["."], &options());
    assert_eq!(names(&gathered), ["tuned"]);
    let loss = gathered
        .runs
        .first()
        .and_then(|run| run.series_of(Metric::TrainLoss));
    assert_eq!(
        loss.map(|series| series.values.clone()),
        Some(vec![2.5, 2.0])
    );
}
