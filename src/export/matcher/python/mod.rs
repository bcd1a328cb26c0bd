//! Python's regular expressions, read as Python reads them.
//!
//! Enters: a pattern as a trainer has it. Leaves: the same for this program's engine, or the
//! reason and the place where it cannot be followed: what Python refuses, and what only a
//! backtracking engine can do. Nothing is guessed.
//!
//! Both engines agree on whether there is a match wherever neither lookaround nor references are
//! involved; what differs is the notation, and that is translated piece by piece. Source:
//! CPython's `re/_parser.py` (3.11 to 3.14).

mod class;
mod group;
mod parse;
mod parser;

use std::fmt;

use regex::{Regex, RegexBuilder};

/// How much memory a compiled pattern may take: a set of some ten thousand names in one pattern.
/// Its repeats are bounded before: see [`parse`].
const SIZE_LIMIT: usize = 1 << 28;

/// Where in a name a pattern has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::export) enum Anchor {
    /// `re.match`: at the start.
    Match,
    /// `re.search`: anywhere.
    Search,
    /// `re.fullmatch`: the whole name.
    FullMatch,
}

/// How an unescaped dot is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::export) enum Dots {
    /// As Python does: any character.
    Any,
    /// As its author meant it: a dot. Dots with a quantifier stay wild.
    Literal,
}

/// One character of a pattern that starts with plain ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::export) enum Step {
    /// This one.
    Char(char),
    /// Any but a line break.
    Any,
}

/// Why a pattern is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::export) struct Unreadable {
    /// Characters before the place.
    pub(in crate::export) at: usize,
    /// What is there.
    pub(in crate::export) reason: String,
    /// Whether Python refuses it too, so that the trainer stops with an error.
    pub(in crate::export) refused: bool,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.at + 1;
        if self.refused {
            write!(f, "Python refuses it at character {place}: {}", self.reason)
        } else {
            write!(f, "character {place}: {}", self.reason)
        }
    }
}

/// A pattern taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is another thing to mind"
)]
pub(in crate::export) struct Translated {
    /// The same for the `regex` crate, without anchors of its own.
    pub(in crate::export) rust: String,
    /// What every match starts with, where the pattern starts plainly.
    pub(in crate::export) prefix: Vec<Step>,
    /// Whether the prefix is all of the pattern, but for anchors.
    pub(in crate::export) is_plain: bool,
    /// Whether it starts with `^` or `\A`.
    pub(in crate::export) has_start: bool,
    /// Whether a plain pattern ends with `$` or `\Z`.
    pub(in crate::export) has_end: bool,
    /// Whether what it matches beyond ASCII depends on the engine's Unicode tables.
    pub(in crate::export) depends_on_unicode: bool,
    /// Whether it has a `$`, which Python lets match before a line break at the end.
    pub(in crate::export) has_dollar: bool,
    /// How many characters it stands for beyond its own, its counted repeats written out.
    pub(in crate::export) repeated: u64,
}

/// Takes `pattern` apart.
///
/// # Errors
/// Why it is not followed.
pub(in crate::export) fn translate(pattern: &str, dots: Dots) -> Result<Translated, Unreadable> {
    parser::Parser::new(pattern, dots).parse()
}

impl Translated {
    /// Compiles it for names; `bounded` asks for a match that ends where a part of the name does.
    ///
    /// # Errors
    /// When the engine refuses what Python takes: it is too large.
    pub(in crate::export) fn compile(
        &self,
        anchor: Anchor,
        bounded: bool,
    ) -> Result<Regex, Unreadable> {
        let rust = &self.rust;
        let end = if bounded { r"(?:\.|\z)" } else { "" };
        let text = match anchor {
            Anchor::Match => format!(r"\A(?:{rust}){end}"),
            Anchor::Search if bounded => format!(r"(?:\A|\.)(?:{rust}){end}"),
            Anchor::Search => rust.clone(),
            Anchor::FullMatch => format!(r"\A(?:{rust})\z"),
        };
        let compiled = RegexBuilder::new(&text)
            .size_limit(SIZE_LIMIT)
            .dfa_size_limit(SIZE_LIMIT)
            .build();
        compiled.map_err(|error| Unreadable {
            at: 0,
            reason: format!(
                "is not followed by this program's engine ({})",
                error.to_string().lines().last().unwrap_or_default().trim()
            ),
            refused: false,
        })
    }
}
