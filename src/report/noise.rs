//! A module's ratio compared with that of pure noise, and its stability.

use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::report::{Module, Noise, SnrReport, Spectra};
use crate::spectral::law::{Control, Controls, ScaleMethod, Stability, WIDTH};

impl Noise {
    /// The noise of `module` with those singular values (descending). `None` where it has no
    /// ratio of its own, or fewer values than its shape says.
    #[must_use]
    pub fn of(module: &Module, values: &[f32], controls: &mut Controls) -> Option<Self> {
        let snr = module.detail?;
        let (rows, cols) = module.matrix_shape()?;
        // The control takes memory for the whole shape, so all its values must be there.
        if rows.min(cols) > values.len() {
            return None;
        }
        let values: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
        let control: Control = controls.get(rows, cols)?;
        let scale = ScaleMethod::Variance.estimate(&values, rows, cols)?;
        Some(Self {
            control_snr: control.snr(scale),
            excess: control.excess(&snr),
            stability: Stability::of(&values, &snr, WIDTH),
        })
    }
}

impl SnrReport {
    /// Fills in the noise of every module that `spectra` hold the values of.
    ///
    /// # Errors
    /// When the values cannot be read.
    pub fn attach_noise(&mut self, spectra: &Spectra) -> crate::error::Result<()> {
        // Every thread keeps its controls: shapes are few, modules many.
        self.modules
            .par_iter_mut()
            .try_for_each_init(Controls::default, |controls, module| {
                if let Some(values) = spectra.values(&module.name)? {
                    module.noise = Noise::of(module, &values, controls);
                }
                Ok(())
            })
    }
}
