//! shell

pub(crate) mod app;
pub(crate) mod command;
pub(crate) mod dialogs;
pub(crate) mod figures;
pub(crate) mod jobs;
pub(crate) mod notices;
pub(crate) mod palette;
pub(crate) mod presentation;
pub(crate) mod saving;
pub(crate) mod settings;
pub(crate) mod shortcuts;
pub(crate) mod startup;
pub(crate) mod state;
pub(crate) mod status;
pub(crate) mod stored_sets;
pub(crate) mod tabs;
pub(crate) mod toolbar;
pub(crate) mod update;
pub(crate) mod view;
