//! compressed-tensors: `weight_packed` of integers or floats of 4 bits, and `weight` of integers
//! of 8 bits, each with `weight_scale`. Source: its compressors `pack_quantized`, `nvfp4`, `mxfp4`
//! and `int_quantized`.

use serde_json::Value;

use super::{
    Floats, Found, Group, Known, Numbers, Order, Packing, Reads, Scale, Shift, as_stated,
    group_size, is_type, one_number, shape_of, stack,
};
use crate::tensor::{DType, TensorInfo};

pub(super) fn find<'a>(known: &Known<'a>, place: usize, info: &'a TensorInfo) -> Option<Found<'a>> {
    if let Some(module) = info.name.strip_suffix(".weight_packed") {
        let packing = packed(known, place, info, module);
        return Some(Found::new(module, packing, "compressed-tensors"));
    }
    let module = info.name.strip_suffix(".weight")?;
    let scale = format!("{module}.weight_scale");
    if !is_type(info, &["I8"]) || !known.has(&scale) {
        return None;
    }
    let (_, factors) = known.tensor(&scale)?;
    if factors.dtype == DType::F8E8M0 || known.has(&format!("{module}.weight_scale_2")) {
        // Floats of 4 bits, two per byte.
        return None;
    }
    Some(Found {
        module,
        method: "compressed-tensors 8-bit".into(),
        packing: integers(known, place, info, module),
    })
}

/// The group sizes and the place of the factors, from the shape of `weight_scale`.
fn grouped(
    rows: usize,
    cols: usize,
    scale: &TensorInfo,
    stated: Option<usize>,
) -> Result<Group, String> {
    let per_row = match *scale.shape {
        [] | [1] => return Ok(Group::One),
        [only] | [only, 1] if only == rows => return Ok(Group::Row),
        [1, 1] => return Ok(Group::One),
        [down, across] | [_, down, across] if down == rows => across,
        _ => return Err(format!("has scales of shape {:?}", scale.shape)),
    };
    Ok(Group::InRow(group_size(cols, per_row, stated)?))
}

/// The settings of the configuration's groups of weights.
fn settings<'a>(known: &Known<'a>, key: &'a str) -> impl Iterator<Item = usize> + use<'a> {
    let groups = known
        .config
        .quantization()
        .and_then(|config| config.get("config_groups")?.as_object());
    groups
        .into_iter()
        .flat_map(|groups| groups.values())
        .filter_map(move |group| group.get("weights")?.get(key).and_then(Value::as_u64))
        .filter_map(|number| usize::try_from(number).ok())
}

/// Adds what says which group a column belongs to, where the groups were reordered.
fn listed(
    known: &Known<'_>,
    module: &str,
    parts: &mut Vec<usize>,
    cols: usize,
    group: Group,
) -> Group {
    match (known.tensor(&format!("{module}.weight_g_idx")), group) {
        (Some((place, info)), Group::InRow(size)) if is_type(info, &["I32"]) => {
            parts.push(place);
            Group::Listed {
                part: parts.len() - 1,
                groups: cols.div_ceil(size),
                across: false,
            }
        }
        _ => group,
    }
}

