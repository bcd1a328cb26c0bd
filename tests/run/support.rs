//! Files to read, and reading them.

use std::path::{Path, PathBuf};

use layerscope::progress::Progress;
use layerscope::run::{Imported, Run, TablePreview, import};

/// A file of `tests/run/fixtures`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/run/fixtures")
        .join(name)
}

/// A real log of the shared material, if it is there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    crate::require::shared(&format!("runs/{name}"))
}

/// The runs of a log.
pub(crate) fn runs(path: &Path) -> Vec<Run> {
    match import(path, &Progress::default()).expect("a log") {
        Imported::Runs(runs) => runs,
        Imported::Table(table) => panic!("taken for an unknown table: {table:?}"),
    }
}

/// The one run of a log.
pub(crate) fn run(path: &Path) -> Run {
    let [run] = <[Run; 1]>::try_from(runs(path)).expect("one run");
    run
}

/// The preview of an unknown table.
pub(crate) fn table(path: &Path) -> TablePreview {
    match import(path, &Progress::default()).expect("a table") {
        Imported::Table(table) => table,
        Imported::Runs(runs) => panic!("taken for a known layout: {runs:?}"),
    }
}

/// The error of a file that is no log, in one line.
pub(crate) fn refused(path: &Path) -> String {
    import(path, &Progress::default())
        .expect_err("no log")
        .to_string()
}

/// A file of that content, for as long as the folder lives.
pub(crate) fn written(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("written");
    (folder, path)
}
