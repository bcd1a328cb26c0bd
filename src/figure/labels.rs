//! Places for the labels of vertical lines above a plot, such that none covers another one or
//! another's line. A line rises beside its own label, like a pole beside its flag.

/// Beyond this many labels not all ways are tried: each gets a lane of its own.
const MOST: usize = 8;

/// Space between a line and its label, px.
const ASIDE: f64 = 2.0;

/// Space between two labels in a lane, px.
const GAP: f64 = 6.0;

/// Where a label goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Its left end, px.
    pub left: f64,
    /// Its lane, counted from the plot upwards.
    pub lane: usize,
}

/// Places for labels of lines at `labels` (x, width), in `left..=right`. To the right of its
/// line, or to the left, whichever takes the fewest lanes.
#[must_use]
pub fn places(labels: &[(f64, f64)], (left, right): (f64, f64)) -> Vec<Place> {
    let count = labels.len();
    let spans = |mask: usize| -> Vec<(f64, f64)> {
        let span = |(index, &(x, width)): (usize, &(f64, f64))| {
            let start = if mask >> index & 1 == 0 {
                x + ASIDE
            } else {
                x - ASIDE - width
            };
            let start = start.min(right - width).max(left);
            (start, start + width)
        };
        labels.iter().enumerate().map(span).collect()
    };
    let mut best: Option<((usize, usize), Vec<Place>)> = None;
    for mask in 0..1_usize << count.min(MOST) {
        let spans = spans(mask);
        let Some(lanes) = lanes(labels, &spans) else {
            continue;
        };
        // A label that the page's end pushed over its own line is worse than another lane.
        let pushed = labels.iter().zip(&spans);
        let pushed = pushed.filter(|((x, _), span)| span.0 < *x && *x < span.1);
        let cost = (pushed.count(), lanes.iter().copied().max().unwrap_or(0));
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            let placed = spans.iter().zip(lanes);
            let placed = placed.map(|(&(left, _), lane)| Place { left, lane });
            best = Some((cost, placed.collect()));
        }
    }
    best.map_or_else(|| stacked(labels, &spans(0)), |(_, places)| places)
}

/// The lowest lanes that keep all apart; `None` where two labels cover each other's lines.
fn lanes(labels: &[(f64, f64)], spans: &[(f64, f64)]) -> Option<Vec<usize>> {
    if labels.len() > MOST {
        return None;
    }
    let covers = |a: usize, b: usize| spans[a].0 < labels[b].0 && labels[b].0 < spans[a].1;
    let overlap = |a: usize, b: usize| {
        let (first, second) = if spans[a].0 <= spans[b].0 {
            (a, b)
        } else {
            (b, a)
        };
        // Lines between two labels set them apart already.
        let lines = labels[first].0 >= spans[first].1 && labels[second].0 <= spans[second].0;
        let gap = if lines { 0.0 } else { GAP };
        spans[second].0 < spans[first].1 + gap
    };
    // above[a] holds the labels that a must lie above.
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); labels.len()];
    for a in 0..labels.len() {
        for b in a + 1..labels.len() {
            match (covers(a, b), covers(b, a)) {
                (true, true) => return None,
                (true, false) => above[a].push(b),
                (false, true) => above[b].push(a),
                (false, false) if overlap(a, b) => above[a].push(b),
                (false, false) => {}
            }
        }
    }
    let mut lanes = vec![0; labels.len()];
    // As many rounds as there are labels settle every order that is one.
    for _ in 0..=labels.len() {
        let mut settled = true;
        for (index, below) in above.iter().enumerate() {
            let lane = below.iter().map(|&b| lanes[b] + 1).max().unwrap_or(0);
            settled &= lanes[index] == lane;
            lanes[index] = lane;
        }
        if settled {
            return Some(lanes);
        }
    }
    None
}

/// Each label in a lane of its own, the rightmost line's lowest.
fn stacked(labels: &[(f64, f64)], spans: &[(f64, f64)]) -> Vec<Place> {
    let lane = |x: f64, index: usize| {
        let right = labels.iter().enumerate();
        right
            .filter(|&(other, &(at, _))| at > x || at.total_cmp(&x).is_eq() && other > index)
            .count()
    };
    let placed = labels.iter().zip(spans).enumerate();
    placed
        .map(|(index, (&(x, _), &(left, _)))| Place {
            left,
            lane: lane(x, index),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::places;

    fn lanes(labels: &[(f64, f64)]) -> Vec<usize> {
        let placed = places(labels, (0.0, 300.0));
        placed.iter().map(|place| place.lane).collect()
    }

    #[test]
    fn labels_far_apart_share_a_lane() {
        assert_eq!(
            lanes(&[(10.0, 50.0), (100.0, 50.0), (290.0, 50.0)]),
            [0, 0, 0]
        );
    }

    #[test]
    fn two_near_each_other_go_to_both_sides() {
        assert_eq!(lanes(&[(100.0, 50.0), (110.0, 50.0)]), [0, 0]);
    }

    #[test]
    fn three_at_the_edge_take_lanes_and_stay_inside() {
        let labels = [(280.0, 80.0), (285.0, 80.0), (290.0, 80.0)];
        let placed = places(&labels, (0.0, 300.0));
        assert!(
            placed
                .iter()
                .all(|p| p.left >= 0.0 && p.left + 80.0 <= 300.0)
        );
        let mut lanes: Vec<usize> = placed.iter().map(|place| place.lane).collect();
        lanes.sort_unstable();
        assert_eq!(lanes, [0, 1, 2]);
    }

    #[test]
    fn the_pages_end_pushes_no_label_over_its_line() {
        for (x, place) in [280.0, 290.0]
            .into_iter()
            .zip(places(&[(280.0, 80.0), (290.0, 80.0)], (0.0, 300.0)))
        {
            assert!(x <= place.left || place.left + 80.0 <= x, "{x} {place:?}");
        }
    }

    #[test]
    fn many_labels_get_a_lane_each() {
        let labels: Vec<(f64, f64)> = (0..12).map(|i| (f64::from(i) * 9.0, 60.0)).collect();
        let mut lanes = lanes(&labels);
        lanes.sort_unstable();
        assert_eq!(lanes, (0..12).collect::<Vec<_>>());
    }

    #[test]
    fn no_labels_no_places() {
        assert_eq!(lanes(&[]), [] as [usize; 0]);
    }
}
