//! A comparison of runs as a table: CSV, Markdown, LaTeX.
//!
//! Enters: a [`Comparison`](crate::run::Comparison) and the columns to show. Leaves: text. Units
//! stand in the header. Numbers have 4 significant digits, in CSV all they have.

mod column;
mod text;

pub use column::{Cell, Column};
pub use text::{csv, latex, markdown};
