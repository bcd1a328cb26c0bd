//! Units as logs write them, in a header or beside a number.
//!
//! Enters: `MiB`, `[%]`, `(MB)`, `11165 MiB`. Leaves: the unit and the factor that makes it bytes,
//! seconds or percent.

use serde::{Deserialize, Serialize};

use super::model::Unit;

/// A unit that a log's numbers are written in.
///
/// KB, MB, GB and TB are powers of 1000 and KiB, MiB, GiB and TiB powers of 1024 (IEC 80000-13),
/// whatever their case. Loggers that write `MB` and count 1024² are converted where their names
/// tell: see [`super::names`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CellUnit {
    /// A plain number.
    #[default]
    Plain,
    /// Percent, 0 to 100.
    Percent,
    /// Bytes.
    Bytes,
    /// 10³ bytes.
    Kb,
    /// 2¹⁰ bytes.
    Kib,
    /// 10⁶ bytes.
    Mb,
    /// 2²⁰ bytes.
    Mib,
    /// 10⁹ bytes.
    Gb,
    /// 2³⁰ bytes.
    Gib,
    /// 10¹² bytes.
    Tb,
    /// 2⁴⁰ bytes.
    Tib,
    /// 10⁻³ seconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// 60 seconds.
    Minutes,
    /// 3600 seconds.
    Hours,
}

impl CellUnit {
    /// Every unit, as a list to choose from.
    pub const ALL: [Self; 15] = [
        Self::Plain,
        Self::Percent,
        Self::Bytes,
        Self::Kb,
        Self::Kib,
        Self::Mb,
        Self::Mib,
        Self::Gb,
        Self::Gib,
        Self::Tb,
        Self::Tib,
        Self::Milliseconds,
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
    ];

    /// Its symbol, as people write it.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Plain => "number",
            Self::Percent => "%",
            Self::Bytes => "B",
            Self::Kb => "KB",
            Self::Kib => "KiB",
            Self::Mb => "MB",
            Self::Mib => "MiB",
            Self::Gb => "GB",
            Self::Gib => "GiB",
            Self::Tb => "TB",
            Self::Tib => "TiB",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
        }
    }

    /// The unit of the values once read.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Plain => Unit::Plain,
            Self::Percent => Unit::Percent,
            Self::Milliseconds | Self::Seconds | Self::Minutes | Self::Hours => Unit::Seconds,
            _ => Unit::Bytes,
        }
    }

    /// What a written number is multiplied with.
    #[must_use]
    pub fn factor(self) -> f64 {
        match self {
            Self::Plain | Self::Percent | Self::Bytes | Self::Seconds => 1.0,
            Self::Kb => 1e3,
            Self::Kib => 1024.0,
            Self::Mb => 1e6,
            Self::Mib => 1_048_576.0,
            Self::Gb => 1e9,
            Self::Gib => 1_073_741_824.0,
            Self::Tb => 1e12,
            Self::Tib => 1_099_511_627_776.0,
            Self::Milliseconds => 1e-3,
            Self::Minutes => 60.0,
            Self::Hours => 3600.0,
        }
    }

    /// The unit that `text` names, `MiB` or `seconds`; none when it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        Some(match text.as_str() {
            "%" | "percent" | "percentage" | "pct" => Self::Percent,
            "b" | "byte" | "bytes" => Self::Bytes,
            "kb" | "kilobytes" => Self::Kb,
            "kib" | "kibibytes" => Self::Kib,
            "mb" | "megabytes" => Self::Mb,
            "mib" | "mebibytes" => Self::Mib,
            "gb" | "gigabytes" => Self::Gb,
            "gib" | "gibibytes" => Self::Gib,
            "tb" | "terabytes" => Self::Tb,
            "tib" | "tebibytes" => Self::Tib,
            "ms" | "millis" | "milliseconds" => Self::Milliseconds,
            "s" | "sec" | "secs" | "second" | "seconds" => Self::Seconds,
            "min" | "mins" | "minute" | "minutes" => Self::Minutes,
            "h" | "hr" | "hrs" | "hour" | "hours" => Self::Hours,
            _ => return None,
        })
    }

    /// The unit at the end of a header: `memory.used [MiB]`, `Real (MB)`, `gpu_memory_gb`; with
    /// the header's rest.
    #[must_use]
    pub fn of_header(header: &str) -> (&str, Option<Self>) {
        let header = header.trim();
        for (open, close) in [('[', ']'), ('(', ')')] {
            if let Some((name, unit)) = header
                .strip_suffix(close)
                .and_then(|inner| inner.rsplit_once(open))
                && let Some(unit) = Self::parse(unit)
            {
                return (name.trim_end(), Some(unit));
            }
        }
        (header, None)
    }
}
