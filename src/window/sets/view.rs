//! The sets tab: freeze sets side by side, and what tells two of them apart.
//!
//! Above, the list of sets with their costs, where A and B are picked; below, A and B compared:
//! as a heatmap, by type, by block; all sets by type; and what of them matches nothing.

use crate::window::sets::{bar, list, picture, tables, unmatched};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use eframe::egui::{self, Color32};

use crate::figure::OKABE_ITO;
use crate::selection::SetDifference;
use crate::window::document::Document;
use crate::window::heatmap::Heatmap;
use crate::window::heatmap::compare::Inks;
use crate::window::sets::update::{SetRef, SetsView, Side};
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::theme;

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(crate) struct SetsTab {
    list: list::SetList,
    heatmap: Heatmap,
    difference: Cached<SetDifference>,
    members: Cached<tables::Members>,
    findings: Cached<unmatched::Findings>,
}

/// A value with what it was made from.
#[derive(Default)]
struct Cached<T> {
    key: Option<u64>,
    value: T,
}

impl<T> Cached<T> {
    /// The value, made anew where `key` is another one.
    fn get(&mut self, key: u64, make: impl FnOnce() -> T) -> &T {
        if self.key != Some(key) {
            self.value = make();
            self.key = Some(key);
        }
        &self.value
    }
}

/// The two sets that are compared.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) a: Side<'a>,
    pub(crate) b: Side<'a>,
    /// Changes whenever one of them does.
    pub(crate) revision: u64,
}

impl<'a> Pair<'a> {
    fn of(state: &State, document: &'a Document) -> Self {
        let (a, b) = (document.side(state.sets.a), document.side(state.sets.b));
        Self {
            a,
            b,
            revision: key((revision(state, document), a.of, b.of)),
        }
    }

    /// The colours of A and B; B's own is not to be A's.
    pub(crate) fn colours(&self, ui: &egui::Ui) -> [Color32; 2] {
        [colour(ui, self.a.colour), colour(ui, self.b.colour)]
    }

    pub(crate) fn inks(&self, ui: &egui::Ui) -> Inks {
        Inks::new(self.colours(ui), &theme::heatmap(ui))
    }
}

/// Changes whenever any of the sets does, or the report.
fn revision(state: &State, document: &Document) -> u64 {
    key((
        state.generation,
        document.data_revision,
        document.set_revision,
        document.sets_revision,
    ))
}

fn key(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A set's colour.
pub(crate) fn colour(ui: &egui::Ui, index: usize) -> Color32 {
    theme::seen(ui, OKABE_ITO[index % OKABE_ITO.len()])
}

/// What the current selection and the kept sets are, in the order they are listed in.
pub(crate) fn all(document: &Document) -> impl Iterator<Item = Side<'_>> {
    let kept = document.sets().iter().map(|kept| SetRef::Kept(kept.id));
    std::iter::once(SetRef::Current)
        .chain(kept)
        .map(|of| document.side(of))
}

impl SetsTab {
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        document: &Document,
        commands: &mut Vec<Command>,
    ) {
        bar::adding(ui, state, document, commands);
        self.list.show(ui, state, document, commands);
        ui.add_space(4.0);
        ui.separator();
        let pair = Pair::of(state, document);
        let difference = self.difference.get(pair.revision, || {
            SetDifference::new(&document.report, pair.a.chosen, pair.b.chosen)
        });
        let findings = self.findings.get(pair.revision, || {
            unmatched::findings(document, [pair.a.of, pair.b.of])
        });
        let lines = findings.unmatched.len();
        bar::comparing(ui, &pair, commands);
        bar::parts(ui, &pair, difference);
        bar::views(ui, state, (difference, lines), commands);
        ui.add_space(4.0);
        match state.sets.view {
            SetsView::Heatmap => {
                picture::show(ui, state, document, (&mut self.heatmap, &pair), commands);
            }
            SetsView::Types => tables::by_type(ui, &pair, difference),
            SetsView::Blocks => tables::by_block(ui, &pair, difference),
            SetsView::Members => {
                let key = revision(state, document);
                let members = self.members.get(key, || tables::Members::of(document));
                members.show(ui, commands);
            }
            SetsView::Unmatched => unmatched::show(ui, findings, commands),
        }
    }
}
