//! The only code that changes the state: a command in, the state changed, or a job started.

use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::{self, Theme, ThemePreference};

use crate::export::Format;
use crate::window::action::Action;
use crate::window::change::update as comparing;
use crate::window::change::update::ComparingCommand;
use crate::window::document::edit::Edit;
use crate::window::document::{Document, SAMPLE};
use crate::window::effect::{Effect, Effects};
use crate::window::export::state as export;
use crate::window::files::Written;
use crate::window::help::state as help;
use crate::window::hub::update as hub;
use crate::window::runs::command::{Pick, RunsCommand};
use crate::window::runs::update as runs;
use crate::window::scan::earlier;
use crate::window::scene::Tab;
use crate::window::session::update as session;
use crate::window::sets::state as sets;
use crate::window::shell::command::Command;
use crate::window::shell::jobs;
use crate::window::shell::saving;
use crate::window::shell::state::scene_of;
use crate::window::shell::state::{Dialog, Notice, NoticeKind, Picked, State};
use crate::window::spectrum::update as spectra;
use crate::window::tour::state as tour;
use crate::window::tour::state::TourStep;

/// How much larger everything is in the presentation view.
const PRESENTED: f32 = 1.5;

/// How long good news stays on screen.
const NEWS: Duration = Duration::from_secs(6);

/// Does what `command` asks for.
pub fn apply(state: &mut State, command: Command) {
    match command {
        Command::Act(action) => act(state, action),
        Command::Tour(command) => {
            let mut effects = Effects::default();
            state.tour.update(command, &scene_of!(state), &mut effects);
            carry_out(state, effects);
        }
        Command::Open(path) => jobs::open(state, path),
        // What is no log is handed on, to be opened one after the other.
        Command::OpenAll(paths) => crate::window::runs::import::start(state, paths, None),
        Command::Ask(effect) => {
            let mut effects = Effects::default();
            effects.push(effect);
            carry_out(state, effects);
        }
        Command::Layers(command) => {
            let mut effects = Effects::default();
            state
                .layers
                .update(command, &scene_of!(state), &mut effects);
            carry_out(state, effects);
        }
        Command::Sets(command) => {
            let mut effects = Effects::default();
            state.sets.update(command, &scene_of!(state), &mut effects);
            carry_out(state, effects);
        }
        Command::EditOpenPath(path) => {
            state.dialog = Some(Dialog::Open {
                path,
                problem: None,
            });
        }
        Command::Inspect(module) => inspect(state, module),
        Command::OpenSpectrum(module) => {
            inspect(state, Some(module));
            state.tab = Tab::Spectrum;
        }
        Command::ShowTab(tab) => state.tab = tab,
        Command::ZoomSpectrum(view) => spectra::zoom(state, view),
        Command::SetSpectrum(view) => {
            state.settings.spectrum = view;
            spectra::need(state);
        }
        Command::SetMethod(method) => spectra::set_method(state, method),
        Command::Overlay(module) => spectra::overlay(state, module),
        Command::ClearOverlay => state.spectrum.overlay.clear(),
        Command::SearchPalette(search) => state.dialog = Some(Dialog::Palette { search }),
        Command::SetHeatmap(settings) => state.preferences.heatmap = settings,
        Command::SetTheme(theme) => set_theme(state, theme),
        Command::Export(command) => {
            let mut effects = Effects::default();
            state
                .export
                .update(command, &scene_of!(state), &mut effects);
            carry_out(state, effects);
        }
        Command::Help(command) => {
            let mut effects = Effects::default();
            state.help.update(command, &mut effects);
            carry_out(state, effects);
        }
        Command::Comparing(command) => comparing::apply(state, command),
        Command::Copy { text, what } => {
            state.ctx.copy_text(text);
            state.news(format!("Copied {what}"));
        }
        Command::Hub(command) => hub::apply(state, command),
        Command::UseEarlier => earlier::take(state),
        Command::Runs(command) => runs::apply(state, command),
        Command::Dismiss(notice) => {
            if notice < state.notices.len() {
                state.notices.remove(notice);
            }
        }
    }
}

