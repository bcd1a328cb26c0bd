//! What all figures share: margins, the title and the caption above the picture.

use crate::figure::Paper;
use crate::figure::fonts::{Weight, wrapped};
use crate::figure::svg::Style;
use crate::figure::svg::canvas::{Anchor, Canvas, Font};

/// Empty border around everything, px.
pub(super) const MARGIN: f64 = 6.0;

/// Height of a line of text in units of its font size.
pub(super) const LINE: f64 = 1.3;

/// Size of text in a column of a paper, for which lines are made, px.
const SMALL: f64 = 9.0;
/// Size of text beyond which lines grow with it, px.
const LARGE: f64 = 14.0;

/// How far below its middle a text's baseline lies, in units of its font size: half the height
/// of a digit.
pub(super) const MIDDLE: f64 = 0.36;

/// A figure with its text on it.
pub(super) struct Frame {
    pub(super) canvas: Canvas,
    pub(super) paper: &'static Paper,
    /// Width of the whole figure, px.
    pub(super) width: f64,
    /// Size of the body's text, px.
    pub(super) size: f64,
    /// Text of labels.
    pub(super) label: Font,
    /// Text of ticks and captions.
    pub(super) weak: Font,
    /// The first free px below title and caption.
    pub(super) top: f64,
    /// How much thicker than on paper lines and dots are, for large text to suit them.
    pub(super) thick: f64,
}

impl Frame {
    pub(super) fn new(style: &Style, title: &str, caption: &[String]) -> Self {
        let (paper, size, width) = (style.paper(), style.font(), style.width());
        let font = |size, weight, color| Font {
            size,
            weight,
            color,
        };
        let small = (size - 0.5).max(8.5);
        let heading = font(size + 1.0, Weight::Semibold, paper.text);
        let mut frame = Self {
            canvas: Canvas::default(),
            paper,
            width,
            size,
            label: font(size, Weight::Regular, paper.text),
            weak: font(small, Weight::Regular, paper.weak),
            top: MARGIN,
            thick: if size > LARGE { size / SMALL } else { 1.0 },
        };
        frame.lines(title, &heading);
        for line in caption {
            let weak = frame.weak;
            frame.lines(line, &weak);
        }
        frame
    }

    /// A paragraph over the whole width.
    fn lines(&mut self, text: &str, font: &Font) {
        // Some readers' typeface is a little wider than the one measured.
        let room = (self.width - 2.0 * MARGIN) * 0.98;
        for line in wrapped(text, room, font.size, font.weight) {
            self.top += font.size * LINE;
            let baseline = self.top - font.size * 0.3;
            self.canvas
                .text([MARGIN, baseline], Anchor::Start, font, &line);
        }
    }

    /// The document, down to `bottom`.
    pub(super) fn finish(self, bottom: f64, title: &str, caption: &[String]) -> String {
        let description = caption.join("; ");
        self.canvas
            .finish((self.width, bottom), self.paper.page, title, &description)
    }
}
