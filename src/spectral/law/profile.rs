//! All that is read from one spectrum.
//!
//! Enters: the singular values of a matrix, its shape, and a way to tell the scale of the noise.
//! Leaves: [`Profile`]: what the inspector and `layerscope inspect` show.

use crate::spectral::law::{
    Control, Fit, ScaleMethod, Stability, Tail, WIDTH, effective_rank, stable_rank, tail,
};
use crate::spectral::{Snr, snr};

/// One spectrum's numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Rows of the matrix.
    pub rows: usize,
    /// Columns of the matrix.
    pub cols: usize,
    /// The ratio and what it is made of.
    pub snr: Snr,
    /// The ratio while τ moves a little.
    pub stability: Stability,
    /// What pure noise of this shape gives.
    pub control: Control,
    /// Root mean square of the entries: the scale of the control.
    pub entry_scale: f64,
    /// SNR₀: the control's ratio at that scale; `None` where τ separates nothing.
    pub control_snr: Option<f64>,
    /// log₂ of SNR·S_max over the control's; `None` where τ separates nothing.
    pub excess: Option<f64>,
    /// The law laid over it; `None` where its scale cannot be told from these values.
    pub fit: Option<Fit>,
    /// λ₊/λ_max: near 1 where the law's bulk is all there is. Martin & Mahoney, "Implicit
    /// self-regularization in deep neural networks", JMLR 22 (2021).
    pub soft_rank: Option<f64>,
    /// ‖W‖²_F / S²_max.
    pub stable_rank: f64,
    /// The exponential of the entropy of the singular values.
    pub effective_rank: f64,
    /// The power law of the tail of λ; `None` of fewer than two different values.
    pub tail: Option<Tail>,
}

impl Profile {
    /// The profile of `values`, the singular values of a `rows` × `cols` matrix (descending; any
    /// other order is put right). `None` where there is no ratio: no values, one that is negative,
    /// NaN or infinite, or all are zero. About ten milliseconds at N = 4096.
    #[must_use]
    pub fn of<T>(values: &[T], rows: usize, cols: usize, method: ScaleMethod) -> Option<Self>
    where
        T: Copy + Into<f64>,
    {
        let mut descending: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        if descending
            .iter()
            .any(|value| !(value.is_finite() && *value >= 0.0))
        {
            return None;
        }
        descending.sort_by(|a, b| b.total_cmp(a));
        let values = descending.as_slice();
        let snr = snr(values, rows, cols)?;
        let control = Control::of_shape(rows, cols)?;
        let entry_scale = ScaleMethod::Variance.estimate(values, rows, cols)?;
        let fit = Fit::of(values, rows, cols, method);
        Some(Self {
            rows,
            cols,
            snr,
            stability: Stability::of(values, &snr, WIDTH),
            control,
            entry_scale,
            control_snr: control.snr(entry_scale),
            excess: control.excess(&snr),
            soft_rank: fit.map(|fit| (fit.law.s_edges().1 / snr.s_max).powi(2)),
            fit,
            stable_rank: stable_rank(values),
            effective_rank: effective_rank(values),
            tail: tail(values, rows.max(cols)),
        })
    }
}
