//! What every room may look at: the open document, the looks that rooms share, the shown tab.
//!
//! A room reads the scene and changes nothing in it; what it wants changed it asks for with an
//! [`Effect`](crate::window::effect::Effect).

use std::path::{Path, PathBuf};

use eframe::egui::{self, ThemePreference};
use serde::{Deserialize, Serialize};

use crate::figure::HeatmapSettings;
use crate::names::Names;
use crate::selection::Preset;
use crate::window::document::{Document, DocumentId};
use crate::window::files::SystemDialogs;

/// The shared state as a room sees it.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The window's context: wakes it, and tells theme and zoom.
    pub(crate) ctx: &'a egui::Context,
    /// The open report; none only when even the sample cannot be read.
    pub(crate) document: Option<&'a Document>,
    /// The looks that rooms share.
    pub(crate) preferences: &'a Preferences,
    /// The module in the inspector.
    pub(crate) inspected: Option<usize>,
    /// The tab in the middle.
    pub(crate) tab: Tab,
    /// Whether the system may be asked for paths.
    pub(crate) dialogs: &'a SystemDialogs,
    /// The room's dialog that is on screen.
    pub(crate) dialog: Option<Dialog>,
    /// Whether any dialog is on screen.
    pub(crate) covered: bool,
}

impl Scene<'_> {
    /// The open document's identity: what a task or a dialog about it is bound to.
    pub(crate) fn document_id(&self) -> Option<DocumentId> {
        self.document.map(Document::id)
    }
}

/// Looks and places that several rooms share and that are kept between runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// Dark, light, or the system's choice.
    pub theme: ThemePreference,
    /// Whether the list of layer types is shown.
    pub types_panel: bool,
    /// Whether the inspector is shown.
    pub inspector_panel: bool,
    /// Files and folders opened before, the latest first.
    pub recent: Vec<PathBuf>,
    /// The folder the last export went to.
    pub export_folder: Option<PathBuf>,
    /// Whose names exports are written in.
    pub names: Names,
    /// How the heatmap is colored.
    pub heatmap: HeatmapSettings,
    /// Named settings of choosing, beside the built-in ones.
    pub presets: Vec<Preset>,
}

/// How many recent items are listed.
const RECENT: usize = 12;

impl Preferences {
    /// Puts `path` at the top of the recent items.
    pub(crate) fn remember(&mut self, path: &Path) {
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_path_buf());
        self.recent.truncate(RECENT);
    }

    /// The folder of the last export, or the current one.
    pub(crate) fn folder(&self) -> PathBuf {
        let folder = self.export_folder.clone();
        folder
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_default()
    }
}

/// The dialogs over the window; each room keeps the content of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialog {
    /// Open by path.
    Open,
    /// Compare with other results.
    Compare,
    /// A model of the hub.
    Hub,
    /// Export.
    Export,
    /// The help.
    Help,
    /// What the columns of an unknown table of a log mean.
    Mapping,
}

/// The tabs in the middle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// The heatmap of all layers.
    #[default]
    Layers,
    /// The spectrum of one layer.
    Spectrum,
    /// Freeze sets side by side.
    Sets,
    /// Training runs side by side.
    Runs,
}
