//! Each layout, from a file as its logger writes it.

use layerscope::run::{Metric, Run, Series, Unit};

use crate::support::{fixture, run, runs, written};

const MIB: f64 = 1_048_576.0;
/// 2025-05-22T09:42:33Z.
const MORNING: f64 = 1_747_906_953.0;

fn series<'a>(run: &'a Run, key: &str) -> &'a Series {
    let keys = || {
        run.series
            .iter()
            .map(|series| &series.key)
            .collect::<Vec<_>>()
    };
    run.series_named(key)
        .unwrap_or_else(|| panic!("no {key} in {:?}", keys()))
}

#[test]
fn tensorboard_json() {
    let run = run(&fixture("run-full-tag-eval_loss.json"));
    assert_eq!(run.name, "full");
    let loss = series(&run, "eval_loss");
    assert_eq!(loss.metric, Metric::EvalLoss);
    assert_eq!(loss.axis.steps, [0.0, 10.0, 20.0, 30.0]);
    assert_eq!(loss.axis.wall[1], 1_795_434_274.788);
    assert!(loss.values[2].is_nan());
    assert_eq!(loss.values[3], 2.917_318_582_534_79);
    assert_eq!(
        run.warnings,
        ["eval_loss: 1 of 4 values are NaN or infinite"]
    );
}

#[test]
fn wandb_chart_by_relative_time_with_the_step_of_each_run() {
    let runs = runs(&fixture("wandb_relative_time.csv"));
    let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["brisk-pond-1", "calm-sea-2"]);
    let loss = series(&runs[1], "train/loss");
    assert_eq!(loss.metric, Metric::TrainLoss);
    assert_eq!(loss.axis.relative, [7.5, 12.25]);
    assert_eq!(loss.axis.steps, [1.0, 2.0]);
    assert_eq!(loss.values, [3.2, 2.9]);
    assert_eq!(runs[0].series.len(), 1, "the extremes are left out");
    assert_eq!(runs[0].sources[0].layout, "W&B chart");
}

#[test]
fn wandb_chart_of_groups() {
    let runs = runs(&fixture("wandb_grouped.csv"));
    assert_eq!(runs[0].name, "spectrum - 50");
    assert_eq!(series(&runs[0], "eval/loss").axis.steps, [10.0, 20.0]);
    assert_eq!(series(&runs[1], "eval/loss").values, [2.7, 2.3]);
    assert!(runs[0].warnings[0].contains("means over several runs"));
}

#[test]
fn wandb_history_with_system_metrics() {
    let run = run(&fixture("wandb_history.csv"));
    let gpu = series(&run, "system.gpu.0.memoryAllocatedBytes");
    assert_eq!(
        (gpu.metric, gpu.unit),
        (Metric::GpuMemory(Some(0)), Unit::Bytes)
    );
    assert_eq!(gpu.values[0], 11_707_351_040.0);
    assert_eq!(
        series(&run, "system.gpu.1.memoryAllocatedBytes").metric,
        Metric::GpuMemory(Some(1))
    );
    for percentage in ["system.gpu.0.memoryAllocated", "system.gpu.0.memory"] {
        let percentage = series(&run, percentage);
        assert_eq!(
            (percentage.metric, percentage.unit),
            (Metric::Other, Unit::Percent)
        );
    }
    let rss = series(&run, "system.proc.memory.rssMB");
    assert_eq!((rss.metric, rss.unit), (Metric::CpuMemory, Unit::Bytes));
    assert_eq!(rss.values, [2048.0 * MIB, 2049.5 * MIB, 2050.0 * MIB]);
    assert_eq!(rss.axis.relative, [0.5, 1.5, 2.5]);
    assert_eq!(rss.axis.wall[0], MORNING + 0.5);
    assert_eq!(series(&run, "eval/loss").axis.steps, [2.0]);
    assert!(run.series_named("state").is_none());
    assert_eq!(run.sources[0].bad_rows, 0);
}

#[test]
fn wandb_history_of_a_trainer_that_counts_its_own_steps() {
    let text = "_step,_runtime,_timestamp,train/loss,eval/loss,train/global_step\n\
                0,1,1747906953,2.5,,10\n1,2,1747906954,,2.6,10\n2,3,1747906955,2.25,,20\n";
    let (_folder, path) = written("history-a.csv", text);
    let run = run(&path);
    assert_eq!(series(&run, "train/loss").axis.steps, [10.0, 20.0]);
    assert_eq!(series(&run, "eval/loss").axis.steps, [10.0]);
    assert_eq!(run.series.len(), 2);
}

#[test]
fn mlflow_in_any_order_with_the_machine_measured_between_steps() {
    let run = run(&fixture("mlflow_system.csv"));
    assert_eq!(run.name, "a1b2");
    assert_eq!(series(&run, "loss").axis.steps, [0.0, 10.0, 20.0]);
    let gpu = series(&run, "system/gpu_0_memory_usage_megabytes");
    assert_eq!(gpu.metric, Metric::GpuMemory(Some(0)));
    assert_eq!(gpu.values[0], 11_707.3 * 1e6);
    // Measured at half steps by the clock; MLflow numbers measurements, not steps.
    assert_eq!(gpu.axis.steps, [0.0, 5.0, 10.0, 15.0]);
    assert_eq!(gpu.axis.wall[1], MORNING + 5.0);
    let percentage = series(&run, "system/gpu_0_memory_usage_percentage");
    assert_eq!(
        (percentage.metric, percentage.unit),
        (Metric::Other, Unit::Percent)
    );
    assert_eq!(
        series(&run, "system/system_memory_usage_megabytes").metric,
        Metric::CpuMemory
    );
}

