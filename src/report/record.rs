//! Writes the results of a scan into the report of its model.

use crate::names::Names;
use crate::report::{ReportBuilder, SnrReport, Tensor, stored};
use crate::spectral::ModuleResult;

impl SnrReport {
    /// Fills in the result of the module with that index, which is the same in model and report.
    /// Experts of a fused weight without a ratio become warnings.
    pub fn record(&mut self, module: usize, result: &ModuleResult) {
        let Some(module) = self.modules.get_mut(module) else {
            return;
        };
        module.snr = result.snr.map(stored);
        module.detail = result.detail;
        let has_ratio = result.snr.is_some_and(|snr| !snr.is_nan());
        module.problem = result.problem.clone().filter(|_| !has_ratio);
        if let (true, Some(problem)) = (has_ratio, &result.problem) {
            let without = result.experts.iter().filter(|snr| snr.is_none()).count();
            let warning = format!(
                "{}: {without} of {} experts have no ratio and do not count ({problem})",
                module.name,
                result.experts.len(),
            );
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }

    /// The report of the scanned modules alone: what a results file holds. Types without a scanned
    /// module are left out.
    #[must_use]
    pub fn scanned_only(&self) -> Self {
        let mut builder = ReportBuilder::new(&self.slug);
        for module in self.modules.iter().filter(|module| module.snr.is_some()) {
            let kept = builder.push(&module.name, &self.types[module.layer_type].name);
            let layer_type = kept.layer_type;
            *kept = module.clone();
            kept.layer_type = layer_type;
        }
        let mut report = Self {
            path: self.path.clone(),
            total_parameters: self.total_parameters,
            others: self.others_with_unscanned(),
            architecture: self.architecture.clone(),
            warnings: self.warnings.clone(),
            ..builder.finish()
        };
        // What loading fuses is known by the modules' places, which are others now.
        report.fuse(Names::default());
        report
    }

    /// The tensors that are no scanned module's weight.
    fn others_with_unscanned(&self) -> Option<Vec<Tensor>> {
        let mut others = self.others.clone()?;
        let modules = self.modules.iter().filter(|module| module.snr.is_none());
        others.extend(modules.filter_map(|module| {
            let weight = module.weight.as_ref()?;
            Some(Tensor {
                name: weight.own_tensor(&module.name)?,
                shape: weight.shape.clone(),
            })
        }));
        Some(others)
    }
}
