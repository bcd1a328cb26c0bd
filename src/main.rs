//! Reads the arguments: runs a command, or opens the window.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use layerscope::cli::{self, Arguments};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(command) => cli::run(command, arguments.common),
        None => open_window(arguments.paths),
    }
}

#[cfg(feature = "gui")]
fn open_window(paths: Vec<PathBuf>) -> ExitCode {
    cli::finish(layerscope::ui::run(paths))
}

#[cfg(not(feature = "gui"))]
fn open_window(_paths: Vec<PathBuf>) -> ExitCode {
    cli::without_window()
}
