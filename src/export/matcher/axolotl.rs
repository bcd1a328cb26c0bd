//! axolotl: `unfrozen_parameters`, and the plugin that makes its own.
//!
//! Enters: entries, or the plugin's fraction. Leaves: findings. Source:
//! `src/axolotl/utils/freeze.py` and `src/axolotl/integrations/spectrum`.

use super::findings::Findings;
use super::python::{Dots, translate};
use super::rule::Matches;
use super::{Rule, Target, Unreadable};
use crate::export::{Parameters, Pattern, Settings};
use crate::selection::{EMBEDDINGS, HEAD};
use crate::tensor::ModuleName;

/// Rows of a parameter: from the first to before the last, or to the end.
type Range = (u64, Option<u64>);

/// Follows `freeze_layers_except`.
pub(super) fn follow(patterns: &[Pattern], findings: &mut Findings<'_>) {
    let mut ranges: Vec<(Pattern, Range, Vec<usize>)> = Vec::new();
    for pattern in patterns {
        let (text, range) = match split_range(&pattern.text) {
            Ok(split) => split,
            Err(reason) => {
                findings.unreadable.push((pattern.clone(), reason));
                continue;
            }
        };
        let escaped = escape_dots(text);
        findings.entry(pattern, |target| matches(target, text, &escaped));
        if let Some(range) = range
            && let Ok(found) = findings.target.apply(Rule::Match, &escaped)
        {
            ranges.push((pattern.clone(), range, found.all));
        }
    }
    for (pattern, range, found) in ranges {
        check_range(&pattern, range, &found, findings);
    }
    let scalar = findings.target.parameters.all.iter();
    let scalar = scalar.filter(|one| one.size == Some(1) && one.rows.is_none());
    if let Some(one) = scalar.into_iter().next() {
        findings.stop(format!(
            "axolotl asks for the length of every parameter and stops at {}, which is a single \
             number",
            one.name
        ));
    }
}

fn matches(target: &Target<'_>, text: &str, escaped: &str) -> Result<Matches, Unreadable> {
    let found = target.apply(Rule::Match, escaped);
    // The place is told in the text as it was given, where Python's own reading fails as well.
    found.map_err(|error| translate(text, Dots::Any).err().unwrap_or(error))
}

/// The pattern with every dot taken literally that no plus follows: `re.sub(r"\.(?!\+)", "\\.")`.
/// A dot that is escaped already is escaped again, and so matches a backslash and any character.
fn escape_dots(pattern: &str) -> String {
    let mut escaped = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '.' && rest.peek() != Some(&'+') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The pattern and its range of rows: `[7]`, `[a:b]`, `[a:]`, `[:b]`, at its end.
fn split_range(pattern: &str) -> Result<(&str, Option<Range>), String> {
    let none = Ok((pattern, None));
    let Some((base, inner)) = pattern
        .strip_suffix(']')
        .and_then(|start| start.rsplit_once('['))
        .filter(|(base, _)| !base.is_empty() && !base.contains('\n'))
    else {
        return none;
    };
    let (first, last) = match inner.split_once(':') {
        Some((first, last)) => (first, Some(last)),
        None => (inner, None),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !last.is_none_or(is_number) {
        return none;
    }
    let number = |text: &str| -> Result<u64, String> {
        let number = text.parse();
        number.map_err(|_error| format!("the row {text} is too large to be followed"))
    };
    let range = match (first, last) {
        ("", None) => (0, None),
        (index, None) => {
            let index = number(index)?;
            (index, Some(index.saturating_add(1)))
        }
        (first, Some(last)) => {
            let first = if first.is_empty() { 0 } else { number(first)? };
            let last = if last.is_empty() {
                None
            } else {
                Some(number(last)?)
            };
            (first, last)
        }
    };
    match range {
        (first, Some(last)) if first >= last => Err(format!(
            "axolotl stops with an error: the range [{first}:{last}] is empty"
        )),
        range => Ok((base, Some(range))),
    }
}

/// Tells which rows train, or that axolotl stops.
fn check_range(
    pattern: &Pattern,
    (first, last): Range,
    found: &[usize],
    findings: &mut Findings<'_>,
) {
    let all = &findings.target.parameters.all;
    for &place in found {
        let Some(rows) = all[place].rows else {
            continue;
        };
        if last.unwrap_or(rows) > rows || first >= last.unwrap_or(rows) {
            let line = format!(
                "{} asks axolotl for rows {first} to {} of {}, which has {rows}",
                pattern.text,
                last.map_or_else(|| "the end".into(), |last| last.to_string()),
                all[place].name,
            );
            findings.stop(line);
            return;
        }
    }
    if !found.is_empty() {
        findings.warn(format!(
            "{}: only rows {first} to {} get a gradient; the whole parameter counts as trainable",
            pattern.text,
            last.map_or_else(|| "the end".into(), |last| last.to_string()),
        ));
    }
}

/// Follows the plugin: its own set, then axolotl's rule.
pub(super) fn follow_plugin(settings: &Settings, findings: &mut Findings<'_>) {
    let Settings::AxolotlPlugin { top_fraction } = settings else {
        findings.warn(
            "the plugin reads no list: it makes its own set from the results JSON and \
             spectrum_top_fraction"
                .into(),
        );
        return;
    };
    if *top_fraction > 1.0 {
        findings.warn(format!(
            "spectrum_top_fraction is a fraction: {top_fraction} takes every module of the results; \
             {} is meant for {top_fraction} %",
            top_fraction / 100.0
        ));
    }
    let parameters = findings.target.parameters;
    if parameters.sources.iter().all(|source| source.snr.is_none()) {
        findings.warn(
            "no ratios are known: the plugin's set cannot be told without the results it reads"
                .into(),
        );
        return;
    }
    let patterns = fraction_set(parameters, *top_fraction);
    follow(&patterns, findings);
}

/// The plugin's set: the two fixed lines, and of each type `int(count * fraction)` modules with
/// the highest ratios. Python's slice counts a negative number from the end.
fn fraction_set(parameters: &Parameters, fraction: f64) -> Vec<Pattern> {
    let mut types: Vec<(&str, Vec<(&str, f64)>)> = Vec::new();
    for source in &parameters.sources {
        let Some(snr) = source.snr else { continue };
        let layer_type = ModuleName::parse(&source.name).layer_type;
        let place = types.iter().position(|(name, _)| *name == layer_type);
        let place = place.unwrap_or_else(|| {
            types.push((layer_type, Vec::new()));
            types.len() - 1
        });
        types[place].1.push((&source.name, snr));
    }
    let mut patterns = vec![Pattern::new(HEAD, 0), Pattern::new(EMBEDDINGS, 0)];
    for (_, mut modules) in types {
        // Python's sort does not define where NaN goes; here it goes last.
        let key = |snr: f64| if snr.is_nan() { f64::NEG_INFINITY } else { snr };
        modules.sort_by(|a, b| key(b.1).total_cmp(&key(a.1)));
        let count = (modules.len() as f64 * fraction).trunc();
        let count = if count < 0.0 {
            modules.len().saturating_sub(-count as usize)
        } else {
            (count as usize).min(modules.len())
        };
        let names = modules.into_iter().take(count);
        patterns.extend(names.map(|(name, _)| Pattern::new(name, 0)));
    }
    patterns
}
