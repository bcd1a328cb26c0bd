//! One entry of a set under one rule: which names it matches, and which of these it does not name.
//!
//! Enters: the entry's text, the rule, the model's names. Leaves: [`Matches`].

use crate::export::Parameters;
use crate::export::matcher::names_index::NamesIndex;
use crate::export::matcher::python::{Anchor, Dots, Step, Translated, Unreadable, translate};

/// How a trainer matches a text with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::export) enum Rule {
    /// `re.match`.
    Match,
    /// `re.search`.
    Search,
    /// `str.startswith`.
    StartsWith,
    /// `text in name`.
    Substring,
}

/// What an entry matches: places of names, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::export) struct Matches {
    /// All it matches.
    pub(in crate::export) all: Vec<usize>,
    /// Of these, what it does not name.
    pub(in crate::export) accidental: Vec<usize>,
}

/// The names a set is held against.
#[derive(Debug)]
pub(in crate::export) struct Target<'a> {
    pub(in crate::export) parameters: &'a Parameters,
    /// Names of parameters: places are indices into [`Parameters::all`].
    pub(in crate::export) names: NamesIndex<'a>,
    /// Names of modules: places are indices into [`Parameters::modules`].
    pub(in crate::export) modules: NamesIndex<'a>,
    /// For each module, the places of its own parameters.
    own: Vec<Vec<usize>>,
}

impl<'a> Target<'a> {
    pub(in crate::export) fn new(parameters: &'a Parameters) -> Self {
        let names = parameters.all.iter().map(|one| one.name.as_str());
        let modules = parameters.modules.iter().map(|one| one.name.as_str());
        let mut own = vec![Vec::new(); parameters.modules.len()];
        for (place, parameter) in parameters.all.iter().enumerate() {
            own[parameter.module].push(place);
        }
        Self {
            parameters,
            names: NamesIndex::new(names),
            modules: NamesIndex::new(modules),
            own,
        }
    }

    /// The parameters of modules, ascending.
    pub(in crate::export) fn parameters_of(&self, modules: &[usize]) -> Vec<usize> {
        let own = modules.iter().flat_map(|&module| &self.own[module]);
        let mut places: Vec<usize> = own.copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Applies `rule` to the names of parameters.
    ///
    /// # Errors
    /// Why a regular expression is not followed.
    pub(in crate::export) fn apply(&self, rule: Rule, text: &str) -> Result<Matches, Unreadable> {
        let plain = match rule {
            Rule::StartsWith => Plain::new(text, self.names.starting_with(text)),
            Rule::Substring => Plain::new(text, self.names.holding(text)),
            Rule::Match => return self.regex(Anchor::Match, text),
            Rule::Search => return self.regex(Anchor::Search, text),
        };
        Ok(self.judged(plain, rule == Rule::Substring, false))
    }

    fn regex(&self, anchor: Anchor, text: &str) -> Result<Matches, Unreadable> {
        let translated = translate(text, Dots::Any)?;
        followed(&translated, &self.names)?;
        let from_start = anchor != Anchor::Search || translated.has_start;
        let is_literal = !translated.prefix.contains(&Step::Any);
        if translated.is_plain && (from_start || is_literal && !translated.has_end) {
            let literal = text_of(&translated.prefix);
            let whole = translated.has_end;
            let all = if from_start {
                self.names.stepped(&translated.prefix, whole)
            } else {
                self.names.holding(&literal)
            };
            return Ok(self.judged(Plain::new(&literal, all), !from_start, whole));
        }
        let all = matching(&translated, anchor, &self.names)?;
        let accidental = self.beyond(&all, anchor, text)?;
        Ok(Matches { all, accidental })
    }

    /// Of what a regular expression matches, what it would not with its dots taken as dots and
    /// its end where a part of the name ends.
    fn beyond(&self, all: &[usize], anchor: Anchor, text: &str) -> Result<Vec<usize>, Unreadable> {
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let meant = translate(text, Dots::Literal)?;
        self.names.count(meant.repeated)?;
        let meant = meant.compile(anchor, true)?;
        let beyond = |place: &&usize| !meant.is_match(self.names.name(**place));
        Ok(all.iter().filter(beyond).copied().collect())
    }

    /// Tells what a plain text names from what it only happens to match.
    fn judged(&self, plain: Plain<'_>, anywhere: bool, whole: bool) -> Matches {
        let Plain { text, all } = plain;
        let module = self.modules.find(text.strip_suffix('.').unwrap_or(text));
        let starts = |name: &str| name.starts_with(text);
        // Where the text is the start of some names, others that hold it further in are of
        // another part of the model.
        let from_start = !anywhere || all.iter().any(|&place| starts(self.names.name(place)));
        let is_meant = |place: usize| {
            let name = self.names.name(place);
            if from_start {
                let owner = self.parameters.all[place].module;
                let is_end = whole || ends_part(text, name.get(text.len()..).unwrap_or_default());
                let is_owner = module.is_none_or(|module| module == owner);
                return starts(name) && is_end && is_owner;
            }
            name.match_indices(text).any(|(at, _)| {
                let is_start = text.starts_with('.') || name[..at].ends_with('.');
                is_start && ends_part(text, &name[at + text.len()..])
            })
        };
        let beyond = all.iter().copied().filter(|&place| !is_meant(place));
        Matches {
            accidental: beyond.collect(),
            all,
        }
    }
}

struct Plain<'a> {
    text: &'a str,
    all: Vec<usize>,
}

impl<'a> Plain<'a> {
    fn new(text: &'a str, all: Vec<usize>) -> Self {
        Self { text, all }
    }
}

/// Whether a text that goes on with `rest` ends where a part of the name does.
fn ends_part(text: &str, rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.') || text.ends_with('.')
}

fn text_of(steps: &[Step]) -> String {
    let steps = steps.iter();
    steps
        .map(|step| match step {
            Step::Char(c) => *c,
            Step::Any => '.',
        })
        .collect()
}

/// The names that a pattern matches, ascending.
///
/// # Errors
/// Why it is not followed.
pub(in crate::export) fn matching(
    translated: &Translated,
    anchor: Anchor,
    names: &NamesIndex<'_>,
) -> Result<Vec<usize>, Unreadable> {
    followed(translated, names)?;
    names.count(translated.repeated)?;
    let regex = translated.compile(anchor, false)?;
    let matches = |place: &usize| regex.is_match(names.name(*place));
    if anchor == Anchor::Search && !translated.has_start {
        return Ok((0..names.len()).filter(matches).collect());
    }
    let candidates = names.stepped(&translated.prefix, false);
    Ok(candidates.into_iter().filter(matches).collect())
}

/// Refuses what depends on more than the pattern: names beyond ASCII, and line breaks in them.
fn followed(translated: &Translated, names: &NamesIndex<'_>) -> Result<(), Unreadable> {
    let refuse = |reason: &str| {
        Err(Unreadable {
            at: 0,
            reason: reason.to_owned(),
            refused: false,
        })
    };
    if translated.depends_on_unicode && !names.is_ascii {
        return refuse("some names are not ASCII, and Python's classes beyond ASCII are its own");
    }
    if translated.has_dollar && names.has_line_break {
        return refuse("a name holds a line break, before which Python lets $ match");
    }
    Ok(())
}
