//! layers

pub(crate) mod budget;
pub(crate) mod costs;
pub(crate) mod inspector;
pub(crate) mod inspector_decision;
pub(crate) mod inspector_overview;
pub(crate) mod percent;
pub(crate) mod presets;
pub(crate) mod rules;
pub(crate) mod type_list;
pub(crate) mod type_row;
pub(crate) mod types;
pub(crate) mod view;
