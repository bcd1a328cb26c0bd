//! What is found where a model is looked for.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod bytes;
mod files;
mod folders;
mod slug;
