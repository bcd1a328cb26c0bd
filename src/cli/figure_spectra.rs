//! The kept spectra that a figure shows.

use crate::error::{Error, Problem, Result};
use crate::figure::{Spectrum, WaterfallRow};
use crate::report::{SnrReport, Spectra};
use crate::spectral::law::{Profile, ScaleMethod};
use crate::tensor::{Layout, layout};

/// One matrix's spectrum.
#[derive(Debug)]
pub(super) struct Kept {
    /// The module, with the expert where there are several.
    name: String,
    /// Singular values, descending.
    values: Vec<f64>,
    rows: usize,
    cols: usize,
    profile: Option<Profile>,
}

impl Kept {
    /// The spectrum of the report's module with that index; of a weight that holds the matrices
    /// of all experts, that of `expert`.
    pub(super) fn read(
        report: &SnrReport,
        spectra: &Spectra,
        module: usize,
        expert: usize,
    ) -> Result<Self> {
        let module = &report.modules[module];
        let refuse = |problem: String| Error::from(Problem::spectrum(&module.name, problem));
        let none = || {
            let why = module.problem.as_deref();
            refuse(why.unwrap_or("no spectrum of it is kept").to_owned())
        };
        let values = spectra.values(&module.name)?.ok_or_else(none)?;
        let weight = module.weight.as_ref().ok_or_else(none)?;
        let layout = layout(&module.name, &weight.shape).map_err(refuse)?;
        let Layout { count, rows, cols } = layout;
        if expert >= count && count > 1 {
            return Err(refuse(format!(
                "--expert {expert}: it holds {count} matrices, counted from 0"
            )));
        }
        // A weight of one matrix has no experts to choose from.
        let (expert, name) = if count > 1 {
            (
                expert,
                format!("{}, expert {expert} of {count}", module.name),
            )
        } else {
            (0, module.name.clone())
        };
        let each = rows.min(cols);
        let own = values.get(expert * each..(expert + 1) * each);
        let own = own.ok_or_else(|| refuse("its kept singular values are incomplete".into()))?;
        Ok(Self {
            name,
            values: own.iter().map(|&value| f64::from(value)).collect(),
            rows,
            cols,
            profile: None,
        })
    }

    /// With what is read from the values.
    pub(super) fn profiled(mut self, method: ScaleMethod) -> Result<Self> {
        self.profile = Profile::of(&self.values, self.rows, self.cols, method);
        if self.profile.is_none() {
            return Err(Problem::spectrum(
                self.name,
                "has no spectrum to draw: all its values are zero",
            )
            .into());
        }
        Ok(self)
    }

    /// As a chart wants it; `None` before [`Kept::profiled`].
    pub(super) fn spectrum(&self) -> Option<Spectrum<'_>> {
        Some(Spectrum {
            name: &self.name,
            values: &self.values,
            profile: self.profile.as_ref()?,
        })
    }
}

/// The rows of the waterfall of that layer type: its modules with a kept spectrum, by block.
pub(super) fn waterfall_rows(
    report: &SnrReport,
    spectra: &Spectra,
    layer_type: usize,
    expert: usize,
) -> Result<Vec<WaterfallRow>> {
    let layer_type = &report.types[layer_type];
    let mut modules = layer_type.modules.clone();
    modules.sort_by_key(|&module| report.modules[module].block);
    let mut rows = Vec::with_capacity(modules.len());
    for module in modules {
        let name = &report.modules[module].name;
        if spectra.values(name)?.is_none() {
            continue;
        }
        let kept = Kept::read(report, spectra, module, expert)?;
        let block = report.modules[module].block;
        rows.push(WaterfallRow {
            name: block.map_or_else(|| "–".to_owned(), |block| block.to_string()),
            values: kept.values,
            rows: kept.rows,
            cols: kept.cols,
        });
    }
    if rows.is_empty() {
        return Err(Problem::output(
            &layer_type.name,
            "no spectrum of this layer type is kept; scan it",
        )
        .into());
    }
    Ok(rows)
}
