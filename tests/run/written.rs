//! Tables and documents as they are written: dates, decimal commas, columns that begin late, monitors.

#![expect(clippy::format_collect, reason = "a few hundred lines, once")]

use layerscope::progress::Progress;
use layerscope::run::{Imported, Metric, Run, gpu_memory, import, import_mapped};

use crate::support::{run, runs, written};

/// The runs of a file of that content, a table by the guess at its columns.
fn all_of(name: &str, text: &str) -> Vec<Run> {
    let (_folder, path) = written(name, text);
    let progress = Progress::default();
    match import(&path, &progress).expect("a log") {
        Imported::Runs(runs) => runs,
        Imported::Table(table) => import_mapped(&path, &table.guess, &progress).expect("a table"),
    }
}

fn of(name: &str, text: &str) -> Run {
    let [run] = <[Run; 1]>::try_from(all_of(name, text)).expect("one run");
    run
}

/// The distance of the first two times of a run.
fn apart(run: &Run) -> f64 {
    let wall = &run.series[0].axis.wall;
    wall[1] - wall[0]
}

#[test]
fn days_come_first_where_any_date_says_so() {
    for (first, second, seconds) in [
        ("13/01/2025 10:00:00", "13/01/2025 10:01:00", 60.0),
        // Only the second date tells, and the first is read by it.
        ("12/02/2025 10:00:00", "13/02/2025 10:00:00", 86_400.0),
        // None tells: the log is as short as can be.
        ("05/02/2025 10:00:00", "06/02/2025 10:00:00", 86_400.0),
        ("01/13/2025 10:00:00", "01/14/2025 10:00:00", 86_400.0),
        ("13.01.2025 10:00", "13.01.2025 10:01", 60.0),
    ] {
        let found = of(
            "log.csv",
            &format!("time,step,train_loss\n{first},0,3.5\n{second},1,3.0\n"),
        );
        assert_eq!(apart(&found), seconds, "{first}");
    }
}

#[test]
fn columns_may_begin_late() {
    let rows: String = (0..200)
        .map(|step| format!("{step},2.5,{}\n", if step > 150 { "1.5" } else { "" }))
        .collect();
    let found = of("train.csv", &format!("step,loss,eval_loss\n{rows}"));
    assert_eq!(found.series_of(Metric::EvalLoss).expect("late").len(), 49);
    // And in a header that comes again with one more column.
    let found = of(
        "train.csv",
        "step,losses/train\n1,2.0\n2,1.9\nstep,losses/train,losses/eval\n3,1.8,1.75\n",
    );
    assert_eq!(
        found.series_of(Metric::TrainLoss).expect("a loss").values,
        [2.0, 1.9, 1.8]
    );
    assert_eq!(
        found.series_of(Metric::EvalLoss).expect("a loss").values,
        [1.75]
    );
    // A column of notes is none of numbers.
    let found = of(
        "train.csv",
        &format!("step,loss,note\n{}60,2,saved\n", "1,2,\n".repeat(50)),
    );
    assert_eq!(found.sources[0].bad_rows, 0);
}

#[test]
fn gpus_are_told_apart_by_their_rows_or_a_column() {
    let mib = 1_048_576.0;
    for text in [
        "timestamp, name, memory.used [MiB]\n2025/01/05 10:00:00.000, A100, 100 MiB\n2025/01/05 10:00:00.001, A100, 50 MiB\n2025/01/05 10:00:02.000, A100, 200 MiB\n2025/01/05 10:00:02.001, A100, 50 MiB\n",
        "timestamp,gpu,index,memory.used\n2025-01-05T10:00:00+00:00,0,0,100\n2025-01-05T10:00:00+00:00,1,0,50\n2025-01-05T10:00:02+00:00,0,0,200\n2025-01-05T10:00:02+00:00,1,0,50\n",
        "2025/01/05 10:00:00.000, NVIDIA H100, 0, 100 MiB, 81559 MiB, 99 %\n2025/01/05 10:00:00.000, NVIDIA H100, 1, 50 MiB, 81559 MiB, 99 %\n2025/01/05 10:00:05.000, NVIDIA H100, 0, 200 MiB, 81559 MiB, 99 %\n2025/01/05 10:00:05.000, NVIDIA H100, 1, 50 MiB, 81559 MiB, 99 %\n",
        "#Date       Time        gpu    pwr     fb\n#YYYYMMDD   HH:MM:SS    Idx      W     MB\n 20250105   10:00:00      0     70    100\n 20250105   10:00:00      1     70     50\n#Date       Time        gpu    pwr     fb\n 20250105   10:00:01      0     70    200\n 20250105   10:00:01      1     70     50\n",
    ] {
        let sum = gpu_memory(&of("gpu.csv", text)).expect("memory");
        assert_eq!(sum.values, [150.0 * mib, 250.0 * mib], "{text}");
    }
}

#[test]
fn memory_beside_a_gpu_is_not_the_processors() {
    let text =
        "timestamp,gpu_util(%),memory_used(MB)\n1736071200.5,90,4800\n1736071201.5,90,4801\n";
    let found = of("gpu_stats.csv", text);
    assert!(found.series_of(Metric::GpuMemory(None)).is_some());
    let text = "\"Time\",\"gpu-0\",\"gpu-1\"\n2025-01-05 10:00:00,10.0 GiB,11.0 GiB\n2025-01-05 10:00:05,10.1 GiB,11.1 GiB\n";
    let sum = gpu_memory(&of("GPU memory-data.csv", text)).expect("memory");
    assert_eq!(sum.values[0], 21.0 * 1_073_741_824.0);
}

