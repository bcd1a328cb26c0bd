//! Adding parameters up, a tied tensor once.

use crate::report::{Fused, Module, SnrReport};

/// A sum of parameters (weights with their biases).
#[derive(Clone)]
pub(super) struct Tally<'a> {
    /// The sum so far.
    pub(super) sum: u64,
    /// Modules whose tensor another one shares, and whether it was counted.
    shared: Vec<(&'a str, bool)>,
    /// What loading fuses, and whether it was counted: it trains whole.
    fused: &'a [Fused],
    counted: Vec<bool>,
}

impl<'a> Tally<'a> {
    /// Nothing counted yet.
    pub(super) fn new(report: &'a SnrReport) -> Self {
        let weights = report
            .modules
            .iter()
            .filter_map(|module| module.weight.as_ref());
        let shared = weights.filter_map(|weight| weight.tied_to.as_deref());
        Self {
            sum: 0,
            shared: shared.map(|name| (name, false)).collect(),
            fused: &report.fused,
            counted: vec![false; report.fused.len()],
        }
    }

    /// For each module what it adds whatever else is counted; none where it shares its tensor, or
    /// loading fuses it with others.
    pub(super) fn alone(&self, report: &SnrReport) -> Vec<Option<u64>> {
        let is_shared = |name: &str| self.shared.iter().any(|(shared, _)| *shared == name);
        let adds = |module: &Module| match &module.weight {
            None => Some(0),
            Some(weight) if weight.tied_to.is_some() || is_shared(&module.name) => None,
            Some(_) if module.fused.is_some() => None,
            Some(weight) => Some(weight.parameters.saturating_add(weight.companions)),
        };
        report.modules.iter().map(adds).collect()
    }

    /// Counts `module`, unless the tensor it shares is counted already.
    pub(super) fn add(&mut self, module: &Module) {
        let Some(weight) = &module.weight else { return };
        let mut own = weight.parameters;
        if let Some(place) = module.fused.map(|place| place as usize)
            && let Some(counted) = self.counted.get_mut(place)
        {
            own = if std::mem::replace(counted, true) {
                0
            } else {
                self.fused[place].parameters
            };
        }
        let owner = weight.tied_to.as_deref().unwrap_or(&module.name);
        if let Some((_, counted)) = self.shared.iter_mut().find(|(name, _)| *name == owner) {
            if *counted {
                return;
            }
            *counted = true;
        }
        self.sum = self
            .sum
            .saturating_add(own.saturating_add(weight.companions));
    }

    /// What counting `module` would add.
    pub(super) fn would_add(&self, module: &Module) -> u64 {
        let mut after = self.clone();
        after.add(module);
        after.sum - self.sum
    }
}
