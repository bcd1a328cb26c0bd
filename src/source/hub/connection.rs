//! Requests to the hub that can be canceled at any moment.
//!
//! Enters: an address. Leaves: an answer whose status was looked at, or a [`Problem`]. Redirects
//! are followed here and not by the client: the token goes to the hub's own address and nowhere
//! else, and an encrypted connection never leads to one that is not.

use std::error::Error as _;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, RANGE};
use reqwest::{Client, RequestBuilder, Response, Url};
use tokio::runtime::{Builder, Runtime};

use crate::error::{self, Error, ProblemKind, Result};
use crate::progress::Progress;
use crate::source::hub::problem::Problem;
use crate::source::hub::{HubId, Settings, Token};

/// How often a wait looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// Redirects of one request that are followed.
const REDIRECTS: usize = 8;
/// The longest pause between two tries that the hub did not ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A way to the hub. Shared by everything that is read through it.
#[derive(Debug)]
pub struct Hub {
    settings: Settings,
    endpoint: Url,
    client: Client,
    /// Taken when this is dropped, which must not wait for it.
    runtime: Option<Runtime>,
}

/// Why a request ended without what was asked for.
pub(super) enum Stop {
    /// Nothing more is to be tried: canceled, or what arrived cannot be stored.
    Error(Error),
    /// What is wrong with the answer, or that there is none.
    Problem(Problem),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Hub {
    /// A way to the hub of `settings`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`Error::Problem`] when its address is none, or no connections can be made at all.
    pub fn new(settings: Settings) -> Result<Arc<Self>> {
        let refuse = |why: String| {
            let cause = format!("cannot be used as a hub: {why}");
            let problem = error::Problem::new(ProblemKind::Hub, &settings.endpoint, cause);
            Error::from(problem.advice("correct HF_ENDPOINT, or unset it"))
        };
        let endpoint = Url::parse(&settings.endpoint).map_err(|error| refuse(error.to_string()))?;
        if !matches!(endpoint.scheme(), "http" | "https") || endpoint.cannot_be_a_base() {
            return Err(refuse("it is no web address".to_owned()));
        }
        let mut client = Client::builder()
            .user_agent(concat!("layerscope/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(settings.patience.connect);
        if is_this_machine(&endpoint) {
            // No proxy reaches it.
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| refuse(cause(&error)))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("hub")
            .enable_all()
            .build()
            .map_err(|error| refuse(error.to_string()))?;
        Ok(Arc::new(Self {
            settings,
            endpoint,
            client,
            runtime: Some(runtime),
        }))
    }

    /// Where it is and how it is asked.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The address of `parts` on the hub, each put in as it is, with what it holds escaped.
    pub(super) fn address<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.endpoint.clone();
        // An address that can be a base has parts: `new` has seen to it.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(parts);
        }
        url
    }

    /// Asks for `url`, from `range` on where it is given, and returns the answer with the address
    /// that sent it. `file` is what it is about, `None` for the hub's own answers.
    pub(super) fn ask(
        &self,
        url: &Url,
        range: Option<&str>,
        file: Option<&str>,
        progress: &Progress,
    ) -> Result<(Response, Url), Stop> {
        let mut url = url.clone();
        for _ in 0..REDIRECTS {
            let mut request = self.client.get(url.clone());
            if let Some(range) = range {
                request = request.header(RANGE, range);
            }
            let (answer, knows) = self.send(request, &url, progress)?;
            let to = answer.headers().get(LOCATION);
            if let Some(to) = to.filter(|_| answer.status().is_redirection()) {
                url = redirected(&url, to)?;
                continue;
            }
            return match Problem::of(answer.status(), answer.headers(), knows, file) {
                None => Ok((answer, url)),
                Some(problem) => Err(problem.into()),
            };
        }
        Err(Problem::Unreadable("it redirects in circles".to_owned()).into())
    }

    /// Sends one request to `url`; with its answer, whether the hub was told who asks. The token
    /// goes to the hub itself and to no other address.
    fn send(
        &self,
        request: RequestBuilder,
        url: &Url,
        progress: &Progress,
    ) -> Result<(Response, bool), Stop> {
        // Compressed on the way, a range would be of other bytes.
        let identity = HeaderValue::from_static("identity");
        let mut request = request.header(ACCEPT_ENCODING, identity);
        let token = self.settings.token.as_ref().and_then(Token::header);
        let token = token.filter(|_| url.origin() == self.endpoint.origin());
        let knows = token.is_some();
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, token);
        }
        let limit = self.settings.patience.connect + self.settings.patience.stall;
        match self.wait(progress, limit, request.send())? {
            None => Err(Problem::Stalled(limit).into()),
            Some(answer) => {
                let answer = answer.map_err(|error| Problem::Unreachable(cause(&error)))?;
                Ok((answer, knows))
            }
        }
    }

    /// What the hub says of the file at `url` without sending it: the headers of its first answer
    /// that states a length, as Python's client takes them.
    pub(super) fn headers(
        &self,
        url: &Url,
        file: &str,
        progress: &Progress,
    ) -> Result<HeaderMap, Stop> {
        let mut url = url.clone();
        let mut linked = HeaderMap::new();
        for _ in 0..REDIRECTS {
            let (answer, knows) = self.send(self.client.head(url.clone()), &url, progress)?;
            let headers = answer.headers();
            // The hub's own answer knows more than that of the store that it leads to.
            for (name, value) in headers {
                if name.as_str().starts_with("x-") && !linked.contains_key(name) {
                    linked.insert(name.clone(), value.clone());
                }
            }
            let to = headers.get(LOCATION);
            if let Some(to) = to.filter(|_| answer.status().is_redirection()) {
                if linked.contains_key("x-linked-size") && linked.contains_key("x-linked-etag") {
                    return Ok(linked);
                }
                url = redirected(&url, to)?;
                continue;
            }
            return match Problem::of(answer.status(), headers, knows, Some(file)) {
                None => {
                    let mut all = headers.clone();
                    all.extend(linked);
                    Ok(all)
                }
                Some(problem) => Err(problem.into()),
            };
        }
        Err(Problem::Unreadable("it redirects in circles".to_owned()).into())
    }

    /// The next bytes of an answer's body; `None` at its end, whole or not.
    pub(super) fn next(
        &self,
        answer: &mut Response,
        progress: &Progress,
    ) -> Result<Option<impl AsRef<[u8]> + use<>>, Stop> {
        let limit = self.settings.patience.stall;
        match self.wait(progress, limit, answer.chunk())? {
            None => Err(Problem::Stalled(limit).into()),
            // The caller counts what is missing.
            Some(Err(_)) => Ok(None),
            Some(Ok(bytes)) => Ok(bytes),
        }
    }

    /// Does `once` until it succeeds, fails for good, or has failed too often without
    /// advancing: `advanced` says how far it is. Between tries it waits as long as the hub asks.
    pub(super) fn tried<T>(
        &self,
        id: &HubId,
        progress: &Progress,
        mut once: impl FnMut() -> Result<T, Stop>,
        mut advanced: impl FnMut() -> u64,
    ) -> Result<T> {
        /// What a try must bring to count as one that went well.
        const ENOUGH: u64 = 1 << 20;
        let patience = &self.settings.patience;
        let mut tries = 0;
        loop {
            let before = advanced();
            let problem = match once() {
                Ok(done) => return Ok(done),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::Problem(problem)) => problem,
            };
            if advanced() >= before + ENOUGH {
                tries = 0;
            }
            tries += 1;
            let asked = match &problem {
                Problem::Limited(asked) => *asked,
                _ => None,
            };
            if !problem.passes() || tries >= patience.tries || asked > Some(patience.longest) {
                return Err(problem.error(id, &self.settings));
            }
            let pause = patience.pause * 2_u32.saturating_pow(tries - 1);
            let pause = asked.unwrap_or_else(|| pause.min(LONGEST_PAUSE));
            let label = progress.snapshot().label;
            if pause >= Duration::from_secs(1) {
                let why = if asked.is_some() {
                    "the hub asks to wait"
                } else {
                    "trying again in"
                };
                progress.set_label(format!("{why} {} s", pause.as_secs()));
            }
            sleep(pause, progress)?;
            progress.set_label(label);
        }
    }

    /// What the future leads to, or `None` when it took longer than `limit`.
    fn wait<F: Future>(
        &self,
        progress: &Progress,
        limit: Duration,
        future: F,
    ) -> Result<Option<F::Output>> {
        let Some(runtime) = &self.runtime else {
            return Err(Error::Canceled);
        };
        let end = Instant::now() + limit;
        runtime.block_on(async {
            let mut future = pin!(future);
            loop {
                progress.check()?;
                let left = end.saturating_duration_since(Instant::now());
                if let Ok(output) = tokio::time::timeout(left.min(LOOK), future.as_mut()).await {
                    return Ok(Some(output));
                }
                if left.is_zero() {
                    return Ok(None);
                }
            }
        })
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A name being looked up cannot be stopped: not waited for.
            runtime.shutdown_background();
        }
    }
}

/// Sleeps for `time`, or until it is canceled.
fn sleep(time: Duration, progress: &Progress) -> Result<()> {
    let end = Instant::now() + time;
    loop {
        progress.check()?;
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(LOOK));
    }
}

/// Where `url` redirects to.
fn redirected(url: &Url, to: &HeaderValue) -> Result<Url, Problem> {
    let unreadable = || Problem::Unreadable("it redirects to no address".to_owned());
    let to = to
        .to_str()
        .ok()
        .and_then(|to| url.join(to).ok())
        .ok_or_else(unreadable)?;
    if url.scheme() == "https" && to.scheme() != "https" {
        let host = to.host_str().unwrap_or_default();
        let why = format!("it redirects to {host} without encryption");
        return Err(Problem::Unreadable(why));
    }
    Ok(to)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The innermost reason of a failed connection, without its address, which may hold a signature.
fn cause(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = match error.source() {
        Some(source) => source,
        None => return "the connection failed".to_owned(),
    };
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}
