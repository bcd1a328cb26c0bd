//! plot

pub(crate) mod chart;
pub(crate) mod chart_keys;
