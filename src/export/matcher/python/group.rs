//! Groups and flags of Python's regular expressions.
//!
//! Enters: the parser, at the start of a pattern or behind a `(`. Leaves: the group in the engine's
//! notation, or why it is not followed.

use super::parse::{Item, join};
use super::parser::{Flags, Parsed, Parser, differs, refused};

impl Parser {
    /// Flags at the very start, which are the whole pattern's.
    pub(super) fn global_flags(&mut self) -> Parsed<Flags> {
        let mut flags = Flags::default();
        loop {
            let start = self.at;
            if !self.take_text("(?") {
                return Ok(flags);
            }
            if self.peek().is_some_and(|next| next == '#') {
                self.comment(start)?;
                continue;
            }
            let letters = self.flag_letters();
            if letters.is_empty() || !self.take(')') {
                self.at = start;
                return Ok(flags);
            }
            self.set_flags(&mut flags, &letters, true, start)?;
        }
    }

    /// What follows a `(`; nothing for a comment.
    pub(super) fn group(
        &mut self,
        flags: Flags,
        depth: usize,
        start: usize,
    ) -> Parsed<Option<Item>> {
        let mut inner = flags;
        if self.take('?') {
            match self.next() {
                None => return Err(refused(start, "a ( without its )")),
                Some('#') => {
                    self.at -= 1;
                    self.comment(start)?;
                    return Ok(None);
                }
                Some(':') => {}
                Some('P') => self.named_group(start)?,
                Some('=' | '!') => return Err(differs(start, "looks ahead")),
                Some('<') => return Err(differs(start, "looks behind")),
                Some('(') => {
                    return Err(differs(start, "asks whether another group matched"));
                }
                Some('>') => {
                    return Err(differs(
                        start,
                        "an atomic group (Python 3.11 and later) never gives back what it took",
                    ));
                }
                Some(_) => {
                    self.at -= 1;
                    self.scoped_flags(&mut inner, start)?;
                }
            }
        }
        let branches = self.alternation(inner, depth + 1)?;
        if !self.take(')') {
            return Err(refused(start, "a ( without its )"));
        }
        let case = match (flags.ignore_case, inner.ignore_case) {
            (false, true) => "i",
            (true, false) => "-i",
            _ => "",
        };
        let rust = format!("(?{case}:{})", join(&branches));
        Ok(Some(Item::group(rust, &branches)))
    }

    fn named_group(&mut self, start: usize) -> Parsed<()> {
        match self.next() {
            Some('<') => {}
            Some('=') => return Err(differs(start, "refers back to a group")),
            _ => return Err(refused(start, "an unknown kind of group")),
        }
        let mut name = String::new();
        loop {
            match self.next() {
                None => return Err(refused(start, "a group's name without its >")),
                Some('>') => break,
                Some(letter) => name.push(letter),
            }
        }
        let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
        if !name.is_ascii() {
            return Err(differs(start, "a group's name is not ASCII"));
        }
        if name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_digit())
            || !name.chars().all(is_word)
        {
            return Err(refused(start, "a group's name is no identifier"));
        }
        if !self.names.insert(name) {
            return Err(refused(start, "two groups have the same name"));
        }
        Ok(())
    }

    fn scoped_flags(&mut self, flags: &mut Flags, start: usize) -> Parsed<()> {
        let on = self.flag_letters();
        if !on.is_empty() && self.peek() == Some(')') {
            return Err(differs(
                start,
                "flags for the whole pattern that do not stand at its start: Python 3.11 and \
                 later refuse them",
            ));
        }
        let off = if self.take('-') {
            let off = self.flag_letters();
            if off.is_empty() || off.contains(['a', 'u', 'L']) {
                return Err(refused(start, "flags that cannot be turned off"));
            }
            off
        } else {
            String::new()
        };
        if !self.take(':') || (on.is_empty() && off.is_empty()) {
            return Err(refused(start, "an unknown kind of group"));
        }
        if on.chars().any(|flag| off.contains(flag)) {
            return Err(refused(start, "a flag is turned on and off"));
        }
        self.set_flags(flags, &on, true, start)?;
        self.set_flags(flags, &off, false, start)
    }

    fn set_flags(
        &mut self,
        flags: &mut Flags,
        letters: &str,
        on: bool,
        start: usize,
    ) -> Parsed<()> {
        if letters.contains('a') && letters.contains('u') {
            return Err(refused(start, "the flags a and u exclude each other"));
        }
        for letter in letters.chars() {
            match letter {
                'i' => flags.ignore_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_all = on,
                'a' => flags.ascii = on,
                'u' => flags.ascii = false,
                'x' => return Err(differs(start, "the flag x: blanks and comments inside")),
                'L' => return Err(refused(start, "the flag L is for bytes")),
                _ => return Err(refused(start, "an unknown flag")),
            }
        }
        self.any_ignore_case |= flags.ignore_case;
        self.depends_on_unicode |= flags.ignore_case;
        Ok(())
    }

    fn comment(&mut self, start: usize) -> Parsed<()> {
        while let Some(next) = self.next() {
            if next == ')' {
                return Ok(());
            }
        }
        Err(refused(start, "a comment without its )"))
    }

    fn flag_letters(&mut self) -> String {
        let mut letters = String::new();
        while let Some(next) = self.peek().filter(char::is_ascii_alphabetic) {
            letters.push(next);
            self.at += 1;
        }
        letters
    }
}
