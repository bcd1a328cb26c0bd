//! A line of any number of points, ready to be drawn at any zoom.

use std::sync::Arc;

use crate::figure::{Axis, Form, Levels, Stroke};

/// Up to this many points in sight, each has a dot.
const DOTTED: usize = 40;

/// A line of any number of points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What the line goes through, ascending in x.
    pub points: Arc<Levels>,
    /// The values as they were logged, drawn faint behind a smoothed line.
    pub logged: Option<Arc<Levels>>,
    /// How values are joined.
    pub form: Form,
    /// How the line is stroked.
    pub stroke: Stroke,
}

impl Curve {
    /// The points to draw in `columns` columns of pixels over the part of `x` that is seen.
    #[must_use]
    pub fn seen(&self, x: &Axis, columns: usize) -> Vec<[f64; 2]> {
        joined(self.points.seen(x, columns), self.form)
    }

    /// The same of the values behind a smoothed line; empty where there are none.
    #[must_use]
    pub fn logged_seen(&self, x: &Axis, columns: usize) -> Vec<[f64; 2]> {
        let logged = self.logged.as_ref();
        logged.map_or_else(Vec::new, |logged| {
            joined(logged.seen(x, columns), self.form)
        })
    }

    /// The points that have a dot each: those in sight, where they are few and as logged.
    #[must_use]
    pub fn dots(&self, x: &Axis) -> &[[f64; 2]] {
        let points = self.points.within((x.low, x.high));
        if self.logged.is_some() || self.form == Form::Step || points.len() > DOTTED {
            &[]
        } else {
            points
        }
    }

    /// The logged point nearest to `x`, and the smoothed value there where the line is smoothed.
    #[must_use]
    pub fn at(&self, x: f64) -> Option<([f64; 2], Option<f64>)> {
        let Some(logged) = &self.logged else {
            return Some((self.points.nearest(x)?, None));
        };
        let point = logged.nearest(x)?;
        let smooth = self.points.nearest(point[0])?;
        Some((point, Some(smooth[1])))
    }
}

fn joined(points: Vec<[f64; 2]>, form: Form) -> Vec<[f64; 2]> {
    if form != Form::Step {
        return points;
    }
    let mut steps: Vec<[f64; 2]> = Vec::with_capacity(points.len() * 2);
    for [x, y] in points {
        if let Some(&[_, before]) = steps.last() {
            steps.push([x, before]);
        }
        steps.push([x, y]);
    }
    steps
}
