//! The fields of a protocol buffer, without its definition.
//!
//! Enters: the bytes of a message. Leaves: numbers of fields and their raw values. See
//! <https://protobuf.dev/programming-guides/encoding/>.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

/// The value of a field, as it is encoded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wire<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

impl<'a> Wire<'a> {
    /// The bytes of a string or a message; none of another kind.
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => &[],
        }
    }

    pub(super) fn text(self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }

    /// A whole number with sign.
    pub(super) fn int(self) -> i64 {
        match self {
            Self::Varint(number) => number.cast_signed(),
            _ => 0,
        }
    }

    /// A `double` or `float`.
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Fixed64(bytes) => f64::from_le_bytes(bytes),
            Self::Fixed32(bytes) => f64::from(f32::from_le_bytes(bytes)),
            Self::Varint(number) => number.cast_signed() as f64,
            Self::Bytes(_) => f64::NAN,
        }
    }
}

/// The fields of a message, one after the other; ends where the bytes are no message.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*array)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Wire<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let tag = self.varint()?;
        let wire = match tag & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => Wire::Fixed64(self.array()?),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                let (bytes, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                Wire::Bytes(bytes)
            }
            5 => Wire::Fixed32(self.array()?),
            // Groups are of the past.
            _ => return None,
        };
        Some((tag >> 3, wire))
    }
}

/// The numbers of a repeated field, packed or not.
pub(super) fn packed<const N: usize>(wire: Wire<'_>, number: fn([u8; N]) -> f64) -> Vec<f64> {
    match wire {
        Wire::Bytes(bytes) => bytes
            .as_chunks::<N>()
            .0
            .iter()
            .map(|&chunk| number(chunk))
            .collect(),
        other => vec![other.float()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_all_kinds_and_no_end() {
        let message = [
            0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 0, 0, 0x80, 0x3f, 0x21, 0, 0, 0, 0, 0,
            0, 0xf0, 0x3f,
        ];
        let fields: Vec<_> = Fields::of(&message).collect();
        assert_eq!(fields.len(), 4);
        assert!(matches!(fields.first(), Some((1, Wire::Varint(150)))));
        assert_eq!(
            fields.get(1).map(|(_, wire)| wire.text()).as_deref(),
            Some("hi")
        );
        assert_eq!(fields.get(2).map(|(_, wire)| wire.float()), Some(1.0));
        assert_eq!(fields.get(3).map(|(_, wire)| wire.float()), Some(1.0));
        // A length beyond the end, a number without an end, a group.
        for broken in [
            &[0x12, 0xff, 0x01][..],
            &[0x80; 12],
            &[0x0b],
            &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        ] {
            assert_eq!(Fields::of(broken).count(), 0);
        }
    }
}
