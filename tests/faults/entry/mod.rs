//! What each fuzz target runs: one function for each kind of file, from bytes.
//!
//! Enters: any bytes. Leaves: nothing; it panics where a promise is broken. The same functions are
//! run by `fuzz/` on bytes that the fuzzer makes up, and by the tests here on the corpus that is
//! kept in `tests/corpus`.
//!
//! Beyond "no panic" they hold the readers to what must be so: what is said to be readable can be
//! read, what is written and read again is the same, and indices point at something.

// Each fuzz target is a program of its own and runs one of them.
#![allow(
    dead_code,
    unused_imports,
    reason = "each fuzz target uses one function of these"
)]

mod logs;
mod models;
mod results;
#[cfg(feature = "gui")]
mod session;
mod sets;

pub(crate) use logs::{run_json, run_store, run_table, run_text};
pub(crate) use models::{gguf, packed, pickle_and_npz, safetensors_header};
pub(crate) use results::{results_json, spectra};
#[cfg(feature = "gui")]
pub(crate) use session::session;
pub(crate) use sets::freeze_set;
