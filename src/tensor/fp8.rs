//! Floats of 8 bits, and the scales that belong to blocks of them.
//!
//! Enters: a byte, or a tensor of scales. Leaves: the values they stand for.
//! Source: Micikevicius et al., "FP8 formats for deep learning", arXiv:2209.05433; block scales as
//! in DeepSeek-V3, arXiv:2412.19437 section 3.3.

use std::sync::LazyLock;

use half::f16;

/// The exponent's bias in E4M3.
const BIAS: i32 = 7;

/// The values of all E4M3 bytes.
pub(super) static E4M3: LazyLock<[f64; 256]> =
    LazyLock::new(|| std::array::from_fn(|byte| f64::from(e4m3(byte as u8))));
/// The values of all E5M2 bytes.
pub(super) static E5M2: LazyLock<[f64; 256]> =
    LazyLock::new(|| std::array::from_fn(|byte| f64::from(e5m2(byte as u8))));

/// The values of all E8M0 bytes: 2^(byte − 127), and NaN for the last.
pub(super) static E8M0: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| match byte {
        255 => f64::NAN,
        _ => 2_f64.powi(byte as i32 - 127),
    })
});

/// The value of an E4M3 byte: sign, 4 bits of exponent, 3 of fraction. No infinities; NaN is
/// all ones.
fn e4m3(byte: u8) -> f32 {
    let exponent = i32::from(byte >> 3 & 0xf);
    let fraction = f32::from(byte & 7) / 8.0;
    let magnitude = match (exponent, byte & 7) {
        (0xf, 7) => f32::NAN,
        (0, _) => fraction * 2_f32.powi(1 - BIAS),
        _ => (1.0 + fraction) * 2_f32.powi(exponent - BIAS),
    };
    if byte & 0x80 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// The value of an E5M2 byte: the upper half of an F16.
fn e5m2(byte: u8) -> f32 {
    f16::from_bits(u16::from(byte) << 8).to_f32()
}

/// Factors of a matrix's blocks: an element's value is its stored value times its block's factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Scales {
    /// One factor per block, row by row.
    pub values: Vec<f32>,
    /// Blocks side by side: factors in a row.
    pub across: usize,
    /// Rows of a block.
    pub rows: usize,
    /// Columns of a block.
    pub cols: usize,
}

impl Scales {
    /// Multiplies `values`, which lie in `row` from column `col` on, by their factors.
    pub(super) fn apply(&self, row: usize, col: usize, values: &mut [f64]) {
        let mut start = 0;
        while start < values.len() {
            let block = (col + start) / self.cols;
            // To the end of the block, or of what is asked for.
            let end = values.len().min((block + 1) * self.cols - col);
            let factor = self.values[row / self.rows * self.across + block];
            for value in &mut values[start..end] {
                // In f32, as the model's own program dequantizes.
                *value = f64::from(*value as f32 * factor);
            }
            start = end;
        }
    }
}

/// The size of the blocks of a `rows` × `cols` matrix that has `shape` scales, as (rows, columns):
/// `stated` where the configuration states it and it fits, else the one that the shapes tell.
///
/// # Errors
/// Why the scales do not fit the matrix, as a phrase.
pub(super) fn block_size(
    (rows, cols): (usize, usize),
    shape: &[usize],
    stated: Option<(usize, usize)>,
) -> Result<(usize, usize), String> {
    let (down, across) = match *shape {
        [] | [1] => (1, 1),
        [down] => (down, 1),
        [down, across] => (down, across),
        _ => (0, 0),
    };
    let fits = |(block_rows, block_cols): (usize, usize)| {
        block_rows > 0
            && block_cols > 0
            && rows.div_ceil(block_rows) == down
            && cols.div_ceil(block_cols) == across
    };
    let even = (rows.div_ceil(down.max(1)), cols.div_ceil(across.max(1)));
    // Where blocks stick out at the end, their count alone does not tell their size: 128 is what
    // every published checkpoint with blocks has.
    let usual = (128, 128);
    let mut candidates = stated.into_iter().chain([usual, even]);
    candidates.find(|size| fits(*size)).ok_or_else(|| {
        format!("has scales of shape {shape:?}, which do not divide it into equal blocks")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "the values are exact")]
    use super::*;

    #[test]
    fn bytes_have_the_values_of_the_paper() {
        // Table 1 of arXiv:2209.05433.
        assert_eq!(e4m3(0b0111_1110), 448.0);
        assert_eq!(e4m3(0b0000_1000), 2_f32.powi(-6));
        assert_eq!(e4m3(0b0000_0111), 0.875 * 2_f32.powi(-6));
        assert_eq!(e4m3(0b1000_0001), -(2_f32.powi(-9)));
        assert!(e4m3(0x7f).is_nan() && e4m3(0xff).is_nan());
        assert_eq!(e5m2(0b0111_1011), 57344.0);
        assert_eq!(e5m2(0b0000_0001), 2_f32.powi(-16));
        assert_eq!(e5m2(0b1111_1100), f32::NEG_INFINITY);
        assert!(e5m2(0b0111_1101).is_nan());
    }

    #[test]
    fn a_block_is_as_stated_or_as_the_shapes_tell() {
        assert_eq!(block_size((300, 256), &[3, 2], None), Ok((128, 128)));
        assert_eq!(
            block_size((300, 256), &[5, 4], Some((64, 64))),
            Ok((64, 64))
        );
        assert_eq!(block_size((64, 32), &[], None), Ok((128, 128)));
        assert_eq!(block_size((300, 200), &[1], None), Ok((300, 200)));
        assert_eq!(block_size((300, 200), &[300, 1], None), Ok((1, 200)));
        assert_eq!(block_size((300, 200), &[300], None), Ok((1, 200)));
        assert_eq!(block_size((300, 200), &[7, 200], None), Ok((43, 1)));
        assert!(block_size((300, 200), &[299, 200], None).is_err());
        assert!(block_size((4, 4), &[2, 2, 2], None).is_err());
    }
}
