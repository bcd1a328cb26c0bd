//! Ratios in stored files, for serde's `with` attribute: JSON has no `∞` and no `NaN`, so that these
//! are written as the texts `Infinity`, `-Infinity` and `NaN`.

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Text(String),
}

/// Writes `value`.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let text = match *value {
        value if value.is_nan() => "NaN",
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        finite => return serializer.serialize_f64(finite),
    };
    serializer.serialize_str(text)
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// When there is something else.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    match Written::deserialize(deserializer)? {
        Written::Number(value) => Ok(value),
        Written::Text(text) => match text.as_str() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            other => Err(D::Error::invalid_value(Unexpected::Str(other), &"a number")),
        },
    }
}
