//! runs

pub(crate) mod bar;
pub(crate) mod columns;
pub(crate) mod command;
pub(crate) mod controls;
pub(crate) mod derive;
pub(crate) mod figures;
pub(crate) mod import;
pub(crate) mod kept;
pub(crate) mod link;
pub(crate) mod map;
pub(crate) mod mapping;
pub(crate) mod panels;
pub(crate) mod row;
pub(crate) mod row_menu;
pub(crate) mod shown;
pub(crate) mod state;
pub(crate) mod table;
pub(crate) mod update;
pub(crate) mod view;
