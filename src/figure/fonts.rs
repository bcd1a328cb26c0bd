//! The typeface of figures, and how wide a text is in it.
//!
//! Layout measures with Inter, the font that PNGs are drawn with. A reader without it sees
//! Helvetica or Arial, whose texts are narrower or as wide.

use std::sync::LazyLock;

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

/// Inter in its regular weight (OpenType).
pub static REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Inter in its semibold weight (OpenType).
pub static SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// What stands for a character that the font lacks, in units of the font size.
const UNKNOWN: f64 = 0.7;

/// A weight of the typeface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weight {
    /// For text.
    #[default]
    Regular,
    /// For titles and headings.
    Semibold,
}

struct Measure {
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
}

static REGULAR_MEASURE: LazyLock<Option<Measure>> = LazyLock::new(|| Measure::new(REGULAR));
static SEMIBOLD_MEASURE: LazyLock<Option<Measure>> = LazyLock::new(|| Measure::new(SEMIBOLD));

impl Measure {
    fn new(font: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(font).ok()?;
        Some(Self {
            charmap: font.charmap(),
            metrics: font.glyph_metrics(Size::new(1.0), LocationRef::default()),
        })
    }
}

/// Width of `text` at font size `size`, in the units of `size`. Kerning is left out: it makes
/// text narrower.
#[must_use]
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let measure = match weight {
        Weight::Regular => &REGULAR_MEASURE,
        Weight::Semibold => &SEMIBOLD_MEASURE,
    };
    let advance = |character: char| {
        let measure = measure.as_ref()?;
        let glyph = measure.charmap.map(character)?;
        measure.metrics.advance_width(glyph).map(f64::from)
    };
    let units: f64 = text.chars().map(|c| advance(c).unwrap_or(UNKNOWN)).sum();
    units * size
}

/// Whether the font has every character of `text`.
#[must_use]
pub fn has(text: &str) -> bool {
    let known = |measure: &Measure| text.chars().all(|c| measure.charmap.map(c).is_some());
    REGULAR_MEASURE.as_ref().is_some_and(known)
}

/// `text` in lines of at most `room`, broken after spaces, dots, dashes and slashes; a part
/// that is wider than `room` alone is broken anywhere.
#[must_use]
pub fn wrapped(text: &str, room: f64, size: f64, weight: Weight) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for part in text.split_inclusive([' ', '.', '_', '-', '/']) {
        let joined = format!("{line}{part}");
        if line.is_empty() || width(joined.trim_end(), size, weight) <= room {
            line = joined;
        } else {
            lines.push(std::mem::replace(&mut line, part.to_owned()));
        }
        while width(line.trim_end(), size, weight) > room && line.chars().count() > 1 {
            let mut fits = String::new();
            for character in line.chars() {
                fits.push(character);
                if fits.chars().count() > 1 && width(&fits, size, weight) > room {
                    fits.pop();
                    break;
                }
            }
            let rest = line.split_off(fits.len());
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// `text` cut to `room`, with `…` where something is missing.
#[must_use]
pub fn shortened(text: &str, room: f64, size: f64) -> String {
    if width(text, size, Weight::Regular) <= room {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let cut = format!("{}…", kept.trim_end());
        if width(&cut, size, Weight::Regular) <= room {
            return cut;
        }
    }
    String::new()
}
