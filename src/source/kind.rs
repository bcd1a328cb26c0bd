//! The kinds of weight files, by the names they have in a model's folder.
//!
//! Enters: the names in a folder. Leaves: those of one kind.

use std::ffi::OsStr;
use std::path::Path;

/// A kind of weight files that a folder may hold.
pub(super) struct Kind {
    /// Their endings.
    pub(super) endings: &'static [&'static str],
    /// The ending of their index files.
    pub(super) index: &'static str,
    /// The index that is taken where there are several.
    pub(super) main_index: &'static str,
    /// What the names of the model's own files start with.
    pub(super) main: &'static [&'static str],
}

/// The kinds of weight files, the one that is taken first where a folder holds several.
pub(super) const KINDS: [Kind; 5] = [
    Kind {
        endings: &["safetensors"],
        index: ".safetensors.index.json",
        main_index: "model.safetensors.index.json",
        main: &["model"],
    },
    Kind {
        endings: &["bin", "pt", "pth"],
        index: ".bin.index.json",
        main_index: "pytorch_model.bin.index.json",
        main: &["pytorch_model", "model", "diffusion_pytorch_model"],
    },
    Kind {
        endings: &["gguf"],
        index: ".gguf.index.json",
        main_index: "model.gguf.index.json",
        main: &[],
    },
    Kind {
        endings: &["npz"],
        index: ".npz.index.json",
        main_index: "model.npz.index.json",
        main: &["model", "weights"],
    },
    // Lightning's checkpoints, each a model of its own.
    Kind {
        endings: &["ckpt"],
        index: ".ckpt.index.json",
        main_index: "model.ckpt.index.json",
        main: &[],
    },
];
/// Endings of weight files that are not read.
pub(super) const OTHER_WEIGHTS: [&str; 4] = ["h5", "msgpack", "onnx", "npy"];
/// Beginnings of names of files that repeat the weights in another layout, or are no weights of
/// the model: left out where a `model*` of the same kind is there.
const BESIDE: [&str; 9] = [
    "consolidated",
    "adapter_",
    "optimizer",
    "random_states",
    "training_args",
    "scheduler",
    "scaler",
    "rng_state",
    "mmproj",
];

impl Kind {
    /// The files of this kind.
    pub(super) fn present<'a>(&self, names: &'a [String]) -> Vec<&'a String> {
        let is_present = |name: &&String| {
            let ending = Path::new(name).extension().and_then(OsStr::to_str);
            ending.is_some_and(|ending| self.endings.contains(&ending))
        };
        // DeepSpeed keeps the optimizer's states beside the model's.
        let states = |name: &str| name.ends_with("_model_states.pt");
        let has_states = names.iter().any(|name| states(name));
        names
            .iter()
            .filter(is_present)
            .filter(|name| !has_states || states(name))
            .collect()
    }

    /// Tells which of the files `present` are no part of the model: none where it has no file
    /// with a name of its own.
    pub(super) fn beside(&self, present: &[&String]) -> impl Fn(&str) -> bool + use<> {
        let starts =
            |name: &str, starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
        // Of GGUF files, which are called as the model is, the others are its own.
        let main = match self.main {
            [] => present.iter().any(|name| !starts(name, &BESIDE)),
            main => present.iter().any(|name| starts(name, main)),
        };
        move |name| main && starts(name, &BESIDE)
    }
}
