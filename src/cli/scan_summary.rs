//! What `scan` says at its end: text, or one JSON document.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::cli::Common;
use crate::cli::output::{print, print_json};
use crate::error::{Error, Problem, Result};
use crate::report::{Module, SnrReport};
use crate::spectral::Shard;
use crate::tensor::Model;

/// How many modules without a ratio are named in the text.
const NAMED: usize = 10;

/// How a scan went and what it wrote.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    model: PathBuf,
    slug: String,
    /// The shard that was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<Shard>,
    /// Modules of the model.
    modules_total: usize,
    /// Modules scanned now.
    pub(super) scanned: usize,
    /// Modules finished by an earlier, unfinished scan.
    pub(super) resumed: usize,
    /// Modules of complete earlier results.
    pub(super) reused: usize,
    /// Modules that could not be read this time.
    pub(super) failed: usize,
    /// Modules that were scanned and have no ratio.
    without_ratio: Vec<Reason>,
    /// Modules that were not scanned.
    skipped: Vec<Reason>,
    /// Modules of the layer types that were left out.
    left_out: usize,
    /// The card that computed some of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device: Option<String>,
    /// Time it took.
    pub(super) seconds: f64,
    /// Files that were written or kept.
    pub(super) files: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Reason {
    module: String,
    problem: String,
}

impl Reason {
    fn new(name: &str, problem: Option<&String>) -> Self {
        let problem = problem.map_or("no reason is known", String::as_str);
        Self {
            module: name.to_owned(),
            problem: problem.to_owned(),
        }
    }
}

impl Summary {
    /// The summary of `report` for the modules `chosen` of `model`; the counts are still zero.
    pub(super) fn new(
        model: &Model,
        report: &SnrReport,
        chosen: &[usize],
        shard: Option<Shard>,
    ) -> Self {
        let reason = |module: &Module| Reason::new(&module.name, module.problem.as_ref());
        let has_none = |module: &&Module| module.snr.is_some_and(f64::is_nan);
        let modules = report.modules.iter();
        let known: HashMap<&str, &Module> = modules
            .clone()
            .map(|module| (module.name.as_str(), module))
            .collect();
        let chosen_infos = chosen.iter().filter_map(|&index| model.modules.get(index));
        let skipped = chosen_infos.filter_map(|info| match known.get(info.name.as_str()) {
            None => Some(Reason::new(&info.name, info.problem.as_ref())),
            Some(module) => module.snr.is_none().then(|| reason(module)),
        });
        Self {
            model: model.path.clone(),
            slug: model.slug.clone(),
            shard,
            modules_total: model.modules.len(),
            scanned: 0,
            resumed: 0,
            reused: 0,
            failed: 0,
            without_ratio: modules.filter(has_none).map(reason).collect(),
            skipped: skipped.collect(),
            left_out: model.modules.len() - chosen.len(),
            device: None,
            seconds: 0.0,
            files: Vec::new(),
        }
    }

    /// Prints it.
    pub(super) fn print(&self, common: Common) -> Result<()> {
        if common.json {
            print_json(self)
        } else {
            print(&self.text())
        }
    }

    /// The error of a scan in which modules could not be read.
    pub(super) fn failure(&self) -> Option<Error> {
        (self.failed > 0).then(|| {
            Error::from(
                Problem::input(
                    &self.model,
                    format!("{} modules could not be read (listed above)", self.failed),
                )
                .advice("the others are written; the same command tries these again"),
            )
        })
    }

    /// The error of a scan without any result.
    pub(super) fn nothing(&self) -> Error {
        let first = self.skipped.first();
        let first = first.map(|Reason { module, problem }| format!(" ({module}: {problem})"));
        Problem::input(
            &self.model,
            format!("no module could be scanned{}", first.unwrap_or_default()),
        )
        .advice("nothing was written; `layerscope types` lists the modules")
        .into()
    }

    fn text(&self) -> String {
        let mut lines = Vec::new();
        if self.reused > 0 {
            lines.push(format!("{} modules were scanned before", self.reused));
        } else {
            let done = self.scanned + self.resumed;
            let before = match self.resumed {
                0 => String::new(),
                resumed => format!(", {resumed} of them before"),
            };
            let seconds = self.seconds;
            let device = self.device.as_ref();
            let on = device.map_or_else(String::new, |device| format!(" on {device}"));
            lines.push(format!(
                "scanned {done} modules in {seconds:.1} s{on}{before}"
            ));
        }
        if self.left_out > 0 {
            let others = match self.shard {
                Some(_) => "shards or types",
                None => "types",
            };
            lines.push(format!(
                "left out {} modules of other {others}",
                self.left_out
            ));
        }
        for (what, reasons) in [
            ("not scanned", &self.skipped),
            ("no ratio", &self.without_ratio),
        ] {
            let named = reasons.iter().take(NAMED);
            lines.extend(
                named.map(|Reason { module, problem }| format!("{what}: {module}: {problem}")),
            );
            if reasons.len() > NAMED {
                lines.push(format!(
                    "{what}: {} more (--json names all)",
                    reasons.len() - NAMED
                ));
            }
        }
        lines.extend(self.files.iter().map(|path| path.display().to_string()));
        lines.push(String::new());
        lines.join("\n")
    }
}
