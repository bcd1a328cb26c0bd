//! What is odd in logs: repeated and unordered steps, restarts, units left out. Nothing is lost
//! without a word.

use layerscope::progress::Progress;
use layerscope::run::{Metric, Run, import_mapped};

use crate::support::{run, table, written};

fn of_lines(lines: &[&str]) -> Run {
    let (_folder, path) = written("x.jsonl", lines.join("\n"));
    run(&path)
}

#[test]
fn a_resumed_run_counts_last() {
    let run = of_lines(&[
        r#"{"step": 1, "loss": 3.0, "t": 1}"#,
        r#"{"step": 2, "loss": 2.5, "t": 2}"#,
        r#"{"step": 3, "loss": 2.4, "t": 3}"#,
        r#"{"step": 2, "loss": 2.6, "t": 14}"#,
        r#"{"step": 3, "loss": 2.3, "t": 15}"#,
        r#"{"step": 4, "loss": 2.2, "t": 16}"#,
    ]);
    assert_eq!(run.series[0].axis.steps, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(run.series[0].values, [3.0, 2.6, 2.3, 2.2]);
    assert_eq!(run.series[0].axis.relative, [1.0, 14.0, 15.0, 16.0]);
    assert_eq!(
        run.warnings,
        [
            "loss: 2 values of steps 2 to 3 were logged again, as after a resumed run: the last ones count"
        ]
    );
}

#[test]
fn train_and_eval_of_one_step_are_not_each_other_s_duplicates() {
    let run = of_lines(&[
        r#"{"step": 1, "loss": 3.0}"#,
        r#"{"step": 1, "eval_loss": 3.1}"#,
        r#"{"step": 2, "loss": 2.5}"#,
        r#"{"step": 2, "eval_loss": 2.6}"#,
    ]);
    assert_eq!(
        run.series_of(Metric::TrainLoss).expect("a loss").values,
        [3.0, 2.5]
    );
    assert_eq!(
        run.series_of(Metric::EvalLoss).expect("a loss").values,
        [3.1, 2.6]
    );
    assert!(run.warnings.is_empty(), "{:?}", run.warnings);
}

#[test]
fn steps_out_of_order_are_sorted() {
    let run = of_lines(&[
        r#"{"step": 3, "loss": 1.0}"#,
        r#"{"step": 1, "loss": 3.0}"#,
        r#"{"step": 2, "loss": 2.0}"#,
    ]);
    assert_eq!(run.series[0].values, [3.0, 2.0, 1.0]);
    assert_eq!(run.warnings, ["loss: not in order 1 times: sorted"]);
}

#[test]
fn steps_that_start_again_each_epoch_are_counted_on() {
    let run = of_lines(&[
        r#"{"epoch": 1, "step": 1, "loss": 4.0}"#,
        r#"{"epoch": 1, "step": 2, "loss": 3.0}"#,
        r#"{"epoch": 2, "step": 1, "loss": 2.0}"#,
        r#"{"epoch": 2, "step": 2, "loss": 1.0}"#,
    ]);
    assert_eq!(run.series[0].axis.steps, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(run.series[0].values, [4.0, 3.0, 2.0, 1.0]);
    assert!(run.warnings[0].contains("with each epoch"));
    let run = of_lines(&[
        r#"{"epoch": 1, "step": 0, "loss": 4.0}"#,
        r#"{"epoch": 1, "step": 10, "loss": 3.0}"#,
        r#"{"epoch": 2, "step": 0, "loss": 2.0}"#,
        r#"{"epoch": 2, "step": 10, "loss": 1.0}"#,
    ]);
    assert_eq!(run.series[0].axis.steps, [0.0, 10.0, 20.0, 30.0]);
    assert_eq!(run.series[0].len(), 4);
}

#[test]
fn rows_without_a_step_among_rows_with_one_are_all_kept() {
    let run = of_lines(&[
        r#"{"step": 1, "gpu_mem_gb": 1}"#,
        r#"{"wall": 1747906954, "gpu_mem_gb": 2}"#,
        r#"{"wall": 1747906955, "gpu_mem_gb": 3}"#,
        r#"{"step": 2, "gpu_mem_gb": 4}"#,
    ]);
    assert_eq!(run.series[0].values, [1e9, 2e9, 3e9, 4e9]);
    assert!(run.series[0].axis.steps[1].is_nan());
}

#[test]
fn the_clock_of_a_restarted_process_is_counted_on() {
    let run = of_lines(&[
        r#"{"step": 1, "loss": 4.0, "elapsed": 10}"#,
        r#"{"step": 2, "loss": 3.0, "elapsed": 20}"#,
        r#"{"step": 3, "loss": 2.0, "elapsed": 5}"#,
        r#"{"step": 4, "loss": 1.0, "elapsed": 15}"#,
    ]);
    assert_eq!(run.series[0].axis.relative, [10.0, 20.0, 25.0, 35.0]);
    assert!(run.warnings[0].contains("begins again"));
}

#[test]
fn memory_without_a_unit_is_read_by_its_size() {
    let run = of_lines(&[
        r#"{"step": 1, "gpu_memory": 23.5, "rss": 1418530816, "gpu_memory_gb": 2.5}"#,
        r#"{"step": 2, "gpu_memory": 24, "rss": 1418530817, "gpu_memory_gb": 2.5}"#,
    ]);
    let gpu = run.series_named("gpu_memory").expect("memory");
    assert_eq!(gpu.values[1], 24.0 * 1_073_741_824.0);
    assert_eq!(
        run.series_named("rss").expect("memory").values[0],
        1_418_530_816.0
    );
    assert_eq!(
        run.series_named("gpu_memory_gb").expect("memory").values[0],
        2.5e9
    );
    assert_eq!(
        run.warnings,
        ["gpu_memory names no unit: read as GiB by its size"]
    );
}

#[test]
fn of_several_measures_of_a_gpu_one_counts() {
    let run = of_lines(&[
        r#"{"step": 1, "memory/max_active (GiB)": 2, "memory/device_reserved (GiB)": 4, "memory/max_allocated (GiB)": 3}"#,
    ]);
    let counted: Vec<&str> = run
        .series
        .iter()
        .filter(|series| matches!(series.metric, Metric::GpuMemory(_)))
        .map(|series| series.key.as_str())
        .collect();
    assert_eq!(counted, ["memory/device_reserved"]);
}

#[test]
fn epochs_alone_place_but_do_not_count_as_steps() {
    let (_folder, path) = written("x.csv", "epoch,loss\n1,3\n1,2.5\n2,2\n");
    let runs = import_mapped(&path, &table(&path).guess, &Progress::default()).expect("mapped");
    assert_eq!(runs[0].series[0].axis.epochs, [1.0, 1.0, 2.0]);
    assert_eq!(runs[0].series[0].len(), 3);
    assert!(runs[0].series[0].axis.steps.is_empty());
}

#[test]
fn nested_members_are_named_by_their_path() {
    let run = of_lines(&[
        r#"{"step": 1, "train": {"loss": 2.0, "deep": {"x": 1}}, "tags": ["a"], "ok": true, "n": null}"#,
    ]);
    let keys: Vec<&str> = run
        .series
        .iter()
        .map(|series| series.key.as_str())
        .collect();
    assert_eq!(keys, ["train/loss", "train/deep/x"]);
    assert_eq!(run.series[0].metric, Metric::TrainLoss);
}

#[test]
fn a_gap_is_said_and_a_way_of_logging_is_none() {
    let line = |step: usize| format!("{{\"step\": {step}, \"loss\": 1.0}}");
    let steps = (0..30).chain(60..90);
    let lines: Vec<String> = steps.map(line).collect();
    let run = of_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        run.warnings,
        ["loss: nothing was logged between steps 29 and 60"]
    );
    // Each step at first, then every fiftieth.
    let steps = (0..30).chain((50..1000).step_by(50));
    let lines: Vec<String> = steps.map(line).collect();
    let run = of_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(run.warnings.is_empty(), "{:?}", run.warnings);
}
