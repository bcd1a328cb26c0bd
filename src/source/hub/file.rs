//! One file of a model on the hub, as the hub lists it.

/// One file of a model on the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubFile {
    /// Its name in the model, with `/` between folders.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, which the hub knows of large files.
    pub sha256: Option<String>,
    /// What the cache calls its content: the SHA-256, or git's name of it.
    pub blob: String,
}
