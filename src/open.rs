//! What a user names, and opening it: the kind of a file is told from its content, not its name.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::export::RESULTS_FOLDER;
use crate::progress::Progress;
use crate::report::{SnrReport, Spectra, spectra_beside, spectra_file_name};
use crate::run;
use crate::sample;
use crate::source::hub::HubId;
use crate::source::open_regular;
use crate::tensor::Model;

/// What a user names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The embedded sample.
    Sample,
    /// A file or folder on this machine.
    Path(PathBuf),
    /// A model on the Hugging Face hub.
    Hub(HubId),
}

impl Target {
    /// What `text` names: a file that exists is meant before a model on the hub.
    ///
    /// # Errors
    /// When it is none of the three.
    pub fn parse(text: &Path) -> Result<Self> {
        if text == Path::new(sample::NAME) {
            return Ok(Self::Sample);
        }
        let exists = text.try_exists();
        if exists.map_err(Error::io(text, "look for the model"))? {
            return Ok(Self::Path(text.to_path_buf()));
        }
        let id = text.to_str().and_then(HubId::parse);
        id.map(Self::Hub).ok_or_else(|| {
            let problem = Problem::input(text, "there is no such folder or file");
            let advice = "give a model's folder, a weight file, or a model of the Hugging Face hub \
                          as org/name";
            problem.advice(advice).into()
        })
    }
}

/// The content of a path.
#[derive(Debug)]
pub enum Opened {
    /// A results file, with the spectra kept beside it where they are.
    Report(Box<SnrReport>, Option<Arc<Spectra>>),
    /// A model.
    Model(Arc<Model>),
    /// A freeze set's file, of any consumer, still to be read.
    FreezeSet(PathBuf),
    /// A session of the window, still to be read.
    Session(PathBuf),
    /// The log of training runs, still to be read.
    Log(PathBuf),
}

impl Opened {
    /// The error for a command that needs a model or its results.
    #[must_use]
    pub fn refused(&self) -> Error {
        let (path, what) = match self {
            Self::FreezeSet(path) => (path.as_path(), "is a freeze set"),
            Self::Session(path) => (path.as_path(), "is a session of the window"),
            Self::Log(path) => (path.as_path(), "is the log of a training run"),
            Self::Model(model) => (model.path.as_path(), "is a model"),
            Self::Report(report, _) => {
                let path = report.path.as_deref();
                (path.unwrap_or(Path::new(sample::NAME)), "holds results")
            }
        };
        Problem::input(path, format!("{what}, not a model or its results"))
            .advice(match self {
                Self::Log(_) => "compare runs with `layerscope compare`",
                _ => "name a model's folder or a results file",
            })
            .into()
    }
}

/// Opens `path`.
///
/// # Errors
/// A line that names the file, what is wrong with it and what to do.
pub fn open(path: &Path) -> Result<Opened> {
    match kind(path)? {
        Kind::Model => return Ok(Opened::Model(Arc::new(Model::open(path)?))),
        Kind::FreezeSet => return Ok(Opened::FreezeSet(path.to_path_buf())),
        Kind::Session => return Ok(Opened::Session(path.to_path_buf())),
        Kind::Log => return Ok(Opened::Log(path.to_path_buf())),
        Kind::Pipeline => {
            return Err(Error::from(
                Problem::input(
                    path,
                    "is the index of a diffusers pipeline, not a model or its results",
                )
                .advice(
                    "give the pipeline's folder, or one of the folders in it that hold weights",
                ),
            ));
        }
        Kind::Results => {}
    }
    let mut report = SnrReport::open(path)?;
    let spectra = attach_kept(&mut report, path);
    Ok(Opened::Report(Box::new(report), spectra))
}

/// Whether the results at `path` were written before one of the model's weight files.
pub(crate) fn is_older(path: &Path, model: &Model) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let weights = model.files.iter().filter_map(|file| written(file.path()));
    weights.max() > written(path)
}

/// Attaches the spectra that a scan kept beside the results at `path`, if there are any.
fn attach_kept(report: &mut SnrReport, path: &Path) -> Option<Arc<Spectra>> {
    let name = spectra_file_name(&report.slug);
    let folder = path.parent().unwrap_or(Path::new(""));
    // Renamed results have spectra of the same name. The sorted file lies one folder above the
    // flat one and the spectra.
    let places = [
        spectra_beside(path),
        folder.join(&name),
        folder.join(RESULTS_FOLDER).join(&name),
    ];
    let kept = places.into_iter().find(|place| place.is_file())?;
    match Spectra::read(&kept) {
        Ok(spectra) if report.attach_spectra(&spectra) => {
            if let Err(error) = report.attach_noise(&spectra) {
                report.warnings.push(error.to_string());
            }
            Some(Arc::new(spectra))
        }
        Ok(_) => None,
        Err(error) => {
            report.warnings.push(error.to_string());
            None
        }
    }
}

