//! The layers tab: the heatmap, and what is done with a part of it.

use eframe::egui;

use crate::figure::{HeatmapSettings, Mode};
use crate::report::Other;
use crate::selection::Bulk;
use crate::window::action::Action;
use crate::window::change::update::ComparingCommand;
use crate::window::document::Document;
use crate::window::document::Region;
use crate::window::heatmap::Heatmap;
use crate::window::heatmap::event::{HeatmapEvent, Input, Output, Target};
use crate::window::heatmap::look::Look;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
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

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(crate) struct Layers {
    heatmap: Heatmap,
    /// The picture of the report that this one is held against.
    other: Heatmap,
}

impl Layers {
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        document: &Document,
        commands: &mut Vec<Command>,
    ) {
        if let Some(other) = &document.report.other {
            comparison_bar(ui, (state, other), commands);
        }
        self.pictures(ui, (state, document), Heatmap::show, commands);
    }

    /// The same without what changes how it is drawn.
    pub(crate) fn picture(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        document: &Document,
        commands: &mut Vec<Command>,
    ) {
        self.pictures(ui, (state, document), Heatmap::show_alone, commands);
    }

    /// The heatmap, and the other report's below it where both are wanted.
    fn pictures(
        &mut self,
        ui: &mut egui::Ui,
        (state, document): (&State, &Document),
        draw: Draw,
        commands: &mut Vec<Command>,
    ) {
        if document.report.other.is_none() || !state.both {
            self.heatmap(ui, (state, document), draw, commands);
            return;
        }
        let [width, height] = ui.available_size().into();
        let half = egui::vec2(width, (height - theme::GRID) / 2.0);
        ui.allocate_ui(half, |ui| {
            self.heatmap(ui, (state, document), draw, commands);
        });
        ui.add_space(theme::GRID);
        ui.push_id("other", |ui| self.second(ui, state, document, commands));
    }

    /// The other report's ratios, in the colours of this one's.
    fn second(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        document: &Document,
        commands: &mut Vec<Command>,
    ) {
        let look = theme::heatmap(ui);
        let settings = HeatmapSettings {
            mode: Mode::Other,
            ..state.preferences.heatmap.clone()
        };
        let input = input(state, document, (&settings, &look));
        let output = self.other.show_alone(ui, &input);
        let events = output.events.into_iter();
        commands.extend(events.filter_map(|event| command(document, event)));
    }

    fn heatmap(
        &mut self,
        ui: &mut egui::Ui,
        (state, document): (&State, &Document),
        draw: Draw,
        commands: &mut Vec<Command>,
    ) {
        let look = theme::heatmap(ui);
        let settings = &state.preferences.heatmap;
        let input = input(state, document, (settings, &look));
        let output = draw(&mut self.heatmap, ui, &input);
        for event in output.events {
            if let Some(settings) = event.settings(settings) {
                commands.push(Command::SetHeatmap(settings));
            } else {
                commands.extend(command(document, event));
            }
        }
        let menu = output.menu;
        let (asked, at) = (output.menu_at.is_some(), output.menu_at.unwrap_or_default());
        focus::context_menu(&output.response, asked, at, |ui| {
            if let Some(region) = menu.as_ref().map(|target| region(document, target)) {
                context_menu(ui, &region, menu.as_ref(), commands);
            }
        });
    }
}

/// What a heatmap of the document is drawn from.
pub(crate) fn input<'a>(
    state: &'a State,
    document: &'a Document,
    (settings, look): (&'a HeatmapSettings, &'a Look),
) -> Input<'a> {
    // Revisions count from one in every document: the generation keeps them apart.
    let of = |revision: u64| (state.generation << 40) + revision;
    Input {
        report: &document.report,
        ranking: &document.ranking,
        pools: document.pools(),
        near: document.near_ties(),
        set: &document.set,
        choice: document.choice(),
        settings,
        revision: of(document.data_revision),
        selection_revision: of(document.set_revision),
        inspected: state.inspected,
        region: document
            .region
            .as_ref()
            .map_or(&[], |region| &region.modules),
        look,
    }
}

/// What the report is held against, and how much of it the two have in common.
fn comparison_bar(
    ui: &mut egui::Ui,
    (state, other): (&State, &Other),
    commands: &mut Vec<Command>,
) {
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
        let mut both = state.both;
        let hover = "Show the other results' heatmap below, in the same colours";
        if (ui.checkbox(&mut both, "Both pictures").on_hover_text(hover)).changed() {
            commands.push(Command::Comparing(ComparingCommand::Both(both)));
        }
        let end = ui.button("Stop comparing");
        if end.on_hover_text(Action::EndComparison.tooltip()).clicked() {
            commands.push(Action::EndComparison.into());
        }
    });
}

/// What an event of the heatmap asks for.
pub(crate) fn command(document: &Document, event: HeatmapEvent) -> Option<Command> {
    Some(match event {
        HeatmapEvent::OpenSpectrum(module) => Command::OpenSpectrum(module),
        HeatmapEvent::Inspect(module) => Command::Inspect(Some(module)),
        HeatmapEvent::Toggle(modules) => Command::Toggle(modules),
        HeatmapEvent::Rectangle(modules, _) => Command::PickRegion(Some(Region {
            what: "Rectangle".to_owned(),
            modules,
        })),
        HeatmapEvent::SelectType(types, _) => {
            Command::PickRegion(Some(region(document, &Target::Row(types))))
        }
        HeatmapEvent::SelectBlock(block, _) => {
            Command::PickRegion(Some(region(document, &Target::Block(block))))
        }
        _ => return None,
    })
}

fn region(document: &Document, target: &Target) -> Region {
    let report = &document.report;
    match target {
        Target::Cell(modules) => {
            let what = match modules[..] {
                [only] => report.modules[only].name.clone(),
                _ => "Folded cell".to_owned(),
            };
            Region {
                what,
                modules: modules.clone(),
            }
        }
        Target::Row(types) => {
            let what = types
                .first()
                .map_or_else(String::new, |&index| match types.len() {
                    1 => report.types[index].name.clone(),
                    _ => report.types[index].folded.clone(),
                });
            let modules = types
                .iter()
                .flat_map(|&index| report.types[index].modules.clone());
            Region {
                what,
                modules: modules.collect(),
            }
        }
        Target::Block(block) => {
            let inside = |&index: &usize| report.modules[index].block == Some(*block);
            let modules = (0..report.modules.len()).filter(inside).collect();
            Region {
                what: format!("Block {block}"),
                modules,
            }
        }
    }
}

/// The modules taken together, and what can be done with them.
///
/// Without any the bar says how to take some: the picture below does not jump when they come.
pub(crate) fn region_bar(ui: &mut egui::Ui, region: Option<&Region>, commands: &mut Vec<Command>) {
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
            commands.push(Command::Mark {
                modules: region.modules.clone(),
                edit,
            });
        }
    }
    let done = icon::only(ui, Icon::X, "Done").on_hover_text("Let the region go (Esc)");
    let escape = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
    if done.clicked() || escape {
        commands.push(Command::PickRegion(None));
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
            commands.push(Command::Inspect(Some(*module)));
            ui.close();
        }
        if ui.button("Copy name").clicked() {
            commands.push(Command::Copy {
                text: region.what.clone(),
                what: "the name".to_owned(),
            });
            ui.close();
        }
        ui.separator();
    }
    for (text, _, edit, hover) in BULKS {
        if ui.button(text).on_hover_text(hover).clicked() {
            commands.push(Command::Mark {
                modules: region.modules.clone(),
                edit,
            });
            ui.close();
        }
    }
}
