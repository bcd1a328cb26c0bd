//! Figures and tables of runs as files: the published ones in one go, or the plots as shown.
//!
//! Enters: the runs that are shown, with their looks. Leaves: a new folder with pictures and the
//! table beside them. Nothing that is there already is written over.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::export::{self, Replace};
use crate::figure::table::{self, Column};
use crate::figure::{COLUMN, Chart, RunFigure, RunLine, Style, published, svg};
use crate::progress::Progress;
use crate::run::{CompareOptions, Comparison, Run};
use crate::window::files::Written;
use crate::window::runs::derive::PanelData;
use crate::window::shell::saving;
use crate::window::shell::state::{Picked, State};
use crate::window::task::Job;

/// Width of a figure for a talk, px at 96 an inch.
const TALK: f64 = 960.0;
/// Size of its text, px.
const TALK_TEXT: f64 = 20.0;
/// Pixels of a PNG for each px of a figure: 288 dots an inch.
const PNG_SCALE: f64 = 3.0;
/// The folder that figures are put in.
const FOLDER: &str = "runs-figures";

/// Which figures are to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiguresWanted {
    /// GPU memory, CPU memory and loss against job completion, loss against memory and against
    /// minutes: those the logs have numbers for.
    Published,
    /// The plots as they are on screen.
    Shown,
}

/// What saved figures look like: kept between runs of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FigureLook {
    /// PNG rather than SVG.
    pub png: bool,
    /// Light on dark.
    pub dark: bool,
    /// For a talk rather than a column of a page.
    pub talk: bool,
}

impl FigureLook {
    fn style(self) -> Style {
        Style {
            width: if self.talk { TALK } else { COLUMN },
            dark: self.dark,
            text: self.talk.then_some(TALK_TEXT),
            ..Style::default()
        }
    }
}

/// The runs in figures: shared with the list, so that a job can have them.
struct Kept {
    run: Arc<Run>,
    color: usize,
}

/// Asks the system for the folder to put them in.
pub(crate) fn ask(state: &mut State, wanted: FiguresWanted) {
    saving::pick_folder(state, move |folder| Picked::RunFigures(folder, wanted));
}

/// Saves figures and table into a new folder in `folder`.
pub(crate) fn save(state: &mut State, folder: &Path, wanted: FiguresWanted) {
    let kept: Vec<Kept> = state
        .runs
        .shown()
        .map(|entry| Kept {
            run: Arc::clone(&entry.run),
            color: entry.color,
        })
        .collect();
    let view = state.settings.runs.clone();
    let shown = shown(state);
    let baseline = state.runs.baseline().and_then(|id| state.runs.entry(id));
    let baseline = baseline.map(|entry| entry.run.name.clone());
    let target = free_folder(folder);
    let job = Job::spawn(
        "saving figures",
        &state.ctx,
        state.generation,
        move |progress| {
            let lines: Vec<RunLine<'_>> = kept
                .iter()
                .map(|kept| RunLine::new(&kept.run, kept.color, None))
                .collect();
            let runs: Vec<&Run> = kept.iter().map(|kept| &*kept.run).collect();
            let options = CompareOptions {
                baseline,
                smoothing: view.smoothing,
                metrics: view.extra.clone(),
                ..CompareOptions::default()
            };
            let comparison = Comparison::new(&runs, &options);
            let figures = match wanted {
                FiguresWanted::Published => published(&lines, &comparison)
                    .into_iter()
                    .map(|RunFigure { stem, chart, .. }| (stem.to_owned(), chart))
                    .collect(),
                FiguresWanted::Shown => shown,
            };
            let mut files = tables(&target, &comparison);
            files.extend(pictures(&target, &figures, view.figures, progress)?);
            let files: Vec<(&Path, &[u8])> = files
                .iter()
                .map(|(path, bytes)| (path.as_path(), bytes.as_slice()))
                .collect();
            export::write_all(&files, Replace::No)?;
            Ok(Written {
                path: target,
                unchanged: false,
            })
        },
    );
    state.jobs.write = Some(job);
}

/// The plots as they are on screen, with names for files.
fn shown(state: &State) -> Vec<(String, Chart)> {
    let Some(derived) = &state.runs.derived else {
        return Vec::new();
    };
    let chart = |data: &Arc<PanelData>| {
        let chart = state.runs.chart(data, &state.settings.runs);
        (file_stem(data.measure.label()), chart)
    };
    derived.panels.iter().map(chart).collect()
}

/// A metric's name as that of a file.
fn file_stem(label: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    label.chars().map(plain).collect()
}

fn pictures(
    folder: &Path,
    figures: &[(String, Chart)],
    look: FigureLook,
    progress: &Progress,
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let style = look.style();
    let mut files = Vec::new();
    for (stem, chart) in figures {
        progress.check()?;
        let text = svg(chart, &style);
        let (ending, bytes) = if look.png {
            ("png", crate::figure::png(&text, PNG_SCALE)?)
        } else {
            ("svg", text.into_bytes())
        };
        files.push((folder.join(format!("{stem}.{ending}")), bytes));
    }
    Ok(files)
}

fn tables(folder: &Path, comparison: &Comparison) -> Vec<(PathBuf, Vec<u8>)> {
    let columns = Column::usual(comparison);
    let texts = [
        ("runs.csv", table::csv(comparison, &columns)),
        ("runs.md", table::markdown(comparison, &columns)),
        ("runs.tex", table::latex(comparison, &columns)),
    ];
    let files = texts.map(|(name, text)| (folder.join(name), text.into_bytes()));
    files.into()
}

/// A folder in `folder` that is not there yet.
fn free_folder(folder: &Path) -> PathBuf {
    let numbered = (2..).map(|number| folder.join(format!("{FOLDER}-{number}")));
    let mut names = std::iter::once(folder.join(FOLDER)).chain(numbered);
    names.find(|path| !path.exists()).unwrap_or_default()
}
