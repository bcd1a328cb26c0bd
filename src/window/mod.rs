//! The window: one folder per room, the shell around them, and the parts that rooms share.
//!
//! The arrow runs shell → rooms → shared parts → stages. Rooms never import each other.

pub mod action;
pub mod change;
pub(crate) mod document;
pub mod effect;
pub mod export;
pub mod files;
pub(crate) mod focus;
pub mod heatmap;
pub(crate) mod help;
pub mod hub;
pub(crate) mod kept_run;
pub(crate) mod landmark;
pub(crate) mod layers;
pub(crate) mod number;
pub mod open;
pub(crate) mod path_field;
pub(crate) mod plot;
pub(crate) mod runs;
pub mod scan;
pub mod scene;
pub mod session;
pub(crate) mod sets;
pub(crate) mod shell;
pub(crate) mod snapshot;
pub(crate) mod spectrum;
pub(crate) mod spectrum_view;
pub(crate) mod task;
pub mod theme;
pub(crate) mod tour;

pub use action::Action;
pub use document::choosing::NearTie;
pub use document::edit::Edit;
pub use document::sets::{SetRef, SetsView};
pub use document::{Document, Origin, Region};
pub use help::state::Topic;
pub use layers::Command as LayersCommand;
pub use runs::command::Command as RunsCommand;
pub use runs::entry::RunId;
pub use runs::figures::FiguresWanted;
pub use scene::{Dialog as RoomDialog, Tab};
pub use session::file::{Session, VERSION};
pub use sets::Command as SetsCommand;
pub use shell::app::{App, run};
pub use shell::command::Command;
pub use shell::settings::Settings;
pub use shell::startup::Stopwatch;
pub use shell::state::{Dialog, State};
pub use shell::update::{apply, expire_notices};
pub use spectrum::state::{Command as SpectrumCommand, Loaded, Waterfall};
pub use spectrum_view::Picture;
pub use tour::state::TourStep;

/// The name under which the system knows the window and its stored state.
pub const APP_ID: &str = "layerscope";
