//! The order a percentage takes modules in: made once for a report and the rules of choosing, and
//! sliced by every move of a slider.
//!
//! Enters: a report, a choice's rules. Leaves: [`Ranking`]: pools of modules, each in order.

use std::collections::BTreeSet;

use crate::report::{Module, SnrReport};
use crate::selection::{Choice, Mark, Percent, Pool, RankBy, Rules, Towers};

/// No pool: what [`Ranking::pool_of`] is of, as it is stored.
const NO_POOL: u32 = u32::MAX;

/// The pools that percentages are taken of, each in the order it is taken in. By Spectrum's rules
/// there is one pool a type: by SNR descending, ties in the report's order, no number last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking {
    /// Each pool's modules in rank order. By the default rules, and by any that rank each type by
    /// itself, a pool's index is its type's.
    pub order: Vec<Vec<u32>>,
    /// For each pool, how many of its modules have a number that a percentage may take.
    pub takeable: Vec<usize>,
    /// For each module, its place in its pool, from 0; 0 where it is in none.
    pub rank: Vec<u32>,
    /// For each pool the type whose percentage it goes by; none for the pool of all types.
    pool_type: Vec<Option<usize>>,
    /// For each module its pool.
    pool: Vec<u32>,
    /// For each module the number it is ranked by; NaN where it has none.
    values: Vec<f64>,
    /// Each type's modules in rank order: those that are in no pool, too.
    by_type: Vec<Vec<u32>>,
    /// What the pools were made by.
    key: Key,
    /// The modules' indices in the order of their names.
    by_name: Vec<u32>,
}

/// All of a choice that pools depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Key {
    rules: Rules,
    /// Types that take no part in the ranking of all: left out, or with their own percentage.
    /// Empty where each type is ranked by itself.
    apart: BTreeSet<String>,
}

impl Key {
    fn of(choice: &Choice) -> Self {
        let names = choice.excluded.iter().chain(choice.type_percent.keys());
        Self {
            rules: choice.rules.clone(),
            apart: match choice.rules.pool {
                Pool::All => names.cloned().collect(),
                Pool::Type | Pool::TypeAndTower => BTreeSet::new(),
            },
        }
    }
}

impl Ranking {
    /// Ranks every type of `report` by Spectrum's rules.
    #[must_use]
    pub fn new(report: &SnrReport) -> Self {
        Self::make(report, Key::default(), by_name(report))
    }

    /// Ranks the modules of `report` by the rules of `choice`.
    #[must_use]
    pub fn of(report: &SnrReport, choice: &Choice) -> Self {
        Self::make(report, Key::of(choice), by_name(report))
    }

    /// The same report's modules by the rules of `choice`: quicker than [`Ranking::of`].
    #[must_use]
    pub fn ranked_again(&self, report: &SnrReport, choice: &Choice) -> Self {
        Self::make(report, Key::of(choice), self.by_name.clone())
    }

    /// Whether this is the ranking that `choice` asks for.
    #[must_use]
    pub fn fits(&self, choice: &Choice) -> bool {
        // The names are compared only where there is something to compare.
        self.key.rules == choice.rules
            && (self.key.rules.pool != Pool::All || self.key == Key::of(choice))
    }

    fn make(report: &SnrReport, key: Key, by_name: Vec<u32>) -> Self {
        let count = report.modules.len();
        let by = key.rules.by;
        let values = report.modules.iter().map(|module| value(module, by));
        let mut ranking = Self {
            rank: vec![0; count],
            pool: vec![NO_POOL; count],
            values: values.collect(),
            by_name,
            ..Self::default()
        };
        for layer_type in &report.types {
            let mut order: Vec<u32> = layer_type.modules.iter().map(|&i| i as u32).collect();
            sort(&mut order, &ranking.values);
            ranking.by_type.push(order);
        }
        ranking.pools(report, &key);
        for (pool, order) in ranking.order.iter().enumerate() {
            for (place, &module) in order.iter().enumerate() {
                ranking.rank[module as usize] = place as u32;
                ranking.pool[module as usize] = pool as u32;
            }
            let numbers = order
                .iter()
                .filter(|&&module| !ranking.values[module as usize].is_nan());
            ranking.takeable.push(numbers.count());
        }
        ranking.key = key;
        ranking
    }

