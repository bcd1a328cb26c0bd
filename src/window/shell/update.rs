//! The only code that changes the state: a command in, the state changed, or a job started.

use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::{self, Theme, ThemePreference};

use crate::export::Format;
use crate::figure::Mode;
use crate::selection::Percent;
use crate::window::action::Action;
use crate::window::change;
use crate::window::document::Document;
use crate::window::document::choosing_command as choosing;
use crate::window::document::edit::Edit;
use crate::window::effect::{Effect, Effects};
use crate::window::export::state as export;
use crate::window::files::Written;
use crate::window::help::state as help;
use crate::window::hub;
use crate::window::open;
use crate::window::runs::command::{Pick, RunsCommand};
use crate::window::runs::{import as logs, update as runs};
use crate::window::scan;
use crate::window::scene::{self, Tab};
use crate::window::session;
use crate::window::sets::import as sets_import;
use crate::window::sets::update::{SetsCommand, apply_sets};
use crate::window::shell::command::Command;
use crate::window::shell::state::scene_of;
use crate::window::shell::state::{Dialog, Notice, NoticeKind, Picked, State};
use crate::window::shell::{arrivals, saving, session as whole_session};
use crate::window::spectrum::update as spectra;
use crate::window::tour::state as tour;
use crate::window::tour::state::TourStep;

/// How much larger everything is in the presentation view.
const PRESENTED: f32 = 1.5;

/// How long good news stays on screen.
const NEWS: Duration = Duration::from_secs(6);

/// Has a room do what a command asks for, and carries out what the room asks for in turn.
macro_rules! room {
    ($state:ident . $room:ident, $command:expr) => {{
        let mut effects = Effects::default();
        $state
            .$room
            .update($command, &scene_of!($state), &mut effects);
        carry_out($state, effects);
    }};
}

/// Does what `command` asks for.
pub fn apply(state: &mut State, command: Command) {
    match command {
        Command::Act(action) => act(state, action),
        Command::Tour(command) => room!(state.tour, command),
        Command::Ask(effect) => {
            let mut effects = Effects::default();
            effects.push(effect);
            carry_out(state, effects);
        }
        Command::Open(command) => room!(state.open, command),
        Command::Sets(command) => apply_sets(state, command),
        Command::SetPercent { percent, done } => edit(state, Edit::Percent { percent, done }),
        Command::Choosing(command) => choosing::apply(state, command),
        Command::SetTypePercent {
            types,
            percent,
            done,
        } => {
            let change = Edit::TypePercent {
                types,
                percent,
                done,
            };
            edit(state, change);
        }
        Command::ListTypes { types, listed } => edit(state, Edit::ListTypes { types, listed }),
        Command::Mark {
            modules,
            edit: marks,
        } => {
            let change = Edit::Mark {
                modules,
                edit: marks,
            };
            edit(state, change);
        }
        Command::Toggle(modules) => edit(state, Edit::Toggle(modules)),
        Command::PickRegion(region) => edit(state, Edit::PickRegion(region)),
        Command::SetHead(on) => edit(state, Edit::Head(on)),
        Command::SetEmbeddings(on) => edit(state, Edit::Embeddings(on)),
        Command::Inspect(module) => inspect(state, module),
        Command::OpenSpectrum(module) => {
            inspect(state, Some(module));
            state.tab = Tab::Spectrum;
        }
        Command::ShowTab(tab) => state.tab = tab,
        Command::SetSpectrum(view) => {
            state.settings.spectrum = view;
            spectra::need(state);
        }
        Command::SetMethod(method) => spectra::set_method(state, method),
        Command::Overlay(module) => spectra::overlay(state, module),
        Command::ClearOverlay => state.spectrum.overlay.clear(),
        Command::Search(text) => state.search = text,
        Command::SearchPalette(search) => show_dialog(state, Some(Dialog::Palette { search })),
        Command::SetHeatmap(settings) => state.preferences.heatmap = settings,
        Command::SetTheme(theme) => set_theme(state, theme),
        Command::Export(command) => room!(state.export, command),
        Command::Help(command) => {
            let mut effects = Effects::default();
            state.help.update(command, &mut effects);
            carry_out(state, effects);
        }
        Command::Change(command) => room!(state.change, command),
        Command::ShowBoth(both) => {
            state.both = both;
            // Like beside like: the ratios of both, in one scale of colors.
            if both {
                state.preferences.heatmap.mode = Mode::Snr;
            }
        }
        Command::Copy { text, what } => {
            state.ctx.copy_text(text);
            state.news(format!("Copied {what}"));
        }
        Command::Hub(command) => room!(state.hub, command),
        Command::Scan(command) => room!(state.scan, command),
        Command::Runs(command) => runs::apply(state, command),
        Command::Dismiss(notice) => {
            if notice < state.notices.len() {
                state.notices.remove(notice);
            }
        }
    }
}

