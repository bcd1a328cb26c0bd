//! What loading fuses: modules of the checkpoint that are one parameter of the loaded model, and
//! train together or not at all.

use std::collections::HashMap;

use crate::names::{Names, Translation};
use crate::report::{Fused, SnrReport};

impl SnrReport {
    /// How the names of its model change.
    #[must_use]
    pub fn translation(&self, names: Names) -> Translation {
        let modules = self.modules.iter().map(|module| module.name.as_str());
        let others = self.others.iter().flatten().map(|one| one.name.as_str());
        Translation::new(self.architecture.as_ref(), names, modules.chain(others))
    }

    /// Finds what loading renames and fuses where a trainer has these names.
    pub fn fuse(&mut self, names: Names) {
        let translation = self.translation(names);
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut fused: Vec<Fused> = Vec::new();
        for (index, module) in self.modules.iter_mut().enumerate() {
            (module.fused, module.loaded_as) = (None, None);
            let Some(weight) = &module.weight else {
                continue;
            };
            let Some(own) = weight.own_tensor(&module.name) else {
                continue;
            };
            let mut loaded = translation.parameters(&own);
            if loaded != [own] && !loaded.is_empty() {
                module.loaded_as = Some(loaded.join(", "));
            }
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
        for (place, one) in fused.iter().enumerate() {
            for &module in &one.modules {
                self.modules[module as usize].fused = Some(place as u32);
            }
        }
        self.fused = fused;
    }
}
