//! Asking for a path: the field that it is typed into, and the paths opened before.

use std::path::PathBuf;

use eframe::egui;

use crate::window::theme;

/// The field for a path: what it holds now, and whether Enter was pressed in it.
pub(crate) fn path_field(ui: &mut egui::Ui, path: &str, hint: &str) -> (String, bool) {
    let mut typed = path.to_owned();
    let label = ui.label("Path");
    let field = egui::TextEdit::singleline(&mut typed)
        .hint_text(hint)
        .desired_width(f32::INFINITY);
    let response = ui.add(field).labelled_by(label.id);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    // Read before the focus is asked back, which would undo the loss of it.
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    (typed, entered)
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
