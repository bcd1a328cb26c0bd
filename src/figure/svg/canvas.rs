//! The elements of a figure as SVG text.
//!
//! Numbers have at most two decimals, so that the last digit of a logarithm, which differs between
//! systems, does not show.

use std::fmt::Write as _;

use crate::figure::Rgb;
use crate::figure::fonts::Weight;

/// Typefaces in the order they are looked for.
const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

/// Name of the plot's clip path.
const CLIP: &str = "plot";

/// A rectangle, px.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Grown by `by` on every side; shrunk where it is negative.
    pub(super) fn grown(&self, by: f64) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: (self.width + 2.0 * by).max(0.0),
            height: (self.height + 2.0 * by).max(0.0),
        }
    }
}

/// Which point of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) color: Rgb,
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pen<'a> {
    pub(super) color: Rgb,
    pub(super) width: f64,
    /// As `stroke-dasharray` has it; empty for a solid line.
    pub(super) dash: &'a str,
}

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    body: String,
    clips: String,
}

impl Canvas {
    pub(super) fn rect(&mut self, rect: Rect, color: Rgb) {
        let (x, y) = (number(rect.x), number(rect.y));
        let (width, height) = (number(rect.width), number(rect.height));
        let fill = hex(color);
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>"#
        ));
    }

    /// Rectangles of one color as one element.
    pub(super) fn rects(&mut self, rects: impl IntoIterator<Item = Rect>, color: Rgb) {
        let mut path = String::new();
        for rect in rects {
            let (left, right) = (number(rect.x), number(rect.right()));
            let (top, bottom) = (number(rect.y), number(rect.bottom()));
            let _ = write!(path, "M{left} {top}H{right}V{bottom}H{left}Z");
        }
        self.fill(&path, color, 1.0);
    }

    pub(super) fn line(&mut self, from: [f64; 2], to: [f64; 2], pen: &Pen<'_>) {
        self.polyline(&[from, to], pen);
    }

    /// Lines that do not belong together as one element.
    pub(super) fn lines(&mut self, lines: &[[[f64; 2]; 2]], pen: &Pen<'_>) {
        let gap = [f64::NAN; 2];
        let points: Vec<[f64; 2]> = lines.iter().flat_map(|&[a, b]| [a, b, gap]).collect();
        self.polyline(&points, pen);
    }

    pub(super) fn polyline(&mut self, points: &[[f64; 2]], pen: &Pen<'_>) {
        let path = path(points);
        if path.is_empty() {
            return;
        }
        let (color, width) = (hex(pen.color), number(pen.width));
        let dash = if pen.dash.is_empty() {
            String::new()
        } else {
            format!(r#" stroke-dasharray="{}""#, pen.dash)
        };
        self.put(format_args!(
            r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}"{dash} stroke-linejoin="round"/>"#
        ));
    }

    pub(super) fn polygon(&mut self, points: &[[f64; 2]], color: Rgb, opacity: f64) {
        let path = path(points);
        if !path.is_empty() {
            self.fill(&format!("{path}Z"), color, opacity);
        }
    }

    /// Dots of one color as one element: lines of no length with round ends.
    pub(super) fn dots(&mut self, centers: &[[f64; 2]], radius: f64, color: Rgb) {
        let mut path = String::new();
        for center in centers.iter().filter(|at| at.iter().all(|v| v.is_finite())) {
            let [x, y] = center.map(number);
            let _ = write!(path, "M{x} {y}h0");
        }
        if path.is_empty() {
            return;
        }
        let (color, width) = (hex(color), number(2.0 * radius));
        self.put(format_args!(
            r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linecap="round"/>"#
        ));
    }

    pub(super) fn circle(&mut self, center: [f64; 2], radius: f64, color: Rgb) {
        let [x, y] = center.map(number);
        let (radius, color) = (number(radius), hex(color));
        self.put(format_args!(
            r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{color}"/>"#
        ));
    }

    /// A text whose baseline begins, has its middle or ends at `at`.
    pub(super) fn text(&mut self, at: [f64; 2], anchor: Anchor, font: &Font, text: &str) {
        let [x, y] = at.map(number);
        self.put_text(&format!(r#"x="{x}" y="{y}""#), anchor, font, text);
    }

    /// A text from bottom to top with its middle at `at`.
    pub(super) fn upright(&mut self, at: [f64; 2], font: &Font, text: &str) {
        let [x, y] = at.map(number);
        let place = format!(r#"transform="translate({x} {y}) rotate(-90)""#);
        self.put_text(&place, Anchor::Middle, font, text);
    }

    fn put_text(&mut self, place: &str, anchor: Anchor, font: &Font, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let weight = match font.weight {
            Weight::Regular => "",
            Weight::Semibold => r#" font-weight="600""#,
        };
        let (size, color, text) = (number(font.size), hex(font.color), escaped(text));
        self.put(format_args!(
            r#"<text {place}{anchor} font-size="{size}"{weight} fill="{color}">{text}</text>"#
        ));
    }

    /// Everything until [`Canvas::unclip`] is cut off at `rect`. Once per document.
    pub(super) fn clip(&mut self, rect: Rect) {
        let (x, y) = (number(rect.x), number(rect.y));
        let (width, height) = (number(rect.width), number(rect.height));
        self.clips = format!(
            r#"<defs><clipPath id="{CLIP}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath></defs>
"#
        );
        self.put(format_args!(r#"<g clip-path="url(#{CLIP})">"#));
    }

    pub(super) fn unclip(&mut self) {
        self.put(format_args!("</g>"));
    }

    fn fill(&mut self, path: &str, color: Rgb, opacity: f64) {
        if path.is_empty() {
            return;
        }
        let color = hex(color);
        let opacity = if opacity < 1.0 {
            format!(r#" fill-opacity="{}""#, number(opacity))
        } else {
            String::new()
        };
        self.put(format_args!(
            r#"<path d="{path}" fill="{color}"{opacity}/>"#
        ));
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    /// The document: `width` × `height` px on a page of color `page`; `title` and `description`
    /// are what a screen reader says of it.
    pub(super) fn finish(
        self,
        (width, height): (f64, f64),
        page: Rgb,
        title: &str,
        description: &str,
    ) -> String {
        let (width, height) = (number(width), number(height.ceil()));
        let (title, description) = (escaped(title), escaped(description));
        let (page, clips, body) = (hex(page), self.clips, self.body);
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" font-family="{FAMILY}">
<title>{title}</title>
<desc>{description}</desc>
{clips}<rect width="{width}" height="{height}" fill="{page}"/>
{body}</svg>
"#
        )
    }
}

/// The points as path data; points that are not finite interrupt the line.
fn path(points: &[[f64; 2]]) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for point in points {
        if !point.iter().all(|value| value.is_finite()) {
            pen_down = false;
            continue;
        }
        let [x, y] = point.map(number);
        let command = if pen_down { 'L' } else { 'M' };
        let _ = write!(path, "{command}{x} {y}");
        pen_down = true;
    }
    path
}

/// At most two decimals, no trailing zeros, no minus before zero.
fn number(value: f64) -> String {
    // Far outside any page; some readers cannot count further.
    let value = value.clamp(-1e6, 1e6);
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML has it; characters that XML 1.0 cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            '\t' | '\n' | '\r' => escaped.push(' '),
            control if control < ' ' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escaped, number, path};

    #[test]
    fn numbers_are_short() {
        for (value, text) in [(0.0, "0"), (-0.001, "0"), (1.5, "1.5"), (10.0, "10")] {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(f64::INFINITY), "1000000");
    }

    #[test]
    fn a_gap_in_the_points_is_a_gap_in_the_line() {
        let points = [[0.0, 0.0], [1.0, 0.0], [2.0, f64::NAN], [3.0, 1.0]];
        assert_eq!(path(&points), "M0 0L1 0M3 1");
    }

    #[test]
    fn markup_in_names_stays_text() {
        assert_eq!(
            escaped("a<b>&\"c\"\u{1}\n"),
            "a&lt;b&gt;&amp;&quot;c&quot; "
        );
    }
}
