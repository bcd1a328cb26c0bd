//! JSON as Python writes it, with bare `NaN`, `Infinity` and `-Infinity`; members keep the order of
//! the file, which a map would lose.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Replaces, by strings of the same length, bare `NaN`, `Infinity` and `-Infinity` outside
/// strings: strict JSON refuses them. The same length keeps lines and columns of messages right.
pub(super) fn replace_bare_tokens(bytes: &mut [u8]) {
    let mut at = 0;
    let mut in_string = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => at += 1,
            b'N' | b'I' | b'-' if !in_string => {
                let rest = bytes.get_mut(at..).unwrap_or_default();
                let token = BARE_TOKENS.iter().find(|(bare, ..)| rest.starts_with(bare));
                if let Some((bare, quoted, _)) = token {
                    for (byte, quoted) in rest.iter_mut().zip(*quoted) {
                        *byte = *quoted;
                    }
                    at += bare.len();
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Bare token, the string of the same length that stands for it, its value. The strings end with
/// a control character, which no name of a type or module may hold.
const BARE_TOKENS: [(&[u8], &[u8], f64); 3] = [
    (b"NaN", b"\"\x7f\"", f64::NAN),
    (b"Infinity", b"\"Infin\x7f\"", f64::INFINITY),
    (b"-Infinity", b"\"-Infin\x7f\"", f64::NEG_INFINITY),
];

/// What stands beside a key inside a module's or a type's object.
#[derive(Debug)]
pub(super) enum Value {
    Number(f64),
    Text(String),
    Other,
}

impl Value {
    /// Whether it is a quoted text in the file, and not a bare token.
    pub(super) fn is_quoted(&self) -> bool {
        matches!(self, Self::Text(text) if !text.ends_with('\x7f'))
    }

    /// The number it means. Some programs write such numbers as strings or as `null` instead of
    /// bare tokens.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => {
                let tokens = BARE_TOKENS.iter();
                let mut matching = tokens.filter(|(bare, quoted, _)| {
                    let inside = quoted.get(1..quoted.len() - 1);
                    text.as_bytes() == *bare || Some(text.as_bytes()) == inside
                });
                matching.next().map(|&(_, _, value)| value)
            }
            Self::Other => None,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a string")
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Number(f64::NAN))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}

/// A JSON object with its members in the order of the file.
#[derive(Debug)]
pub(super) struct Members<T>(pub(super) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<T>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}