#[test]
fn tables_of_runs_and_long_tables() {
    let text = "\"Name\",\"State\",\"Created\",\"Runtime\",\"_step\",\"eval/loss\"\n\"full\",\"finished\",\"2025-01-05T10:00:00.000Z\",\"1800\",\"500\",\"1.5\"\n\"qlora\",\"running\",\"2025-01-05T12:00:00.000Z\",\"900\",\"300\",\"1.75\"\n";
    let (_folder, path) = written("export.csv", text);
    let found = runs(&path);
    let names: Vec<&str> = found.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["full", "qlora"]);
    assert_eq!(found[0].summary["train_runtime"], 1800.0);
    let text = "run.name,metric.name,context.subset,step,value\nfull,loss,train,1,2.5\nfull,loss,val,1,2.75\n";
    let found = of("metrics.csv", text);
    assert_eq!(
        found.series_of(Metric::EvalLoss).expect("a loss").values,
        [2.75]
    );
    let text = "run_id,key,value,timestamp,step\na,train_loss,1.7976931348623157e+308,1736071200000,0\na,train_loss,2.5,1736071201000,1\n";
    assert_eq!(
        of("metrics.csv", text).series[0].values,
        [f64::INFINITY, 2.5]
    );
}

#[test]
fn a_chart_over_tokens_keeps_its_runs() {
    let text = "\"train/num_tokens\",\"full - train/loss\",\"qlora - train/loss\"\n\"0\",\"3.5\",\"3.75\"\n\"5000\",\"2.5\",\"2.75\"\n";
    let (_folder, path) = written("wandb_export.csv", text);
    let found = runs(&path);
    assert_eq!(found.len(), 2);
    assert!(
        found[0]
            .warnings
            .iter()
            .any(|line| line.contains("train/num_tokens"))
    );
}

#[test]
fn documents_of_trackers() {
    let (_folder, path) = written(
        "history.json",
        "{\n \"loss\": [3.5, 2.5],\n \"val_loss\": [3.75, 2.75]\n}",
    );
    let found = run(&path);
    assert_eq!(
        found.series_of(Metric::EvalLoss).expect("a loss").values,
        [3.75, 2.75]
    );
    let (_folder, path) = written(
        "all_results.json",
        "{\n \"epoch\": 3.0,\n \"eval_loss\": 1.5,\n \"train_runtime\": 361.5\n}",
    );
    let found = run(&path);
    assert_eq!(
        (found.series[0].values[0], found.summary["train_runtime"]),
        (1.5, 361.5)
    );
    let text = r#"{"MetricDataResults": [{"Id": "m0", "Label": "validation:loss", "Timestamps": ["2025-01-05T10:01:00+00:00", "2025-01-05T10:00:00+00:00"], "Values": [2.5, 3.5]}]}"#;
    let (_folder, path) = written("data.json", text);
    assert_eq!(
        run(&path)
            .series_of(Metric::EvalLoss)
            .expect("a loss")
            .values,
        [3.5, 2.5]
    );
    let text = "{\"TrainingJobName\": \"s25\", \"TrainingJobStatus\": \"Completed\", \"TrainingTimeInSeconds\": 361, \"FinalMetricDataList\": [{\"MetricName\": \"eval_loss\", \"Value\": 1.5, \"Timestamp\": \"2025-01-05T10:05:41+00:00\"}]}";
    let (_folder, path) = written("job.json", text);
    let found = run(&path);
    assert_eq!(
        (found.name.as_str(), found.summary["train_runtime"]),
        ("s25", 361.0)
    );
    let text = "{\n \"query_time\": \"2025-01-05 10:00:00\",\n \"gpus\": [{\"index\": 0, \"memory.used\": 100}]\n}\n{\n \"query_time\": \"2025-01-05 10:00:05\",\n \"gpus\": [{\"index\": 0, \"memory.used\": 200}]\n}\n";
    let (_folder, path) = written("gpustat.json", text);
    assert_eq!(run(&path).series[0].len(), 2);
}

#[test]
fn local_times_are_shifted_whatever_the_overlap() {
    use layerscope::run::join;
    // Five hours of loss in UTC, the monitor four hours behind it.
    let start = 1_736_071_200.0;
    let loss: String = (0..=300)
        .map(|step| format!("{},{step},2.5\n", start + f64::from(step) * 60.0))
        .collect();
    let mut parts = all_of(
        "run-a-tag-train_loss.csv",
        &format!("Wall time,Step,Value\n{loss}"),
    );
    let rows: String = (0..=300)
        .map(|minute| {
            format!(
                "2025/01/05 {:02}:{:02}:00.000, 0, 100 MiB\n",
                6 + minute / 60,
                minute % 60
            )
        })
        .collect();
    parts.extend(all_of(
        "gpu.csv",
        &format!("timestamp, index, memory.used [MiB]\n{rows}"),
    ));
    for part in &mut parts {
        "a".clone_into(&mut part.name);
    }
    let run = &join(parts)[0];
    let memory = run.series_of(Metric::GpuMemory(Some(0))).expect("memory");
    assert_eq!(memory.axis.wall[0], start);
}
