//! Everything that can happen, in one place: what panels push and [`crate::window::shell::update`] does.
//!
//! An [`Action`] needs no further input: it has a text, a tooltip and perhaps a shortcut, and
//! menus, buttons, keys and the command palette all come from that one description.

use std::path::PathBuf;

use eframe::egui::{Key, KeyboardShortcut, Modifiers, ThemePreference};

use crate::export::Rename;
use crate::figure::{HeatmapSettings, View};
use crate::selection::{Bulk, Percent};
use crate::spectral::law::ScaleMethod;
use crate::window::change::update::ComparingCommand;
use crate::window::document::choosing_command::ChoosingCommand;
use crate::window::export::draft::Format;
use crate::window::help::state::Help;
use crate::window::hub::update::HubCommand;
use crate::window::runs::command::RunsCommand;
use crate::window::sets::update::SetsCommand;
use crate::window::shell::state::{Region, Tab};
use crate::window::spectrum::state::SpectrumView;
use crate::window::tour::state::TourCommand;

/// What a panel asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// One of the named actions.
    Act(Action),
    /// Go on with the tour, or end it.
    Tour(TourCommand),
    /// Open what is at that path.
    Open(PathBuf),
    /// Open all of these, one after the other.
    OpenAll(Vec<PathBuf>),
    /// Change the named sets, or how they are compared.
    Sets(SetsCommand),
    /// The text in the open dialog changed.
    EditOpenPath(String),
    /// Set the share of every type. `done` is false while a drag goes on.
    SetPercent {
        /// The new share.
        percent: Percent,
        /// Whether this ends the step.
        done: bool,
    },
    /// Change rules, budget or presets of choosing.
    Choosing(ChoosingCommand),
    /// Give types a share of their own, or take it away.
    SetTypePercent {
        /// Indices of the types.
        types: Vec<usize>,
        /// The share; `None` for the common one.
        percent: Option<Percent>,
        /// Whether this ends the step.
        done: bool,
    },
    /// List types in the freeze set, or leave them out.
    ListTypes {
        /// Indices of the types.
        types: Vec<usize>,
        /// Whether they are listed.
        listed: bool,
    },
    /// Change marks made by hand.
    Mark {
        /// Indices of the modules.
        modules: Vec<usize>,
        /// What to do with them.
        edit: Bulk,
    },
    /// Turn modules over by hand, together.
    Toggle(Vec<usize>),
    /// Take modules together for the next change.
    PickRegion(Option<Region>),
    /// Write the head's fixed line, or not.
    SetHead(bool),
    /// Write the embedding's fixed line, or not.
    SetEmbeddings(bool),
    /// Show a module in the inspector.
    Inspect(Option<usize>),
    /// Show a module's spectrum.
    OpenSpectrum(usize),
    /// Show a tab.
    ShowTab(Tab),
    /// Change how spectra are drawn.
    SetSpectrum(SpectrumView),
    /// See that part of the spectrum tab's picture.
    ZoomSpectrum(View),
    /// Tell the scale of the noise another way, or by hand.
    SetMethod(ScaleMethod),
    /// Lay a module's spectrum over the inspected one's, or take it away.
    Overlay(usize),
    /// Take all laid-over spectra away.
    ClearOverlay,
    /// Filter the list of types.
    Search(String),
    /// Type into the command palette.
    SearchPalette(String),
    /// Change how the heatmap is shown.
    SetHeatmap(HeatmapSettings),
    /// Dark, light or the system's choice.
    SetTheme(ThemePreference),
    /// Open the export dialog, or change its format.
    Export(Format),
    /// Prepare the export at hand for the names of a trainer, or for the checkpoint's.
    ExportFor(Option<Rename>),
    /// Agree to export what would not train what is shown, or take it back.
    ConfirmExport(bool),
    /// The path in the export dialog changed.
    EditExportPath(String),
    /// Write the file; `replace` allows writing over another one.
    WriteExport {
        /// Whether a different file may be replaced.
        replace: bool,
    },
    /// Show the help, or change what it shows.
    Help(Box<Help>),
    /// About the report that the open one is held against.
    Comparing(ComparingCommand),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the notice.
        what: String,
    },
    /// Something of the hub.
    Hub(HubCommand),
    /// Take the ratios of the earlier results that were found.
    UseEarlier,
    /// Something of the runs tab.
    Runs(RunsCommand),
    /// Take a notice away.
    Dismiss(usize),
}

