//! The dry run of the export at hand: what its consumer would train, beside what is shown.
//!
//! Enters: the document and a format. Leaves: [`ExportCheck`], made off the interface thread.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use crate::error::Result;
use crate::export::{
    Consumer, DryRun, Exported, Format, FreezeFile, Naming, Parameters, Pattern, Rename, Warning,
    WarningKind, dry_run, rename_warnings,
};
use crate::progress::Progress;
use crate::report::SnrReport;
use crate::selection::FreezeSet;
use crate::tensor::Model;

/// How many names and entries of a kind are kept for the dialog.
const KEPT: usize = 100;

/// An export with what came of its dry run.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportCheck {
    /// The format it was made for.
    pub format: Format,
    /// The names it was made for.
    pub naming: Naming,
    /// The text, and how to use it.
    pub exported: Exported,
    /// What it would train; none for formats without a rule.
    pub run: Option<CheckedRun>,
    /// Changes of names that this model may see.
    pub offers: Vec<RenameOffer>,
}

/// What an export would train, against the set that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedRun {
    /// Modules that would train.
    pub modules: usize,
    /// Modules of the set that would not, by name; the first ones.
    pub short: Vec<String>,
    /// How many would not.
    pub short_count: usize,
    /// Modules outside the set that would, by name; the first ones.
    pub beyond: Vec<String>,
    /// How many would.
    pub beyond_count: usize,
    /// Elements that would train, where sizes are known.
    pub parameters: Option<u64>,
    /// Elements of the model, where sizes are known.
    pub total: Option<u64>,
    /// Entries that match nothing.
    pub unmatched: Vec<Pattern>,
    /// Entries that match more than they name: the entry, one such name, how many.
    pub accidental: Vec<(Pattern, String, usize)>,
    /// Entries that are not followed, with the reason.
    pub unreadable: Vec<(Pattern, String)>,
    /// What a person is told of it, the worst first.
    pub warnings: Vec<Warning>,
}

impl CheckedRun {
    /// Whether it trains what is shown, no more and no less.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.short_count == 0 && self.beyond_count == 0 && self.modules > 0
    }
}

/// A change of names, and what of the checkpoint's set would train under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenameOffer {
    /// The change.
    pub rename: Rename,
    /// Modules that would train with the text as it is; not tried for wrappers, which put
    /// something in front of every name.
    pub modules: Option<usize>,
}

/// What the check is made of: snapshots, so that nothing is copied.
pub(crate) struct Input {
    pub(crate) format: Format,
    pub(crate) naming: Naming,
    pub(crate) report: Arc<SnrReport>,
    pub(crate) set: Arc<FreezeSet>,
    pub(crate) model: Option<Arc<Model>>,
}

/// Makes the text and tries it as its reader would.
pub(crate) fn check(input: &Input, progress: &Progress) -> Result<ExportCheck> {
    let Input {
        format,
        naming,
        report,
        set,
        model,
    } = input;
    let exported = format.render(report, set, *naming);
    let mut check = ExportCheck {
        format: *format,
        naming: *naming,
        exported,
        run: None,
        offers: Vec::new(),
    };
    let Some(consumer) = format.consumer() else {
        return Ok(check);
    };
    progress.check()?;
    let original = match model {
        Some(model) => Parameters::of_model(model).with_ratios(report),
        None => Parameters::of_report(report),
    };
    let original = original.loaded(&naming.translation(report));
    let parameters = match naming.rename {
        Some(rename) => original.renamed(|name| rename.apply(name)),
        None => original.clone(),
    };
    let Ok(file) = format.read_back(&check.exported.text) else {
        check.run = Some(nothing(report, set));
        return Ok(check);
    };
    let mut run = dry_run(&file, consumer, &parameters);
    progress.check()?;
    if naming.rename.is_none() {
        run.warnings
            .extend(rename_warnings(&file, consumer, &parameters, &run));
        run.warnings
            .sort_by_key(|warning| Reverse(warning.severity));
    }
    check.offers = offers(&file, consumer, naming.rename, &original, progress)?;
    check.run = Some(compared(report, set, &parameters, run));
    Ok(check)
}

/// The run of a text that is no set to its reader.
fn nothing(report: &SnrReport, set: &FreezeSet) -> CheckedRun {
    let run = DryRun {
        warnings: vec![Warning::alarm(
            WarningKind::NothingTrains,
            "the text lists nothing",
        )],
        ..DryRun::default()
    };
    compared(report, set, &Parameters::default(), run)
}

fn compared(
    report: &SnrReport,
    set: &FreezeSet,
    parameters: &Parameters,
    run: DryRun,
) -> CheckedRun {
    let chosen = report.modules.iter().zip(&set.chosen);
    let chosen = chosen.filter(|(_, chosen)| **chosen);
    // A tied weight trains under its owner's name.
    let wanted: HashSet<&str> = chosen
        .map(|(module, _)| {
            let weight = module.weight.as_ref();
            let owner = weight.and_then(|weight| weight.tied_to.as_deref());
            owner.unwrap_or(&module.name)
        })
        .collect();
    let trained: HashSet<&str> = run.modules.iter().map(String::as_str).collect();
    let modules = report.modules.iter().map(|module| module.name.as_str());
    let short: Vec<&str> = modules
        .filter(|name| wanted.contains(name) && !trained.contains(name))
        .collect();
    let beyond = run.modules.iter().map(String::as_str);
    let beyond: Vec<&str> = beyond.filter(|name| !wanted.contains(name)).collect();
    let first = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .take(KEPT)
            .map(|&name| name.to_owned())
            .collect()
    };
    let accidental = run.accidental.iter().take(KEPT).map(|(pattern, places)| {
        let name = places
            .first()
            .map(|&place| parameters.all[place].name.clone());
        (pattern.clone(), name.unwrap_or_default(), places.len())
    });
    CheckedRun {
        modules: run.modules.len(),
        short_count: short.len(),
        short: first(&short),
        beyond_count: beyond.len(),
        beyond: first(&beyond),
        parameters: run.trainable_parameters,
        total: run.total_parameters,
        accidental: accidental.collect(),
        unmatched: run.unmatched,
        unreadable: run.unreadable,
        warnings: run.warnings,
    }
}

/// What the text as it stands would train under each change of names, and under none.
fn offers(
    file: &FreezeFile,
    consumer: Consumer,
    current: Option<Rename>,
    original: &Parameters,
    progress: &Progress,
) -> Result<Vec<RenameOffer>> {
    let renames = Rename::ALL.into_iter();
    let renames = renames.filter(|rename| rename.applies_to(original));
    let others = renames.filter(|rename| Some(*rename) != current);
    others
        .map(|rename| {
            progress.check()?;
            let modules = rename.happens_on_load().then(|| {
                let renamed = original.renamed(|name| rename.apply(name));
                dry_run(file, consumer, &renamed).modules.len()
            });
            Ok(RenameOffer { rename, modules })
        })
        .collect()
}