/// Carries out what a room asked for.
pub(crate) fn carry_out(state: &mut State, effects: Effects) {
    for effect in effects {
        match effect {
            Effect::Act(action) => act(state, action),
            Effect::Open(mut paths) => match paths.len() {
                0 => {}
                1 => jobs::open(state, paths.swap_remove(0)),
                // What is no log is handed on, to be opened one after the other.
                _ => crate::window::runs::import::start(state, paths, None),
            },
            Effect::Show(tab) => state.tab = tab,
            Effect::Edit(edit) => on_document(state, |document| document.apply(edit)),
            Effect::Inspect(module) => inspect(state, module),
            Effect::OpenSpectrum(module) => {
                inspect(state, Some(module));
                state.tab = Tab::Spectrum;
            }
            Effect::CompareWith(path) => comparing::apply(state, ComparingCommand::With(path)),
            Effect::ShowDialog(dialog) => state.dialog = Some(Dialog::Room(dialog)),
            Effect::SetHeatmap(settings) => state.preferences.heatmap = settings,
            Effect::KeepPreset(preset) => {
                let presets = &mut state.preferences.presets;
                match presets.iter_mut().find(|there| there.name == preset.name) {
                    Some(there) => *there = preset,
                    None => presets.push(preset),
                }
            }
            Effect::ForgetPreset(name) => {
                state
                    .preferences
                    .presets
                    .retain(|preset| preset.name != name);
            }
            Effect::Remember(path) => state.preferences.remember(&path),
            Effect::Wrote(Written { path, unchanged }) => {
                state.preferences.export_folder = path.parent().map(Path::to_path_buf);
                let verb = if unchanged {
                    "Already up to date:"
                } else {
                    "Wrote"
                };
                state.news(format!("{verb} {}", path.display()));
            }
            Effect::Copy { text, what } => {
                state.ctx.copy_text(text);
                state.news(format!("Copied {what}"));
            }
            Effect::News(text) => state.news(text),
            Effect::Problem(text) => state.error(text),
        }
    }
}

fn act(state: &mut State, action: Action) {
    match action {
        Action::ShowOpen => {
            state.dialog = Some(Dialog::Open {
                path: String::new(),
                problem: None,
            });
        }
        Action::PickFile => saving::pick(state, rfd::FileDialog::pick_file, Picked::Open),
        Action::PickFolder => saving::pick(state, rfd::FileDialog::pick_folder, Picked::Open),
        Action::CompareWith => comparing::apply(state, ComparingCommand::Ask(String::new())),
        Action::PickOther => saving::pick(state, rfd::FileDialog::pick_file, Picked::CompareWith),
        Action::EndComparison => comparing::apply(state, ComparingCommand::End),
        Action::OpenSample => open_sample(state),
        Action::Scan => jobs::scan(state, false),
        Action::ScanFresh => jobs::scan(state, true),
        Action::CancelScan => {
            if let Some(scan) = &state.jobs.scan {
                scan.job.progress.cancel();
            } else if let Some(job) = &state.jobs.overlay {
                job.progress.cancel();
            }
        }
        Action::Undo => on_document(state, Document::undo),
        Action::Redo => on_document(state, Document::redo),
        Action::ClearMarks => on_document(state, |document| document.apply(Edit::ClearMarks)),
        Action::ResetSelection => on_document(state, |document| document.apply(Edit::Reset)),
        Action::ShowExport => apply(
            state,
            Command::Export(export::Command::Show(Format::Spectrum)),
        ),
        Action::ToggleTypesPanel => state.preferences.types_panel = !state.preferences.types_panel,
        Action::ToggleInspector => {
            state.preferences.inspector_panel = !state.preferences.inspector_panel;
        }
        Action::NextModule => step_module(state, true),
        Action::PreviousModule => step_module(state, false),
        Action::ToggleTheme => {
            let theme = match state.ctx.theme() {
                Theme::Dark => ThemePreference::Light,
                Theme::Light => ThemePreference::Dark,
            };
            set_theme(state, theme);
        }
        Action::ToggleWarnings => state.warnings_open = !state.warnings_open,
        Action::SavePicture => saving::save_as(state, "layerscope.png", &["png"], Picked::Picture),
        Action::Shuffle => spectra::shuffle(state),
        Action::ShowLayers => state.tab = Tab::Layers,
        Action::ShowSpectrum => state.tab = Tab::Spectrum,
        Action::ShowSets => state.tab = Tab::Sets,
        Action::KeepSet => apply(state, Command::Sets(sets::Command::Keep)),
        Action::SaveSession => session::save(state),
        Action::SaveSessionAs => session::save_as(state),
        Action::ShowRuns => state.tab = Tab::Runs,
        Action::PickLogs => runs::apply(state, RunsCommand::Pick(Pick::Logs)),
        Action::Present => present(state),
        Action::SaveFigure => {
            saving::save_as(state, "figure.svg", &["svg", "png"], Picked::Figure);
        }
        Action::ShowPalette => {
            state.dialog = match state.dialog {
                Some(Dialog::Palette { .. }) => None,
                _ => Some(Dialog::Palette {
                    search: String::new(),
                }),
            };
        }
        Action::ShowHelp => apply(state, Command::Help(help::Command::Open)),
        Action::ShowTour => {
            apply(state, Command::Tour(tour::Command::Show(TourStep::Picture)));
        }
        Action::ShowShortcuts => state.dialog = Some(Dialog::Shortcuts),
        Action::CloseDialog => {
            state.dialog = None;
            state.export.close();
            hub::closed(state);
        }
        Action::ForgetRecent => state.preferences.recent.clear(),
        Action::Quit => state.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
    }
}

