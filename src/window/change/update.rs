//! Holding the open report against another one.
//!
//! Enters: what the panels ask for. Leaves: the open document with the other's ratios beside its
//! own, and the heatmap showing the change.

use std::path::PathBuf;

use crate::error::Problem;
use crate::figure::Mode;
use crate::open::{self, Opened};
use crate::report::SnrReport;
use crate::window::scene::Tab;
use crate::window::shell::state::{Dialog, State};
use crate::window::task::{self, Job};

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComparingCommand {
    /// Show the dialog, or change the path in it.
    Ask(String),
    /// Hold the open report against the results at that path.
    With(PathBuf),
    /// Let the other report go.
    End,
}

/// Does what `command` asks for.
pub(crate) fn apply(state: &mut State, command: ComparingCommand) {
    match command {
        ComparingCommand::Ask(path) => {
            if state.document.is_some() {
                let problem = None;
                state.dialog = Some(Dialog::Compare { path, problem });
            }
        }
        ComparingCommand::With(path) => with(state, path),
        ComparingCommand::End => {
            if let Some(document) = &mut state.document {
                document.hold_against(None);
            }
            leave_mode(state);
        }
    }
}

/// Colours by the ratio again where there is no other report to colour by.
pub(crate) fn leave_mode(state: &mut State) {
    if state.preferences.heatmap.mode.needs_other() {
        state.preferences.heatmap.mode = Mode::Snr;
    }
}

fn with(state: &mut State, path: PathBuf) {
    if let Some(job) = &state.jobs.other {
        job.progress.cancel();
    }
    let job = Job::spawn(
        "opening the other results",
        &state.ctx,
        state.generation,
        move |_| match open::open(&path)? {
            Opened::Report(report, _) => Ok(*report),
            Opened::Log(_) => Err(Problem::input(
                path,
                "is the log of a training run, not results",
            )
            .advice("import it in the runs tab")
            .into()),
            Opened::Model(_) => Err(Problem::input(path, "is a model, not results")
                .advice("scan it, save its results, and compare with those")
                .into()),
            neither => Err(neither.refused()),
        },
    );
    state.jobs.other = Some(job);
}

/// Takes the other report in once it is read.
pub(crate) fn poll(state: &mut State) {
    let Some((generation, result)) = task::take(&mut state.jobs.other) else {
        return;
    };
    if generation != state.generation {
        return;
    }
    match result.and_then(|other| take(state, &other)) {
        Ok(()) => state.dialog = None,
        Err(error) => match &mut state.dialog {
            Some(Dialog::Compare { problem, .. }) => *problem = Some(error.to_string()),
            _ => state.error(error),
        },
    }
}

fn take(state: &mut State, other: &SnrReport) -> crate::Result<()> {
    let Some(document) = &mut state.document else {
        return Ok(());
    };
    document.compare_with(other)?;
    state.preferences.heatmap.mode = Mode::Change;
    state.tab = Tab::Layers;
    Ok(())
}
