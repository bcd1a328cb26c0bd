//! What one run logged of one measure, along one axis: computed once, drawn at any zoom.

use std::sync::Arc;

use crate::figure::Levels;
use crate::run::{Measure, Run, Unit, XAxis, missing, points, smooth};

/// What one run logged of one measure.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The unit of the values.
    pub unit: Unit,
    /// The values as logged.
    pub logged: Arc<Levels>,
    /// The smoothed values, where smoothing was asked for.
    pub smooth: Option<Arc<Levels>>,
    /// Why there are no values, where there are none.
    pub missing: Option<String>,
}

impl Trace {
    /// The values of `measure` in `run` along `axis`, smoothed with `weight` (0: not at all).
    #[must_use]
    pub fn new(run: &Run, measure: &Measure, axis: XAxis, weight: f64) -> Self {
        let series = measure.of(run);
        let (points, missing) = match &series {
            Some(series) => (points(run, series, axis), missing(run, series, axis)),
            None => (Vec::new(), Some("not in its logs".to_owned())),
        };
        let trace = Self {
            unit: series.map_or(Unit::Plain, |series| series.unit),
            logged: Arc::new(Levels::new(points)),
            smooth: None,
            missing,
        };
        trace.smoothed(weight)
    }

    /// The same values smoothed with another weight.
    #[must_use]
    pub fn smoothed(&self, weight: f64) -> Self {
        let smoothed = || Arc::new(Levels::new(smooth(self.logged.points(), weight)));
        Self {
            smooth: (weight > 0.0).then(smoothed),
            ..self.clone()
        }
    }

    /// What is drawn as the line: the smoothed values where there are some.
    #[must_use]
    pub fn line(&self) -> &Arc<Levels> {
        self.smooth.as_ref().unwrap_or(&self.logged)
    }
}
