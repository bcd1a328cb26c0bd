//! Character classes and escapes, as Python reads them.
//!
//! Enters: the parser, behind a `[` or a backslash. Leaves: the same in the engine's notation.
//! In a class Python knows no sets in sets, no set operations and no POSIX names: `[`, `&&`, `--`
//! and `[:alpha:]` are the characters they are.

use std::fmt::Write as _;

use super::Unreadable;
use super::parser::{Flags, Parser, differs, refused};

/// One member of a class.
enum Member {
    Char(char),
    Category(String),
}

/// A character in the engine's notation, inside a class and outside.
pub(super) fn literal(c: char) -> String {
    if c.is_ascii_alphanumeric() || c == '_' {
        c.to_string()
    } else {
        format!(r"\x{{{:x}}}", u32::from(c))
    }
}

/// The class after its `[`.
pub(super) fn class(parser: &mut Parser, flags: Flags) -> Result<String, Unreadable> {
    let start = parser.position() - 1;
    let unterminated = || refused(start, "a [ without its ]");
    let mut members = String::new();
    let negated = parser.take('^');
    loop {
        let at = parser.position();
        let next = parser.next().ok_or_else(unterminated)?;
        if next == ']' && !members.is_empty() {
            break;
        }
        let first = member(parser, next, at, flags)?;
        if !parser.take('-') {
            push(&mut members, &first);
            continue;
        }
        let at_last = parser.position();
        let last = parser.next().ok_or_else(unterminated)?;
        if last == ']' {
            push(&mut members, &first);
            push(&mut members, &Member::Char('-'));
            break;
        }
        match (first, member(parser, last, at_last, flags)?) {
            (Member::Char(low), Member::Char(high)) if low <= high => {
                // Writing to a string cannot fail.
                let _ = write!(members, "{}-{}", literal(low), literal(high));
            }
            _ => return Err(refused(at, "a range of characters the wrong way round")),
        }
    }
    let negation = if negated { "^" } else { "" };
    Ok(format!("[{negation}{members}]"))
}

fn push(members: &mut String, member: &Member) {
    match member {
        Member::Char(c) => members.push_str(&literal(*c)),
        Member::Category(category) => members.push_str(category),
    }
}

fn member(parser: &mut Parser, next: char, at: usize, flags: Flags) -> Result<Member, Unreadable> {
    if next != '\\' {
        return Ok(Member::Char(next));
    }
    let Some(escape) = parser.next() else {
        return Err(refused(at, "a [ without its ]"));
    };
    Ok(match escape {
        'd' | 'D' | 's' | 'S' | 'w' | 'W' => Member::Category(category(parser, escape, flags)),
        'b' => Member::Char('\x08'),
        '0'..='9' => return Err(differs(at, "an octal escape")),
        _ => Member::Char(escaped(parser, escape, at)?),
    })
}

/// The members of `\d`, `\s`, `\w` and their opposites, among ASCII: where names go beyond it the
/// pattern is reported instead, unless the flag `a` makes them ASCII's anyway.
pub(super) fn category(parser: &mut Parser, letter: char, flags: Flags) -> String {
    parser.depends_on_unicode |= !flags.ascii;
    let members = match letter.to_ascii_lowercase() {
        'd' => "0-9",
        // Python counts the four separators from 0x1c on as blanks, but not with the flag `a`.
        's' if flags.ascii => r"\x{9}-\x{d}\x{20}",
        's' => r"\x{9}-\x{d}\x{1c}-\x{20}",
        _ => "0-9A-Z_a-z",
    };
    if letter.is_ascii_lowercase() {
        members.to_owned()
    } else {
        format!("[^{members}]")
    }
}

/// The character that a backslash and `next` stand for, alike inside a class and outside.
pub(super) fn escaped(parser: &mut Parser, next: char, at: usize) -> Result<char, Unreadable> {
    Ok(match next {
        'a' => '\x07',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' => hexadecimal(parser, 2, at)?,
        'u' => hexadecimal(parser, 4, at)?,
        'U' => hexadecimal(parser, 8, at)?,
        'N' => return Err(differs(at, "a character by its Unicode name")),
        _ if next.is_ascii_alphabetic() => {
            return Err(refused(at, &format!(r"an unknown escape, \{next}")));
        }
        _ => next,
    })
}

fn hexadecimal(parser: &mut Parser, digits: usize, at: usize) -> Result<char, Unreadable> {
    let mut value = 0_u32;
    for _ in 0..digits {
        let digit = parser.next().and_then(|c| c.to_digit(16));
        let Some(digit) = digit else {
            return Err(refused(at, "an escape with too few hexadecimal digits"));
        };
        value = value.wrapping_mul(16).wrapping_add(digit);
    }
    parser.any_unicode_literal |= value > 0x7f;
    let c = char::from_u32(value);
    c.ok_or_else(|| differs(at, "half of a character, or none"))
}
