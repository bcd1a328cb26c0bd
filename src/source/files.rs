//! Which files make up a model.
//!
//! Enters: what the user gave: a model's folder, a folder of the Hugging Face cache, a weight
//! file, an index or a configuration. Leaves: [`ModelFiles`]; no weight file was opened.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::source::config::CONFIG;
use crate::source::folder::{Inside, look_inside, partitioned};
use crate::source::index::is_inside;
use crate::source::kind::{KINDS, Kind, OTHER_WEIGHTS};
use crate::source::shard::{Shard, shard};
use crate::source::slug::{CACHE_PREFIX, SNAPSHOTS};
use crate::source::{Config, Index, LocalFile, ReadAt, RemoteFile, adapter, slug, whole_file};

/// The longest name of a revision in the cache, in bytes: a hash has 40.
pub(super) const LONGEST_REVISION: u64 = 4096;

/// One weight file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightFile {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Why it must not be opened, where an index names a file outside the folder.
    pub problem: Option<String>,
    /// Where it is read from, for a file that is not on this machine.
    pub remote: Option<Arc<RemoteFile>>,
}

impl WeightFile {
    /// Opens it for reading.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Problem`] when it is not there or is no file.
    pub fn open(&self) -> Result<Arc<dyn ReadAt>> {
        match &self.remote {
            Some(remote) => Ok(Arc::<RemoteFile>::clone(remote)),
            None => LocalFile::open(&self.path),
        }
    }
}

/// What there is to read of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelFiles {
    /// The folder, or the single weight file.
    pub path: PathBuf,
    /// Name for result files: see [`slug`].
    pub slug: String,
    /// The weight files, sorted by name; with an index in the order of [`Index::files`].
    pub weights: Vec<WeightFile>,
    /// The index, where there is one that can be used.
    pub index: Option<Index>,
    /// The configuration; empty where there is none.
    pub config: Config,
    /// Whether these files are known not to be all of the model.
    pub partial: bool,
    /// Lines about what was left out or looks wrong.
    pub warnings: Vec<String>,
}

impl ModelFiles {
    /// Finds the files of the model at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when `path` cannot be looked at, [`Error::Problem`] when no weight file is
    /// there; the line says what was found instead.
    pub fn find(path: &Path) -> Result<Self> {
        let kind = fs::metadata(path).map_err(Error::io(path, "open the model"))?;
        if kind.is_dir() {
            return Self::in_folder(&snapshot(path)?);
        }
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if name == CONFIG || KINDS.iter().any(|kind| name.ends_with(kind.index)) {
            return Self::in_folder(folder_of(path));
        }
        let mut files = Self {
            path: path.to_path_buf(),
            slug: slug::of_file(path),
            weights: vec![WeightFile::at(path.to_path_buf())],
            partial: shard(path).is_some_and(|shard| shard.of > 1),
            ..Self::default()
        };
        files.read_config(folder_of(path));
        if files.is_adapter() {
            files.warnings.extend(adapter::line(folder_of(path)));
        }
        Ok(files)
    }

    fn in_folder(folder: &Path) -> Result<Self> {
        let mut files = Self {
            path: folder.to_path_buf(),
            slug: slug::of_folder(folder),
            ..Self::default()
        };
        let names = names_in(folder)?;
        if let Some(Inside::Refused { problem, advice }) = partitioned(folder, &names) {
            let path = folder.to_path_buf();
            return Err(Error::from(Problem::input(path, problem).advice(advice)));
        }
        for kind in &KINDS {
            let present = kind.present(&names);
            files.read_index(folder, kind, &names, &present);
            if files.index.is_none() && !present.is_empty() {
                files.take_all(folder, kind, &present)?;
            }
            if !files.weights.is_empty() {
                files.read_config(folder);
                if files.is_adapter() {
                    files.warnings.extend(adapter::line(folder));
                }
                return Ok(files);
            }
        }
        match look_inside(folder, &names) {
            Inside::Folder(inside) => {
                let mut files = Self::in_folder(&inside)?;
                files.slug = slug::of_folder(folder);
                files.warnings.insert(
                    0,
                    format!(
                        "{}: the model is that in {}",
                        folder.display(),
                        inside.display()
                    ),
                );
                Ok(files)
            }
            Inside::Refused { problem, advice } => {
                Err(Error::from(Problem::input(folder, problem).advice(advice)))
            }
            Inside::Nothing => Err(no_weights(folder, &names)),
        }
    }

