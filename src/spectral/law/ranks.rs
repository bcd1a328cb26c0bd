//! How many directions a matrix really has.
//!
//! Enters: its singular values. Leaves: numbers between 1 and how many values there are.

/// ‖W‖²_F / S²_max: how many times the energy of the largest direction is in all of them.
/// Rudelson & Vershynin, "Sampling from large matrices", Journal of the ACM 54 (2007). NaN where
/// no value is above zero.
#[must_use]
pub fn stable_rank(descending: &[f64]) -> f64 {
    let Some(&largest) = descending.first() else {
        return f64::NAN;
    };
    let relative = descending.iter().rev().map(|s| (s / largest).powi(2));
    relative.sum()
}

/// exp(−Σ p ln p) with p = S / Σ S: the number of equal directions with the same entropy.
/// Roy & Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO 2007.
/// NaN where no value is above zero.
#[must_use]
pub fn effective_rank(descending: &[f64]) -> f64 {
    let Some(&largest) = descending.first() else {
        return f64::NAN;
    };
    // With r = S / S_max and R = Σ r: −Σ p ln p = ln R − Σ r ln r / R. Nothing overflows.
    let (mut sum, mut logs) = (0.0, 0.0);
    for &value in descending.iter().rev().filter(|&&value| value != 0.0) {
        let relative = value / largest;
        sum += relative;
        logs += relative * relative.ln();
    }
    if sum > 0.0 {
        (sum.ln() - logs / sum).exp()
    } else {
        f64::NAN
    }
}
