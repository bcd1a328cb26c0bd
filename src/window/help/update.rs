//! What the help room does: turns to a topic, makes another layer to try it on.

use crate::window::effect::{Effect, Effects};
use crate::window::help::state::{Command, Help};
use crate::window::scene::Dialog;

impl Help {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, effects: &mut Effects) {
        match command {
            Command::Open => {
                let first = Self::default();
                *self = Self::new(first.topic, first.long, first.planted, first.strength);
                effects.push(Effect::ShowDialog(Dialog::Help));
            }
            Command::Show(topic) => self.topic = topic,
            Command::Make {
                long,
                planted,
                strength,
            } => *self = Self::new(self.topic, long, planted, strength),
            Command::Zoom(view) => self.zoom(view),
            Command::Ask(effect) => effects.push(effect),
        }
    }
}
