//! What a person calls a model of the hub.
//!
//! Enters: typed text: `org/name`, `org/name@revision`, `org/name/file`, an `hf://` address or a
//! web page's. Leaves: [`HubId`], every part of which is safe in an address and in a path.

use std::fmt;

/// Before a hub id where it is written as an address.
const SCHEME: &str = "hf://";
/// Addresses of the hub's pages, which people copy.
const PAGES: [&str; 4] = [
    "https://huggingface.co/",
    "http://huggingface.co/",
    "https://hf.co/",
    "huggingface.co/",
];
/// The revision where none is named.
pub(super) const MAIN: &str = "main";
/// Endings of files that are given as paths, and of no model's name.
const FILES: [&str; 16] = [
    "bin",
    "csv",
    "gguf",
    "json",
    "jsonl",
    "log",
    "md",
    "npz",
    "parquet",
    "pt",
    "pth",
    "safetensors",
    "toml",
    "txt",
    "yaml",
    "yml",
];
/// The longest name of an owner or of a model.
const LONGEST: usize = 96;

/// A model on the hub, at a revision.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HubId {
    /// `org/name`; of a few old models the name alone.
    pub repo: String,
    /// Branch, tag or commit; `None` for the main branch.
    pub revision: Option<String>,
    /// One file of the model, where only that one is meant.
    pub file: Option<String>,
}

impl HubId {
    /// The id that `text` is; `None` where it cannot be one. A name without an owner (`gpt2`) is
    /// one only as an address (`hf://gpt2`), since it looks like any folder's; so is one that ends
    /// as a file's does.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('/');
        let page = PAGES.iter().find_map(|page| text.strip_prefix(page));
        if let Some(page) = page {
            return Self::of_page(page);
        }
        let address = text.strip_prefix(SCHEME);
        let text = address.unwrap_or(text);
        // The revision ends the name, and may hold slashes; a file comes after the name only.
        let (name, revision) = match text.split_once('@') {
            Some((name, revision)) => (name, Some(revision)),
            None => (text, None),
        };
        let mut parts = name.splitn(3, '/');
        let (first, second, file) = (parts.next()?, parts.next(), parts.next());
        let repo = match second {
            Some(second) => format!("{first}/{second}"),
            None if address.is_some() => first.to_owned(),
            None => return None,
        };
        // A path that is mistyped is not to be told to the hub.
        if address.is_none() && file.is_none() && second.is_some_and(is_of_a_file) {
            return None;
        }
        Self::checked(repo, revision, file)
    }

    /// The id in the rest of a page's address: `org/name`, `org/name/tree/revision`,
    /// `org/name/blob/revision/file`.
    fn of_page(page: &str) -> Option<Self> {
        let page = page.split(['?', '#']).next()?.trim_end_matches('/');
        let mut parts = page.splitn(5, '/');
        let repo = format!("{}/{}", parts.next()?, parts.next()?);
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::checked(repo, None, None),
            (Some("tree"), revision, None) => Self::checked(repo, revision, None),
            (Some("blob" | "resolve"), Some(revision), Some(file)) => {
                Self::checked(repo, Some(revision), Some(file))
            }
            _ => None,
        }
    }

    fn checked(repo: String, revision: Option<&str>, file: Option<&str>) -> Option<Self> {
        let good = repo.split('/').all(is_name)
            && revision.is_none_or(is_revision)
            && file.is_none_or(is_file);
        good.then(|| Self {
            repo,
            revision: revision.map(str::to_owned),
            file: file.map(str::to_owned),
        })
    }

    /// The revision by name.
    #[must_use]
    pub fn revision(&self) -> &str {
        self.revision.as_deref().unwrap_or(MAIN)
    }

    /// The id as an address, which no path of a file looks like.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{SCHEME}{self}")
    }
}

impl fmt::Display for HubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repo)?;
        if let Some(file) = &self.file {
            write!(f, "/{file}")?;
        }
        if let Some(revision) = &self.revision {
            write!(f, "@{revision}")?;
        }
        Ok(())
    }
}

fn is_of_a_file(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| FILES.contains(&ending.to_ascii_lowercase().as_str()))
}

/// The hub's rule for the names of owners and models.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let ends = |c: char| c == '-' || c == '.';
    !name.is_empty()
        && name.len() <= LONGEST
        && name.chars().all(plain)
        && !name.starts_with(ends)
        && !name.ends_with(ends)
        && !name.contains("--")
        && !name.contains("..")
}

/// What git allows in the name of a branch or tag, as far as it matters to addresses and paths.
pub(super) fn is_revision(revision: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"~^:?*[\\\"<>|".contains(c);
    revision.chars().all(plain) && revision.split('/').all(is_part)
}

/// A file's name inside a model.
pub(super) fn is_file(name: &str) -> bool {
    let plain = |c: char| !c.is_control() && !"\\:*?\"<>|".contains(c);
    name.chars().all(plain) && name.split('/').all(is_part)
}

fn is_part(part: &str) -> bool {
    !part.is_empty() && part != "." && part != ".."
}
