//! bitsandbytes: 4 bits (`quant_state`, `absmax`, `quant_map`) and 8 bits (`SCB`).
//!
//! With 4 bits the whole weight is one run of codes, cut into blocks without regard to rows, and
//! its shape stands in the text of its state. With *double quantization* the blocks' factors are
//! themselves codes of 8 bits. Source: bitsandbytes' `functional.py`.

use serde::Deserialize;

use super::{
    Found, Group, Known, Numbers, Order, Packing, Scale, Shift, as_stated, is_type, stack,
};
use crate::tensor::{DType, TensorInfo, elements};

/// 1/127 as bitsandbytes writes it.
const STEP: f32 = 7.874_016e-3;

/// The text of a weight's state.
#[derive(Deserialize)]
struct State {
    quant_type: String,
    blocksize: usize,
    shape: Vec<usize>,
    #[serde(default)]
    nested_blocksize: Option<usize>,
    #[serde(default)]
    nested_offset: Option<f64>,
}

pub(super) fn find<'a>(known: &Known<'a>, place: usize, info: &'a TensorInfo) -> Option<Found<'a>> {
    let module = info.name.strip_suffix(".weight")?;
    let mut states = ["nf4", "fp4"]
        .iter()
        .map(|kind| known.tensor(&format!("{}.quant_state.bitsandbytes__{kind}", info.name)));
    if let Some((_, state)) = states.find_map(|state| state) {
        let packing = four_bits(known, place, info, state);
        return Some(Found::new(module, packing, "bitsandbytes 4-bit"));
    }
    if known.has(&format!("{}.absmax", info.name)) {
        return Some(Found {
            module,
            method: "bitsandbytes 4-bit".into(),
            packing: Err("its quant_state, which has its shape, is missing".into()),
        });
    }
    let factors = known
        .tensor(&format!("{module}.SCB"))
        .or_else(|| known.tensor(&format!("{module}.weight.SCB")))?;
    is_type(info, &["I8", "U8"]).then(|| Found {
        module,
        method: "bitsandbytes int8".into(),
        packing: eight_bits(place, info, factors),
    })
}

fn four_bits(
    known: &Known<'_>,
    place: usize,
    info: &TensorInfo,
    state: &TensorInfo,
) -> Result<Packing, String> {
    let length = elements(&state.shape).unwrap_or(u64::MAX);
    let text = known.small(state, length)?;
    let state: State = serde_json::from_slice(&text)
        .map_err(|error| format!("its quant_state cannot be used: {error}"))?;
    let [rows, cols] = match *state.shape {
        [rows, cols] => [rows, cols],
        [length] => [1, length],
        _ => {
            return Err(format!(
                "has shape {:?}, which is not that of a matrix",
                state.shape
            ));
        }
    };
    let stored = info
        .dtype
        .size()
        .or_else(|| is_type(info, &["U8", "I8"]).then_some(1));
    let codes = elements(&[rows, cols]).ok_or("has more elements than can be counted")?;
    let bytes = elements(&info.shape)
        .zip(stored)
        .and_then(|(count, size)| count.checked_mul(size as u64));
    if bytes.is_none_or(|bytes| bytes < codes.div_ceil(2)) {
        return Err(format!(
            "has fewer codes than its shape {:?} takes",
            state.shape
        ));
    }
    let block = state.blocksize;
    if block == 0 || !["nf4", "fp4"].contains(&&*state.quant_type) {
        return Err(format!(
            "its quant_state names the type {:?}",
            state.quant_type
        ));
    }
    let beside = |end: &str| known.need(&format!("{}.{end}", info.name));
    let (absmax_place, absmax) = beside("absmax")?;
    let (map, _) = beside("quant_map")?;
    let blocks = codes.div_ceil(block as u64);
    if elements(&absmax.shape).is_none_or(|count| count < blocks) {
        return Err(format!(
            "has {:?} factors for {blocks} blocks",
            absmax.shape
        ));
    }
    let mut parts = vec![place, map, absmax_place];
    let mut method = format!("bitsandbytes {}", state.quant_type);
    let scale = if is_type(absmax, &["U8"]) {
        let nested = state.nested_blocksize.zip(state.nested_offset);
        let (block, offset) = nested.ok_or("its quant_state does not describe its factors")?;
        parts.push(beside("nested_quant_map")?.0);
        parts.push(beside("nested_absmax")?.0);
        method.push_str(" (double quantization)");
        Scale::Nested {
            codes: 2,
            table: 3,
            factors: 4,
            block,
            offset: (offset as f32).to_bits(),
        }
    } else {
        Scale::Plain(as_stated(2))
    };
    Ok(Packing {
        method,
        shape: state.shape,
        parts,
        count: 1,
        rows,
        cols,
        transposed: false,
        bits: 4,
        order: Order::HighFirst,
        numbers: Numbers::Table(1),
        scale,
        shift: Shift::None,
        group: Group::Run(block),
    })
}

fn eight_bits(
    place: usize,
    info: &TensorInfo,
    (factors_place, factors): (usize, &TensorInfo),
) -> Result<Packing, String> {
    let (count, rows, cols) = stack(&info.shape)?;
    if count != 1 || factors.dtype != DType::F32 || elements(&factors.shape) != Some(rows as u64) {
        return Err(format!(
            "has factors of shape {:?} and type {}",
            factors.shape, factors.dtype
        ));
    }
    Ok(Packing {
        method: "bitsandbytes int8".into(),
        shape: info.shape.clone(),
        parts: vec![place, factors_place],
        count,
        rows,
        cols,
        transposed: false,
        bits: 8,
        order: Order::Rows,
        numbers: Numbers::Signed,
        scale: Scale::Then(as_stated(1), STEP.to_bits()),
        shift: Shift::None,
        group: Group::Row,
    })
}
