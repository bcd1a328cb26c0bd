//! A part of a scan, so that several machines share one model.
//!
//! Enters: a model, the modules to scan, which part of how many. Leaves: the modules of that
//! part, the same on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::spectral::work;
use crate::tensor::Model;

/// Part `index` of `count`, from 1: `3/8` as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    index: u16,
    count: u16,
}

impl Shard {
    /// Part `index` of `count`, where 1 ≤ `index` ≤ `count`.
    #[must_use]
    pub fn new(index: u16, count: u16) -> Option<Self> {
        (1..=count)
            .contains(&index)
            .then_some(Self { index, count })
    }

    /// Which part, from 1.
    #[must_use]
    pub fn index(self) -> u16 {
        self.index
    }

    /// How many parts there are.
    #[must_use]
    pub fn count(self) -> u16 {
        self.count
    }

    /// Those of `modules` (indices into [`Model::modules`]) that are this part's, in their order;
    /// none where there are fewer modules than parts.
    ///
    /// The largest goes first, to the part with the least work so far, the first of equal ones:
    /// what scheduling calls "longest processing time first", at most a third above the best
    /// there is (Graham, "Bounds on multiprocessing timing anomalies", 1969). Modules that share
    /// a tensor stay together. A fused weight is not divided.
    #[must_use]
    pub fn of(self, model: &Model, modules: &[usize]) -> Vec<usize> {
        let mut tensors: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &module in modules {
            if let Some(info) = model.modules.get(module) {
                tensors.entry(info.tensor).or_default().push(module);
            }
        }
        let mut groups: Vec<(u64, Vec<usize>)> = tensors
            .into_values()
            .map(|group| (cost(model, &group), group))
            .collect();
        let name = |group: &[usize]| group.first().map(|&first| &model.modules[first].name);
        groups.sort_by(|(a_work, a), (b_work, b)| {
            b_work.cmp(a_work).then_with(|| name(a).cmp(&name(b)))
        });
        let mut loads = vec![0_u64; usize::from(self.count)];
        let mut own = BTreeSet::new();
        for (work, group) in groups {
            let least = (0..loads.len()).min_by_key(|&part| loads[part]);
            let least = least.unwrap_or_default();
            // What costs nothing is counted too, or all of it would go to one part.
            loads[least] = loads[least].saturating_add(work.max(1));
            if least + 1 == usize::from(self.index) {
                own.extend(group);
            }
        }
        let modules = modules.iter().copied();
        modules.filter(|module| own.contains(module)).collect()
    }
}

/// The work on a tensor that these modules share; 0 where it cannot be read.
fn cost(model: &Model, group: &[usize]) -> u64 {
    let matrices = group
        .first()
        .and_then(|&first| model.matrices(&model.modules[first]).ok());
    let costs = matrices.iter().flatten();
    costs.fold(0, |sum, matrix| {
        sum.saturating_add(work(matrix.rows(), matrix.cols()))
    })
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let number = |text: &str| text.parse().ok();
        parts
            .and_then(|(index, count)| Self::new(number(index)?, number(count)?))
            .ok_or_else(|| {
                format!("`{text}` is not I/N, part I of N with 1 ≤ I ≤ N ≤ 65535, such as 3/8")
            })
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
