//! What a folder without weight files of its own holds: checkpoints of a training, the parts of a
//! pipeline, a distributed checkpoint.
//!
//! Enters: a folder. Leaves: [`Inside`]: the folder below it that is meant, or the reason why none
//! is. Layouts: transformers' and Lightning's trainers, DeepSpeed, PyTorch's distributed
//! checkpoints, diffusers.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The most entries of a folder that are looked at.
const MOST_ENTRIES: usize = 10_000;
/// How many folders a message names.
const NAMED: usize = 4;
/// Endings of files with weights.
const ENDINGS: [&str; 7] = ["safetensors", "bin", "pt", "pth", "ckpt", "gguf", "npz"];

/// What to do with a folder that holds no weight files itself.
pub(super) enum Inside {
    /// The one folder below it that holds the model.
    Folder(PathBuf),
    /// Why it cannot be opened as it is, and what to do.
    Refused { problem: String, advice: String },
    /// Nothing that is known.
    Nothing,
}

/// Looks into `folder`, whose files are called `names`.
pub(super) fn look_inside(folder: &Path, names: &[String]) -> Inside {
    let folders = folders_in(folder);
    if let Some(distributed) = distributed(folder, names, &folders) {
        return distributed;
    }
    if let Some(deepspeed) = deepspeed(folder, names, &folders) {
        return deepspeed;
    }
    if names.iter().any(|name| name == "model_index.json") {
        return pipeline(folder, &folders);
    }
    let mut checkpoints: Vec<(u64, PathBuf)> = folders
        .iter()
        .filter_map(|name| Some((step(name)?, folder.join(name))))
        .filter(|(_, path)| holds_model(path))
        .collect();
    checkpoints.sort();
    match checkpoints.as_slice() {
        [] => {}
        [(_, only)] => return Inside::Folder(only.clone()),
        [.., (_, newest)] => {
            return Inside::Refused {
                problem: format!(
                    "is the output of a training with {} checkpoints",
                    checkpoints.len()
                ),
                advice: format!("give one of them; the newest is {}", newest.display()),
            };
        }
    }
    // A folder such as `checkpoints` of Lightning.
    let below: Vec<&String> = folders
        .iter()
        .filter(|name| holds_weights(&folder.join(name)))
        .collect();
    match below.as_slice() {
        [] => Inside::Nothing,
        all => Inside::Refused {
            problem: "holds no weight file itself, but folders with weights".into(),
            advice: format!("give one of them: {}", named(folder, all.iter().copied())),
        },
    }
}

/// The step of a checkpoint's folder: `checkpoint-100`.
fn step(name: &str) -> Option<u64> {
    let number = name
        .strip_prefix("checkpoint-")
        .or_else(|| name.strip_prefix("checkpoint_"));
    number?.parse().ok()
}

/// The step of a folder that DeepSpeed wrote: `global_step100`.
fn global_step(name: &str) -> Option<u64> {
    name.strip_prefix("global_step")?.parse().ok()
}

/// Whether a folder holds weights, or a DeepSpeed or distributed checkpoint.
fn holds_model(folder: &Path) -> bool {
    let deeper =
        |name: &String| global_step(name).is_some() || name.starts_with("pytorch_model_fsdp");
    holds_weights(folder) || folders_in(folder).iter().any(deeper)
}

fn holds_weights(folder: &Path) -> bool {
    let ending = |name: &String| {
        let ending = Path::new(name).extension().and_then(OsStr::to_str);
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    };
    entries(folder, false).iter().any(ending)
}

fn folders_in(folder: &Path) -> Vec<String> {
    entries(folder, true)
}

/// The names of the folders or of the files in a folder, sorted.
fn entries(folder: &Path, folders: bool) -> Vec<String> {
    let Ok(list) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let entries = list.take(MOST_ENTRIES).filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir() == folders)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    names
}

