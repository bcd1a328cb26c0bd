//! The heatmap of A and B.

use eframe::egui;

use crate::window::document::Document;
use crate::window::heatmap::Heatmap;
use crate::window::heatmap::compare::Compare;
use crate::window::heatmap::event::{HeatmapEvent, Input};
use crate::window::layers::view as layers;
use crate::window::sets::view::Pair;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::theme;

pub(crate) fn show(
    ui: &mut egui::Ui,
    state: &State,
    document: &Document,
    (heatmap, pair): (&mut Heatmap, &Pair<'_>),
    commands: &mut Vec<Command>,
) {
    let look = theme::heatmap(ui);
    let settings = &state.preferences.heatmap;
    let input = Input {
        region: &[],
        ..layers::input(state, document, (settings, &look))
    };
    let compare = Compare {
        a: pair.a.chosen,
        b: pair.b.chosen,
        names: [pair.a.name, pair.b.name],
        colours: pair.colours(ui),
        revision: pair.revision,
    };
    let output = heatmap.show_compared(ui, &input, &compare);
    for event in output.events {
        if let Some(settings) = event.settings(settings) {
            commands.push(Command::SetHeatmap(settings));
        } else if !matches!(
            event,
            // Regions are for the layers tab, where their bar says what can be done with them.
            HeatmapEvent::Rectangle(..)
                | HeatmapEvent::SelectType(..)
                | HeatmapEvent::SelectBlock(..)
        ) {
            commands.extend(layers::command(document, event));
        }
    }
}
