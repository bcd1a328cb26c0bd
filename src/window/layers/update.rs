//! What the layers room does with its commands.

use crate::figure::{HeatmapSettings, Mode};
use crate::selection::Preset;
use crate::window::effect::{Effect, Effects};
use crate::window::layers::state::{Command, Layers};
use crate::window::scene::Scene;

impl Layers {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Search(text) => self.search = text,
            Command::ShowBoth(both) => {
                self.both = both;
                // Like beside like: the ratios of both, in one scale of colors.
                if both {
                    effects.push(Effect::SetHeatmap(HeatmapSettings {
                        mode: Mode::Snr,
                        ..scene.preferences.heatmap.clone()
                    }));
                }
            }
            Command::NamePreset(name) => self.preset_name = name,
            Command::KeepPreset => self.keep_preset(scene, effects),
            Command::Ask(effect) => effects.push(effect),
        }
    }

    /// Keeps the settings of choosing under the name that was typed, in the place of any before.
    fn keep_preset(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let name = self.preset_name.trim();
        let Some(document) = scene.document.filter(|_| !name.is_empty()) else {
            return;
        };
        effects.push(Effect::KeepPreset(Preset::new(name, document.choice())));
        effects.news(format!("Kept the preset {name}"));
        self.preset_name.clear();
    }
}
