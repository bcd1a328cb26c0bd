//! What the sets room does with its commands: the document's named sets change by edits, one step
//! of undo each.

use crate::selection::{Choice, Combine, FreezeSet, NamedSet, Percent};
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::document::sets::SetRef;
use crate::window::document::work::SetId;
use crate::window::effect::{Effect, Effects};
use crate::window::scene::{Scene, Tab};
use crate::window::sets::import;
use crate::window::sets::state::{Command, Sets};

impl Sets {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        let Some(document) = scene.document else {
            if matches!(command, Command::Read(_)) {
                effects.problem(import::NOTHING_OPEN);
            }
            return;
        };
        match command {
            Command::PickA(set) => self.a = set,
            Command::PickB(set) => self.b = set,
            Command::Swap => std::mem::swap(&mut self.a, &mut self.b),
            Command::Show(view) => self.view = view,
            Command::Keep => {
                let mut set = document.named(SetRef::Current);
                set.name.clone_from(&set.made);
                self.add(document, set, effects);
            }
            Command::Add(percent) => self.add(document, of_percent(document, percent), effects),
            Command::Read(path) => self.import.put(import::task(path, document, scene)),
            Command::Import(set) => {
                self.add(document, *set, effects);
                self.a = SetRef::Current;
                effects.push(Effect::Show(Tab::Sets));
            }
            Command::Duplicate(id) => {
                if let Some(kept) = document.kept_set(id) {
                    self.add(document, kept.set.clone(), effects);
                }
            }
            Command::Combine(how) => {
                let (a, b) = (document.named(self.a), document.named(self.b));
                self.add(document, a.combine(how, &b), effects);
            }
            Command::Subtract => {
                let (a, b) = (document.named(self.a), document.named(self.b));
                self.add(document, b.combine(Combine::Difference, &a), effects);
            }
            Command::Rename(id, name) => effects.push(Edit::RenameSet(id, name)),
            Command::Recolor(id, color) => effects.push(Edit::RecolorSet(id, color)),
            Command::Delete(id) => effects.push(Edit::DeleteSet(id)),
            Command::MakeCurrent(id) => make_current(document, id, effects),
            Command::Export(id) => {
                make_current(document, id, effects);
                effects.push(Action::ShowExport);
            }
            Command::Ask(effect) => effects.push(effect),
        }
    }

    /// Adds `set`, and compares with it.
    fn add(&mut self, document: &Document, set: NamedSet, effects: &mut Effects) {
        let id = document.next_set_id();
        effects.push(Edit::AddSet(Box::new(set)));
        self.b = SetRef::Kept(id);
    }

    /// Takes in a set that was read.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let (Some(read), Some(document)) = (self.import.take(scene.document_id()), scene.document)
        else {
            return;
        };
        match read {
            Ok(followed) => {
                let (set, news) = followed.on(&document.report);
                self.update(Command::Import(Box::new(set)), scene, effects);
                effects.news(news);
            }
            Err(error) => effects.problem(error),
        }
    }
}

/// The set that `percent` alone makes, by Spectrum's rules.
fn of_percent(document: &Document, percent: Percent) -> NamedSet {
    let choice = Choice {
        percent,
        ..Choice::default()
    };
    let set = FreezeSet::new(&document.report, document.ranking(), &choice);
    let name = format!("Top {percent} %");
    NamedSet::of_selection(name, &document.report, &set, &choice)
}

fn make_current(document: &Document, id: SetId, effects: &mut Effects) {
    if let Some(kept) = document.kept_set(id) {
        effects.push(Edit::SelectSet(id));
        let name = &kept.set.name;
        effects.news(format!("The selection is now “{name}”; Undo takes it back"));
    }
}
