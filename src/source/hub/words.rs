//! What a person is told of each [`Problem`]: what is wrong, and what to do.
//!
//! Enters: the problem, and the model it is about. Leaves: two halves of a line. No token and no
//! signed address is in them.

use crate::error::{self, Error, ProblemKind};
use crate::source::hub::problem::Problem;
use crate::source::hub::{HubId, Settings};

/// How a token is given.
const LOGIN: &str = "put its token into HF_TOKEN, or run `hf auth login`";
/// What another try does.
const AGAIN: &str = "another try goes on where this one stopped";
/// What changes answers on their way.
const PROXY: &str = "see whether a proxy changes answers, and try again";

impl Problem {
    /// The line for a person: of which model, what is wrong, what to do.
    pub(super) fn error(self, id: &HubId, settings: &Settings) -> Error {
        let kind = if self.is_absence() {
            ProblemKind::HubAbsent
        } else {
            ProblemKind::Hub
        };
        let (cause, advice) = words(self, id, settings);
        let problem = error::Problem::new(kind, id.to_string(), cause);
        problem.advice(advice).into()
    }
}

/// What is wrong, and what to do.
fn words(problem: Problem, id: &HubId, settings: &Settings) -> (String, String) {
    let (repo, host) = (&id.repo, &settings.endpoint);
    match problem {
        Problem::Offline => (
            "is not in the cache, and HF_HUB_OFFLINE forbids to fetch it".to_owned(),
            format!(
                "unset HF_HUB_OFFLINE, or put it into {}",
                settings.cache.display()
            ),
        ),
        Problem::Refused { token: true } => (
            "the hub does not accept the token (status 401)".to_owned(),
            format!("make a new one at {host}/settings/tokens and {LOGIN}"),
        ),
        Problem::Refused { token: false } => (
            "the hub wants to know who asks (status 401)".to_owned(),
            format!("if you have an account, {LOGIN}"),
        ),
        Problem::Gated { token } => (
            "is gated: its owner asks readers to accept conditions first".to_owned(),
            if token {
                format!(
                    "accept them at {host}/{repo} with the account whose token this is, or ask there for access"
                )
            } else {
                format!("accept them at {host}/{repo} with your account, then {LOGIN}")
            },
        ),
        Problem::Forbidden => (
            "the hub refuses access (status 403)".to_owned(),
            format!("look at {host}/{repo}; a token needs the right to read this model"),
        ),
        Problem::NoModel { token } => (
            format!("{host} has no such model, or it is private"),
            if token {
                "check the spelling (no folder here is called so, either), and that the token's account may read it".to_owned()
            } else {
                format!(
                    "check the spelling (no folder here is called so, either); if it is private, {LOGIN}"
                )
            },
        ),
        Problem::NoRevision => (
            format!("has no revision {}", id.revision()),
            format!("give a branch, tag or commit of {host}/{repo}/commits"),
        ),
        Problem::NoFile(file) => (
            format!("holds no file {file}"),
            format!("see {host}/{repo}/tree/{}", id.revision()),
        ),
        Problem::Limited(wait) => (
            "the hub asks to slow down: too many requests (status 429)".to_owned(),
            match wait {
                Some(wait) => format!(
                    "try again in {} s; with a token more are allowed",
                    wait.as_secs()
                ),
                None => "try again in some minutes; with a token more are allowed".to_owned(),
            },
        ),
        Problem::Status(status) => (
            format!("the hub answers with status {status}"),
            format!("look at {host}/{repo}, and at HF_ENDPOINT"),
        ),
        Problem::NoWeights(what) => (what, format!("see {host}/{repo}/tree/{}", id.revision())),
        other => of_transfer(other, host),
    }
}

/// The same of what happens between here and the hub at `host`.
fn of_transfer(problem: Problem, host: &str) -> (String, String) {
    match problem {
        Problem::Unreachable(why) => (
            format!("{host} cannot be reached: {why}"),
            format!("check the network (HTTPS_PROXY, HF_ENDPOINT); {AGAIN}"),
        ),
        Problem::Stalled(time) => (
            format!("nothing came from the hub for {} s", time.as_secs_f32()),
            format!("check the network; {AGAIN}"),
        ),
        Problem::Cut { got, of } => (
            format!("the connection broke off again and again, after {got} of {of} bytes"),
            format!("check the network; {AGAIN}"),
        ),
        Problem::Server(status) => (
            format!("the hub fails (status {status}), also when asked again"),
            format!("try again later; {AGAIN}"),
        ),
        Problem::NoRanges => (
            "the server sends whole files only, not the parts that were asked for".to_owned(),
            "download the model instead of reading it remotely, or see whether a proxy changes requests".to_owned(),
        ),
        Problem::OtherBytes(what) => (
            format!("the server sends other bytes than were asked for: {what}"),
            PROXY.to_owned(),
        ),
        Problem::OtherSize { file, listed, sent } => (
            format!("{file}: the hub lists {listed} bytes, and the server has {sent}"),
            format!("nothing of it was kept; {PROXY}"),
        ),
        Problem::Changed(file) => (
            format!("{file} was changed on the server while it was read"),
            "scan it again when nothing writes to it any more".to_owned(),
        ),
        Problem::OtherHash(file) => (
            format!("{file} arrived damaged: its SHA-256 is not the one the hub lists"),
            "it was thrown away; try again".to_owned(),
        ),
        Problem::NotWeights(what) => (
            what,
            format!("it was thrown away; {PROXY}"),
        ),
        Problem::Unreadable(why) => (
            format!("the hub's answer cannot be read: {why}"),
            format!("see whether HF_ENDPOINT ({host}) is a hub, and whether a proxy changes answers"),
        ),
        // The others are refusals.
        other => (format!("{other:?}"), AGAIN.to_owned()),
    }
}
