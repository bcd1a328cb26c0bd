//! The nearest that LLaMA-Factory's freeze tuning comes to a set.
//!
//! Enters: a report and a set. Leaves: the blocks and components that differ least from it, by
//! parameters where shapes are known, else by modules. Every number of first or last blocks is
//! tried with the components that gain more than they cost: the best of its kind.

use std::collections::{BTreeMap, BTreeSet};

use super::{Chosen, Exported};
use crate::report::{Module, SnrReport};
use crate::selection::FreezeSet;
use crate::tensor::ModuleName;

/// For a component and a block: the cost of what is wanted, and of what is not.
type Costs<'a> = BTreeMap<&'a str, BTreeMap<u32, (u64, u64)>>;

struct Best<'a> {
    /// As `freeze_trainable_layers` has it: negative for the first blocks.
    layers: i64,
    components: Vec<&'a str>,
    /// What is missed or trained beyond the set.
    cost: u64,
}

pub(super) fn export(report: &SnrReport, set: &FreezeSet, chosen: &Chosen<'_>) -> Exported {
    let mut costs = Costs::new();
    let mut blocks = 0;
    for (index, module) in report.modules.iter().enumerate() {
        let name = ModuleName::parse(&module.name);
        let Some(block) = name.block else { continue };
        blocks = blocks.max(block + 1);
        let component = name.layer_type.split('.').next().unwrap_or_default();
        let entry = costs
            .entry(component)
            .or_default()
            .entry(block)
            .or_default();
        let cost = cost(module);
        if set.chosen.get(index).copied().unwrap_or_default() {
            entry.0 += cost;
        } else {
            entry.1 += cost;
        }
    }
    let best = best(&costs, blocks);
    let extra: BTreeSet<&str> = chosen
        .modules
        .iter()
        .filter(|one| ModuleName::parse(one.report_name).block.is_none())
        .filter_map(|one| one.name.rsplit('.').next())
        .collect();
    let extra: Vec<&str> = extra.into_iter().collect();
    let mut text = format!(
        "finetuning_type: freeze\nfreeze_trainable_layers: {}\nfreeze_trainable_modules: {}\n",
        best.layers,
        best.components.join(",")
    );
    if !extra.is_empty() {
        text.push_str("freeze_extra_modules: ");
        text.push_str(&extra.join(","));
        text.push('\n');
    }
    Exported {
        snippet: text.clone(),
        text,
        file_name: super::short_file_name(crate::export::Consumer::LlamaFactory, &report.slug),
        notes: vec![
            "Put it into LLaMA-Factory's training YAML.".into(),
            format!(
                "It trains the same components in the {} {} blocks; this is the choice that differs \
                 least from the set.",
                if best.layers > 0 { "last" } else { "first" },
                best.layers.unsigned_abs()
            ),
        ],
        losses: vec![
            "LLaMA-Factory's freeze tuning knows blocks and components only: a set that differs \
             from type to type cannot be said to it"
                .into(),
        ],
        is_exact: false,
        uncovered: None,
    }
}

fn cost(module: &Module) -> u64 {
    let weight = module.weight.as_ref();
    weight.map_or(1, |weight| weight.parameters + weight.companions)
}

/// The first or last blocks, and components, that differ least from the set.
fn best<'a>(costs: &Costs<'a>, blocks: u32) -> Best<'a> {
    let wanted: u64 = costs
        .values()
        .flat_map(BTreeMap::values)
        .map(|one| one.0)
        .sum();
    let mut best: Option<Best<'a>> = None;
    let count = i64::from(blocks.max(1));
    for layers in (1..=count).chain((1..=count).map(|layers| -layers)) {
        let size = layers.unsigned_abs() as u32;
        let range = if layers > 0 {
            blocks.saturating_sub(size)..blocks
        } else {
            0..size
        };
        let mut gains: Vec<(&str, u64, u64)> = costs
            .iter()
            .map(|(component, blocks)| {
                let inside = blocks.range(range.clone()).map(|(_, cost)| cost);
                let (gain, loss) = inside.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
                (*component, gain, loss)
            })
            .collect();
        // One at least has to be named: the one that costs least.
        gains.sort_by_key(|&(_, gain, loss)| i128::from(loss) - i128::from(gain));
        let worth = gains.iter().filter(|(_, gain, loss)| gain > loss).count();
        let taken = &gains[..worth.max(1).min(gains.len())];
        let (gain, loss) = taken
            .iter()
            .fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
        let cost = wanted - gain + loss;
        if best.as_ref().is_none_or(|best| cost < best.cost) {
            let mut components: Vec<&str> = taken.iter().map(|one| one.0).collect();
            components.sort_unstable();
            best = Some(Best {
                layers,
                components,
                cost,
            });
        }
    }
    best.unwrap_or(Best {
        layers: 1,
        components: vec!["all"],
        cost: 0,
    })
}
