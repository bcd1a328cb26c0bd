//! The same real runs in every layout: the same value at every step.

use layerscope::run::{Metric, Run, Series, Unit, join};

use crate::support::{run, runs, shared};

const RUNS: [&str; 5] = ["full", "spectrum-50", "spectrum-25", "spectrum-10", "qlora"];

/// Every layout's runs of that name.
fn layouts(name: &str) -> Option<Vec<(&'static str, Run)>> {
    let named = |runs: Vec<Run>| {
        runs.into_iter()
            .find(|run| run.name == name)
            .expect("the run")
    };
    let tags = ["train_loss", "eval_loss", "process_rss_bytes"];
    let tensorboard =
        tags.map(|tag| shared(&format!("tensorboard/{name}-tag-{tag}.csv")).map(|path| run(&path)));
    let tensorboard = tensorboard.into_iter().collect::<Option<Vec<_>>>()?;
    let mut charts = runs(&shared("wandb/wandb_export_train_loss.csv")?);
    charts.extend(runs(&shared("wandb/wandb_export_eval_loss.csv")?));
    Some(vec![
        ("jsonl", run(&shared(&format!("jsonl/{name}.jsonl"))?)),
        (
            "trainer state",
            run(&shared(&format!(
                "trainer_state/{name}.trainer_state.json"
            ))?),
        ),
        ("tensorboard", named(join(tensorboard))),
        (
            "wandb history",
            run(&shared(&format!("wandb/history-{name}.csv"))?),
        ),
        ("wandb charts", named(join(charts))),
        ("mlflow", named(runs(&shared("mlflow/metrics.csv")?))),
    ])
}

fn agree(a: &Series, b: &Series, tolerance: f64) {
    assert_eq!(a.unit, b.unit);
    assert_eq!(a.axis.steps, b.axis.steps, "{} and {}", a.key, b.key);
    for (a, b) in a.values.iter().zip(&b.values) {
        assert!((a - b).abs() <= tolerance * a.abs(), "{a} is not {b}");
    }
}

#[test]
fn the_layouts_of_one_run_agree() {
    for name in RUNS {
        let Some(layouts) = layouts(name) else { return };
        let (_, reference) = &layouts[0];
        for (layout, run) in &layouts {
            assert_eq!(run.name, name, "{layout}");
            assert_eq!(run.warnings, Vec::<String>::new(), "{layout}");
            for metric in [Metric::TrainLoss, Metric::EvalLoss] {
                let expected = reference.series_of(metric).expect("a loss");
                let found = run
                    .series_of(metric)
                    .unwrap_or_else(|| panic!("{layout} has no {metric:?}"));
                assert_eq!(
                    found.len(),
                    if metric == Metric::TrainLoss { 150 } else { 16 }
                );
                agree(expected, found, 1e-9);
            }
            if !["trainer state", "wandb charts"].contains(layout) {
                let expected = reference.series_of(Metric::CpuMemory).expect("memory");
                let found = run
                    .series_of(Metric::CpuMemory)
                    .unwrap_or_else(|| panic!("{layout} has no memory"));
                assert_eq!(found.unit, Unit::Bytes);
                agree(expected, found, 1e-9);
            }
            if !["trainer state", "wandb charts"].contains(layout) {
                let expected = &reference
                    .series_of(Metric::TrainLoss)
                    .expect("a loss")
                    .axis
                    .wall;
                let found = &run.series_of(Metric::TrainLoss).expect("a loss").axis.wall;
                assert_eq!(found.len(), expected.len(), "{layout}");
                for (a, b) in expected.iter().zip(found) {
                    // MLflow cuts times to milliseconds.
                    assert!((a - b).abs() < 2e-3, "{layout}: {a} is not {b}");
                }
            }
        }
    }
}

#[test]
fn what_the_real_logs_say_about_the_whole_run_is_kept() {
    let Some(path) = shared("jsonl/spectrum-50.jsonl") else {
        return;
    };
    let run = run(&path);
    assert_eq!(run.summary["trainable"], 81_412_992.0);
    assert_eq!(run.summary["total"], 134_515_008.0);
    let keys: Vec<&str> = run
        .series
        .iter()
        .map(|series| series.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "eval_loss",
            "rss",
            "loss",
            "grad_norm",
            "learning_rate",
            "t_after_eval"
        ]
    );
    assert_eq!(
        run.series_named("loss").expect("loss").axis.epochs.len(),
        150
    );
    assert_eq!(run.sources[0].rows, 151);
    assert_eq!(run.sources[0].layout, "JSON lines");

    let Some(path) = shared("trainer_state/full.trainer_state.json") else {
        return;
    };
    let run = crate::support::run(&path);
    assert_eq!(run.summary["train_runtime"], 436.299_927_234_649_66);
    assert_eq!(run.summary["max_steps"], 150.0);
    // The mean over the run that the trainer's last line holds is no point of the curve.
    assert!(run.series_named("train_loss").is_none());
}

#[test]
fn psrecord_agrees_with_what_the_process_logged_of_itself() {
    for name in ["full", "spectrum-25", "spectrum-50"] {
        let Some(path) = shared(&format!("psrecord/{name}.txt")) else {
            return;
        };
        let Some(log) = shared(&format!("jsonl/{name}.jsonl")) else {
            return;
        };
        let measured = run(&path);
        assert_eq!(measured.name, name);
        let measured = measured
            .series_of(Metric::CpuMemory)
            .expect("memory")
            .clone();
        let logged = run(&log)
            .series_of(Metric::CpuMemory)
            .expect("memory")
            .clone();
        assert_eq!(measured.axis.relative.len(), measured.len());
        // Sampled every two seconds and not at the log's moments, so alike and not the same. Its MB
        // are 1024²: taken as 10⁶ bytes they would be 5 % less.
        let median = |series: &Series| {
            let mut values = series.values.clone();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let ratio = median(&measured) / median(&logged);
        assert!((1.0..1.05).contains(&ratio), "{name}: {ratio}");
    }
}