fn on_document(state: &mut State, change: impl FnOnce(&mut Document)) {
    if let Some(document) = &mut state.document {
        change(document);
    }
}

pub(crate) fn inspect(state: &mut State, module: Option<usize>) {
    state.inspected = module;
    // Who asks for a layer wants to see it.
    if module.is_some() {
        state.preferences.inspector_panel = true;
    }
    spectra::need(state);
}

fn step_module(state: &mut State, forward: bool) {
    let (Some(document), Some(module)) = (&state.document, state.inspected) else {
        return;
    };
    let siblings = &document.report.type_of(module).modules;
    let Some(place) = siblings.iter().position(|&sibling| sibling == module) else {
        return;
    };
    let place = if forward {
        place + 1
    } else {
        place.wrapping_sub(1)
    };
    if let Some(&next) = siblings.get(place) {
        inspect(state, Some(next));
    }
}

/// Enters the presentation view, or leaves it.
fn present(state: &mut State) {
    if let Some(before) = state.settings.zoom_before.take() {
        state.ctx.set_zoom_factor(before);
    } else {
        let before = state.ctx.zoom_factor();
        state.settings.zoom_before = Some(before);
        state.ctx.set_zoom_factor(before * PRESENTED);
    }
}

fn set_theme(state: &mut State, theme: ThemePreference) {
    state.preferences.theme = theme;
    state.ctx.set_theme(theme);
}

/// Opens the embedded sample.
pub(crate) fn open_sample(state: &mut State) {
    // It may be the very document that is open.
    state.keep_choice();
    if let Some(mut document) = jobs::sample(state) {
        if let Some(choice) = state.settings.choices.get(SAMPLE) {
            document.edit(true, |current| current.clone_from(choice));
        }
        document.restore_sets(state.settings.sets.get(SAMPLE).cloned().unwrap_or_default());
        state.show(document);
    }
    if state.runs.list.is_empty() {
        runs::show_samples(state);
    }
}

/// Takes away good news that has been on screen long enough; returns how long the rest stays.
pub fn expire_notices(state: &mut State) -> Option<Duration> {
    let is_news = |notice: &Notice| notice.kind == NoticeKind::News;
    let now = Instant::now();
    state
        .notices
        .retain(|notice| !is_news(notice) || now - notice.since < NEWS);
    let left = |notice: &Notice| NEWS.saturating_sub(now - notice.since);
    state
        .notices
        .iter()
        .filter(|notice| is_news(notice))
        .map(left)
        .min()
}