/// Carries out what a room asked for.
pub(crate) fn carry_out(state: &mut State, mut effects: Effects) {
    for arrival in effects.take_arrivals() {
        arrivals::take_in(state, arrival);
    }
    for effect in effects {
        match effect {
            Effect::Act(action) => act(state, action),
            // Several may be logs; what is not is opened one after the other.
            Effect::Open(paths) if paths.len() > 1 => logs::start(state, paths, None),
            Effect::Open(paths) | Effect::OpenEach(paths) => {
                room!(state.open, open::Command::Open(paths));
            }
            Effect::AskHub(id) => room!(state.hub, hub::Command::AskFor(id)),
            Effect::NotOpened(problem) => {
                let mut effects = Effects::default();
                state.open.fail(problem, &scene_of!(state), &mut effects);
                carry_out(state, effects);
            }
            Effect::OpenSession(path) => room!(state.session, session::Command::Open(path)),
            Effect::WriteSession(path) => whole_session::write(state, path),
            Effect::SavedIn(path) => whole_session::saved_in(state, path),
            Effect::ImportSet(path) => sets_import::start(state, path),
            Effect::ImportLogs(paths) => logs::start(state, paths, None),
            Effect::Show(tab) => state.tab = tab,
            Effect::Edit(change) => edit(state, change),
            Effect::Inspect(module) => inspect(state, module),
            Effect::HoldAgainst(other) => {
                on_document(state, |document| document.hold_against(other.map(|it| *it)));
            }
            Effect::Warn(warnings) => on_document(state, |document| document.warn(warnings)),
            Effect::ShowDialog(dialog) => show_dialog(state, Some(Dialog::Room(dialog))),
            Effect::SetHeatmap(settings) => state.preferences.heatmap = settings,
            Effect::PreferNames(names) => state.preferences.names = names,
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
        Action::ShowOpen => room!(state.open, open::Command::Show),
        Action::PickFile => room!(state.open, open::Command::PickFile),
        Action::PickFolder => room!(state.open, open::Command::PickFolder),
        Action::CompareWith => room!(state.change, change::Command::Show),
        Action::PickOther => room!(state.change, change::Command::Pick),
        Action::EndComparison => room!(state.change, change::Command::End),
        Action::OpenSample => arrivals::open_sample(state),
        Action::Scan => room!(state.scan, scan::Command::Start),
        Action::ScanFresh => room!(state.scan, scan::Command::StartFresh),
        Action::CancelScan => {
            if state.scan.is_busy() {
                room!(state.scan, scan::Command::Cancel);
            } else if let Some(job) = &state.jobs.overlay {
                job.progress.cancel();
            }
        }
        Action::Undo => edit(state, Edit::Undo),
        Action::Redo => edit(state, Edit::Redo),
        Action::ClearMarks => edit(state, Edit::ClearMarks),
        Action::ResetSelection => edit(state, Edit::Reset),
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
        Action::KeepSet => apply_sets(state, SetsCommand::Keep),
        Action::SaveSession => room!(state.session, session::Command::Save),
        Action::SaveSessionAs => room!(state.session, session::Command::SaveAs),
        Action::ShowRuns => state.tab = Tab::Runs,
        Action::PickLogs => runs::apply(state, RunsCommand::Pick(Pick::Logs)),
        Action::Present => present(state),
        Action::SaveFigure => {
            saving::save_as(state, "figure.svg", &["svg", "png"], Picked::Figure);
        }
        Action::ShowPalette => {
            let is_shown = matches!(state.dialog, Some(Dialog::Palette { .. }));
            let search = String::new();
            show_dialog(state, (!is_shown).then_some(Dialog::Palette { search }));
        }
        Action::ShowHelp => apply(state, Command::Help(help::Command::Open)),
        Action::ShowTour => {
            apply(state, Command::Tour(tour::Command::Show(TourStep::Picture)));
        }
        Action::ShowShortcuts => show_dialog(state, Some(Dialog::Shortcuts)),
        Action::CloseDialog => show_dialog(state, None),
        Action::ForgetRecent => state.preferences.recent.clear(),
        Action::Quit => state.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
    }
}

/// Shows a dialog in the place of any other, or none.
pub(crate) fn show_dialog(state: &mut State, dialog: Option<Dialog>) {
    if dialog != Some(Dialog::Room(scene::Dialog::Export)) {
        state.export.close();
    }
    // Below another dialog the hub is still being asked.
    if dialog.is_none() {
        state.hub.close();
    }
    state.dialog = dialog;
}

fn on_document(state: &mut State, change: impl FnOnce(&mut Document)) {
    if let Some(document) = &mut state.document {
        change(document);
    }
}

/// Changes the open document, where there is one.
pub(crate) fn edit(state: &mut State, edit: Edit) {
    on_document(state, |document| document.apply(edit));
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

/// The percentage one step of the keyboard away: 1 %, or 0.1 % with Shift.
#[must_use]
pub(crate) fn nudged(percent: Percent, up: bool, fine: bool) -> Percent {
    let step = if fine { 0.1 } else { 1.0 };
    Percent::from_slider(percent.value() + if up { step } else { -step })
}
