//! What the hub holds of a model: the commit, and the files to be had with their sizes.
//!
//! Enters: an id. Leaves: [`Listing`]. It costs one request, and one more for the index of a
//! sharded model; of a mirror that lists names only, one more per file. Nothing is stored.

use std::path::PathBuf;

use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::progress::Progress;
use crate::source::Index;
use crate::source::hub::HubId;
use crate::source::hub::choice::{self, Choice};
use crate::source::hub::connection::{Hub, Stop};
use crate::source::hub::file::HubFile;
use crate::source::hub::id::is_file;
use crate::source::hub::problem::Problem;
use crate::source::hub::transfer::Remote;

/// The largest answer or small file that is taken into memory: far above the index of the largest
/// models.
const LARGEST: u64 = 512 << 20;

/// What the hub holds of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// What was asked for.
    pub id: HubId,
    /// The commit that the revision stands for now.
    pub commit: String,
    /// The files that a scan reads, and only these: configuration, index, weights by name.
    pub files: Vec<HubFile>,
    /// The index of a sharded model.
    pub index: Option<Index>,
    /// Whether readers have to accept conditions first.
    pub gated: bool,
    /// Whether only some may see it.
    pub private: bool,
    /// Lines about what was left out or looks wrong.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Info {
    sha: Option<String>,
    #[serde(default)]
    private: bool,
    /// `false`, `"auto"` or `"manual"`.
    #[serde(default)]
    gated: Value,
    #[serde(default)]
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    #[serde(rename = "blobId")]
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    /// `oid` in other answers of the hub.
    #[serde(alias = "oid")]
    sha256: Option<String>,
    size: Option<u64>,
}

impl Listing {
    /// Asks the hub what it holds of `id`.
    ///
    /// # Errors
    /// [`crate::Error::Problem`] when there is none, it may not be read, it holds no weights that are
    /// read here, or the hub cannot be asked; [`crate::Error::Canceled`].
    pub fn of(hub: &Hub, id: &HubId, progress: &Progress) -> Result<Self> {
        progress.set_label(format!("asking for {id}"));
        let info: Info = hub.tried(id, progress, || info(hub, id, progress), || 0)?;
        let refuse = |problem: Problem| problem.error(id, hub.settings());
        let is_commit = |sha: &String| is_hex(sha);
        let mut commit = info.sha.filter(is_commit);
        if commit.is_none()
            && let Some(any) = info.siblings.iter().find(|file| is_file(&file.rfilename))
        {
            // A mirror whose list does not say it says it of each file.
            let headers = headers(hub, id, id.revision(), &any.rfilename, progress)?;
            commit = text(&headers, "x-repo-commit").filter(is_commit);
        }
        let no_commit = || Problem::Unreadable("it names no commit".to_owned());
        let mut listing = Self {
            id: id.clone(),
            commit: commit.ok_or_else(|| refuse(no_commit()))?,
            files: Vec::new(),
            index: None,
            gated: !matches!(info.gated, Value::Null | Value::Bool(false)),
            private: info.private,
            warnings: Vec::new(),
        };
        let names: Vec<&str> = info
            .siblings
            .iter()
            .map(|file| file.rfilename.as_str())
            .collect();
        let chosen = choice::choose(id, &names).map_err(refuse)?;
        let commit = listing.commit.clone();
        let file = |name: &str| -> Result<Option<HubFile>> {
            let found = info.siblings.iter().find(|file| file.rfilename == name);
            let Some(found) = found else { return Ok(None) };
            match found.file() {
                Some(file) => Ok(Some(file)),
                // A mirror that lists names only.
                None => asked(hub, id, &commit, name, progress).map(Some),
            }
        };
        let Choice {
            beside,
            index,
            weights,
        } = chosen;
        for name in beside {
            listing.files.extend(file(&name)?);
        }
        let mut weights: Vec<String> = weights;
        if let Some(name) = index
            && let Some(found) = file(&name)?
        {
            match listing.read_index(hub, &found, progress)? {
                Ok(index) => {
                    weights.clone_from(&index.files);
                    listing.files.push(found);
                    listing.index = Some(index);
                }
                Err(why) => listing.warnings.push(why),
            }
        }
        for name in weights {
            // One that the index names and the hub has not is told when the model is opened.
            listing.files.extend(file(&name)?);
        }
        Ok(listing)
    }

    /// Reads the index; the line says why it cannot be used.
    fn read_index(
        &self,
        hub: &Hub,
        file: &HubFile,
        progress: &Progress,
    ) -> Result<Result<Index, String>> {
        let bytes = self.read(hub, file, progress)?;
        let path = self.path_of(&file.name);
        Ok(Index::parse(&path, &bytes)
            .map_err(|error| format!("{error}; the weight files that are there are taken instead")))
    }

