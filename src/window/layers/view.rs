//! The layers tab: the heatmap, and what is done with a part of it.

use eframe::egui;

use crate::figure::{HeatmapSettings, Mode};
use crate::report::Other;
use crate::selection::Bulk;
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::document::Region;
use crate::window::document::edit::Edit;
use crate::window::effect::Effect;
use crate::window::heatmap::Heatmap;
use crate::window::heatmap::document as heatmap;
use crate::window::heatmap::event::{Input, Output, Target};
use crate::window::layers::state::{Command, Layers};
use crate::window::scene::Scene;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;
use crate::window::{focus, number, theme};

/// What can be done with modules taken together: in a menu, on a small button, how, and why.
const BULKS: [(&str, &str, Bulk, &str); 4] = [
    (
        "Pin all",
        "Pin",
        Bulk::All,
        "Train all of them, whatever the percentage",
    ),
    (
        "Drop all",
        "Drop",
        Bulk::None,
        "Freeze all of them, whatever the percentage",
    ),
    (
        "Invert",
        "Invert",
        Bulk::Invert,
        "Freeze those that train and train the others",
    ),
    (
        "By percentage",
        "Reset",
        Bulk::Clear,
        "Remove their pins and drops: they train by percentage again",
    ),
];

/// Width of the buttons beside a region's name, px.
const REGION_BUTTONS: f32 = 248.0;

/// With less room than that the region is told by its size alone, px.
const SHORT_NAME: f32 = 140.0;

