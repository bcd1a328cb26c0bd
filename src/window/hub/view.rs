//! A model of the hub: what it is made of and how large, and the two ways to have it.

use eframe::egui;

use crate::source::hub::HubFile;
use crate::text::bytes;
use crate::window::action::Action;
use crate::window::hub::state::{Command, HubRoom, Listed, Shown, Stage, Work};
use crate::window::{focus, theme};

/// Rows of the list of files that are seen at once.
const ROWS: f32 = 8.0;

impl HubRoom {
    /// The dialog's content.
    pub(crate) fn view(&self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        if let Some(shown) = &self.shown {
            show(ui, shown, commands);
        }
    }
}

fn show(ui: &mut egui::Ui, shown: &Shown, commands: &mut Vec<Command>) {
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    ui.horizontal(|ui| {
        ui.heading(shown.id.to_string());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.hyperlink_to("Open its page", &shown.page)
                .on_hover_text(&shown.page);
        });
    });
    match &shown.stage {
        Stage::Asking => {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label("Asking the hub what it holds of it…");
            });
            buttons(ui, commands, |_, _| {});
        }
        Stage::Listed(listed) => {
            listing(ui, listed);
            buttons(ui, commands, |ui, commands| choices(ui, listed, commands));
        }
        Stage::Failed { problem, work, .. } => {
            let what = match work {
                Work::Ask => "Asking the hub did not work.",
                Work::Download => "The download did not work.",
                Work::Remote => "Reading it over the network did not work.",
            };
            ui.label(what);
            let text = egui::RichText::new(problem).color(theme::palette(ui).error);
            ui.add(egui::Label::new(text).selectable(true).wrap());
            buttons(ui, commands, |ui, commands| {
                if ui.button("Try again").clicked() {
                    commands.push(Command::Retry);
                }
            });
        }
    }
}

/// The last row: `more` of its buttons, and the one that closes.
fn buttons(
    ui: &mut egui::Ui,
    commands: &mut Vec<Command>,
    more: impl FnOnce(&mut egui::Ui, &mut Vec<Command>),
) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            more(ui, commands);
            if ui.button("Cancel").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
    });
}

/// What it is made of.
fn listing(ui: &mut egui::Ui, listed: &Listed) {
    let listing = &listed.listing;
    let mut about = format!(
        "Commit {}",
        listing.commit.get(..10).unwrap_or(&listing.commit)
    );
    if listing.private {
        about += ", private";
    }
    ui.weak(about);
    if listing.gated {
        let text = "Gated: its owner asks readers to accept conditions, on its page. Then a token \
                    of the account is needed, in HF_TOKEN or by `hf auth login`.";
        let text = egui::RichText::new(text).color(theme::palette(ui).warning);
        ui.add(egui::Label::new(text).wrap());
    }
    for warning in &listing.warnings {
        let text = egui::RichText::new(warning).color(theme::palette(ui).warning);
        ui.add(egui::Label::new(text).selectable(true).wrap());
    }
    ui.add_space(4.0);
    // Of a row laid out horizontally.
    let height = ui.spacing().interact_size.y;
    egui::ScrollArea::vertical()
        .max_height((height + ui.spacing().item_spacing.y) * ROWS)
        .auto_shrink([false, true])
        .show_rows(ui, height, listing.files.len(), |ui, rows| {
            focus::scrolls(ui, "Files of the model");
            for file in &listing.files[rows] {
                row(ui, file);
            }
        });
    ui.separator();
    let count = listing.files.len();
    let files = if count == 1 { "file" } else { "files" };
    let here = listing.bytes().saturating_sub(listed.missing);
    let mut total = format!("{count} {files}, {}", bytes(listing.bytes()));
    if here > 0 && listed.missing > 0 {
        total = format!("{total}; {} of it are here already", bytes(here));
    }
    ui.label(theme::strong(&total));
    let how = if listed.missing > 0 {
        "Downloaded, it lies in the cache that Python's programs use, too; what breaks off is \
         taken up again. Scanned remotely, each matrix is fetched when its turn comes, and \
         nothing of it is kept on this machine but the results."
    } else {
        "All of it is in the cache."
    };
    ui.add(egui::Label::new(egui::RichText::new(how).weak()).wrap());
}

fn row(ui: &mut egui::Ui, file: &HubFile) {
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            // The bar that scrolls the list lies over its edge.
            ui.add_space(12.0);
            ui.label(bytes(file.size));
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(egui::Label::new(&file.name).truncate());
            });
        });
    });
}

/// The ways to have it, the usual one at the right.
fn choices(ui: &mut egui::Ui, listed: &Listed, commands: &mut Vec<Command>) {
    let (text, hint) = if listed.missing > 0 {
        let text = format!("Download {}", bytes(listed.missing));
        (text, format!("Into {}", listed.cache.display()))
    } else {
        let hint = format!("From {}", listed.cache.display());
        ("Open from the cache".to_owned(), hint)
    };
    if ui.button(text).on_hover_text(hint).clicked() {
        commands.push(Command::Download);
    }
    if listed.missing > 0 {
        let hint = format!(
            "Reads {} over the network, a matrix at a time; a scan that is stopped goes on where \
             it was",
            bytes(listed.listing.bytes())
        );
        let remote = ui.button("Scan remotely").on_hover_text(hint);
        if remote.clicked() {
            commands.push(Command::Remote);
        }
    }
}
