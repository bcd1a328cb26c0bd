//! The heatmap widget, driven without a display.
#![cfg(feature = "gui")]

mod common;
mod drawing;
mod keyboard;
mod pictures;
mod pointer;
