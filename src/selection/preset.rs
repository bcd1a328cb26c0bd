//! Named settings of choosing, to be used on any model: no marks in them.
//!
//! Enters: a choice and a name. Leaves: [`Preset`], and choices with its settings.

use serde::{Deserialize, Serialize};

use crate::selection::{Choice, Percent};

/// Settings of choosing under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// Its name.
    pub name: String,
    /// All of a choice but its marks, which are one model's.
    settings: Choice,
}

impl Preset {
    /// The settings of `choice` under that name.
    #[must_use]
    pub fn new(name: impl Into<String>, choice: &Choice) -> Self {
        Self {
            name: name.into(),
            settings: Choice {
                marks: std::collections::BTreeMap::new(),
                ..choice.clone()
            },
        }
    }

    /// The percentages that Spectrum's paper compares, as Spectrum makes them.
    #[must_use]
    pub fn built_in() -> [Self; 3] {
        [10, 25, 50].map(|percent| {
            let choice = Choice {
                percent: Percent::whole(percent),
                ..Choice::default()
            };
            Self::new(format!("Spectrum {percent} %"), &choice)
        })
    }

    /// `choice` with these settings and its own marks.
    #[must_use]
    pub fn applied_to(&self, choice: &Choice) -> Choice {
        Choice {
            marks: choice.marks.clone(),
            ..self.settings.clone()
        }
    }

    /// Whether `choice` has these very settings.
    #[must_use]
    pub fn is_of(&self, choice: &Choice) -> bool {
        self.applied_to(choice) == *choice
    }
}
