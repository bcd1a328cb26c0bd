//! Where the hub is, who asks, and where its files are kept.
//!
//! Enters: the environment, by the names and in the order of Python's `huggingface_hub`
//! (<https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables>), so
//! that a login and a cache are shared with it. Leaves: [`Settings`].

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::source::whole_file;

/// The hub, where the environment names no other.
const ENDPOINT: &str = "https://huggingface.co";

/// How this program reaches the hub.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hub's address, without a slash at its end.
    pub endpoint: String,
    /// Who asks; `None` for nobody in particular.
    pub token: Option<Token>,
    /// The folder of the models that are kept: `models--org--name` in it.
    pub cache: PathBuf,
    /// Whether the network is not to be used.
    pub offline: bool,
    /// How long to wait for what.
    pub patience: Patience,
}

/// How long to wait before giving up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte of an answer.
    pub stall: Duration,
    /// Tries of one request that brings nothing, the first included.
    pub tries: u32,
    /// Before the second try; doubled before each further one.
    pub pause: Duration,
    /// The longest wait that the hub may ask for; asked for more, it is given up.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            tries: 5,
            pause: Duration::from_secs(1),
            // The hub counts requests over five minutes.
            longest: Duration::from_secs(330),
        }
    }
}

/// A secret that opens private and gated models. It is never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token in `text`, which may be a line of a file; `None` where it holds none.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The value of the header that carries it.
    pub(super) fn header(&self) -> Option<reqwest::header::HeaderValue> {
        let text = format!("Bearer {}", self.0);
        let mut value = reqwest::header::HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

impl Settings {
    /// A hub at `endpoint` with its cache in `cache`, and nothing of the environment.
    #[must_use]
    pub fn new(endpoint: &str, cache: &Path) -> Self {
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            token: None,
            cache: cache.to_path_buf(),
            offline: false,
            patience: Patience::default(),
        }
    }

    /// As this process's environment says.
    #[must_use]
    pub fn from_env() -> Self {
        let home = std::env::home_dir();
        Self::read(|name| std::env::var_os(name), home.as_deref())
    }

    /// As `get` says of the variables, and `home` of the user's folder.
    fn read(get: impl Fn(&str) -> Option<OsString>, home: Option<&Path>) -> Self {
        let text = |name| {
            get(name)?
                .into_string()
                .ok()
                .filter(|text| !text.is_empty())
        };
        let path = |name| {
            let path = PathBuf::from(get(name).filter(|path| !path.is_empty())?);
            Some(match (path.strip_prefix("~"), home) {
                (Ok(rest), Some(home)) => home.join(rest),
                _ => path,
            })
        };
        let on = |name| text(name).is_some_and(|text| is_on(&text));
        let user = || {
            let cache = path("XDG_CACHE_HOME");
            cache.or_else(|| Some(home?.join(".cache")))
        };
        let own = path("HF_HOME").or_else(|| Some(user()?.join("huggingface")));
        let own = own.unwrap_or_else(|| PathBuf::from(".huggingface"));
        let cache = path("HF_HUB_CACHE").or_else(|| path("HUGGINGFACE_HUB_CACHE"));
        let token_file = path("HF_TOKEN_PATH").unwrap_or_else(|| own.join("token"));
        let token = || {
            let given = text("HF_TOKEN").or_else(|| text("HUGGING_FACE_HUB_TOKEN"));
            Token::new(&given.or_else(|| token_in(&token_file))?)
        };
        let endpoint = text("HF_ENDPOINT").unwrap_or_else(|| ENDPOINT.to_owned());
        let cache = cache.unwrap_or_else(|| own.join("hub"));
        Self {
            token: (!on("HF_HUB_DISABLE_IMPLICIT_TOKEN")).then(token).flatten(),
            offline: on("HF_HUB_OFFLINE") || on("TRANSFORMERS_OFFLINE"),
            ..Self::new(&endpoint, &cache)
        }
    }
}

/// What the reference library reads as yes.
fn is_on(text: &str) -> bool {
    ["1", "on", "yes", "true"].contains(&text.to_ascii_lowercase().as_str())
}

/// The text of the file with the token.
fn token_in(path: &Path) -> Option<String> {
    /// A token has 37 bytes.
    const LONGEST: u64 = 4096;
    String::from_utf8(whole_file(path, LONGEST).ok()??).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Settings {
        let get = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Settings::read(get, Some(Path::new("/nowhere/home")))
    }

    #[test]
    fn without_any_variable_it_is_the_standard_cache_and_hub() {
        let settings = read(&[]);
        assert_eq!(settings.endpoint, "https://huggingface.co");
        let cache = "/nowhere/home/.cache/huggingface/hub";
        assert_eq!(settings.cache, Path::new(cache));
        assert!(settings.token.is_none() && !settings.offline);
    }

    #[test]
    fn the_nearer_variable_wins() {
        let home = read(&[("HF_HOME", "~/hf")]);
        assert_eq!(home.cache, Path::new("/nowhere/home/hf/hub"));
        let cache = read(&[("HF_HOME", "/hf"), ("HF_HUB_CACHE", "/cache")]);
        assert_eq!(cache.cache, Path::new("/cache"));
        let endpoint = read(&[("HF_ENDPOINT", "http://127.0.0.1:1/")]);
        assert_eq!(endpoint.endpoint, "http://127.0.0.1:1");
        let old = read(&[("HUGGING_FACE_HUB_TOKEN", "old"), ("HF_TOKEN", "new")]);
        assert_eq!(old.token, Token::new("new"));
        assert!(read(&[("HF_HUB_OFFLINE", "TRUE")]).offline);
        assert!(!read(&[("HF_HUB_OFFLINE", "0")]).offline);
        let disabled = [("HF_TOKEN", "t"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")];
        assert!(read(&disabled).token.is_none());
    }

    #[test]
    fn a_token_is_read_from_its_file_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "hf_secret\n").unwrap();
        let settings = read(&[("HF_HOME", folder.path().to_str().unwrap())]);
        assert_eq!(settings.token, Token::new("hf_secret"));
        assert!(!format!("{settings:?}").contains("secret"));
        let header = settings.token.and_then(|token| token.header()).unwrap();
        assert!(!format!("{header:?}").contains("secret"));
        assert_eq!(Token::new("two words"), None);
    }
}
