//! The arguments by which `select` chooses: percentages, rules, budgets, marks.
//!
//! Enters: arguments and a report. Leaves: the choice they make on it, or a line that says which
//! option cannot be followed and what to give instead.

use clap::ValueEnum;

use crate::error::{Error, Problem, ProblemKind, Result};
use crate::report::SnrReport;
use crate::selection::{
    Blocks, Budget, Choice, Mark, Optimizer, Percent, Pool, RankBy, Rules, Towers,
    matching_modules, matching_towers, matching_types, parse_parameters,
};
use crate::text::parse_gib;

/// What to choose, and by which rules.
#[derive(Debug, clap::Args)]
pub struct ChoosingArgs {
    /// The share of each type to train, in percent: the modules with the highest ratios
    #[arg(long, value_name = "P", default_value = "25", value_parser = percent)]
    top_percent: Percent,
    /// A type's own share; TYPE is its name or a pattern such as 'mlp.*'. The last that fits counts
    #[arg(long, value_name = "TYPE=P", value_parser = type_percent)]
    type_percent: Vec<(String, Percent)>,
    /// Train the modules whose whole name matches, whatever the percentage
    #[arg(long, value_name = "GLOB")]
    pin: Vec<String>,
    /// Freeze the modules whose whole name matches, whatever the percentage; wins over --pin
    #[arg(long, value_name = "GLOB")]
    drop: Vec<String>,
    /// In the place of a percentage: the largest set that trains at most N parameters, such as
    /// 200M or 1.5e9
    #[arg(long, value_name = "N", value_parser = parameters, conflicts_with = "top_percent")]
    budget_params: Option<u64>,
    /// In the place of a percentage: the largest set whose weights, gradients and optimizer states
    /// fit in so much memory; activations are not counted
    #[arg(long, value_name = "GIB", value_parser = parse_gib,
          conflicts_with_all = ["top_percent", "budget_params"])]
    budget_memory: Option<u64>,
    /// How the set is to be trained: what memory is estimated for
    #[arg(long, value_enum, default_value = "adamw-bf16")]
    optimizer: OptimizerName,
    /// What to rank by
    #[arg(long, value_enum, default_value = "snr")]
    rank_by: RankByName,
    /// Which modules to rank together
    #[arg(long, value_enum, default_value = "type")]
    pool: PoolName,
    /// Take from the towers whose whole name matches, and not from others; what is in no tower
    /// stays. Pins are taken whatever the tower
    #[arg(long, value_name = "GLOB")]
    tower: Vec<String>,
    /// Take from these blocks, first and last, and not from others. Pins are taken whatever the
    /// block
    #[arg(long, value_name = "A-B", value_parser = blocks)]
    blocks: Option<Blocks>,
    /// Leave the output head's line out
    #[arg(long)]
    no_head: bool,
    /// Leave the input embedding's line out
    #[arg(long)]
    no_embeddings: bool,
}

/// The optimizers as the command line names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OptimizerName {
    /// AdamW in bf16 mixed precision: 16 bytes for each trained parameter
    AdamwBf16,
    /// AdamW with all in f32: 16 bytes for each trained parameter, 4 for each frozen one
    AdamwF32,
    /// AdamW with moments in 8 bits
    #[value(name = "adamw-8bit")]
    Adamw8bit,
    /// SGD without momentum
    Sgd,
}

/// What to rank by, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RankByName {
    /// Spectrum's ratio
    Snr,
    /// The excess over noise of the same shape; needs the spectra that a scan keeps
    Excess,
}

/// Which modules are ranked together, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PoolName {
    /// Those of one type, as Spectrum does
    Type,
    /// Those of one type in one tower
    TypeAndTower,
    /// All, but types with a share of their own
    All,
}

impl ChoosingArgs {
    /// Whether more has to be known than a results file holds.
    pub(super) fn needs_spectra(&self) -> bool {
        let has_budget = self.budget_params.is_some() || self.budget_memory.is_some();
        has_budget || self.rank_by == RankByName::Excess
    }

