//! The freeze set that a run was trained with.
//!
//! Enters: a freeze set's file, the sample's sets, or the selection. Leaves: the modules that
//! train, by name, as the set's own consumer would match them in the open document.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::export::{follow_file, read_freeze_file, read_freeze_text};
use crate::report::SnrReport;
use crate::run::Method;
use crate::sample;
use crate::window::document::Document;
use crate::window::runs::command::RunsCommand;
use crate::window::runs::state::RunId;
use crate::window::runs::update::apply;
use crate::window::shell::state::State;
use crate::window::task::{self, Job};

/// The freeze set that a run was trained with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreezeLink {
    /// What the set is called: its file, or how it was chosen.
    pub name: String,
    /// The modules that train, by name.
    pub modules: HashSet<String>,
}

impl FreezeLink {
    /// The selection as it is.
    #[must_use]
    pub fn of_selection(document: &Document) -> Self {
        let modules = document.report.modules.iter().zip(&document.set.chosen);
        let names = modules.filter(|(_, chosen)| **chosen);
        Self {
            name: format!("the selection on {}", document.report.slug),
            modules: names.map(|(module, _)| module.name.clone()).collect(),
        }
    }

    /// Everything trains.
    fn whole(report: &SnrReport) -> Self {
        let modules = report.modules.iter();
        Self {
            name: "all of the model".to_owned(),
            modules: modules.map(|module| module.name.clone()).collect(),
        }
    }

    /// Its modules in `report`, ascending.
    #[must_use]
    pub fn modules_in(&self, report: &SnrReport) -> Vec<usize> {
        let modules = report.modules.iter().enumerate();
        let trained = modules.filter(|(_, module)| self.modules.contains(&module.name));
        trained.map(|(index, _)| index).collect()
    }
}

/// Ties the sample's runs to the freeze sets they were trained with.
pub(crate) fn tie_samples(state: &mut State) {
    let Some(document) = &state.document else {
        return;
    };
    let report = &document.report;
    for entry in &mut state.runs.list {
        let mut sets = sample::RUN_SETS.iter();
        let set = sets.find(|(name, _)| *name == entry.run.name);
        entry.link = match set {
            Some((name, text)) => {
                let file = read_freeze_text(Path::new(name), text);
                file.ok().map(|file| FreezeLink {
                    name: "the freeze set in the sample".to_owned(),
                    modules: follow_file(&file, report, None)
                        .0
                        .modules
                        .into_iter()
                        .collect(),
                })
            }
            None if Method::guess(&entry.run.name) == Method::Full => {
                Some(FreezeLink::whole(&document.report))
            }
            None => None,
        };
    }
    state.runs.links += 1;
}

/// Ties a run to the freeze set in the file at `path`.
pub(crate) fn tie(state: &mut State, run: RunId, path: PathBuf) {
    let Some(document) = &state.document else {
        state.error("Open the model or its results first: a freeze set names its modules");
        return;
    };
    let report = document.report.clone();
    let job = Job::spawn(
        "reading a freeze set",
        &state.ctx,
        state.generation,
        move |_| {
            let file = read_freeze_file(&path)?;
            let (dry, _) = follow_file(&file, &report, None);
            let name = path.file_name().unwrap_or(path.as_os_str());
            let link = FreezeLink {
                name: name.to_string_lossy().into_owned(),
                modules: dry.modules.into_iter().collect(),
            };
            Ok((run, link))
        },
    );
    state.jobs.tie = Some(job);
}

/// Takes in a freeze set that was read.
pub(crate) fn poll(state: &mut State) {
    let Some((_, result)) = task::take(&mut state.jobs.tie) else {
        return;
    };
    match result {
        Ok((_, link)) if link.modules.is_empty() => state.error(format!(
            "{}: nothing in it matches a module of the open document",
            link.name
        )),
        Ok((run, link)) => {
            state.news(format!(
                "{}: {} modules train",
                link.name,
                link.modules.len()
            ));
            apply(state, RunsCommand::Tie(run, Some(link)));
        }
        Err(error) => state.error(error),
    }
}
