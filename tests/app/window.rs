//! A window for a test, and what hands do in it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{DroppedFile, Key, Modifiers, Role, Theme, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder, Node};
use layerscope::window::App;
use layerscope::window::heatmap::NAME;
use layerscope::window::{Document, Settings, State};

pub(crate) type Window = Harness<'static, App>;

pub(crate) const SIZE: Vec2 = vec2(1280.0, 800.0);

/// How long background work may take before a test gives up; nothing is measured by it.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) fn builder(size: Vec2, theme: Theme) -> HarnessBuilder<App> {
    // Background work asks for frames at its own pace: a handful is not enough to come to rest.
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(200)
}

/// The window as at its first start: on the sample.
pub(crate) fn first_start() -> Window {
    started(Settings::default())
}

/// The window with settings kept from an earlier run.
pub(crate) fn started(settings: Settings) -> Window {
    let toured = true;
    launched(Settings { toured, ..settings })
}

/// The settings of someone who had the tour, and changed nothing.
pub(crate) fn plain() -> Settings {
    let toured = true;
    Settings {
        toured,
        ..Settings::default()
    }
}

/// The same, with the tour where it was not shown yet.
pub(crate) fn launched(settings: Settings) -> Window {
    let mut window = builder(SIZE, Theme::Dark)
        .build_eframe(|cc| App::with_settings(&cc.egui_ctx, settings, Vec::new()));
    // Nothing of a test is to be found in the user's own folders, nor asked of the user.
    window.state_mut().state.scan_folder = None;
    window.state_mut().state.dialogs.allowed = false;
    window.run();
    window
}

pub(crate) fn state(window: &Window) -> &State {
    &window.state().state
}

pub(crate) fn document(window: &Window) -> &Document {
    state(window).document.as_ref().expect("a document is open")
}

/// Clicks the only button of that name.
#[track_caller]
pub(crate) fn press(window: &mut Window, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    window.run();
}

/// Presses keys one after the other.
pub(crate) fn keys(window: &mut Window, modifiers: Modifiers, keys: &[Key]) {
    for &key in keys {
        window.key_press_modifiers(modifiers, key);
        window.run();
    }
}

/// Replaces what is in the only field of that name.
#[track_caller]
pub(crate) fn fill(window: &mut Window, label: &str, text: &str) {
    window.get_by_role_and_label(Role::TextInput, label).focus();
    window.run();
    keys(window, Modifiers::COMMAND, &[Key::A]);
    window
        .get_by_role_and_label(Role::TextInput, label)
        .type_text(text);
    window.run();
}

/// Sets the slider as a screen reader does.
#[track_caller]
pub(crate) fn slide(window: &mut Window, percent: f64) {
    window
        .get_by_role_and_label(Role::Slider, "Top percent")
        .set_value_accesskit(percent);
    window.run();
}

/// The heatmap's picture.
#[track_caller]
pub(crate) fn heatmap(window: &Window) -> Node<'_> {
    window.get_by(|node| {
        node.role() == Role::Canvas && node.label().is_some_and(|label| label.starts_with(NAME))
    })
}

/// What a screen reader says of the heatmap.
#[track_caller]
pub(crate) fn heatmap_says(window: &Window) -> String {
    let node = heatmap(window);
    let label = node.accesskit_node().label().unwrap_or_default();
    format!("{label}: {}", node.value().unwrap_or_default())
}

/// Role and name of what has the keyboard.
pub(crate) fn focused(window: &Window) -> String {
    let nodes = window.root().children_recursive();
    let mut focused = nodes.filter(Node::is_focused);
    let node = focused.next().map(|node| {
        let of = node.accesskit_node();
        let label = of.label().or(of.value()).unwrap_or_default();
        format!("{:?} {label}", of.role())
    });
    node.unwrap_or_else(|| "nothing".to_owned())
}

/// All that the window says, a line a piece.
pub(crate) fn words(window: &Window) -> String {
    let nodes = window.root().children_recursive();
    let said = nodes.flat_map(|node| [node.accesskit_node().label(), node.value()]);
    said.flatten().collect::<Vec<_>>().join("\n")
}

/// Draws frames until `done`: background work goes at its own pace.
#[track_caller]
pub(crate) fn wait(window: &mut Window, what: &str, done: impl Fn(&State) -> bool) {
    let start = Instant::now();
    loop {
        window.step();
        if done(state(window)) {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
    window.run();
}

/// Lets the window open what it was asked to.
#[track_caller]
pub(crate) fn opened(window: &mut Window) {
    wait(window, "a path to be opened", |state| {
        state.jobs.open.is_none()
    });
}

/// A file as the system hands it over on a drop.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// Drops `path` on the window.
pub(crate) fn drop_on(window: &mut Window, path: &Path) {
    let file = Arc::new(Dropped(path.to_path_buf()));
    window.input_mut().dropped_files.push(file);
    window.step();
}
