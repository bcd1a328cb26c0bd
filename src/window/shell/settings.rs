//! What is kept between runs: looks, panels, recent items, and selections not exported yet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};

use crate::figure::HeatmapSettings;
use crate::run::Mapping;
use crate::selection::{Choice, NamedSet, Preset};
use crate::window::document::work::KeptSet;
use crate::window::runs::kept::KeptRun;
use crate::window::runs::shown::RunsView;
use crate::window::shell::stored_sets;
use crate::window::spectrum::state::SpectrumView;

/// How many recent items are listed, and how many documents' selections are kept.
const RECENT: usize = 12;

/// What is kept between runs. A field that is missing in a stored state takes its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Whether the tour was shown.
    pub toured: bool,
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
    /// Named sets by document, likewise.
    #[serde(with = "stored_sets")]
    pub sets: BTreeMap<String, Vec<NamedSet>>,
    /// The session files that documents' work is saved in, by document.
    pub sessions: BTreeMap<String, PathBuf>,
    /// The folder the last export went to.
    pub export_folder: Option<PathBuf>,
    /// How spectra are drawn.
    pub spectrum: SpectrumView,
    /// How the heatmap is coloured.
    pub heatmap: HeatmapSettings,
    /// How runs are shown.
    pub runs: RunsView,
    /// The runs in the table, to be read again at the next start.
    pub kept_runs: Vec<KeptRun>,
    /// What the columns of unknown tables mean, by header.
    pub mappings: BTreeMap<String, Mapping>,
    /// The size of everything before the presentation view, where the window was closed in it.
    pub zoom_before: Option<f32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            toured: false,
            theme: ThemePreference::System,
            types_panel: true,
            inspector_panel: true,
            recent: Vec::new(),
            last: None,
            choices: BTreeMap::new(),
            presets: Vec::new(),
            sets: BTreeMap::new(),
            sessions: BTreeMap::new(),
            export_folder: None,
            spectrum: SpectrumView::default(),
            heatmap: HeatmapSettings::default(),
            runs: RunsView::default(),
            kept_runs: Vec::new(),
            mappings: BTreeMap::new(),
            zoom_before: None,
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

    /// Keeps a document's selection; the one it is opened with, `first`, needs no keeping.
    pub fn keep_choice(&mut self, document: &str, choice: &Choice, first: &Choice) {
        if choice == first {
            self.choices.remove(document);
        } else {
            self.choices.insert(document.to_owned(), choice.clone());
        }
    }

    /// Keeps a document's named sets.
    pub fn keep_sets(&mut self, document: &str, sets: &[Arc<KeptSet>]) {
        if sets.is_empty() {
            self.sets.remove(document);
        } else {
            let sets = sets.iter().map(|kept| kept.set.clone()).collect();
            self.sets.insert(document.to_owned(), sets);
        }
    }

    /// The session file that a document's work is saved in, where it is still there.
    #[must_use]
    pub fn session_of(&self, document: &str) -> Option<PathBuf> {
        let path = self.sessions.get(document)?;
        path.exists().then(|| path.clone())
    }
}