/// `A, B and 3 more`, as paths.
fn named<'a>(folder: &Path, names: impl Iterator<Item = &'a String>) -> String {
    let all: Vec<String> = names
        .map(|name| folder.join(name).display().to_string())
        .collect();
    let first = all
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// A folder of `torch.distributed.checkpoint`, or one above it.
fn distributed(folder: &Path, names: &[String], folders: &[String]) -> Option<Inside> {
    let is_part = |name: &String| name.ends_with(".distcp");
    let place = if names.iter().any(is_part) {
        folder.to_path_buf()
    } else {
        let below = folders.iter().map(|name| folder.join(name));
        below
            .into_iter()
            .find(|below| entries(below, false).iter().any(is_part))?
    };
    Some(Inside::Refused {
        problem: format!("{} holds a distributed checkpoint (.distcp), which is not read", place.display()),
        advice: "merge it with `accelerate merge-weights FOLDER OUT`, or `python -m \
                 torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER model.pt`, and give the \
                 result"
            .into(),
    })
}

/// A checkpoint of DeepSpeed, or the folder above it.
fn deepspeed(folder: &Path, names: &[String], folders: &[String]) -> Option<Inside> {
    if let Some(refused) = partitioned(folder, names) {
        return Some(refused);
    }
    let latest = fs::symlink_metadata(folder.join("latest")).is_ok();
    let mut steps: Vec<(u64, PathBuf)> = folders
        .iter()
        .filter_map(|name| Some((global_step(name)?, folder.join(name))))
        .collect();
    steps.sort();
    let (_, newest) = steps.last()?;
    if steps.len() > 1 && !latest {
        return Some(Inside::Refused {
            problem: format!("holds {} DeepSpeed checkpoints", steps.len()),
            advice: format!("give one of them; the newest is {}", newest.display()),
        });
    }
    Some(
        partitioned(newest, &entries(newest, false))
            .unwrap_or_else(|| Inside::Folder(newest.clone())),
    )
}

/// The refusal of a DeepSpeed checkpoint whose weights are in the parts of the optimizer (ZeRO-3),
/// or split for model parallelism.
pub(super) fn partitioned(folder: &Path, names: &[String]) -> Option<Inside> {
    let states = |start: &str| {
        let is_state =
            |name: &&String| name.starts_with(start) && name.ends_with("_model_states.pt");
        names.iter().filter(is_state).count()
    };
    let whole = states("mp_rank_");
    if whole == 0 && states("zero_pp_rank_") > 0 {
        return Some(zero_3(folder));
    }
    (whole > 1).then(|| Inside::Refused {
        problem: format!(
            "holds a checkpoint that is split into {whole} parts for model parallelism"
        ),
        advice: "merge the parts with the trainer's own tool and give the result".into(),
    })
}

fn zero_3(folder: &Path) -> Inside {
    let script = [folder, folder.parent().unwrap_or(folder)]
        .into_iter()
        .map(|place| place.join("zero_to_fp32.py"))
        .find(|script| script.is_file());
    let script = script.map_or_else(
        || "zero_to_fp32.py".to_owned(),
        |script| script.display().to_string(),
    );
    Inside::Refused {
        problem: format!(
            "{} is a checkpoint of DeepSpeed ZeRO-3, whose weights are spread over the states of the \
                  optimizer",
            folder.display()
        ),
        advice: format!("put them together with `python {script} CHECKPOINT OUT` and give OUT"),
    }
}

/// A pipeline of diffusers.
fn pipeline(folder: &Path, folders: &[String]) -> Inside {
    let parts: Vec<&String> = folders
        .iter()
        .filter(|name| holds_weights(&folder.join(name)))
        .collect();
    let problem = "is a pipeline of diffusers, whose models are in folders of their own".to_owned();
    let advice = match parts.as_slice() {
        [] => "none of them holds weights: download the pipeline again".to_owned(),
        parts => format!("give one of them: {}", named(folder, parts.iter().copied())),
    };
    Inside::Refused { problem, advice }
}
