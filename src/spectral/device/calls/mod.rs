//! The calls into NVIDIA's libraries: the only `unsafe` code of the program.
//!
//! Enters: libraries that were found. Leaves: safe types, which own what they stand for on the
//! card: [`Context`] the card itself, [`Engine`] a stream with the buffers of one matrix.
//!
//! Three facts carry the proofs below:
//! 1. Types: each function is declared as NVIDIA's headers declare it, from CUDA 11 to 13
//!    (`tests/spectral/stand_in/check_headers.sh` compiles the same declarations against them).
//! 2. Lifetimes: the libraries are never closed; a [`Context`] outlives every [`Engine`]
//!    made from it, and an engine its buffers.
//! 3. Memory: a pointer given to a call points to a buffer at least as large as the
//!    call reads or writes; nobody writes to host memory that a copy under way reads.
#![allow(
    unsafe_code,
    reason = "there is no other way to call a library that is found at run time"
)]
#![warn(clippy::undocumented_unsafe_blocks)]

mod engine;
mod fault;
mod library;
mod memory;

pub(super) use engine::Engine;
pub(super) use fault::Fault;
pub(super) use library::{Blas, Driver, Libraries, Solver, Wide, open};
pub(super) use memory::Context;
