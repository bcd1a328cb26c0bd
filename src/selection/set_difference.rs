//! Two sets side by side: what only the first trains, what both, what only the second; by layer
//! type and by block.
//!
//! Enters: a report and two sets on it. Leaves: [`SetDifference`], plain counts.

use std::collections::HashMap;

use crate::report::SnrReport;
use crate::selection::named_set::parameters;

/// Modules and their parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Modules.
    pub modules: usize,
    /// Weights with their biases, in elements.
    pub parameters: u64,
}

/// The four ways a module can stand to two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The first trains it, the second does not.
    OnlyA,
    /// Both train it.
    Both,
    /// The second trains it, the first does not.
    OnlyB,
    /// Neither trains it.
    Neither,
}

impl Part {
    /// All four, in the order they are shown in.
    pub const ALL: [Self; 4] = [Self::OnlyA, Self::Both, Self::OnlyB, Self::Neither];

    /// How a module stands that the sets train so.
    #[must_use]
    pub fn of(a: bool, b: bool) -> Self {
        match (a, b) {
            (true, false) => Self::OnlyA,
            (true, true) => Self::Both,
            (false, true) => Self::OnlyB,
            (false, false) => Self::Neither,
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::OnlyA => "only in A",
            Self::Both => "in both",
            Self::OnlyB => "only in B",
            Self::Neither => "in neither",
        }
    }
}

/// The counts of the four parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    /// What only the first trains.
    pub only_a: Count,
    /// What both train.
    pub both: Count,
    /// What only the second trains.
    pub only_b: Count,
    /// What neither trains.
    pub neither: Count,
}

impl Parts {
    /// The count of one part.
    #[must_use]
    pub fn get(&self, part: Part) -> Count {
        match part {
            Part::OnlyA => self.only_a,
            Part::Both => self.both,
            Part::OnlyB => self.only_b,
            Part::Neither => self.neither,
        }
    }

    /// All modules of the four parts.
    #[must_use]
    pub fn modules(&self) -> usize {
        Part::ALL.iter().map(|&part| self.get(part).modules).sum()
    }

    fn add(&mut self, part: Part, parameters: u64) {
        let count = match part {
            Part::OnlyA => &mut self.only_a,
            Part::Both => &mut self.both,
            Part::OnlyB => &mut self.only_b,
            Part::Neither => &mut self.neither,
        };
        count.modules += 1;
        count.parameters += parameters;
    }
}

/// What tells two sets apart. In the rows a tied tensor counts with each of its modules; in the
/// total once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SetDifference {
    /// All modules.
    pub total: Parts,
    /// By layer type, experts of a projection together, in the report's order.
    pub types: Vec<(String, Parts)>,
    /// By block, ascending; modules outside the blocks first, under `None`.
    pub blocks: Vec<(Option<u32>, Parts)>,
    /// Whether the report knows shapes: without them every count of parameters is 0.
    pub shapes: bool,
}

impl SetDifference {
    /// Compares the sets that train the modules `a` and `b` of `report`.
    #[must_use]
    pub fn new(report: &SnrReport, a: &[bool], b: &[bool]) -> Self {
        let mut types: Vec<(String, Parts)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let place_of_type: Vec<usize> = (report.types.iter())
            .map(|layer_type| {
                *places.entry(&layer_type.folded).or_insert_with(|| {
                    types.push((layer_type.folded.clone(), Parts::default()));
                    types.len() - 1
                })
            })
            .collect();
        let mut blocks: Vec<(Option<u32>, Parts)> = Vec::new();
        let mut place_of_block: HashMap<Option<u32>, usize> = HashMap::new();
        let mut total = Parts::default();
        let has = |set: &[bool], module: usize| set.get(module) == Some(&true);
        let mut parts = Vec::with_capacity(report.modules.len());
        for (index, module) in report.modules.iter().enumerate() {
            let part = Part::of(has(a, index), has(b, index));
            let weight = module.weight.as_ref();
            let elements = weight.map_or(0, |weight| weight.parameters + weight.companions);
            types[place_of_type[module.layer_type]]
                .1
                .add(part, elements);
            let block = *place_of_block.entry(module.block).or_insert_with(|| {
                blocks.push((module.block, Parts::default()));
                blocks.len() - 1
            });
            blocks[block].1.add(part, elements);
            total.add(part, 0);
            parts.push(part);
        }
        let shapes = report.modules.iter().any(|module| module.weight.is_some());
        blocks.sort_unstable_by_key(|(block, _)| *block);
        let once = |wanted: Part| {
            if !shapes {
                return 0;
            }
            let chosen: Vec<bool> = parts.iter().map(|&part| part == wanted).collect();
            parameters(report, &chosen).unwrap_or(0)
        };
        total.only_a.parameters = once(Part::OnlyA);
        total.both.parameters = once(Part::Both);
        total.only_b.parameters = once(Part::OnlyB);
        total.neither.parameters = once(Part::Neither);
        Self {
            total,
            types,
            blocks,
            shapes,
        }
    }
}

/// How many modules of each layer type each set trains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Membership {
    /// The layer type (experts together), its modules, and of these how many each set trains.
    pub rows: Vec<(String, usize, Vec<usize>)>,
}

impl Membership {
    /// Counts the modules of `report` that each of `sets` trains.
    #[must_use]
    pub fn new(report: &SnrReport, sets: &[&[bool]]) -> Self {
        let mut rows: Vec<(String, usize, Vec<usize>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for layer_type in &report.types {
            let place = *places.entry(&layer_type.folded).or_insert_with(|| {
                rows.push((layer_type.folded.clone(), 0, vec![0; sets.len()]));
                rows.len() - 1
            });
            let (_, modules, counts) = &mut rows[place];
            *modules += layer_type.modules.len();
            for (count, set) in counts.iter_mut().zip(sets) {
                let trains = |&&module: &&usize| set.get(module) == Some(&true);
                *count += layer_type.modules.iter().filter(trains).count();
            }
        }
        Self { rows }
    }
}