    /// The choice that the arguments make on `report`.
    pub(super) fn choice(&self, report: &SnrReport) -> Result<Choice> {
        let parameters = self.budget_params.map(Budget::Parameters);
        let mut choice = Choice {
            percent: self.top_percent,
            head: !self.no_head,
            embeddings: !self.no_embeddings,
            rules: self.rules(report)?,
            budget: parameters.or(self.budget_memory.map(Budget::Memory)),
            optimizer: self.optimizer.into(),
            ..Choice::default()
        };
        for (pattern, share) in &self.type_percent {
            for index in matching_types(report, pattern).map_err(option("--type-percent"))? {
                let name = report.types[index].name.clone();
                choice.type_percent.insert(name, *share);
            }
        }
        let marks = [
            ("--pin", &self.pin, Mark::Pin),
            ("--drop", &self.drop, Mark::Drop),
        ];
        for (name, patterns, mark) in marks {
            for pattern in patterns {
                for module in matching_modules(report, pattern).map_err(option(name))? {
                    choice.set_mark(&report.modules[module].name, Some(mark));
                }
            }
        }
        Ok(choice)
    }

    fn rules(&self, report: &SnrReport) -> Result<Rules> {
        let mut rules = Rules {
            by: self.rank_by.into(),
            pool: self.pool.into(),
            blocks: self.blocks,
            ..Rules::default()
        };
        if rules.by == RankBy::Excess && report.modules.iter().all(|m| m.noise.is_none()) {
            return Err(Problem::argument(
                "--rank-by excess",
                "no excess is known; name results with the spectra beside them that \
                          `layerscope scan` keeps",
            )
            .into());
        }
        if let Some(blocks) = rules.blocks
            && !report
                .modules
                .iter()
                .any(|module| blocks.contains(module.block))
        {
            let last = report
                .modules
                .iter()
                .filter_map(|module| module.block)
                .max();
            let there = last.map_or_else(
                || "no module has one".into(),
                |last| format!("the last block is {last}"),
            );
            return Err(Problem::argument(
                format!("--blocks {blocks}"),
                format!("no module is in these blocks; {there}"),
            )
            .into());
        }
        if !self.tower.is_empty() {
            let towers = Towers::of(report);
            rules.towers_out = towers.names.iter().cloned().collect();
            for pattern in &self.tower {
                for index in matching_towers(&towers, pattern).map_err(option("--tower"))? {
                    rules.towers_out.remove(&towers.names[index]);
                }
            }
        }
        Ok(rules)
    }
}

impl From<OptimizerName> for Optimizer {
    fn from(name: OptimizerName) -> Self {
        match name {
            OptimizerName::AdamwBf16 => Self::AdamwBf16,
            OptimizerName::AdamwF32 => Self::AdamwF32,
            OptimizerName::Adamw8bit => Self::Adamw8bit,
            OptimizerName::Sgd => Self::Sgd,
        }
    }
}

impl From<RankByName> for RankBy {
    fn from(name: RankByName) -> Self {
        match name {
            RankByName::Snr => Self::Snr,
            RankByName::Excess => Self::Excess,
        }
    }
}

impl From<PoolName> for Pool {
    fn from(name: PoolName) -> Self {
        match name {
            PoolName::Type => Self::Type,
            PoolName::TypeAndTower => Self::TypeAndTower,
            PoolName::All => Self::All,
        }
    }
}

/// Puts the option's name before a pattern that is refused.
fn option(name: &'static str) -> impl Fn(Error) -> Error {
    move |error| match error {
        Error::Problem(mut problem) if problem.kind == ProblemKind::Argument => {
            problem.subject = format!("{name} {}", problem.subject);
            Error::Problem(problem)
        }
        other => other,
    }
}

/// What is wrong with an argument: its text is told by the parser.
fn problem(error: Error) -> String {
    match error {
        Error::Problem(problem) => problem.cause,
        other => other.to_string(),
    }
}

pub(super) fn percent(text: &str) -> Result<Percent, String> {
    text.parse().map_err(problem)
}

fn type_percent(text: &str) -> Result<(String, Percent), String> {
    let (layer_type, share) = text
        .rsplit_once('=')
        .ok_or("give TYPE=P, such as mlp.down_proj=50")?;
    Ok((layer_type.to_owned(), percent(share)?))
}

fn blocks(text: &str) -> Result<Blocks, String> {
    text.parse().map_err(problem)
}

fn parameters(text: &str) -> Result<u64, String> {
    parse_parameters(text).map_err(problem)
}