/// A command that needs no further input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Show the open dialog.
    ShowOpen,
    /// Ask the system for a file.
    PickFile,
    /// Ask the system for a folder.
    PickFolder,
    /// Open the embedded sample.
    OpenSample,
    /// Ask which results to hold the open ones against.
    CompareWith,
    /// Ask the system for them.
    PickOther,
    /// Let them go.
    EndComparison,
    /// Scan the open model.
    Scan,
    /// Scan it from the beginning.
    ScanFresh,
    /// Stop the scan; what is finished is kept.
    CancelScan,
    /// Take the last step of the selection back.
    Undo,
    /// Take it again.
    Redo,
    /// Remove all marks made by hand.
    ClearMarks,
    /// Back to 25 % of every type.
    ResetSelection,
    /// Show the export dialog.
    ShowExport,
    /// Ask the system where to export to.
    PickExportPath,
    /// Put the export's text on the clipboard.
    CopyExport,
    /// Show or hide the list of types.
    ToggleTypesPanel,
    /// Show or hide the inspector.
    ToggleInspector,
    /// Show the next module of the same type.
    NextModule,
    /// Show the previous module of the same type.
    PreviousModule,
    /// Dark theme or light.
    ToggleTheme,
    /// Show or hide the warnings.
    ToggleWarnings,
    /// Save a picture of the window.
    SavePicture,
    /// Save the figure on screen.
    SaveFigure,
    /// Lay the shuffled control over the spectrum, or take it away.
    Shuffle,
    /// Show the heatmap.
    ShowLayers,
    /// Show the inspected layer's spectrum.
    ShowSpectrum,
    /// Show the freeze sets.
    ShowSets,
    /// Keep the current selection as a named set.
    KeepSet,
    /// Save the session where it was saved before.
    SaveSession,
    /// Save the session in another file.
    SaveSessionAs,
    /// Show the training runs.
    ShowRuns,
    /// Ask the system for run logs.
    PickLogs,
    /// The picture alone, in large type; or back.
    Present,
    /// Show the command palette.
    ShowPalette,
    /// Show the help.
    ShowHelp,
    /// Begin the tour.
    ShowTour,
    /// Show the list of shortcuts.
    ShowShortcuts,
    /// Close the dialog that is open.
    CloseDialog,
    /// Empty the list of recent items.
    ForgetRecent,
    /// Close the window.
    Quit,
}

impl Action {
    /// The actions that the command palette offers.
    pub const PALETTE: [Self; 38] = [
        Self::ShowOpen,
        Self::PickFile,
        Self::PickFolder,
        Self::OpenSample,
        Self::CompareWith,
        Self::EndComparison,
        Self::Scan,
        Self::ScanFresh,
        Self::CancelScan,
        Self::ShowExport,
        Self::Undo,
        Self::Redo,
        Self::ClearMarks,
        Self::ResetSelection,
        Self::NextModule,
        Self::PreviousModule,
        Self::ToggleTypesPanel,
        Self::ToggleInspector,
        Self::ToggleWarnings,
        Self::ToggleTheme,
        Self::ShowLayers,
        Self::ShowSpectrum,
        Self::ShowSets,
        Self::KeepSet,
        Self::SaveSession,
        Self::SaveSessionAs,
        Self::ShowRuns,
        Self::PickLogs,
        Self::Present,
        Self::Shuffle,
        Self::SaveFigure,
        Self::SavePicture,
        Self::ForgetRecent,
        Self::ShowPalette,
        Self::ShowHelp,
        Self::ShowTour,
        Self::ShowShortcuts,
        Self::Quit,
    ];

