//! What a person must not miss in a dry run: nothing trains, everything does, or another tower.
//!
//! Enters: which parameters train. Leaves: lines, the worst first.

use std::collections::BTreeMap;

use crate::export::{Parameters, TiedPair, Warning, WarningKind};
use crate::tensor::ModuleName;

/// Modules of a type in a tower: how many, and how many train.
type Counts = BTreeMap<String, (usize, usize)>;

/// Lines about what trains.
pub(super) fn judge(parameters: &Parameters, trains: &[bool]) -> Vec<Warning> {
    let mut lines = Vec::new();
    let count = trains.iter().filter(|&&trains| trains).count();
    if count == 0 {
        let text = "no parameter of the model is matched";
        lines.push(Warning::alarm(WarningKind::NothingTrains, text));
    } else if count == trains.len() && count > 1 {
        let text = "the set freezes no parameter";
        lines.push(Warning::alarm(WarningKind::EverythingTrains, text));
    } else {
        towers(parameters, trains, &mut lines);
    }
    lines
}

/// Lines that explain and need no attention.
pub(super) fn explain(parameters: &Parameters, trains: &[bool], tied: &[TiedPair]) -> Vec<Warning> {
    let mut lines = Vec::new();
    for pair in tied {
        let owner = parameters.all.iter().position(|one| one.name == pair.owner);
        let outcome = if owner.is_some_and(|place| trains[place]) {
            "that trains, and the head with it"
        } else {
            "that does not train, and neither does the head"
        };
        lines.push(Warning::note(format!(
            "{} is tied: the trainer knows it as {} only; {outcome}",
            pair.name, pair.owner
        )));
    }
    if !parameters.complete {
        lines.push(Warning::note(
            "the results list weights only: biases and other parameters are not counted, which \
             takes the model's folder",
        ));
    }
    lines
}

/// Types that several towers share, of which one tower gets all and another nothing.
fn towers(parameters: &Parameters, trains: &[bool], lines: &mut Vec<Warning>) {
    let mut trained = vec![false; parameters.modules.len()];
    for (parameter, &trains) in parameters.all.iter().zip(trains) {
        trained[parameter.module] |= trains;
    }
    let mut types: BTreeMap<&str, Counts> = BTreeMap::new();
    for (index, module) in parameters.modules.iter().enumerate() {
        let name = ModuleName::parse(&module.name);
        if name.block.is_none() {
            continue;
        }
        let counts = types.entry(name.layer_type).or_default();
        let entry = counts
            .entry(parameters.tower_of(index).to_owned())
            .or_default();
        entry.0 += 1;
        entry.1 += usize::from(trained[index]);
    }
    // By the towers with nothing and those with all.
    let mut pooled: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for (layer_type, counts) in &types {
        let named = |wanted: bool| {
            let towers = counts
                .iter()
                .filter(|(_, (_, trained))| (*trained > 0) == wanted);
            let towers: Vec<String> = towers.map(|(tower, _)| shown(tower)).collect();
            towers.join(" and ")
        };
        let (without, with) = (named(false), named(true));
        if counts.len() > 1 && !with.is_empty() && !without.is_empty() {
            pooled.entry((without, with)).or_default().push(layer_type);
        }
    }
    for ((without, with), layer_types) in pooled {
        let text = format!(
            "of {} every module that trains is in {with}, none in {without}",
            layer_types.join(", ")
        );
        lines.push(Warning::alarm(WarningKind::AnotherTower, text));
    }
}

fn shown(tower: &str) -> String {
    if tower.is_empty() {
        "the part without a name".into()
    } else {
        tower.into()
    }
}
