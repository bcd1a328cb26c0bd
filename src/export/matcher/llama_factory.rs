//! LLaMA-Factory's freeze tuning.
//!
//! Enters: `freeze_trainable_modules` and the arguments beside it. Leaves: findings. Source:
//! `_setup_freeze_tuning` in `src/llamafactory/model/adapter.py`: texts such as `.7.mlp` are
//! looked for in the names, as plain text.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::{Rule, Unreadable};
use crate::export::{LlamaFactory, Parameters, Pattern};
use crate::tensor::ModuleName;

/// Follows the arguments.
pub(super) fn follow(patterns: &[Pattern], settings: &LlamaFactory, findings: &mut Findings<'_>) {
    let blocks = blocks(findings.target.parameters);
    let ids = match trained_blocks(settings, blocks) {
        Ok(ids) => ids,
        Err(problem) => {
            findings.stop(format!("LLaMA-Factory: {problem}"));
            return;
        }
    };
    findings.warn(format!(
        "the model is taken to have {blocks} blocks (num_hidden_layers); LLaMA-Factory reads that \
         from config.json"
    ));
    let (hidden, others) = components(findings.target.parameters);
    for pattern in patterns {
        let name = &pattern.text;
        if name != "all" && !hidden.contains(name.as_str()) {
            refuse(pattern, &hidden, findings);
            continue;
        }
        let part = if name == "all" { "" } else { name };
        let texts: Vec<String> = ids.iter().map(|id| format!(".{id}.{part}")).collect();
        findings.entry(pattern, |target| {
            let mut matches = super::rule::Matches::default();
            for text in &texts {
                let found = target.apply(Rule::Substring, text)?;
                matches.all.extend(found.all);
                if !part.is_empty() {
                    matches.accidental.extend(found.accidental);
                }
            }
            matches.all.sort_unstable();
            matches.all.dedup();
            matches.accidental.sort_unstable();
            Ok::<_, Unreadable>(matches)
        });
    }
    for pattern in &settings.extra {
        if others.contains(pattern.text.as_str()) {
            findings.each(Rule::Substring, std::slice::from_ref(pattern));
        } else {
            refuse(pattern, &others, findings);
        }
    }
}

fn refuse(pattern: &Pattern, known: &BTreeSet<&str>, findings: &mut Findings<'_>) {
    let known: Vec<&str> = known.iter().copied().collect();
    findings.unmatched.push(pattern.clone());
    findings.stop(format!(
        "LLaMA-Factory finds no module {}; it knows {}",
        pattern.text,
        known.join(", ")
    ));
}

/// `num_hidden_layers` as the names have it: the blocks of the part of the model that has most of
/// them, and is no tower of another sense.
pub(in crate::export) fn blocks(parameters: &Parameters) -> u32 {
    let blocks = parameters.modules.iter().enumerate();
    let blocks = blocks.filter_map(|(index, module)| {
        let block = ModuleName::parse(&module.name).block?;
        let tower = parameters.tower_of(index);
        let is_other = ["vision", "visual", "audio", "vit", "image"]
            .iter()
            .any(|sense| tower.contains(sense));
        Some((!is_other, block.saturating_add(1)))
    });
    blocks.max().map_or(0, |(_, blocks)| blocks)
}

/// The numbers of the blocks that train.
pub(in crate::export) fn trained_blocks(
    settings: &LlamaFactory,
    blocks: u32,
) -> Result<Vec<u32>, String> {
    let asked = settings.layers;
    let count = u32::try_from(asked.unsigned_abs()).unwrap_or(u32::MAX);
    if settings.llama_pro {
        // Of no blocks Python makes a step of 0, which it refuses.
        if count == 0 || blocks == 0 || !blocks.is_multiple_of(count) {
            return Err(format!(
                "{blocks} blocks cannot be divided by freeze_trainable_layers {asked}"
            ));
        }
        let stride = blocks / count;
        return Ok((stride.saturating_sub(1)..blocks)
            .step_by(stride as usize)
            .collect());
    }
    Ok(if asked > 0 {
        (blocks.saturating_sub(count)..blocks).collect()
    } else {
        (0..count.min(blocks)).collect()
    })
}

/// The components that may be named: of the blocks, and outside them.
pub(in crate::export) fn components(parameters: &Parameters) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let (mut hidden, mut others) = (BTreeSet::new(), BTreeSet::new());
    for parameter in &parameters.all {
        let name = parameter.name.as_str();
        let behind = [".0.", ".1."].into_iter().find(|part| name.contains(part));
        // Python's split goes from the left, which tells where two such parts overlap.
        if let Some(rest) = behind.and_then(|part| name.split(part).last()) {
            hidden.insert(rest.split('.').next().unwrap_or_default());
        }
        let parts: Vec<&str> = name.split('.').collect();
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or(&[]);
        if !inner.iter().any(is_number)
            && let [.., module, _] = parts[..]
        {
            others.insert(module);
        }
    }
    (hidden, others)
}
