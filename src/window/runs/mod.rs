//! The runs room: training runs side by side, as a table above linked plots.
//!
//! ```text
//! link ─▶ entry ─▶ read, follow, kept, derive ─▶ state ─▶ import, chart ─▶ update
//!                                                  └────▶ rows, table, map, panels, … ─▶ view
//! ```

mod bar;
mod chart;
mod columns;
pub(crate) mod command;
mod controls;
pub(crate) mod derive;
pub(crate) mod entry;
pub(crate) mod figures;
mod follow;
mod import;
pub(crate) mod kept;
pub(crate) mod link;
mod map;
mod mapping;
mod panels;
mod read;
mod row;
mod row_menu;
mod rows;
mod screen;
pub(crate) mod shown;
pub(crate) mod state;
mod table;
mod update;
pub(crate) mod view;
