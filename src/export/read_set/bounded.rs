//! YAML as values, up to a most.
//!
//! Enters: text. Leaves: a [`Value`] of it, or the parser's error. A YAML file may repeat a part of
//! itself by its name, and so be a thousand times what it is long; what is built of it is counted,
//! repeated or not.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess,
    VariantAccess as _, Visitor,
};
use serde_yaml::{Mapping, Value};

/// The most values of a file, a text counted as one for every 32 bytes of it: the whole set of the
/// largest model has 50,000. Each takes some hundred bytes.
const MOST_VALUES: usize = 1 << 20;
/// The bytes of a text that count as a value.
const TEXT: usize = 32;

/// Reads `text`.
pub(super) fn read(text: &str) -> Result<Value, serde_yaml::Error> {
    let left = Cell::new(MOST_VALUES);
    Bounded { left: &left }.deserialize(serde_yaml::Deserializer::from_str(text))
}

/// Builds a value while there is room left for it.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    left: &'a Cell<usize>,
}

impl Bounded<'_> {
    fn take<E: serde::de::Error>(self, values: usize) -> Result<(), E> {
        match self.left.get().checked_sub(values) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom(format!(
                "it holds more than {MOST_VALUES} values, repeated ones counted"
            ))),
        }
    }

    fn plain<E: serde::de::Error>(self, value: impl Into<Value>) -> Result<Value, E> {
        self.take(1)?;
        Ok(value.into())
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.plain(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.plain(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.plain(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.plain(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.take(1 + value.len() / TEXT)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.take(1)?;
        Ok(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.take(1)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Sequence(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.take(1)?;
        let mut map = Mapping::new();
        while let Some((key, value)) = members.next_entry_seed(self, self)? {
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key is there twice"));
            }
        }
        Ok(Value::Mapping(map))
    }

    /// A value with a tag, `!name value`: the tag says nothing to any reader of a set.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_tag, contents): (String, _) = data.variant()?;
        contents.newtype_variant_seed(self)
    }
}
