//! The published comparison of Qwen3-8B on SQuAD comes out of logs with its numbers: W&B histories
//! of eight GPUs, whose memory wavers about its mean.

use std::fmt::Write as _;
use std::path::Path;

use layerscope::figure::table::{Column, markdown};
use layerscope::progress::Progress;
use layerscope::run::{CompareOptions, Comparison, Imported, LossKind, Run, import};

/// Run, GB on all GPUs, GiB of main memory, validation loss, minutes.
const TABLE: [(&str, f64, f64, f64, f64); 5] = [
    ("Full fine-tuning", 521.0, 112.0, 0.1847, 210.0),
    ("Spectrum 50 %", 521.0, 82.0, 0.1913, 156.0),
    ("Spectrum 25 %", 514.0, 69.0, 0.2099, 123.0),
    ("Spectrum 10 %", 447.0, 60.0, 0.3061, 88.0),
    ("QLoRA", 405.0, 49.0, 1.6217, 68.0),
];

/// Rows of a history: an even number of intervals, so that the waver cancels out.
const ROWS: u32 = 41;

fn history(gpu: f64, cpu: f64, loss: f64, minutes: f64) -> String {
    let mut text = String::from("_step,_runtime,_timestamp,train/loss,eval/loss");
    for index in 0..8 {
        let _ = write!(text, ",system.gpu.{index}.memoryAllocatedBytes");
    }
    text.push_str(",system.proc.memory.rssMB\n");
    for row in 0..ROWS {
        let done = f64::from(row) / f64::from(ROWS - 1);
        let runtime = done * minutes * 60.0;
        let train = loss + 2.0 * (-5.0 * done).exp();
        // Evaluated every tenth row, at last at the end.
        let eval = if row % 10 == 0 {
            (loss + 1.0 - done).to_string()
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "{},{runtime},{},{train},{eval}",
            row * 25,
            1.75e9 + runtime
        );
        // Up and down by 1 %, the ends in the middle.
        let waver = [0.0, 1.0, 0.0, -1.0][(row % 4) as usize];
        for _ in 0..8 {
            let _ = write!(text, ",{}", gpu * 1e9 / 8.0 * (1.0 + waver * 0.01));
        }
        // W&B's MB of resident memory are 2²⁰ bytes.
        let _ = writeln!(text, ",{}", cpu * 1024.0);
    }
    text
}

fn runs(folder: &Path) -> Vec<Run> {
    let mut runs = Vec::new();
    for (index, (name, gpu, cpu, loss, minutes)) in TABLE.into_iter().enumerate() {
        let path = folder.join(format!("history-{index}.csv"));
        std::fs::write(&path, history(gpu, cpu, loss, minutes)).unwrap();
        let Imported::Runs(mut found) = import(&path, &Progress::default()).unwrap() else {
            panic!("a known layout");
        };
        assert_eq!(found.len(), 1);
        let mut run = found.remove(0);
        name.clone_into(&mut run.name);
        runs.push(run);
    }
    runs
}

#[test]
fn logs_with_the_published_numbers_give_the_published_table() {
    let folder = tempfile::tempdir().unwrap();
    let runs = runs(folder.path());
    let comparison = Comparison::new(&runs.iter().collect::<Vec<_>>(), &CompareOptions::default());
    assert_eq!(comparison.baseline_row().unwrap().name, "Full fine-tuning");
    assert_eq!(comparison.loss_kind, Some(LossKind::Eval));
    let percent = |number: Option<f64>| number.map(|number| format!("{number:.2}"));
    let differences = [
        None,
        Some("3.57"),
        Some("13.64"),
        Some("65.73"),
        Some("778.02"),
    ];
    let improvements = [
        None,
        Some("25.71"),
        Some("41.43"),
        Some("58.10"),
        Some("67.62"),
    ];
    for ((row, wanted), (difference, improvement)) in comparison
        .rows
        .iter()
        .zip(TABLE)
        .zip(differences.into_iter().zip(improvements))
    {
        let (name, gpu, cpu, loss, minutes) = wanted;
        assert_eq!(row.name, name);
        assert_eq!(percent(row.loss_difference_percent).as_deref(), difference);
        assert_eq!(
            percent(row.time_improvement_percent).as_deref(),
            improvement
        );
        let close = |value: Option<f64>, wanted: f64| {
            let value = value.unwrap();
            assert!(
                (value / wanted - 1.0).abs() < 1e-9,
                "{name}: {value} {wanted}"
            );
        };
        close(row.last_loss, loss);
        close(row.minutes, minutes);
        close(row.gpu_memory_avg_gb, gpu);
        close(row.gpu_memory_peak_gb, gpu * 1.01);
        close(row.cpu_memory_avg_gib, cpu);
        assert!(
            row.averages_by_time && row.warnings.is_empty(),
            "{:?}",
            row.warnings
        );
    }
    let table = markdown(&comparison, &Column::usual(&comparison));
    for number in ["521.0", "0.2099", "13.64", "778.0", "67.62", "−"] {
        assert_eq!(table.contains(number), number != "−", "{number} in {table}");
    }
}
