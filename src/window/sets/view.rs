//! The sets tab: freeze sets side by side, and what tells two of them apart.
//!
//! Above, the list of sets with their costs, where A and B are picked; below, A and B compared:
//! as a heatmap, by type, by block; all sets by type; and what of them matches nothing.

use eframe::egui;

use crate::selection::SetDifference;
use crate::window::document::sets::SetsView;
use crate::window::scene::Scene;
use crate::window::sets::drawn::Snapshots;
use crate::window::sets::findings::Findings;
use crate::window::sets::members::Members;
use crate::window::sets::pair::Pair;
use crate::window::sets::state::{Command, Sets};
use crate::window::sets::{bar, picture, tables, unmatched};

impl Sets {
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
        bar::adding(ui, scene, document, commands);
        self.list(ui, document, commands);
        ui.add_space(4.0);
        ui.separator();
        let (a, b) = (document.side(self.a), document.side(self.b));
        let pair = Pair { a, b };
        let snapshots = Snapshots::of(document);
        let key = (snapshots.clone(), a.of, b.of);
        let difference = self.drawn.difference.get(key.clone(), || {
            SetDifference::new(&document.report, a.chosen, b.chosen)
        });
        let findings = (self.drawn.findings).get(key, || Findings::of(document, [a.of, b.of]));
        bar::comparing(ui, &pair, commands);
        bar::parts(ui, &pair, difference);
        let lines = findings.unmatched.len();
        bar::views(ui, self.view, (difference, lines), commands);
        ui.add_space(4.0);
        match self.view {
            SetsView::Heatmap => {
                let heatmap = &mut self.drawn.heatmap;
                picture::show(ui, (scene, document), heatmap, &pair, commands);
            }
            SetsView::Types => tables::by_type(ui, &pair, difference),
            SetsView::Blocks => tables::by_block(ui, &pair, difference),
            SetsView::Members => {
                let members = self.drawn.members.get(snapshots, || Members::of(document));
                tables::of_all(ui, members, commands);
            }
            SetsView::Unmatched => unmatched::show(ui, findings, commands),
        }
    }
}
