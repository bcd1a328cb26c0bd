//! export

pub(crate) mod check;
pub(crate) mod check_view;
pub(crate) mod draft;
pub(crate) mod view;
