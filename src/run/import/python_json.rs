//! JSON as Python writes it, made strict while it is read.
//!
//! Enters: text with bare `NaN`, `Infinity` and `-Infinity`. Leaves: the same with these in
//! quotes. A line end closes a string that was left open, so that one bad line does not spoil
//! those that follow.

use std::io::{self, Read};

/// Puts bare `NaN`, `Infinity` and `-Infinity` in quotes.
#[derive(Debug)]
pub(super) struct Strict<R> {
    pub(super) inner: R,
    state: State,
    raw: Vec<u8>,
    quoted: Vec<u8>,
    given: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Outside,
    String,
    /// Behind a backslash in a string.
    Escaped,
    /// Behind a minus, which is kept back.
    Minus,
    /// In a bare word, whose quote is open.
    Word,
}

impl<R: Read> Strict<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            state: State::Outside,
            raw: vec![0; 64 << 10],
            quoted: Vec::new(),
            given: 0,
        }
    }

    fn take(&mut self, byte: u8) {
        let out = &mut self.quoted;
        self.state = match (self.state, byte) {
            (State::String, b'\\') => {
                out.push(byte);
                State::Escaped
            }
            (State::String, b'"' | b'\n') => {
                out.push(byte);
                State::Outside
            }
            (State::String | State::Escaped, _) | (State::Outside, b'"') => {
                out.push(byte);
                State::String
            }
            (State::Word, b'a'..=b'z' | b'A'..=b'Z') => {
                out.push(byte);
                State::Word
            }
            (State::Word, _) => {
                out.push(b'"');
                self.state = State::Outside;
                return self.take(byte);
            }
            (State::Minus, b'I') => {
                out.extend_from_slice(b"\"-I");
                State::Word
            }
            (State::Minus, _) => {
                out.push(b'-');
                self.state = State::Outside;
                return self.take(byte);
            }
            (State::Outside, b'N' | b'I') => {
                out.extend_from_slice(&[b'"', byte]);
                State::Word
            }
            (State::Outside, b'-') => State::Minus,
            (State::Outside, _) => {
                out.push(byte);
                State::Outside
            }
        };
    }
}

impl<R: Read> Read for Strict<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.quoted.len() {
            self.quoted.clear();
            self.given = 0;
            let read = self.inner.read(&mut self.raw)?;
            if read == 0 {
                return Ok(0);
            }
            let raw = std::mem::take(&mut self.raw);
            raw[..read].iter().for_each(|&byte| self.take(byte));
            self.raw = raw;
        }
        let left = &self.quoted[self.given..];
        let given = left.len().min(buffer.len());
        buffer[..given].copy_from_slice(&left[..given]);
        self.given += given;
        Ok(given)
    }
}

/// The number that a string stands for: the words of [`Strict`], or a number some program put
/// in quotes.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_are_quoted_and_strings_left() {
        let text = r#"{"a":NaN,"b":-Infinity,"c":[-1.5,Infinity],"NaN \" I":"-Infinity","d":1e-3}"#;
        let expected =
            r#"{"a":"NaN","b":"-Infinity","c":[-1.5,"Infinity"],"NaN \" I":"-Infinity","d":1e-3}"#;
        let mut strict = String::new();
        let read = Strict::new(text.as_bytes()).read_to_string(&mut strict);
        assert!(read.is_ok());
        assert_eq!(strict, expected);
    }
}
