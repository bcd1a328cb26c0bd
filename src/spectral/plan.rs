//! What a scan has to do, before it does it.
//!
//! Enters: a model, the chosen modules, the journal of an earlier run. Leaves: [`Plan`]: each
//! tensor once, with the modules that share it, its matrices and what they cost.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ProblemKind};
use crate::spectral::identity::{Fnv, modified};
use crate::spectral::schedule::Cost;
use crate::spectral::{FileIdentity, Journal, Key, ModuleResult, work};
use crate::tensor::{Matrix, Model};

/// What is to be done.
pub(super) struct Plan {
    /// The tensors to work on, each with the modules that have it.
    pub(super) shares: Vec<Share>,
    /// Modules that there is nothing to work on for: they cannot be read, or are empty.
    pub(super) settled: Vec<(usize, ModuleResult)>,
}

/// One tensor, worked on once however many modules share it (a tied head and its embedding).
pub(super) struct Share {
    /// Indices into [`Model::modules`].
    pub(super) modules: Vec<usize>,
    /// The first module's name.
    pub(super) name: String,
    /// The tensor's matrices: one, or one an expert.
    pub(super) matrices: Vec<Piece>,
}

/// One matrix to work on.
pub(super) struct Piece {
    /// The values, not read yet.
    pub(super) matrix: Matrix,
    /// What it is journalled under; `None` without a journal.
    pub(super) key: Option<Key>,
    /// Whether the journal holds it already.
    pub(super) journalled: bool,
}

impl Piece {
    fn new(index: usize, matrix: Matrix, key: Option<Key>, journal: Option<&Journal>) -> Self {
        let key = key.map(|key| Key {
            matrix: index,
            rows: matrix.rows(),
            cols: matrix.cols(),
            ..key
        });
        let journalled = journal.zip(key.as_ref());
        Self {
            journalled: journalled.is_some_and(|(journal, key)| journal.holds(key)),
            matrix,
            key,
        }
    }

    pub(super) fn work(&self) -> u64 {
        work(self.matrix.rows(), self.matrix.cols())
    }

    pub(super) fn cost(&self) -> Cost {
        // One that is far away or packed is in memory as a whole while it is worked on.
        let held = self.matrix.held().unwrap_or(0);
        Cost {
            work: self.work(),
            bytes: memory(&self.matrix).saturating_add(held),
        }
    }
}

/// Upper estimate of the bytes that [`singular_values`](crate::spectral::singular_values) takes
/// for `matrix`, beside a little that does not depend on it: its Gram matrix, of which the lower
/// half is kept in tiles, and the larger of what is taken while it is summed up and while its
/// eigenvalues are found.
fn memory(matrix: &Matrix) -> u64 {
    const VALUE: u64 = size_of::<f64>() as u64;
    /// Rows of a tile, of which those on the diagonal are kept whole.
    const TILE: u64 = 240;
    /// A panel widened to `f64`, and its width at most. It is there as it is stored, widened, and
    /// in both orientations, of which one may be kept with gaps.
    const PANEL: u64 = 24 << 20;
    const PANEL_WIDTH: u64 = 768;
    const COPIES: u64 = 5;
    /// Below this size the eigenvalues are found in a whole copy of the matrix, in a copy more.
    const WHOLE_BELOW: u64 = 1024;
    /// Above, reflections are gathered and applied by 40: their vectors, both ways round, those of
    /// the step before, the products, and the band twice.
    const VECTORS: u64 = 15 * 40;
    let (rows, cols) = (matrix.rows() as u64, matrix.cols() as u64);
    let size = rows.min(cols);
    let gram = size
        .saturating_mul(size.saturating_add(TILE))
        .saturating_mul(VALUE / 2);
    let width = rows.max(cols).min(PANEL_WIDTH);
    let panel = size.saturating_mul(width * VALUE).min(PANEL);
    let summing = panel * COPIES;
    let copies = 2 * size.min(WHOLE_BELOW).pow(2);
    let solving = copies
        .saturating_add(size.saturating_mul(VECTORS))
        .saturating_mul(VALUE);
    gram.saturating_add(summing.max(solving))
}

