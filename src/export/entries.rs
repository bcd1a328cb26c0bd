//! A set's entries as each consumer reads them from the same file.
//!
//! Enters: a freeze set. Leaves: patterns, and what a consumer overlooks.

use crate::export::{Consumer, FreezeFile, Pattern};

/// The entries as `consumer` reads them, with what of the file it overlooks or takes otherwise.
pub(super) fn entries(file: &FreezeFile, consumer: Consumer) -> (Vec<Pattern>, Vec<String>) {
    let mut warnings = Vec::new();
    let patterns = match (consumer, &file.text) {
        (Consumer::Aws, Some(text)) => {
            let patterns = by_lines(text);
            let indented = stripped_lines(text).len().saturating_sub(patterns.len());
            if indented > 0 {
                warnings.push(format!(
                    "train_spectrum.py reads only lines that start with `- ` in column 0: {indented} \
                     indented {} not read",
                    if indented == 1 { "line is" } else { "lines are" }
                ));
            }
            patterns
        }
        (Consumer::AwsRecipes, Some(text)) => stripped_lines(text),
        _ => file.patterns.clone(),
    };
    if matches!(consumer, Consumer::Aws | Consumer::AwsRecipes) {
        literal_yaml(&patterns, &mut warnings);
    }
    if consumer == Consumer::Snippet {
        let anchored =
            |pattern: &&Pattern| pattern.text.starts_with('^') || pattern.text.ends_with('$');
        let count = patterns.iter().filter(anchored).count();
        if count > 0 {
            warnings.push(format!(
                "the snippet looks for plain text: {count} {} ^ or $, which no name holds",
                if count == 1 {
                    "entry has"
                } else {
                    "entries have"
                }
            ));
        }
    }
    (patterns, warnings)
}

/// What is YAML to a person and part of the pattern to a reader of lines.
fn literal_yaml(patterns: &[Pattern], warnings: &mut Vec<String>) {
    let quoted = |text: &str| text.starts_with(['"', '\'']);
    let comment = |text: &str| text.contains(" #");
    let blank = |text: &str| text.ends_with([' ', '\t']);
    let mut tell = |is: &dyn Fn(&str) -> bool, what: &str| {
        let mut found = patterns.iter().filter(|pattern| is(&pattern.text));
        if let Some(first) = found.next() {
            let more = found.count();
            let more = if more == 0 {
                String::new()
            } else {
                format!(" (and {more} more)")
            };
            warnings.push(format!("line {}: {what}{more}", first.line));
        }
    };
    tell(
        &quoted,
        "the quotes are part of the pattern, and no name has them",
    );
    tell(&comment, "the comment behind it is part of the pattern");
    tell(&blank, "the blank at its end is part of the pattern");
}

/// AWS's sample: `line.split("- ")[1]` of the lines that start with `- `.
fn by_lines(text: &str) -> Vec<Pattern> {
    let lines = python_lines(text).into_iter().enumerate();
    lines
        .filter_map(|(index, line)| {
            let rest = line.strip_prefix("- ")?;
            let pattern = rest.split("- ").next().unwrap_or_default();
            Some(Pattern::new(pattern, index + 1))
        })
        .collect()
}

/// AWS's recipes: the same without blanks around the line and the pattern, and no empty ones.
fn stripped_lines(text: &str) -> Vec<Pattern> {
    let lines = python_lines(text).into_iter().enumerate();
    lines
        .filter_map(|(index, line)| {
            let pattern = stripped(stripped(line).strip_prefix("- ")?);
            (!pattern.is_empty()).then(|| Pattern::new(pattern, index + 1))
        })
        .collect()
}

/// Python's `str.strip()`.
fn stripped(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c))
}

/// Python's `str.splitlines()`.
fn python_lines(text: &str) -> Vec<&str> {
    let ends = [
        '\n', '\r', '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ends) {
        lines.push(&rest[..at]);
        let end = rest[at..].chars().next().map_or(1, char::len_utf8);
        let end = if rest[at..].starts_with("\r\n") {
            2
        } else {
            end
        };
        rest = &rest[at + end..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}
