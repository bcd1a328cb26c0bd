//! What the tour room does: shows a step with the tab and the panel that it is about.

use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::effect::{Effect, Effects};
use crate::window::scene::{Scene, Tab};
use crate::window::tour::state::{Command, Tour, TourStep};

impl Tour {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Show(step) => {
                self.toured = true;
                self.step = Some(step);
                effects.push(Action::CloseDialog);
                effects.push(Effect::Show(step.tab()));
                if step == TourStep::Choose && !scene.preferences.types_panel {
                    effects.push(Action::ToggleTypesPanel);
                }
                if step == TourStep::Distrust && scene.inspected.is_none() {
                    effects.push(Effect::Inspect(scene.document.and_then(highest)));
                }
            }
            Command::End => {
                self.toured = true;
                self.step = None;
                effects.push(Effect::Show(Tab::Layers));
            }
            Command::Ask(effect) => effects.push(effect),
        }
    }
}

/// The layer with the highest ratio, infinite ones aside: they are not what it says.
fn highest(document: &Document) -> Option<usize> {
    let modules = document.report.modules.iter().enumerate();
    let ratios = modules.filter_map(|(index, module)| Some((index, module.snr?)));
    let finite = ratios.filter(|(_, snr)| snr.is_finite());
    let highest = finite.max_by(|one, other| one.1.total_cmp(&other.1));
    highest.map(|(index, _)| index)
}
