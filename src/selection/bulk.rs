//! Marking many modules at once: a type, a block, a rectangle of the heatmap.
//!
//! Enters: a choice, the set it makes now, a region. Leaves: the choice with marks changed.
//!
//! These are marks like those made one by one: a pin trains whatever the percentage, a drop
//! freezes whatever the percentage. So what was selected by hand stays when the slider moves;
//! [`Bulk::Clear`] hands the modules back to the percentage.

use crate::report::SnrReport;
use crate::selection::{Choice, FreezeSet, Mark};

/// What to do to the modules of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bulk {
    /// Pin every one.
    All,
    /// Drop every one.
    None,
    /// Drop those the set lists now and pin the others. Twice gives the same set again.
    Invert,
    /// Remove every mark.
    Clear,
}

/// Modules that are marked together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Region {
    /// The modules of one type (index into [`SnrReport::types`]).
    Type(usize),
    /// The modules of one block.
    Block(u32),
    /// These modules: a rectangle of the heatmap, or a pattern's matches.
    Modules(Vec<usize>),
}

impl Region {
    /// The modules in it; none for a type or block that the report does not have.
    #[must_use]
    pub fn modules(&self, report: &SnrReport) -> Vec<usize> {
        match self {
            Self::Type(index) => report
                .types
                .get(*index)
                .map(|layer_type| layer_type.modules.clone())
                .unwrap_or_default(),
            Self::Block(block) => (0..report.modules.len())
                .filter(|&module| report.modules[module].block == Some(*block))
                .collect(),
            Self::Modules(modules) => modules.clone(),
        }
    }
}

impl Bulk {
    /// Changes the marks of `region` in `choice`; `set` is what `choice` makes of `report` now.
    ///
    /// A type that is left out stays so: its modules take marks, which count once it is back.
    pub fn apply(self, choice: &mut Choice, report: &SnrReport, set: &FreezeSet, region: &Region) {
        // What the lists name, not what trains: a fixed line is no mark's to undo.
        let mut listed = vec![false; report.modules.len()];
        if self == Self::Invert {
            for &module in set.types.iter().flatten().flatten() {
                listed[module as usize] = true;
            }
        }
        for module in region.modules(report) {
            let Some(name) = report.modules.get(module).map(|module| &module.name) else {
                continue;
            };
            let mark = match self {
                Self::None => Some(Mark::Drop),
                Self::Invert if listed[module] => Some(Mark::Drop),
                Self::All | Self::Invert => Some(Mark::Pin),
                Self::Clear => None,
            };
            choice.set_mark(name, mark);
        }
    }
}
