//! MLX: words of 32 bits beside `scales` and, in its affine mode, `biases`. The configuration's
//! `quantization` has the width and the group size, for single layers under their names.
//! Source: MLX's `ops::quantize` and mlx-lm's saved configurations.

use serde_json::Value;

use super::{
    Floats, Found, Group, Known, Numbers, Order, Packing, Reads, Scale, Shift, as_stated, is_type,
    shape_of, stack,
};
use crate::tensor::{DType, TensorInfo};

/// Sizes of groups that MLX has.
const GROUPS: [usize; 4] = [64, 32, 128, 16];
/// Widths that MLX has.
const WIDTHS: [usize; 6] = [4, 8, 2, 3, 5, 6];

pub(super) fn find<'a>(known: &Known<'a>, place: usize, info: &'a TensorInfo) -> Option<Found<'a>> {
    let module = info.name.strip_suffix(".weight")?;
    if !is_type(info, &["U32"]) {
        return None;
    }
    let scales = known.tensor(&format!("{module}.scales"))?;
    let packing = packing(known, place, info, module, scales);
    Some(Found::new(module, packing, "MLX"))
}

fn packing(
    known: &Known<'_>,
    place: usize,
    info: &TensorInfo,
    module: &str,
    (scales_place, scales): (usize, &TensorInfo),
) -> Result<Packing, String> {
    let (count, rows, across) = stack(&info.shape)?;
    let (of_count, of_rows, groups) = stack(&scales.shape)?;
    if (of_count, of_rows) != (count, rows) || groups == 0 {
        return Err(format!("has scales of shape {:?}", scales.shape));
    }
    // The layer's own settings come before those of all.
    let settings = known.config.quantization();
    let setting = |key: &str| {
        let own = settings.and_then(|all| all.get(module)?.get(key));
        own.or_else(|| settings?.get(key))
    };
    let number = |key: &str| {
        let number = setting(key).and_then(Value::as_u64);
        number.and_then(|number| usize::try_from(number).ok())
    };
    let fits = |&(size, bits): &(usize, usize)| {
        (1..=8).contains(&bits) && groups.checked_mul(size * bits) == across.checked_mul(32)
    };
    let stated = number("group_size").zip(number("bits"));
    let sizes = number("group_size").into_iter().chain(GROUPS);
    let all = sizes.flat_map(|size| WIDTHS.map(|bits| (size, bits)));
    let (size, bits) = stated
        .into_iter()
        .chain(all)
        .find(fits)
        .ok_or("its codes and scales have shapes of different widths")?;
    let cols = groups * size;
    let mut parts = vec![place, scales_place];
    let mut packing = Packing {
        method: format!("MLX {bits}-bit"),
        shape: shape_of(info.shape.len() == 3, count, rows, cols),
        parts: Vec::new(),
        count,
        rows,
        cols,
        transposed: false,
        bits,
        order: Order::Rows,
        numbers: Numbers::Unsigned,
        scale: Scale::Plain(as_stated(1)),
        shift: Shift::Bias(2),
        group: Group::InRow(size),
    };
    if let Some((biases_place, biases)) = known.tensor(&format!("{module}.biases")) {
        super::expect_shape(biases, &scales.shape)?;
        parts.push(biases_place);
        if scales.dtype.size().is_none() || biases.dtype.size().is_none() {
            return Err(format!("has scales of type {}", scales.dtype));
        }
    } else {
        let mode = setting("mode").and_then(Value::as_str);
        let (mode, reads) = match mode {
            Some("nvfp4") => ("NVFP4", Reads::E4M3),
            None if size == 16 => ("NVFP4", Reads::E4M3),
            Some("mxfp8") => ("MXFP8", Reads::PowerOfTwo),
            _ => ("MXFP4", Reads::PowerOfTwo),
        };
        if !is_type(scales, &["U8"]) && scales.dtype != DType::F8E8M0 {
            return Err("its biases are missing".into());
        }
        packing.numbers = match bits {
            4 => Numbers::E2M1,
            8 => Numbers::E4M3,
            _ => return Err(format!("has floats of {bits} bits")),
        };
        packing.method = format!("MLX {mode}");
        packing.scale = Scale::Plain(Floats { part: 1, reads });
        packing.shift = Shift::None;
    }
    packing.parts = parts;
    Ok(packing)
}
