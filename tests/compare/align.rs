//! Where series lie along the axes.

use layerscope::run::{Axis, Metric, XAxis, duration, last_step, missing, points};

use crate::support::{NAN, run, series, steps, times, walls};

#[test]
fn rows_without_an_x_are_left_out_and_values_stay() {
    let axis = steps(&[1.0, NAN, 3.0, 4.0]);
    let run = run(
        "r",
        vec![series(
            "loss",
            Metric::TrainLoss,
            axis,
            &[5.0, 6.0, NAN, 8.0],
        )],
    );
    let points = points(&run, &run.series[0], XAxis::Step);
    assert_eq!(points.len(), 3);
    assert_eq!((points[0], points[2]), ([1.0, 5.0], [4.0, 8.0]));
    assert!(points[1][1].is_nan());
}

#[test]
fn points_ascend_in_x() {
    let axis = steps(&[3.0, 1.0, 2.0]);
    let run = run(
        "r",
        vec![series("loss", Metric::TrainLoss, axis, &[30.0, 10.0, 20.0])],
    );
    let points = points(&run, &run.series[0], XAxis::Step);
    assert_eq!(points, [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]);
}

#[test]
fn wall_times_give_relative_ones_and_back() {
    let both = Axis {
        wall: vec![1000.0, 1060.0],
        relative: vec![10.0, 70.0],
        ..Axis::default()
    };
    let run = run(
        "r",
        vec![
            series("loss", Metric::TrainLoss, both, &[2.0, 1.0]),
            series(
                "gpu",
                Metric::GpuMemory(Some(0)),
                walls(&[980.0, 1000.0]),
                &[1.0, 2.0],
            ),
            series("rss", Metric::CpuMemory, times(&[0.0, 30.0]), &[3.0, 4.0]),
        ],
    );
    assert_eq!(
        points(&run, &run.series[1], XAxis::Relative),
        [[-10.0, 1.0], [10.0, 2.0]]
    );
    assert_eq!(
        points(&run, &run.series[2], XAxis::Wall),
        [[990.0, 3.0], [1020.0, 4.0]]
    );
    assert_eq!(duration(&run), Some(70.0));
}

#[test]
fn a_log_of_times_gets_steps_from_the_trainers() {
    let trainer = Axis {
        steps: vec![0.0, 100.0, 200.0],
        wall: vec![1000.0, 1100.0, 1300.0],
        ..Axis::default()
    };
    let smi = walls(&[900.0, 1000.0, 1050.0, 1200.0, 1300.0, 1400.0]);
    let run = run(
        "r",
        vec![
            series(
                "gpu",
                Metric::GpuMemory(Some(0)),
                smi,
                &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            ),
            series("loss", Metric::TrainLoss, trainer, &[3.0, 2.0, 1.0]),
        ],
    );
    let gpu = &run.series[0];
    assert_eq!(
        points(&run, gpu, XAxis::Step),
        [[0.0, 1.0], [50.0, 2.0], [150.0, 3.0], [200.0, 4.0]]
    );
    // Its own length: from the first loss to the last.
    let completion = points(&run, gpu, XAxis::Completion);
    assert_eq!(completion.first(), Some(&[0.0, 1.0]));
    assert_eq!(completion.last(), Some(&[100.0, 4.0]));
    assert_eq!(missing(&run, gpu, XAxis::Step), None);
    let reason = missing(&run, gpu, XAxis::Epoch).unwrap();
    assert!(reason.contains("gpu has no epochs"), "{reason}");
    assert!(points(&run, gpu, XAxis::Epoch).is_empty());
}

#[test]
fn completion_without_times_is_by_steps_then_by_epochs() {
    let by = |axis| {
        let run = run(
            "r",
            vec![series("loss", Metric::TrainLoss, axis, &[2.0, 1.0])],
        );
        points(&run, &run.series[0], XAxis::Completion)
    };
    assert_eq!(by(steps(&[50.0, 200.0])), [[25.0, 2.0], [100.0, 1.0]]);
    let epochs = Axis {
        epochs: vec![1.0, 2.0],
        ..Axis::default()
    };
    assert_eq!(by(epochs), [[50.0, 2.0], [100.0, 1.0]]);
    assert!(by(Axis::default()).is_empty());
}

#[test]
fn a_run_ends_with_its_last_loss() {
    let axis = |end| Axis {
        steps: vec![0.0, end],
        relative: vec![0.0, end * 2.0],
        ..Axis::default()
    };
    let run = run(
        "r",
        vec![
            series("eval_loss", Metric::EvalLoss, axis(90.0), &[2.0, 1.0]),
            series("loss", Metric::TrainLoss, axis(100.0), &[2.0, 1.0]),
            series("rss", Metric::CpuMemory, axis(5000.0), &[2.0, 1.0]),
        ],
    );
    assert_eq!(duration(&run), Some(200.0));
    assert_eq!(last_step(&run), Some(100.0));
    let eval = points(&run, &run.series[0], XAxis::Completion);
    assert_eq!(eval[1], [90.0, 1.0]);
    // What another program logs after the run's end is not of the run.
    assert_eq!(points(&run, &run.series[2], XAxis::Completion).len(), 1);
}