#[test]
fn trainer_state() {
    let run = run(&fixture("trainer_state.json"));
    assert_eq!(run.name, "fixtures", "named after its folder");
    let loss = series(&run, "loss");
    assert_eq!(loss.axis.steps, [50.0, 100.0, 150.0]);
    assert_eq!(loss.axis.epochs, [0.32, 0.64, 0.96]);
    assert!(loss.values[1].is_nan());
    assert_eq!(series(&run, "eval_loss").values, [1.3863, f64::INFINITY]);
    assert_eq!(run.summary["train_runtime"], 812.4);
    assert_eq!(run.summary["train_loss"], 1.24);
    assert_eq!(run.summary["num_train_epochs"], 1.0);
    assert!(run.series_named("train_loss").is_none());
}

#[test]
fn ms_swift_lines() {
    let run = run(&fixture("swift_logging.jsonl"));
    assert_eq!(run.name, "swift");
    let loss = series(&run, "loss");
    assert_eq!(loss.axis.steps, [10.0, 20.0]);
    assert_eq!(loss.axis.relative, [20.0, 40.0]);
    assert_eq!(series(&run, "eval_loss").axis.relative, [63.0]);
    let memory = series(&run, "memory");
    assert_eq!(
        (memory.metric, memory.unit),
        (Metric::GpuMemory(None), Unit::Bytes)
    );
    assert_eq!(memory.values[0], 14.5 * 1024.0 * MIB);
    assert_eq!(series(&run, "percentage").unit, Unit::Percent);
}

#[test]
fn llama_factory_lines() {
    let run = run(&fixture("trainer_log.jsonl"));
    let loss = series(&run, "loss");
    assert_eq!(loss.axis.steps, [10.0, 20.0]);
    assert_eq!(loss.axis.relative, [25.0, 50.0]);
    assert_eq!(run.summary["total_steps"], 30.0);
}

#[test]
fn nvidia_smi_with_units_in_the_cells() {
    let run = run(&fixture("nvidia-smi.csv"));
    let first = series(&run, "gpu 0 memory.used");
    assert_eq!(
        (first.metric, first.unit),
        (Metric::GpuMemory(Some(0)), Unit::Bytes)
    );
    assert_eq!(first.values, [MIB, 2048.0 * MIB]);
    assert!((first.axis.wall[0] - MORNING - 0.587).abs() < 1e-6);
    let second = series(&run, "gpu 1 memory.used");
    assert_eq!(second.metric, Metric::GpuMemory(Some(1)));
    assert_eq!(second.values, [11_165.0 * MIB, 11_166.0 * MIB]);
    assert_eq!(
        series(&run, "gpu 1 utilization.gpu").values,
        [45.0],
        "a missing value is none"
    );
    assert_eq!(run.summary["gpu 1 memory.total"], 32_768.0 * MIB);
    assert_eq!(run.sources[0].bad_rows, 0);
}

#[test]
fn nvidia_smi_without_units_and_restarted() {
    let run = run(&fixture("nvidia-smi_nounits.csv"));
    assert_eq!(
        series(&run, "gpu 0 memory.used").values,
        [MIB, 2048.0 * MIB, 4096.0 * MIB]
    );
    assert_eq!(run.sources[0].rows, 3, "the header in between is no row");
    assert_eq!(run.sources[0].bad_rows, 0);
}

#[test]
fn dstat() {
    let run = run(&fixture("dstat.csv"));
    let memory = series(&run, "memory usage/used");
    assert_eq!(
        (memory.metric, memory.unit),
        (Metric::CpuMemory, Unit::Bytes)
    );
    assert_eq!(memory.values, [8_589_934_592.0, 9_663_676_416.0]);
    assert_eq!(memory.axis.wall, [MORNING, MORNING + 1.0]);
    assert_eq!(series(&run, "total cpu usage/usr").values, [1.2, 55.0]);
    assert!(
        run.series
            .iter()
            .all(|series| !series.key.contains("process"))
    );
    assert_eq!(run.sources[0].bad_rows, 0);
}

#[test]
fn dstat_without_times() {
    let run = run(&fixture("dstat_untimed.csv"));
    let memory = series(&run, "memory usage/used");
    assert_eq!(memory.axis.relative, [0.0, 1.0, 2.0]);
    assert!(run.warnings[0].contains("one second apart"));
}

#[test]
fn psrecord() {
    let run = run(&fixture("psrecord.txt"));
    let memory = series(&run, "Real");
    assert_eq!(
        (memory.metric, memory.unit),
        (Metric::CpuMemory, Unit::Bytes)
    );
    assert_eq!(memory.values[0], 491.117 * MIB);
    assert_eq!(memory.axis.relative, [0.0, 2.002, 4.005]);
    assert_eq!(series(&run, "CPU").unit, Unit::Percent);
    assert_eq!(series(&run, "Virtual").metric, Metric::Other);
}
