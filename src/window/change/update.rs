//! What the change room does: reads the other report and matches it with the open one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Problem, Result};
use crate::figure::Mode;
use crate::open::{self, Opened};
use crate::report::SnrReport;
use crate::window::action::Action;
use crate::window::change::state::{Change, Command};
use crate::window::effect::{Effect, Effects};
use crate::window::scene::{Dialog, Scene, Tab};
use crate::window::task::Task;

impl Change {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Show => {
                if scene.document.is_some() {
                    self.field.clear();
                    effects.push(Effect::ShowDialog(Dialog::Compare));
                }
            }
            Command::EditPath(path) => self.field.edit(path),
            Command::Pick => self.pick(scene),
            Command::With(path) => self.read(path, scene),
            Command::End => {
                effects.push(Effect::HoldAgainst(None));
                if scene.preferences.heatmap.mode.needs_other() {
                    color_by(Mode::Snr, scene, effects);
                }
            }
            Command::Ask(effect) => effects.push(effect),
        }
    }

    fn pick(&mut self, scene: &Scene<'_>) {
        if self.pick.is_busy() {
            return;
        }
        let dialogs = *scene.dialogs;
        let work = move |_: &_| dialogs.open(rfd::FileDialog::pick_file);
        self.pick.put(Task::about("file dialog", scene, work));
    }

    fn read(&mut self, path: PathBuf, scene: &Scene<'_>) {
        let Some(document) = scene.document else {
            return;
        };
        let report = Arc::clone(&document.report);
        let work = move |_: &_| report.compared_with(&results(&path)?);
        self.other
            .put(Task::about("opening the other results", scene, work));
    }

    /// Takes in what is done.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        match self.pick.take(open) {
            Some(Ok(Some(path))) => self.read(path, scene),
            Some(Err(error)) => self.fail(error.to_string(), scene, effects),
            Some(Ok(None)) | None => {}
        }
        match self.other.take(open) {
            Some(Ok(other)) => {
                effects.push(Effect::HoldAgainst(Some(Box::new(other))));
                color_by(Mode::Change, scene, effects);
                effects.push(Effect::Show(Tab::Layers));
                effects.push(Action::CloseDialog);
            }
            Some(Err(error)) => self.fail(error.to_string(), scene, effects),
            None => {}
        }
    }

    fn fail(&mut self, problem: String, scene: &Scene<'_>, effects: &mut Effects) {
        self.field.fail(problem, Dialog::Compare, scene, effects);
    }
}

fn color_by(mode: Mode, scene: &Scene<'_>, effects: &mut Effects) {
    let mut settings = scene.preferences.heatmap.clone();
    settings.mode = mode;
    effects.push(Effect::SetHeatmap(settings));
}

/// The results at `path`.
fn results(path: &Path) -> Result<SnrReport> {
    match open::open(path)? {
        Opened::Report(report, _) => Ok(*report),
        Opened::Log(_) => Err(
            Problem::input(path, "is the log of a training run, not results")
                .advice("import it in the runs tab")
                .into(),
        ),
        Opened::Model(_) => Err(Problem::input(path, "is a model, not results")
            .advice("scan it, save its results, and compare with those")
            .into()),
        neither => Err(neither.refused()),
    }
}
