//! The layers room: the list of types with the rules of choosing, the heatmap, the inspector.

mod budget;
mod costs;
pub(crate) mod inspector;
mod inspector_decision;
mod inspector_overview;
pub(crate) mod percent;
mod presets;
mod rules;
pub(crate) mod state;
pub(crate) mod type_list;
mod type_row;
mod types;
mod update;
mod view;

pub use state::Command;
pub(crate) use state::Layers;
