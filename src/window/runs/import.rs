//! Taking logs in: those that were asked for, tables whose columns are to be named, and logs still
//! being written. A file that is not a log is handed on to be opened as what it is.

use std::path::PathBuf;

use crate::run::{self, Mapping, Run};
use crate::window::action::Action;
use crate::window::effect::{Effect, Effects};
use crate::window::runs::entry::RunId;
use crate::window::runs::read::{self, Read, To};
use crate::window::runs::state::Runs;
use crate::window::runs::{follow, kept};
use crate::window::scene::{Dialog, Scene, Tab};
use crate::window::task::Task;

/// The most files that are read at once: a table of so many runs shows nothing any more.
const MOST_AT_ONCE: usize = 1000;

/// How many problems are listed: more say no more.
const PROBLEMS: usize = 50;

impl Runs {
    /// Reads `paths`; their runs are added to the list, or to the run `into`.
    pub(crate) fn import(
        &mut self,
        mut paths: Vec<PathBuf>,
        into: Option<RunId>,
        scene: &Scene<'_>,
        effects: &mut Effects,
    ) {
        if paths.len() > MOST_AT_ONCE {
            effects.problem(format!(
                "{} files at once: only the first {MOST_AT_ONCE} are read",
                paths.len()
            ));
            paths.truncate(MOST_AT_ONCE);
        }
        if self.reading.is_busy() {
            // Two drops in a row: the first is read to its end, the second after it.
            self.queue.push_back((paths, into));
        } else {
            self.read(paths, into.map_or(To::List, To::Run), scene);
        }
    }

    /// Reads `paths` at once.
    pub(crate) fn read(&mut self, paths: Vec<PathBuf>, to: To, scene: &Scene<'_>) {
        let mappings = self.mappings.clone();
        let work = move |progress: &_| read::read(&paths, &mappings, to, progress);
        (self.reading).put(Task::start("reading logs", scene.ctx, work));
    }

    /// Takes in what was read, and the first rows of a table.
    pub(crate) fn poll_import(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        if !self.reading.is_busy()
            && let Some((paths, into)) = self.queue.pop_front()
        {
            self.import(paths, into, scene, effects);
        }
        match self.reading.take(open) {
            Some(Ok(mut read)) => {
                self.mapped.extend(read.mapped.drain(..));
                if read.to == To::Again {
                    self.take_again(read.runs);
                } else {
                    self.take_in(read, effects);
                }
            }
            Some(Err(error)) if error.is_canceled() => effects.news("Reading stopped"),
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
        match (self.preview.take(open), self.tables.front_mut()) {
            (Some(Ok(preview)), Some(table)) if preview.path == table.path => *table = preview,
            (Some(Err(error)), _) => effects.problem(error),
            (Some(Ok(_)) | None, _) => {}
        }
    }

    /// The runs come back as they were, without a word about those that are gone or broken.
    fn take_again(&mut self, runs: Vec<Run>) {
        if runs.is_empty() {
            return;
        }
        self.add_read(runs);
        kept::dress(&mut self.list, &std::mem::take(&mut self.kept));
    }

    fn take_in(&mut self, read: Read, effects: &mut Effects) {
        for problem in read.problems {
            effects.problem(&problem);
            self.problems.push(problem);
        }
        self.problems.truncate(PROBLEMS);
        if !read.others.is_empty() {
            effects.push(Effect::OpenEach(read.others));
        }
        if !read.runs.is_empty() {
            effects.push(Effect::Show(Tab::Runs));
            let count = read.runs.len();
            let into = match read.to {
                To::Run(run) => self.list.iter_mut().find(|entry| entry.id == run),
                To::List | To::Again => None,
            };
            match into {
                Some(entry) => entry.join(read.runs),
                None => self.add_read(read.runs),
            }
            effects.news(match count {
                1 => "Read 1 run".to_owned(),
                _ => format!("Read {count} runs"),
            });
        }
        if !read.tables.is_empty() {
            effects.push(Effect::Show(Tab::Runs));
            self.tables.extend(read.tables);
            self.ask_about_tables(effects);
        }
    }

    /// Adds runs; a person's own take the place of the sample's.
    fn add_read(&mut self, runs: Vec<Run>) {
        if self.sample {
            self.clear();
        }
        self.zoom = None;
        self.zoom_y.clear();
        self.add(runs);
    }

    /// Takes all runs away, and what was asked about them.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.sample = false;
        self.selected = None;
        self.baseline = None;
        self.zoom = None;
        self.zoom_y.clear();
    }

    /// Shows the dialog for the next table whose columns are to be named.
    pub(crate) fn ask_about_tables(&self, effects: &mut Effects) {
        if self.tables.is_empty() {
            effects.push(Action::CloseDialog);
        } else {
            effects.push(Effect::ShowDialog(Dialog::Mapping));
        }
    }

    /// Reads the table in the dialog with its columns so named.
    pub(crate) fn accept_mapping(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        if self.reading.is_busy() {
            return;
        }
        if let Some(table) = self.tables.pop_front() {
            let (path, mapping) = (table.path.clone(), table.guess.clone());
            self.mappings.insert(table.header_key(), table.guess);
            let work = move |progress: &_| read::read_mapped(path, mapping, progress);
            (self.reading).put(Task::start("reading a table", scene.ctx, work));
        }
        self.ask_about_tables(effects);
    }

    /// Takes another mapping; where the cells are told apart otherwise, the table is read again.
    pub(crate) fn edit_mapping(&mut self, mapping: Mapping, scene: &Scene<'_>) {
        let Some(table) = self.tables.front_mut() else {
            return;
        };
        let split = |mapping: &Mapping| (mapping.delimiter, mapping.decimal_comma);
        let (delimiter, comma) = split(&mapping);
        let again = split(&mapping) != split(&table.guess);
        let path = table.path.clone();
        table.guess = mapping;
        if again {
            let work = move |_: &_| run::preview(&path, Some(delimiter), Some(comma));
            (self.preview).put(Task::start("reading a table", scene.ctx, work));
        }
    }

    /// Takes in what was added to logs, and looks at them again when it is time.
    pub(crate) fn poll_follow(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        match self.following.poll(scene) {
            Some(Ok(runs)) => follow::refresh(&mut self.list, &runs),
            Some(Err(error)) if !error.is_canceled() => {
                effects.problem(error);
                self.following.set(false);
            }
            Some(Err(_)) | None => {}
        }
        if !self.sample {
            self.following.look(&self.list, &self.mapped, scene);
        }
    }
}
