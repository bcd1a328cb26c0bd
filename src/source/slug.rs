//! The name that a model's result files carry: `snr_results_<slug>.json`.
//!
//! Enters: a model id, or the path that was opened. Leaves: the slug. The rule is Spectrum's
//! (arXiv:2406.06623 and its program): `/` and `_` become `-`.

use std::path::{Path, PathBuf};

/// What the Hugging Face cache puts before a model's folder: `models--org--name`.
pub(super) const CACHE_PREFIX: &str = "models--";
/// The folder of a cached model's revisions.
pub(super) const SNAPSHOTS: &str = "snapshots";
/// Where nothing else gives a name.
const NAMELESS: &str = "model";

/// The slug of a model id or of a folder's name.
#[must_use]
pub fn of_id(id: &str) -> String {
    id.replace(['/', '_'], "-")
}

/// The slug of a model's folder: its name, or for a folder of the Hugging Face cache the id of
/// the model it holds.
#[must_use]
pub fn of_folder(folder: &Path) -> String {
    // `.` and `..` have no name of their own. Not done for others: a link keeps its name.
    let named = if folder.file_name().is_some() {
        folder.to_path_buf()
    } else {
        folder
            .canonicalize()
            .unwrap_or_else(|_| PathBuf::from(NAMELESS))
    };
    let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
    let cached = |path: &Path| {
        let id = name(path)?;
        Some(id.strip_prefix(CACHE_PREFIX)?.replacen("--", "/", 1))
    };
    let in_cache = named
        .parent()
        .filter(|parent| name(parent).as_deref() == Some(SNAPSHOTS))
        .and_then(Path::parent)
        .and_then(cached);
    let id = in_cache.or_else(|| cached(&named)).or_else(|| {
        // A name that is not Unicode still gives a file name that can be typed.
        Some(named.file_name()?.to_string_lossy().into_owned())
    });
    of_id(id.as_deref().unwrap_or(NAMELESS))
}

/// The slug of a single weight file: its name without the ending; its folder's name where the
/// file is called `model`, as files of all models are.
#[must_use]
pub fn of_file(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if stem != "model" {
        return of_id(&stem);
    }
    match file.parent() {
        Some(folder) if folder.as_os_str().is_empty() => of_folder(Path::new(".")),
        Some(folder) => of_folder(folder),
        None => of_id(&stem),
    }
}
