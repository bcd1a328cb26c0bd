//! The help: topics at the left, their text, and a made-up layer to try them on.

use eframe::egui;

use crate::figure::{Axis, Lesson, SHORT};
use crate::window::action::Action;
use crate::window::help::state::{Command, Help, Topic};
use crate::window::plot::Plot;
use crate::window::{focus, number, theme};

/// The longer side of the made-up layer, at most: β = 1/16.
const LONGEST: usize = 16 * SHORT;
/// Width of the list of topics.
const TOPICS: f32 = 172.0;
/// Room that the sliders take beside each other.
const SLIDERS: f32 = 680.0;

impl Help {
    /// The dialog's content.
    pub(crate) fn view(&self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        show(ui, self, commands);
    }
}

fn show(ui: &mut egui::Ui, help: &Help, commands: &mut Vec<Command>) {
    let screen = ui.ctx().content_rect();
    ui.set_width(900.0_f32.min(screen.width() - 80.0));
    let height = 600.0_f32.min(screen.height() - 100.0);
    ui.set_height(height);
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(TOPICS);
            ui.heading("Help");
            ui.add_space(theme::GRID);
            for topic in Topic::ALL {
                let label = ui.selectable_label(topic == help.topic, topic.title());
                if label.clicked() {
                    commands.push(Command::Show(topic));
                }
            }
            ui.add_space(2.0 * theme::GRID);
            let shortcuts = Action::ShowShortcuts;
            let button = ui.button(shortcuts.text());
            if button.on_hover_text(shortcuts.tooltip()).clicked() {
                commands.push(shortcuts.into());
            }
            let tour = Action::ShowTour;
            let button = ui.button(tour.text());
            if button.on_hover_text(tour.tooltip()).clicked() {
                commands.push(tour.into());
            }
            if ui.button("Close").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
        ui.separator();
        let area = egui::ScrollArea::vertical().max_height(height);
        let text = |ui: &mut egui::Ui| {
            focus::scrolls(ui, "Text of the help");
            ui.heading(help.topic.title());
            for (heading, text) in help.topic.paragraphs() {
                ui.add_space(theme::GRID);
                if !heading.is_empty() {
                    ui.label(theme::strong(*heading));
                }
                ui.add(egui::Label::new(*text).wrap());
            }
            if help.topic.has_picture() {
                ui.add_space(2.0 * theme::GRID);
                picture(ui, help, commands);
            }
        };
        // A column of its own: what is inside a row is laid out in a row.
        ui.vertical(|ui| area.auto_shrink([false, false]).show(ui, text));
    });
}

/// The made-up layer, and what it is made of.
fn picture(ui: &mut egui::Ui, help: &Help, commands: &mut Vec<Command>) {
    let (mut steps, mut planted, mut strength) =
        ((help.long / SHORT) as u32, help.planted, help.strength);
    // One below the other where they do not fit beside each other.
    let direction = if ui.available_width() < SLIDERS {
        egui::Direction::TopDown
    } else {
        egui::Direction::LeftToRight
    };
    let layout = egui::Layout::from_main_dir_and_cross_align(direction, egui::Align::Min);
    let size = egui::vec2(ui.available_width(), 0.0);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.spacing_mut().slider_width = 84.0;
        let shape = egui::Slider::new(&mut steps, 1..=(LONGEST / SHORT) as u32)
            .logarithmic(true)
            .custom_formatter(|steps, _| format!("{SHORT} × {}", steps as usize * SHORT))
            .text("Shape");
        ui.add(shape)
            .on_hover_text("The aspect ratio β is the shorter side over the longer");
        let count = egui::Slider::new(&mut planted, 0..=32).text("Planted directions");
        ui.add(count)
            .on_hover_text("How many directions of signal are added to the noise");
        let size = egui::Slider::new(&mut strength, 0.1..=4.0)
            .fixed_decimals(2)
            .text("Strength θ");
        ui.add(size)
            .on_hover_text("How strong each is, beside noise of standard deviation 1");
    });
    let long = steps as usize * SHORT;
    if (long, planted) != (help.long, help.planted) || strength.to_bits() != help.strength.to_bits()
    {
        commands.push(Command::Make {
            long,
            planted,
            strength,
        });
    }
    let Some((lesson, figure)) = &help.lesson else {
        return;
    };
    ui.add(egui::Label::new(says(help.topic, lesson)).wrap());
    let size = egui::vec2(ui.available_width(), 240.0);
    let mut view = help.view;
    Plot::new(ui, "lesson", size)
        .main()
        .show(ui, figure, &mut view);
    if view != help.view {
        commands.push(Command::Zoom(view));
    }
}

/// What the picture shows, in words.
fn says(topic: Topic, lesson: &Lesson) -> String {
    let profile = &lesson.profile;
    let beta = Axis::read(SHORT as f64 / lesson.long as f64);
    let share = lesson.share_above_tau() * 100.0;
    let spikes = profile.fit.map_or(0, |fit| fit.spikes);
    match topic {
        Topic::Ratio => format!(
            "β = {beta}: {share:.0} % of the singular values lie above τ. SNR {}.",
            number::ratio(profile.snr.snr)
        ),
        Topic::Law => format!(
            "β = {beta}: planted directions show from θ = {} on. Spikes beyond the 95 % point: \
             {spikes}.",
            Axis::read(lesson.threshold)
        ),
        Topic::Control => match (profile.control_snr, profile.excess) {
            (Some(control), Some(excess)) => format!(
                "SNR {}, of noise {}: excess {excess:.2}. Spikes: {spikes}.",
                number::ratio(profile.snr.snr),
                number::ratio(control)
            ),
            _ => format!(
                "β = {beta}: τ lies below all of the noise and separates nothing. Spikes: {spikes}."
            ),
        },
        Topic::Stability => {
            let stability = profile.stability;
            format!(
                "SNR {}; while τ moves by ±0.5 %: {} to {}.",
                number::ratio(profile.snr.snr),
                number::ratio(stability.least),
                number::ratio(stability.greatest)
            )
        }
        Topic::FreezeSet | Topic::Questions => String::new(),
    }
}