    /// Its name in menus and on buttons.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::ShowOpen => "Open…",
            Self::PickFile => "Open file…",
            Self::PickFolder => "Open folder…",
            Self::OpenSample => "Open the sample",
            Self::CompareWith => "Compare with other results…",
            Self::EndComparison => "Stop comparing results",
            Self::Scan => "Scan",
            Self::ScanFresh => "Scan again from the beginning",
            Self::CancelScan => "Cancel scan",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::ClearMarks => "Clear pins and drops",
            Self::ResetSelection => "Reset the selection",
            Self::ShowExport => "Export…",
            Self::PickExportPath | Self::PickOther => "Browse…",
            Self::CopyExport => "Copy text",
            Self::ToggleTypesPanel => "Layer types panel",
            Self::ToggleInspector => "Inspector panel",
            Self::NextModule => "Next layer of this type",
            Self::PreviousModule => "Previous layer of this type",
            Self::ToggleTheme => "Dark or light theme",
            Self::ToggleWarnings => "Warnings",
            Self::SavePicture => "Save a picture of the window…",
            Self::SaveFigure => "Save figure…",
            Self::Shuffle => "Shuffled control",
            Self::ShowLayers => "Layers",
            Self::ShowSpectrum => "Spectrum",
            Self::ShowSets => "Sets",
            Self::KeepSet => "Keep the selection as a set",
            Self::SaveSession => "Save session",
            Self::SaveSessionAs => "Save session as…",
            Self::ShowRuns => "Runs",
            Self::PickLogs => "Import run logs…",
            Self::Present => "Presentation view",
            Self::ShowPalette => "Command palette",
            Self::ShowHelp => "Help",
            Self::ShowTour => "Take the tour",
            Self::ShowShortcuts => "Keyboard shortcuts",
            Self::CloseDialog => "Close",
            Self::ForgetRecent => "Clear recent items",
            Self::Quit => "Quit",
        }
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::ShowOpen => "Open a model, Spectrum results, a freeze set, run logs or a session",
            Self::PickFile => {
                "Choose a weight file, results JSON, a freeze set, a log or a session"
            }
            Self::PickFolder => "Choose a model's folder",
            Self::OpenSample => "Results of SmolLM2-135M, compiled into the program",
            Self::CompareWith => {
                "Hold the open results against those of a base model, another revision or precision"
            }
            Self::PickOther => "Choose a results JSON",
            Self::EndComparison => "Let the other results go",
            Self::Scan => {
                "Compute the singular values and the SNR of every listed layer type; goes on \
                 where an earlier scan stopped"
            }
            Self::ScanFresh => "Forget what an earlier scan of this model left",
            Self::CancelScan => "Stop; finished layers are kept and not computed again",
            Self::Undo => "Take the last change of the selection back",
            Self::Redo => "Take the undone change again",
            Self::ClearMarks => "Leave every module to the percentage again",
            Self::ResetSelection => "25 % of every type, no marks, all types listed",
            Self::ShowExport => "See the freeze set as text, copy it or write it to a file",
            Self::PickExportPath => "Choose where to write",
            Self::CopyExport => "Put the text on the clipboard",
            Self::ToggleTypesPanel => "Show or hide the list of layer types",
            Self::ToggleInspector => "Show or hide the inspector",
            Self::NextModule => "Inspect the same type in the next block",
            Self::PreviousModule => "Inspect the same type in the block before",
            Self::ToggleTheme => "Switch between the dark and the light theme",
            Self::ToggleWarnings => "What was left out or looks wrong in the open document",
            Self::SavePicture => "Write the window as a PNG picture",
            Self::SaveFigure => "Write the figure of this tab as SVG or PNG",
            Self::Shuffle => {
                "Lay over it the spectrum of the same entries in random order: what the \
                 arrangement of the weights adds shows beside it (needs the weights)"
            }
            Self::ShowLayers => "All layers as a heatmap",
            Self::ShowSpectrum => "The singular values of the inspected layer",
            Self::ShowSets => "Freeze sets side by side: what tells them apart",
            Self::KeepSet => "Keep the current selection under a name, to compare it with others",
            Self::SaveSession => {
                "Save the selection, the named sets and the view in a session file that opens \
                 with the document"
            }
            Self::SaveSessionAs => "Save the session in a file of another name",
            Self::ShowRuns => "Training runs side by side: loss, memory, time",
            Self::PickLogs => "Read training logs (TensorBoard, W&B, MLflow, Trainer state, CSV …)",
            Self::Present => "The picture of this tab alone, in large type (Esc leaves)",
            Self::ShowPalette => "Find any command by its name",
            Self::ShowHelp => "What the numbers mean, with a layer to try it on",
            Self::ShowTour => "Four steps over the window: see, choose, distrust, use",
            Self::ShowShortcuts => "Every key the window knows",
            Self::CloseDialog => "Close the dialog",
            Self::ForgetRecent => "Empty the list of recently opened items",
            Self::Quit => "Close the window; the selection is kept",
        }
    }

    /// Its key, where it has one.
    #[must_use]
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        let shifted = |key| {
            Some(KeyboardShortcut::new(
                Modifiers::COMMAND.plus(Modifiers::SHIFT),
                key,
            ))
        };
        match self {
            Self::ShowOpen => command(Key::O),
            Self::PickFolder => shifted(Key::O),
            Self::Scan => command(Key::R),
            Self::ShowExport => command(Key::E),
            Self::Undo => command(Key::Z),
            Self::Redo => shifted(Key::Z),
            Self::NextModule => command(Key::ArrowRight),
            Self::PreviousModule => command(Key::ArrowLeft),
            Self::ToggleTypesPanel => command(Key::B),
            Self::ToggleInspector => command(Key::I),
            Self::ShowPalette => command(Key::K),
            Self::ShowLayers => command(Key::Num1),
            Self::ShowSpectrum => command(Key::Num2),
            Self::ShowSets => command(Key::Num4),
            Self::SaveSession => command(Key::S),
            Self::SaveSessionAs => shifted(Key::S),
            Self::ShowRuns => command(Key::Num3),
            Self::PickLogs => command(Key::L),
            Self::SaveFigure => shifted(Key::E),
            Self::Present => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F5)),
            Self::Quit => command(Key::Q),
            Self::ShowHelp => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F1)),
            Self::ShowShortcuts => command(Key::Slash),
            _ => None,
        }
    }
}

impl From<ChoosingCommand> for Command {
    fn from(command: ChoosingCommand) -> Self {
        Self::Choosing(command)
    }
}

impl Command {
    /// Opens what is at `paths`; nothing without any. Several may be the logs of several runs.
    #[must_use]
    pub fn open_all(mut paths: Vec<PathBuf>) -> Option<Self> {
        match paths.len() {
            0 => None,
            1 => paths.pop().map(Self::Open),
            _ => Some(Self::OpenAll(paths)),
        }
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Act(action)
    }
}
