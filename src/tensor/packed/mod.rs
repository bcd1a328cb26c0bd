//! Weights that a quantizer has packed, and the factors of 8-bit floats.
//!
//! Enters: the names, types and shapes of a model's tensors, and its configuration. Leaves: for
//! each packed weight its module and a [`Packing`], by which its values are read; for 8-bit floats
//! the tensor of their factors. Told by the names that the quantizers' own writers give: GPTQ and
//! AWQ (`qweight`), compressed-tensors (`weight_packed`), bitsandbytes (`weight.quant_state`,
//! `SCB`), `ModelOpt` (`weight_scale_2`), MLX (`scales`), MXFP4 (`_blocks`, or a scale in powers of
//! two).

mod bitsandbytes;
mod compressed;
mod fp4;
mod mlx;
mod packing;
mod qweight;
mod values;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::source::{Config, ReadAt};
use crate::tensor::layout::Layout;
use crate::tensor::{DType, Scaling, TensorInfo, elements, fp8};

pub use packing::Packing;
pub(super) use values::{Packed, Part, Unpacked};

use packing::{Floats, Group, Numbers, Order, Reads, Scale, Shift};

/// Endings that a tensor's name has besides its own for its factors.
const FACTORS: [&str; 3] = ["_scale_inv", "_scale", "_scales"];
/// Ends of the names of what stands beside a packed weight and is no parameter of the model.
const BESIDE: [&str; 22] = [
    "qzeros",
    "g_idx",
    "scales",
    "biases",
    "SCB",
    "weight_format",
    "weight.SCB",
    "weight.absmax",
    "weight.quant_map",
    "weight.nested_absmax",
    "weight.nested_quant_map",
    "weight_scale",
    "weight_scale_2",
    "weight_scale_inv",
    "weight_global_scale",
    "weight_zero_point",
    "weight_shape",
    "weight_g_idx",
    "input_scale",
    "input_global_scale",
    "output_scale",
    "scale",
];
/// The most bytes of a text or shape that is read of a weight before the scan.
const LONGEST_STATE: u64 = 1 << 16;

/// What is known of the model's tensors.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// All tensors, in file order.
    pub(super) tensors: &'a [TensorInfo],
    /// Their places, by name.
    pub(super) names: &'a HashMap<String, usize>,
    /// The files.
    pub(super) files: &'a [Arc<dyn ReadAt>],
    /// The configuration.
    pub(super) config: &'a Config,
}

/// A weight that a quantizer has packed.
pub(super) struct Found<'a> {
    /// Its module.
    pub(super) module: &'a str,
    /// The quantizer, with the width where it is known.
    pub(super) method: String,
    /// How it is packed, or why that cannot be told, as a phrase.
    pub(super) packing: Result<Packing, String>,
}

impl<'a> Found<'a> {
    /// The weight of `module`, called by what its packing says, or else by `method`.
    fn new(module: &'a str, packing: Result<Packing, String>, method: &str) -> Self {
        let said = packing.as_ref().map(|packing| packing.method.clone());
        Self {
            module,
            method: said.unwrap_or_else(|_| method.to_owned()),
            packing,
        }
    }
}

impl<'a> Known<'a> {
    fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    fn tensor(&self, name: &str) -> Option<(usize, &'a TensorInfo)> {
        let place = *self.names.get(name)?;
        let info = self.tensors.get(place)?;
        self.lies_inside(info).then_some((place, info))
    }

    /// Whether a tensor lies within its file, as far as the width of its type is known.
    fn lies_inside(&self, info: &TensorInfo) -> bool {
        let length = self.files.get(info.file).map_or(0, |file| file.length());
        let end = info.dtype.width().and_then(|width| {
            let bytes = elements(&info.shape)?.checked_mul(width as u64)?;
            info.offset.checked_add(bytes)
        });
        info.problem.is_some() || end.is_some_and(|end| end <= length)
    }

    /// The tensor that a packed weight needs, which reads well.
    fn need(&self, name: &str) -> Result<(usize, &'a TensorInfo), String> {
        match self.tensor(name) {
            Some((_, info)) if info.problem.is_some() => Err(format!(
                "the tensor {} beside it cannot be read",
                name.escape_debug()
            )),
            Some(found) => Ok(found),
            None => Err(format!(
                "the tensor {} beside it is missing",
                name.escape_debug()
            )),
        }
    }

