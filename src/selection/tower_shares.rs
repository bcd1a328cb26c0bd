//! What a set takes of each tower, for the types that rank modules of several towers together.
//!
//! Ratios of different towers differ in level, so that one tower may take all places: a freeze
//! set then silently trains another tower than was meant.

use crate::report::SnrReport;
use crate::selection::{FreezeSet, Pool, Towers};

/// A type whose modules are in several towers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PooledType {
    /// The type, an index into [`SnrReport::types`].
    pub layer_type: usize,
    /// Its towers, each with the modules that the set takes of it and those there are.
    pub towers: Vec<Share>,
}

/// What a set takes of a type in one tower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The tower, an index into [`Towers::names`].
    pub tower: usize,
    /// Modules of the type in it that the set's list names.
    pub taken: usize,
    /// Modules of the type in it.
    pub modules: usize,
}

impl PooledType {
    /// The tower that all of the set's modules of this type fall in, if they do.
    #[must_use]
    pub fn only_tower(&self) -> Option<usize> {
        let mut taken = self.towers.iter().filter(|share| share.taken > 0);
        let first = taken.next()?.tower;
        taken.next().is_none().then_some(first)
    }
}

impl Towers {
    /// The types with modules of several towers, and what `set` takes of each.
    #[must_use]
    pub fn pooled(&self, report: &SnrReport, set: &FreezeSet) -> Vec<PooledType> {
        if !self.are_several() {
            return Vec::new();
        }
        let mut pooled = Vec::new();
        for (index, layer_type) in report.types.iter().enumerate() {
            let mut towers: Vec<Share> = Vec::new();
            let mut count = |module: usize, taken: bool| {
                let Some(&Some(tower)) = self.of.get(module) else {
                    return;
                };
                let tower = usize::from(tower);
                let place = towers.iter().position(|share| share.tower == tower);
                let place = place.unwrap_or_else(|| {
                    towers.push(Share {
                        tower,
                        taken: 0,
                        modules: 0,
                    });
                    towers.len() - 1
                });
                if taken {
                    towers[place].taken += 1;
                } else {
                    towers[place].modules += 1;
                }
            };
            for &module in &layer_type.modules {
                count(module, false);
            }
            for &module in set.types.get(index).into_iter().flatten().flatten() {
                count(module as usize, true);
            }
            if towers.len() > 1 {
                pooled.push(PooledType {
                    layer_type: index,
                    towers,
                });
            }
        }
        pooled
    }

    /// A line for each type that ranks several towers together and takes modules of only one.
    /// Nothing is said of towers that are left out on purpose, or ranked each by itself.
    #[must_use]
    pub fn warnings(
        &self,
        report: &SnrReport,
        set: &FreezeSet,
        pool: Pool,
        is_out: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        if pool == Pool::TypeAndTower {
            return Vec::new();
        }
        let mut lines = Vec::new();
        for pooled in self.pooled(report, set) {
            let Some(only) = pooled.only_tower() else {
                continue;
            };
            let others: Vec<&str> = pooled
                .towers
                .iter()
                .map(|share| self.names[share.tower].as_str())
                .filter(|name| *name != self.names[only] && !is_out(name))
                .collect();
            if !others.is_empty() {
                lines.push(format!(
                    "all picks of {} fall in {}, none in {}",
                    report.types[pooled.layer_type].name,
                    self.names[only],
                    others.join(" or "),
                ));
            }
        }
        lines
    }
}
