//! A million rows: how long the import takes beside plain reading, and how much memory.
//!
//! `cargo bench --no-default-features --bench runs` prints, a layout a line, the rows a second, the
//! time as a multiple of what the csv crate needs to split the same file into cells, and the peak
//! memory as a multiple of the numbers that are kept (8 bytes each). Memory is known on Linux only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops where it cannot go on, and prints"
)]

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use layerscope::progress::Progress;
use layerscope::run::{Imported, Run, Series, import};

#[path = "stores/mod.rs"]
mod stores;

/// Marks the process that only imports.
const IN_CHILD: &str = "--import";

const ROWS: usize = 1_000_000;

/// A file's name, its header, its rows by number.
type Layout = (&'static str, &'static str, fn(usize) -> String);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, path, plain] = arguments.as_slice()
        && flag == IN_CHILD
    {
        measure(Path::new(path), plain.parse().expect("seconds"));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let layouts: [Layout; 5] = [
        ("run-a-tag-train_loss.csv", "Wall time,Step,Value", |step| {
            format!("{:.7},{step},{:.16}", wall(step), loss(step))
        }),
        (
            "history-a.csv",
            "_step,_runtime,_timestamp,train/loss,eval/loss,train/grad_norm,system.proc.memory.rssMB",
            |step| {
                let eval = if step % 100 == 0 {
                    format!("{:.16}", loss(step))
                } else {
                    String::new()
                };
                let wall = wall(step);
                format!(
                    "{step},{:.6},{wall:.7},{:.16},{eval},{:.16},2848.41015625",
                    wall - 1.7e9,
                    loss(step),
                    loss(step + 7)
                )
            },
        ),
        ("gpus.csv", "timestamp, index, memory.used [MiB]", |row| {
            let (seconds, gpu) = (row / 8, row % 8);
            let (minutes, seconds) = (seconds / 60, seconds % 60);
            let (hours, minutes) = (minutes / 60, minutes % 60);
            let (day, hours) = (1 + hours / 24, hours % 24);
            format!(
                "2025/05/{day:02} {hours:02}:{minutes:02}:{seconds:02}.587, {gpu}, {} MiB",
                11_000 + row % 97
            )
        }),
        ("a.jsonl", "", |step| {
            format!(
                "{{\"step\": {step}, \"wall\": {:.7}, \"loss\": {:.16}}}",
                wall(step),
                loss(step)
            )
        }),
        ("slurm.out", "", |step| {
            format!(
                "{{'loss': {:.4}, 'grad_norm': 1.25, 'learning_rate': 1e-05, 'epoch': {:.6}}}",
                loss(step),
                step as f64 / ROWS as f64
            )
        }),
    ];
    let mut files: Vec<PathBuf> = Vec::new();
    for (name, header, row) in layouts {
        let path = folder.path().join(name);
        write(&path, header, row);
        files.push(path);
    }
    files.extend(stores::write(folder.path(), ROWS, wall, loss));
    for path in files {
        let plain = (0..3).map(|_| split(&path)).min().expect("three");
        // In a process of its own, whose memory no earlier import has taken.
        let status = Command::new(std::env::current_exe().expect("this program"))
            .args([
                IN_CHILD.as_ref(),
                path.as_os_str(),
                plain.as_secs_f64().to_string().as_ref(),
            ])
            .status();
        assert!(status.is_ok_and(|status| status.success()));
        fs::remove_file(&path).expect("removed");
    }
}

fn wall(step: usize) -> f64 {
    1.7e9 + step as f64 * 1.25
}

fn loss(step: usize) -> f64 {
    2.0 + 1.0 / (1.0 + step as f64 / 1000.0) + (step as f64).sin() / 10.0
}

fn write(path: &Path, header: &str, row: fn(usize) -> String) {
    let mut file = BufWriter::new(fs::File::create(path).expect("created"));
    if !header.is_empty() {
        writeln!(file, "{header}").expect("written");
    }
    for at in 0..ROWS {
        writeln!(file, "{}", row(at)).expect("written");
    }
    file.flush().expect("written");
}

fn measure(path: &Path, plain: f64) {
    let bytes = fs::metadata(path).expect("a file").len() as f64;
    let before = status("VmRSS");
    let (time, runs) = timed(
        || match import(path, &Progress::default()).expect("a log") {
            Imported::Runs(runs) => runs,
            Imported::Table(_) => unreachable!("a known layout"),
        },
    );
    let peak = status("VmHWM")
        .zip(before)
        .map(|(peak, before)| peak - before);
    let numbers = runs.iter().map(numbers).sum::<usize>() as f64;
    println!(
        "{:<28} {:>5.1} MB  {:>9.0} rows/s  {:.2} s = {:.1} × plain splitting, peak {} for {:.1} MB of numbers",
        path.file_name().expect("a name").to_string_lossy(),
        bytes / 1e6,
        ROWS as f64 / time.as_secs_f64(),
        time.as_secs_f64(),
        time.as_secs_f64() / plain,
        peak.map_or("unknown".to_owned(), |peak| format!(
            "{peak:.1} MB ({:.1} ×)",
            peak * 1e6 / (numbers * 8.0)
        )),
        numbers * 8.0 / 1e6,
    );
}

/// How many numbers runs keep: values, and places once for all series that share them.
fn numbers(run: &Run) -> usize {
    let mut axes: Vec<_> = run.series.iter().map(|series| &series.axis).collect();
    axes.sort_by_key(|axis| std::sync::Arc::as_ptr(axis));
    axes.dedup_by_key(|axis| std::sync::Arc::as_ptr(axis));
    let places = axes
        .iter()
        .map(|axis| axis.steps.len() + axis.epochs.len() + axis.relative.len() + axis.wall.len());
    places.sum::<usize>() + run.series.iter().map(Series::len).sum::<usize>()
}

fn split(path: &Path) -> Duration {
    let (time, cells) = timed(|| {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(path)
            .expect("opened");
        let mut record = csv::ByteRecord::new();
        let mut cells = 0;
        while reader.read_byte_record(&mut record).expect("split") {
            cells += record.len();
        }
        cells
    });
    assert!(cells > 0);
    time
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// A size in `/proc/self/status`, in MB.
fn status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
