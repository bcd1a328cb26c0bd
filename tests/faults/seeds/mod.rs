//! What the fuzzer starts from: for each target a handful of small files, good and malformed.
//!
//! Leaves: [`seeds`], and the files of it in `tests/corpus`. Beside them lie the inputs that the
//! fuzzer found something with, under the name of what it was.

mod logs;
mod texts;
mod weights;

use std::fs;

use crate::replay::folder;

/// The largest seed, in bytes: small ones are mutated quicker.
const LARGEST: usize = 4096;

/// A file: the target it is for, its name, its bytes.
pub(crate) type Seed = (&'static str, String, Vec<u8>);

/// All seeds.
fn seeds() -> Vec<Seed> {
    [weights::seeds(), texts::seeds(), logs::seeds()].concat()
}

#[test]
#[ignore = "writes the seeds into tests/corpus"]
fn write_the_seeds() {
    for (target, name, bytes) in seeds() {
        let folder = folder(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
}

#[test]
fn the_seeds_are_small_and_all_there() {
    for (target, name, bytes) in seeds() {
        assert!(bytes.len() <= LARGEST, "{target}/{name}: {}", bytes.len());
        let kept = fs::read(folder(target).join(&name));
        assert!(
            kept.is_ok_and(|kept| kept == bytes),
            "{target}/{name} is not what is made here: run the tests `write_the_seeds -- --ignored`"
        );
    }
}
