//! Random numbers that are the same in every run, and matrices of them.

use layerscope::progress::Progress;
use layerscope::spectral::singular_values;
use layerscope::tensor::Matrix;

/// `SplitMix64` (Steele, Lea & Flood 2014), with Box–Muller for normal numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1, neither of them.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// A `rows` × `cols` matrix of normal entries with standard deviation `scale`, row by row.
pub(crate) fn gaussian(seed: u64, rows: usize, cols: usize, scale: f64) -> Vec<f64> {
    let mut random = Random(seed);
    (0..rows * cols).map(|_| scale * random.normal()).collect()
}

pub(crate) fn spectrum(rows: usize, cols: usize, entries: &[f64]) -> Vec<f64> {
    let matrix = Matrix::from_f64(rows, cols, entries);
    singular_values(&matrix, 2, &Progress::default()).unwrap()
}