    /// The packed weight that the tensor at `place` holds; `None` for any other tensor.
    pub(super) fn packed(&self, place: usize) -> Option<Found<'a>> {
        let info = self.tensors.get(place)?;
        if info.problem.is_some() || !self.lies_inside(info) {
            return None;
        }
        let finders = [
            qweight::find,
            compressed::find,
            fp4::find,
            bitsandbytes::find,
            mlx::find,
        ];
        finders.iter().find_map(|find| find(self, place, info))
    }

    /// Whether the tensor is one that a packed module has beside its codes, by its name.
    pub(super) fn is_beside(module: &str, name: &str) -> bool {
        let Some(rest) = name.strip_prefix(module) else {
            return false;
        };
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        BESIDE.contains(&rest)
            || rest.starts_with("weight.quant_state.")
            || matches!(rest, "_scales" | "_blocks")
    }

    /// The first bytes of a small tensor.
    fn small(&self, info: &TensorInfo, length: u64) -> Result<Vec<u8>, String> {
        if length > LONGEST_STATE {
            return Err(format!(
                "{} is longer than it may be",
                info.name.escape_debug()
            ));
        }
        let mut bytes = vec![0; length as usize];
        let file = self.files.get(info.file).ok_or("its file is missing")?;
        let read = file.read_exact_at(info.offset, &mut bytes);
        read.map_err(|error| error.to_string()).map(|()| bytes)
    }

    /// Where the small tensors are that are read before the scan, so that a model that is far
    /// away fetches them together.
    pub(super) fn expect_small(&self) {
        let mut ranges: BTreeMap<usize, Vec<(u64, usize)>> = BTreeMap::new();
        for info in self.tensors {
            let is_state = info.name.contains(".weight.quant_state.");
            if (is_state || info.name.ends_with(".weight_shape")) && info.problem.is_none() {
                let bytes = elements(&info.shape)
                    .unwrap_or(0)
                    .saturating_mul(if is_state { 1 } else { 8 });
                if bytes <= LONGEST_STATE {
                    ranges
                        .entry(info.file)
                        .or_default()
                        .push((info.offset, bytes as usize));
                }
            }
        }
        for (file, ranges) in ranges {
            if let Some(far) = self.files.get(file).and_then(|file| file.far()) {
                far.expect(&ranges);
            }
        }
    }

    /// Where the factors of a tensor of 8-bit floats are, which lies as `layout` says; `None` for
    /// other types, and where there are none.
    ///
    /// # Errors
    /// Why the factors cannot be used, as a phrase.
    pub(super) fn scaling(
        &self,
        info: &TensorInfo,
        layout: Layout,
    ) -> Result<Option<Scaling>, String> {
        if !info.dtype.is_8_bit_float() {
            return Ok(None);
        }
        let factors = FACTORS
            .iter()
            .find_map(|end| self.tensor(&format!("{}{end}", info.name)));
        // DeepSeek's own layout: `w1.weight` and `w1.scale`.
        let plain = || {
            let module = info.name.strip_suffix(".weight")?;
            let found = self.tensor(&format!("{module}.scale"))?;
            (found.1.dtype == DType::F8E8M0).then_some(found)
        };
        let Some((tensor, factors)) = factors.or_else(plain) else {
            return Ok(None);
        };
        if factors.problem.is_some() || factors.dtype.size().is_none() {
            return Err(format!(
                "the factors of its values, {} of type {}, cannot be read",
                factors.name, factors.dtype
            ));
        }
        // A stack of experts has a stack of factors.
        let shape = match (layout.count, &*factors.shape) {
            (1, shape) => shape,
            (count, [first, shape @ ..]) if *first == count => shape,
            (count, shape) => {
                return Err(format!(
                    "has {count} matrices, but factors of shape {shape:?}"
                ));
            }
        };
        let stated = self.config.weight_block_size();
        let (rows, cols) = fp8::block_size((layout.rows, layout.cols), shape, stated)?;
        Ok(Some(Scaling { tensor, rows, cols }))
    }
}

/// Factors as their tensor's type says.
fn as_stated(part: usize) -> Floats {
    Floats {
        part,
        reads: Reads::AsStated,
    }
}

/// Whether a tensor's type is one of these.
fn is_type(info: &TensorInfo, types: &[&str]) -> bool {
    matches!(&info.dtype, DType::Other(name) if types.contains(&&**name))
}

/// The number of matrices and the two lengths of one, from a shape of two or three dimensions.
fn stack(shape: &[usize]) -> Result<(usize, usize, usize), String> {
    match *shape {
        [rows, cols] => Ok((1, rows, cols)),
        [count, rows, cols] => Ok((count, rows, cols)),
        _ => Err(format!(
            "has shape {shape:?}, which is not that of packed matrices"
        )),
    }
}

/// Checks that a tensor has the shape that the packed weight beside it requires.
fn expect_shape(info: &TensorInfo, shape: &[usize]) -> Result<(), String> {
    if info.shape == shape {
        Ok(())
    } else {
        Err(format!(
            "{} has shape {:?} where {shape:?} is expected",
            info.name.escape_debug(),
            info.shape
        ))
    }
}

/// Checks that a tensor holds one number for the whole weight.
fn one_number(info: &TensorInfo) -> Result<(), String> {
    match elements(&info.shape) {
        Some(1) => Ok(()),
        _ => Err(format!(
            "{} has shape {:?} where one number is expected",
            info.name.escape_debug(),
            info.shape
        )),
    }
}

/// The size of the groups into which `length` is divided by `groups` factors: `stated` where that
/// fits.
fn group_size(length: usize, groups: usize, stated: Option<usize>) -> Result<usize, String> {
    let fits = |size: &usize| *size > 0 && length.div_ceil(*size) == groups;
    let even = length.div_ceil(groups.max(1));
    stated
        .into_iter()
        .chain([even])
        .find(fits)
        .ok_or_else(|| format!("has {groups} groups per row of {length}, which do not divide it"))
}

/// The shape of a weight: `[rows, cols]`, or `[count, rows, cols]` for a stack.
fn shape_of(stacked: bool, count: usize, rows: usize, cols: usize) -> Vec<usize> {
    if stacked {
        vec![count, rows, cols]
    } else {
        vec![rows, cols]
    }
}
