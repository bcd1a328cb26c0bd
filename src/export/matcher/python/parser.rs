//! The place of the parser in a pattern, and what it has met on the way.

use std::collections::HashSet;

use super::{Dots, Unreadable};

/// The flags in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Python's flags are independent of each other"
)]
pub(super) struct Flags {
    pub(super) ignore_case: bool,
    pub(super) multi_line: bool,
    pub(super) dot_all: bool,
    /// `\w` and its like are ASCII's.
    pub(super) ascii: bool,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of something met on the way"
)]
pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) dots: Dots,
    pub(super) names: HashSet<String>,
    pub(super) depends_on_unicode: bool,
    pub(super) has_dollar: bool,
    pub(super) any_ignore_case: bool,
    pub(super) any_unicode_literal: bool,
}

pub(super) type Parsed<T> = Result<T, Unreadable>;

impl Parser {
    pub(super) fn new(pattern: &str, dots: Dots) -> Self {
        Self {
            chars: pattern.chars().collect(),
            at: 0,
            dots,
            names: HashSet::new(),
            depends_on_unicode: false,
            has_dollar: false,
            any_ignore_case: false,
            any_unicode_literal: !pattern.is_ascii(),
        }
    }

    pub(super) fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(next) = self.peek().filter(char::is_ascii_digit) {
            digits.push(next);
            self.at += 1;
        }
        digits
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_text(&mut self, wanted: &str) -> bool {
        let start = self.at;
        let found = wanted.chars().all(|c| self.take(c));
        if !found {
            self.at = start;
        }
        found
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }
}

/// What Python refuses.
pub(super) fn refused(at: usize, reason: &str) -> Unreadable {
    Unreadable {
        at,
        reason: reason.to_owned(),
        refused: true,
    }
}

/// What Python takes and this program does not follow.
pub(super) fn differs(at: usize, reason: &str) -> Unreadable {
    Unreadable {
        at,
        reason: reason.to_owned(),
        refused: false,
    }
}
