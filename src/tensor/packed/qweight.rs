//! GPTQ and AutoAWQ: `qweight`, `qzeros`, `scales`, `g_idx`.
//!
//! Both quantize groups of input features with a zero and a scale per output feature, and both
//! store the transpose. GPTQ packs down the input features, AWQ across the output features in an
//! order of its own, which tells them apart where no configuration does. Sources: the layers of
//! AutoGPTQ, GPTQModel and AutoAWQ.

use serde_json::Value;

use super::{
    Found, Group, Known, Numbers, Order, Packing, Scale, Shift, as_stated, expect_shape,
    group_size, is_type,
};
use crate::tensor::TensorInfo;

/// Widths that GPTQ packs.
const WIDTHS: [usize; 4] = [4, 8, 3, 2];

pub(super) fn find<'a>(known: &Known<'a>, place: usize, info: &'a TensorInfo) -> Option<Found<'a>> {
    let module = info.name.strip_suffix(".qweight")?;
    let packing = packing(known, place, info, module);
    let method = packing.as_ref().map_or_else(
        |_| {
            let method = known.config.quantization_method().map(str::to_uppercase);
            method.unwrap_or_else(|| {
                let ordered = known.has(&format!("{module}.g_idx"));
                if ordered { "GPTQ" } else { "GPTQ or AWQ" }.to_owned()
            })
        },
        |packing| packing.method.clone(),
    );
    Some(Found {
        module,
        method,
        packing,
    })
}

#[expect(
    clippy::too_many_lines,
    reason = "one list of what the two formats have, in the order it is decided"
)]
fn packing(
    known: &Known<'_>,
    place: usize,
    info: &TensorInfo,
    module: &str,
) -> Result<Packing, String> {
    if !is_type(info, &["I32"]) {
        return Err(format!("its codes are of type {}, not I32", info.dtype));
    }
    let (scales_place, scales) = known.need(&format!("{module}.scales"))?;
    let ([down, across], [groups, outputs]) = (&*info.shape, &*scales.shape) else {
        return Err(format!(
            "has codes of shape {:?} and scales of shape {:?}",
            info.shape, scales.shape
        ));
    };
    let (down, across, groups, rows) = (*down, *across, *groups, *outputs);
    let setting = |key: &str| known.config.quantization()?.get(key);
    let version = setting("version")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if version.to_ascii_lowercase().contains("gemv")
        || setting("checkpoint_format")
            .and_then(Value::as_str)
            .is_some_and(|format| !format.starts_with("gptq") && format != "gemm")
    {
        return Err(
            "its layout is made for one kernel (GEMV, Marlin or another) and is not read".into(),
        );
    }
    let stated = setting("group_size").and_then(Value::as_u64);
    let stated = stated.and_then(|size| usize::try_from(size).ok());
    let zeros = known.tensor(&format!("{module}.qzeros"));
    let order = known.tensor(&format!("{module}.g_idx"));
    let mut parts = vec![place, scales_place];
    if across == rows && (order.is_some() || known.config.quantization_method() != Some("awq")) {
        let bits = setting("bits")
            .and_then(Value::as_u64)
            .map(|bits| bits as usize);
        let cols_of = |bits: usize| down * 32 / bits;
        let fits = |bits: &usize| {
            let zeros_fit =
                zeros.is_none_or(|(_, zeros)| zeros.shape == [groups, (rows * bits).div_ceil(32)]);
            let order_fits = order.is_none_or(|(_, order)| {
                order
                    .shape
                    .first()
                    .is_some_and(|&cols| (cols * bits).div_ceil(32) == down)
            });
            WIDTHS.contains(bits) && zeros_fit && order_fits
        };
        let mut widths = bits.into_iter().chain(WIDTHS);
        let bits = widths
            .find(fits)
            .ok_or("its tensors have shapes of different widths")?;
        let cols = match order {
            Some((_, order)) => order.shape.first().copied().unwrap_or(0),
            None => cols_of(bits),
        };
        let shift = match zeros {
            Some((zeros, info)) if is_type(info, &["I32"]) => {
                parts.push(zeros);
                let format = setting("checkpoint_format").and_then(Value::as_str);
                Shift::ZeroDown {
                    part: parts.len() - 1,
                    less_one: format != Some("gptq_v2"),
                }
            }
            _ => return Err("its zeros (qzeros) are missing or of another type".into()),
        };
        let group = match order {
            Some((order, info)) if is_type(info, &["I32"]) => {
                parts.push(order);
                Group::Listed {
                    part: parts.len() - 1,
                    groups,
                    across: true,
                }
            }
            _ => Group::Across(group_size(cols, groups, stated)?),
        };
        return Ok(Packing {
            method: format!("GPTQ {bits}-bit"),
            shape: vec![rows, cols],
            parts,
            count: 1,
            rows,
            cols,
            transposed: false,
            bits,
            order: Order::Down,
            numbers: Numbers::Unsigned,
            scale: Scale::Plain(as_stated(1)),
            shift,
            group,
        });
    }
    let bits = match (across * 32).checked_div(rows) {
        Some(bits @ (4 | 8)) if across * 32 == rows * bits => bits,
        _ => return Err("its codes and scales have shapes of different widths".into()),
    };
    let shift = match zeros {
        Some((place, zeros)) => {
            expect_shape(zeros, &[groups, across])?;
            parts.push(place);
            Shift::ZeroAcross(2)
        }
        None => return Err("its zeros (qzeros) are missing".into()),
    };
    Ok(Packing {
        method: format!("AWQ {bits}-bit"),
        shape: vec![rows, down],
        parts,
        count: 1,
        rows,
        cols: down,
        transposed: false,
        bits,
        order: Order::Across,
        numbers: Numbers::Unsigned,
        scale: Scale::Plain(as_stated(1)),
        shift,
        group: Group::Across(group_size(down, groups, stated)?),
    })
}
