//! Values: every type widens exactly, and a block is what the whole has there.

use std::sync::Arc;

use half::{bf16, f16};
use layerscope::source::InMemory;
use layerscope::tensor::{DType, Matrix};
use proptest::prelude::*;

fn all(matrix: &Matrix) -> Vec<f64> {
    let mut out = vec![0.0; matrix.rows() * matrix.cols()];
    let (rows, cols) = (0..matrix.rows(), 0..matrix.cols());
    matrix
        .read_block(rows, cols, &mut Vec::new(), &mut out)
        .unwrap();
    out
}

fn row(dtype: DType, bytes: Vec<u8>) -> Vec<f64> {
    let cols = bytes.len() / dtype.size().unwrap();
    all(&Matrix::new(Arc::new(InMemory(bytes)), 0, dtype, 1, cols))
}

/// Equal, with NaN equal to NaN.
fn same(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a.to_bits() == b.to_bits()
}

#[test]
fn every_half_precision_value_widens_exactly() {
    let bytes: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
    let wide = row(DType::F16, bytes.clone());
    let brain = row(DType::BF16, bytes);
    for bits in 0..=u16::MAX {
        let at = usize::from(bits);
        assert!(
            same(wide[at], f16::from_bits(bits).to_f64()),
            "F16 {bits:#06x}"
        );
        assert!(
            same(brain[at], bf16::from_bits(bits).to_f64()),
            "BF16 {bits:#06x}"
        );
    }
    assert!(same(wide[0x3c00], 1.0) && same(brain[0x3f80], 1.0) && same(brain[0x8000], -0.0));
}

#[test]
fn singles_and_doubles_widen_exactly() {
    let singles = [
        0.0,
        -0.0,
        1.5,
        f32::MIN_POSITIVE / 8.0,
        f32::MAX,
        f32::NEG_INFINITY,
        f32::NAN,
    ];
    let wide = row(
        DType::F32,
        singles
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
    );
    assert!(
        wide.iter()
            .zip(singles)
            .all(|(&wide, single)| same(wide, f64::from(single)))
    );
    let doubles = [
        0.1,
        f64::MIN_POSITIVE / 8.0,
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    let wide = row(
        DType::F64,
        doubles
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
    );
    assert!(
        wide.iter()
            .zip(doubles)
            .all(|(&wide, double)| same(wide, double))
    );
}

#[test]
fn other_types_are_refused_by_name() {
    let matrix = Matrix::new(
        Arc::new(InMemory(vec![0; 4])),
        0,
        DType::from_name("I8"),
        2,
        2,
    );
    let error = matrix
        .read_block(0..2, 0..2, &mut Vec::new(), &mut [0.0; 4])
        .unwrap_err();
    assert!(
        error.to_string().contains("type I8 are not read; convert"),
        "{error}"
    );
}

#[test]
fn a_file_that_ends_early_is_an_error() {
    let matrix = Matrix::new(Arc::new(InMemory(vec![0; 15])), 0, DType::F32, 2, 2);
    assert!(
        matrix
            .read_block(0..1, 0..2, &mut Vec::new(), &mut [0.0; 2])
            .is_ok()
    );
    assert!(
        matrix
            .read_block(1..2, 0..2, &mut Vec::new(), &mut [0.0; 2])
            .is_err()
    );
}

proptest! {
    #[test]
    fn a_block_is_what_the_whole_has_there(
        (rows, cols, top, bottom, left, right) in (1_usize..9, 1_usize..9).prop_flat_map(|(rows, cols)| {
            (Just(rows), Just(cols), 0..=rows, 0..=rows, 0..=cols, 0..=cols)
        })
    ) {
        let (top, bottom) = (top.min(bottom), top.max(bottom));
        let (left, right) = (left.min(right), left.max(right));
        let values: Vec<f64> = (0..rows * cols).map(|value| value as f64).collect();
        let matrix = Matrix::from_f64(rows, cols, &values);
        prop_assert_eq!(&all(&matrix), &values);
        let mut block = vec![f64::NAN; (bottom - top) * (right - left)];
        // Scratch space of another size, as a former block leaves it.
        matrix.read_block(top..bottom, left..right, &mut vec![9; 33], &mut block).unwrap();
        let expected: Vec<f64> = (top..bottom)
            .flat_map(|row| values[row * cols + left..row * cols + right].to_vec())
            .collect();
        prop_assert_eq!(block, expected);
    }
}
