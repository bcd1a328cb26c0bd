//! How the spectrum is drawn: picture, axes, scale of the noise, layers laid over it.

use eframe::egui;

use crate::spectral::law::ScaleMethod;
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::number;
use crate::window::spectrum::state::{Command, SpectrumRoom};
use crate::window::spectrum_view::{Picture, SpectrumView};

/// Which picture, on which axes.
pub(crate) fn controls(ui: &mut egui::Ui, room: &SpectrumRoom, commands: &mut Vec<Command>) {
    let before = room.view;
    let mut view = before;
    ui.horizontal_wrapped(|ui| {
        for picture in Picture::ALL {
            ui.selectable_value(&mut view.picture, picture, picture.label())
                .on_hover_text(picture.tooltip());
        }
        ui.separator();
        if axes(ui, &mut view) {
            ui.separator();
        }
        let figure = egui::Button::new("Save figure…");
        if ui
            .add(figure)
            .on_hover_text("Write this picture as SVG or PNG")
            .clicked()
        {
            commands.push(Action::SaveFigure.into());
        }
    });
    if view != before {
        commands.push(Command::View(view));
    }
}

/// The choice of axes, where the picture leaves one; whether it does.
fn axes(ui: &mut egui::Ui, view: &mut SpectrumView) -> bool {
    let histogram = view.picture == Picture::Histogram;
    if !histogram && view.picture != Picture::Waterfall {
        return false;
    }
    ui.selectable_value(&mut view.lambda, false, "S")
        .on_hover_text("Singular values");
    ui.selectable_value(&mut view.lambda, true, "λ")
        .on_hover_text("Eigenvalues λ = S²/M of W·Wᵀ/M");
    ui.checkbox(&mut view.log_x, "log x");
    if histogram {
        ui.checkbox(&mut view.log_y, "log y");
    }
    let bins = egui::DragValue::new(&mut view.bins)
        .range(0..=400)
        .speed(0.5)
        .custom_formatter(|value, _| match value as usize {
            0 => "bins: auto".to_owned(),
            bins => format!("{bins} bins"),
        });
    let response = ui
        .add(bins)
        .on_hover_text("Number of bins: drag or type; 0 takes as many as suit");
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Number of bins"));
    true
}

/// How the scale of the noise is chosen: from a list, by number, or by dragging the edge.
pub(crate) fn method(ui: &mut egui::Ui, room: &SpectrumRoom, commands: &mut Vec<Command>) {
    let method = room.method;
    let fit = room.loaded.as_ref().and_then(|loaded| loaded.profile.fit);
    // From the right: the number, the list, the label.
    if let Some(fit) = fit {
        let mut scale = fit.law.scale();
        let speed = (scale * 0.002).max(f64::MIN_POSITIVE);
        let field = egui::DragValue::new(&mut scale)
            .range(0.0..=f64::INFINITY)
            .speed(speed)
            .custom_formatter(|value, _| number::ratio(value))
            .update_while_editing(false);
        let response = ui.add(field).on_hover_text(
            "s, the standard deviation of the noise's entries: drag, type, or drag the edge in \
             the picture",
        );
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Noise scale s")
        });
        if response.changed() && scale > 0.0 {
            commands.push(Command::Method(ScaleMethod::ByHand(scale)));
        }
    }
    let list = egui::ComboBox::from_id_salt("method")
        .selected_text(method.name())
        .width(84.0)
        .show_ui(ui, |ui| {
            for other in ScaleMethod::ALL {
                let response = ui.selectable_label(other == method, other.name());
                if response.on_hover_text(other.explanation()).clicked() {
                    commands.push(Command::Method(other));
                    ui.close();
                }
            }
        })
        .response
        .on_hover_text(method.explanation());
    let label = ui.weak("Noise scale");
    list.labelled_by(label.id);
}

/// The layers laid over this one.
pub(crate) fn overlay(
    ui: &mut egui::Ui,
    room: &SpectrumRoom,
    document: &Document,
    module: usize,
    commands: &mut Vec<Command>,
) {
    let laid = &room.overlay;
    let text = if laid.is_empty() {
        "Compare".to_owned()
    } else {
        format!("Compare ({})", laid.len())
    };
    ui.menu_button(text, |ui| {
        let action = Action::Shuffle;
        let mut on = laid.iter().any(|loaded| loaded.shuffled);
        let weights = document.model().is_some();
        let response = ui.add_enabled(weights, egui::Checkbox::new(&mut on, action.text()));
        let response = response.on_hover_text(action.tooltip());
        if response.on_disabled_hover_text(action.tooltip()).clicked() {
            commands.push(action.into());
        }
        ui.separator();
        ui.weak("Other layers of this type");
        egui::ScrollArea::vertical()
            .max_height(320.0)
            .show(ui, |ui| {
                for &other in &document.report.type_of(module).modules {
                    if other == module {
                        continue;
                    }
                    let mut on = laid
                        .iter()
                        .any(|loaded| loaded.module == other && !loaded.shuffled);
                    if ui
                        .checkbox(&mut on, &document.report.modules[other].name)
                        .clicked()
                    {
                        commands.push(Command::Overlay(other));
                    }
                }
            });
        if !laid.is_empty() && ui.button("None").clicked() {
            commands.push(Command::ClearOverlay);
        }
    })
    .response
    .on_hover_text("Lay the spectra of other layers of this type over this one");
}
