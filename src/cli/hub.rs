//! A model of the hub, as an argument of a command.
//!
//! Enters: what was typed where a model is asked for. Leaves: the opened model: from the cache,
//! downloaded into it, or read where it is.

use std::path::Path;

use crate::cli::meter::{Unit, watch_as};
use crate::cli::{Common, interrupt};
use crate::error::{Error, Problem, Result};
use crate::figure::number::bytes;
use crate::progress::Progress;
use crate::source::hub::{self, Found, Hub, HubId, Listing, Settings};
use crate::tensor::Model;

/// How a model of the hub is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Into the cache, then from there.
    Download,
    /// Where it is, by ranges.
    Remote,
    /// Only the headers: from the cache where it is there, else where it is.
    Headers,
}

/// The model of the hub that `path` names; `None` where it names something on this machine.
///
/// # Errors
/// When it is neither, or the model cannot be had; [`Error::Cancelled`] after Ctrl-C, with what
/// has arrived kept.
pub(super) fn model(path: &Path, access: Access, common: Common) -> Result<Option<Model>> {
    let exists = path.try_exists();
    let exists = exists.map_err(Error::io(path, "look for the model"))?;
    let refuse =
        |problem: &str, advice: &str| Error::from(Problem::input(path, problem).advice(advice));
    if exists && access == Access::Remote {
        return Err(refuse(
            "is on this machine",
            "leave out --remote; for a model of the hub with that name write hf:// before it",
        ));
    }
    if exists {
        return Ok(None);
    }
    let Some(id) = path.to_str().and_then(HubId::parse) else {
        return Err(refuse(
            "there is no such folder or file",
            "give a model's folder, a weight file, or a model of the Hugging Face hub as org/name",
        ));
    };
    let hub = Hub::new(Settings::from_env())?;
    if access == Access::Headers
        && let Some(place) = hub::cached(&hub, &id)
    {
        return Model::open(&place).map(Some);
    }
    let progress = Progress::default();
    interrupt::cancels(&progress);
    let found = watch_as(&progress, Unit::Files, common, || {
        hub::find(&hub, &id, &progress)
    })?;
    let listing = match found {
        Found::Listed(listing) => listing,
        Found::Cached(place, why) => {
            common.warn(&format!(
                "{why}; the cache has {id}, and it is taken as it is there"
            ));
            return Model::open(&place).map(Some);
        }
    };
    for line in &listing.warnings {
        common.warn(line);
    }
    match access {
        Access::Download => download(&hub, &listing, common).map(Some),
        Access::Remote | Access::Headers => {
            let progress = Progress::default();
            interrupt::cancels(&progress);
            let files = watch_as(&progress, Unit::Files, common, || {
                hub::remote(&hub, &listing, &progress)
            })?;
            Model::of_files(files).map(Some)
        }
    }
}

fn download(hub: &Hub, listing: &Listing, common: Common) -> Result<Model> {
    let progress = Progress::default();
    interrupt::cancels(&progress);
    let missing = hub::missing(hub, listing);
    if missing > 0 {
        common.note(&format!(
            "downloading {} of {} into {}",
            bytes(missing),
            listing.id,
            hub.settings().cache.display()
        ));
    }
    let unit = Unit::Bytes(listing.bytes());
    let place = watch_as(&progress, unit, common, || {
        hub::download(hub, listing, &progress)
    });
    let place = place.inspect_err(|error| {
        if error.is_cancelled() {
            common.note("what has arrived is kept: the same command goes on from there");
        }
    })?;
    Model::open(&place)
}
