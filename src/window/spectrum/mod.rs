//! The spectrum room: one layer's singular values under the Marchenko–Pastur law.

mod controls;
mod figure;
mod readout;
pub(crate) mod state;
mod update;
mod view;
