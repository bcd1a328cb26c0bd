//! A run in a figure: its name and its look, the same in every figure.

use crate::figure::{OKABE_ITO, Rgb, Stroke};
use crate::run::Run;

/// A run as figures draw it.
#[derive(Debug, Clone, Copy)]
pub struct RunLine<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its color.
    pub color: Rgb,
    /// How its lines are stroked: what sets runs of one color apart.
    pub stroke: Stroke,
}

impl<'a> RunLine<'a> {
    /// The run that has the place `place` among all runs, hidden ones among them, so that its look
    /// stays when others are hidden. `pinned` is the color that its user gave it.
    #[must_use]
    pub fn new(run: &'a Run, place: usize, pinned: Option<Rgb>) -> Self {
        let (color, stroke) = run_look(place, pinned);
        Self { run, color, stroke }
    }

    /// All of `runs` with the looks of their places.
    #[must_use]
    pub fn all(runs: impl IntoIterator<Item = &'a Run>) -> Vec<Self> {
        let runs = runs.into_iter().enumerate();
        runs.map(|(place, run)| Self::new(run, place, None))
            .collect()
    }
}

/// The color and stroke of the run at `place`: the colors of Okabe and Ito in turn, then again
/// with other dashes. A pinned color wins and is drawn without gaps.
#[must_use]
pub fn run_look(place: usize, pinned: Option<Rgb>) -> (Rgb, Stroke) {
    let strokes = [
        Stroke::Solid,
        Stroke::Dashed,
        Stroke::Dotted,
        Stroke::DashDot,
    ];
    let color = OKABE_ITO[place % OKABE_ITO.len()];
    let stroke = strokes[place / OKABE_ITO.len() % strokes.len()];
    pinned.map_or((color, stroke), |pinned| (pinned, Stroke::Solid))
}
