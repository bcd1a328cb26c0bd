//! Modules, types and towers by shell pattern: `*` any text, `?` one character, `[0-9]` one of these,
//! `{a,b}` either.
//!
//! Enters: a pattern. Leaves: the indices that match the whole name, at least one, or a line
//! that says what there is instead. A pattern that matches nothing is an error: a typo would
//! otherwise make another set than was meant.

use globset::{Glob, GlobMatcher};

use crate::error::{Error, Problem, Result};
use crate::report::SnrReport;
use crate::selection::Towers;

/// How many names a message offers.
const OFFERED: usize = 5;

/// The modules whose whole name matches `pattern`, in report order.
///
/// # Errors
/// [`Error::Problem`] when the pattern is not one, or matches no module.
pub fn matching_modules(report: &SnrReport, pattern: &str) -> Result<Vec<usize>> {
    let names = report.modules.iter().map(|module| module.name.as_str());
    matching(names, pattern, "module")
}

/// The types whose whole name matches `pattern`, in report order.
///
/// # Errors
/// [`Error::Problem`] when the pattern is not one, or matches no type.
pub fn matching_types(report: &SnrReport, pattern: &str) -> Result<Vec<usize>> {
    let names = report
        .types
        .iter()
        .map(|layer_type| layer_type.name.as_str());
    matching(names, pattern, "layer type")
}

/// The towers whose whole name matches `pattern`, as indices into [`Towers::names`].
///
/// # Errors
/// [`Error::Problem`] when the pattern is not one, or matches no tower.
pub fn matching_towers(towers: &Towers, pattern: &str) -> Result<Vec<usize>> {
    matching(towers.names.iter().map(String::as_str), pattern, "tower")
}

fn matching<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    pattern: &str,
    kind: &str,
) -> Result<Vec<usize>> {
    // A name as it stands, whatever characters it has.
    if let Some(place) = names.clone().position(|name| name == pattern) {
        return Ok(vec![place]);
    }
    let glob = glob(pattern)?;
    let found: Vec<usize> = (names.clone().enumerate())
        .filter(|(_, name)| glob.is_match(name))
        .map(|(place, _)| place)
        .collect();
    if found.is_empty() {
        let problem = format!("matches no {kind}; {}", offer(names, pattern, kind));
        return Err(Problem::argument(pattern, problem).into());
    }
    Ok(found)
}

fn glob(pattern: &str) -> Result<GlobMatcher> {
    let glob = Glob::new(pattern).map_err(|error| {
        Error::from(Problem::argument(
            pattern,
            format!("is not a pattern ({})", error.kind()),
        ))
    })?;
    Ok(glob.compile_matcher())
}

/// The names nearest to a pattern that matched none: those that share most of its words.
fn offer<'a>(names: impl Iterator<Item = &'a str> + Clone, pattern: &str, kind: &str) -> String {
    let pattern = pattern.to_lowercase();
    let words: Vec<&str> = pattern
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let mut close: Vec<(usize, &str)> = names
        .clone()
        .map(|name| {
            let lower = name.to_lowercase();
            let shared = words.iter().filter(|&&word| lower.contains(word)).count();
            (shared, name)
        })
        .filter(|&(shared, _)| shared > 0)
        .collect();
    close.sort_by_key(|&(shared, _)| std::cmp::Reverse(shared));
    let mut offered: Vec<&str> = close.iter().map(|&(_, name)| name).take(OFFERED).collect();
    let lead = if offered.is_empty() {
        offered = names.take(OFFERED).collect();
        format!("a {kind} is, for example,")
    } else {
        "close to it:".to_owned()
    };
    format!("{lead} {}", offered.join(", "))
}
