//! sets

pub(crate) mod bar;
pub(crate) mod columns;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod picture;
pub(crate) mod tables;
pub(crate) mod unmatched;
pub(crate) mod update;
pub(crate) mod view;
