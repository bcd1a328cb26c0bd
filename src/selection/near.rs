//! Near-ties at the cut: modules that a little difference would move to its other side.
//!
//! Enters: a ranking, the percentages taken of its pools. Leaves: modules.

use crate::selection::{Percent, RankBy, Ranking};

/// The modules of `pool` on either side of the cut after the first `taken` whose ratio is within
/// `tolerance`, relative, of the ratio on the cut's other side. Where all or none are taken there
/// is no cut.
pub(super) fn near_ties(
    ranking: &Ranking,
    pool: usize,
    taken: usize,
    tolerance: Percent,
) -> impl Iterator<Item = u32> {
    let takeable = &ranking.order[pool][..ranking.takeable[pool]];
    let (above, below) = takeable.split_at(taken.min(takeable.len()));
    let edges = above.last().zip(below.first());
    let by = ranking.by();
    let is_near = move |module: u32, edge: u32| {
        let value = |module: u32| ranking.value(module as usize);
        near(value(module), value(edge), by, tolerance)
    };
    edges.into_iter().flat_map(move |(&last, &first)| {
        let above = above
            .iter()
            .rev()
            .take_while(move |&&module| is_near(module, first));
        let below = below
            .iter()
            .take_while(move |&&module| is_near(module, last));
        above.chain(below).copied()
    })
}

/// Whether two values are within the tolerance. An excess is the logarithm of a ratio, to base 2.
fn near(a: f64, b: f64, by: RankBy, tolerance: Percent) -> bool {
    // A hair of slack: a difference of just the tolerance is one in decimal, not in binary.
    let share = (tolerance.value() / 100.0 * (1.0 + 1e-9)).min(1.0);
    // Equal also where both are infinite: then their order is the file's, not the data's.
    a.total_cmp(&b).is_eq()
        || match by {
            RankBy::Snr => (a - b).abs() <= share * a.abs().max(b.abs()) && (a - b).is_finite(),
            RankBy::Excess => (a - b).abs() <= -(1.0 - share).log2() && (a - b).is_finite(),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_is_relative_and_of_the_ratio_an_excess_is_the_logarithm_of() {
        let one = Percent::whole(1);
        for (a, b, by, expected) in [
            (100.0, 99.0, RankBy::Snr, true),
            (100.0, 98.9, RankBy::Snr, false),
            (0.001, 0.00099, RankBy::Snr, true),
            (f64::INFINITY, f64::INFINITY, RankBy::Snr, true),
            (f64::INFINITY, 1.0, RankBy::Snr, false),
            // 0.99 = 2^-0.0145
            (0.0, 0.0144, RankBy::Excess, true),
            (0.0, 0.0146, RankBy::Excess, false),
            (10.0, 10.05, RankBy::Excess, false),
        ] {
            assert_eq!(near(a, b, by, one), expected, "{a} {b} {by:?}");
        }
        assert!(near(1.0, 1.0, RankBy::Snr, Percent::ZERO));
        assert!(near(3.0, -5.0, RankBy::Excess, Percent::FULL));
    }
}
