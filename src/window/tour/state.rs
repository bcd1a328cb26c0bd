//! The tour: four steps over the window, at the first start and whenever it is asked for.
//!
//! Enters: what is open. Leaves: the step on screen, and the tab that it is about.

use crate::window::effect::Effect;
use crate::window::landmark::Landmark;
use crate::window::scene::Tab;

/// A step of the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TourStep {
    /// The heatmap.
    Picture,
    /// Choosing layers.
    Choose,
    /// What a ratio is worth.
    Distrust,
    /// Export, runs, and a model of one's own.
    Use,
}

/// The tour room.
#[derive(Debug, Default)]
pub struct Tour {
    /// The step on screen.
    pub step: Option<TourStep>,
    /// Whether the tour was ever shown.
    pub toured: bool,
}

/// Where the tour goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// To that step.
    Show(TourStep),
    /// It is over, or skipped.
    End,
    /// Something outside this room.
    Ask(Effect),
}

impl TourStep {
    /// All steps, in order.
    pub const ALL: [Self; 4] = [Self::Picture, Self::Choose, Self::Distrust, Self::Use];

    /// Its place among them, from 0.
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|&step| step == self).unwrap_or(0)
    }

    /// The next one; none after the last.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.place() + 1).copied()
    }

    /// The one before; none before the first.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.get(self.place().checked_sub(1)?).copied()
    }

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Picture => "Every layer at a glance",
            Self::Choose => "Choose what trains",
            Self::Distrust => "Ask what a ratio is worth",
            Self::Use => "Use it, and compare",
        }
    }

    /// What it says.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Picture => {
                "A row is a layer type, a column is a block, the color is the signal-to-noise \
                 ratio (SNR) of the weights. Bright outlines mark the layers that would train. \
                 Point at a cell for its numbers, click it to inspect it."
            }
            Self::Choose => {
                "Drag the slider for the top share of every type, or type in a share for one of \
                 them. Ctrl-click a cell to pin or drop it by hand. Parameters and memory follow \
                 at once."
            }
            Self::Distrust => {
                "The layer with the highest ratio, and what pure noise of its shape would look \
                 like. Where τ lies within the noise, the ratio says little: ≈ in the list marks \
                 such types. The help (F1) has a layer to try it on."
            }
            Self::Use => {
                "Export the set for the trainer you use: a dry run shows what its names will \
                 match. Then drop your run logs on the window, and the Runs tab puts loss and \
                 memory side by side."
            }
        }
    }

    /// The tab that it is about.
    pub(crate) fn tab(self) -> Tab {
        match self {
            Self::Distrust => Tab::Spectrum,
            Self::Picture | Self::Choose | Self::Use => Tab::Layers,
        }
    }

    /// What it frames.
    pub(crate) fn landmark(self) -> Landmark {
        match self {
            Self::Picture | Self::Distrust => Landmark::Picture,
            Self::Choose => Landmark::Choosing,
            Self::Use => Landmark::Export,
        }
    }
}
