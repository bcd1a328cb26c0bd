//! TensorBoard's event files, read as TensorBoard reads them.
//!
//! Enters: records of TFRecord's framing (a length and the data, each with a masked CRC-32C), each
//! a `tensorflow.Event`. Leaves: a filled collector. Scalars stand as `simple_value` (TensorFlow 1,
//! PyTorch, tensorboardX) or as a tensor of one number (TensorFlow 2); see `tensorflow/core/util/event.proto`,
//! `framework/summary.proto` and `framework/tensor.proto`.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::{self, Read};

use super::crc::{CASTAGNOLI, masked};
use super::protobuf::{Fields, Wire, packed};
use super::records::{Counted, LONGEST_RECORD, Part};
use crate::progress::Progress;
use crate::run::import::collect::{At, Collector, TooMany};
use crate::run::names;

/// Why reading ended early.
pub(super) enum Stop {
    Io(io::Error),
    TooMany,
    /// The file is damaged from its first record on.
    Damaged,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<TooMany> for Stop {
    fn from(TooMany: TooMany) -> Self {
        Self::TooMany
    }
}

/// Whether a file starts with a record of TFRecord's framing.
pub(in crate::run::import) fn starts(head: &[u8]) -> bool {
    let Some((length, rest)) = head.split_first_chunk::<8>() else {
        return false;
    };
    let crc = rest.first_chunk::<4>().map(|crc| u32::from_le_bytes(*crc));
    crc == Some(masked(CASTAGNOLI.sum(&[length])))
}

/// Reads the records up to the end, or up to one that is damaged.
pub(super) fn read<R: Read>(
    file: R,
    run: &str,
    collector: &mut Collector,
    progress: &Progress,
) -> Result<(), Stop> {
    let mut file = Counted::new(file, progress);
    let mut data = Vec::new();
    let mut damaged = 0_u64;
    loop {
        let start = file.at;
        let torn = |collector: &mut Collector| {
            collector.torn = true;
            collector.notes.push(format!(
                "the file ends in the middle of a record, at byte {start}: it is being written, or was cut short"
            ));
        };
        let mut header = [0; 12];
        match file.fill(&mut header)? {
            Part::Whole => {}
            Part::End => break,
            Part::Torn => {
                torn(collector);
                break;
            }
        }
        let [l0, l1, l2, l3, l4, l5, l6, l7, crc @ ..] = header;
        let length = [l0, l1, l2, l3, l4, l5, l6, l7];
        if u32::from_le_bytes(crc) != masked(CASTAGNOLI.sum(&[&length])) {
            if start == 0 {
                return Err(Stop::Damaged);
            }
            collector.notes.push(format!(
                "is damaged at byte {start}: what follows is not read"
            ));
            break;
        }
        let length = u64::from_le_bytes(length);
        if length > LONGEST_RECORD {
            // A graph or a picture.
            if file.skip(length.saturating_add(4))? != Part::Whole {
                torn(collector);
                break;
            }
            continue;
        }
        data.resize(length as usize, 0);
        let mut crc = [0; 4];
        let whole = |part| part == Part::Whole;
        if length > 0 && !whole(file.fill(&mut data)?) || !whole(file.fill(&mut crc)?) {
            torn(collector);
            break;
        }
        if u32::from_le_bytes(crc) == masked(CASTAGNOLI.sum(&[&data])) {
            event(&data, run, collector)?;
        } else {
            damaged += 1;
            collector.bad(0, format!("the record at byte {start} is damaged"));
        }
    }
    if damaged > 0 {
        collector.rows += damaged;
    }
    Ok(())
}

/// Takes the scalars of one event.
fn event(data: &[u8], run: &str, collector: &mut Collector) -> Result<(), TooMany> {
    let mut at = At {
        // Zero is left out of a protocol buffer.
        step: 0.0,
        ..At::UNKNOWN
    };
    let mut summary: &[u8] = &[];
    for (field, wire) in Fields::of(data) {
        match field {
            1 => at.wall = wire.float(),
            2 => at.step = wire.int() as f64,
            5 => summary = wire.bytes(),
            _ => {}
        }
    }
    for (field, value) in Fields::of(summary) {
        if field != 1 {
            continue;
        }
        let (mut tag, mut number) = (None, None);
        for (field, wire) in Fields::of(value.bytes()) {
            match (field, wire) {
                (1, _) => tag = std::str::from_utf8(wire.bytes()).ok(),
                (2, Wire::Fixed32(_)) => number = Some(wire.float()),
                (8, _) => number = tensor(wire.bytes()),
                _ => {}
            }
        }
        let (Some(tag), Some(number)) = (tag, number) else {
            continue;
        };
        collector.rows += 1;
        let run = collector.run(run)?;
        let place = collector.metric(run, tag, names::describe)?;
        collector.begin(run, place.table, at);
        collector.put(place, number, None);
    }
    Ok(())
}

/// The one number of a tensor; none where it has more, or is no number.
fn tensor(message: &[u8]) -> Option<f64> {
    let mut kind = 0;
    let mut numbers: Vec<f64> = Vec::new();
    let mut content: &[u8] = &[];
    for (field, wire) in Fields::of(message) {
        match field {
            1 => kind = wire.int(),
            // Histograms are tensors of many numbers.
            2 if is_many(wire.bytes()) => return None,
            4 => content = wire.bytes(),
            5 => numbers.extend(packed(wire, |bytes: [u8; 4]| {
                f64::from(f32::from_le_bytes(bytes))
            })),
            6 => numbers.extend(packed(wire, f64::from_le_bytes)),
            7 | 10 => match wire {
                Wire::Varint(_) => numbers.push(wire.float()),
                _ => numbers.extend(
                    Fields::of(&[&[0][..], wire.bytes()].concat())
                        .next()
                        .map(|(_, w)| w.float()),
                ),
            },
            _ => {}
        }
    }
    if let [number] = numbers.as_slice() {
        return Some(*number);
    }
    match (kind, content.len()) {
        (1, 4) => Some(f64::from(f32::from_le_bytes(content.try_into().ok()?))),
        (2, 8) => Some(f64::from_le_bytes(content.try_into().ok()?)),
        (3, 4) => Some(f64::from(i32::from_le_bytes(content.try_into().ok()?))),
        (9, 8) => Some(i64::from_le_bytes(content.try_into().ok()?) as f64),
        (14, 2) => Some(half::bf16::from_le_bytes(content.try_into().ok()?).to_f64()),
        (19, 2) => Some(half::f16::from_le_bytes(content.try_into().ok()?).to_f64()),
        _ => None,
    }
}

/// Whether a shape has a side that is not 1.
fn is_many(shape: &[u8]) -> bool {
    let is_long = |size: &[u8]| Fields::of(size).any(|(field, wire)| field == 1 && wire.int() != 1);
    Fields::of(shape).any(|(field, size)| field == 2 && is_long(size.bytes()))
}
