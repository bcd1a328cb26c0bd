//! The mark of an axis that does not start at 0: a zigzag at its lower end.

use crate::figure::svg::canvas::{Pen, Rect};
use crate::figure::svg::frame::Frame;

/// Length of the zigzag along the axis, px.
const LENGTH: f64 = 7.0;
/// How far it goes to either side, px.
const REACH: f64 = 2.5;
/// How far from the axis's end it begins, px.
const FROM: f64 = 3.0;

/// Marks the axes that are broken (from left to right, from bottom to top).
pub(super) fn draw(frame: &mut Frame, area: Rect, (x, y): (bool, bool)) {
    let thick = frame.thick;
    let line = Pen {
        color: frame.paper.weak,
        width: 0.75 * thick,
        dash: "",
    };
    // The page's color below takes the axis itself away.
    let page = Pen {
        color: frame.paper.page,
        width: 2.5 * thick,
        dash: "",
    };
    let zigzag = |place: &dyn Fn(f64, f64) -> [f64; 2]| -> Vec<[f64; 2]> {
        let along = |part: f64| (FROM + LENGTH * part) * thick;
        let aside = REACH * thick;
        let steps = [(0.0, 0.0), (0.2, -1.0), (0.5, 1.0), (0.8, -1.0), (1.0, 0.0)];
        steps
            .map(|(part, side)| place(along(part), side * aside))
            .to_vec()
    };
    if y {
        let place = |along: f64, aside: f64| [area.x + aside, area.bottom() - along];
        let (end, begin) = (place((FROM + LENGTH) * thick, 0.0), [area.x, area.bottom()]);
        frame.canvas.polyline(&[end, [area.x, area.y]], &line);
        frame
            .canvas
            .polyline(&[begin, place(FROM * thick, 0.0)], &line);
        frame.canvas.polyline(&zigzag(&place), &line);
    }
    if x {
        let place = |along: f64, aside: f64| [area.x + along, area.bottom() + aside];
        let ends = [
            place(FROM * thick, 0.0),
            place((FROM + LENGTH) * thick, 0.0),
        ];
        frame.canvas.polyline(&ends, &page);
        frame.canvas.polyline(&zigzag(&place), &line);
    }
}
