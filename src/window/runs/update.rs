//! What the commands of the runs room do.

use std::path::PathBuf;
use std::sync::Arc;

use crate::export::Parameters;
use crate::sample;
use crate::window::document::Region;
use crate::window::document::edit::Edit;
use crate::window::effect::{Effect, Effects};
use crate::window::runs::command::{Command, Pick};
use crate::window::runs::derive::{self, DerivedKey};
use crate::window::runs::entry::{RunEntry, RunId};
use crate::window::runs::figures::{self, Figures, FiguresWanted};
use crate::window::runs::kept;
use crate::window::runs::link::FreezeLink;
use crate::window::runs::read::To;
use crate::window::runs::state::{Picked, Runs};
use crate::window::scene::{Scene, Tab};
use crate::window::task::Task;

impl Runs {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Import(paths) => self.import(paths, None, scene, effects),
            Command::ImportInto(run, paths) => self.import(paths, Some(run), scene, effects),
            Command::Pick(pick) => self.pick(pick, scene),
            Command::CancelImport => {
                if let Some(progress) = self.reading.progress() {
                    progress.cancel();
                }
            }
            Command::EditMapping(mapping) => self.edit_mapping(*mapping, scene),
            Command::AcceptMapping => self.accept_mapping(scene, effects),
            Command::SkipTable => {
                self.tables.pop_front();
                self.ask_about_tables(effects);
            }
            Command::Rename(run, name) => self.rename(run, name.trim()),
            Command::Hide(run, hidden) => self.on(run, |entry| entry.hidden = hidden),
            Command::HideOthers(run) => {
                for entry in &mut self.list {
                    entry.hidden = entry.id != run;
                }
            }
            Command::ShowAll => {
                for entry in &mut self.list {
                    entry.hidden = false;
                }
            }
            Command::Color(run, color) => self.on(run, |entry| entry.color = color),
            Command::Select(run) => self.selected = run,
            Command::Order(order) => {
                let place = |id: RunId| order.iter().position(|other| *other == id);
                self.list.sort_by_key(|entry| place(entry.id));
                // What was moved by hand stays there.
                self.view.sort = None;
            }
            Command::Baseline(run) => self.baseline = Some(run),
            Command::Remove(run) => {
                if let Some(place) = self.place(run) {
                    self.removed = Some((place, self.list.remove(place)));
                    self.selected = self.selected.filter(|selected| *selected != run);
                }
            }
            Command::RemoveAll => {
                self.list.clear();
                self.selected = None;
                self.sample = false;
                self.problems.clear();
            }
            Command::Restore => {
                if let Some((place, entry)) = self.removed.take() {
                    self.list.insert(place.min(self.list.len()), entry);
                }
            }
            Command::Merge { from, into } => self.merge(from, into),
            Command::Tie(run, link) => self.on(run, |entry| entry.link = link.map(Arc::new)),
            Command::TieSelection(run) => {
                if let Some(document) = scene.document {
                    let link = Arc::new(FreezeLink::of_selection(document));
                    self.on(run, |entry| entry.link = Some(link));
                }
            }
            Command::ShowLayers(run) => self.show_layers(run, scene, effects),
            Command::View(view) => self.view = *view,
            Command::Zoom(zoom) => self.zoom = zoom,
            Command::ZoomValues(measure, Some(part)) => {
                self.zoom_y.insert(measure, part);
            }
            Command::ZoomValues(measure, None) => {
                self.zoom_y.remove(&measure);
            }
            Command::Follow(on) => self.following.set(on),
            Command::ShowSamples => self.show_samples(scene, effects),
            Command::SaveFigures(wanted) => self.pick_folder(wanted, scene),
            Command::SaveFiguresTo(folder, wanted) => {
                let figures = self.figures(wanted);
                let work = move |progress: &_| figures.write(&folder, progress);
                (self.writing).put(Task::start("saving figures", scene.ctx, work));
            }
            Command::DismissProblems => self.problems.clear(),
            Command::ReadAgain => self.read_again(scene),
            Command::Replace(kept) => {
                self.list.clear();
                self.sample = false;
                self.selected = None;
                self.baseline = None;
                self.kept = kept;
                self.read_again(scene);
            }
            Command::Ask(effect) => effects.push(effect),
        }
    }

    fn on(&mut self, run: RunId, change: impl FnOnce(&mut RunEntry)) {
        if let Some(place) = self.place(run) {
            change(&mut self.list[place]);
        }
    }

    fn rename(&mut self, run: RunId, name: &str) {
        if !name.is_empty() {
            self.on(run, |entry| {
                name.clone_into(&mut Arc::make_mut(&mut entry.run).name);
            });
        }
    }

    fn merge(&mut self, from: RunId, into: RunId) {
        if from == into || self.place(into).is_none() {
            return;
        }
        if let Some(place) = self.place(from) {
            let part = Arc::unwrap_or_clone(self.list.remove(place).run);
            self.on(into, |entry| entry.join(vec![part]));
        }
    }

    /// Puts the runs compiled into the program in the list.
    fn show_samples(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let runs = match sample::runs() {
            Ok(runs) => runs,
            Err(error) => return effects.problem(error),
        };
        self.clear();
        self.add(runs);
        self.sample = true;
        if let Some(document) = scene.document {
            let parameters = Parameters::of_report(&document.report);
            for entry in &mut self.list {
                let link = FreezeLink::of_sample(&entry.run.name, &document.report, &parameters);
                entry.link = link.map(Arc::new);
            }
        }
    }

    /// Lights a run's layers in the heatmap, as modules taken together.
    fn show_layers(&mut self, run: RunId, scene: &Scene<'_>, effects: &mut Effects) {
        let Some(entry) = self.entry(run) else {
            return;
        };
        let (Some(link), Some(document)) = (&entry.link, scene.document) else {
            return;
        };
        let region = Region {
            what: entry.run.name.clone(),
            modules: link.modules_in(&document.report),
        };
        effects.push(Edit::PickRegion(Some(region)));
        effects.push(Effect::Show(Tab::Layers));
        self.selected = Some(run);
    }

    /// Asks the system for files.
    fn pick(&mut self, pick: Pick, scene: &Scene<'_>) {
        if self.picking.is_busy() {
            return;
        }
        let dialogs = *scene.dialogs;
        let work = move |_: &_| {
            let logs = |run| {
                let picked = dialogs.open(rfd::FileDialog::pick_files)?;
                Ok(picked.map(|paths| Picked::Logs(paths, run)))
            };
            match pick {
                Pick::Logs => logs(None),
                Pick::Into(run) => logs(Some(run)),
                Pick::FreezeSet(run) => {
                    let picked = dialogs.open(rfd::FileDialog::pick_file)?;
                    Ok(picked.map(|path| Picked::FreezeSet(run, path)))
                }
            }
        };
        (self.picking).put(Task::start("file dialog", scene.ctx, work));
    }

    /// Asks the system for the folder to put figures in.
    fn pick_folder(&mut self, wanted: FiguresWanted, scene: &Scene<'_>) {
        if self.picking.is_busy() {
            return;
        }
        let (dialogs, folder) = (*scene.dialogs, scene.preferences.folder());
        let work = move |_: &_| {
            let picked = dialogs.folder(folder);
            Ok(picked.map(|folder| Picked::Folder(folder, wanted)))
        };
        (self.picking).put(Task::start("file dialog", scene.ctx, work));
    }

    fn figures(&self, wanted: FiguresWanted) -> Figures {
        let runs = self
            .shown()
            .map(|entry| (Arc::clone(&entry.run), entry.color));
        let baseline = self.baseline().and_then(|id| self.entry(id));
        let panels = self.derived.iter().flat_map(|derived| &derived.panels);
        Figures {
            wanted,
            runs: runs.collect(),
            baseline: baseline.map(|entry| entry.run.name.clone()),
            smoothing: self.view.smoothing,
            metrics: self.view.extra.clone(),
            look: self.view.figures,
            shown: panels
                .map(|data| (figures::file_stem(data.measure.label()), self.chart(data)))
                .collect(),
        }
    }

    /// Reads the freeze set that a run was trained with.
    fn tie(&mut self, run: RunId, path: PathBuf, scene: &Scene<'_>, effects: &mut Effects) {
        let Some(document) = scene.document else {
            return effects
                .problem("Open the model or its results first: a freeze set names its modules");
        };
        let report = Arc::clone(&document.report);
        let work = move |_: &_| Ok((run, FreezeLink::read(&path, &report)?));
        (self.tying).put(Task::about("reading a freeze set", scene, work));
    }

    /// Takes in what is done, and starts what is needed.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        self.poll_import(scene, effects);
        self.poll_follow(scene, effects);
        match self.tying.take(open) {
            Some(Ok((_, link))) if link.modules.is_empty() => effects.problem(format!(
                "{}: nothing in it matches a module of the open document",
                link.name
            )),
            Some(Ok((run, link))) => {
                effects.news(format!(
                    "{}: {} modules train",
                    link.name,
                    link.modules.len()
                ));
                self.on(run, |entry| entry.link = Some(Arc::new(link)));
            }
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
        match self.picking.take(open) {
            Some(Ok(Some(Picked::Logs(paths, into)))) => self.import(paths, into, scene, effects),
            Some(Ok(Some(Picked::FreezeSet(run, path)))) => self.tie(run, path, scene, effects),
            Some(Ok(Some(Picked::Folder(folder, wanted)))) => {
                self.update(Command::SaveFiguresTo(folder, wanted), scene, effects);
            }
            Some(Err(error)) => effects.problem(error),
            Some(Ok(None)) | None => {}
        }
        match self.writing.take(open) {
            Some(Ok(written)) => effects.push(Effect::Wrote(written)),
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
        match self.deriving.take(open) {
            Some(Ok(derived)) => self.derived = Some(Arc::new(derived)),
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
        self.derive(scene);
    }

    /// Makes table and plots anew where what is on screen is no longer what was asked for.
    fn derive(&mut self, scene: &Scene<'_>) {
        if scene.tab != Tab::Runs || self.deriving.is_busy() {
            return;
        }
        let baseline = self.baseline.filter(|id| self.entry(*id).is_some());
        let key = DerivedKey::new(&self.list, &self.view, self.panels(), baseline);
        let old = self.derived.clone();
        if old.as_ref().is_some_and(|old| old.key == key) {
            return;
        }
        let list = self.list.clone();
        let work = move |progress: &_| derive::derive(key, &list, old.as_deref(), progress);
        (self.deriving).put(Task::start("comparing runs", scene.ctx, work));
    }

    /// Reads the runs of the last time again, as far as their logs are still there.
    fn read_again(&mut self, scene: &Scene<'_>) {
        let paths = kept::logs(&self.kept);
        if !paths.is_empty() {
            self.read(paths, To::Again, scene);
        }
    }
}
