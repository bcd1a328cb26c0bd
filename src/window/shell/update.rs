//! The only code that changes the state: a command in, the state changed, or a job started.

use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::{self, Theme, ThemePreference};

use crate::export::Format;
use crate::window::action::Action;
use crate::window::change;
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::effect::{Effect, Effects};
use crate::window::export::state as export;
use crate::window::files::Written;
use crate::window::help::state as help;
use crate::window::hub;
use crate::window::open;
use crate::window::runs::command as runs;
use crate::window::scan;
use crate::window::scene::{self, Tab};
use crate::window::session;
use crate::window::sets::state as sets;
use crate::window::shell::command::Command;
use crate::window::shell::saving::Picture;
use crate::window::shell::state::scene_of;
use crate::window::shell::state::{Dialog, Notice, NoticeKind, State};
use crate::window::shell::{arrivals, session as whole_session};
use crate::window::spectrum::state as spectrum;
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
        Command::Ask(effect) => carry_out_all(state, |_, effects| effects.push(effect)),
        Command::Open(command) => room!(state.open, command),
        Command::Layers(command) => room!(state.layers, command),
        Command::Sets(command) => room!(state.sets, command),
        Command::Inspect(module) => inspect(state, module),
        Command::OpenSpectrum(module) => {
            inspect(state, Some(module));
            state.tab = Tab::Spectrum;
        }
        Command::ShowTab(tab) => state.tab = tab,
        Command::Spectrum(command) => room!(state.spectrum, command),
        Command::SearchPalette(search) => show_dialog(state, Some(Dialog::Palette { search })),
        Command::SetHeatmap(settings) => state.preferences.heatmap = settings,
        Command::SetTheme(theme) => set_theme(state, theme),
        Command::Export(command) => room!(state.export, command),
        Command::Help(command) => {
            carry_out_all(state, |state, effects| state.help.update(command, effects));
        }
        Command::Change(command) => room!(state.change, command),
        Command::Copy { text, what } => {
            state.ctx.copy_text(text);
            state.news(format!("Copied {what}"));
        }
        Command::Hub(command) => room!(state.hub, command),
        Command::Scan(command) => room!(state.scan, command),
        Command::Runs(command) => room!(state.runs, command),
        Command::Dismiss(notice) => {
            if notice < state.notices.len() {
                state.notices.remove(notice);
            }
        }
    }
}

/// Carries out what `ask` asks for.
pub(crate) fn carry_out_all(state: &mut State, ask: impl FnOnce(&mut State, &mut Effects)) {
    let mut effects = Effects::default();
    ask(state, &mut effects);
    carry_out(state, effects);
}

/// Carries out what a room asked for.
pub(crate) fn carry_out(state: &mut State, mut effects: Effects) {
    for arrival in effects.take_arrivals() {
        carry_out_all(state, |state, effects| {
            arrivals::take_in(state, arrival, effects);
        });
    }
    for effect in effects {
        match effect {
            Effect::Act(action) => act(state, action),
            // Several may be logs; what is not is opened one after the other.
            Effect::Open(paths) if paths.len() > 1 => {
                room!(state.runs, runs::Command::Import(paths));
            }
            Effect::Open(paths) | Effect::OpenEach(paths) => {
                room!(state.open, open::Command::Open(paths));
            }
            Effect::AskHub(id) => room!(state.hub, hub::Command::AskFor(id)),
            Effect::NotOpened(problem) => {
                carry_out_all(state, |state, effects| {
                    state.open.fail(problem, &scene_of!(state), effects);
                });
            }
            Effect::OpenSession(path) => room!(state.session, session::Command::Open(path)),
            Effect::WriteSession(path) => {
                carry_out_all(state, |state, effects| {
                    whole_session::write(state, path, effects);
                });
            }
            Effect::SavedIn(path) => whole_session::saved_in(state, path),
            Effect::ImportSet(path) => room!(state.sets, sets::Command::Read(path)),
            Effect::ImportLogs(paths) => room!(state.runs, runs::Command::Import(paths)),
            Effect::Show(tab) => state.tab = tab,
            Effect::Edit(change) => edit(state, change),
            Effect::Inspect(module) => inspect(state, module),
            Effect::OpenSpectrum(module) => {
                inspect(state, Some(module));
                state.tab = Tab::Spectrum;
            }
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
        Action::OpenSample => carry_out_all(state, arrivals::open_sample),
        Action::Scan => room!(state.scan, scan::Command::Start),
        Action::ScanFresh => room!(state.scan, scan::Command::StartFresh),
        Action::CancelScan => {
            if state.scan.is_busy() {
                room!(state.scan, scan::Command::Cancel);
            } else {
                room!(state.spectrum, spectrum::Command::CancelOverlay);
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
        Action::SavePicture => state.saving.ask(Picture::Window, &scene_of!(state)),
        Action::Shuffle => room!(state.spectrum, spectrum::Command::Shuffle),
        Action::ShowLayers => state.tab = Tab::Layers,
        Action::ShowSpectrum => state.tab = Tab::Spectrum,
        Action::ShowSets => state.tab = Tab::Sets,
        Action::KeepSet => room!(state.sets, sets::Command::Keep),
        Action::SaveSession => room!(state.session, session::Command::Save),
        Action::SaveSessionAs => room!(state.session, session::Command::SaveAs),
        Action::ShowRuns => state.tab = Tab::Runs,
        Action::PickLogs => room!(state.runs, runs::Command::Pick(runs::Pick::Logs)),
        Action::Present => present(state),
        Action::SaveFigure => state.saving.ask(Picture::Figure, &scene_of!(state)),
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

fn inspect(state: &mut State, module: Option<usize>) {
    carry_out_all(state, |state, effects| state.inspect(module, effects));
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
