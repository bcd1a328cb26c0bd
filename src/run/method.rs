//! How a run was trained, as far as its name tells.

use std::fmt;

/// A way to fine-tune.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Method {
    /// All parameters.
    Full,
    /// Spectrum, with the percentage where the name has one.
    Spectrum(Option<f64>),
    /// LoRA on a quantized base.
    QLora,
    /// LoRA.
    Lora,
    /// The name does not tell.
    #[default]
    Unknown,
}

impl Method {
    /// A guess from a run's name: `spectrum-25`, `Full fine-tuning`, `llama_qlora_r16`.
    #[must_use]
    pub fn guess(name: &str) -> Self {
        let name = name.to_lowercase();
        let words: Vec<&str> = name
            .split(|c: char| !c.is_alphanumeric() && c != '.')
            .filter(|word| !word.is_empty())
            .collect();
        let quantized = ["4bit", "8bit", "nf4", "int4", "int8"];
        let bits = words.iter().any(|word| quantized.contains(word))
            || words
                .windows(2)
                .any(|pair| matches!(pair, ["4" | "8", "bit" | "bits"]));
        if let Some(found) = name.find("spectrum") {
            return Self::Spectrum(percent(&name[found + "spectrum".len()..]));
        }
        if name.contains("qlora") || name.contains("lora") && bits {
            return Self::QLora;
        }
        if name.contains("lora") {
            return Self::Lora;
        }
        let full = ["full", "fft", "fullft"];
        if words.iter().any(|word| full.contains(word)) {
            return Self::Full;
        }
        Self::Unknown
    }
}

/// The first number from 0 to 100 in `text`.
fn percent(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = &text[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.');
    let number = digits[..end.unwrap_or(digits.len())].trim_end_matches('.');
    let percent: f64 = number.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent)
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("full"),
            Self::Spectrum(Some(percent)) => write!(f, "Spectrum {percent} %"),
            Self::Spectrum(None) => f.write_str("Spectrum"),
            Self::QLora => f.write_str("QLoRA"),
            Self::Lora => f.write_str("LoRA"),
            Self::Unknown => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Method;

    #[test]
    fn names_tell_the_method() {
        let cases = [
            ("Full fine-tuning", Method::Full),
            ("qwen3-full", Method::Full),
            ("Spectrum 50 %", Method::Spectrum(Some(50.0))),
            ("spectrum-25", Method::Spectrum(Some(25.0))),
            ("qwen3_8b_spectrum_12.5pct", Method::Spectrum(Some(12.5))),
            ("spectrum", Method::Spectrum(None)),
            ("spectrum-run-2024", Method::Spectrum(None)),
            ("QLoRA", Method::QLora),
            ("LoRA on a 4-bit base", Method::QLora),
            ("lora r=8", Method::Lora),
            ("brisk-pond-1", Method::Unknown),
            ("carefully", Method::Unknown),
        ];
        for (name, method) in cases {
            assert_eq!(Method::guess(name), method, "{name}");
        }
    }
}
