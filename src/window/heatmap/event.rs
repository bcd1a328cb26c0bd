//! What the heatmap tells its caller, and what it needs from it.

use std::sync::Arc;

use crate::figure::{ColorMap, HeatmapSettings as Settings, Mode};
use crate::report::SnrReport;
use crate::selection::{Choice, FreezeSet, Ranking};
use crate::window::heatmap::look::Look;
use eframe::egui::{Modifiers, Pos2, Response};

/// All that a frame of the heatmap is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The modules and their ratios. Colors are made again when this or `ranking` is another
    /// snapshot, not each frame.
    pub report: &'a Arc<SnrReport>,
    /// Their order within each type by SNR: for colors.
    pub ranking: &'a Arc<Ranking>,
    /// Their order by the rules of the choice: where each enters.
    pub pools: &'a Ranking,
    /// For each module whether it is a near-tie at its cut; may be empty.
    pub near: &'a [bool],
    /// Which of them train: another snapshot whenever `choice` or `near` change.
    pub set: &'a Arc<FreezeSet>,
    /// Pins and drops.
    pub choice: &'a Choice,
    /// How to show it.
    pub settings: &'a Settings,
    /// The module the inspector shows.
    pub inspected: Option<usize>,
    /// Modules taken together, tinted: the next change by hand is for them.
    pub region: &'a [usize],
    /// Colors.
    pub look: &'a Look,
}

/// What the user did. Modules and types are indices into the report.
#[derive(Debug, Clone, PartialEq)]
pub enum HeatmapEvent {
    /// The pointer moved over another cell (its modules), or off the cells (none).
    Hover(Vec<usize>),
    /// Show this module in the inspector; of a folded cell the one with the highest ratio.
    Inspect(usize),
    /// Ctrl-click (⌘ on macOS) or Space: pin or drop these; several for a folded cell.
    Toggle(Vec<usize>),
    /// A rectangle was drawn, by dragging or with Shift and the arrow keys.
    Rectangle(Vec<usize>, Modifiers),
    /// Double click: open this module's spectrum.
    OpenSpectrum(usize),
    /// The keyboard's cell moved to these modules.
    Focus(Vec<usize>),
    /// A row's label was clicked: these types.
    SelectType(Vec<usize>, Modifiers),
    /// A block's number was clicked.
    SelectBlock(u32, Modifiers),
    /// Show one row for the experts of this folded type.
    Fold(String),
    /// Show a row for each expert of this folded type.
    Unfold(String),
    /// Color by something else.
    Mode(Mode),
    /// Another color map.
    ColorMap(ColorMap),
    /// Fade frozen cells or don't.
    Dim(bool),
}

impl HeatmapEvent {
    /// The settings after this event, where it is about how the heatmap is shown.
    #[must_use]
    pub fn settings(&self, before: &Settings) -> Option<Settings> {
        let mut after = before.clone();
        match self {
            Self::Fold(row) => {
                after.unfolded.remove(row);
            }
            Self::Unfold(row) => {
                after.unfolded.insert(row.clone());
            }
            Self::Mode(mode) => after.mode = *mode,
            Self::ColorMap(map) => after.map = *map,
            Self::Dim(dim) => after.dim = *dim,
            _ => return None,
        }
        Some(after)
    }
}

/// What is under the pointer or was right-clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A cell's modules.
    Cell(Vec<usize>),
    /// A row's types.
    Row(Vec<usize>),
    /// A block.
    Block(u32),
}

/// What a frame gives back.
#[derive(Debug)]
pub struct Output {
    /// What the user did, in order.
    pub events: Vec<HeatmapEvent>,
    /// The whole picture, labels included: attach `context_menu` here and fill it by
    /// [`Output::menu`].
    pub response: Response,
    /// What the last right-click was on, or where the keyboard is since.
    pub menu: Option<Target>,
    /// Where its menu is asked for by a key in this frame.
    pub menu_at: Option<Pos2>,
}
