//! Rows of a comparison: losses, times, warnings.

use layerscope::run::{CompareOptions, Comparison, LossKind, Method, Metric, Run};

use crate::support::{NAN, assert_close, ended, run, series, steps, times};

fn compare(runs: &[Run], options: &CompareOptions) -> Comparison {
    Comparison::new(&runs.iter().collect::<Vec<_>>(), options)
}

fn trained(name: &str, loss: f64) -> Run {
    let axis = times(&[0.0, 600.0]);
    run(
        name,
        vec![series("loss", Metric::TrainLoss, axis, &[3.0, loss])],
    )
}

#[test]
fn the_baseline_is_the_named_run_else_the_full_one_else_the_first() {
    let runs = [ended("a", 1.0, 10.0), ended("full-ft", 2.0, 20.0)];
    let base = |baseline: Option<&str>| {
        let options = CompareOptions {
            baseline: baseline.map(str::to_owned),
            ..CompareOptions::default()
        };
        compare(&runs, &options)
    };
    assert_eq!(base(Some("a")).baseline, Some(0));
    assert_eq!(base(None).baseline, Some(1));
    let lost = base(Some("b"));
    assert_eq!(lost.baseline, Some(1));
    assert_eq!(
        lost.warnings,
        ["there is no run b; the baseline is full-ft"]
    );
    assert_eq!(
        compare(&runs[..1], &CompareOptions::default()).baseline,
        Some(0)
    );
    assert_eq!(compare(&[], &CompareOptions::default()).baseline, None);
    let row = &base(None).rows[0];
    assert_close(row.loss_difference_percent.unwrap(), -50.0);
    assert_close(row.time_improvement_percent.unwrap(), 50.0);
    assert_eq!(base(None).rows[1].loss_difference_percent, None);
}

#[test]
fn the_loss_is_the_evaluation_loss_where_every_run_has_one() {
    let both = |name: &str| {
        let mut run = trained(name, 1.5);
        run.series.extend(ended(name, 2.5, 10.0).series);
        run
    };
    let all = compare(&[both("a"), both("b")], &CompareOptions::default());
    assert_eq!(all.loss_kind, Some(LossKind::Eval));
    assert_eq!(all.rows[0].last_loss, Some(2.5));
    assert_eq!(all.rows[0].train.as_ref().unwrap().last, 1.5);
    assert!(all.warnings.is_empty(), "{:?}", all.warnings);

    let some = compare(&[both("a"), trained("b", 1.0)], &CompareOptions::default());
    assert_eq!(some.loss_kind, Some(LossKind::Train));
    assert_eq!(some.rows[0].last_loss, Some(1.5));
    assert_eq!(
        some.warnings,
        ["training losses are compared: b has no evaluation loss"]
    );
}

#[test]
fn train_and_evaluation_losses_are_not_compared_with_each_other() {
    let runs = [ended("a", 2.0, 10.0), trained("b", 1.0)];
    let mixed = compare(&runs, &CompareOptions::default());
    assert_eq!(mixed.loss_kind, None);
    assert!(mixed.warnings[0].contains("no measure of each other"));
    assert_eq!(mixed.rows[1].last_loss, Some(1.0));
    assert_eq!(mixed.rows[1].loss_difference_percent, None);
    assert!(
        mixed.rows[1].warnings[0].contains("its loss is loss, the baseline's is eval/loss"),
        "{:?}",
        mixed.rows[1].warnings
    );
}

#[test]
fn a_named_loss_is_found_however_the_logger_writes_it() {
    let runs = [ended("a", 2.0, 10.0), trained("b", 1.0)];
    let options = CompareOptions {
        loss_key: Some("eval_loss".to_owned()),
        ..CompareOptions::default()
    };
    let named = compare(&runs, &options);
    assert_eq!(named.rows[0].loss_key.as_deref(), Some("eval/loss"));
    assert_eq!(named.rows[1].last_loss, None);
    assert_eq!(named.rows[1].warnings, ["has no eval_loss"]);
}

#[test]
fn a_run_that_diverged_says_so_and_is_not_compared() {
    let mut bad = ended("bad", NAN, 10.0);
    bad.series[0].values = vec![2.5, NAN];
    let rows = compare(&[ended("full", 2.0, 10.0), bad], &CompareOptions::default()).rows;
    assert!(rows[1].last_loss.unwrap().is_nan());
    assert_eq!(rows[1].best_loss, Some(2.5));
    assert_eq!(rows[1].loss_difference_percent, None);
    assert!(
        rows[1].warnings[0].contains("is NaN"),
        "{:?}",
        rows[1].warnings
    );
}

#[test]
fn the_trainers_own_runtime_counts_and_contradictions_are_said() {
    let mut timed = ended("a", 2.0, 10.0);
    timed.summary.insert("train_runtime".to_owned(), 610.0);
    let row = &compare(&[timed.clone()], &CompareOptions::default()).rows[0];
    assert_close(row.minutes.unwrap(), 610.0 / 60.0);
    assert!(row.warnings.is_empty(), "{:?}", row.warnings);
    timed.summary.insert("train_runtime".to_owned(), 300.0);
    let row = &compare(&[timed], &CompareOptions::default()).rows[0];
    assert!(
        row.warnings[0].contains("train_runtime says 5.0 min"),
        "{:?}",
        row.warnings
    );
    let untimed = run(
        "u",
        vec![series("loss", Metric::TrainLoss, steps(&[1.0]), &[1.0])],
    );
    let row = &compare(&[untimed], &CompareOptions::default()).rows[0];
    assert_eq!(row.minutes, None);
    assert_eq!(row.warnings, ["its logs have no times"]);
}

#[test]
fn runs_of_other_lengths_are_pointed_out() {
    let mut short = ended("short", 2.0, 10.0);
    let axis = layerscope::run::Axis {
        steps: vec![0.0, 60.0],
        relative: vec![0.0, 600.0],
        ..layerscope::run::Axis::default()
    };
    short.series[0].axis = std::sync::Arc::new(axis);
    let rows = compare(
        &[ended("full", 2.0, 10.0), short],
        &CompareOptions::default(),
    )
    .rows;
    assert_eq!(
        rows[1].warnings,
        ["ends at step 60, the baseline at step 100"]
    );
}

#[test]
fn further_metrics_smoothing_and_shares_have_their_columns() {
    let mut one = ended("full", 1.0, 10.0);
    one.series.push(series(
        "train/grad_norm",
        Metric::Other,
        steps(&[1.0, 2.0]),
        &[9.0, 4.0],
    ));
    one.summary.insert("trainable".to_owned(), 25.0);
    one.summary.insert("total".to_owned(), 100.0);
    let two = ended("spectrum-25", 1.5, 5.0);
    let options = CompareOptions {
        smoothing: 0.6,
        metrics: vec!["train_grad_norm".to_owned()],
        trainable_percent: [("spectrum-25".to_owned(), 39.5)].into(),
        ..CompareOptions::default()
    };
    let rows = compare(&[one, two], &options).rows;
    assert_eq!(rows[0].extra, [Some(4.0)]);
    assert_eq!(rows[1].extra, [None]);
    assert_eq!(rows[1].warnings, ["has no train_grad_norm"]);
    assert_eq!(rows[0].trainable_percent, Some(25.0));
    assert_eq!(rows[1].trainable_percent, Some(39.5));
    // (0.6·0.4·3 + 0.4·1) / (1 − 0.36)
    assert_close(rows[0].smoothed_last.unwrap(), 1.12 / 0.64);
    assert_eq!(rows[1].method, Method::Spectrum(Some(25.0)));
}
