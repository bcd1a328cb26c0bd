//! What is kept between runs: looks, panels, recent items, and selections not exported yet.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};

use crate::figure::HeatmapSettings;
use crate::names::Names;
use crate::run::Mapping;
use crate::selection::{Choice, NamedSet, Preset};
use crate::window::document::work::KeptSet;
use crate::window::kept_run::KeptRun;
use crate::window::runs::kept::Kept;
use crate::window::runs::shown::RunsView;
use crate::window::scene::Preferences;
use crate::window::shell::stored_sets;
use crate::window::spectrum_view::SpectrumView;

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
    /// Whose names exports are written in.
    pub names: Names,
    /// How spectra are drawn.
    pub spectrum: SpectrumView,
    /// How the heatmap is colored.
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
            names: Names::default(),
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
    /// The looks that rooms share.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        Preferences {
            theme: self.theme,
            types_panel: self.types_panel,
            inspector_panel: self.inspector_panel,
            recent: self.recent.clone(),
            export_folder: self.export_folder.clone(),
            names: self.names,
            heatmap: self.heatmap.clone(),
            presets: self.presets.clone(),
        }
    }

    /// Keeps the looks that rooms share.
    pub(crate) fn keep(&mut self, preferences: &Preferences) {
        let Preferences {
            theme,
            types_panel,
            inspector_panel,
            recent,
            export_folder,
            names,
            heatmap,
            presets,
        } = preferences.clone();
        self.theme = theme;
        self.types_panel = types_panel;
        self.inspector_panel = inspector_panel;
        self.recent = recent;
        self.export_folder = export_folder;
        self.names = names;
        self.heatmap = heatmap;
        self.presets = presets;
    }

    /// What is kept of the runs room.
    pub(crate) fn runs(&self) -> Kept {
        Kept {
            view: self.runs.clone(),
            runs: self.kept_runs.clone(),
            mappings: self.mappings.clone(),
        }
    }

    /// Keeps the runs room.
    pub(crate) fn keep_runs(&mut self, kept: Kept) {
        self.runs = kept.view;
        self.kept_runs = kept.runs;
        self.mappings = kept.mappings;
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
