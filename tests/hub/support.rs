//! A tiny sharded model, and ways to ask for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use layerscope::Result;
use layerscope::progress::Progress;
use layerscope::source::hub::{self, Hub, HubId, Listing, Patience, Settings};
use safetensors::tensor::{Dtype, TensorView};
use tempfile::TempDir;

use crate::server::{COMMIT, Content, REPO, Server};

/// The shards of the model.
pub(crate) const SHARDS: [&str; 2] = [
    "model-00001-of-00002.safetensors",
    "model-00002-of-00002.safetensors",
];

/// Values that look random and depend on `seed` alone (a linear congruential generator).
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).flat_map(|_| next().to_le_bytes()).collect()
}

fn shard(tensors: &[(String, Vec<usize>)], seed: u64) -> Vec<u8> {
    let data: Vec<Vec<u8>> = (seed..)
        .zip(tensors)
        .map(|(seed, (_, shape))| noise(seed, shape.iter().product()))
        .collect();
    let views = tensors.iter().zip(&data).map(|((name, shape), data)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), data).unwrap();
        (name.as_str(), view)
    });
    safetensors::serialize(views, None).unwrap()
}

/// Two shards of about 250 kB and 150 kB, an index, a configuration, and files that are none of
/// the model's.
pub(crate) fn model() -> Vec<Content> {
    let block = |number: usize| {
        let name = |what: &str| format!("model.layers.{number}.{what}.weight");
        vec![
            (name("self_attn.q_proj"), vec![96, 96]),
            (name("mlp.down_proj"), vec![96, 160]),
            (name("mlp.up_proj"), vec![160, 96]),
            (name("mlp.experts.gate_up_proj"), vec![2, 48, 32]),
        ]
    };
    let mut first = block(0);
    first.insert(0, ("model.embed_tokens.weight".to_owned(), vec![200, 96]));
    let shards = [first, block(1)];
    let map: serde_json::Map<String, serde_json::Value> = shards
        .iter()
        .zip(SHARDS)
        .flat_map(|(tensors, file)| {
            tensors
                .iter()
                .map(move |(name, _)| (name.clone(), file.into()))
        })
        .collect();
    let index = serde_json::json!({ "metadata": {}, "weight_map": map });
    let config = r#"{"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": true}"#;
    let file = |name: &str, bytes: Vec<u8>, large: bool| Content {
        name: name.to_owned(),
        bytes,
        large,
    };
    vec![
        file("README.md", b"# Tiny".to_vec(), false),
        file("config.json", config.as_bytes().to_vec(), false),
        file("consolidated.safetensors", vec![1; 9000], true),
        file(SHARDS[1], shard(&shards[1], 70), true),
        file(SHARDS[0], shard(&shards[0], 10), true),
        file(
            "model.safetensors.index.json",
            serde_json::to_vec(&index).unwrap(),
            false,
        ),
        file("training_args.bin", vec![2; 50], true),
    ]
}

/// The content of that file of the model.
pub(crate) fn bytes(files: &[Content], name: &str) -> Vec<u8> {
    files
        .iter()
        .find(|file| file.name == name)
        .unwrap()
        .bytes
        .clone()
}

/// The same model as a folder.
pub(crate) fn local(folder: &Path) -> PathBuf {
    let at = folder.join("tiny");
    fs::create_dir_all(&at).unwrap();
    for file in model() {
        if file.name.starts_with("model") || file.name == "config.json" {
            fs::write(at.join(&file.name), &file.bytes).unwrap();
        }
    }
    at
}

/// A hub and a cache of its own.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) settings: Settings,
}

impl Place {
    pub(crate) fn new(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(&server.endpoint, &folder.path().join("hub"));
        settings.patience = Patience {
            connect: Duration::from_secs(5),
            stall: Duration::from_millis(500),
            tries: 3,
            pause: Duration::from_millis(5),
            longest: Duration::from_secs(5),
        };
        Self { folder, settings }
    }

    pub(crate) fn hub(&self) -> Arc<Hub> {
        Hub::new(self.settings.clone()).unwrap()
    }

    pub(crate) fn list(&self, id: &str) -> Result<Listing> {
        let id = HubId::parse(id).unwrap();
        Listing::of(&self.hub(), &id, &Progress::default())
    }

    pub(crate) fn download(&self) -> Result<PathBuf> {
        let listing = self.list(REPO)?;
        hub::download(&self.hub(), &listing, &Progress::default())
    }

    /// Where the cache has the model.
    pub(crate) fn root(&self) -> PathBuf {
        self.settings.cache.join("models--org--tiny")
    }

    pub(crate) fn snapshot(&self) -> PathBuf {
        self.root().join("snapshots").join(COMMIT)
    }

    /// What lies among the contents: names and lengths, sorted.
    pub(crate) fn blobs(&self) -> Vec<(String, u64)> {
        let Ok(list) = fs::read_dir(self.root().join("blobs")) else {
            return Vec::new();
        };
        let mut blobs: Vec<(String, u64)> = list
            .map(|entry| {
                let entry = entry.unwrap();
                let length = entry.metadata().unwrap().len();
                (entry.file_name().into_string().unwrap(), length)
            })
            .collect();
        blobs.sort();
        blobs
    }
}

/// The line of something that failed as it should; it must not give away what is secret.
pub(crate) fn line<T: std::fmt::Debug>(result: Result<T>) -> String {
    let line = result.unwrap_err().to_string();
    assert!(
        !line.contains("secret") && !line.contains("signed"),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1, "{line}");
    line
}
