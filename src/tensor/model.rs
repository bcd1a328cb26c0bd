//! A model opened for reading: its tensors, and the modules a scan visits.
//!
//! Enters: a folder or file. Leaves: [`Model`], with headers read and no values.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::names::Architecture;
use crate::source::ReadAt;
use crate::tensor::layout::{self, Layout};
use crate::tensor::packed::{Packed, Packing, Part};
use crate::tensor::{DType, Matrix, Scales, TensorInfo, elements};

/// One module: a weight that has a layer type and, once scanned, an SNR.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleInfo {
    /// Name without `.weight`.
    pub name: String,
    /// Layer type (see [`crate::tensor::ModuleName`]).
    pub layer_type: String,
    /// Index into [`Model::tensors`]; for a tied head, the embedding's.
    pub tensor: usize,
    /// Stored type.
    pub dtype: DType,
    /// Shape as stored.
    pub shape: Vec<usize>,
    /// Elements of the weight.
    pub parameters: u64,
    /// Elements of the module's other tensors (its bias): what a trainer unfreezes with it.
    pub companions: u64,
    /// The factors of its values, for floats of 8 bits.
    pub scaling: Option<Scaling>,
    /// How the values are packed, where a quantizer has packed them.
    pub packing: Option<Arc<Packing>>,
    /// The module whose tensor this one shares, for tied heads.
    pub tied_to: Option<String>,
    /// Why it cannot be scanned, where it cannot.
    pub problem: Option<String>,
}

/// Where the factors of a module's blocks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaling {
    /// Index into [`Model::tensors`].
    pub tensor: usize,
    /// Rows of a block.
    pub rows: usize,
    /// Columns of a block.
    pub cols: usize,
}

/// A model's tensors and modules. Holds open files, no values.
#[derive(Debug)]
pub struct Model {
    /// The folder or file that was opened.
    pub path: PathBuf,
    /// Name for result files: see [`crate::source::slug`].
    pub slug: String,
    /// The weight files.
    pub files: Vec<Arc<dyn ReadAt>>,
    /// All tensors, in file order.
    pub tensors: Vec<TensorInfo>,
    /// The modules in the order of a results file (types in scan order, blocks inside).
    pub modules: Vec<ModuleInfo>,
    /// Elements of all tensors, tied ones once.
    pub parameters: u64,
    /// What decides the names the model is loaded under, where its configuration says.
    pub architecture: Option<Architecture>,
    /// Lines about what was left out or looks wrong.
    pub warnings: Vec<String>,
}

impl Model {
    /// The matrices of a module: one, or one per expert for a fused 3-D weight.
    ///
    /// # Errors
    /// When the module cannot be read; the line says why.
    pub fn matrices(&self, module: &ModuleInfo) -> Result<Vec<Matrix>> {
        let refuse = |problem: String| Error::from(Problem::spectrum(&module.name, problem));
        if let Some(problem) = &module.problem {
            return Err(refuse(problem.clone()));
        }
        let info = self
            .tensors
            .get(module.tensor)
            .ok_or_else(|| refuse("is not of this model".into()))?;
        if let Some(packing) = &module.packing {
            return (0..packing.count())
                .map(|number| {
                    let parts = self.parts(packing, number).map_err(refuse)?;
                    let packed = Packed::new(Arc::clone(packing), parts);
                    Ok(Matrix::of_packed(packed, module.dtype.clone()))
                })
                .collect();
        }
        let Layout { count, rows, cols } = layout::of(&info.name, &info.shape).map_err(refuse)?;
        let bytes = info
            .dtype
            .bytes((rows * cols) as u64)
            .ok_or_else(|| refuse(format!("values of type {} are not read", info.dtype)))?;
        // Column by column, a matrix is its transpose row by row: the singular values are the
        // same.
        let (stored_rows, stored_cols) = if info.transposed {
            (cols, rows)
        } else {
            (rows, cols)
        };
        let scales = module
            .scaling
            .map(|scaling| self.scales(scaling, count, cols));
        let scales = scales.transpose()?;
        let matrix = |number: usize| {
            let matrix = Matrix::new(
                Arc::clone(&self.files[info.file]),
                info.offset + number as u64 * bytes,
                info.dtype.clone(),
                stored_rows,
                stored_cols,
            );
            match &scales {
                Some(scales) => matrix.with_scales(Arc::clone(&scales[number])),
                None => matrix,
            }
        };
        Ok((0..count).map(matrix).collect())
    }

    /// Whether all that a module's values are computed from is in the file of its tensor.
    #[must_use]
    pub fn is_in_one_file(&self, module: &ModuleInfo) -> bool {
        let file = |place: usize| self.tensors.get(place).map(|info| info.file);
        let parts = module.packing.iter().flat_map(|packing| packing.parts());
        let scales = module.scaling.iter().map(|scaling| &scaling.tensor);
        parts
            .chain(scales)
            .all(|&place| file(place) == file(module.tensor))
    }

    /// The parts of matrix number `number` of a packed weight.
    ///
    /// # Errors
    /// Why they cannot be found, as a phrase.
    fn parts(&self, packing: &Packing, number: usize) -> Result<Vec<Part>, String> {
        let part = |&tensor: &usize| {
            let info = self.tensors.get(tensor).ok_or("a part of it is missing")?;
            let width = info
                .dtype
                .width()
                .ok_or("a part of it is of an unknown type")?;
            let length = elements(&info.shape).and_then(|count| count.checked_mul(width as u64));
            let length = length.ok_or("a part of it is longer than can be counted")?;
            // One number serves all matrices of a stack.
            let count = if length == width as u64 {
                1
            } else {
                packing.count() as u64
            };
            let each = length / count;
            Ok(Part {
                bytes: Arc::clone(self.files.get(info.file).ok_or("its file is missing")?),
                offset: info.offset + if count == 1 { 0 } else { number as u64 * each },
                length: each,
                dtype: info.dtype.clone(),
            })
        };
        packing.parts().iter().map(part).collect()
    }

    /// The factors of `count` matrices of `cols` columns each.
    fn scales(&self, scaling: Scaling, count: usize, cols: usize) -> Result<Vec<Arc<Scales>>> {
        let info = &self.tensors[scaling.tensor];
        let factors: usize = info.shape.iter().product();
        let matrix = Matrix::new(
            Arc::clone(&self.files[info.file]),
            info.offset,
            info.dtype.clone(),
            1,
            factors,
        );
        let mut values = vec![0.0; factors];
        matrix.read_block(0..1, 0..factors, &mut Vec::new(), &mut values)?;
        let each = factors / count.max(1);
        let scales = values.chunks_exact(each.max(1)).map(|values| {
            Arc::new(Scales {
                values: values.iter().map(|value| *value as f32).collect(),
                across: cols.div_ceil(scaling.cols),
                rows: scaling.rows,
                cols: scaling.cols,
            })
        });
        Ok(scales.collect())
    }
}