/// How a heatmap is drawn: with what changes it above it, or alone.
type Draw = fn(&mut Heatmap, &mut egui::Ui, &Input<'_>) -> Output;

impl Layers {
    /// The modules taken together, beside the tabs.
    pub(crate) fn region_view(ui: &mut egui::Ui, scene: &Scene<'_>, commands: &mut Vec<Command>) {
        let region = scene.document.and_then(|document| document.region.as_ref());
        region_bar(ui, region, commands);
    }

    /// The tab's content.
    pub(crate) fn view(
        &mut self,
        ui: &mut egui::Ui,
        scene: &Scene<'_>,
        commands: &mut Vec<Command>,
    ) {
        let Some(document) = scene.document else {
            return;
        };
        if let Some(other) = &document.report.other {
            comparison_bar(ui, self.both, other, commands);
        }
        self.pictures(ui, (scene, document), Heatmap::show, commands);
    }

    /// The same without what changes how it is drawn.
    pub(crate) fn picture_view(
        &mut self,
        ui: &mut egui::Ui,
        scene: &Scene<'_>,
        commands: &mut Vec<Command>,
    ) {
        if let Some(document) = scene.document {
            self.pictures(ui, (scene, document), Heatmap::show_alone, commands);
        }
    }

    /// The heatmap, and the other report's below it where both are wanted.
    fn pictures(
        &mut self,
        ui: &mut egui::Ui,
        shown: (&Scene<'_>, &Document),
        draw: Draw,
        commands: &mut Vec<Command>,
    ) {
        if shown.1.report.other.is_none() || !self.both {
            self.heatmap(ui, shown, draw, commands);
            return;
        }
        let [width, height] = ui.available_size().into();
        let half = egui::vec2(width, (height - theme::GRID) / 2.0);
        ui.allocate_ui(half, |ui| self.heatmap(ui, shown, draw, commands));
        ui.add_space(theme::GRID);
        ui.push_id("other", |ui| self.second(ui, shown, commands));
    }

    /// The other report's ratios, in the colors of this one's.
    fn second(
        &mut self,
        ui: &mut egui::Ui,
        (scene, document): (&Scene<'_>, &Document),
        commands: &mut Vec<Command>,
    ) {
        let look = theme::heatmap(ui);
        let settings = HeatmapSettings {
            mode: Mode::Other,
            ..scene.preferences.heatmap.clone()
        };
        let input = heatmap::input(scene, document, &settings, &look);
        let output = self.drawn.other.show_alone(ui, &input);
        for event in output.events {
            // How it is drawn goes by the first picture.
            if event.settings(&settings).is_none() {
                let effect = heatmap::effect(document, &settings, event);
                commands.extend(effect.map(Command::Ask));
            }
        }
    }

    fn heatmap(
        &mut self,
        ui: &mut egui::Ui,
        (scene, document): (&Scene<'_>, &Document),
        draw: Draw,
        commands: &mut Vec<Command>,
    ) {
        let look = theme::heatmap(ui);
        let settings = &scene.preferences.heatmap;
        let input = heatmap::input(scene, document, settings, &look);
        let output = draw(&mut self.drawn.heatmap, ui, &input);
        for event in output.events {
            let effect = heatmap::effect(document, settings, event);
            commands.extend(effect.map(Command::Ask));
        }
        let menu = output.menu;
        let (asked, at) = (output.menu_at.is_some(), output.menu_at.unwrap_or_default());
        focus::context_menu(&output.response, asked, at, |ui| {
            let region = menu
                .as_ref()
                .map(|target| heatmap::region(document, target));
            if let Some(region) = region {
                context_menu(ui, &region, menu.as_ref(), commands);
            }
        });
    }
}

/// What the report is held against, and how much of it the two have in common.
fn comparison_bar(ui: &mut egui::Ui, both: bool, other: &Other, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let text = format!("Compared with {}", other.slug);
        ui.add(egui::Label::new(theme::strong(&text)).truncate());
        let missing: Vec<String> = [(other.only_here, "here"), (other.only_there, "there")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, side)| format!("{} only {side}", number::grouped(count as u64)))
            .collect();
        if !missing.is_empty() {
            ui.weak(format!("modules: {}", missing.join(", ")));
        }
        let mut both = both;
        let hover = "Show the other results' heatmap below, in the same colors";
        if (ui.checkbox(&mut both, "Both pictures").on_hover_text(hover)).changed() {
            commands.push(Command::ShowBoth(both));
        }
        let end = ui.button("Stop comparing");
        if end.on_hover_text(Action::EndComparison.tooltip()).clicked() {
            commands.push(Action::EndComparison.into());
        }
    });
}

/// The modules taken together, and what can be done with them.
///
/// Without any the bar says how to take some: the picture below does not jump when they come.
fn region_bar(ui: &mut egui::Ui, region: Option<&Region>, commands: &mut Vec<Command>) {
    let mut hands = focus::Detour::new(ui, "region", region.is_some());
    let Some(region) = region else {
        let hint =
            "Drag over cells, or click a row's or block's label, to pin or drop many at once.";
        ui.add(egui::Label::new(egui::RichText::new(hint).weak()).truncate());
        return;
    };
    let count = number::grouped(region.modules.len() as u64);
    let name = format!("{}, {count} modules", region.what);
    ui.scope(|ui| {
        // The buttons come first where there is little room: the name is cut short.
        let room = (ui.available_width() - REGION_BUTTONS).max(40.0);
        ui.set_max_width(room);
        let short = format!("{count} modules");
        let shown = if room < SHORT_NAME { &short } else { &name };
        let label = egui::Label::new(theme::strong(shown)).truncate();
        ui.add(label).on_hover_text(&name);
    });
    for (text, short, edit, hover) in BULKS {
        let button = icon::named(ui.button(short), text).on_hover_text(hover);
        hands.to(&button);
        if button.clicked() {
            let modules = region.modules.clone();
            commands.push(Edit::Mark { modules, edit }.into());
        }
    }
    let done = icon::only(ui, Icon::X, "Done").on_hover_text("Let the region go (Esc)");
    let escape = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
    if done.clicked() || escape {
        commands.push(Edit::PickRegion(None).into());
    }
}

fn context_menu(
    ui: &mut egui::Ui,
    region: &Region,
    target: Option<&Target>,
    commands: &mut Vec<Command>,
) {
    ui.label(theme::strong(&region.what));
    if region.modules.len() > 1 {
        ui.weak(format!(
            "{} modules",
            number::grouped(region.modules.len() as u64)
        ));
    }
    ui.separator();
    if let (Some(Target::Cell(_)), [module]) = (target, &region.modules[..]) {
        if ui.button("Inspect").clicked() {
            commands.push(Effect::Inspect(Some(*module)).into());
            ui.close();
        }
        if ui.button("Copy name").clicked() {
            commands.push(
                Effect::Copy {
                    text: region.what.clone(),
                    what: "the name".to_owned(),
                }
                .into(),
            );
            ui.close();
        }
        ui.separator();
    }
    for (text, _, edit, hover) in BULKS {
        if ui.button(text).on_hover_text(hover).clicked() {
            let modules = region.modules.clone();
            commands.push(Edit::Mark { modules, edit }.into());
            ui.close();
        }
    }
}
