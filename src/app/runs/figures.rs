//! Figures of runs, saved.

use crate::app::state::State;

/// Which figures are to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiguresWanted {
    /// GPU memory, CPU memory and loss against job completion, with the table beside them.
    Published,
}

/// Asks where to save them.
pub(super) fn ask(state: &mut State, wanted: FiguresWanted) {
    let _ = wanted;
    state.news("later");
}