fn packed(
    known: &Known<'_>,
    place: usize,
    info: &TensorInfo,
    module: &str,
) -> Result<Packing, String> {
    let (scale_place, scale) = known.need(&format!("{module}.weight_scale"))?;
    let (count, rows, across) = stack(&info.shape)?;
    let stated = settings(known, "group_size").next();
    if is_type(info, &["U8", "I8"]) {
        let cols = across * 2;
        let global = known.tensor(&format!("{module}.weight_global_scale"));
        let is_nvfp4 = scale.dtype == DType::F8E4M3;
        let mut parts = vec![place, scale_place];
        let (method, factors) = match global {
            Some((global, info)) if is_nvfp4 => {
                one_number(info)?;
                parts.push(global);
                ("compressed-tensors NVFP4", Scale::Divided(as_stated(1), 2))
            }
            None if is_nvfp4 => return Err("its global scale is missing".into()),
            _ => {
                let reads = if is_type(scale, &["U8"]) {
                    Reads::PowerOfTwo
                } else {
                    Reads::AsStated
                };
                (
                    "compressed-tensors MXFP4",
                    Scale::Plain(Floats { part: 1, reads }),
                )
            }
        };
        return Ok(Packing {
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
            scale: factors,
            shift: Shift::None,
            group: grouped(rows, cols, scale, stated)?,
        });
    }
    if !is_type(info, &["I32"]) {
        return Err(format!("its codes are of type {}", info.dtype));
    }
    let shape = known.tensor(&format!("{module}.weight_shape"));
    let cols = match shape {
        Some((_, shape)) => Some(last_of(known, shape)?),
        None => None,
    };
    let fits = |bits: &usize| {
        let per_word = 32 / (*bits).clamp(1, 8);
        (1..=8).contains(bits) && cols.is_none_or(|cols| cols.div_ceil(per_word) == across)
    };
    let mut widths = settings(known, "num_bits").chain([4, 8, 2, 3, 5, 6, 7]);
    let bits = widths
        .find(fits)
        .ok_or("its codes do not fit its stated shape")?;
    let cols = cols.unwrap_or(across * (32 / bits));
    let mut parts = vec![place, scale_place];
    let group = grouped(rows, cols, scale, stated)?;
    let shift = match known.tensor(&format!("{module}.weight_zero_point")) {
        Some((zeros, info)) => {
            parts.push(zeros);
            let groups = scale.shape.last().copied().unwrap_or(1);
            if is_type(info, &["I32"]) && info.shape == [rows.div_ceil(32 / bits), groups] {
                Shift::ZeroWords(2)
            } else if info.shape == scale.shape {
                Shift::Zero(2)
            } else {
                return Err(format!("has zeros of shape {:?}", info.shape));
            }
        }
        None => Shift::None,
    };
    let group = listed(known, module, &mut parts, cols, group);
    Ok(Packing {
        method: format!("compressed-tensors {bits}-bit"),
        shape: shape_of(info.shape.len() == 3, count, rows, cols),
        parts,
        count,
        rows,
        cols,
        transposed: false,
        bits,
        order: Order::Words,
        numbers: Numbers::Offset,
        scale: Scale::Plain(as_stated(1)),
        shift,
        group,
    })
}

/// The last of the numbers in a tensor that states a shape.
fn last_of(known: &Known<'_>, info: &TensorInfo) -> Result<usize, String> {
    let width = match &info.dtype {
        DType::Other(name) if &**name == "I64" => 8,
        DType::Other(name) if &**name == "I32" => 4,
        other => return Err(format!("its shape is of type {other}")),
    };
    let length: usize = info.shape.iter().product();
    let bytes = known.small(info, (length * width) as u64)?;
    let last = bytes.chunks_exact(width).last();
    let number = last.map(|bytes| {
        bytes
            .iter()
            .rev()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    });
    number
        .filter(|number| (1..1 << 31).contains(number))
        .map(|number| number as usize)
        .ok_or_else(|| "its stated shape cannot be used".into())
}

fn integers(
    known: &Known<'_>,
    place: usize,
    info: &TensorInfo,
    module: &str,
) -> Result<Packing, String> {
    let (scale_place, scale) = known.need(&format!("{module}.weight_scale"))?;
    let (count, rows, cols) = stack(&info.shape)?;
    let mut parts = vec![place, scale_place];
    let shift = match known.tensor(&format!("{module}.weight_zero_point")) {
        Some((zeros, info)) if info.shape == scale.shape => {
            parts.push(zeros);
            Shift::Zero(2)
        }
        Some(_) => return Err("its zeros and scales have different shapes".into()),
        None => Shift::None,
    };
    let group = grouped(rows, cols, scale, settings(known, "group_size").next())?;
    let group = listed(known, module, &mut parts, cols, group);
    Ok(Packing {
        method: "compressed-tensors 8-bit".into(),
        shape: shape_of(info.shape.len() == 3, count, rows, cols),
        parts,
        count,
        rows,
        cols,
        transposed: false,
        bits: 8,
        order: Order::Rows,
        numbers: Numbers::Signed,
        scale: Scale::Plain(as_stated(1)),
        shift,
        group,
    })
}
