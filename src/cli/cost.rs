//! What a set costs, as `select` tells it: lines on standard error, and its part of `--json`.
//!
//! Enters: a report, a choice, the set it makes. Leaves: text.

use serde::Serialize;

use crate::error::{Problem, Result};
use crate::report::SnrReport;
use crate::selection::{Budget, Choice, Costs, FreezeSet, LORA_RANK, Memory, Optimizer, Sizes};
use crate::text::{GIB, number, thousands};

/// Memory in bytes, as `--json` has it.
#[derive(Debug, Serialize)]
struct MemoryDocument {
    weights: u64,
    gradients: u64,
    optimizer: u64,
    total: u64,
}

impl From<Memory> for MemoryDocument {
    fn from(memory: Memory) -> Self {
        Self {
            weights: memory.weights,
            gradients: memory.gradients,
            optimizer: memory.optimizer,
            total: memory.total(),
        }
    }
}

/// Costs as `--json` has them: bytes, activations not included.
#[derive(Debug, Serialize)]
pub(super) struct CostDocument {
    optimizer: Optimizer,
    formula: &'static str,
    set: MemoryDocument,
    full: MemoryDocument,
    qlora: MemoryDocument,
    qlora_rank: u64,
    activations: &'static str,
    head_parameters: Option<u64>,
    embedding_parameters: Option<u64>,
}

/// How a budget was solved, as `--json` has it.
#[derive(Debug, Serialize)]
pub(super) struct BudgetDocument {
    limit_parameters: Option<u64>,
    limit_bytes: Option<u64>,
    percent: f64,
    smallest_parameters: u64,
    next_percent: Option<f64>,
    next_parameters: Option<u64>,
}

impl CostDocument {
    pub(super) fn new(choice: &Choice, set: &FreezeSet, costs: &Costs) -> Self {
        Self {
            optimizer: choice.optimizer,
            formula: choice.optimizer.formula(),
            set: costs.set.into(),
            full: costs.full.into(),
            qlora: costs.qlora.into(),
            qlora_rank: LORA_RANK,
            activations: "not included",
            head_parameters: set.counts.head_parameters,
            embedding_parameters: set.counts.embedding_parameters,
        }
    }
}

impl BudgetDocument {
    pub(super) fn new(choice: &Choice, set: &FreezeSet) -> Option<Self> {
        let solved = set.budget?;
        Some(Self {
            limit_parameters: solved.limit,
            limit_bytes: match choice.budget? {
                Budget::Memory(bytes) => Some(bytes),
                Budget::Parameters(_) => None,
            },
            percent: solved.percent.value(),
            smallest_parameters: solved.smallest,
            next_percent: solved.next.map(|(percent, _)| percent.value()),
            next_parameters: solved.next.map(|(_, parameters)| parameters),
        })
    }
}

/// The lines that tell what a set costs; none where shapes are not known.
pub(super) fn lines(report: &SnrReport, choice: &Choice, set: &FreezeSet) -> Vec<String> {
    let counts = set.counts;
    let mut lines = Vec::new();
    if let Some(solved) = set.budget {
        let next = solved.next.map_or_else(
            || "the largest set there is".to_owned(),
            |(percent, parameters)| {
                let parameters = thousands(parameters);
                format!("the next larger set, at {percent} %, has {parameters} parameters")
            },
        );
        lines.push(format!("budget: top {} %; {next}", set.top));
    }
    let (Some(parameters), Some(costs)) = (
        counts.parameters,
        set.costs(Sizes::of(report), choice.optimizer),
    ) else {
        return lines;
    };
    let share = counts.share().unwrap_or(0.0) * 100.0;
    lines.push(format!(
        "trains {} of {} parameters ({share:.1} %)",
        thousands(parameters),
        thousands(costs.sizes.parameters),
    ));
    let gib = |bytes: u64| number(bytes as f64 / GIB);
    lines.push(format!(
        "memory with {}: {} GiB = weights {} + gradients {} + optimizer {}; full fine-tuning {}, \
         QLoRA {}; activations are not included",
        choice.optimizer.text(),
        gib(costs.set.total()),
        gib(costs.set.weights),
        gib(costs.set.gradients),
        gib(costs.set.optimizer),
        gib(costs.full.total()),
        gib(costs.qlora.total()),
    ));
    lines
}

/// Refuses a budget that cannot be kept: a set over it would be a surprise in a job.
///
/// # Errors
/// Where shapes are not known, or the smallest set is over the budget: by how much, and why.
pub(super) fn check_budget(report: &SnrReport, choice: &Choice, set: &FreezeSet) -> Result<()> {
    let what = match choice.budget {
        None => return Ok(()),
        Some(Budget::Parameters(limit)) => format!("--budget-params {limit}"),
        Some(Budget::Memory(bytes)) => {
            format!("--budget-memory {}", number(bytes as f64 / GIB))
        }
    };
    let refuse = |problem: String| Err(Problem::argument(what, problem).into());
    let Some(solved) = set.budget else {
        return refuse(
            "shapes are not known; name results with the spectra beside them that `layerscope \
             scan` keeps"
                .into(),
        );
    };
    if solved.fits() {
        return Ok(());
    }
    let smallest = format!(
        "the smallest set trains {} parameters (pins and own percentages {}, head and embedding \
         {})",
        thousands(solved.smallest),
        thousands(solved.by_hand),
        thousands(solved.fixed),
    );
    let over =
        if let (Some(Budget::Memory(bytes)), Some(sizes)) = (choice.budget, Sizes::of(report)) {
            let memory = choice.optimizer.memory(sizes.parameters, solved.smallest);
            let gib = |bytes: u64| number(bytes as f64 / GIB);
            format!(
                "and takes {} GiB, {} of them the model's weights: {} GiB too much",
                gib(memory.total()),
                gib(memory.weights),
                gib(memory.total().saturating_sub(bytes)),
            )
        } else {
            let limit = solved.limit.unwrap_or(0);
            let over = solved.smallest.saturating_sub(limit);
            format!("{} too many", thousands(over))
        };
    refuse(format!(
        "{smallest}, {over}; allow more, or try --no-head, --no-embeddings or fewer pins"
    ))
}
