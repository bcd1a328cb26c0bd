//! Figures and tables of runs as files: the published ones in one go, or the plots as shown.
//!
//! They go into a new folder, the table beside them: nothing that is there is written over.

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

/// What is to be written.
pub(crate) struct Figures {
    pub(crate) wanted: FiguresWanted,
    /// The runs that are shown, with their places among the series colors.
    pub(crate) runs: Vec<(Arc<Run>, usize)>,
    /// The name of the run that others are compared with.
    pub(crate) baseline: Option<String>,
    pub(crate) smoothing: f64,
    /// Further metrics that the table has columns for.
    pub(crate) metrics: Vec<String>,
    pub(crate) look: FigureLook,
    /// The plots as they are on screen, with what they show.
    pub(crate) shown: Vec<(String, Chart)>,
}

impl Figures {
    /// Writes figures and table into a new folder in `folder`.
    pub(crate) fn write(self, folder: &Path, progress: &Progress) -> Result<Written> {
        let lines = self.runs.iter();
        let lines: Vec<RunLine<'_>> = lines
            .map(|(run, color)| RunLine::new(run, *color, None))
            .collect();
        let runs: Vec<&Run> = self.runs.iter().map(|(run, _)| &**run).collect();
        let options = CompareOptions {
            baseline: self.baseline,
            smoothing: self.smoothing,
            metrics: self.metrics,
            ..CompareOptions::default()
        };
        let comparison = Comparison::new(&runs, &options);
        let figures = match self.wanted {
            FiguresWanted::Published => published(&lines, &comparison)
                .into_iter()
                .map(|RunFigure { stem, chart, .. }| (stem.to_owned(), chart))
                .collect(),
            FiguresWanted::Shown => self.shown,
        };
        let target = free_folder(folder);
        let mut files = tables(&target, &comparison);
        files.extend(pictures(&target, &figures, self.look, progress)?);
        let files: Vec<(&Path, &[u8])> = files
            .iter()
            .map(|(path, bytes)| (path.as_path(), bytes.as_slice()))
            .collect();
        export::write_all(&files, Replace::No)?;
        Ok(Written {
            path: target,
            unchanged: false,
        })
    }
}

/// A metric's name as that of a file.
pub(crate) fn file_stem(label: &str) -> String {
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
