//! The bar at the bottom: what is being done and how long it takes, else where one stands;
//! and the document's warnings.

use eframe::egui;

use crate::progress::Progress;
use crate::text::bytes;
use crate::window::action::Action;
use crate::window::document::Origin;
use crate::window::hub::{self, Work, state::HubRoom};
use crate::window::runs::command as runs;
use crate::window::scan::{self, earlier::Earlier, view::devices};
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;
use crate::window::{focus, number, theme};

pub(crate) fn show(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let frame = theme::panel_frame(ui);
    egui::Panel::bottom("status").frame(frame).show(ui, |ui| {
        warnings_list(ui, state);
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                warnings_button(ui, state, commands);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    if let Some(scanning) = state.scan.progress() {
                        progress(ui, "Scanning", scanning);
                        if ui
                            .button("Cancel")
                            .on_hover_text(Action::CancelScan.tooltip())
                            .clicked()
                        {
                            commands.push(Action::CancelScan.into());
                        }
                    } else if let Some(laying) = state.spectrum.laying.progress() {
                        progress(ui, "Computing", laying);
                        if ui.button("Cancel").clicked() {
                            commands.push(Action::CancelScan.into());
                        }
                    } else if state.hub.work().is_some() {
                        fetching(ui, &state.hub, commands);
                    } else if let Some(progress) = state.runs.reading.progress() {
                        reading(ui, progress, commands);
                    } else if let Some(path) = state.open.target() {
                        ui.spinner();
                        ui.label(format!("Opening {}", path.display()));
                    } else {
                        standing(ui, state, commands);
                    }
                });
            });
        });
    });
}

/// Logs being read.
fn reading(ui: &mut egui::Ui, progress: &Progress, commands: &mut Vec<Command>) {
    let now = progress.snapshot();
    let bar = egui::ProgressBar::new(now.fraction);
    ui.add(bar.desired_width(180.0).desired_height(8.0));
    ui.label(format!("Reading {}", now.label));
    if ui.button("Cancel").clicked() {
        commands.push(Command::Runs(runs::Command::CancelImport));
    }
}

fn progress(ui: &mut egui::Ui, verb: &str, progress: &Progress) {
    let now = progress.snapshot();
    let bar = egui::ProgressBar::new(now.fraction)
        .desired_width(180.0)
        .desired_height(8.0);
    ui.add(bar);
    let mut text = format!("{verb} {} / {}", now.items_done, now.items_total);
    if let Some(left) = now.time_left {
        text = format!("{text}, about {} left", number::duration(left));
    }
    if !now.label.is_empty() {
        text = format!("{text} — {}", now.label);
    }
    ui.add(egui::Label::new(text).truncate());
}

/// A model of the hub on its way.
fn fetching(ui: &mut egui::Ui, hub: &HubRoom, commands: &mut Vec<Command>) {
    let (Some(job), Some(progress)) = (hub.job(), hub.progress()) else {
        return;
    };
    let now = progress.snapshot();
    let id = &job.id;
    let mut text = match job.work {
        Work::Ask => format!("Asking the hub for {id}"),
        Work::Remote => format!(
            "Reading the headers of {id}: {} / {} files",
            now.items_done, now.items_total
        ),
        Work::Download => {
            let bar = egui::ProgressBar::new(now.fraction)
                .desired_width(180.0)
                .desired_height(8.0);
            ui.add(bar);
            let done = (f64::from(now.fraction) * job.bytes as f64) as u64;
            let (done, all) = (bytes(done), bytes(job.bytes));
            format!("Downloading {id}: {done} of {all}")
        }
    };
    if job.work != Work::Download {
        ui.spinner();
    }
    if ui
        .button("Cancel")
        .on_hover_text("Stop; what has arrived is kept")
        .clicked()
    {
        commands.push(Command::Hub(hub::Command::Cancel));
    }
    if let Some(left) = now.time_left {
        text = format!("{text}, about {} left", number::duration(left));
    }
    if !now.label.is_empty() {
        text = format!("{text} — {}", now.label);
    }
    ui.add(egui::Label::new(text).truncate());
}

/// Results of an earlier scan of the open model.
fn offer(ui: &mut egui::Ui, earlier: &Earlier, commands: &mut Vec<Command>) {
    let text = format!("Results of {} of its modules are here.", earlier.modules);
    let path = earlier.path.display().to_string();
    ui.label(text).on_hover_text(&path);
    let hint = format!("Take the ratios of {path} instead of scanning");
    if ui.button("Use them").on_hover_text(hint).clicked() {
        commands.push(Command::Scan(scan::Command::UseEarlier));
    }
}

/// Where one stands when nothing is being done.
fn standing(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(document) = &state.document else {
        ui.weak("Nothing is open. Drop a model folder or a results file here.");
        return;
    };
    match &document.origin {
        Origin::Sample => {
            let open = Action::ShowOpen;
            if ui
                .button("Open your own…")
                .on_hover_text(open.tooltip())
                .clicked()
            {
                commands.push(open.into());
            }
            let about = egui::RichText::new(crate::sample::ABOUT).weak();
            ui.add(egui::Label::new(about).truncate())
                .on_hover_text(crate::sample::ABOUT);
        }
        Origin::Results if document.report.total_parameters.is_some() => {
            ui.weak("Results with their singular values. Open the model's folder to scan it.");
        }
        Origin::Results => {
            ui.weak("Results only. Open the model's folder for shapes, costs and a scan.");
        }
        Origin::Model(_) => {
            let (done, all) = (document.report.scanned(), document.report.modules.len());
            if document.report.waiting() > 0 {
                if let Some(earlier) = state.scan.earlier(Some(document.id())) {
                    offer(ui, earlier, commands);
                }
                ui.label(format!("{done} of {all} modules scanned."));
                if ui
                    .button("Scan now")
                    .on_hover_text(Action::Scan.tooltip())
                    .clicked()
                {
                    commands.push(Action::Scan.into());
                }
                let mut asked = Vec::new();
                devices(ui, &state.scan, &mut asked);
                commands.extend(asked.into_iter().map(Command::Scan));
            } else if done < all {
                let unread = all - done;
                ui.label(format!(
                    "{done} of {all} modules scanned; {unread} cannot be read."
                ));
            } else {
                ui.weak(format!("All {all} modules scanned."));
            }
        }
    }
}

fn warnings_button(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let count = state
        .document
        .as_ref()
        .map_or(0, |document| document.report.warnings.len());
    if count == 0 {
        return;
    }
    let color = theme::palette(ui).warning;
    let text = format!("Warnings ({count})");
    let content = (
        icon::glyph(Icon::TriangleAlert).color(color),
        egui::RichText::new(&text).color(color),
    );
    let response = ui.add(egui::Button::new(content).selected(state.warnings_open));
    if icon::named(response, &text)
        .on_hover_text(Action::ToggleWarnings.tooltip())
        .clicked()
    {
        commands.push(Action::ToggleWarnings.into());
    }
}

fn warnings_list(ui: &mut egui::Ui, state: &State) {
    let Some(document) = state.document.as_ref().filter(|_| state.warnings_open) else {
        return;
    };
    let warnings = &document.report.warnings;
    let height = ui.text_style_height(&egui::TextStyle::Body);
    egui::ScrollArea::vertical()
        .max_height(160.0)
        .auto_shrink([false, true])
        .show_rows(ui, height, warnings.len(), |ui, rows| {
            focus::scrolls(ui, "List of warnings");
            for warning in &warnings[rows] {
                ui.add(egui::Label::new(warning).selectable(true).truncate())
                    .on_hover_text(warning);
            }
        });
    ui.separator();
}
