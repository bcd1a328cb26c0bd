//! The tour on screen: an outline round what a step is about, and a card beside it.
//!
//! The card is no dialog: everything below it can be clicked, and Escape ends the tour.

use eframe::egui::{self, Align2, Id, Key, Modifiers, Rect, Stroke, StrokeKind, Vec2};

use crate::window::action::Action;
use crate::window::theme;
use crate::window::tour::state::{Command, Tour, TourStep};

/// Width of the card's text, in points.
const WIDTH: f32 = 260.0;
/// Room between what a step is about and the card.
const GAP: f32 = 12.0;

/// The layer of the card.
pub(crate) fn layer() -> egui::LayerId {
    egui::LayerId::new(egui::Order::Foreground, Id::unique("tour card"))
}

impl Tour {
    /// The step on screen.
    pub(crate) fn view(&self, ui: &egui::Ui, commands: &mut Vec<Command>) {
        if let Some(step) = self.step {
            show(ui, step, commands);
        }
    }
}

fn show(ui: &egui::Ui, step: TourStep, commands: &mut Vec<Command>) {
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        commands.push(Command::End);
    }
    let screen = ui.ctx().content_rect();
    let about = step.landmark().rect(ui).unwrap_or(screen);
    outline(ui, about);
    let (pivot, position) = card_place(step, about, screen);
    let card = egui::Area::new(layer().id)
        .order(layer().order)
        .pivot(pivot)
        .fixed_pos(position)
        .constrain_to(screen.shrink(GAP));
    card.show(ui.ctx(), |ui| {
        let accent = theme::palette(ui).accent;
        let frame = egui::Frame::popup(ui.style())
            .stroke(Stroke::new(1.0, accent))
            .inner_margin(12.0);
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            content(ui, step, commands);
        });
    });
}

fn outline(ui: &egui::Ui, about: Rect) {
    let layer = egui::LayerId::new(egui::Order::Foreground, Id::unique("tour outline"));
    let stroke = Stroke::new(2.0, theme::palette(ui).accent);
    let painter = ui.ctx().layer_painter(layer);
    painter.rect_stroke(about.shrink(2.0), 6.0, stroke, StrokeKind::Inside);
}

/// Beside what the step is about; where that takes most of the window, over its emptiest corner.
fn card_place(step: TourStep, about: Rect, screen: Rect) -> (Align2, egui::Pos2) {
    match step {
        // The inspector's lower end is at the right, and the legend ends above it.
        TourStep::Picture | TourStep::Distrust => {
            let corner = egui::pos2(screen.right(), about.bottom()) - Vec2::splat(GAP);
            (Align2::RIGHT_BOTTOM, corner)
        }
        TourStep::Choose => {
            let corner = about.right_bottom() + Vec2::new(GAP, -GAP);
            (Align2::LEFT_BOTTOM, corner)
        }
        TourStep::Use => {
            let corner = about.left_bottom() + Vec2::new(0.0, GAP);
            (Align2::LEFT_TOP, corner)
        }
    }
}

fn content(ui: &mut egui::Ui, step: TourStep, commands: &mut Vec<Command>) {
    let (place, all) = (step.place() + 1, TourStep::ALL.len());
    ui.weak(format!("Step {place} of {all}"));
    ui.heading(step.title());
    ui.add_space(theme::GRID);
    ui.add(egui::Label::new(step.text()).wrap());
    ui.add_space(2.0 * theme::GRID);
    ui.horizontal(|ui| {
        if let Some(next) = step.next() {
            let button = ui.button("Next");
            // Enter goes on, also where the tour began by itself.
            focus_once(ui, step, &button);
            if button.clicked() {
                commands.push(Command::Show(next));
            }
        } else {
            let button = ui.button("Done");
            focus_once(ui, step, &button);
            if button.clicked() {
                commands.push(Command::End);
            }
            let open = Action::ShowOpen;
            let button = ui.button("Open a model…");
            if button.on_hover_text(open.tooltip()).clicked() {
                commands.push(Command::End);
                commands.push(Command::Ask(open.into()));
            }
        }
        if let Some(previous) = step.previous()
            && ui.button("Back").clicked()
        {
            commands.push(Command::Show(previous));
        }
        if step.next().is_some() {
            let skip = ui.button("Skip the tour");
            if skip.on_hover_text("It is in the help (Esc)").clicked() {
                commands.push(Command::End);
            }
        }
    });
}

/// Gives the button the keyboard when its step comes up, and leaves it alone after that.
fn focus_once(ui: &egui::Ui, step: TourStep, button: &egui::Response) {
    let id = Id::unique("tour focus");
    let before: Option<TourStep> = ui.data(|data| data.get_temp(id));
    if before != Some(step) {
        button.request_focus();
        ui.data_mut(|data| data.insert_temp(id, step));
    }
}
