//! Reads the arguments: runs a command, or opens the window.

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;
use layerscope::cli::{self, Arguments};

fn main() -> ExitCode {
    let started = Instant::now();
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(command) => cli::run(command, arguments.common),
        None => open_window(arguments, started),
    }
}

#[cfg(feature = "gui")]
fn open_window(arguments: Arguments, started: Instant) -> ExitCode {
    use std::sync::Arc;

    use layerscope::window::{self, Stopwatch};

    let stopwatch = arguments
        .time_startup
        .then(|| Arc::new(Stopwatch::new(started)));
    let shown = window::run(arguments.paths, stopwatch.clone());
    cli::finish(shown.and_then(|()| match stopwatch {
        Some(stopwatch) => cli::print(&stopwatch.lines()),
        None => Ok(()),
    }))
}

#[cfg(not(feature = "gui"))]
fn open_window(_arguments: Arguments, _started: Instant) -> ExitCode {
    cli::without_window()
}
