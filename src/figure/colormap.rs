//! Perceptually uniform color maps as tables of 256 entries.
//!
//! Sources: viridis and magma by Stéfan van der Walt and Nathaniel Smith (matplotlib, CC0);
//! cividis by Nuñez, Anderson and Renslow, "Optimizing colormaps with consideration for color
//! vision deficiency", `PLoS ONE` 13(7), 2018; RdBu by Cynthia Brewer (ColorBrewer 2.0). Every
//! fifth entry of matplotlib's tables is kept; linear interpolation between them is within 1 of
//! 255 (cividis: 4) of the originals.

use serde::{Deserialize, Serialize};

/// Number of kept entries: 0, 5, …, 255.
const ANCHORS: usize = 52;

/// Viridis at every fifth entry.
#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors read as RRGGBB")]
const VIRIDIS: [u32; ANCHORS] = [
    0x440154, 0x46085C, 0x471063, 0x481769, 0x481D6F, 0x482475, 0x472A7A, 0x46307E, 0x453781,
    0x433D84, 0x414287, 0x3F4889, 0x3D4E8A, 0x3A538B, 0x38598C, 0x355E8D, 0x33638D, 0x31688E,
    0x2E6D8E, 0x2C718E, 0x2A768E, 0x297B8E, 0x27808E, 0x25848E, 0x23898E, 0x218E8D, 0x20928C,
    0x1F978B, 0x1E9C89, 0x1FA188, 0x21A585, 0x24AA83, 0x28AE80, 0x2EB37C, 0x35B779, 0x3DBC74,
    0x46C06F, 0x50C46A, 0x5AC864, 0x65CB5E, 0x70CF57, 0x7CD250, 0x89D548, 0x95D840, 0xA2DA37,
    0xB0DD2F, 0xBDDF26, 0xCAE11F, 0xD8E219, 0xE5E419, 0xF1E51D, 0xFDE725,
];
/// Magma at every fifth entry.
#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors read as RRGGBB")]
const MAGMA: [u32; ANCHORS] = [
    0x000004, 0x02020B, 0x050416, 0x090720, 0x0E0B2B, 0x140E36, 0x1A1042, 0x21114E, 0x29115A,
    0x311165, 0x390F6E, 0x420F75, 0x4A1079, 0x52137C, 0x5A167E, 0x621980, 0x6A1C81, 0x721F81,
    0x792282, 0x812581, 0x892881, 0x912B81, 0x992D80, 0xA1307E, 0xAA337D, 0xB2357B, 0xBA3878,
    0xC23B75, 0xCA3E72, 0xD2426F, 0xD9466B, 0xE04C67, 0xE75263, 0xEC5860, 0xF1605D, 0xF4695C,
    0xF7725C, 0xF97B5D, 0xFB8560, 0xFC8E64, 0xFD9869, 0xFEA16E, 0xFEAA74, 0xFEB47B, 0xFEBD82,
    0xFEC68A, 0xFECF92, 0xFED89A, 0xFDE2A3, 0xFDEBAC, 0xFCF4B6, 0xFCFDBF,
];
/// Cividis at every fifth entry.
#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors read as RRGGBB")]
const CIVIDIS: [u32; ANCHORS] = [
    0x00224E, 0x002656, 0x002A5F, 0x002D68, 0x003070, 0x083370, 0x163770, 0x203A6F, 0x273E6E,
    0x2E416D, 0x34456C, 0x3A486C, 0x3F4C6C, 0x444F6C, 0x49536C, 0x4E566C, 0x535A6D, 0x575D6D,
    0x5C616E, 0x60646F, 0x656870, 0x696B71, 0x6D6F72, 0x727274, 0x767676, 0x7A7A78, 0x7E7D78,
    0x838179, 0x888578, 0x8D8878, 0x928C78, 0x969077, 0x9B9476, 0xA09875, 0xA59C74, 0xAAA073,
    0xAFA471, 0xB5A86F, 0xBAAC6D, 0xBFB06B, 0xC4B468, 0xC9B965, 0xCFBD62, 0xD4C15F, 0xDAC65B,
    0xDFCA57, 0xE5CF52, 0xEAD34C, 0xF0D846, 0xF6DD3F, 0xFCE236, 0xFEE838,
];

