//! The command line: the same program without a window.
//!
//! Enters: the arguments. Leaves: text on standard output or files, warnings on standard error.

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

impl Common {
    /// Prints `warning: line` on standard error, unless the user asked for quiet.
    pub fn warn(self, line: &str) {
        use std::io::Write as _;
        if !self.quiet {
            // A closed standard error leaves nowhere to complain.
            let _ = writeln!(std::io::stderr(), "warning: {line}");
        }
    }
}
