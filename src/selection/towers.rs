//! The towers of a model (vision, audio, language; encoder, decoder): which module is in which.

use std::collections::HashMap;

use crate::report::SnrReport;
use crate::tensor::name;

/// Which tower each module of a report is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Towers {
    /// The towers' names, in first-seen order.
    pub names: Vec<String>,
    /// For each module its tower, an index into `names`; none for what belongs to no tower (a
    /// projector, an embedding).
    pub of: Vec<Option<u16>>,
}

impl Towers {
    /// The towers of `report`, told from its modules' names.
    #[must_use]
    pub fn of(report: &SnrReport) -> Self {
        let mut towers = Self::default();
        let mut places: HashMap<&str, u16> = HashMap::new();
        for module in &report.modules {
            // More towers than fit are no towers.
            let tower = name::tower(&module.name).and_then(|tower| {
                let next = u16::try_from(towers.names.len()).ok()?;
                Some(*places.entry(tower).or_insert_with(|| {
                    towers.names.push(tower.to_owned());
                    next
                }))
            });
            towers.of.push(tower);
        }
        towers
    }

    /// Whether the model has more than one tower.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.names.len() > 1
    }
}
