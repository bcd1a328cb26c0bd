//! Models to scan: written into a temporary folder, with values that are the same in every run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use layerscope::Result;
use layerscope::progress::Progress;
use layerscope::source::ReadAt;
use layerscope::spectral::{Compute, ModuleResult, ScanOptions, ScanSummary, scan};
use layerscope::tensor::Model;
use safetensors::tensor::{Dtype, TensorView};

/// A tensor to write: name, shape, F32 values.
pub(crate) type Tensor = (String, Vec<usize>, Vec<f32>);

/// Values that look random and depend on `seed` alone (a linear congruential generator).
pub(crate) fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

pub(crate) fn random(name: &str, seed: u64, shape: &[usize]) -> Tensor {
    let values = noise(seed, shape.iter().product());
    (format!("{name}.weight"), shape.to_vec(), values)
}

pub(crate) fn write_weights(path: &Path, tensors: &[Tensor]) {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, _, values)| {
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect()
        })
        .collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap();
        (name.as_str(), view)
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// A model folder called `tiny` in a temporary folder.
pub(crate) struct Folder {
    pub(crate) root: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new(tensors: &[Tensor]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = Self { root };
        fs::create_dir(folder.model()).unwrap();
        write_weights(&folder.weights(), tensors);
        folder
    }

    pub(crate) fn model(&self) -> PathBuf {
        self.root.path().join("tiny")
    }

    pub(crate) fn weights(&self) -> PathBuf {
        self.model().join("model.safetensors")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn open(&self) -> Model {
        Model::open(&self.model()).unwrap()
    }
}

/// Two blocks of different shapes, an embedding, norms, and a fused weight of three experts.
pub(crate) fn varied() -> Vec<Tensor> {
    let mut tensors = vec![
        random("model.embed_tokens", 1, &[70, 24]),
        random("model.norm", 2, &[24]),
    ];
    for block in 0..2 {
        let name = |what: &str| format!("model.layers.{block}.{what}");
        tensors.extend([
            random(&name("self_attn.q_proj"), 10 + block, &[24, 24]),
            random(&name("mlp.down_proj"), 20 + block, &[24, 64]),
            random(&name("mlp.up_proj"), 30 + block, &[64, 24]),
            random(&name("mlp.experts.gate_up_proj"), 40 + block, &[3, 24, 16]),
            random(&name("input_layernorm"), 50 + block, &[24]),
        ]);
    }
    tensors
}

pub(crate) fn options(model: &Model) -> ScanOptions {
    ScanOptions {
        modules: (0..model.modules.len()).collect(),
        threads: 2,
        memory: 1 << 30,
        journal: None,
        compute: Compute::default(),
    }
}

/// Scans and returns the results in the model's order.
pub(crate) fn scanned(
    model: &Model,
    options: &ScanOptions,
) -> Result<(Vec<(usize, ModuleResult)>, ScanSummary)> {
    let results = Mutex::new(Vec::new());
    let summary = scan(model, options, &Progress::default(), |index, result| {
        results.lock().unwrap().push((index, result));
    })?;
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    Ok((results, summary))
}

/// The result of the module of that name.
pub(crate) fn result<'a>(
    model: &Model,
    results: &'a [(usize, ModuleResult)],
    name: &str,
) -> &'a ModuleResult {
    let wanted = |(index, _): &&(usize, ModuleResult)| model.modules[*index].name == name;
    &results.iter().find(wanted).expect(name).1
}

/// All that depends on the weights, as bits: `NaN` equals itself.
pub(crate) fn bits(results: &[(usize, ModuleResult)]) -> Vec<String> {
    let words = |values: &Vec<f32>| {
        values
            .iter()
            .map(|value| value.to_bits())
            .collect::<Vec<_>>()
    };
    results
        .iter()
        .map(|(index, result)| {
            let snr = result.snr.map(f64::to_bits);
            let values: Vec<_> = result.values.iter().map(words).collect();
            let (experts, problem) = (&result.experts, &result.problem);
            format!(
                "{index} {snr:?} {experts:?} {problem:?} {values:?} {:?}",
                result.detail
            )
        })
        .collect()
}

/// A weight file that does something else when it is read.
pub(crate) struct Tampered {
    pub(crate) file: Arc<dyn ReadAt>,
    pub(crate) on_read: Box<dyn Fn(u64, usize) -> Result<()> + Send + Sync>,
}

impl std::fmt::Debug for Tampered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tampered")
    }
}

impl ReadAt for Tampered {
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        (self.on_read)(offset, buffer.len())?;
        self.file.read_exact_at(offset, buffer)
    }

    fn length(&self) -> u64 {
        self.file.length()
    }

    fn path(&self) -> &Path {
        self.file.path()
    }
}

/// Makes every read of `model`'s first file go through `on_read` (offset, length) first.
pub(crate) fn tamper(
    model: &mut Model,
    on_read: impl Fn(u64, usize) -> Result<()> + Send + Sync + 'static,
) {
    let file = Arc::clone(&model.files[0]);
    model.files[0] = Arc::new(Tampered {
        file,
        on_read: Box::new(on_read),
    });
}

/// A scan of `folder` with its journal: the results, and how many modules came from it.
pub(crate) fn resumed(folder: &Folder) -> (Vec<String>, usize) {
    let model = folder.open();
    let options = ScanOptions {
        journal: Some(folder.path("journal")),
        ..options(&model)
    };
    let (results, summary) = scanned(&model, &options).unwrap();
    (bits(&results), summary.resumed)
}
