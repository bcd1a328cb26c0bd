//! The command palette: any command by a few letters of its name.

use eframe::egui;

use crate::window::action::Action;
use crate::window::shell::command::Command;
use crate::window::theme;

pub(crate) fn show(ui: &mut egui::Ui, search: &str, commands: &mut Vec<Command>) {
    ui.set_width(460.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    let mut typed = search.to_owned();
    let field = egui::TextEdit::singleline(&mut typed)
        .hint_text("Type a command")
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Type a command"));
    if response.changed() {
        commands.push(Command::SearchPalette(typed.clone()));
    }
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    let mut found: Vec<Action> = Action::PALETTE
        .into_iter()
        .filter(|&action| action != Action::ShowPalette && matches(action.text(), &typed))
        .collect();
    // Enter takes the first: letters together say more than letters far apart.
    found.sort_by_key(|action| nearness(action.text(), &typed));
    let mut chosen = found.first().copied().filter(|_| entered);
    ui.add_space(4.0);
    egui::ScrollArea::vertical()
        .max_height(360.0_f32.min(ui.ctx().content_rect().height() - 150.0))
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for (place, &action) in found.iter().enumerate() {
                // The first is what Enter takes.
                let first = place == 0 && !typed.is_empty();
                let mut button = egui::Button::new(action.text())
                    .selected(first)
                    .frame_when_inactive(first);
                if let Some(shortcut) = action.shortcut() {
                    let keys = ui.ctx().format_shortcut(&shortcut);
                    let ink = theme::palette(ui).text;
                    button = button.shortcut_text(egui::RichText::new(keys).color(ink));
                }
                let size = egui::vec2(ui.available_width(), 26.0);
                if ui
                    .add(button.min_size(size))
                    .on_hover_text(action.tooltip())
                    .clicked()
                {
                    chosen = Some(action);
                }
            }
            if found.is_empty() {
                ui.colored_label(
                    theme::palette(ui).weak,
                    "No command has these letters in its name.",
                );
            }
        });
    if let Some(action) = chosen {
        // Closing first: the action may open a dialog of its own.
        commands.push(Action::CloseDialog.into());
        commands.push(action.into());
    }
}

/// 0 where a word begins with `search`, 1 where it is within one, 2 where its letters are apart.
fn nearness(text: &str, search: &str) -> u8 {
    let (text, search) = (text.to_lowercase(), search.trim().to_lowercase());
    let begins = |(at, _)| {
        text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric())
    };
    if text.match_indices(&search).any(begins) {
        0
    } else {
        1 + u8::from(!text.contains(&search))
    }
}

/// Whether the letters of `search` come in `text` in that order.
fn matches(text: &str, search: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    let mut wanted = search
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase);
    wanted.all(|letter| letters.any(|candidate| candidate == letter))
}
