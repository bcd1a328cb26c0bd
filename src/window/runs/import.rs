//! Reading logs in the background: those that were asked for, and those still being written.
//!
//! Enters: paths. Leaves: runs in the list, tables whose columns are to be named, and what was
//! wrong. A file that is no log is handed on to be opened as what it is.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::open;
use crate::progress::Progress;
use crate::run::{self, Follow, GatherOptions, LogPath, Mapping, Run, TablePreview};
use crate::window::effect::Effect;
use crate::window::runs::command::RunsCommand;
use crate::window::runs::state::{RunEntry, RunId, RunsState};
use crate::window::runs::{derive, kept, link};
use crate::window::scene::Tab;
use crate::window::shell::state::{Dialog, State};
use crate::window::shell::update::apply;
use crate::window::shell::update::show_dialog;
use crate::window::task::{self, Job};

/// How often logs that are followed are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The most files that are read at once: a table of so many runs shows nothing any more.
const MOST_AT_ONCE: usize = 1000;

/// How many problems are listed: more say no more.
const PROBLEMS: usize = 50;

/// Logs being read.
pub struct ImportJob {
    /// The work itself.
    pub job: Job<Read>,
    to: To,
}

/// Where runs go that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// Into the list, and on screen.
    List,
    /// Into that run.
    Run(RunId),
    /// Into the list as they were the last time, behind whatever is on screen.
    Again,
}

/// What came of reading logs.
#[derive(Debug, Default)]
pub struct Read {
    runs: Vec<Run>,
    tables: Vec<TablePreview>,
    others: Vec<PathBuf>,
    problems: Vec<String>,
    /// How tables of no known layout were read.
    mapped: Vec<(PathBuf, Mapping)>,
}

/// A follower with the files it follows.
type Follower = (Vec<PathBuf>, Follow);

/// A follower that has looked, and the runs where anything was added.
type Looked = (Vec<PathBuf>, Follow, Option<Vec<Run>>);

/// Logs that are still being written, and when they are to be looked at next.
#[derive(Default)]
pub struct Following {
    /// The follower while it is not at work.
    idle: Option<Follower>,
    job: Option<Job<Looked>>,
    looked: Option<Instant>,
}

/// Reads `paths`; their runs are added to the list, or to the run `into`.
pub(crate) fn start(state: &mut State, mut paths: Vec<PathBuf>, into: Option<RunId>) {
    if paths.len() > MOST_AT_ONCE {
        state.error(format!(
            "{} files at once: only the first {MOST_AT_ONCE} are read",
            paths.len()
        ));
        paths.truncate(MOST_AT_ONCE);
    }
    if state.jobs.logs.is_some() {
        // Two drops in a row: the first is read to its end, the second after it.
        state.runs.queue.push_back((paths, into));
        return;
    }
    read_to(state, paths, into.map_or(To::List, To::Run));
}

/// Reads the logs of runs that were in the list the last time.
pub(crate) fn start_again(state: &mut State, paths: Vec<PathBuf>) {
    read_to(state, paths, To::Again);
}

fn read_to(state: &mut State, paths: Vec<PathBuf>, to: To) {
    let mappings = state.settings.mappings.clone();
    let job = Job::spawn(
        "reading logs",
        &state.ctx,
        state.generation,
        move |progress| read(&paths, &mappings, progress),
    );
    state.jobs.logs = Some(ImportJob { job, to });
}

/// Reads a table with its columns named.
pub(crate) fn start_mapped(state: &mut State, path: PathBuf, mapping: Mapping) {
    let job = Job::spawn(
        "reading a table",
        &state.ctx,
        state.generation,
        move |progress| {
            let runs = run::import_mapped(&path, &mapping, progress)?;
            Ok(Read {
                runs,
                mapped: vec![(path, mapping)],
                ..Read::default()
            })
        },
    );
    let to = To::List;
    state.jobs.logs = Some(ImportJob { job, to });
}

fn read(
    paths: &[PathBuf],
    mappings: &BTreeMap<String, Mapping>,
    progress: &Progress,
) -> Result<Read> {
    let mut read = Read::default();
    let mut logs: Vec<LogPath> = Vec::new();
    for path in paths {
        progress.check()?;
        // What cannot be looked at is reported by the importer.
        if paths.len() > 1 && !open::is_run_log(path).unwrap_or(true) {
            read.others.push(path.clone());
        } else {
            logs.push(path.clone().into());
        }
    }
    // A table whose header was met before is read as it was then.
    let options = GatherOptions {
        mappings: mappings.clone(),
        ..GatherOptions::default()
    };
    let gathered = run::gather(&logs, &options, progress)?;
    read.runs = gathered.runs;
    read.tables = gathered.tables;
    read.mapped = gathered.mapped;
    let problems = gathered.problems.iter();
    read.problems = problems.map(ToString::to_string).collect();
    Ok(read)
}

