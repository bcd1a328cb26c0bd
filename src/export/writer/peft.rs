//! Sets for PEFT: adapters on the chosen matrices, the rest trained whole.
//!
//! Enters: what trains. Leaves: the keys of `adapter_config.json` that say where.

use std::collections::HashSet;

use serde_json::json;

use super::chosen::Trained;
use super::lists::quoted;
use super::{Chosen, Exported};
use crate::report::SnrReport;
use crate::tensor::Group;

pub(super) fn export(report: &SnrReport, chosen: &Chosen<'_>) -> Exported {
    let (mut targets, mut save, mut parameters) = (Vec::new(), Vec::new(), Vec::new());
    for one in &chosen.modules {
        let layer_type = crate::tensor::ModuleName::parse(one.report_name).layer_type;
        let is_vector = one
            .module
            .and_then(|module| module.weight.as_ref())
            .is_some_and(|weight| weight.shape.len() < 2);
        let group = Group::of(layer_type);
        if one.is_parameter {
            parameters.push(one.name.clone());
        } else if one.redirects_lora && !one.refuses_lora {
            // Named as a module, PEFT would take the fused experts of every layer for it.
            parameters.push(format!("{}.weight", one.name));
        } else if is_vector
            || one.refuses_lora
            || matches!(group, Group::Norm | Group::EmbeddingAndHead)
        {
            save.push(one);
        } else {
            targets.push(one);
        }
    }
    let mut config = json!({ "peft_type": "LORA" });
    // A list also takes names that end with one of its own: then only a string is exact.
    if is_end_of_another(chosen, &targets) {
        let only = Chosen {
            modules: targets.iter().map(|one| (*one).clone()).collect(),
            ..Chosen::default()
        };
        config["target_modules"] = json!(only.alternatives().0.join("|"));
    } else if !targets.is_empty() {
        config["target_modules"] = names(&targets);
    }
    if !parameters.is_empty() {
        config["target_parameters"] = json!(parameters);
    }
    config["modules_to_save"] = names(&save);
    let mut losses = Vec::new();
    if targets.is_empty() && parameters.is_empty() {
        losses.push(
            "no module of the set can get an adapter: without target_modules PEFT takes its own \
             default for the model"
                .into(),
        );
    }
    // Serializing a value of plain texts cannot fail.
    let text = serde_json::to_string_pretty(&config).unwrap_or_default() + "\n";
    let file_name = super::short_file_name(crate::export::Consumer::Peft, &report.slug);
    Exported {
        text,
        notes: vec![
            "target_modules get LoRA adapters and keep their own weights; modules_to_save (norms, \
             embedding, head) train whole, as Spectrum trains them."
                .into(),
            "To train the whole weights of the set, freeze and unfreeze instead: formats python or \
             regex."
                .into(),
        ],
        snippet: format!(
            "import json\n\
             from peft import LoraConfig, get_peft_model\n\
             where = json.load(open({}))\n\
             where.pop(\"peft_type\")\n\
             model = get_peft_model(model, LoraConfig(task_type=\"CAUSAL_LM\", **where))\n",
            quoted(&file_name)
        ),
        file_name,
        losses,
        is_exact: false,
        uncovered: None,
    }
}

fn names(modules: &[&Trained<'_>]) -> serde_json::Value {
    modules.iter().map(|one| one.name.as_str()).collect()
}

/// Whether another module's name ends with one of these.
fn is_end_of_another(chosen: &Chosen<'_>, targets: &[&Trained<'_>]) -> bool {
    let targets: HashSet<&str> = targets.iter().map(|one| one.name.as_str()).collect();
    chosen.parameters.modules.iter().any(|module| {
        let name = &module.name;
        let mut ends = name.match_indices('.').map(|(at, _)| &name[at + 1..]);
        ends.any(|end| targets.contains(end))
    })
}