    /// Whether the weights are those of an adapter alone.
    fn is_adapter(&self) -> bool {
        let is_adapter = |weight: &WeightFile| {
            let name = weight.path.file_name().unwrap_or_default();
            name.to_string_lossy().starts_with("adapter_")
        };
        self.weights.iter().all(is_adapter)
    }

    fn read_config(&mut self, folder: &Path) {
        match Config::read(folder) {
            Ok(config) => self.config = config,
            Err(error) => self.warnings.push(error.to_string()),
        }
    }

    /// Takes the files that the folder's index names, where it has one that can be used.
    fn read_index(&mut self, folder: &Path, kind: &Kind, names: &[String], present: &[&String]) {
        let indices = || names.iter().filter(|name| name.ends_with(kind.index));
        let Some(name) = indices()
            .find(|name| *name == kind.main_index)
            .or_else(|| indices().next())
        else {
            return;
        };
        let index = match Index::read(&folder.join(name)) {
            Ok(index) => index,
            Err(error) => {
                self.warnings.push(format!(
                    "{error}; the files in the folder are taken instead"
                ));
                return;
            }
        };
        let at = index.path.display();
        let is_there = |file: &String| is_inside(file) && folder.join(file).exists();
        if index.files.is_empty() || (!present.is_empty() && !index.files.iter().any(is_there)) {
            self.warnings.push(format!(
                "{at}: none of the files it names is there; the files in the folder are taken instead"
            ));
            return;
        }
        let is_listed = |name: &str| index.files.iter().any(|file| file == name);
        let left_out: Vec<&&String> = present.iter().filter(|name| !is_listed(name)).collect();
        if let Some(first) = left_out.first() {
            self.warnings.push(format!(
                "{at}: does not name {} in the folder; left out",
                count(left_out.len(), "file", first)
            ));
        }
        self.weights = index
            .files
            .iter()
            .map(|name| WeightFile {
                remote: None,
                path: folder.join(name),
                problem: (!is_inside(name)).then(|| {
                    format!("{at}: names the file {name:?}, which is outside the model's folder")
                }),
            })
            .collect();
        self.index = Some(index);
    }

    /// Takes the weight files in the folder, and notes shards that their numbers say are missing.
    ///
    /// # Errors
    /// [`Error::Problem`] where each of several files is a model of its own.
    fn take_all(&mut self, folder: &Path, kind: &Kind, present: &[&String]) -> Result<()> {
        let is_beside = kind.beside(present);
        let beside: Vec<&&String> = present.iter().filter(|name| is_beside(name)).collect();
        if let Some(first) = beside.first() {
            self.warnings.push(format!(
                "{}: left out {}: not part of the model",
                folder.display(),
                count(beside.len(), "file", first)
            ));
        }
        let taken = present.iter().filter(|name| !is_beside(name));
        self.weights = taken
            .map(|name| WeightFile::at(folder.join(name)))
            .collect();
        let mut shards: Vec<Shard> = Vec::new();
        for weight in &self.weights {
            shards.extend(shard(&weight.path));
        }
        self.refuse_split()?;
        // Of one set only: two sets in a folder are for the reader of the duplicates to tell.
        let Some(of) = shards.first().map(|shard| shard.of) else {
            return self.only_one(kind);
        };
        let same_set = shards.iter().all(|shard| shard.of == of);
        let missing = (of as usize).saturating_sub(shards.len());
        if same_set && missing > 0 {
            self.partial = true;
            let first = (1..=of).find(|number| shards.iter().all(|shard| shard.number != *number));
            self.warnings.push(format!(
                "{}: {missing} of {of} shards are missing (the first: number {}); download them",
                folder.display(),
                first.unwrap_or_default(),
            ));
        }
        Ok(())
    }

    /// Refuses the parts of a model that is split for model parallelism, as Llama's are: each holds
    /// a share of every tensor.
    fn refuse_split(&self) -> Result<()> {
        let is_part = |weight: &&WeightFile| {
            let name = weight
                .path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy();
            name.strip_prefix("consolidated.")
                .is_some_and(|number| number.parse::<u32>().is_ok())
        };
        let parts = self.weights.iter().filter(is_part).count();
        if parts < 2 {
            return Ok(());
        }
        Err(Error::from(Problem::input(&self.path, format!(
                "is a model that is split into {parts} parts for model parallelism, each with a share \
                 of every tensor"
            )).advice("merge them with transformers' convert_llama_weights_to_hf.py and give the result")))
    }

