//! A model on the Hugging Face hub as an argument of a command.

use crate::cli::meter::{Unit, watch_as};
use crate::cli::{Common, interrupt};
use crate::error::Result;
use crate::progress::Progress;
use crate::source::hub::{self, Found, Hub, HubId, Listing, Settings};
use crate::tensor::Model;
use crate::text::bytes;

/// How a model on the hub is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Into the cache, then from there.
    Download,
    /// On the hub, by ranges.
    Remote,
    /// Only the headers: from the cache where it is there, else where it is.
    Headers,
}

/// The model of the hub that `id` names.
pub(super) fn model(id: &HubId, access: Access, common: Common) -> Result<Model> {
    let hub = Hub::new(Settings::from_env())?;
    if access == Access::Headers
        && let Some(place) = hub::cached(&hub, id)
    {
        return Model::open(&place);
    }
    let progress = Progress::default();
    interrupt::cancels(&progress);
    let found = watch_as(&progress, Unit::Files, common, || {
        hub::find(&hub, id, &progress)
    })?;
    let listing = match found {
        Found::Listed(listing) => listing,
        Found::Cached(place, why) => {
            common.warn(&format!(
                "{why}; the cache has {id}, and it is taken as it is there"
            ));
            return Model::open(&place);
        }
    };
    common.warn_all(&listing.warnings);
    match access {
        Access::Download => download(&hub, &listing, common),
        Access::Remote | Access::Headers => {
            let progress = Progress::default();
            interrupt::cancels(&progress);
            let files = watch_as(&progress, Unit::Files, common, || {
                hub::remote(&hub, &listing, &progress)
            })?;
            Model::of_files(files)
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
        if error.is_canceled() {
            common.note("what has arrived is kept: the same command goes on from there");
        }
    })?;
    Model::open(&place)
}
