//! Where text goes: standard output and standard error.

use std::borrow::Cow;
use std::io::{self, Write as _};

use crate::error::{Error, Result};

/// Writes `text` to standard output. Control characters other than line ends and tabs become `�`,
/// so that names in files cannot command a terminal. A closed pipe (`| head`) is not an error.
///
/// # Errors
/// [`Error::Io`] when it cannot be written, such as on a full disk.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let text = if text.contains(is_command) {
        Cow::Owned(text.replace(is_command, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output", "write")(error))
        }
        _ => Ok(()),
    }
}

/// Writes `value` to standard output as one JSON document.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::io("standard output", "write")(error.into()))?;
    print(&format!("{text}\n"))
}

/// One line on standard error, whatever the message holds.
pub(super) fn complain(line: &str) {
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // A closed standard error leaves nowhere to complain.
    let _ = writeln!(io::stderr(), "{line}");
}
