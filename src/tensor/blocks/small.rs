//! The types without a code book: a table of 16 numbers, or the numbers -1, 0 and 1. Each function
//! appends the values of one block, whose length its caller has checked. Source: ggml's
//! `ggml-common.h` and `ggml-quants.c`.

use crate::tensor::blocks::{half, word};

/// The 16 numbers of IQ4.
const IQ4: [f32; 16] = [
    -127.0, -104.0, -83.0, -65.0, -49.0, -35.0, -22.0, -10.0, 1.0, 13.0, 25.0, 38.0, 53.0, 69.0,
    89.0, 113.0,
];
/// Twice the numbers of a float with 2 bits of exponent and 1 of fraction.
const E2M1: [f32; 16] = [
    0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 0.0, -1.0, -2.0, -3.0, -4.0, -6.0, -8.0, -12.0,
];

/// Appends `scale · number` of the lower halves of all bytes, then of the upper ones.
fn halves(codes: &[u8], numbers: &[f32; 16], scale: f32, values: &mut Vec<f32>) {
    values.extend(
        codes
            .iter()
            .map(|code| scale * numbers[usize::from(code & 0xf)]),
    );
    values.extend(
        codes
            .iter()
            .map(|code| scale * numbers[usize::from(code >> 4)]),
    );
}

pub(super) fn iq4_nl(raw: &[u8], values: &mut Vec<f32>) {
    halves(&raw[2..], &IQ4, half(raw, 0), values);
}

pub(super) fn iq4_xs(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    let high = word(raw, 2);
    for part in 0..8 {
        let low = raw[4 + part / 2] >> (part % 2 * 4) & 0xf;
        let above = (high >> (2 * part) & 3) as u8;
        let scale = d * (f32::from(low | above << 4) - 32.0);
        let codes = &raw[8 + 16 * part..24 + 16 * part];
        halves(codes, &IQ4, scale, values);
    }
}

pub(super) fn tq1_0(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 52);
    // Five digits to the base of 3 per byte, the last bytes four, the first digit of all bytes of a
    // part before the second.
    for (codes, digits) in [(&raw[..32], 5), (&raw[32..48], 5), (&raw[48..52], 4)] {
        for digit in 0..digits {
            let power = 3_u8.pow(digit);
            values.extend(codes.iter().map(|code| {
                let code = u16::from(code.wrapping_mul(power));
                d * (f32::from((code * 3) >> 8) - 1.0)
            }));
        }
    }
}

pub(super) fn tq2_0(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 64);
    for codes in raw[..64].chunks_exact(32) {
        for place in 0..4 {
            values.extend(
                codes
                    .iter()
                    .map(|code| d * (f32::from(code >> (2 * place) & 3) - 1.0)),
            );
        }
    }
}

pub(super) fn mxfp4(raw: &[u8], values: &mut Vec<f32>) {
    // Half the power of two that the exponent states: the numbers are doubled.
    let exponent = u32::from(raw[0]);
    let bits = if exponent < 2 {
        0x0020_0000 << exponent
    } else {
        (exponent - 1) << 23
    };
    halves(&raw[1..], &E2M1, f32::from_bits(bits), values);
}

pub(super) fn nvfp4(raw: &[u8], values: &mut Vec<f32>) {
    for part in 0..4 {
        let scale = half_of_e4m3(raw[part]);
        halves(&raw[4 + 8 * part..12 + 8 * part], &E2M1, scale, values);
    }
}

/// Half the value of an unsigned float with 4 bits of exponent and 3 of fraction.
fn half_of_e4m3(byte: u8) -> f32 {
    if byte == 0x7f {
        return 0.0;
    }
    let exponent = i32::from(byte >> 3 & 0xf);
    let fraction = f32::from(byte & 7);
    let value = match exponent {
        0 => fraction * 2_f32.powi(-9),
        _ => (1.0 + fraction / 8.0) * 2_f32.powi(exponent - 7),
    };
    value * 0.5
}
