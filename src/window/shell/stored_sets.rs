//! Named sets as the settings keep them between runs: names told by what they share with the one
//! before.
//!
//! The settings are written every half a minute, on the window's thread. Eight sets of a mixture's
//! 28,800 modules are megabytes as plain names, and a tenth of that so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::selection::{Members, NamedSet};

/// A set, its modules apart.
#[derive(Serialize, Deserialize)]
struct Stored {
    set: NamedSet,
    names: String,
}

/// Writes sets by document.
pub(crate) fn serialize<S: Serializer>(
    sets: &BTreeMap<String, Vec<NamedSet>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(sets.iter().map(|(document, sets)| {
        let stored = |set: &NamedSet| Stored {
            names: packed(&set.modules),
            set: NamedSet {
                modules: Members::default(),
                ..set.clone()
            },
        };
        (document, sets.iter().map(stored).collect::<Vec<_>>())
    }))
}

/// Reads them.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Vec<NamedSet>>, D::Error> {
    let stored = BTreeMap::<String, Vec<Stored>>::deserialize(deserializer)?;
    let set = |stored: Stored| NamedSet {
        modules: unpacked(&stored.names),
        ..stored.set
    };
    Ok(stored
        .into_iter()
        .map(|(document, sets)| (document, sets.into_iter().map(set).collect()))
        .collect())
}

/// Each name as `shared length rest`: how many bytes it begins with that the one before has, too,
/// and the rest with its length.
fn packed(members: &Members) -> String {
    let mut text = String::new();
    let mut before = "";
    for name in members.iter() {
        let same = name.char_indices().zip(before.chars());
        let shared = same
            .take_while(|((_, a), b)| a == b)
            .last()
            .map_or(0, |((at, last), _)| at + last.len_utf8());
        let rest = &name[shared..];
        // Writing to a string cannot fail.
        let _ = write!(text, "{shared} {} {rest}", rest.len());
        before = name;
    }
    text
}

/// The names that [`packed`] told; of a damaged text those before the damage.
fn unpacked(text: &str) -> Members {
    let mut names: Vec<String> = Vec::new();
    let mut left = text;
    let mut next = || {
        let (shared, after) = left.split_once(' ')?;
        let (length, after) = after.split_once(' ')?;
        let (shared, length): (usize, usize) = (shared.parse().ok()?, length.parse().ok()?);
        let rest = after.get(..length)?;
        left = &after[length..];
        let before = names.last().map_or("", String::as_str);
        names.push(format!("{}{rest}", before.get(..shared)?));
        Some(())
    };
    while next().is_some() {}
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_whatever_they_hold() {
        for names in [
            &[][..],
            &["", "a", "a\nb", "ab c", "é", "éa", "è"],
            &["model.layers.1.q", "model.layers.10.q", "model.layers.2.q"],
        ] {
            let members: Members = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(unpacked(&packed(&members)), members);
        }
        let long = ["model.layers.1.mlp.up_proj", "model.layers.2.mlp.up_proj"];
        let members: Members = long.map(str::to_owned).into_iter().collect();
        assert_eq!(
            packed(&members),
            "0 26 model.layers.1.mlp.up_proj13 13 2.mlp.up_proj"
        );
    }

    #[test]
    fn a_damaged_text_is_read_as_far_as_it_goes() {
        for (text, expected) in [
            ("0 1 a9 1 b", 1),
            ("0 5 a", 0),
            ("x", 0),
            ("0 1 a1 1 b7", 2),
        ] {
            assert_eq!(unpacked(text).len(), expected, "{text}");
        }
    }
}
