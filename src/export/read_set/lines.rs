//! Sets that are lists of lines: names one a line, and files that are YAML to their readers of
//! lines only.
//!
//! Enters: text. Leaves: patterns with their lines.

use crate::export::{Consumer, FreezeFile, Pattern};

/// Finds the line of each text in turn: where the list that a parser read stands in the file.
pub(super) struct Finder<'a> {
    lines: Vec<&'a str>,
    at: usize,
}

impl<'a> Finder<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            lines: text.lines().collect(),
            at: 0,
        }
    }

    /// Goes on behind the first line that holds a key.
    pub(super) fn behind_key(&mut self, key: &str) {
        let found = self.lines.iter().position(|line| {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
        });
        self.at = found.unwrap_or(0);
    }

    /// The next line that holds `text`, from 1; 0 where no line does.
    pub(super) fn line(&mut self, text: &str) -> usize {
        let mut lines = self.lines.iter().enumerate().skip(self.at);
        let Some((line, found)) = lines.find(|(_, line)| line.contains(text)) else {
            return 0;
        };
        // Several may stand in one line.
        self.at = line + usize::from(found.trim_start().starts_with("- "));
        line + 1
    }
}

/// Names one a line, where every line that is no comment is one.
pub(super) fn names(text: &str) -> Option<FreezeFile> {
    let mut patterns = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.contains([' ', '\t', ',', ';', '{', '}']) || line.ends_with(':') {
            return None;
        }
        patterns.push(Pattern::new(line, index + 1));
    }
    let is_name = |pattern: &Pattern| {
        pattern.text.contains(['.', '_']) && pattern.text.contains(|c: char| c.is_alphabetic())
    };
    if !patterns.iter().any(is_name) {
        return None;
    }
    Some(FreezeFile {
        consumer: Consumer::Snippet,
        patterns,
        warnings: vec![
            "names one a line: taken as a Python list for Spectrum's README snippet, which looks \
             for them as plain text"
                .into(),
        ],
        ..FreezeFile::default()
    })
}

/// Lines that start with `- ` in a file that no YAML parser reads.
pub(super) fn dashes(text: &str, problem: &str) -> Option<FreezeFile> {
    let lines = text.lines().enumerate();
    let patterns: Vec<Pattern> = lines
        .filter_map(|(index, line)| {
            let pattern = line.trim().strip_prefix("- ")?.trim();
            Some(Pattern::new(pattern, index + 1))
        })
        .collect();
    if patterns.is_empty() {
        return None;
    }
    Some(FreezeFile {
        consumer: Consumer::Aws,
        patterns,
        warnings: vec![format!(
            "is no YAML ({problem}); readers of lines, such as AWS's, take it all the same, axolotl \
             does not"
        )],
        ..FreezeFile::default()
    })
}
