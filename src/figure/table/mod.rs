//! A comparison of runs as a table: CSV, Markdown, LaTeX. Units stand in the header. Numbers have 4
//! significant digits; in CSV they have all their digits.

mod column;
mod text;

pub use column::{Cell, Column};
pub use text::{csv, latex, markdown};