/// Takes in what was read.
pub(crate) fn poll(state: &mut State) {
    poll_import(state);
    poll_preview(state);
    poll_follow(state);
    link::poll(state);
    derive::poll(state);
}

fn poll_import(state: &mut State) {
    let Some(import) = state.jobs.logs.take() else {
        if let Some((paths, into)) = state.runs.queue.pop_front() {
            start(state, paths, into);
        }
        return;
    };
    let to = import.to;
    let mut slot = Some(import.job);
    let result = task::take(&mut slot);
    if let Some(job) = slot {
        state.jobs.logs = Some(ImportJob { job, to });
        return;
    }
    let Some((_, result)) = result else { return };
    match result {
        Ok(mut read) => {
            state.runs.mapped.extend(read.mapped.drain(..));
            if to == To::Again {
                take_again(state, read);
            } else {
                take_in(state, read, to);
            }
        }
        Err(error) if error.is_cancelled() => state.news("Reading stopped"),
        Err(error) => state.error(error),
    }
}

/// What is gone or broken since the last time is no news: the others come back as they were.
fn take_again(state: &mut State, read: Read) {
    if read.runs.is_empty() {
        return;
    }
    add(state, read.runs);
    let kept = std::mem::take(&mut state.settings.kept_runs);
    kept::dress(&mut state.runs, &kept);
}

fn take_in(state: &mut State, read: Read, to: To) {
    for problem in read.problems {
        state.error(&problem);
        state.runs.problems.push(problem);
    }
    state.runs.problems.truncate(PROBLEMS);
    if !read.others.is_empty() {
        apply(state, Effect::OpenEach(read.others).into());
    }
    if !read.runs.is_empty() {
        state.tab = Tab::Runs;
        let count = read.runs.len();
        let place = match to {
            To::Run(into) => state.runs.place(into),
            _ => None,
        };
        match place {
            Some(place) => merge(&mut state.runs, place, read.runs),
            None => add(state, read.runs),
        }
        state.news(match count {
            1 => "Read 1 run".to_owned(),
            _ => format!("Read {count} runs"),
        });
    }
    if !read.tables.is_empty() {
        state.tab = Tab::Runs;
        state.runs.tables.extend(read.tables);
        ask(state);
    }
}

/// Shows the dialog for the next table whose columns are to be named.
pub(crate) fn ask(state: &mut State) {
    if state.runs.tables.is_empty() {
        if matches!(state.dialog, Some(Dialog::Mapping)) {
            show_dialog(state, None);
        }
    } else {
        show_dialog(state, Some(Dialog::Mapping));
    }
}

/// Adds runs; a person's own take the place of the sample's.
pub(crate) fn add(state: &mut State, runs: Vec<Run>) {
    if state.runs.sample {
        state.runs.list.clear();
        state.runs.sample = false;
        state.runs.selected = None;
        state.runs.baseline = None;
    }
    state.runs.zoom = None;
    state.runs.add(runs);
}

/// Adds the series of `runs` to the run at `place`.
pub(crate) fn merge(runs: &mut RunsState, place: usize, parts: Vec<Run>) {
    let whole = &runs.list[place].run;
    let name = whole.name.clone();
    let parts = parts.into_iter().map(|mut part| {
        part.name.clone_from(&name);
        part
    });
    let all: Vec<Run> = std::iter::once((**whole).clone()).chain(parts).collect();
    if let Some(joined) = run::join(all).into_iter().next() {
        runs.list[place].run = joined.into();
        runs.revision += 1;
    }
}

/// Follows the logs of all runs, or stops.
pub(crate) fn follow(state: &mut State, on: bool) {
    state.runs.following = on;
    if !on {
        if let Some(job) = &state.jobs.following.job {
            job.progress.cancel();
        }
        state.jobs.following = Following::default();
    }
}

/// The files that the runs came from, each once.
fn paths(list: &[RunEntry]) -> Vec<PathBuf> {
    let sources = list.iter().flat_map(|entry| &entry.run.sources);
    let mut met: HashSet<&Path> = HashSet::new();
    let each = sources.filter(|source| met.insert(&source.path));
    let there = each.filter(|source| source.path.is_file());
    there.map(|source| source.path.clone()).collect()
}

