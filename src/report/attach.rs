//! Adds the spectra kept beside results to their report: weights, parameters, and the parts of each
//! ratio.

use std::collections::HashSet;

use crate::names::Names;
use crate::report::{SnrReport, Spectra};

/// Largest relative difference of two equal ratios: the bound for this program and the reference.
const TOLERANCE: f64 = 1e-4;

impl SnrReport {
    /// Fills in what `spectra` know beyond the ratios, and returns whether it did: spectra with
    /// different modules or ratios are ignored with a warning.
    pub fn attach_spectra(&mut self, spectra: &Spectra) -> bool {
        if let Err(difference) = self.compare(spectra) {
            self.warnings.push(format!(
                "the spectra beside the results are of another scan ({difference}) and were not used; scan the model again with --fresh"
            ));
            return false;
        }
        for module in &mut self.modules {
            let Some(entry) = spectra.entry(&module.name) else {
                continue;
            };
            module.weight = Some(entry.weight());
            module.detail = entry.detail;
            if module.snr.is_none_or(f64::is_nan) {
                module.problem.clone_from(&entry.problem);
            }
        }
        let known: HashSet<&str> = self.modules.iter().map(|m| m.name.as_str()).collect();
        let unread = spectra.entries().iter().filter(|entry| entry.snr.is_none());
        let warnings: Vec<String> = unread
            .filter(|entry| !known.contains(entry.name.as_str()))
            .map(|entry| {
                let reason = entry.problem.as_deref().unwrap_or("it could not be read");
                format!("{}: was not scanned: {reason}", entry.name)
            })
            .collect();
        self.warnings.extend(warnings);
        self.total_parameters = Some(spectra.total_parameters());
        self.others.clone_from(&spectra.document.others);
        self.architecture.clone_from(&spectra.document.architecture);
        self.fuse(Names::default());
        true
    }

    /// Whether both hold the same modules with the same ratios; else the first difference.
    fn compare(&self, spectra: &Spectra) -> Result<(), String> {
        let kept = spectra.entries().iter();
        let kept = kept.filter(|entry| entry.snr.is_some()).count();
        let scanned = self.scanned();
        if kept != scanned {
            return Err(format!("{kept} modules there, {scanned} here"));
        }
        for module in &self.modules {
            let Some(here) = module.snr else { continue };
            let name = &module.name;
            let there = spectra.entry(name).and_then(|entry| entry.snr);
            let there = there.ok_or_else(|| format!("{name} is not there"))?.0;
            if !same(here, there) {
                return Err(format!("the ratio of {name} is {there} there, {here} here"));
            }
        }
        Ok(())
    }
}

fn same(a: f64, b: f64) -> bool {
    // The first case is also for two infinities, whose difference is NaN.
    a.to_bits() == b.to_bits()
        || a.is_nan() && b.is_nan()
        || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
}
