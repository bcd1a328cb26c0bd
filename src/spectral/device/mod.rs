//! The device that a scan computes with: the processor, or an NVIDIA card.
//!
//! Enters: the user's choice, one matrix after the other. Leaves: the singular values of each,
//! wherever they were computed, and a line about everything that did not go as chosen.
//!
//! NVIDIA's libraries are looked for while the program runs ([`search`]); nothing of them is
//! needed to build it or to start it. What a card returns is never taken on trust: a
//! part of the first matrix is computed on both devices, and each matrix is checked ([`probe`]).

mod calls;
mod card;
mod choice;
mod probe;
mod search;
mod solver;

pub use card::card_name;
pub use choice::{Compute, Device};
pub(super) use solver::Solver;
