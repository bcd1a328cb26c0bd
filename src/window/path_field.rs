//! Asking for a path in a dialog: the field that it is typed into, and the paths opened before.

use std::path::PathBuf;

use eframe::egui;

use crate::window::effect::Effects;
use crate::window::scene::{Dialog, Scene};
use crate::window::theme;

/// A field for a path in a dialog: what is typed into it, and what went wrong with the last try.
#[derive(Default)]
pub(crate) struct PathField {
    path: String,
    problem: Option<String>,
}

impl PathField {
    /// Empties it.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes what was typed: another try.
    pub(crate) fn edit(&mut self, path: String) {
        self.path = path;
        self.problem = None;
    }

    /// Tells a problem below the field, or as a notice where its `dialog` is closed.
    pub(crate) fn fail(
        &mut self,
        problem: String,
        dialog: Dialog,
        scene: &Scene<'_>,
        effects: &mut Effects,
    ) {
        if scene.dialog == Some(dialog) {
            self.problem = Some(problem);
        } else {
            effects.problem(problem);
        }
    }

    /// Draws it, with the problem below: what it holds now, and whether Enter was pressed in it.
    pub(crate) fn view(&self, ui: &mut egui::Ui, hint: &str) -> (String, bool) {
        let mut typed = self.path.clone();
        let label = ui.label("Path");
        let field = egui::TextEdit::singleline(&mut typed)
            .hint_text(hint)
            .desired_width(f32::INFINITY);
        let response = ui.add(field).labelled_by(label.id);
        let entered =
            response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        // Read before the focus is asked back, which would undo the loss of it.
        if ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        if let Some(problem) = &self.problem {
            let text = egui::RichText::new(problem).color(theme::palette(ui).error);
            ui.add(egui::Label::new(text).selectable(true).wrap());
        }
        (typed, entered)
    }

    /// Whether `typed` is not what it holds.
    pub(crate) fn differs_from(&self, typed: &str) -> bool {
        self.path != typed
    }
}

/// The path with a leading `~` as the home folder.
pub(crate) fn expand(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}

/// The paths opened before, each a button; the one that was clicked.
pub(crate) fn recent_paths<'a>(
    ui: &mut egui::Ui,
    paths: impl IntoIterator<Item = &'a PathBuf>,
) -> Option<PathBuf> {
    let mut paths = paths.into_iter().peekable();
    paths.peek()?;
    let mut clicked = None;
    ui.add_space(8.0);
    ui.label(theme::strong("Recent"));
    let list = egui::ScrollArea::vertical().max_height(180.0);
    list.show(ui, |ui| {
        for path in paths {
            let text = path.display().to_string();
            let button = egui::Button::new(&text).frame(false).truncate();
            if ui.add(button).on_hover_text(text).clicked() {
                clicked = Some(path.clone());
            }
        }
    });
    clicked
}
