//! Identifies a weight file by a part of its bytes, to match stored singular values with the weights
//! that they were computed from.

use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::source::ReadAt;

/// Bytes of the file's beginning that are hashed: the header of a usual model.
const HEAD: u64 = 64 << 10;

/// Places spread over the file that are hashed too, so that other values under the same header
/// (another checkpoint of the same training) are told apart.
const SAMPLES: u64 = 64;

/// Bytes hashed at each of these places.
const SAMPLE: u64 = 1 << 10;

/// A file by its name, length and content. The same on every machine that has a copy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileIdentity {
    /// Name without folders.
    pub name: String,
    /// Length.
    pub bytes: u64,
    /// Hash of the beginning and of places spread over the rest, in hexadecimal.
    pub fingerprint: String,
}

impl FileIdentity {
    /// Reads what identifies `file`: at most 128 KiB.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(file: &dyn ReadAt) -> Result<Self> {
        let bytes = file.length();
        let mut hash = Fnv::default();
        if let Some(far) = file.far() {
            far.expect(&samples(bytes));
        }
        let mut buffer = vec![0; bytes.min(HEAD) as usize];
        file.read_exact_at(0, &mut buffer)?;
        hash.write(&buffer);
        for (offset, length) in samples(bytes) {
            buffer.resize(length, 0);
            file.read_exact_at(offset, &mut buffer)?;
            hash.write(&buffer);
        }
        let name = file.path().file_name().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            bytes,
            fingerprint: format!("{:016x}", hash.0),
        })
    }
}

/// Offsets and lengths of the places that are hashed, from behind the head to the last bytes of a
/// file of `bytes`, both included.
fn samples(bytes: u64) -> Vec<(u64, usize)> {
    let length = bytes.saturating_sub(HEAD).min(SAMPLE);
    if length == 0 {
        return Vec::new();
    }
    let span = u128::from(bytes - HEAD - length);
    let place = |sample| HEAD + (span * u128::from(sample) / u128::from(SAMPLES - 1)) as u64;
    (0..SAMPLES)
        .map(|sample| (place(sample), length as usize))
        .collect()
}

/// When the file was last written, in nanoseconds since 1970; `None` for what is not on disk.
pub(super) fn modified(file: &dyn ReadAt) -> Option<u64> {
    let time = std::fs::metadata(file.path()).ok()?.modified().ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_nanos()).ok()
}

/// The 64-bit Fowler–Noll–Vo hash, variant 1a (<http://www.isthe.com/chongo/tech/comp/fnv/>):
/// fixed for good, unlike the standard library's, because kept files outlive a compiler. It
/// guards against accidents, not against forgery.
pub(super) struct Fnv(pub(super) u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fnv;

    #[test]
    fn the_hash_is_the_published_one() {
        let hash = |text: &str| {
            let mut hash = Fnv::default();
            hash.write(text.as_bytes());
            hash.0
        };
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