    /// Refuses several GGUF or Lightning files that are not shards: a folder of them holds one model
    /// quantized in several ways, or at several steps.
    fn only_one(&self, kind: &Kind) -> Result<()> {
        match &*self.weights {
            [first, _, ..] if kind.main.is_empty() => Err(Problem::input(
                &self.path,
                format!(
                    "holds {} {} files, each a model of its own",
                    self.weights.len(),
                    if kind.endings == ["gguf"] {
                        "GGUF"
                    } else {
                        ".ckpt"
                    }
                ),
            )
            .advice(format!("give one of them: {}", first.path.display()))
            .into()),
            _ => Ok(()),
        }
    }
}

impl WeightFile {
    fn at(path: PathBuf) -> Self {
        Self {
            path,
            problem: None,
            remote: None,
        }
    }
}

/// `3 files (the first: NAME)`, `1 file (NAME)`.
fn count(number: usize, what: &str, first: &str) -> String {
    if number == 1 {
        format!("1 {what} ({first})")
    } else {
        format!("{number} {what}s (the first: {first})")
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The names in a folder, sorted; of folders and of names that are not Unicode none.
fn names_in(folder: &Path) -> Result<Vec<String>> {
    let list = || Error::io(folder, "list the folder");
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(list())? {
        let entry = entry.map_err(list())?;
        if let (false, Ok(name)) = (entry.path().is_dir(), entry.file_name().into_string()) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The folder with the files: of a model's folder in the Hugging Face cache
/// (`models--org--name`, with `refs/main` and `snapshots/<revision>`) the revision that
/// `refs/main` names, or the only one there is; any other folder itself.
fn snapshot(folder: &Path) -> Result<PathBuf> {
    let snapshots = folder.join(SNAPSHOTS);
    let named = folder
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(CACHE_PREFIX));
    if !snapshots.is_dir() || !(named || folder.join("refs").is_dir()) {
        return Ok(folder.to_path_buf());
    }
    let main = whole_file(&folder.join("refs").join("main"), LONGEST_REVISION);
    let main = main.ok().flatten().unwrap_or_default();
    let main = String::from_utf8_lossy(&main);
    let main = main.trim();
    if is_inside(main) && snapshots.join(main).is_dir() {
        return Ok(snapshots.join(main));
    }
    let list = || Error::io(&snapshots, "list the folder");
    let mut revisions = Vec::new();
    for entry in fs::read_dir(&snapshots).map_err(list())? {
        let path = entry.map_err(list())?.path();
        if path.is_dir() {
            revisions.push(path);
        }
    }
    match <[PathBuf; 1]>::try_from(revisions) {
        Ok([only]) => Ok(only),
        Err(revisions) => Err(Problem::input(
            folder,
            format!(
                "refs/main does not name one of the {} revisions in {SNAPSHOTS}",
                revisions.len()
            ),
        )
        .advice(format!(
            "give one of the folders in {SNAPSHOTS}, or download the model again"
        ))
        .into()),
    }
}

fn no_weights(folder: &Path, names: &[String]) -> Error {
    let other = names.iter().find(|name| {
        let ending = Path::new(name).extension().and_then(OsStr::to_str);
        ending.is_some_and(|ending| OTHER_WEIGHTS.contains(&ending))
    });
    let (problem, advice) = match (other, names.first()) {
        (Some(other), _) => (
            format!("holds no weight file that this version reads; {other} is of another format"),
            "convert the model to safetensors, or give a folder that holds it as safetensors",
        ),
        (None, Some(first)) => (
            format!(
                "holds no weight file, only {}",
                count(names.len(), "other file", first)
            ),
            "give the folder with the model's .safetensors, .bin or .gguf files, or one of these files",
        ),
        (None, None) => (
            "holds no files".into(),
            "give the folder with the model's .safetensors, .bin or .gguf files, or one of these files",
        ),
    };
    Problem::input(folder, problem).advice(advice).into()
}
