//! Freeze sets with a name: kept beside the current selection, to be compared and combined.
//!
//! Enters: a selection, a list of modules, or other sets. Leaves: [`NamedSet`], which outlives the
//! report it was made on; [`Resolved`], what it amounts to on the report that is open; and the
//! [`Choice`] that makes the same set again.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::report::SnrReport;
use crate::selection::{
    Budget, Choice, EMBEDDINGS_MODULE, FreezeSet, HEAD_MODULE, Mark, Members, Percent, Ranking,
};

/// A freeze set with a name. A field that is missing in a stored set takes its default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NamedSet {
    /// Its name; unique among the sets of a document, which whoever adds one sees to.
    pub name: String,
    /// Its color: an index into [`crate::figure::OKABE_ITO`], past the last from the start again.
    #[serde(alias = "colour")]
    pub color: usize,
    /// How it was made, in words.
    pub made: String,
    /// The choice it was made by, where it was: making it the selection again restores this as
    /// long as it still gives the same set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Box<Choice>>,
    /// Lines of the file it was read from that match nothing in the report it was opened on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmatched: Vec<Unmatched>,
    /// What else is to be known of the file it was read from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The modules that train, without `.weight`; the fixed lines' modules included where they
    /// are on.
    pub modules: Members,
}

/// A pattern of a freeze set's file that matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unmatched {
    /// The line in the file, from 1; 0 where it has none.
    pub line: usize,
    /// The pattern as it stands there.
    pub pattern: String,
}

/// How two sets are made into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// What either trains.
    Union,
    /// What both train.
    Intersection,
    /// What the first trains and the second does not.
    Difference,
}

/// A named set on a report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resolved {
    /// For each module of the report, whether it trains.
    pub chosen: Vec<bool>,
    /// Modules that train.
    pub modules: usize,
    /// Their parameters, tied tensors once; `None` where shapes are unknown.
    pub parameters: Option<u64>,
    /// Members that the report does not have, but for those of the fixed lines, which results
    /// files often leave out.
    pub missing: Vec<String>,
    /// Whether the output head's fixed line is part of it.
    pub head: bool,
    /// Whether the input embedding's fixed line is part of it.
    pub embeddings: bool,
}

impl NamedSet {
    /// The set that `choice` makes of `report`, which is `set`.
    #[must_use]
    pub fn of_selection(
        name: impl Into<String>,
        report: &SnrReport,
        set: &FreezeSet,
        choice: &Choice,
    ) -> Self {
        let fixed = [(set.head, HEAD_MODULE), (set.embeddings, EMBEDDINGS_MODULE)];
        let fixed = fixed.into_iter().filter(|(on, _)| *on);
        Self {
            name: name.into(),
            made: words_of(choice, set),
            choice: Some(Box::new(choice.clone())),
            modules: names_of(report, &set.chosen)
                .chain(fixed.map(|(_, name)| name.to_owned()))
                .collect(),
            ..Self::default()
        }
    }

    /// The modules of `report` with these indices.
    #[must_use]
    pub fn of_modules(
        name: impl Into<String>,
        made: impl Into<String>,
        report: &SnrReport,
        modules: &[usize],
    ) -> Self {
        let modules = modules
            .iter()
            .filter_map(|&index| report.modules.get(index));
        Self {
            name: name.into(),
            made: made.into(),
            modules: modules.map(|module| module.name.clone()).collect(),
            ..Self::default()
        }
    }

    /// This set and `other` made into one, with a name that says how.
    #[must_use]
    pub fn combine(&self, how: Combine, other: &Self) -> Self {
        let (a, b) = (&self.modules, &other.modules);
        let (modules, sign, made) = match how {
            Combine::Union => (a.union(b), '+', "merged with"),
            Combine::Intersection => (a.intersection(b), '&', "intersected with"),
            Combine::Difference => (a.difference(b), '−', "without"),
        };
        Self {
            name: format!("{} {sign} {}", self.name, other.name),
            made: format!("{} {made} {}", self.name, other.name),
            modules,
            ..Self::default()
        }
    }

