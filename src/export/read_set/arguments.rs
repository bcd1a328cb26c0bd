//! ms-swift's command line, in a shell script or alone.
//!
//! Enters: text with `--trainable_parameters` or its relatives. Leaves: the set.

use std::path::Path;

use super::refuse;
use crate::error::Result;
use crate::export::{FreezeFile, MsSwift, Pattern};

/// Arguments that make a text a command line of ms-swift.
const TELLING: [&str; 5] = [
    "--trainable_parameters",
    "--trainable_parameters_regex",
    "--freeze_parameters",
    "--freeze_parameters_ratio",
    "--freeze_parameters_regex",
];

/// Whether a text is a command line of ms-swift.
pub(super) fn is_command(text: &str) -> bool {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    code.flat_map(str::split_whitespace)
        .any(|word| TELLING.contains(&word.split('=').next().unwrap_or_default()))
}

/// Reads the command line.
pub(super) fn read(path: &Path, text: &str) -> Result<FreezeFile> {
    let words = words(text).map_err(|line| {
        refuse(
            path,
            &format!("line {line}"),
            "a quote is not closed",
            "close it, as the shell would ask for",
        )
    })?;
    let mut patterns = Vec::new();
    let mut settings = MsSwift::default();
    let mut warnings = Vec::new();
    let mut key = String::new();
    for Pattern { text, line } in words {
        let mut value = text;
        if value.starts_with("--") {
            let (name, given) = match value.split_once('=') {
                Some((name, given)) => (name.to_owned(), Some(given.to_owned())),
                None => (value, None),
            };
            key = name;
            let Some(given) = given else { continue };
            value = given;
        }
        let pattern = Pattern::new(value, line);
        match key.as_str() {
            "--trainable_parameters" => patterns.push(pattern),
            "--freeze_parameters" => settings.freeze.push(pattern),
            "--trainable_parameters_regex" => settings.trainable_regex = Some(pattern),
            "--freeze_parameters_regex" => settings.freeze_regex = Some(pattern),
            "--freeze_parameters_ratio" => {
                settings.freeze_ratio = pattern.text.parse().map_err(|_error| {
                    let problem =
                        format!("--freeze_parameters_ratio {} is no number", pattern.text);
                    refuse(path, &format!("line {line}"), &problem, "give 0 to 1")
                })?;
            }
            "--train_type" | "--sft_type" | "--tuner_type" if pattern.text != "full" => {
                warnings.push(format!(
                    "line {line}: {key} is {}: ms-swift freezes and unfreezes by name only with \
                     {key} full",
                    pattern.text
                ));
            }
            _ => {}
        }
    }
    Ok(FreezeFile {
        warnings,
        ..FreezeFile::of_ms_swift(patterns, settings)
    })
}

/// The words of a shell script with their lines: quotes, backslashes, comments. Variables stay as
/// they are. The error is the line of a quote that is not closed.
fn words(text: &str) -> std::result::Result<Vec<Pattern>, usize> {
    let mut words = Vec::new();
    let mut word: Option<Pattern> = None;
    let mut line = 1;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let here = line;
        line += usize::from(c == '\n');
        if c.is_whitespace() {
            words.extend(word.take());
            continue;
        }
        if c == '#' && word.is_none() {
            while rest.peek().is_some_and(|&next| next != '\n') {
                rest.next();
            }
            continue;
        }
        if c == '\\' {
            match rest.next() {
                // A line that goes on, also with Windows' ends.
                Some('\r') if rest.peek() == Some(&'\n') => {
                    rest.next();
                    line += 1;
                }
                Some('\n') => line += 1,
                Some(next) => word.get_or_insert(Pattern::new("", here)).text.push(next),
                None => {}
            }
            continue;
        }
        let word = word.get_or_insert(Pattern::new("", here));
        if c != '"' && c != '\'' {
            word.text.push(c);
            continue;
        }
        loop {
            let next = rest.next().ok_or(here)?;
            line += usize::from(next == '\n');
            match next {
                _ if next == c => break,
                '\\' if c == '"' => match rest.next().ok_or(here)? {
                    escaped @ ('"' | '\\' | '$' | '`') => word.text.push(escaped),
                    '\n' => line += 1,
                    other => word.text.extend(['\\', other]),
                },
                _ => word.text.push(next),
            }
        }
    }
    words.extend(word);
    Ok(words)
}
