//! Paths in a session file: from the file's own folder where they can be, so that a folder that
//! is moved or copied takes its session along.

use std::path::{Component, Path, PathBuf};

/// `path` as a session file in `folder` holds it: from there where both are in one tree, with
/// `/` between the parts on every system; else whole.
pub(crate) fn stored(path: &Path, folder: &Path) -> String {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (path, folder) = (whole(path), whole(folder));
    let (to, from): (Vec<_>, Vec<_>) = (path.components().collect(), folder.components().collect());
    let shared = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    // In common but for the root: the place of one says nothing of the other's.
    let related = to[..shared]
        .iter()
        .any(|part| matches!(part, Component::Normal(_)));
    if !related {
        return path.display().to_string();
    }
    let up = from[shared..].iter().map(|_| "..".into());
    let down = to[shared..]
        .iter()
        .map(|part| part.as_os_str().to_string_lossy());
    let parts: Vec<_> = up.chain(down).collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

/// The path that the session file at `session` means by `stored`.
pub(crate) fn resolved(stored: &str, session: &Path) -> PathBuf {
    let folder = session.parent().unwrap_or(Path::new(""));
    let mut path = folder.to_path_buf();
    for part in Path::new(stored).components() {
        match part {
            // Without it the same file would have two names, and be two items in the recent ones.
            Component::ParentDir if path.file_name().is_some() => {
                path.pop();
            }
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_same_tree_is_told_from_the_folder() {
        let folder = Path::new("/data/work");
        for (path, expected) in [
            ("/data/work/snr.json", "snr.json"),
            ("/data/work/deep/er/snr.json", "deep/er/snr.json"),
            ("/data/models/a", "../models/a"),
            ("/data/work", "."),
            ("/elsewhere/a", "/elsewhere/a"),
        ] {
            assert_eq!(stored(Path::new(path), folder), expected);
            let back = resolved(expected, Path::new("/data/work/a.layerscope.json"));
            assert_eq!(back, Path::new(path));
        }
    }

    #[test]
    fn a_file_named_without_its_folder_is_found_there() {
        let back = resolved("snr.json", Path::new("a.layerscope.json"));
        assert_eq!(back, Path::new("snr.json"));
        let back = resolved("../snr.json", Path::new("a.layerscope.json"));
        assert_eq!(back, Path::new("../snr.json"));
    }
}
