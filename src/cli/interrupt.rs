//! Ctrl-C, for whatever is being done at the time.
//!
//! Enters: the progress of what is being done. Leaves: it is cancelled when the user interrupts,
//! also where that was while nothing was under way.

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

/// Makes an interrupt cancel `progress` from now on, and nothing before it any more.
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
        // Only a handler that is there already can refuse; then that one decides.
        let _ = ctrlc::set_handler(|| {
            let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
            state.interrupted = true;
            if let Some(progress) = &state.current {
                progress.cancel();
            }
        });
    }
}
