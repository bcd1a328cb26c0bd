//! How a line is drawn: its stroke, and how its values are joined.

/// How a line is stroked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stroke {
    /// Without a gap.
    #[default]
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dashes and dots in turn.
    DashDot,
    /// A hairline: the outline of an area.
    Fine,
}

/// How a metric over a run is drawn.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    clap::ValueEnum,
)]
pub enum Form {
    /// Straight lines between the values.
    #[default]
    Line,
    /// Each value holds until the next.
    Step,
    /// As a line, with the area below it.
    Area,
}
