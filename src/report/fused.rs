//! What loading fuses: modules of the checkpoint that are one parameter of the loaded model, and
//! train together or not at all.

use std::collections::HashMap;

use crate::names::{Names, Translation};
use crate::report::SnrReport;

/// A parameter of the loaded model that holds the weights of several modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fused {
    /// Its name: `model.layers.0.mlp.experts.down_proj`.
    pub name: String,
    /// The modules whose weights it holds, ascending.
    pub modules: Vec<u32>,
    /// Its elements, as far as they are known.
    pub parameters: u64,
}

impl SnrReport {
    /// How the names of its model change.
    #[must_use]
    pub fn translation(&self, names: Names) -> Translation {
        let modules = self.modules.iter().map(|module| module.name.as_str());
        let others = self.others.iter().flatten().map(|one| one.name.as_str());
        Translation::new(self.architecture.as_ref(), names, modules.chain(others))
    }

    /// Finds what loading fuses where a trainer has these names.
    pub fn fuse(&mut self, names: Names) {
        let translation = self.translation(names);
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut fused: Vec<Fused> = Vec::new();
        let modules = if translation.fuses() {
            self.modules.iter().enumerate()
        } else {
            [].iter().enumerate()
        };
        for (index, module) in modules {
            let Some(weight) = module.weight.as_ref().filter(|one| one.tied_to.is_none()) else {
                continue;
            };
            let name = weight.tensor.clone();
            let name = name.unwrap_or_else(|| format!("{}.weight", module.name));
            let mut loaded = translation.parameters(&name);
            let (Some(name), true) = (loaded.pop(), loaded.is_empty()) else {
                continue;
            };
            let place = *places.entry(name).or_insert_with_key(|name| {
                fused.push(Fused {
                    name: name.clone(),
                    modules: Vec::new(),
                    parameters: 0,
                });
                fused.len() - 1
            });
            let one = &mut fused[place];
            one.modules.push(index as u32);
            one.parameters = one.parameters.saturating_add(weight.parameters);
        }
        fused.retain(|one| one.modules.len() > 1);
        for module in &mut self.modules {
            module.fused = None;
        }
        for (place, one) in fused.iter().enumerate() {
            for &module in &one.modules {
                self.modules[module as usize].fused = Some(place as u32);
            }
        }
        self.fused = fused;
    }
}
