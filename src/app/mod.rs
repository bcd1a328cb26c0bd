//! What happens, whether seen or not: the state, the commands that change it, background work.
//!
//! The panels of [`crate::ui`] read the state and push commands; this module applies them.

mod apply;
mod choosing;
mod choosing_command;
mod command;
mod comparing;
mod document;
mod earlier;
mod export_check;
mod export_draft;
mod figures;
mod help;
mod hub;
mod import;
mod job;
mod jobs;
pub mod runs;
mod saving;
mod session;
mod session_jobs;
mod session_path;
mod sets;
mod settings;
mod spectra;
mod spectrum;
mod state;
mod stored_sets;
mod tour;
mod work;

pub use apply::{apply, expire_notices, nudged, open_sample};
pub use choosing::{Choosing, NearTie};
pub use choosing_command::ChoosingCommand;
pub use command::{Action, Command};
pub use comparing::ComparingCommand;
pub use document::{Document, Origin};
pub use earlier::{Earlier, EarlierState};
pub use export_check::{CheckedRun, ExportCheck, RenameOffer};
pub use export_draft::ExportDraft;
pub use figures::FigureKey;
pub use help::{Help, Topic};
pub use hub::{HubCommand, HubDialog, HubDone, HubJob, HubStage, HubWork, Listed};
pub use import::Followed;
pub use job::Job;
pub use jobs::poll;
pub use runs::read_again as read_runs_again;
pub use session::{Session, StoredRun, VERSION, View};
pub use session_jobs::Restored;
pub use sets::{SetRef, SetsCommand, SetsState, SetsView, Side};
pub use settings::Settings;
pub use spectrum::{Loaded, Picture, SpectrumState, SpectrumView, Waterfall};
pub use state::{Dialog, Jobs, Notice, NoticeKind, Region, State, Tab};
pub use tour::{TourCommand, TourStep};
pub use work::{KeptSet, SetId};

/// The name under which the system knows the window and its stored state.
pub const APP_ID: &str = "layerscope";
