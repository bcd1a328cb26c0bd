//! The window's program: the state and the screen, held together frame by frame.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui;

use crate::error::{Problem, Result};
use crate::window::APP_ID;
use crate::window::action::Action;
use crate::window::effect::Effect;
use crate::window::runs::command as runs;
use crate::window::shell::command::Command;
use crate::window::shell::jobs::poll;
use crate::window::shell::settings::Settings;
use crate::window::shell::startup::Stopwatch;
use crate::window::shell::state::State;
use crate::window::shell::update::{apply, expire_notices};
use crate::window::shell::view::Screen;
use crate::window::theme;

/// The window's program.
pub struct App {
    /// What it holds. Public so that tests can look.
    pub state: State,
    screen: Screen,
    stopwatch: Option<Arc<Stopwatch>>,
}

impl App {
    /// Starts where the user left off, or on the sample; then opens `paths`.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext<'_>, paths: Vec<PathBuf>) -> Self {
        let stored = cc
            .storage
            .and_then(|storage| eframe::get_value(storage, APP_ID));
        Self::with_settings(&cc.egui_ctx, stored.unwrap_or_default(), paths)
    }

    /// Starts with given settings.
    #[must_use]
    pub fn with_settings(ctx: &egui::Context, settings: Settings, paths: Vec<PathBuf>) -> Self {
        theme::install(ctx);
        ctx.set_theme(settings.theme);
        let last = settings.last.clone().filter(|path| path.exists());
        let mut state = State::new(ctx.clone(), settings);
        // Closed during a presentation: the size of everything was kept by egui.
        if let Some(before) = state.settings.zoom_before.take() {
            ctx.set_zoom_factor(before);
        }
        apply(&mut state, Action::OpenSample.into());
        apply(&mut state, Command::Runs(runs::Command::ReadAgain));
        // Who came to open something wants to see that first; the tour is in the help.
        if !state.settings.toured && paths.is_empty() {
            apply(&mut state, Action::ShowTour.into());
        }
        let paths = if paths.is_empty() {
            last.into_iter().collect()
        } else {
            paths
        };
        if let Some(effect) = Effect::open_all(paths) {
            apply(&mut state, effect.into());
        }
        Self {
            state,
            screen: Screen::default(),
            stopwatch: None,
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(stopwatch) = &self.stopwatch {
            stopwatch.frame(ctx);
        }
        poll(&mut self.state);
        if let Some(left) = expire_notices(&mut self.state) {
            ctx.request_repaint_after(left);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let mut commands = Vec::new();
        self.screen.show(ui, &mut self.state, &mut commands);
        for command in commands {
            apply(&mut self.state, command);
            ui.ctx().request_repaint();
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        self.state.keep_choice();
        self.state.keep_runs();
        eframe::set_value(storage, APP_ID, &self.state.kept_settings());
    }
}

/// Opens the window; with a stopwatch it closes again when its first frame is shown.
///
/// # Errors
/// Where there is no display, or no way to draw on it.
pub fn run(paths: Vec<PathBuf>, stopwatch: Option<Arc<Stopwatch>>) -> Result<()> {
    if no_display() {
        let cause = "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)";
        return Err(no_window(cause).into());
    }
    let mut viewport = egui::ViewportBuilder::default();
    // Without its icon the window is still the window.
    if let Some(icon) = icon() {
        viewport = viewport.with_icon(icon);
    }
    mark(stopwatch.as_deref(), "icon");
    let options = eframe::NativeOptions {
        viewport: viewport
            .with_app_id(APP_ID)
            .with_title("Layerscope")
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([800.0, 520.0])
            .with_drag_and_drop(true),
        ..Default::default()
    };
    eframe::run_native(
        APP_ID,
        options,
        Box::new(|cc| {
            mark(stopwatch.as_deref(), "window and graphics");
            let mut app = App::new(cc, paths);
            mark(stopwatch.as_deref(), "what is open");
            app.stopwatch = stopwatch;
            Ok(Box::new(app))
        }),
    )
    .map_err(|error| no_window(error.to_string()).into())
}

fn no_window(cause: impl Into<String>) -> Problem {
    Problem::output("the window cannot be opened", cause).advice(
        "without a display use the commands (scan, types, select, inspect, figure: see \
         layerscope --help), or xvfb-run",
    )
}

fn mark(stopwatch: Option<&Stopwatch>, step: &'static str) {
    if let Some(stopwatch) = stopwatch {
        stopwatch.mark(step);
    }
}

/// Whether this is a system with display servers, and none is named.
fn no_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(all(unix, not(target_os = "macos")))
        && !["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
            .into_iter()
            .any(named)
}

fn icon() -> Option<egui::IconData> {
    let png = crate::figure::png(include_str!("../../../assets/icon.svg"), 1.0).ok()?;
    eframe::icon_data::from_png_bytes(&png).ok()
}
