//! What the plots show: axis, smoothing, lines, panels.

use eframe::egui;

use crate::figure::Form;
use crate::run::XAxis;
use crate::window::runs::command::Command;
use crate::window::runs::shown::RunsView;
use crate::window::runs::state::Runs;

/// How a run's values are joined.
const FORMS: [(Form, &str, &str); 3] = [
    (Form::Line, "Line", "Straight from value to value"),
    (Form::Step, "Steps", "Each value holds until the next one"),
    (Form::Area, "Area", "The area under the line is filled"),
];

/// The row of controls above the plots.
pub(crate) fn show(ui: &mut egui::Ui, runs: &Runs, commands: &mut Vec<Command>) {
    let before = &runs.view;
    let mut view = before.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for axis in XAxis::ALL {
            let response = ui.selectable_value(&mut view.axis, axis, short(axis));
            response.on_hover_text(format!("Horizontal axis: {}", axis.label()));
        }
        ui.separator();
        smoothing(ui, &mut view);
        ui.separator();
        for (form, text, hover) in FORMS {
            let response = ui.selectable_value(&mut view.form, form, text);
            response.on_hover_text(hover);
        }
        ui.separator();
        ui.checkbox(&mut view.log_y, "log y")
            .on_hover_text("Logarithmic vertical axes");
        ui.checkbox(&mut view.log_x, "log x").on_hover_text(
            "Logarithmic horizontal axis: of steps, epochs and times since the start",
        );
        ui.checkbox(&mut view.ignore_outliers, "ignore outliers").on_hover_text(
            "The vertical range holds the middle 90 % of the values; the others may lie outside",
        );
        ui.separator();
        panels(ui, runs, &mut view);
        if runs.zoom.is_some() || !runs.zoom_y.is_empty() {
            let response = ui.button("Show the whole axis");
            if response
                .on_hover_text("Double click a plot does the same for it")
                .clicked()
            {
                commands.push(Command::Zoom(None));
                let plots = runs.zoom_y.keys().cloned();
                let whole = plots.map(|plot| Command::ZoomValues(plot, None));
                commands.extend(whole);
            }
        }
    });
    if view.axis != before.axis {
        commands.push(Command::Zoom(None));
    }
    if view != *before {
        commands.push(Command::View(Box::new(view)));
    }
}

fn short(axis: XAxis) -> &'static str {
    match axis {
        XAxis::Step => "Step",
        XAxis::Epoch => "Epoch",
        XAxis::Relative => "Time",
        XAxis::Wall => "Date",
        XAxis::Completion => "% done",
    }
}

fn smoothing(ui: &mut egui::Ui, view: &mut RunsView) {
    let label = ui.weak("Smoothing");
    ui.spacing_mut().slider_width = 96.0;
    let slider = egui::Slider::new(&mut view.smoothing, 0.0..=0.99)
        .fixed_decimals(2)
        .step_by(0.01);
    let response = ui.add(slider).labelled_by(label.id);
    response.on_hover_text(
        "TensorBoard's debiased exponential average; the values as logged stay behind it, faint",
    );
}

/// Which panels there are.
fn panels(ui: &mut egui::Ui, runs: &Runs, view: &mut RunsView) {
    ui.menu_button("Plots", |ui| {
        let shown = runs.panels();
        egui::ScrollArea::vertical()
            .max_height(360.0)
            .show(ui, |ui| {
                for measure in runs.measures() {
                    let mut on = shown.contains(&measure);
                    if ui.checkbox(&mut on, measure.label()).clicked() {
                        let mut panels = shown.clone();
                        if on {
                            panels.push(measure.clone());
                        } else {
                            panels.retain(|other| *other != measure);
                        }
                        view.panels = Some(panels);
                    }
                }
            });
        ui.separator();
        let suited = ui.add_enabled(view.panels.is_some(), egui::Button::new("Those that suit"));
        if suited
            .on_hover_text("Loss, and memory where it was logged")
            .clicked()
        {
            view.panels = None;
        }
    })
    .response
    .on_hover_text("Which metrics are plotted");
}