fn poll_follow(state: &mut State) {
    let result = task::take(&mut state.jobs.following.job);
    match result {
        Some((_, Ok((paths, follow, runs)))) if state.runs.following => {
            state.jobs.following.idle = Some((paths, follow));
            if let Some(runs) = runs {
                refresh(&mut state.runs, &runs);
            }
        }
        Some((_, Err(error))) if !error.is_cancelled() => {
            state.error(error);
            follow(state, false);
        }
        _ => {}
    }
    let runs = &state.runs;
    if !runs.following || runs.sample || state.jobs.following.job.is_some() {
        return;
    }
    let since = state.jobs.following.looked.map(|looked| looked.elapsed());
    if let Some(left) = since.and_then(|since| LOOK_EVERY.checked_sub(since)) {
        state.ctx.request_repaint_after(left);
        return;
    }
    state.jobs.following.looked = Some(Instant::now());
    let wanted = paths(&runs.list);
    let idle = state.jobs.following.idle.take();
    let (paths, mut follow) = idle
        .filter(|(paths, _)| *paths == wanted)
        .unwrap_or_else(|| {
            let follow = Follow::new(wanted.clone());
            let mapped = state.runs.mapped.iter();
            let follow = mapped.fold(follow, |follow, (path, mapping)| {
                follow.with_mapping(path, mapping)
            });
            (wanted, follow)
        });
    let job = Job::spawn(
        "following logs",
        &state.ctx,
        state.generation,
        move |progress| {
            let runs = follow.poll(progress)?;
            Ok((paths, follow, runs))
        },
    );
    state.jobs.following.job = Some(job);
}

/// Puts what was read anew in the place of what was read before. A log may hold several runs, told
/// apart by the names in it; a run may come from several logs, which are put together again.
fn refresh(runs: &mut RunsState, read: &[Run]) {
    for place in 0..runs.list.len() {
        let entry = &runs.list[place];
        let from = |run: &Run, path: &Path| run.sources.iter().any(|source| source.path == path);
        let shared = |path: &Path| {
            let mut others = runs.list.iter().filter(|other| other.id != entry.id);
            others.any(|other| from(&other.run, path))
        };
        let belongs = |new: &&Run| {
            let mut sources = new.sources.iter();
            let named = new.name == entry.logged_name;
            sources.all(|source| from(&entry.run, &source.path) && (named || !shared(&source.path)))
        };
        let parts = read.iter().filter(belongs).map(|new| {
            let mut part = new.clone();
            part.name.clone_from(&entry.run.name);
            part
        });
        if let Some(joined) = run::join(parts.collect()).into_iter().next() {
            runs.list[place].run = joined.into();
            runs.revision += 1;
        }
    }
}

/// What is waiting to be read.
pub(crate) type Queue = VecDeque<(Vec<PathBuf>, Option<RunId>)>;

/// What is asked of the table in the dialog.
pub(crate) fn mapping(state: &mut State, command: RunsCommand) {
    match command {
        RunsCommand::EditMapping(mapping) => edit_mapping(state, *mapping),
        RunsCommand::AcceptMapping => {
            if state.jobs.logs.is_some() {
                return;
            }
            if let Some(table) = state.runs.tables.pop_front() {
                let key = table.header_key();
                state.settings.mappings.insert(key, table.guess.clone());
                start_mapped(state, table.path, table.guess);
            }
            ask(state);
        }
        RunsCommand::SkipTable => {
            state.runs.tables.pop_front();
            ask(state);
        }
        _ => {}
    }
}

/// Takes another mapping; where the cells are told apart otherwise, the table is read again.
fn edit_mapping(state: &mut State, mapping: Mapping) {
    let Some(table) = state.runs.tables.front_mut() else {
        return;
    };
    let split = |mapping: &Mapping| (mapping.delimiter, mapping.decimal_comma);
    let again = split(&mapping) != split(&table.guess);
    let path = table.path.clone();
    let (delimiter, comma) = split(&mapping);
    table.guess = mapping;
    if again {
        let job = Job::spawn("reading a table", &state.ctx, state.generation, move |_| {
            run::preview(&path, Some(delimiter), Some(comma))
        });
        state.jobs.preview = Some(job);
    }
}

fn poll_preview(state: &mut State) {
    let Some((_, result)) = task::take(&mut state.jobs.preview) else {
        return;
    };
    match (result, state.runs.tables.front_mut()) {
        (Ok(preview), Some(table)) if preview.path == table.path => *table = preview,
        (Ok(_), _) => {}
        (Err(error), _) => state.error(error),
    }
}
