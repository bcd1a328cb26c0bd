//! What the runs tab can ask for.

use std::path::PathBuf;

use crate::run::{Mapping, Measure};
use crate::window::action::Action;
use crate::window::effect::Effect;
use crate::window::kept_run::KeptRun;
use crate::window::runs::entry::RunId;
use crate::window::runs::figures::FiguresWanted;
use crate::window::runs::link::FreezeLink;
use crate::window::runs::shown::RunsView;

/// What the runs tab asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Read logs and add their runs.
    Import(Vec<PathBuf>),
    /// Read logs that belong to that run.
    ImportInto(RunId, Vec<PathBuf>),
    /// Ask the system for logs.
    Pick(Pick),
    /// Stop reading logs.
    CancelImport,
    /// The columns of the table in the dialog were named otherwise.
    EditMapping(Box<Mapping>),
    /// Read the table in the dialog with its columns so named.
    AcceptMapping,
    /// Leave the table in the dialog.
    SkipTable,
    /// Another name.
    Rename(RunId, String),
    /// Leave out of the plots, or not.
    Hide(RunId, bool),
    /// Leave all others out of the plots.
    HideOthers(RunId),
    /// Leave none out of the plots.
    ShowAll,
    /// Another color, by its place among the series colors.
    Color(RunId, usize),
    /// Light a run's layers.
    Select(Option<RunId>),
    /// The runs in another order.
    Order(Vec<RunId>),
    /// Compare with that run.
    Baseline(RunId),
    /// Take out of the table.
    Remove(RunId),
    /// Take everything out of the table.
    RemoveAll,
    /// Put the run removed last back.
    Restore,
    /// Add one run's series to another, as one run.
    Merge {
        /// The run that goes into the other.
        from: RunId,
        /// The run that stays.
        into: RunId,
    },
    /// State the freeze set a run was trained with.
    Tie(RunId, Option<FreezeLink>),
    /// The same, with the open document's selection.
    TieSelection(RunId),
    /// Show a run's layers in the heatmap.
    ShowLayers(RunId),
    /// Change how runs are shown.
    View(Box<RunsView>),
    /// The part of the horizontal axis in view.
    Zoom(Option<(f64, f64)>),
    /// The part of one plot's vertical axis in view.
    ZoomValues(Measure, Option<(f64, f64)>),
    /// Read logs on as they are written, or not.
    Follow(bool),
    /// Back to the runs compiled into the program.
    ShowSamples,
    /// Save figures in a folder that the system is asked for.
    SaveFigures(FiguresWanted),
    /// Save figures in a new folder in that one.
    SaveFiguresTo(PathBuf, FiguresWanted),
    /// Take the list of problems away.
    DismissProblems,
    /// Read the logs of the runs of the last time again.
    ReadAgain,
    /// List those runs in the place of what is listed now.
    Replace(Vec<KeptRun>),
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}

/// What the system is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Logs to add.
    Logs,
    /// A log that belongs to that run.
    Into(RunId),
    /// The freeze set that run was trained with.
    FreezeSet(RunId),
}
