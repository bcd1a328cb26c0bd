//! A model opened for reading: its tensors, and the modules a scan visits.
//!
//! Enters: a folder or file. Leaves: [`Model`], with headers read and no values.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::names::Architecture;
use crate::source::ReadAt;
use crate::tensor::layout::{self, Layout};
use crate::tensor::{DType, Matrix, Scales};

/// One tensor as a weight file's header describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorInfo {
    /// Full name in the checkpoint.
    pub name: String,
    /// Stored type.
    pub dtype: DType,
    /// Shape, outermost dimension first.
    pub shape: Vec<usize>,
    /// Index into [`Model::files`].
    pub file: usize,
    /// First byte in the file (absolute).
    pub offset: u64,
    /// Whether the values of a matrix lie column by column.
    pub transposed: bool,
    /// Why the values cannot be read, where they cannot: one line with file and place.
    pub problem: Option<String>,
}

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
    /// The matrices of a module: one, or one an expert for a fused 3-D weight.
    ///
    /// # Errors
    /// When the module cannot be read; the line says why.
    pub fn matrices(&self, module: &ModuleInfo) -> Result<Vec<Matrix>> {
        let refuse = |problem: String| Error::Spectral {
            module: module.name.clone(),
            problem,
        };
        if let Some(problem) = &module.problem {
            return Err(refuse(problem.clone()));
        }
        let info = self
            .tensors
            .get(module.tensor)
            .ok_or_else(|| refuse("is not of this model".into()))?;
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
