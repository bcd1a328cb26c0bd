//! What the singular values of one matrix cost, on one thread, beside two other ways to them:
//!
//! - one-stage: the whole matrix in `f64`, its Gram matrix and eigenvalues by faer;
//! - SVD: faer's own singular values in `f32`.
//!
//! ```text
//! cargo bench --no-default-features --bench kernel              all shapes, 3 rounds
//! cargo bench --no-default-features --bench kernel -- 1024x4096 576x1536
//! ```
//!
//! The three ways take turns; medians are printed. Seconds are CPU seconds of this thread on
//! Linux (`/proc/self/schedstat`) and wall time elsewhere. `peak` is N²·M + 4/3·N³ operations in
//! our time, as a share of what faer's `f64` product of 1024³ reaches in the same run. Memory is
//! the peak resident set of a process of its own that makes one call, less the matrix that it
//! holds as input (Linux only).
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::unwrap_used, reason = "a bench may stop at what goes wrong")]

use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, Par, Side};
use layerscope::progress::Progress;
use layerscope::source::InMemory;
use layerscope::spectral::{singular_values, work};
use layerscope::tensor::{DType, Matrix};

const SHAPES: [(usize, usize); 7] = [
    (576, 1536),
    (768, 3072),
    (1024, 1024),
    (1024, 4096),
    (2048, 2048),
    (4096, 4096),
    (4096, 12288),
];
const ROUNDS: usize = 3;
/// The argument of the process that only measures its memory.
const MEMORY: &str = "--memory";

fn main() {
    faer::set_global_parallelism(Par::Seq);
    if std::env::args().any(|argument| argument == MEMORY) {
        for (rows, cols) in shapes() {
            println!("{}", own_peak(rows, cols).unwrap());
        }
        return;
    }
    let peak = product_speed();
    println!("faer's f64 product of 1024³: {:.1} GF/s\n", peak * 1e-9);
    println!(
        "| shape | seconds | peak | one-stage | SVD f32 | memory MiB | one-stage / ours | SVD / ours |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (rows, cols) in shapes() {
        row(rows, cols, peak);
    }
}

/// The shapes named as arguments, or all.
fn shapes() -> Vec<(usize, usize)> {
    let named: Vec<_> = std::env::args()
        .skip(1)
        .filter_map(|argument| {
            let (rows, cols) = argument.split_once('x')?;
            Some((rows.parse().ok()?, cols.parse().ok()?))
        })
        .collect();
    if named.is_empty() {
        SHAPES.to_vec()
    } else {
        named
    }
}

fn row(rows: usize, cols: usize, peak: f64) {
    let entries = noise_and_spikes(rows, cols);
    let bytes = entries.iter().flat_map(|value| value.to_le_bytes());
    let matrix = Matrix::new(
        Arc::new(InMemory(bytes.collect())),
        0,
        DType::F32,
        rows,
        cols,
    );
    let stored = Mat::from_fn(rows, cols, |row, col| entries[row * cols + col]);
    let ours = || {
        black_box(singular_values(&matrix, 1, &Progress::default()).unwrap());
    };
    let (mut our_times, mut stage_times, mut svd_times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        our_times.push(seconds(ours));
        stage_times.push(seconds(|| {
            black_box(one_stage(&stored));
        }));
        svd_times.push(seconds(|| {
            black_box(stored.singular_values().unwrap());
        }));
    }
    let (our, stage, svd) = (median(our_times), median(stage_times), median(svd_times));
    let share = work(rows, cols) as f64 / our / peak * 100.0;
    let memory = memory(rows, cols).map_or_else(|| "?".to_owned(), |mebi| mebi.to_string());
    println!(
        "| {rows}×{cols} | {our:.3} | {share:.0} % | {stage:.3} | {svd:.3} | {memory} | {:.2} | {:.2} |",
        stage / our,
        svd / our,
    );
}

/// The straightforward way: everything in memory, everything by faer.
fn one_stage(stored: &Mat<f32>) -> Vec<f64> {
    let wide = Mat::from_fn(stored.nrows(), stored.ncols(), |row, col| {
        f64::from(stored[(row, col)])
    });
    let mut gram = Mat::zeros(wide.nrows(), wide.nrows());
    triangular::matmul(
        gram.as_mut(),
        BlockStructure::TriangularLower,
        Accum::Replace,
        wide.as_ref(),
        BlockStructure::Rectangular,
        wide.as_ref().transpose(),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
    gram.self_adjoint_eigenvalues(Side::Lower).unwrap()
}

/// Uniform noise and eight strong directions, row by row; the same on every machine.
fn noise_and_spikes(rows: usize, cols: usize) -> Vec<f32> {
    let mut state = 1_u64;
    let mut draw = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5) * 0.1
    };
    let spikes: Vec<(Vec<f32>, Vec<f32>)> = (0..8)
        .map(|_| {
            (
                (0..rows).map(|_| draw()).collect(),
                (0..cols).map(|_| draw()).collect(),
            )
        })
        .collect();
    let mut values = Vec::with_capacity(rows * cols);
    for row in 0..rows {
        for col in 0..cols {
            let spike: f32 = spikes
                .iter()
                .map(|(left, right)| left[row] * right[col])
                .sum();
            values.push(draw() + spike);
        }
    }
    values
}

/// Operations a second of faer's own `f64` product, the best of several.
fn product_speed() -> f64 {
    const SIZE: usize = 1024;
    let left = Mat::from_fn(SIZE, SIZE, |row, col| (row + col) as f64 / SIZE as f64);
    let mut product = Mat::zeros(SIZE, SIZE);
    let best = (0..10)
        .map(|_| {
            seconds(|| {
                faer::linalg::matmul::matmul(
                    product.as_mut(),
                    Accum::Replace,
                    left.as_ref(),
                    left.as_ref(),
                    1.0,
                    Par::Seq,
                );
            })
        })
        .fold(f64::INFINITY, f64::min);
    2.0 * (SIZE as f64).powi(3) / best
}

fn seconds(work: impl FnOnce()) -> f64 {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    work();
    match (cpu, cpu_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => wall.elapsed().as_secs_f64(),
    }
}

fn cpu_seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 * 1e-9)
}

/// Peak memory of one call in MiB, measured in a process that does nothing else.
fn memory(rows: usize, cols: usize) -> Option<u64> {
    let output = Command::new(std::env::current_exe().ok()?)
        .args([MEMORY, &format!("{rows}x{cols}")])
        .output()
        .ok()?;
    let bytes: u64 = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
    Some(bytes >> 20)
}

/// Makes one call and gives this process's peak less the input.
fn own_peak(rows: usize, cols: usize) -> Option<u64> {
    let mut bytes = Vec::with_capacity(rows * cols * 4);
    for index in 0..rows * cols {
        let value = (index.wrapping_mul(2_654_435_761) % 1009) as f32;
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    let input = bytes.len() as u64;
    let matrix = Matrix::new(Arc::new(InMemory(bytes)), 0, DType::F32, rows, cols);
    black_box(singular_values(&matrix, 1, &Progress::default()).ok()?);
    Some(status("VmHWM:")?.saturating_sub(input))
}

fn status(field: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(field))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