    /// The whole of a small file.
    pub(super) fn read(&self, hub: &Hub, file: &HubFile, progress: &Progress) -> Result<Vec<u8>> {
        if file.size > LARGEST {
            let why = format!("{} has {} bytes", file.name, file.size);
            return Err(Problem::Unreadable(why).error(&self.id, hub.settings()));
        }
        let remote = Remote::new(hub, (&self.id, &self.commit), file);
        let mut bytes = Vec::with_capacity(file.size as usize);
        remote.read(hub, 0..file.size, progress, |part| {
            bytes.extend_from_slice(part);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// What messages call a file of this model: an address, and no path of this machine.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        let whole = HubId {
            file: None,
            ..self.id.clone()
        };
        PathBuf::from(whole.address()).join(name)
    }

    /// Bytes of all files together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

impl Sibling {
    fn file(&self) -> Option<HubFile> {
        let lfs = self.lfs.as_ref();
        let sha256 = lfs
            .and_then(|lfs| lfs.sha256.clone())
            .filter(|sha| is_hex(sha));
        let blob = sha256.clone().or_else(|| self.blob_id.clone());
        Some(HubFile {
            name: Some(&self.rfilename).filter(|name| is_file(name))?.clone(),
            size: lfs.and_then(|lfs| lfs.size).or(self.size)?,
            // It becomes the name of a file.
            blob: blob.filter(|blob| is_hex(blob))?,
            sha256: sha256.map(|sha| sha.to_ascii_lowercase()),
        })
    }
}

/// What the hub says of a file when it is asked for it alone.
fn headers(
    hub: &Hub,
    id: &HubId,
    revision: &str,
    name: &str,
    progress: &Progress,
) -> Result<HeaderMap> {
    let parts = id
        .repo
        .split('/')
        .chain(["resolve", revision])
        .chain(name.split('/'));
    let url = hub.address(parts);
    hub.tried(id, progress, || hub.headers(&url, name, progress), || 0)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The file `name`, of which the list does not have size and hash: by a request of its own.
fn asked(hub: &Hub, id: &HubId, commit: &str, name: &str, progress: &Progress) -> Result<HubFile> {
    let unlisted = || {
        let why = format!("it tells neither size nor hash of {name}");
        Problem::Unreadable(why).error(id, hub.settings())
    };
    if !is_file(name) {
        return Err(unlisted());
    }
    let headers = headers(hub, id, commit, name, progress)?;
    let size = text(&headers, "x-linked-size").or_else(|| text(&headers, "content-length"));
    let size = size
        .and_then(|size| size.trim().parse().ok())
        .ok_or_else(unlisted)?;
    let tag = text(&headers, "x-linked-etag").or_else(|| text(&headers, "etag"));
    let tag = tag.ok_or_else(unlisted)?;
    let tag = tag
        .trim()
        .trim_start_matches("W/")
        .trim_matches('"')
        .to_owned();
    let sha256 = Some(tag.to_ascii_lowercase()).filter(|tag| tag.len() == 64 && is_hex(tag));
    // It becomes the name of a file: another server's tag may hold anything.
    let blob = if is_hex(&tag) { tag } else { hash_of(&tag) };
    Ok(HubFile {
        name: name.to_owned(),
        size,
        sha256,
        blob,
    })
}

/// A name in hexadecimal for a tag that is none.
fn hash_of(tag: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for byte in Sha256::digest(tag.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Whether it is a hash in hexadecimal.
fn is_hex(text: &str) -> bool {
    (8..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn info(hub: &Hub, id: &HubId, progress: &Progress) -> Result<Info, Stop> {
    if hub.settings().offline {
        return Err(Problem::Offline.into());
    }
    let model = ["api", "models"].into_iter().chain(id.repo.split('/'));
    let mut url = hub.address(model.chain(["revision", id.revision()]));
    url.set_query(Some("blobs=true"));
    let (mut answer, _) = hub.ask(&url, None, None, progress)?;
    let stated = answer.content_length();
    let mut text = Vec::new();
    while let Some(bytes) = hub.next(&mut answer, progress)? {
        text.extend_from_slice(bytes.as_ref());
        if text.len() as u64 > LARGEST {
            let why = format!("it is longer than {LARGEST} bytes");
            return Err(Problem::Unreadable(why).into());
        }
    }
    let got = text.len() as u64;
    if let Some(of) = stated.filter(|of| *of != got) {
        return Err(Problem::Cut { got, of }.into());
    }
    let info = serde_json::from_slice(&text);
    info.map_err(|error| Problem::Unreadable(error.to_string()).into())
}
