//! What the name of a shard says.

use std::path::Path;

/// A shard's number and the number of shards, from `model-00002-of-00005.safetensors`.
pub(super) struct Shard {
    pub(super) number: u32,
    pub(super) of: u32,
}

pub(super) fn shard(path: &Path) -> Option<Shard> {
    let stem = path.file_stem()?.to_str()?;
    let (start, of) = stem.rsplit_once("-of-")?;
    let (_, number) = start.rsplit_once('-')?;
    Some(Shard {
        number: number.parse().ok()?,
        of: of.parse().ok()?,
    })
}
