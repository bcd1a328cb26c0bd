//! The heatmap of the open document, for every room that shows one: what it is drawn from, and
//! what its events ask for.

use crate::figure::HeatmapSettings;
use crate::window::document::edit::Edit;
use crate::window::document::{Document, Region};
use crate::window::effect::Effect;
use crate::window::heatmap::event::{HeatmapEvent, Input, Target};
use crate::window::heatmap::look::Look;
use crate::window::scene::Scene;

/// What a heatmap of the document is drawn from.
pub(crate) fn input<'a>(
    scene: &Scene<'a>,
    document: &'a Document,
    settings: &'a HeatmapSettings,
    look: &'a Look,
) -> Input<'a> {
    Input {
        report: &document.report,
        ranking: document.ranking(),
        pools: document.pools(),
        near: document.near_ties(),
        set: &document.set,
        choice: document.choice(),
        settings,
        inspected: scene.inspected,
        region: (document.region.as_ref()).map_or(&[], |region| &region.modules),
        look,
    }
}

/// What an event of the heatmap, which is drawn by `settings`, asks for.
pub(crate) fn effect(
    document: &Document,
    settings: &HeatmapSettings,
    event: HeatmapEvent,
) -> Option<Effect> {
    if let Some(settings) = event.settings(settings) {
        return Some(Effect::SetHeatmap(settings));
    }
    let pick = |region: Region| Effect::Edit(Edit::PickRegion(Some(region)));
    match event {
        HeatmapEvent::OpenSpectrum(module) => Some(Effect::OpenSpectrum(module)),
        HeatmapEvent::Inspect(module) => Some(Effect::Inspect(Some(module))),
        HeatmapEvent::Toggle(modules) => Some(Edit::Toggle(modules).into()),
        HeatmapEvent::Rectangle(modules, _) => {
            let what = "Rectangle".to_owned();
            Some(pick(Region { what, modules }))
        }
        HeatmapEvent::SelectType(types, _) => Some(pick(region(document, &Target::Row(types)))),
        HeatmapEvent::SelectBlock(block, _) => Some(pick(region(document, &Target::Block(block)))),
        HeatmapEvent::Hover(_)
        | HeatmapEvent::Focus(_)
        | HeatmapEvent::Fold(_)
        | HeatmapEvent::Unfold(_)
        | HeatmapEvent::Mode(_)
        | HeatmapEvent::ColorMap(_)
        | HeatmapEvent::Dim(_) => None,
    }
}

/// The modules of a cell, a row or a block, taken together.
pub(crate) fn region(document: &Document, target: &Target) -> Region {
    let report = &document.report;
    match target {
        Target::Cell(modules) => Region {
            what: match modules[..] {
                [only] => report.modules[only].name.clone(),
                _ => "Folded cell".to_owned(),
            },
            modules: modules.clone(),
        },
        Target::Row(types) => {
            let first = types.first().map(|&index| &report.types[index]);
            let what = first.map(|first| match types.len() {
                1 => first.name.clone(),
                _ => first.folded.clone(),
            });
            let modules = types.iter().map(|&index| &report.types[index].modules);
            Region {
                what: what.unwrap_or_default(),
                modules: modules.flatten().copied().collect(),
            }
        }
        Target::Block(block) => {
            let inside = |&index: &usize| report.modules[index].block == Some(*block);
            Region {
                what: format!("Block {block}"),
                modules: (0..report.modules.len()).filter(inside).collect(),
            }
        }
    }
}