    /// What it amounts to on `report`.
    #[must_use]
    pub fn resolve(&self, report: &SnrReport) -> Resolved {
        let modules = report.modules.iter().enumerate();
        let places: HashMap<&str, usize> = modules
            .map(|(index, module)| (module.name.as_str(), index))
            .collect();
        let mut chosen = vec![false; report.modules.len()];
        let mut missing = Vec::new();
        for name in self.modules.iter() {
            match places.get(name) {
                Some(&index) => chosen[index] = true,
                None if name == HEAD_MODULE || name == EMBEDDINGS_MODULE => {}
                None => missing.push(name.to_owned()),
            }
        }
        Resolved {
            modules: chosen.iter().filter(|&&chosen| chosen).count(),
            parameters: parameters(report, &chosen),
            chosen,
            missing,
            head: self.modules.contains(HEAD_MODULE),
            embeddings: self.modules.contains(EMBEDDINGS_MODULE),
        }
    }

    /// A choice that makes this set of `report`, as far as the report has its modules: the one it
    /// was made by where that still does, else no percentage and a pin on each module.
    #[must_use]
    pub fn choice_on(&self, report: &SnrReport, ranking: &Ranking) -> Choice {
        let wanted = self.resolve(report);
        if let Some(choice) = self.choice.as_deref() {
            let set = FreezeSet::new(report, ranking, choice);
            let fixed = (set.head, set.embeddings);
            if set.chosen == wanted.chosen && fixed == (wanted.head, wanted.embeddings) {
                return choice.clone();
            }
        }
        let fixed = |name: &str| {
            (wanted.head && name == HEAD_MODULE) || (wanted.embeddings && name == EMBEDDINGS_MODULE)
        };
        Choice {
            percent: Percent::ZERO,
            marks: names_of(report, &wanted.chosen)
                .filter(|name| !fixed(name))
                .map(|name| (name, Mark::Pin))
                .collect(),
            head: wanted.head,
            embeddings: wanted.embeddings,
            ..Choice::default()
        }
    }
}

fn names_of<'a>(
    report: &'a SnrReport,
    chosen: &'a [bool],
) -> impl Iterator<Item = String> + use<'a> {
    let modules = report.modules.iter().zip(chosen);
    modules
        .filter(|(_, chosen)| **chosen)
        .map(|(module, _)| module.name.clone())
}

/// A selection in words: `25 % of each type, 3 pinned`.
fn words_of(choice: &Choice, set: &FreezeSet) -> String {
    let count = |mark| choice.marks.values().filter(|&&made| made == mark).count();
    let top = set.percent.unwrap_or(choice.percent);
    let mut words = match choice.budget {
        None => format!("{top} %"),
        Some(Budget::Parameters(most)) => format!("at most {most} parameters"),
        Some(Budget::Memory(most)) => {
            format!("within {:.1} GiB", most as f64 / f64::from(1_u32 << 30))
        }
    };
    words = if choice.rules.are_default() {
        format!("{words} of each type")
    } else {
        format!("{words} by {}", choice.rules)
    };
    let mut also = |count: usize, what: &str| {
        if count > 0 {
            words = format!("{words}, {count} {what}");
        }
    };
    also(choice.type_percent.len(), "with a share of their own");
    also(choice.excluded.len(), "left out");
    also(count(Mark::Pin), "pinned");
    also(count(Mark::Drop), "dropped");
    match (choice.head, choice.embeddings) {
        (true, true) => words,
        (false, false) => format!("{words}, without head and embedding"),
        (false, true) => format!("{words}, without the head"),
        (true, false) => format!("{words}, without the embedding"),
    }
}

/// The parameters of the chosen modules, tied tensors once; `None` where shapes are unknown.
pub(super) fn parameters(report: &SnrReport, chosen: &[bool]) -> Option<u64> {
    let weights = || report.modules.iter().map(|module| module.weight.as_ref());
    if weights().all(|weight| weight.is_none()) {
        return None;
    }
    let owners: Vec<&str> = weights()
        .filter_map(|weight| weight?.tied_to.as_deref())
        .collect();
    let mut counted: Vec<&str> = Vec::new();
    let mut sum = 0;
    for (module, _) in report.modules.iter().zip(chosen).filter(|(_, on)| **on) {
        let Some(weight) = &module.weight else {
            continue;
        };
        let owner = weight.tied_to.as_deref().unwrap_or(&module.name);
        if owners.contains(&owner) {
            if counted.contains(&owner) {
                continue;
            }
            counted.push(owner);
        }
        sum += weight.parameters + weight.companions;
    }
    Some(sum)
}
