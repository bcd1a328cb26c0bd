//! Floats of 4 bits outside of compressed-tensors: MXFP4 as gpt-oss has it (`_blocks`, `_scales`),
//! bytes with scales in powers of two (DeepSeek's `weight` and `scale`), and `ModelOpt`'s NVFP4
//! (`weight_scale`, `weight_scale_2`). Sources: OCP Microscaling Formats 1.0 (2023), transformers'
//! `integrations/mxfp4.py`, `ModelOpt`'s `NVFP4QTensor`.

use super::{
    Floats, Found, Group, Known, Numbers, Order, Packing, Reads, Scale, Shift, as_stated,
    group_size, is_type, one_number, shape_of, stack,
};
use crate::tensor::{DType, TensorInfo};

pub(super) fn find<'a>(known: &Known<'a>, place: usize, info: &'a TensorInfo) -> Option<Found<'a>> {
    if !is_type(info, &["U8", "I8"]) {
        return None;
    }
    if let Some(module) = info.name.strip_suffix("_blocks") {
        let scales = known.tensor(&format!("{module}_scales"))?;
        return Some(Found {
            // An expert's own weight, or a parameter of all experts.
            module: module.strip_suffix(".weight").unwrap_or(module),
            method: "MXFP4".into(),
            packing: blocks(place, info, scales),
        });
    }
    let module = info.name.strip_suffix(".weight")?;
    if let Some(global) = known.tensor(&format!("{module}.weight_scale_2")) {
        let method = "ModelOpt NVFP4".to_owned();
        let packing = one_number(global.1)
            .and_then(|()| known.need(&format!("{module}.weight_scale")))
            .and_then(|scale| in_rows(place, info, scale, &method, Some(global.0)));
        return Some(Found {
            module,
            method,
            packing,
        });
    }
    let ends = ["weight_scale", "weight_scale_inv", "scale", "scales"];
    let scale = ends.iter().find_map(|end| {
        let found = known.tensor(&format!("{module}.{end}"))?;
        (found.1.dtype == DType::F8E8M0).then_some(found)
    })?;
    Some(Found {
        module,
        method: "MXFP4".into(),
        packing: in_rows(place, info, scale, "MXFP4", None),
    })
}

/// Blocks of 32 codes in 16 bytes, row by row of the output features: transformers loads the
/// transpose.
fn blocks(
    place: usize,
    info: &TensorInfo,
    (scales_place, scales): (usize, &TensorInfo),
) -> Result<Packing, String> {
    let (stacked, count, rows, across) = match *info.shape {
        [count, rows, across, 16] => (true, count, rows, across),
        [rows, across, 16] => (false, 1, rows, across),
        _ => return Err(format!("has blocks of shape {:?}", info.shape)),
    };
    let expected = shape_of(stacked, count, rows, across);
    super::expect_shape(scales, &expected)?;
    if !is_type(scales, &["U8"]) && scales.dtype != DType::F8E8M0 {
        return Err(format!("has scales of type {}", scales.dtype));
    }
    let cols = across * 32;
    Ok(Packing {
        method: "MXFP4".into(),
        shape: if stacked {
            vec![count, cols, rows]
        } else {
            vec![rows, cols]
        },
        parts: vec![place, scales_place],
        count,
        rows,
        cols,
        transposed: stacked,
        bits: 4,
        order: Order::Rows,
        numbers: Numbers::E2M1,
        scale: Scale::Plain(Floats {
            part: 1,
            reads: Reads::PowerOfTwo,
        }),
        shift: Shift::None,
        group: Group::InRow(32),
    })
}

/// Two codes per byte, row by row, with the factors of each row's groups in a row.
fn in_rows(
    place: usize,
    info: &TensorInfo,
    (scale_place, scale): (usize, &TensorInfo),
    method: &str,
    global: Option<usize>,
) -> Result<Packing, String> {
    let (count, rows, across) = stack(&info.shape)?;
    let (of_count, of_rows, groups) = stack(&scale.shape)?;
    if (of_count, of_rows) != (count, rows) || scale.dtype.size().is_none() {
        return Err(format!(
            "has scales of shape {:?} and type {}",
            scale.shape, scale.dtype
        ));
    }
    let cols = across * 2;
    let usual = if global.is_some() { 16 } else { 32 };
    let mut parts = vec![place, scale_place];
    parts.extend(global);
    Ok(Packing {
        method: method.into(),
        shape: shape_of(info.shape.len() == 3, count, rows, cols),
        parts,
        count,
        rows,
        cols,
        transposed: false,
        bits: 4,
        order: Order::Rows,
        numbers: Numbers::E2M1,
        scale: match global {
            Some(_) => Scale::Multiplied(as_stated(1), 2),
            None => Scale::Plain(as_stated(1)),
        },
        shift: Shift::None,
        group: Group::InRow(group_size(cols, groups, Some(usual))?),
    })
}
