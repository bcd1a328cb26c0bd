//! Large dots with their names beside them, such that no name covers a dot or another name.

use crate::figure::Layer;
use crate::figure::fonts::{shortened, width};
use crate::figure::svg::canvas::{Anchor, Pen, Rect};
use crate::figure::svg::frame::{Frame, MIDDLE};

/// Radius of a dot, px.
const RADIUS: f64 = 3.5;
/// Space around a name, px.
const SPACE: f64 = 2.0;

/// Where a name may lie: its box's middle, in units of half the box's sides plus the distance
/// from the dot; those that read best first.
const SIDES: [[f64; 2]; 8] = [
    [1.0, 0.0],
    [-1.0, 0.0],
    [0.0, -1.0],
    [0.0, 1.0],
    [1.0, -1.0],
    [1.0, 1.0],
    [-1.0, -1.0],
    [-1.0, 1.0],
];

/// How far names may lie from their dots, in radii; beyond the first with a line between.
const RINGS: [f64; 4] = [1.8, 5.0, 9.0, 14.0];

/// Draws the dots in `area` and their names, which stay in it.
pub(super) fn draw(frame: &mut Frame, area: Rect, dots: &[([f64; 2], &Layer, &str)]) {
    let font = frame.label;
    let radius = RADIUS * frame.thick;
    let mut taken: Vec<Rect> = dots
        .iter()
        .map(|&([x, y], ..)| {
            Rect {
                x,
                y,
                ..Rect::default()
            }
            .grown(radius + 1.0)
        })
        .collect();
    let inside = area.grown(-SPACE);
    let mut texts = Vec::new();
    for &(at, layer, name) in dots {
        let name = shortened(name, inside.width * 0.6, font.size);
        let size = [width(&name, font.size, font.weight), font.size * 1.1];
        let (place, far) = placed(at, size, radius, inside, &taken);
        taken.push(place.grown(SPACE / 2.0));
        texts.push((at, layer, name, place, far));
    }
    let line = Pen {
        color: frame.paper.weak,
        width: 0.5 * frame.thick,
        dash: "",
    };
    for (at, _, _, place, far) in &texts {
        if *far {
            // To the nearest point of the name's box.
            let [x, y] = *at;
            let end = [
                x.clamp(place.x, place.right()),
                y.clamp(place.y, place.bottom()),
            ];
            frame.canvas.line(*at, end, &line);
        }
    }
    for (at, layer, name, place, _) in texts {
        let color = frame.paper.color(layer.ink);
        // A rim of page sets dots apart that lie on each other.
        frame.canvas.circle(at, radius + 0.75, frame.paper.page);
        frame.canvas.circle(at, radius, color);
        let middle = place.y + place.height / 2.0;
        let at = [place.x, middle + font.size * MIDDLE];
        frame.canvas.text(at, Anchor::Start, &font, &name);
    }
}

/// The first free place for a box of `size` beside `at`, else the one that covers least; and
/// whether it is so far that a line must lead there.
fn placed(
    at: [f64; 2],
    [width, height]: [f64; 2],
    radius: f64,
    inside: Rect,
    taken: &[Rect],
) -> (Rect, bool) {
    let mut best: Option<(f64, Rect, bool)> = None;
    for (ring, distance) in RINGS.into_iter().enumerate() {
        for [across, down] in SIDES {
            let middle = [
                at[0] + across * (width / 2.0 + radius * distance),
                at[1] + down * (height / 2.0 + radius * distance),
            ];
            let place = Rect {
                x: middle[0] - width / 2.0,
                y: middle[1] - height / 2.0,
                width,
                height,
            };
            let covered: f64 = taken.iter().map(|other| shared(&place, other)).sum();
            let outside = width * height - shared(&place, &inside);
            let cost = covered + outside * 2.0;
            if best.as_ref().is_none_or(|(least, ..)| cost < *least - 1e-9) {
                best = Some((cost, place, ring > 0));
            }
        }
        if best.as_ref().is_some_and(|(least, ..)| *least <= 1e-9) {
            break;
        }
    }
    best.map_or_else(Default::default, |(_, place, far)| (place, far))
}

/// The area that two rectangles share.
fn shared(a: &Rect, b: &Rect) -> f64 {
    let across = a.right().min(b.right()) - a.x.max(b.x);
    let down = a.bottom().min(b.bottom()) - a.y.max(b.y);
    across.max(0.0) * down.max(0.0)
}
