//! Models of the Hugging Face hub.
//!
//! Enters: an id (`org/name@revision`). Leaves: what the hub holds of it ([`Listing`]), then
//! either the folder of the cache it was downloaded into ([`download`]), or its files to be read
//! where they are ([`remote`]).
//!
//! The hub's own Rust client (`hf-hub` 1.0) is not used. It can neither be canceled nor take up a
//! download that broke off; it keeps an answer of status 500 as the model, and takes any answer
//! for the range it asked for; it drops the SHA-256 that the hub lists (which calls it `oid`
//! there) and its `RateLimit` header; each range costs it a second request; and it brings 280
//! crates. What is needed of the hub are two addresses and the layout of its cache: they are
//! here, over `reqwest`, the HTTP client it is made of.

mod cache;
mod choice;
mod connection;
mod download;
mod file;
mod id;
mod listing;
mod model;
mod problem;
mod settings;
mod transfer;
mod words;

use std::path::PathBuf;

use crate::error::{ProblemKind, Result};
use crate::progress::Progress;

pub use connection::Hub;
pub use download::{download, missing};
pub use file::HubFile;
pub use id::HubId;
pub use listing::Listing;
pub use model::remote;
pub use settings::{Patience, Settings, Token};
pub(in crate::source) use transfer::Remote;

/// Where `id` was found.
#[derive(Debug)]
pub enum Found {
    /// On the hub, which was asked.
    Listed(Listing),
    /// In the cache only, because the hub cannot be asked: the place, and why, in a line.
    Cached(PathBuf, String),
}

/// Looks `id` up: asks the hub, or the cache where there is no way to the hub.
///
/// # Errors
/// As [`Listing::of`], when the cache does not hold all of it either.
pub fn find(hub: &Hub, id: &HubId, progress: &Progress) -> Result<Found> {
    let cached = || cached(hub, id);
    if hub.settings().offline
        && let Some(place) = cached()
    {
        return Ok(Found::Cached(place, "HF_HUB_OFFLINE is set".to_owned()));
    }
    match Listing::of(hub, id, progress) {
        Ok(listing) => Ok(Found::Listed(listing)),
        Err(crate::Error::Problem(problem))
            if problem.kind == ProblemKind::HubAbsent
                && let Some(place) = cached() =>
        {
            Ok(Found::Cached(place, problem.cause))
        }
        Err(error) => Err(error),
    }
}

/// The place of `id` in the cache, where all of it is there; the hub is not asked.
#[must_use]
pub fn cached(hub: &Hub, id: &HubId) -> Option<PathBuf> {
    cache::Cached::new(hub.settings(), id).whole(id)
}