/// ColorBrewer's eleven-class RdBu, blue first: two sides, told apart with any color vision. Its
/// three middle colors are darker here, so that the outline of a chosen cell shows on them.
#[expect(clippy::unreadable_literal, reason = "colors read as RRGGBB")]
const RD_BU: [u32; 11] = [
    0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xB2CAD8, 0xBFC2C6, 0xDDC2B5, 0xF4A582, 0xD6604D,
    0xB2182B, 0x67001F,
];

/// An sRGB color without alpha.
pub type Rgb = [u8; 3];

static SIDES_TABLE: [Rgb; 256] = interpolated(&RD_BU);
static VIRIDIS_TABLE: [Rgb; 256] = interpolated(&VIRIDIS);
static MAGMA_TABLE: [Rgb; 256] = interpolated(&MAGMA);
static CIVIDIS_TABLE: [Rgb; 256] = interpolated(&CIVIDIS);
static GREY_TABLE: [Rgb; 256] = grey();

/// A way from values to colors, readable with any color vision.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
pub enum ColorMap {
    /// Dark violet over green to yellow.
    #[default]
    Viridis,
    /// Black over red to pale yellow.
    Magma,
    /// Blue to yellow; the same for deuteranopes.
    Cividis,
    /// Dark to light gray, for print.
    Grey,
    /// Blue over gray to red, for values with two sides.
    #[value(skip)]
    Sides,
}

impl ColorMap {
    /// The maps for values with one side, in the order they are offered in.
    pub const ALL: [Self; 4] = [Self::Viridis, Self::Magma, Self::Cividis, Self::Grey];

    /// Its name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Viridis => "Viridis",
            Self::Magma => "Magma",
            Self::Cividis => "Cividis",
            Self::Grey => "Grey",
            Self::Sides => "Blue to red",
        }
    }

    /// Its colors from lowest to highest.
    #[must_use]
    pub fn table(self) -> &'static [Rgb; 256] {
        match self {
            Self::Viridis => &VIRIDIS_TABLE,
            Self::Magma => &MAGMA_TABLE,
            Self::Cividis => &CIVIDIS_TABLE,
            Self::Grey => &GREY_TABLE,
            Self::Sides => &SIDES_TABLE,
        }
    }

    /// The color at `position`, 0 lowest to 1 highest; what lies outside takes the end's.
    #[must_use]
    pub fn at(self, position: f64) -> Rgb {
        // `as` saturates, and takes NaN to 0.
        self.table()[(position * 255.0).round() as u8 as usize]
    }
}

const fn channel(rgb: u32, index: usize) -> i32 {
    ((rgb >> (16 - 8 * index)) & 0xFF) as i32
}

/// The table through `anchors`, which lie at equal distances.
const fn interpolated<const COUNT: usize>(anchors: &[u32; COUNT]) -> [Rgb; 256] {
    let mut table = [[0; 3]; 256];
    let mut entry = 0;
    while entry < 256 {
        // In units of 1/255 of the distance between two anchors.
        let place = entry * (COUNT - 1);
        let left = if entry == 255 { COUNT - 2 } else { place / 255 };
        let weight = (place - left * 255) as i32;
        let step = 255;
        let mut index = 0;
        while index < 3 {
            let (a, b) = (
                channel(anchors[left], index),
                channel(anchors[left + 1], index),
            );
            // Rounded to nearest: both terms are positive.
            let sum = a * (step - weight) + b * weight;
            table[entry][index] = ((sum + step / 2) / step) as u8;
            index += 1;
        }
        entry += 1;
    }
    table
}

/// From near black to near white, so that both ends stay apart from either theme's background.
const fn grey() -> [Rgb; 256] {
    let mut table = [[0; 3]; 256];
    let mut entry = 0;
    while entry < 256 {
        let level = (30 + entry * 215 / 255) as u8;
        table[entry] = [level; 3];
        entry += 1;
    }
    table
}
