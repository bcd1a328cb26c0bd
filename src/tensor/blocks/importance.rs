//! The types that are made with an importance matrix: indices into a code book, with signs and
//! scales. Each function appends the values of one block, whose length its caller has checked.
//! Source: the block layouts of ggml's `ggml-common.h`, the formulas of its `ggml-quants.c`.

use crate::tensor::blocks::{grids, half, word};

/// What is added to or taken from every entry of an IQ1 book.
const DELTA: f32 = 0.125;

/// Appends `entries · scale`, with a minus where `signs` has a bit.
fn signed(entries: &[f32], scale: f32, signs: u8, values: &mut Vec<f32>) {
    values.extend(entries.iter().enumerate().map(|(place, entry)| {
        let value = scale * entry;
        if signs >> place & 1 == 0 {
            value
        } else {
            -value
        }
    }));
}

/// Eight signs from seven bits: the number of minus signs is even.
fn even(bits: u8) -> u8 {
    bits | (((bits.count_ones() & 1) as u8) << 7)
}

fn double_word(raw: &[u8], at: usize) -> u32 {
    u32::from(word(raw, at)) | u32::from(word(raw, at + 2)) << 16
}

/// The half of a byte: the lower one of the first, the upper one of the second of two.
fn nibble(raw: &[u8], place: usize) -> u8 {
    raw[place / 2] >> (place % 2 * 4) & 0xf
}

pub(super) fn iq2_xxs(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    for part in 0..8 {
        let at = 2 + part * 8;
        let signs = double_word(raw, at + 4);
        let scale = d * (0.5 + (signs >> 28) as f32) * 0.25;
        for place in 0..4 {
            let entries = &grids::IQ2_XXS[usize::from(raw[at + place])];
            let bits = (signs >> (7 * place) & 0x7f) as u8;
            signed(entries, scale, even(bits), values);
        }
    }
}

pub(super) fn iq2_xs(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    let scales = &raw[66..74];
    for place in 0..32 {
        let scale = d * (0.5 + f32::from(nibble(scales, place / 2))) * 0.25;
        let code = word(raw, 2 + 2 * place);
        let entries = &grids::IQ2_XS[usize::from(code & 511)];
        signed(entries, scale, even((code >> 9) as u8), values);
    }
}

pub(super) fn iq2_s(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    let (low, signs, high, scales) = (&raw[2..34], &raw[34..66], &raw[66..74], &raw[74..82]);
    for place in 0..32 {
        let scale = d * (0.5 + f32::from(nibble(scales, place / 2))) * 0.25;
        let above = usize::from(high[place / 4] >> (place % 4 * 2) & 3);
        let entries = &grids::IQ2_S[usize::from(low[place]) | above << 8];
        signed(entries, scale, signs[place], values);
    }
}

pub(super) fn iq3_xxs(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    let codes = &raw[2..66];
    for place in 0..32 {
        let signs = double_word(raw, 66 + place / 4 * 4);
        let scale = d * (0.5 + (signs >> 28) as f32) * 0.5;
        let bits = even((signs >> (7 * (place % 4)) & 0x7f) as u8);
        for (code, signs) in codes[2 * place..2 * place + 2]
            .iter()
            .zip([bits, bits >> 4])
        {
            signed(&grids::IQ3_XXS[usize::from(*code)], scale, signs, values);
        }
    }
}

pub(super) fn iq3_s(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    let (low, high, signs, scales) = (&raw[2..66], &raw[66..74], &raw[74..106], &raw[106..110]);
    for place in 0..64 {
        let scale = d * f32::from(1 + 2 * nibble(scales, place / 8));
        let above = usize::from(high[place / 8] >> (place % 8) & 1);
        let entries = &grids::IQ3_S[usize::from(low[place]) | above << 8];
        signed(entries, scale, signs[place / 2] >> (place % 2 * 4), values);
    }
}

/// Appends an entry of the IQ1 book with its delta.
fn shifted(code: usize, scale: f32, is_less: bool, values: &mut Vec<f32>) {
    let delta = if is_less { -DELTA } else { DELTA };
    let entries = &grids::IQ1[code];
    values.extend(entries.iter().map(|entry| scale * (entry + delta)));
}

pub(super) fn iq1_s(raw: &[u8], values: &mut Vec<f32>) {
    let d = half(raw, 0);
    for place in 0..32 {
        let high = word(raw, 34 + place / 4 * 2);
        let scale = d * f32::from(2 * (high >> 12 & 7) + 1);
        let above = usize::from(high >> (place % 4 * 3) & 7);
        let code = usize::from(raw[2 + place]) | above << 8;
        shifted(code, scale, high & 0x8000 != 0, values);
    }
}

pub(super) fn iq1_m(raw: &[u8], values: &mut Vec<f32>) {
    let scales = [48, 50, 52, 54].map(|at| word(raw, at));
    // The block's own factor is spread over the upper bits of the scales.
    let bits = (0..4).fold(0, |bits, place| {
        bits | (scales[place] & 0xf000) >> (12 - 4 * place)
    });
    let d = half::f16::from_bits(bits).to_f32();
    for place in 0..32 {
        let part = place / 2;
        let scale = d * f32::from(2 * (scales[part / 4] >> (part % 4 * 3) & 7) + 1);
        let high = nibble(&raw[32..48], place);
        let code = usize::from(raw[place]) | usize::from(high & 7) << 8;
        shifted(code, scale, high & 8 != 0, values);
    }
}
