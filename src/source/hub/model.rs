//! A model of the hub to be read where it is.
//!
//! Enters: what the hub lists of it. Leaves: [`ModelFiles`] whose weights are read by ranges;
//! nothing is stored on this machine.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::progress::Progress;
use crate::source::config::CONFIG;
use crate::source::hub::connection::Hub;
use crate::source::hub::{HubFile, Listing};
use crate::source::{Config, ModelFiles, RemoteFile, WeightFile, slug};

/// Beginnings of files that are fetched at the same time.
const TOGETHER: usize = 8;

/// The files of the model that `listing` is of. The beginnings of the weight files are fetched,
/// where their headers are; `progress` counts files.
///
/// # Errors
/// [`crate::Error::Problem`] when they cannot be had, [`crate::Error::Canceled`].
pub fn remote(hub: &Arc<Hub>, listing: &Listing, progress: &Progress) -> Result<ModelFiles> {
    let mut files = ModelFiles {
        path: PathBuf::from(listing.id.address()),
        slug: slug_of(listing),
        index: listing.index.clone(),
        warnings: listing.warnings.clone(),
        ..ModelFiles::default()
    };
    let found = |name: &str| listing.files.iter().find(|file| file.name == name);
    if let Some(file) = found(CONFIG) {
        let bytes = listing.read(hub, file, progress)?;
        match Config::parse(&listing.path_of(&file.name), &bytes) {
            Ok(config) => files.config = config,
            Err(error) => files.warnings.push(error.to_string()),
        }
    }
    let open = |file: &HubFile| {
        let path = listing.path_of(&file.name);
        Arc::new(RemoteFile::new(hub, listing, file, path, progress))
    };
    files.weights = if let Some(index) = &listing.index {
        let names = index.files.iter();
        let missing = |name: &String| WeightFile {
            path: listing.path_of(name),
            problem: Some(format!(
                "{}: names the file {name:?}, which the hub does not hold",
                index.path.display()
            )),
            remote: None,
        };
        names
            .map(|name| found(name).map_or_else(|| missing(name), |file| weight(open(file))))
            .collect()
    } else {
        let all = listing.files.iter();
        all.filter(|file| file.name != CONFIG)
            .map(|file| weight(open(file)))
            .collect()
    };
    begin(&files, progress)?;
    Ok(files)
}

fn weight(file: Arc<RemoteFile>) -> WeightFile {
    use crate::source::ReadAt as _;
    WeightFile {
        path: file.path().to_path_buf(),
        problem: None,
        remote: Some(file),
    }
}

/// The name for result files: the same as of the model in the cache.
fn slug_of(listing: &Listing) -> String {
    let id = &listing.id;
    let file = id.file.as_deref().and_then(|file| file.rsplit('/').next());
    let stem = file.map(|file| file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    slug::of_id(stem.filter(|stem| *stem != "model").unwrap_or(&id.repo))
}

/// Fetches the beginnings of all weight files, several at a time.
fn begin(files: &ModelFiles, progress: &Progress) -> Result<()> {
    let remote: Vec<&Arc<RemoteFile>> = files
        .weights
        .iter()
        .filter_map(|weight| weight.remote.as_ref())
        .collect();
    progress.set_total(remote.len() as u64, 0);
    let next = AtomicUsize::new(0);
    let lane = || -> Result<()> {
        while let Some(file) = remote.get(next.fetch_add(1, Ordering::Relaxed)) {
            file.begin(progress)?;
            progress.finish_item();
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let lanes = 1..TOGETHER.min(remote.len());
        let spawned: Vec<_> = lanes
            .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, lane).ok())
            .collect();
        let own = lane();
        let others = spawned
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Ok(())));
        others.fold(own, Result::and)
    })
}