impl Plan {
    pub(super) fn new(model: &Model, modules: &[usize], journal: Option<&Journal>) -> Self {
        let mut plan = Self {
            shares: Vec::new(),
            settled: Vec::new(),
        };
        // A file that cannot be identified is scanned without a journal.
        let files: Vec<Option<(FileIdentity, Option<u64>)>> = match journal {
            None => Vec::new(),
            Some(_) => model
                .files
                .iter()
                .map(|file| {
                    Some((
                        FileIdentity::of(file.as_ref()).ok()?,
                        modified(file.as_ref()),
                    ))
                })
                .collect(),
        };
        let mut tensors: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in modules.iter().copied().collect::<BTreeSet<_>>() {
            let Some(info) = model.modules.get(index) else {
                continue;
            };
            if let Some(problem) = &info.problem {
                let result = if info.shape.contains(&0) {
                    ModuleResult::without_ratio(problem)
                } else {
                    ModuleResult::failed(problem)
                };
                plan.settled.push((index, result));
            } else {
                tensors.entry(info.tensor).or_default().push(index);
            }
        }
        for (tensor, modules) in tensors {
            let info = &model.modules[modules[0]];
            let matrices = match model.matrices(info) {
                Ok(matrices) if matrices.is_empty() => Err("it holds no matrix".to_owned()),
                Ok(matrices) => Ok(matrices),
                Err(Error::Problem(problem)) if problem.kind == ProblemKind::Spectrum => {
                    Err(problem.cause)
                }
                Err(error) => Err(error.to_string()),
            };
            match matrices {
                Err(problem) => {
                    let result = ModuleResult::failed(problem);
                    let each = modules.into_iter().map(|index| (index, result.clone()));
                    plan.settled.extend(each);
                }
                Ok(matrices) => {
                    let key = key(model, tensor, &files).filter(|_| model.is_in_one_file(info));
                    let key = key.map(|key| Key {
                        dtype: info.packing.as_ref().map_or(key.dtype, |packing| {
                            // How it is packed is in the configuration too, not in the file alone.
                            let mut hash = Fnv::default();
                            hash.write(format!("{packing:?}").as_bytes());
                            format!("{} {:016x}", info.dtype, hash.0)
                        }),
                        ..key
                    });
                    let pieces = matrices.into_iter().enumerate();
                    plan.shares.push(Share {
                        name: info.name.clone(),
                        modules,
                        matrices: pieces
                            .map(|(index, matrix)| Piece::new(index, matrix, key.clone(), journal))
                            .collect(),
                    });
                }
            }
        }
        plan
    }

    /// The work to report: matrices that the journal holds of an otherwise unfinished tensor
    /// count for nothing.
    pub(super) fn total_work(&self) -> u64 {
        let shares = self.shares.iter();
        shares
            .flat_map(|share| {
                let done = share.is_journalled();
                share
                    .matrices
                    .iter()
                    .filter(move |piece| done || !piece.journalled)
            })
            .map(Piece::work)
            .fold(0, u64::saturating_add)
    }
}

/// What the first matrix of a tensor is journalled under.
fn key(model: &Model, tensor: usize, files: &[Option<(FileIdentity, Option<u64>)>]) -> Option<Key> {
    let tensor = model.tensors.get(tensor)?;
    let (file, modified) = files.get(tensor.file)?.clone()?;
    Some(Key {
        tensor: tensor.name.clone(),
        matrix: 0,
        rows: 0,
        cols: 0,
        dtype: tensor.dtype.to_string(),
        offset: tensor.offset,
        file,
        modified,
    })
}

impl Share {
    pub(super) fn is_journalled(&self) -> bool {
        self.matrices.iter().all(|piece| piece.journalled)
    }
}
