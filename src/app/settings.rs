//! What is kept between runs: looks, panels, recent items, and selections not exported yet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};

use crate::app::spectrum::SpectrumView;
use crate::figure::HeatmapSettings;
use crate::selection::{Choice, Preset};

/// How many recent items are listed, and how many documents' selections are kept.
const RECENT: usize = 12;

/// What is kept between runs. A field that is missing in a stored state takes its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Dark, light, or the system's choice.
    pub theme: ThemePreference,
    /// Whether the list of layer types is shown.
    pub types_panel: bool,
    /// Whether the inspector is shown.
    pub inspector_panel: bool,
    /// Files and folders opened before, the latest first.
    pub recent: Vec<PathBuf>,
    /// The document open at the end; none for the sample.
    pub last: Option<PathBuf>,
    /// Selections by document, so that none is lost when the window is closed.
    pub choices: BTreeMap<String, Choice>,
    /// Named settings of choosing, beside the built-in ones.
    pub presets: Vec<Preset>,
    /// The folder the last export went to.
    pub export_folder: Option<PathBuf>,
    /// How spectra are drawn.
    pub spectrum: SpectrumView,
    /// How the heatmap is coloured.
    pub heatmap: HeatmapSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemePreference::System,
            types_panel: true,
            inspector_panel: true,
            recent: Vec::new(),
            last: None,
            choices: BTreeMap::new(),
            presets: Vec::new(),
            export_folder: None,
            spectrum: SpectrumView::default(),
            heatmap: HeatmapSettings::default(),
        }
    }
}

impl Settings {
    /// Puts `path` at the top of the recent items.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_path_buf());
        self.recent.truncate(RECENT);
    }

    /// Keeps a document's selection; the default one needs no keeping.
    pub fn keep_choice(&mut self, document: &str, choice: &Choice) {
        if *choice == Choice::default() {
            self.choices.remove(document);
        } else {
            self.choices.insert(document.to_owned(), choice.clone());
        }
    }
}
