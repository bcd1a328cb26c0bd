//! Ctrl-C cancels the work in progress.

use std::sync::{Mutex, PoisonError};

use crate::progress::Progress;

struct State {
    /// What an interrupt cancels.
    current: Option<Progress>,
    /// Whether there was one.
    interrupted: bool,
    installed: bool,
}

static STATE: Mutex<State> = Mutex::new(State {
    current: None,
    interrupted: false,
    installed: false,
});

/// Makes an interrupt cancel `progress` instead of the work before it.
pub(super) fn cancels(progress: &Progress) {
    let install = {
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        if state.interrupted {
            progress.cancel();
        }
        state.current = Some(progress.clone());
        !std::mem::replace(&mut state.installed, true)
    };
    if install {
        // This fails only if another handler is installed; then that one decides.
        let _ = ctrlc::set_handler(|| {
            let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
            state.interrupted = true;
            if let Some(progress) = &state.current {
                progress.cancel();
            }
        });
    }
}
