//! Session files of the window.
//!
//! Enters: the text of a file. Leaves: nothing.

use std::path::Path;

use layerscope::window::Session;

/// A session: what is read, written and read again is the same.
pub(crate) fn session(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let path = Path::new("x.layerscope.json");
    let Ok(session) = Session::read(path, text) else {
        return;
    };
    let written = session.text().expect("JSON can express it");
    let again = Session::read(path, &written).expect("what was written can be read");
    assert_eq!(again.text().expect("as before"), written);
}
