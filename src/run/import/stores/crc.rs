//! The checksums of records: CRC-32C (Castagnoli) of event files, CRC-32 (IEEE 802.3) of `.wandb`.
//!
//! Enters: bytes. Leaves: their checksum. Eight bytes a turn ("slicing-by-8").
/// A checksum of 32 bits, bits in reverse.
#[derive(Debug)]
pub(super) struct Crc32 {
    tables: [[u32; 256]; 8],
}

/// CRC-32C, of TensorFlow's records.
pub(super) static CASTAGNOLI: Crc32 = Crc32::of(0x82f6_3b78);
/// CRC-32 of zip and W&B.
pub(super) static IEEE: Crc32 = Crc32::of(0xedb8_8320);

impl Crc32 {
    const fn of(polynomial: u32) -> Self {
        let mut tables = [[0; 256]; 8];
        let mut at = 0;
        while at < 256 {
            let mut crc = at as u32;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 1 == 1 {
                    (crc >> 1) ^ polynomial
                } else {
                    crc >> 1
                };
                bit += 1;
            }
            tables[0][at] = crc;
            at += 1;
        }
        let mut table = 1;
        while table < 8 {
            let mut at = 0;
            while at < 256 {
                let before = tables[table - 1][at];
                tables[table][at] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
                at += 1;
            }
            table += 1;
        }
        Self { tables }
    }

    /// The checksum of `parts`, one after the other.
    pub(super) fn sum(&self, parts: &[&[u8]]) -> u32 {
        let mut crc = u32::MAX;
        for part in parts {
            let (chunks, rest) = part.as_chunks::<8>();
            for chunk in chunks {
                let word = u64::from_le_bytes(*chunk) ^ u64::from(crc);
                crc = 0;
                for (turn, byte) in word.to_le_bytes().into_iter().enumerate() {
                    crc ^= self.tables[7 - turn][usize::from(byte)];
                }
            }
            for &byte in rest {
                crc = (crc >> 8) ^ self.tables[0][usize::from(crc as u8 ^ byte)];
            }
        }
        !crc
    }
}

/// TensorFlow's mask: a checksum of data that holds checksums.
pub(super) fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_values() {
        assert_eq!(CASTAGNOLI.sum(&[b"123456789"]), 0xe306_9283);
        assert_eq!(IEEE.sum(&[b"12345", b"6789"]), 0xcbf4_3926);
        assert_eq!(IEEE.sum(&[]), 0);
    }
}
