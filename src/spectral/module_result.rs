//! The result of scanning one module: its ratio, from the singular values of its matrices.

use crate::spectral::{Snr, snr};

/// One module's ratio, its parts, and the singular values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModuleResult {
    /// The ratio; NaN where the weight has none; `None` where the weight could not be read.
    pub snr: Option<f64>,
    /// What the ratio is made of; `None` for a fused weight, whose ratio is a median.
    pub detail: Option<Snr>,
    /// The ratios of a fused weight's matrices, one per expert; empty for any other weight.
    pub experts: Vec<Option<f64>>,
    /// The singular values of each matrix, descending, to be stored.
    pub values: Vec<Vec<f32>>,
    /// Why there is no ratio, or why some experts have none.
    pub problem: Option<String>,
}

/// The outcome of one matrix.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Its singular values, descending.
    Values(Vec<f64>),
    /// It was read, but its values have no ratio.
    NoRatio(String),
    /// It was not read, or the work on it failed.
    Failed(String),
}

impl ModuleResult {
    /// The result of a module that could not be scanned.
    pub(super) fn failed(problem: impl Into<String>) -> Self {
        Self {
            problem: Some(problem.into()),
            ..Self::default()
        }
    }

    /// The result of a module whose weight cannot have a ratio.
    pub(super) fn without_ratio(problem: impl Into<String>) -> Self {
        Self {
            snr: Some(f64::NAN),
            ..Self::failed(problem)
        }
    }

    /// The result for the matrices of a module, each with its (rows, cols).
    pub(super) fn of(matrices: Vec<(Outcome, usize, usize)>) -> Self {
        let fused = matrices.len() > 1;
        let mut result = Self::default();
        let mut details = Vec::with_capacity(matrices.len());
        for (index, (outcome, rows, cols)) in matrices.into_iter().enumerate() {
            let place = |problem: String| {
                if fused {
                    format!("expert {index}: {problem}")
                } else {
                    problem
                }
            };
            let (values, problem) = match outcome {
                Outcome::Values(values) => (values, None),
                Outcome::NoRatio(problem) => (Vec::new(), Some(problem)),
                Outcome::Failed(problem) => return Self::failed(place(problem)),
            };
            let detail = snr(&values, rows, cols);
            if detail.is_none() {
                let problem = problem.unwrap_or_else(|| "all its values are zero".to_owned());
                result.problem.get_or_insert(place(problem));
            }
            details.push(detail);
            let narrow = values.iter().map(|&value| value as f32);
            result.values.push(narrow.collect());
        }
        if fused {
            result.experts = details
                .iter()
                .map(|detail| Some(detail.as_ref()?.snr))
                .collect();
            result.snr = Some(median(result.experts.iter().copied().flatten().collect()));
        } else {
            result.detail = details.pop().flatten();
            result.snr = Some(result.detail.map_or(f64::NAN, |detail| detail.snr));
        }
        result
    }
}

/// The middle value, or the mean of the two in the middle; NaN of none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle) {
        None => f64::NAN,
        Some(&upper) if values.len() % 2 == 1 => upper,
        Some(&upper) => f64::midpoint(values[middle - 1], upper),
    }
}

#[cfg(test)]
mod tests {
    use super::{ModuleResult, Outcome, median};

    #[test]
    fn medians() {
        assert!(median(vec![]).is_nan());
        assert_eq!(median(vec![3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(
            median(vec![4.0, 1.0, 2.0, 3.0]).to_bits(),
            2.5_f64.to_bits()
        );
    }

    #[test]
    fn one_failed_expert_fails_the_module_and_is_named() {
        let good = (Outcome::Values(vec![2.0, 1.0]), 2, 2);
        let bad = (Outcome::Failed("cannot read".into()), 2, 2);
        let result = ModuleResult::of(vec![good, bad]);
        assert_eq!(result, ModuleResult::failed("expert 1: cannot read"));
    }

    #[test]
    fn an_expert_without_a_ratio_leaves_the_others_theirs() {
        let good = (Outcome::Values(vec![2.0, 1.0]), 2, 2);
        let bad = (Outcome::Values(vec![0.0, 0.0]), 2, 2);
        let result = ModuleResult::of(vec![good.clone(), bad]);
        let alone = ModuleResult::of(vec![good]);
        assert_eq!(result.snr, alone.snr);
        assert_eq!(result.experts, [alone.snr, None]);
        assert_eq!(
            result.problem.as_deref(),
            Some("expert 1: all its values are zero")
        );
    }
}
