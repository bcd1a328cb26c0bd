//! What trainers print, and what monitors print for people.

use layerscope::run::{Metric, Run, gpu_memory};

use crate::support::{refused, run, written};

fn of_text(text: &str) -> Run {
    let (_folder, path) = written("train.log", text);
    run(&path)
}

/// The steps and values of a series.
fn rows(run: &Run, key: &str) -> Vec<(f64, f64)> {
    let series = run.series_named(key).unwrap_or_else(|| {
        let keys: Vec<&str> = run
            .series
            .iter()
            .map(|series| series.key.as_str())
            .collect();
        panic!("no {key} in {keys:?}")
    });
    let steps = if series.axis.steps.is_empty() {
        &series.axis.epochs
    } else {
        &series.axis.steps
    };
    steps
        .iter()
        .copied()
        .zip(series.values.iter().copied())
        .collect()
}

#[test]
fn lines_of_each_trainer() {
    type Case = (&'static str, &'static str, &'static [(f64, f64)]);
    let cases: [Case; 9] = [
        (
            "step 0: train loss 4.5, val loss 4.6\niter 0: loss 4.4, time 23218.37ms, mfu -100.00%\nstep 10: train loss 3.5, val loss nan\n",
            "train loss",
            &[(0.0, 4.5), (10.0, 3.5)],
        ),
        (
            "s:0 tel:11.0\ns:0 trl:11.2 lr:0.0006\ns:20 tel:9.5\n",
            "tel",
            &[(0.0, 11.0), (20.0, 9.5)],
        ),
        (
            "val loss 11.5\nstep    1/60 | loss 11.2 (+0.12z)| norm 1.1 (-0.32z)| lr 6.00e-04 | 3788.44 ms | 35.6% bf16 MFU\nstep    2/60 | loss 11.1 (+nanz)| norm 1.1\nval loss 10.5\n",
            "loss",
            &[(1.0, 11.2), (2.0, 11.1)],
        ),
        (
            " [2024-03-05 10:00:00] iteration       10/     400 | consumed samples:  40 | lm loss: 3.05E+00 | loss scale: 32768.0 |\n [2024-03-05 10:00:13] iteration       20/     400 | consumed samples:  80 | lm loss: 2.5E+00 | loss scale: 32768.0 |\n",
            "lm loss",
            &[(10.0, 3.05), (20.0, 2.5)],
        ),
        (
            "a | valid | epoch 001 | valid on 'valid' subset | loss 1.5 | nll_loss 1.0 | num_updates 500 | best_loss 1.5\na | train_inner | epoch 002: 100 / 500 loss=1.25, nll_loss=0.9, num_updates=600, wall=20\n",
            "valid/loss",
            &[(500.0, 1.5)],
        ),
        (
            "Epoch 1/2:  2%|| 0/40 [00:07<04:00,  7.11s/it]step:1 - train/loss:3.25 - train/lr(1e-3):0.002\nEpoch 1/2:  2%|| 1/40 [00:14<04:00,  7.11s/it]step:2 - train/loss:3.0 - train/lr(1e-3):0.002\n",
            "train/loss",
            &[(1.0, 3.25), (2.0, 3.0)],
        ),
        (
            "\r1|1|Loss: 3.25:  1%|| 1/100 [00:01<02:00,  1.50s/it]\r1|2|Loss: 3.0:  2%|| 2/100 [00:03<02:00,  1.50s/it]\n",
            "Loss",
            &[(1.0, 3.25), (2.0, 3.0)],
        ),
        (
            "Iter 1: Val loss 2.9, Val took 3.2s\nIter 10: Train loss 2.5, Learning Rate 1.000e-05, It/sec 0.5, Peak mem 14.6 GB\nIter 20: Train loss 2.25, Peak mem 14.6 GB\n",
            "Train loss",
            &[(10.0, 2.5), (20.0, 2.25)],
        ),
        (
            "Epoch 1/2\n100/100 - 2s - loss: 0.75 - val_loss: 0.5\nEpoch 2/2\n100/100 - 2s - loss: 0.5 - val_loss: 0.25\n",
            "val_loss",
            &[(1.0, 0.5), (2.0, 0.25)],
        ),
    ];
    for (text, key, expected) in cases {
        let found = of_text(text);
        assert_eq!(rows(&found, key), expected, "{text}");
    }
}

#[test]
fn dictionaries_take_their_step_from_the_bar_of_the_training() {
    let text = "Map: 100%|###| 9/9 [00:00<00:00]\n\r  5%|#   | 10/200 [00:36<11:24,  3.60s/it]\n{'loss': '2.5', 'learning_rate': '1e-4', 'epoch': '0.05'}\n\
        \r 10%|#   | 20/200 [01:12<11:24,  3.60s/it]\n{'loss': 2.25, 'epoch': 0.1}\n\
        \r 30%|#   | 4/13 [00:01<00:02]\u{1b}[A\n{'eval_loss': 2.125, 'eval_runtime': 4.2, 'epoch': 0.1}\n\
        {'train_runtime': 731.25, 'train_loss': 2.4, 'epoch': 0.1}\n";
    let found = of_text(text);
    assert_eq!(rows(&found, "loss"), [(10.0, 2.5), (20.0, 2.25)]);
    assert_eq!(rows(&found, "eval_loss"), [(20.0, 2.125)]);
    assert_eq!(found.summary["train_runtime"], 731.25);
    assert_eq!(found.summary["max_steps"], 200.0);
    assert!(
        found.series_named("train_loss").is_none(),
        "a mean over the whole run"
    );
}

#[test]
fn a_number_that_is_cut_off_is_not_believed() {
    let found = of_text("step: 1 loss: 2.5\nstep: 2 loss: 2.25\nstep: 3 loss: 2.1");
    assert_eq!(rows(&found, "loss"), [(1.0, 2.5), (2.0, 2.25)]);
    let found =
        of_text("step: 1 loss: 2.5\nstep: 2 loss: 2.25\nstep: 3 loss: 2.(slurmstepd: error\n");
    assert_eq!(rows(&found, "loss"), [(1.0, 2.5), (2.0, 2.25)]);
}

#[test]
fn text_without_a_loss_says_so() {
    for text in [
        "2025-01-05 10:00:00,123 - INFO - loading shard 0 of 8\nTraceback (most recent call last):\nRuntimeError: x\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 123\n",
    ] {
        let (_folder, path) = written("slurm.out", text);
        let error = refused(&path);
        assert!(
            error.contains("no loss") || error.contains("git-lfs"),
            "{error}"
        );
    }
}

#[test]
fn boxes_and_lines_of_gpus() {
    let rows = |gpus: &[(u32, u32)]| -> String {
        let row = |(index, used): &(u32, u32)| {
            format!(
                "|   {index}  Tesla V100-SXM2...  On   | 00000000:07:00.0 Off |                    0 |\n\
                 | N/A   40C    P0    80W / 300W |   {used}MiB / 16160MiB |     90%      Default |\n"
            )
        };
        gpus.iter().map(row).collect()
    };
    let text = format!(
        "Sun Jan  5 10:00:00 2025       \n{}|    0   N/A  N/A      4321      C   python      999MiB |\nSun Jan  5 10:00:05 2025       \n{}",
        rows(&[(0, 1000), (1, 500)]),
        rows(&[(0, 2000), (1, 500)])
    );
    let sum = gpu_memory(&of_text(&text)).expect("memory");
    assert_eq!(sum.values, [1500.0 * 1_048_576.0, 2500.0 * 1_048_576.0]);
    let text = "node1  Sun Jan  5 10:00:00 2025  550.54.15\n[0] Tesla T4         | 45'C,  90 % |  4000 / 15360 MB | user(3995M)\n\
        node1  Sun Jan  5 10:00:05 2025  550.54.15\n[0] Tesla T4         | 45'C,  90 % |  4010 / 15360 MB | user(4005M)\n";
    let found = of_text(text);
    let series = found.series_of(Metric::GpuMemory(Some(0))).expect("memory");
    assert_eq!(series.values, [4000.0 * 1_048_576.0, 4010.0 * 1_048_576.0]);
    assert_eq!(series.axis.wall[1] - series.axis.wall[0], 5.0);
}
