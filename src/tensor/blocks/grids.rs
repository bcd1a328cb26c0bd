//! The code books of the types with an importance matrix: see `assets/ggml/README.md`.

use std::sync::LazyLock;

/// The packed books, one after the other.
static PACKED: &[u8; 9216] = include_bytes!("../../../assets/ggml/grids.bin");

/// Entries of 2 bits, four per byte.
fn two_bits<const N: usize, const SIZE: usize>(start: usize, values: [f32; 3]) -> Vec<[f32; SIZE]> {
    unpack(&PACKED[start..start + N * SIZE / 4], 2, &values)
}

/// Entries of 4 bits, two per byte.
fn four_bits<const N: usize, const SIZE: usize>(
    start: usize,
    values: [f32; 8],
) -> Vec<[f32; SIZE]> {
    unpack(&PACKED[start..start + N * SIZE / 2], 4, &values)
}

fn unpack<const SIZE: usize>(packed: &[u8], bits: usize, values: &[f32]) -> Vec<[f32; SIZE]> {
    let mask = (1_u8 << bits) - 1;
    let entries = packed.iter().flat_map(|byte| {
        let places = (0..8).step_by(bits);
        places.map(move |place| values[usize::from(byte >> place & mask)])
    });
    let entries: Vec<f32> = entries.collect();
    let (entries, _) = entries.as_chunks();
    entries.to_vec()
}

/// The magnitudes of IQ2.
const OF_2: [f32; 3] = [8.0, 25.0, 43.0];

pub(super) static IQ2_XXS: LazyLock<Vec<[f32; 8]>> = LazyLock::new(|| two_bits::<256, 8>(0, OF_2));
pub(super) static IQ2_XS: LazyLock<Vec<[f32; 8]>> = LazyLock::new(|| two_bits::<512, 8>(512, OF_2));
pub(super) static IQ2_S: LazyLock<Vec<[f32; 8]>> =
    LazyLock::new(|| two_bits::<1024, 8>(1536, OF_2));
pub(super) static IQ3_XXS: LazyLock<Vec<[f32; 4]>> =
    LazyLock::new(|| four_bits::<256, 4>(3584, [4.0, 12.0, 20.0, 28.0, 36.0, 44.0, 52.0, 62.0]));
pub(super) static IQ3_S: LazyLock<Vec<[f32; 4]>> =
    LazyLock::new(|| four_bits::<512, 4>(4096, [1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0]));
pub(super) static IQ1: LazyLock<Vec<[f32; 8]>> =
    LazyLock::new(|| two_bits::<2048, 8>(5120, [-1.0, 0.0, 1.0]));
