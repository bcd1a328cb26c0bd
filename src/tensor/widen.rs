//! Stored values as f64.

use half::{bf16, f16};

use crate::tensor::{DType, fp8};

/// Widens little-endian `raw` values of `dtype` into `out`, element by element.
pub(super) fn widen(dtype: &DType, raw: &[u8], out: &mut [f64]) {
    fn each<const SIZE: usize>(raw: &[u8], out: &mut [f64], value: impl Fn([u8; SIZE]) -> f64) {
        let (chunks, _) = raw.as_chunks::<SIZE>();
        for (out, chunk) in out.iter_mut().zip(chunks) {
            *out = value(*chunk);
        }
    }
    match dtype {
        DType::F64 => each(raw, out, f64::from_le_bytes),
        DType::F32 => each(raw, out, |bytes| f64::from(f32::from_le_bytes(bytes))),
        DType::F16 => each(raw, out, |bytes| f16::from_le_bytes(bytes).to_f64()),
        // The upper half of an f32: a shift, which vectorizes, where the library call branches.
        DType::BF16 => each(raw, out, |bytes| {
            f64::from(f32::from_bits(
                u32::from(bf16::from_le_bytes(bytes).to_bits()) << 16,
            ))
        }),
        DType::F8E4M3 => each(raw, out, |[byte]| fp8::E4M3[usize::from(byte)]),
        DType::F8E5M2 => each(raw, out, |[byte]| fp8::E5M2[usize::from(byte)]),
        DType::F8E8M0 => each(raw, out, |[byte]| fp8::E8M0[usize::from(byte)]),
        // Blocks and codes have no elements by themselves.
        DType::Block(_) | DType::Packed(_) | DType::Other(_) => {}
    }
}
