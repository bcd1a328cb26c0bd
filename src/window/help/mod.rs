//! The help room: what the numbers mean, with a made-up layer to try it on.

pub(crate) mod state;
mod update;
mod view;
