//! What the commands of the runs tab do.

use std::sync::Arc;

use crate::sample;
use crate::window::document::Region;
use crate::window::runs::command::{Pick, RunsCommand};
use crate::window::runs::link::FreezeLink;
use crate::window::runs::state::{RunEntry, RunId, RunsState};
use crate::window::runs::{figures, import, link};
use crate::window::scene::Tab;
use crate::window::shell::saving;
use crate::window::shell::state::{Picked, State};

/// Does what `command` asks for.
pub(crate) fn apply(state: &mut State, command: RunsCommand) {
    match command {
        RunsCommand::Import(paths) => import::start(state, paths, None),
        RunsCommand::ImportInto(run, paths) => import::start(state, paths, Some(run)),
        RunsCommand::Pick(pick) => ask(state, pick),
        RunsCommand::CancelImport => {
            if let Some(import) = &state.jobs.logs {
                import.job.progress.cancel();
            }
        }
        RunsCommand::EditMapping { .. } | RunsCommand::AcceptMapping | RunsCommand::SkipTable => {
            import::mapping(state, command);
        }
        RunsCommand::Select(run) => state.runs.selected = run,
        RunsCommand::ShowLayers(run) => show_layers(state, run),
        RunsCommand::TieSelection(run) => tie_selection(state, run),
        RunsCommand::View(view) => state.settings.runs = *view,
        RunsCommand::Order(order) => {
            let place = |id: RunId| order.iter().position(|other| *other == id);
            state.runs.list.sort_by_key(|entry| place(entry.id));
            state.runs.revision += 1;
            // What was moved by hand stays there.
            state.settings.runs.sort = None;
        }
        RunsCommand::Follow(on) => import::follow(state, on),
        RunsCommand::ShowSamples => show_samples(state),
        RunsCommand::SaveFigures(wanted) => figures::ask(state, wanted),
        RunsCommand::SaveFiguresTo(folder, wanted) => figures::save(state, &folder, wanted),
        change => edit(&mut state.runs, change),
    }
}

/// Changes that concern the list alone.
fn edit(runs: &mut RunsState, command: RunsCommand) {
    match command {
        RunsCommand::Rename(run, name) => rename(runs, run, &name),
        RunsCommand::Hide(run, hidden) => on(runs, run, |entry| entry.hidden = hidden),
        RunsCommand::HideOthers(run) => {
            for entry in &mut runs.list {
                entry.hidden = entry.id != run;
            }
        }
        RunsCommand::ShowAll => {
            for entry in &mut runs.list {
                entry.hidden = false;
            }
        }
        RunsCommand::Color(run, color) => on(runs, run, |entry| entry.color = color),
        RunsCommand::Baseline(run) => runs.baseline = Some(run),
        RunsCommand::Remove(run) => {
            if let Some(place) = runs.place(run) {
                runs.removed = Some((place, runs.list.remove(place)));
                runs.selected = runs.selected.filter(|selected| *selected != run);
                runs.revision += 1;
            }
        }
        RunsCommand::RemoveAll => {
            runs.list.clear();
            runs.selected = None;
            runs.sample = false;
            runs.problems.clear();
            runs.revision += 1;
        }
        RunsCommand::Restore => {
            if let Some((place, entry)) = runs.removed.take() {
                runs.list.insert(place.min(runs.list.len()), entry);
                runs.revision += 1;
            }
        }
        RunsCommand::Merge { from, into } => merge(runs, from, into),
        RunsCommand::Tie(run, link) => {
            on(runs, run, |entry| entry.link = link);
            runs.links += 1;
        }
        RunsCommand::Zoom(zoom) => runs.zoom = zoom,
        RunsCommand::ZoomValues(measure, Some(part)) => {
            runs.zoom_y.insert(measure, part);
        }
        RunsCommand::ZoomValues(measure, None) => {
            runs.zoom_y.remove(&measure);
        }
        RunsCommand::DismissProblems => runs.problems.clear(),
        // What concerns more than the list is done above.
        _ => {}
    }
}

fn on(runs: &mut RunsState, run: RunId, change: impl FnOnce(&mut RunEntry)) {
    if let Some(place) = runs.place(run) {
        change(&mut runs.list[place]);
    }
}

fn rename(runs: &mut RunsState, run: RunId, name: &str) {
    let name = name.trim();
    if name.is_empty() {
        return;
    }
    on(runs, run, |entry| {
        name.clone_into(&mut Arc::make_mut(&mut entry.run).name);
    });
    runs.revision += 1;
}

fn merge(runs: &mut RunsState, from: RunId, into: RunId) {
    let (Some(part), Some(_)) = (runs.place(from), runs.place(into)) else {
        return;
    };
    if from == into {
        return;
    }
    let part = runs.list.remove(part);
    if let Some(place) = runs.place(into) {
        import::merge(runs, place, vec![(*part.run).clone()]);
    }
}

/// Puts the runs compiled into the program in the list.
pub(crate) fn show_samples(state: &mut State) {
    match sample::runs() {
        Ok(runs) => {
            state.runs.list.clear();
            state.runs.baseline = None;
            state.runs.selected = None;
            state.runs.zoom = None;
            state.runs.zoom_y.clear();
            state.runs.add(runs);
            state.runs.sample = true;
            link::tie_samples(state);
        }
        Err(error) => state.error(error),
    }
}

/// Lights a run's layers in the heatmap, as modules taken together.
fn show_layers(state: &mut State, run: RunId) {
    let Some(entry) = state.runs.entry(run) else {
        return;
    };
    let (Some(link), Some(document)) = (&entry.link, &state.document) else {
        return;
    };
    let modules = link.modules_in(&document.report);
    let what = entry.run.name.clone();
    state.runs.selected = Some(run);
    if let Some(document) = &mut state.document {
        document.region = Some(Region { what, modules });
    }
    state.tab = Tab::Layers;
}

/// Ties the open document's selection to a run.
fn tie_selection(state: &mut State, run: RunId) {
    let Some(document) = &state.document else {
        return;
    };
    let link = FreezeLink::of_selection(document);
    edit(&mut state.runs, RunsCommand::Tie(run, Some(link)));
}

/// Asks the system for files.
fn ask(state: &mut State, pick: Pick) {
    match pick {
        Pick::Logs => saving::pick_several(state, move |paths| Picked::Logs(paths, None)),
        Pick::Into(run) => saving::pick_several(state, move |paths| Picked::Logs(paths, Some(run))),
        Pick::FreezeSet(run) => saving::pick(state, rfd::FileDialog::pick_file, move |path| {
            Picked::RunSet(run, path)
        }),
    }
}
