//! The parser of Python's regular expressions.
//!
//! Enters: a pattern. Leaves: [`Translated`] or [`Unreadable`]. The order of the cases is that of
//! `_parse` in CPython's `re/_parser.py`, to be held beside it.

use super::class;
use super::parser::{Flags, Parsed, Parser, differs, refused};
use super::{Dots, Step, Translated};

/// How deep groups may nest: the parser calls itself for each.
const DEPTH: usize = 100;
/// The longest pattern, in characters: the names of some ten thousand modules in one. Compiling
/// takes some hundred bytes a character.
const LONGEST: usize = 1 << 20;
/// The most characters that a pattern may stand for beyond its own, its counted repeats written
/// out: `(a{99}){99}` stands for 9,801. No name has as many.
const MOST_REPEATED: u64 = 10_000;

/// What a quantifier may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `^`, `$`, `\b` and the like: nothing to repeat.
    At,
    /// A repeat.
    Repeat,
    /// Anything else.
    Atom,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    rust: String,
    kind: Kind,
    step: Option<Step>,
    /// How many characters it stands for, its counted repeats written out.
    weight: u64,
    /// `^` or `\A` (−1), `$` or `\Z` (1).
    edge: i8,
}

impl Parser {
    pub(super) fn parse(mut self) -> Parsed<Translated> {
        if self.chars.len() > LONGEST {
            return Err(differs(
                LONGEST,
                "it goes on here, longer than any that is followed",
            ));
        }
        let flags = self.global_flags()?;
        let mut branches = self.alternation(flags, 0)?;
        if self.at < self.chars.len() {
            return Err(refused(self.at, "a ) without its ("));
        }
        if self.any_ignore_case && self.any_unicode_literal {
            return Err(differs(
                0,
                "upper and lower case beyond ASCII may be paired otherwise than in Python",
            ));
        }
        let repeated = weight(&branches).saturating_sub(self.chars.len() as u64);
        if repeated > MOST_REPEATED {
            return Err(differs(
                0,
                &format!("its repeats add up to more than the {MOST_REPEATED} that are followed"),
            ));
        }
        let rust = join(&branches);
        let rust = if flags.ignore_case {
            format!("(?i:{rust})")
        } else {
            rust
        };
        let mut items = if branches.len() == 1 && !flags.ignore_case {
            branches.swap_remove(0)
        } else {
            Vec::new()
        };
        let single = !items.is_empty() || rust.is_empty();
        let has_start = items.first().is_some_and(|item| item.edge < 0);
        if has_start {
            items.remove(0);
        }
        let has_end = items.last().is_some_and(|item| item.edge > 0);
        if has_end {
            items.pop();
        }
        let prefix: Vec<Step> = items.iter().map_while(|item| item.step).collect();
        let is_plain = single && prefix.len() == items.len();
        Ok(Translated {
            rust,
            is_plain,
            prefix,
            has_start,
            has_end: has_end && is_plain,
            depends_on_unicode: self.depends_on_unicode,
            has_dollar: self.has_dollar,
            repeated,
        })
    }

    pub(super) fn alternation(&mut self, flags: Flags, depth: usize) -> Parsed<Vec<Vec<Item>>> {
        if depth > DEPTH {
            return Err(differs(
                self.at,
                "groups are nested too deep to be followed",
            ));
        }
        let mut branches = vec![self.sequence(flags, depth)?];
        while self.take('|') {
            branches.push(self.sequence(flags, depth)?);
        }
        Ok(branches)
    }

    fn sequence(&mut self, flags: Flags, depth: usize) -> Parsed<Vec<Item>> {
        let mut items: Vec<Item> = Vec::new();
        while let Some(next) = self.peek() {
            let start = self.at;
            if next == '|' || next == ')' {
                break;
            }
            self.at += 1;
            let item = match next {
                '\\' => self.escape(flags)?,
                '[' => Item::atom(class::class(self, flags)?),
                '*' | '+' | '?' | '{' => {
                    if let Some((quantifier, times)) = self.quantifier(next, start)? {
                        self.repeat(&mut items, &quantifier, times, start)?;
                        continue;
                    }
                    Item::literal(next)
                }
                '.' => self.dot(flags),
                '(' => match self.group(flags, depth, start)? {
                    Some(item) => item,
                    None => continue,
                },
                '^' if flags.multi_line => Item::at("(?m:^)", 0),
                '^' => Item::at(r"\A", -1),
                '$' => {
                    self.has_dollar = true;
                    if flags.multi_line {
                        Item::at("(?m:$)", 0)
                    } else {
                        Item::at(r"\z", 1)
                    }
                }
                _ => Item::literal(next),
            };
            items.push(item);
        }
        Ok(items)
    }

