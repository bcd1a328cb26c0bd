//! Colors of figures: the data's, and those of the paper they lie on.
//!
//! An [`Ink`] is a color by its role, a [`Paper`] is what each role looks like on a light or a dark
//! page. The window resolves the same roles with its own theme.
//!
//! Source of the series colors: Okabe & Ito, "Color Universal Design" (2008): told apart with
//! any color vision. Their black is the text's color here, so that it works on a dark page.

use crate::figure::Rgb;

/// The seven colors of Okabe and Ito, those with most contrast to either page first.
pub const OKABE_ITO: [Rgb; 7] = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, YELLOW];

const BLUE: Rgb = [0x00, 0x72, 0xB2];
const VERMILLION: Rgb = [0xD5, 0x5E, 0x00];
const GREEN: Rgb = [0x00, 0x9E, 0x73];
const PURPLE: Rgb = [0xCC, 0x79, 0xA7];
const ORANGE: Rgb = [0xE6, 0x9F, 0x00];
const SKY: Rgb = [0x56, 0xB4, 0xE9];
const YELLOW: Rgb = [0xF0, 0xE4, 0x42];

/// A color by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The color of a series; past the seventh they come again.
    Series(usize),
    /// Text and what must be read first.
    Text,
    /// For the background of the data: bars of the bulk, the body of a row.
    Quiet,
    /// The page itself, to set things apart.
    Page,
    /// This very color: a run's, wherever it is drawn.
    Fixed(Rgb),
}

/// The colors of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// The page.
    pub page: Rgb,
    /// Text.
    pub text: Rgb,
    /// Captions, tick labels, block numbers.
    pub weak: Rgb,
    /// Axes and lines between groups.
    pub hairline: Rgb,
    /// See [`Ink::Quiet`].
    pub quiet: Rgb,
    /// A heatmap's cell whose ratio is infinite.
    pub infinite: Rgb,
    /// A heatmap's cell that is not scanned.
    pub waiting: Rgb,
    /// How far a frozen cell fades towards the page, 0 to 1.
    pub fade: f64,
}

impl Paper {
    /// White, for print.
    pub const LIGHT: Self = Self {
        page: [0xFF, 0xFF, 0xFF],
        text: [0x1A, 0x1D, 0x21],
        weak: [0x57, 0x60, 0x6A],
        hairline: [0xC4, 0xC9, 0xD1],
        quiet: [0x87, 0x91, 0xA0],
        infinite: [0x80, 0x84, 0x8E],
        waiting: [0xEC, 0xED, 0xF0],
        fade: 0.66,
    };

    /// Near black, for a screen.
    pub const DARK: Self = Self {
        page: [0x14, 0x16, 0x19],
        text: [0xE6, 0xE8, 0xEB],
        weak: [0x9D, 0xA5, 0xAE],
        hairline: [0x45, 0x4B, 0x54],
        quiet: [0x60, 0x6B, 0x7A],
        infinite: [0x68, 0x6C, 0x76],
        waiting: [0x26, 0x28, 0x2D],
        fade: 0.58,
    };

    /// What `ink` looks like on this page.
    #[must_use]
    pub fn color(&self, ink: Ink) -> Rgb {
        match ink {
            Ink::Series(index) => self.seen(OKABE_ITO[index % OKABE_ITO.len()]),
            Ink::Text => self.text,
            Ink::Quiet => self.quiet,
            Ink::Page => self.page,
            Ink::Fixed(color) => self.seen(color),
        }
    }

    /// `color` as a line or a mark of this page: nearer to the text's color where it would not
    /// stand out from the page. Yellow on white is olive.
    #[must_use]
    pub fn seen(&self, color: Rgb) -> Rgb {
        self.until(color, MARK)
    }

    /// `color` as text on this page, likewise.
    #[must_use]
    pub fn read(&self, color: Rgb) -> Rgb {
        self.until(color, TEXT)
    }

    /// `color`, moved towards the text's until it has a contrast of `least` with the page.
    fn until(&self, color: Rgb, least: f64) -> Rgb {
        let steps = (0..=50).map(|step| mixed(color, self.text, f64::from(step) / 50.0));
        let mut enough = steps.filter(|color| contrast(*color, self.page) >= least);
        enough.next().unwrap_or(self.text)
    }

    /// `color` faded as a frozen cell shows it.
    #[must_use]
    pub fn faded(&self, color: Rgb) -> Rgb {
        mixed(color, self.page, self.fade)
    }
}

/// Least contrast of text, and of marks that must be seen, with what is behind them (WCAG 2.1,
/// 1.4.3 and 1.4.11). The marks' one with a little to spare: a window's surfaces are not pure.
const TEXT: f64 = 4.5;
const MARK: f64 = 3.3;

/// The way from one color to another, `share` of it.
fn mixed(from: Rgb, to: Rgb, share: f64) -> Rgb {
    let mix = |place: usize| {
        let (from, to) = (f64::from(from[place]), f64::from(to[place]));
        (from + (to - from) * share).round() as u8
    };
    [mix(0), mix(1), mix(2)]
}

/// How far two colors stand out from each other, 1 to 21: (L₁ + 0.05) / (L₂ + 0.05) with the
/// relative luminances L, the lighter first (WCAG 2.1).
#[must_use]
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = |[r, g, b]: Rgb| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
