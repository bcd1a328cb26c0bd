//! What a document derives for choosing: the ranking by the choice's rules, near-ties, towers,
//! sizes. Made again only when what it is made of changes.
//!
//! Enters: a report, a choice, the set it makes. Leaves: [`Choosing`].

use std::cmp::Ordering;

use crate::report::{Module, SnrReport};
use crate::selection::{
    Choice, Costs, FreezeSet, Mark, Optimizer, PooledType, RankBy, Ranking, Sizes, Towers,
};
use crate::spectral::law::{rank_intervals, straddles_cut};

/// Why the data do not settle on which side of the cut a module falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NearTie {
    /// Its ratio is within the choice's tolerance of the ratio on the cut's other side.
    Tolerance,
    /// Moving every τ of its pool a little may move it to the cut's other side.
    Stability,
}

/// What is derived for choosing.
pub struct Choosing {
    /// The ranking by the choice's rules; none while these are Spectrum's, and the document's own
    /// ranking is it.
    ranking: Option<Ranking>,
    /// For each module the best and the worst place in its pool, from 0, while every τ moves a
    /// little; none where the singular values of its pool are not all known.
    places: Vec<Option<(u32, u32)>>,
    /// For each module whether the choice is not settled there.
    near: Vec<bool>,
    /// The model's towers.
    pub towers: Towers,
    /// What training memory goes by; none where shapes are not known.
    pub sizes: Option<Sizes>,
    /// The types that pool modules of several towers, and what the set takes of each.
    pub pooled: Vec<PooledType>,
    /// A line for each type of which the set takes one tower alone, though several are ranked
    /// together.
    pub tower_warnings: Vec<String>,
}

impl Choosing {
    /// All that choosing on `report` needs; `own` is its ranking by Spectrum's rules.
    pub(crate) fn new(report: &SnrReport, own: &Ranking, choice: &Choice) -> Self {
        let mut choosing = Self {
            ranking: None,
            places: Vec::new(),
            near: Vec::new(),
            towers: Towers::of(report),
            sizes: Sizes::of(report),
            pooled: Vec::new(),
            tower_warnings: Vec::new(),
        };
        choosing.rank(report, own, choice);
        choosing
    }

    /// The ranking that percentages go by.
    pub(crate) fn ranking<'a>(&'a self, own: &'a Ranking) -> &'a Ranking {
        self.ranking.as_ref().unwrap_or(own)
    }

    /// Ranks again: the numbers or the rules changed.
    pub(crate) fn rank(&mut self, report: &SnrReport, own: &Ranking, choice: &Choice) {
        self.ranking = (!own.fits(choice)).then(|| own.ranked_again(report, choice));
        self.places = places(report, self.ranking(own));
    }

    /// Takes in another set.
    pub(crate) fn take_set(
        &mut self,
        report: &SnrReport,
        own: &Ranking,
        choice: &Choice,
        set: &FreezeSet,
    ) {
        self.pooled = self.towers.pooled(report, set);
        let is_out = |name: &str| choice.rules.towers_out.contains(name);
        let pool = choice.rules.pool;
        self.tower_warnings = self.towers.warnings(report, set, pool, is_out);
        let mut near = vec![false; report.modules.len()];
        for &module in &set.near_ties {
            near[module as usize] = true;
        }
        if self.places.iter().any(Option::is_some) {
            let cuts = self.cuts(report, own, choice, set);
            for (module, places) in self.places.iter().enumerate() {
                let pool = self.ranking(own).pool_of(module);
                if let (Some((best, worst)), Some(pool)) = (places, pool) {
                    let places = (*best as usize, *worst as usize);
                    let listed = set.types[report.modules[module].layer_type].is_some();
                    near[module] |= listed && straddles_cut(places, cuts[pool]);
                }
            }
            for (near, module) in near.iter_mut().zip(&report.modules) {
                *near = *near && !choice.marks.contains_key(&module.name);
            }
        }
        self.near = near;
    }

    /// For each pool how many of its modules the percentages take.
    fn cuts(
        &self,
        report: &SnrReport,
        own: &Ranking,
        choice: &Choice,
        set: &FreezeSet,
    ) -> Vec<usize> {
        let ranking = self.ranking(own);
        let percent = |pool| {
            let layer_type = ranking.type_of_pool(pool);
            let name = layer_type.map(|index| &report.types[index].name);
            name.and_then(|name| choice.type_percent.get(name).copied())
        };
        let pools = 0..ranking.order.len();
        pools
            .map(|pool| ranking.top(pool, percent(pool).unwrap_or(set.top)).len())
            .collect()
    }

    /// Whether the choice is not settled at each module.
    pub(crate) fn near(&self) -> &[bool] {
        &self.near
    }

    pub(crate) fn places(&self, module: usize) -> Option<(usize, usize)> {
        let (best, worst) = (*self.places.get(module)?)?;
        Some((best as usize, worst as usize))
    }

    /// The memory of training `set`, beside other ways to train; none where shapes are not known.
    #[must_use]
    pub fn costs(&self, set: &FreezeSet, optimizer: Optimizer) -> Option<Costs> {
        set.costs(self.sizes, optimizer)
    }

    /// What is pooled in that type, where it is of several towers that are ranked together.
    #[must_use]
    pub fn pooled(&self, layer_type: usize) -> Option<&PooledType> {
        let place = self
            .pooled
            .binary_search_by_key(&layer_type, |pooled| pooled.layer_type);
        place.ok().map(|place| &self.pooled[place])
    }
}

/// The least and greatest value that a module is ranked by while its τ moves a little.
fn interval(module: &Module, by: RankBy) -> Option<(f64, f64)> {
    let noise = module.noise?;
    let (least, greatest) = (noise.stability.least, noise.stability.greatest);
    match by {
        RankBy::Snr => Some((least, greatest)),
        RankBy::Excess => {
            let (snr, excess) = (module.detail?.snr, noise.excess.unwrap_or(f64::NAN));
            // The control's ratio stays: it is the module's own that τ moves.
            let moved = |to: f64| match to.total_cmp(&snr) {
                Ordering::Equal => excess,
                _ => excess + (to / snr).log2(),
            };
            Some((moved(least), moved(greatest)))
        }
    }
}

fn places(report: &SnrReport, ranking: &Ranking) -> Vec<Option<(u32, u32)>> {
    let mut places = vec![None; report.modules.len()];
    for order in &ranking.order {
        let intervals: Option<Vec<(f64, f64)>> = order
            .iter()
            .map(|&module| interval(&report.modules[module as usize], ranking.by()))
            .collect();
        let Some(intervals) = intervals else { continue };
        for (&module, (best, worst)) in order.iter().zip(rank_intervals(&intervals)) {
            places[module as usize] = Some((best as u32, worst as u32));
        }
    }
    places
}

/// Why a module is a near-tie, where it is one.
pub(crate) fn near_tie(
    choosing: &Choosing,
    set: &FreezeSet,
    module: usize,
    mark: Option<Mark>,
) -> Option<NearTie> {
    if mark.is_some() || choosing.near.get(module) != Some(&true) {
        return None;
    }
    let by_tolerance = set.near_ties.binary_search(&(module as u32)).is_ok();
    Some(if by_tolerance {
        NearTie::Tolerance
    } else {
        NearTie::Stability
    })
}
