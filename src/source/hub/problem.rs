//! What can go wrong between here and the hub, and what to do about each.
//!
//! Enters: an answer's status and headers, or what became of a connection. Leaves: [`Problem`];
//! whether another try may help.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Why a request brought not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The environment forbids the network, and the cache does not hold it.
    Offline,
    /// There is no connection; the system's reason.
    Unreachable(String),
    /// Nothing came for that long.
    Stalled(Duration),
    /// The connection ended after so many of the bytes.
    Cut { got: u64, of: u64 },
    /// 401, with or without a token sent.
    Refused { token: bool },
    /// The owner asks readers to accept conditions.
    Gated { token: bool },
    /// 403 without such conditions.
    Forbidden,
    /// There is no such model, or none this reader may know of.
    NoModel { token: bool },
    /// There is no such branch, tag or commit.
    NoRevision,
    /// There is no such file.
    NoFile(String),
    /// The hub asks to slow down, and for how long.
    Limited(Option<Duration>),
    /// The hub or what is between fails.
    Server(u16),
    /// Any other status.
    Status(u16),
    /// A part was asked for and the whole is sent.
    NoRanges,
    /// The answer is of other bytes than were asked for.
    OtherBytes(String),
    /// The file has another length than the hub's list says.
    OtherSize {
        file: String,
        listed: u64,
        sent: u64,
    },
    /// The content of the file has changed since its first part was read.
    Changed(String),
    /// What arrived is not what the hub's list says, by its hash.
    OtherHash(String),
    /// The model holds no weights that are read here; what it holds, and what to name.
    NoWeights(String),
    /// What arrived is no weight file.
    NotWeights(String),
    /// The hub's answer cannot be read.
    Unreadable(String),
}

impl Problem {
    /// What is wrong with an answer of that status; `None` where nothing is. `file` is what was
    /// asked for, `None` for the hub's own answers.
    pub(super) fn of(
        status: StatusCode,
        headers: &HeaderMap,
        token: bool,
        file: Option<&str>,
    ) -> Option<Self> {
        if status.is_success() {
            return None;
        }
        let code = headers.get("x-error-code");
        let code = code.and_then(|code| code.to_str().ok()).unwrap_or("");
        let gated = code == "GatedRepo";
        Some(match (status.as_u16(), code) {
            (401 | 403, _) if gated => Self::Gated { token },
            // The hub does not tell strangers whether a private model exists.
            (401 | 404, "RepoNotFound") => Self::NoModel { token },
            (401, _) if file.is_none() && !token => Self::NoModel { token },
            (401, _) => Self::Refused { token },
            (403, _) => Self::Forbidden,
            (404, "RevisionNotFound") => Self::NoRevision,
            (404 | 410, _) => match file {
                Some(file) => Self::NoFile(file.to_owned()),
                None => Self::NoModel { token },
            },
            (429, _) => Self::Limited(wait(headers)),
            (408 | 500..=599, _) => Self::Server(status.as_u16()),
            (status, _) => Self::Status(status),
        })
    }

    /// Whether the same request may succeed a little later.
    pub(super) fn passes(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::Stalled(_)
                | Self::Cut { .. }
                | Self::Limited(_)
                | Self::Server(_)
        )
    }

    /// Whether it is the network's absence, for which the cache can stand in.
    pub(super) fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::Stalled(_) | Self::Server(_)
        )
    }
}

/// How long the hub asks to wait: `Retry-After` in seconds or as a date, or what its own header
/// says (`RateLimit: "api";r=0;t=55`).
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(after) = text(RETRY_AFTER.as_str()) {
        let after = after.trim();
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = jiff::fmt::rfc2822::parse(after).ok()?;
        let wait = date.timestamp().duration_since(Timestamp::now());
        return Some(Duration::try_from(wait).unwrap_or_default());
    }
    let limit = text("ratelimit")?;
    let seconds = limit
        .split(';')
        .find_map(|part| part.trim().strip_prefix("t="));
    Some(Duration::from_secs(seconds?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).try_into().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_wait_is_read_from_each_header_that_states_it() {
        let seconds = |pairs: &[(&'static str, &'static str)]| {
            wait(&headers(pairs)).map(|wait| wait.as_secs())
        };
        assert_eq!(seconds(&[("retry-after", "7")]), Some(7));
        let past = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(seconds(&[("retry-after", past)]), Some(0));
        let limit = "\"resolvers\";r=0;t=55";
        assert_eq!(seconds(&[("ratelimit", limit)]), Some(55));
        assert_eq!(seconds(&[("retry-after", "soon")]), None);
        assert_eq!(seconds(&[]), None);
    }

    #[test]
    fn a_status_means_what_the_hub_means_by_it() {
        let of = |status, pairs, token, file| {
            Problem::of(
                StatusCode::from_u16(status).unwrap(),
                &headers(pairs),
                token,
                file,
            )
        };
        let gated = &[("x-error-code", "GatedRepo")];
        let unknown = &[("x-error-code", "RevisionNotFound")];
        assert_eq!(of(206, &[], false, None), None);
        assert_eq!(
            of(401, gated, false, Some("f")),
            Some(Problem::Gated { token: false })
        );
        assert_eq!(
            of(403, gated, true, None),
            Some(Problem::Gated { token: true })
        );
        assert_eq!(
            of(401, &[], false, None),
            Some(Problem::NoModel { token: false })
        );
        assert_eq!(
            of(401, &[], true, None),
            Some(Problem::Refused { token: true })
        );
        assert_eq!(of(404, unknown, true, None), Some(Problem::NoRevision));
        assert_eq!(
            of(404, &[], true, Some("f")),
            Some(Problem::NoFile("f".into()))
        );
        assert_eq!(of(503, &[], true, None), Some(Problem::Server(503)));
    }
}
