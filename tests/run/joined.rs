//! Several files of one run.

use layerscope::run::{Metric, Run, join};

use crate::support::{fixture, run, shared, written};

/// A run of that name from text.
fn named(file: &str, text: &str) -> Run {
    let (_folder, path) = written(file, text);
    Run {
        name: "a".to_owned(),
        ..run(&path)
    }
}

fn one(runs: Vec<Run>) -> Run {
    let [run] = <[Run; 1]>::try_from(join(runs)).expect("one run");
    run
}

#[test]
fn memory_from_another_log_gets_the_steps_of_its_moments() {
    let loss = named(
        "x.jsonl",
        "{\"step\":0,\"wall\":1747906953,\"loss\":3}\n{\"step\":10,\"wall\":1747906963,\"loss\":2}\n",
    );
    let memory = Run {
        name: "a".to_owned(),
        ..run(&fixture("nvidia-smi.csv"))
    };
    let run = one(vec![loss, memory]);
    assert_eq!(run.sources.len(), 2);
    let gpu = run.series_of(Metric::GpuMemory(Some(0))).expect("memory");
    assert!((gpu.axis.steps[0] - 0.587).abs() < 1e-5 && (gpu.axis.steps[1] - 5.59).abs() < 1e-5);
    assert!(run.warnings.is_empty(), "{:?}", run.warnings);
}

#[test]
fn local_times_are_brought_to_the_run_by_whole_zones() {
    let loss = named(
        "x.jsonl",
        "{\"step\":0,\"wall\":1747899750,\"loss\":3}\n{\"step\":10,\"wall\":1747899770,\"loss\":2}\n",
    );
    let memory = Run {
        name: "a".to_owned(),
        ..run(&fixture("nvidia-smi.csv"))
    };
    let run = one(vec![loss, memory]);
    let gpu = run.series_of(Metric::GpuMemory(Some(0))).expect("memory");
    assert!((gpu.axis.wall[0] - 1_747_899_753.587).abs() < 1e-5);
    assert!((gpu.axis.steps[0] - 1.7935).abs() < 1e-5);
    assert!(
        run.warnings[0].contains("+2.00 hours apart"),
        "{:?}",
        run.warnings
    );
}

#[test]
fn psrecord_is_placed_by_the_time_since_the_start() {
    let (Some(log), Some(memory)) = (shared("jsonl/full.jsonl"), shared("psrecord/full.txt"))
    else {
        return;
    };
    let mut log = run(&log);
    log.series
        .retain(|series| series.metric != Metric::CpuMemory);
    let run = one(vec![log, run(&memory)]);
    let memory = run.series_of(Metric::CpuMemory).expect("memory");
    assert_eq!(memory.axis.steps.len(), memory.len());
    let placed = memory.axis.steps.iter().filter(|step| !step.is_nan());
    assert!(placed.clone().count() > 200);
    assert!(placed.copied().is_sorted());
}

#[test]
fn a_log_without_times_gets_them_from_one_with() {
    let (Some(state), Some(board)) = (
        shared("trainer_state/full.trainer_state.json"),
        shared("tensorboard/full-tag-process_rss_bytes.csv"),
    ) else {
        return;
    };
    let board = run(&board);
    let wall = board.series[0].axis.wall.clone();
    let run = one(vec![run(&state), board]);
    let loss = run.series_of(Metric::TrainLoss).expect("a loss");
    assert_eq!(loss.axis.wall, wall[1..]);
}

#[test]
fn a_second_log_of_one_run_goes_on() {
    let first = named(
        "x.jsonl",
        "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":9}\n",
    );
    let second = named(
        "x.jsonl",
        "{\"step\":3,\"loss\":1.5}\n{\"step\":4,\"loss\":1}\n",
    );
    let run = one(vec![first.clone(), second]);
    assert_eq!(run.series.len(), 1);
    assert_eq!(run.series[0].axis.steps, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(run.series[0].values, [3.0, 2.0, 1.5, 1.0]);
    assert_eq!(
        run.warnings,
        ["loss: step 3 was logged twice: the last value counts"]
    );
    // The same file twice is the same run.
    let run = one(vec![first.clone(), first.clone()]);
    assert_eq!(run.series, first.series);
}

#[test]
fn gpus_of_two_machines_stay_apart() {
    let machine = || Run {
        name: "a".to_owned(),
        ..run(&fixture("nvidia-smi.csv"))
    };
    let run = one(vec![machine(), {
        let mut other = machine();
        for series in &mut other.series {
            series.values.iter_mut().for_each(|value| *value += 1.0);
        }
        other
    }]);
    let mut gpus: Vec<u32> = run
        .series
        .iter()
        .filter_map(|series| match series.metric {
            Metric::GpuMemory(index) => index,
            _ => None,
        })
        .collect();
    gpus.sort_unstable();
    assert_eq!(gpus, [0, 1, 2, 3]);
}

#[test]
fn runs_of_other_names_stay_apart_and_in_order() {
    let mut b = named(
        "x.jsonl",
        "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":3}\n",
    );
    b.name = "b".to_owned();
    let a = named(
        "x.jsonl",
        "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":3}\n",
    );
    let names: Vec<String> = join(vec![b, a]).into_iter().map(|run| run.name).collect();
    assert_eq!(names, ["b", "a"]);
}
