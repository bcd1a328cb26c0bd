//! Weights that a quantiser has packed, and the factors of 8-bit floats.
//!
//! Enters: the names of a model's tensors. Leaves: which module a packed tensor stands for and who
//! packed it, so that it is listed with the reason why it has no ratio; and for 8-bit floats the
//! tensor of their factors. Told by the names that the quantisers' own writers give: GPTQ and AWQ
//! (`qweight`), compressed-tensors (`weight_packed`), bitsandbytes (`weight.quant_state`, `SCB`),
//! ModelOpt (`weight_scale_2`), MXFP4 (`_blocks`).

use std::collections::HashMap;

use crate::source::Config;
use crate::tensor::layout::Layout;
use crate::tensor::{DType, Scaling, TensorInfo, fp8};

/// Endings that a tensor's name has besides its own for its factors.
const FACTORS: [&str; 2] = ["_scale_inv", "_scale"];

/// What is known of the model's tensors.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// All tensors, in file order.
    pub(super) tensors: &'a [TensorInfo],
    /// Their places, by name.
    pub(super) names: &'a HashMap<String, usize>,
    /// The configuration.
    pub(super) config: &'a Config,
}

impl Known<'_> {
    fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The module that a packed tensor stands for, with who packed it. For a tensor that is not
    /// packed, `None`.
    pub(super) fn packed<'a>(&self, info: &'a TensorInfo) -> Option<(&'a str, String)> {
        let name = &info.name;
        if let Some(module) = name.strip_suffix(".qweight") {
            let method = self.config.quantisation_method().map(str::to_uppercase);
            let by = method.unwrap_or_else(|| {
                let ordered = self.has(&format!("{module}.g_idx"));
                if ordered { "GPTQ" } else { "GPTQ or AWQ" }.to_owned()
            });
            return Some((module, by));
        }
        if let Some(module) = name.strip_suffix(".weight_packed") {
            return Some((module, "compressed-tensors".into()));
        }
        if let Some(module) = name.strip_suffix("_blocks")
            && self.has(&format!("{module}_scales"))
        {
            return Some((module, "MXFP4".into()));
        }
        let module = name.strip_suffix(".weight")?;
        let is_integer =
            matches!(&info.dtype, DType::Other(name) if matches!(&**name, "U8" | "I8" | "I32"));
        if !is_integer {
            return None;
        }
        let beside = |end: &str| self.has(&format!("{module}.{end}"));
        let state = "weight.quant_state.bitsandbytes__";
        let by = if beside("weight.absmax") || beside(&format!("{state}nf4")) {
            "bitsandbytes to 4 bits"
        } else if beside("SCB") || beside("weight.SCB") {
            "bitsandbytes to 8 bits"
        } else if beside("weight_scale_2") {
            "ModelOpt to 4 bits (NVFP4)"
        } else if beside("weight_scale") {
            "compressed-tensors to integers"
        } else {
            return None;
        };
        Some((module, by.to_owned()))
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
        let factors = FACTORS.iter().find_map(|end| {
            let place = self.names.get(&format!("{}{end}", info.name))?;
            Some((*place, &self.tensors[*place]))
        });
        let Some((tensor, factors)) = factors else {
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
