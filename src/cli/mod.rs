//! The command line: the same program without a window.

mod check;
mod choosing;
mod compare;
mod cost;
mod earlier;
mod figure;
mod figure_args;
mod figure_page;
mod figure_runs;
mod figure_runs_args;
mod figure_spectra;
mod hub;
mod inspect;
mod inspect_document;
mod interrupt;
mod logs;
mod merge;
mod meter;
mod open;
mod output;
mod scan;
mod scan_summary;
mod select;
mod types;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand, ValueHint};

use crate::error::{Error, Result};

pub use check::CheckArgs;
pub use choosing::ChoosingArgs;
pub use compare::CompareArgs;
pub use figure_args::FigureArgs;
pub use inspect::InspectArgs;
pub use merge::MergeArgs;
pub use output::print;
pub use scan::ScanArgs;
pub use select::SelectArgs;
pub use types::TypesArgs;

/// See which layers of a language model carry signal, choose the ones to train, export the set.
///
/// Without a command, opens the window on PATHS: results files, model folders or weight files;
/// on what was open last, or the sample, where there are none.
#[derive(Debug, Parser)]
#[command(
    version,
    override_usage = "layerscope [PATHS]...\n       layerscope [OPTIONS] <COMMAND>"
)]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// The command; without one the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the window is to open; write ./scan for a file named like a command
    #[arg(value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Print the milliseconds to the window's first frame, and quit; for benches/startup.rs
    #[arg(long, hide = true)]
    pub time_startup: bool,
}

/// What every command takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::Args)]
pub struct Common {
    /// Say nothing but errors: no progress, no warnings
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub json: bool,
}

/// What runs without a window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan a model and write the ratios of its modules into results files
    Scan(ScanArgs),
    /// Put the parts of a scan together that `scan --shard` wrote
    Merge(MergeArgs),
    /// List the layer types with their counts, shapes, parameters and ratios
    Types(TypesArgs),
    /// Choose the modules to train and print the set, or write it to a file
    Select(SelectArgs),
    /// The dry run: which parameters a trainer would train with a freeze set
    Check(CheckArgs),
    /// Show all that is known of one module: its ratio, the noise control, the law, ranks and tail
    Inspect(InspectArgs),
    /// Compare training runs from their logs: losses, memory, minutes, beside a baseline's
    Compare(CompareArgs),
    /// Draw the window's pictures: heatmap, spectrum, waterfall, runs
    Figure(FigureArgs),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

impl Common {
    /// Prints `warning: line` on standard error, unless the user asked for quiet.
    pub(crate) fn warn(self, line: &str) {
        if !self.quiet {
            output::complain(&format!("warning: {line}"));
        }
    }

    fn warn_all(self, lines: &[String]) {
        for line in lines {
            self.warn(line);
        }
    }

    /// Prints `line` on standard error, unless the user asked for quiet.
    pub(crate) fn note(self, line: &str) {
        if !self.quiet {
            output::complain(line);
        }
    }
}

/// Runs a command and says how it ended.
#[must_use]
pub fn run(command: &Command, common: Common) -> ExitCode {
    let result = match command {
        Command::Scan(arguments) => scan::run(arguments, common),
        Command::Merge(arguments) => merge::run(arguments, common),
        Command::Types(arguments) => types::run(arguments, common),
        Command::Select(arguments) => select::run(arguments, common),
        Command::Check(arguments) => check::run(arguments, common),
        Command::Inspect(arguments) => inspect::run(arguments, common),
        Command::Compare(arguments) => compare::run(arguments, common),
        Command::Figure(arguments) => figure::run(arguments, common),
        Command::Completions { shell } => completions(*shell),
        Command::Man => manual(),
    };
    finish(result)
}

/// The exit code of a result, after its one line on standard error where it failed.
#[must_use]
pub fn finish(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_canceled() => {
            output::complain("canceled");
            ExitCode::from(130)
        }
        Err(error) => {
            output::complain(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// What a build without the window says when it is asked for one.
#[must_use]
pub fn without_window() -> ExitCode {
    let program = Arguments::command();
    let commands: Vec<&str> = program
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    output::complain(&format!(
        "error: this program was built without the window; commands: {}",
        commands.join(", ")
    ));
    ExitCode::FAILURE
}

fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "layerscope", &mut text);
    print(&String::from_utf8_lossy(&text))
}

/// The page of the program, then of each of its commands.
fn manual() -> Result<()> {
    let mut program = Arguments::command();
    program.build();
    let commands = program.get_subcommands().cloned().collect::<Vec<_>>();
    let mut text = Vec::new();
    for command in std::iter::once(program).chain(commands) {
        if command.get_name() != "help" {
            clap_mangen::Man::new(command)
                .render(&mut text)
                .map_err(Error::io("standard output", "write"))?;
        }
    }
    print(&String::from_utf8_lossy(&text))
}