    fn dot(&mut self, flags: Flags) -> Item {
        let is_repeated = match self.peek() {
            Some('*' | '+' | '?') => true,
            Some('{') => self.quantifier_follows(),
            _ => false,
        };
        if self.dots == Dots::Literal && !is_repeated {
            return Item::literal('.');
        }
        let rust = if flags.dot_all { "(?s:.)" } else { "(?-s:.)" };
        Item {
            step: (!flags.dot_all).then_some(Step::Any),
            ..Item::atom(rust.to_owned())
        }
    }

    /// The quantifier at hand, with the times that it writes out; or nothing where a brace is only
    /// a brace.
    fn quantifier(&mut self, first: char, start: usize) -> Parsed<Option<(String, u64)>> {
        if first != '{' {
            return Ok(Some((first.to_string(), 1)));
        }
        if self.peek() == Some('}') {
            return Ok(None);
        }
        let low = self.digits();
        let high = if self.take(',') {
            self.digits()
        } else {
            low.clone()
        };
        if !self.take('}') {
            self.at = start + 1;
            return Ok(None);
        }
        let number = |text: &str| -> Option<u32> { text.parse().ok() };
        let too_large = || differs(start, "repeats too often to be followed");
        let least = if low.is_empty() {
            0
        } else {
            number(&low).ok_or_else(too_large)?
        };
        if high.is_empty() {
            return Ok(Some((format!("{{{least},}}"), u64::from(least))));
        }
        let most = number(&high).ok_or_else(too_large)?;
        if most < least {
            return Err(refused(
                start,
                "the least number of repeats exceeds the most",
            ));
        }
        Ok(Some((format!("{{{least},{most}}}"), u64::from(most))))
    }

    fn repeat(
        &mut self,
        items: &mut Vec<Item>,
        quantifier: &str,
        times: u64,
        start: usize,
    ) -> Parsed<()> {
        let Some(item) = items.pop().filter(|item| item.kind != Kind::At) else {
            return Err(refused(start, "there is nothing to repeat"));
        };
        if item.kind == Kind::Repeat {
            return Err(refused(start, "a repeat is repeated"));
        }
        let lazy = self.take('?');
        if !lazy && self.take('+') {
            return Err(differs(
                start,
                "a possessive repeat (Python 3.11 and later) never gives back what it took",
            ));
        }
        // Greedy or lazy makes no difference to whether there is a match.
        items.push(Item {
            rust: format!("{}{quantifier}", item.rust),
            kind: Kind::Repeat,
            step: None,
            weight: item.weight.saturating_mul(times.max(1)),
            edge: 0,
        });
        Ok(())
    }

    /// What follows a backslash, outside a class.
    fn escape(&mut self, flags: Flags) -> Parsed<Item> {
        let start = self.at - 1;
        let Some(next) = self.next() else {
            return Err(refused(start, "a backslash at the end"));
        };
        Ok(match next {
            'A' => Item::at(r"\A", -1),
            'Z' => Item::at(r"\z", 1),
            'z' => {
                return Err(differs(start, r"\z is known to Python 3.14 and later only"));
            }
            'b' | 'B' => {
                self.depends_on_unicode = true;
                Item::at(if next == 'b' { r"\b" } else { r"\B" }, 0)
            }
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                let members = class::category(self, next, flags);
                Item::atom(format!("[{members}]"))
            }
            '0'..='9' => {
                return Err(differs(start, "an octal escape or a reference to a group"));
            }
            _ => Item::literal(class::escaped(self, next, start)?),
        })
    }

    /// Whether a brace at hand is a quantifier.
    fn quantifier_follows(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        let follows = matches!(self.quantifier('{', start), Ok(Some(_)));
        self.at = start;
        follows
    }
}

impl Item {
    fn atom(rust: String) -> Self {
        Self {
            rust,
            kind: Kind::Atom,
            step: None,
            weight: 1,
            edge: 0,
        }
    }

    /// A group of these branches, which reads as `rust`.
    pub(super) fn group(rust: String, branches: &[Vec<Self>]) -> Self {
        Self {
            weight: weight(branches),
            ..Self::atom(rust)
        }
    }

    fn literal(c: char) -> Self {
        Self {
            step: Some(Step::Char(c)),
            ..Self::atom(class::literal(c))
        }
    }

    fn at(rust: &str, edge: i8) -> Self {
        Self {
            kind: Kind::At,
            edge,
            ..Self::atom(rust.to_owned())
        }
    }
}

/// How many characters the branches stand for.
fn weight(branches: &[Vec<Item>]) -> u64 {
    let items = branches.iter().flatten();
    items.fold(1, |sum: u64, item| sum.saturating_add(item.weight))
}

pub(super) fn join(branches: &[Vec<Item>]) -> String {
    let texts: Vec<String> = branches
        .iter()
        .map(|items| items.iter().map(|item| item.rust.as_str()).collect())
        .collect();
    texts.join("|")
}
