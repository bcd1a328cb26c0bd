//! The heatmap of A and B.

use eframe::egui;

use crate::window::document::Document;
use crate::window::heatmap::Heatmap;
use crate::window::heatmap::compare::Compare;
use crate::window::heatmap::document as heatmap;
use crate::window::heatmap::event::{HeatmapEvent, Input};
use crate::window::scene::Scene;
use crate::window::sets::pair::Pair;
use crate::window::sets::state::Command;
use crate::window::theme;

pub(crate) fn show(
    ui: &mut egui::Ui,
    (scene, document): (&Scene<'_>, &Document),
    picture: &mut Heatmap,
    pair: &Pair<'_>,
    commands: &mut Vec<Command>,
) {
    let look = theme::heatmap(ui);
    let settings = &scene.preferences.heatmap;
    let input = Input {
        region: &[],
        ..heatmap::input(scene, document, settings, &look)
    };
    let compare = Compare {
        a: pair.a.chosen,
        b: pair.b.chosen,
        names: [pair.a.name, pair.b.name],
        colors: pair.colors(ui),
    };
    let output = picture.show_compared(ui, &input, &compare);
    for event in output.events {
        // Regions are for the layers tab, where their bar says what can be done with them.
        let is_region = matches!(
            event,
            HeatmapEvent::Rectangle(..)
                | HeatmapEvent::SelectType(..)
                | HeatmapEvent::SelectBlock(..)
        );
        if !is_region {
            let effect = heatmap::effect(document, settings, event);
            commands.extend(effect.map(Command::Ask));
        }
    }
}