    /// Makes the pools from the types' orders.
    fn pools(&mut self, report: &SnrReport, key: &Key) {
        let rules = &key.rules;
        let needs_towers = rules.pool == Pool::TypeAndTower || !rules.towers_out.is_empty();
        let towers = needs_towers.then(|| Towers::of(report));
        let tower = |module: u32| {
            towers
                .as_ref()
                .and_then(|towers| towers.of[module as usize])
        };
        let is_out: Vec<bool> = towers
            .iter()
            .flat_map(|towers| &towers.names)
            .map(|name| rules.towers_out.contains(name))
            .collect();
        let takes_part = |module: &u32| {
            let in_tower = tower(*module).is_none_or(|tower| !is_out[usize::from(tower)]);
            let block = report.modules[*module as usize].block;
            in_tower && rules.blocks.is_none_or(|blocks| blocks.contains(block))
        };
        let mut all = Vec::new();
        for (index, order) in self.by_type.iter().enumerate() {
            let kept = order.iter().copied().filter(takes_part);
            match rules.pool {
                Pool::All if !key.apart.contains(&report.types[index].name) => all.extend(kept),
                Pool::Type | Pool::All => {
                    self.order.push(kept.collect());
                    self.pool_type.push(Some(index));
                }
                Pool::TypeAndTower => {
                    let mut split: Vec<(Option<u16>, Vec<u32>)> = Vec::new();
                    for module in kept {
                        let of = tower(module);
                        match split.iter_mut().find(|(tower, _)| *tower == of) {
                            Some((_, modules)) => modules.push(module),
                            None => split.push((of, vec![module])),
                        }
                    }
                    for (_, modules) in split {
                        self.order.push(modules);
                        self.pool_type.push(Some(index));
                    }
                }
            }
        }
        if rules.pool == Pool::All {
            // Ties keep the report's order, as they do within a type.
            all.sort_unstable();
            sort(&mut all, &self.values);
            self.order.push(all);
            self.pool_type.push(None);
        }
    }

    /// The modules that `percent` takes of a pool, in rank order.
    #[must_use]
    pub fn top(&self, pool: usize, percent: Percent) -> &[u32] {
        let order = &self.order[pool];
        &order[..percent.of(order.len()).min(self.takeable[pool])]
    }

    /// The pool that `module` is ranked in; none where the rules leave it out.
    #[must_use]
    pub fn pool_of(&self, module: usize) -> Option<usize> {
        let pool = *self.pool.get(module)?;
        (pool != NO_POOL).then_some(pool as usize)
    }

    /// The type whose percentage a pool goes by; none for the pool of all types.
    #[must_use]
    pub fn type_of_pool(&self, pool: usize) -> Option<usize> {
        self.pool_type[pool]
    }

    /// The number that `module` is ranked by: its SNR, or its excess; NaN where it has none.
    #[must_use]
    pub fn value(&self, module: usize) -> f64 {
        self.values[module]
    }

    /// What it ranks by.
    #[must_use]
    pub fn by(&self) -> RankBy {
        self.key.rules.by
    }

    /// How many modules no percentage takes for want of a number to rank them by, of those that
    /// take part.
    #[must_use]
    pub fn unranked(&self) -> usize {
        let pools = self.order.iter().zip(&self.takeable);
        pools.map(|(order, takeable)| order.len() - takeable).sum()
    }

    /// The modules of a type in rank order, whether they take part or not.
    pub(super) fn of_type(&self, layer_type: usize) -> &[u32] {
        &self.by_type[layer_type]
    }

    /// For each module of `report` its mark in `choice`; empty where none of them is marked.
    ///
    /// Marks and modules are both walked in the order of their names, by strides that double:
    /// few marks cost next to nothing, a mark on every module one pass.
    pub(super) fn marks_of(&self, report: &SnrReport, choice: &Choice) -> Vec<Option<Mark>> {
        let name = |index: u32| report.modules[index as usize].name.as_str();
        let mut marks = Vec::new();
        let mut rest = self.by_name.as_slice();
        for (marked, &mark) in &choice.marks {
            let mut stride = 1;
            while rest
                .get(stride)
                .is_some_and(|&index| name(index) < marked.as_str())
            {
                stride *= 2;
            }
            let near = &rest[..rest.len().min(stride + 1)];
            let before = near.partition_point(|&index| name(index) < marked.as_str());
            rest = &rest[before..];
            if let Some(&index) = rest.first()
                && name(index) == marked
            {
                marks.resize(report.modules.len(), None);
                marks[index as usize] = Some(mark);
            }
        }
        marks
    }

    /// The least percentage at which `module` is taken; `None` where no percentage takes it. In
    /// the pool of all types that is the common percentage, else its type's.
    #[must_use]
    pub fn enters_at(&self, module: usize) -> Option<Percent> {
        let pool = self.pool_of(module)?;
        let rank = self.rank[module] as usize;
        (rank < self.takeable[pool]).then(|| Percent::least_for(rank + 1, self.order[pool].len()))
    }
}

/// The modules' indices in the order of their names.
fn by_name(report: &SnrReport) -> Vec<u32> {
    let mut order: Vec<u32> = (0..report.modules.len() as u32).collect();
    order.sort_by_key(|&index| report.modules[index as usize].name.as_str());
    order
}

/// The number that `module` is ranked by.
fn value(module: &Module, by: RankBy) -> f64 {
    let value = match by {
        RankBy::Snr => module.snr,
        RankBy::Excess => module.noise.and_then(|noise| noise.excess),
    };
    value.unwrap_or(f64::NAN)
}

/// By value descending, no number last; equal ones stay as they are.
fn sort(order: &mut [u32], values: &[f64]) {
    let value = |index: u32| Some(values[index as usize]).filter(|value| !value.is_nan());
    // `None` sorts below every number.
    order.sort_by(|&a, &b| {
        let (a, b) = (value(a), value(b));
        b.partial_cmp(&a).unwrap_or(std::cmp::Ordering::Equal)
    });
}
