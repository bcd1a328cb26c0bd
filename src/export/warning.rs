//! What a person is told about a dry run, by how much it matters.

use std::fmt;

/// A line about a dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub kind: WarningKind,
    /// The line without its heading.
    pub text: String,
}

/// How much a warning matters, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Explains the outcome and needs no attention.
    Note,
    /// Should be looked at.
    Caution,
    /// Must not be missed: the set does not do what it is for.
    Alarm,
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningKind {
    /// The set matches no parameter.
    NothingTrains,
    /// The set freezes no parameter.
    EverythingTrains,
    /// Of a layer type that several towers have, one tower trains and another does not.
    AnotherTower,
    /// Entries that cannot be followed for certain.
    NotSure,
    /// The trainer ends with an error.
    Stops,
    /// Transformers changes names on load, and the set does not survive it.
    NamesChange,
    /// Anything else.
    Other,
}

impl WarningKind {
    /// The heading of an alarm.
    fn heading(self) -> &'static str {
        match self {
            Self::NothingTrains => "NOTHING TRAINS: ",
            Self::EverythingTrains => "EVERYTHING TRAINS: ",
            Self::AnotherTower => "ANOTHER TOWER: ",
            Self::NotSure => "NOT SURE: ",
            Self::Stops => "THE TRAINER STOPS: ",
            Self::NamesChange => "NAMES CHANGE: ",
            Self::Other => "",
        }
    }
}

impl Warning {
    /// A line that must not be missed.
    #[must_use]
    pub fn alarm(kind: WarningKind, text: impl Into<String>) -> Self {
        Self {
            severity: Severity::Alarm,
            kind,
            text: text.into(),
        }
    }

    pub(crate) fn caution(text: impl Into<String>) -> Self {
        Self {
            severity: Severity::Caution,
            kind: WarningKind::Other,
            text: text.into(),
        }
    }

    pub(crate) fn note(text: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            kind: WarningKind::Other,
            text: text.into(),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.heading(), self.text)
    }
}
