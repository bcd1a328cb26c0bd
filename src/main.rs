//! Reads the arguments: runs a command, or opens the window.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use layerscope::cli::{self, Arguments};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(command) => cli::run(command, &arguments.common),
        None => open_window(&arguments.paths),
    }
}

// The window is wired in here: with the feature `gui`, `cli::finish(layerscope::app::run(paths))`.
fn open_window(_paths: &[PathBuf]) -> ExitCode {
    cli::without_window()
}
