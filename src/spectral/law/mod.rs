//! The Marchenko–Pastur law, and what is read from one spectrum against it.
//!
//! Enters: the singular values S of a matrix of shape (n, m); N = min(n, m), M = max(n, m),
//! β = N/M. Leaves: the law fitted to them, spikes above it, ranks, the tail's exponent, the
//! noise control and the stability of the ratio; all of it together as a [`Profile`].
//!
//! ```text
//! marchenko_pastur ─▶ ks ─▶ scale ─▶ fit ─▶ profile
//! tracy_widom ───────▲               ▲        ▲
//! ranks, tail, control, stability ────────────┘
//! ```

mod control;
mod fit;
mod ks;
mod marchenko_pastur;
mod profile;
mod ranks;
mod scale;
mod stability;
mod tail;
mod tracy_widom;

pub use control::{Control, Controls, EXPLAINED};
pub use fit::{Fit, snr_at};
pub use ks::bulk_distance;
pub use marchenko_pastur::MarchenkoPastur;
pub use profile::Profile;
pub use ranks::{effective_rank, stable_rank};
pub use scale::ScaleMethod;
pub use stability::{Stability, WIDTH, rank_intervals, straddles_cut};
pub use tail::{Tail, tail};
pub use tracy_widom::TracyWidom;