/// The kind of a file, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Model,
    Results,
    FreezeSet,
    Session,
    Log,
    Pipeline,
}

/// How many bytes of a file are looked at to tell its kind.
const START: u64 = 16_384;

/// Whether `path` looks like a log of training runs, by its first bytes and its name.
///
/// # Errors
/// When it cannot be read.
pub fn is_run_log(path: &Path) -> Result<bool> {
    Ok(kind(path)? == Kind::Log)
}

/// The first bytes of a file.
fn start_of(path: &Path) -> Result<Vec<u8>> {
    let mut start = Vec::new();
    open_regular(path)
        .map_err(Error::io(path, "open the file"))?
        .take(START)
        .read_to_end(&mut start)
        .map_err(Error::io(path, "read the file"))?;
    Ok(start)
}

fn kind(path: &Path) -> Result<Kind> {
    // Checked before opening: not every system opens folders.
    let metadata = fs::metadata(path).map_err(Error::io(path, "open the file"))?;
    if metadata.is_dir() {
        let logs = !holds_weights(path) && run::holds_logs(path, &Progress::default())?;
        return Ok(if logs { Kind::Log } else { Kind::Model });
    }
    // Opening a pipe would block forever, and a device has no end.
    if !metadata.is_file() {
        return Err(Problem::input(path, "is neither a file nor a folder")
            .advice("give a regular file, or a model's folder")
            .into());
    }
    let start = start_of(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if run::is_log(&start, &name) {
        return Ok(Kind::Log);
    }
    // Safetensors: a length, then a header in braces. The first eight bytes of any text are,
    // as a length, far beyond any file.
    if let Some((length, header)) = start.split_first_chunk::<8>()
        && header.starts_with(b"{")
        && u64::from_le_bytes(*length) <= metadata.len()
    {
        return Ok(Kind::Model);
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    let text = text.trim_ascii_start();
    Ok(match text.first() {
        None | Some(b'[') => Kind::Results,
        Some(b'{') => kind_of_json(&String::from_utf8_lossy(text)),
        Some(_) if is_freeze_set(text) => Kind::FreezeSet,
        Some(_) => Kind::Model,
    })
}

/// Whether a folder is a model's, or the cache of one: trainers keep their logs beside weights.
fn holds_weights(folder: &Path) -> bool {
    let of_weights = [
        ".safetensors",
        ".gguf",
        ".bin",
        ".pt",
        ".pth",
        ".npz",
        ".index.json",
    ];
    let of_cache = ["snapshots", "blobs"];
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.any(|name| {
        of_cache.contains(&name.as_str()) || of_weights.iter().any(|ending| name.ends_with(ending))
    })
}

/// Keys of the JSON files that name layers to train: PEFT's adapters, ms-swift's arguments,
/// LLaMA-Factory's and axolotl's configurations.
const SET_KEYS: [&str; 6] = [
    "target_modules",
    "peft_type",
    "trainable_parameters",
    "unfrozen_parameters",
    "freeze_trainable_layers",
    "freeze_trainable_modules",
];

/// The kind of a JSON object. The keys of a results file are modules, so it has none of these.
fn kind_of_json(text: &str) -> Kind {
    let has = |key: &str| {
        let quoted = format!("\"{key}\"");
        let after = text.split_once(&quoted).map(|(_, rest)| rest.trim_start());
        after.is_some_and(|rest| rest.starts_with(':'))
    };
    let is_session = has("layerscope") && has("version");
    if is_session {
        Kind::Session
    } else if has("_class_name") && has("_diffusers_version") {
        Kind::Pipeline
    } else if has("weight_map") || has("architectures") || has("model_type") {
        // An index or a configuration stands for the folder that it is in.
        Kind::Model
    } else if SET_KEYS.into_iter().any(has) {
        Kind::FreezeSet
    } else {
        Kind::Results
    }
}

/// Whether a text that is not JSON lists layers to train: a YAML with such a list or key, a
/// command line with such an argument, or nothing but names.
fn is_freeze_set(text: &[u8]) -> bool {
    if text.contains(&0) {
        return false;
    }
    let text = String::from_utf8_lossy(text);
    let marked = |line: &str| {
        let key = line.trim_start().trim_start_matches("--");
        line.starts_with("- ")
            || SET_KEYS.into_iter().any(|name| {
                let rest = key.strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with([':', ' ', '=', '_']) || rest.is_empty())
            })
            || line.contains("--trainable_parameters")
            || line.trim_start().starts_with("spectrum_top_fraction:")
    };
    if text.lines().any(marked) {
        return true;
    }
    // The last line may be cut off, but its first characters are there.
    let mut lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .peekable();
    let is_name = |line: &str| {
        let line = line.trim();
        line.contains('.')
            && line.starts_with(|first: char| first.is_alphabetic() || first == '^')
            && !line.contains(|other: char| other.is_whitespace() || other == ',')
    };
    lines.peek().is_some() && lines.all(is_name)
}
