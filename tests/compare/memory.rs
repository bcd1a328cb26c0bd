//! Memory: sums over GPUs, means, peaks.

use layerscope::run::{Metric, Run, cpu_memory, gpu_memory, memory_over};

use crate::support::{NAN, assert_close, run, series, steps, times, walls};

fn gpu(index: u32, axis: layerscope::run::Axis, values: &[f64]) -> layerscope::run::Series {
    let key = format!("gpu.{index}");
    series(&key, Metric::GpuMemory(Some(index)), axis, values)
}

fn sum(run: &Run) -> Vec<f64> {
    gpu_memory(run).unwrap().values
}

#[test]
fn gpus_asked_together_are_summed_row_by_row() {
    let axis = || times(&[0.0, 1.0, 2.0]);
    let run = run(
        "r",
        vec![
            gpu(0, axis(), &[1.0, 2.0, 3.0]),
            gpu(1, axis(), &[10.0, NAN, 30.0]),
            // A second way to ask the same GPU does not count twice.
            gpu(0, axis(), &[100.0, 100.0, 100.0]),
        ],
    );
    let sum = sum(&run);
    assert_eq!((sum[0], sum[2]), (11.0, 33.0));
    // A sum without one of the GPUs would look like free memory.
    assert!(sum[1].is_nan());
    assert_eq!(run.series.len(), 3);
}

#[test]
fn gpus_asked_one_after_the_other_are_summed_at_nearly_the_same_time() {
    let run = run(
        "r",
        vec![
            gpu(0, walls(&[0.0, 5.0, 10.0, 15.0]), &[1.0, 2.0, 3.0, 4.0]),
            gpu(1, walls(&[0.01, 5.02, 15.01]), &[10.0, 20.0, 40.0]),
        ],
    );
    let sum = sum(&run);
    assert_eq!((sum[0], sum[1], sum[3]), (11.0, 22.0, 44.0));
    assert!(
        sum[2].is_nan() || sum[2] == 23.0 || sum[2] == 43.0,
        "{sum:?}"
    );
}

#[test]
fn one_gpu_is_itself_and_none_is_none() {
    let one = run("r", vec![gpu(3, times(&[0.0]), &[7.0])]);
    assert_eq!(gpu_memory(&one).unwrap().key, "gpu.3");
    let whole = series("mem", Metric::GpuMemory(None), times(&[0.0]), &[9.0]);
    assert_eq!(sum(&run("r", vec![whole])), [9.0]);
    assert_eq!(gpu_memory(&run("r", vec![])), None);
    assert_eq!(cpu_memory(&run("r", vec![])), None);
}

#[test]
fn the_mean_is_over_time_while_the_run_goes_on() {
    let run = run(
        "r",
        vec![
            series("loss", Metric::TrainLoss, times(&[0.0, 100.0]), &[2.0, 1.0]),
            // Asked every second at first, then rarely; before and after the run too.
            series(
                "rss",
                Metric::CpuMemory,
                times(&[-50.0, 0.0, 1.0, 2.0, 100.0, 200.0]),
                &[9.0, 1.0, 1.0, 1.0, 3.0, 0.0],
            ),
        ],
    );
    let memory = memory_over(&run, &run.series[1]).unwrap();
    assert_close(memory.average, (1.0 * 2.0 + 2.0 * 98.0) / 100.0);
    assert!(memory.by_time);
    assert_eq!(memory.peak, 9.0);
}

#[test]
fn without_times_the_mean_is_over_rows() {
    let rss = series(
        "rss",
        Metric::CpuMemory,
        steps(&[1.0, 2.0, 50.0]),
        &[1.0, NAN, 4.0],
    );
    let run = run("r", vec![rss]);
    let memory = memory_over(&run, &run.series[0]).unwrap();
    assert_eq!(
        (memory.average, memory.peak, memory.by_time),
        (2.5, 4.0, false)
    );
    let empty = series("rss", Metric::CpuMemory, steps(&[1.0]), &[NAN]);
    assert_eq!(memory_over(&run, &empty), None);
}

#[test]
fn no_time_counts_beside_a_missing_value() {
    let rss = series(
        "rss",
        Metric::CpuMemory,
        times(&[0.0, 10.0, 20.0, 30.0, 40.0]),
        &[2.0, 2.0, NAN, 6.0, 6.0],
    );
    let run = run("r", vec![rss]);
    assert_close(memory_over(&run, &run.series[0]).unwrap().average, 4.0);
}
