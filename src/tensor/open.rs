//! Opening a model: headers first, values never.
//!
//! Enters: the files that [`ModelFiles`] found. Leaves: [`Model`]. A file or tensor that cannot
//! be read is marked and the rest opens; only a model with nothing to read is refused.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::names::Architecture;
use crate::source::{Config, Index, ModelFiles, ReadAt, Unreadable, WeightFile, slug};
use crate::tensor::name::{LONGEST_NAME, is_sound};
use crate::tensor::{DType, Model, ModuleInfo, TensorInfo, format, gguf, header, modules};

impl Model {
    /// Opens the model at `path`: a folder, a folder of the Hugging Face cache, a `.safetensors`
    /// file, or an index or configuration in a model's folder.
    ///
    /// # Errors
    /// When no tensor can be read; the line names the file, the place and what to do. What is
    /// wrong with some tensors only is in [`TensorInfo::problem`] and [`Model::warnings`].
    pub fn open(path: &Path) -> Result<Self> {
        Self::of_files(ModelFiles::find(path)?)
    }

    /// Opens the model that `found` are the files of.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn of_files(mut found: ModelFiles) -> Result<Self> {
        let mut opening = Opening {
            partial: found.partial,
            warnings: std::mem::take(&mut found.warnings),
            ..Opening::default()
        };
        for weight in &found.weights {
            opening.open(weight);
        }
        opening.finish(found)
    }

    /// Opens the single weight file whose bytes are at hand: on disk, far away or in memory. No
    /// index and no configuration is looked for.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn of_bytes(bytes: &Arc<dyn ReadAt>) -> Result<Self> {
        let path = bytes.path().to_path_buf();
        let mut opening = Opening::default();
        opening.take_in(&path, Ok(Arc::clone(bytes)));
        opening.finish(ModelFiles {
            slug: slug::of_file(&path),
            path,
            ..ModelFiles::default()
        })
    }
}

impl Opening {
    /// The model of what was opened.
    fn finish(mut self, found: ModelFiles) -> Result<Model> {
        if !self.readable.contains(&true) {
            return Err(self.nothing_readable(&found.path));
        }
        self.warn_of_problems();
        if let Some(first) = &self.first_unsound {
            self.warnings.push(format!(
                "{} of the tensors' names are empty, longer than {LONGEST_NAME} bytes or hold control \
                 characters; these tensors are left out; the first: {first}",
                self.unsound
            ));
        }
        if let Some(index) = &found.index {
            self.compare(index);
        }
        // Without an index nothing tells what an unreadable file holds: perhaps the head.
        let unknown = found.index.is_none() && self.readable.contains(&false);
        let Opening {
            files,
            tensors,
            mut warnings,
            names,
            partial,
            config,
            ..
        } = self;
        // The folder's own configuration says more, where it says anything.
        let config = match config {
            Some(config) if found.config.architectures.is_none() => config,
            _ => found.config,
        };
        let listing = modules::Listing {
            tensors: &tensors,
            names: &names,
            files: &files,
            config: &config,
            partial: partial || unknown,
        };
        let modules::Listed {
            modules,
            parameters,
        } = listing.list(&mut warnings);
        let is_empty = |module: &ModuleInfo| module.shape.contains(&0);
        if !modules.is_empty() && modules.iter().all(is_empty) {
            return Err(Error::from(Problem::input(found.path, "all of its weights are empty, as in a checkpoint of DeepSpeed ZeRO-3, which keeps \
                          them in the states of the optimizer").advice("put them together with the checkpoint's zero_to_fp32.py and give the result")));
        }
        if modules.is_empty() {
            warnings.push(format!(
                "{}: none of its tensors ({}) has a name that ends in `.weight`: there is nothing to scan",
                found.path.display(),
                tensors.len()
            ));
        }
        Ok(Model {
            path: found.path,
            slug: found.slug,
            files,
            tensors,
            modules,
            parameters,
            architecture: Architecture::of(&config),
            warnings,
        })
    }
}

#[derive(Default)]
struct Opening {
    files: Vec<Arc<dyn ReadAt>>,
    /// For each file, whether its header was read.
    readable: Vec<bool>,
    tensors: Vec<TensorInfo>,
    /// Place of each tensor, by name.
    names: HashMap<String, usize>,
    warnings: Vec<String>,
    partial: bool,
    /// The configuration that a file holds itself.
    config: Option<Config>,
    /// What decides about the names of a GGUF model.
    origin: Option<gguf::Origin>,
    first_error: Option<Error>,
    /// How many names could not be those of tensors, and the first.
    unsound: usize,
    first_unsound: Option<String>,
}

/// How much of a name that is left out a message repeats, in characters.
const NAMED_CHARACTERS: usize = 100;

impl Opening {
    fn open(&mut self, weight: &WeightFile) {
        let opened = match &weight.problem {
            Some(problem) => Err(Problem::input(&weight.path, problem)
                .advice("this file is not opened; put it into the folder and correct the index")
                .into()),
            None => weight.open(),
        };
        self.take_in(&weight.path, opened);
    }

    /// Takes in the file at `path`, which is open or could not be opened.
    fn take_in(&mut self, path: &Path, opened: Result<Arc<dyn ReadAt>>) {
        let number = self.files.len();
        let origin = self.origin.as_ref();
        let opened =
            opened.and_then(|bytes| Ok((format::read(bytes.as_ref(), number, origin)?, bytes)));
        match opened {
            Ok((contents, bytes)) => {
                self.files.push(bytes);
                self.readable.push(true);
                self.warnings.extend(contents.warnings);
                self.config = self.config.take().or(contents.config);
                self.origin = self.origin.take().or(contents.origin);
                for info in contents.tensors {
                    self.add(info);
                }
            }
            Err(error) => {
                self.files.push(Arc::new(Unreadable(path.to_path_buf())));
                self.readable.push(false);
                let error = missing(error);
                self.warnings.push(error.to_string());
                self.first_error.get_or_insert(error);
            }
        }
    }

    fn add(&mut self, info: TensorInfo) {
        if !is_sound(&info.name) {
            self.unsound += 1;
            self.first_unsound.get_or_insert_with(|| {
                let start: String = info.name.chars().take(NAMED_CHARACTERS).collect();
                let path = self.files[info.file].path().display();
                format!("{path}: {}", start.escape_debug())
            });
            return;
        }
        let Some(&place) = self.names.get(&info.name) else {
            self.names.insert(info.name.clone(), self.tensors.len());
            self.tensors.push(info);
            return;
        };
        let first = &mut self.tensors[place];
        let problem = format!("is also held by {}", self.files[info.file].path().display());
        let path = self.files[first.file].path();
        let advice = "take one of the two files out of the folder";
        first.problem = Some(header::line(path, &first.name, &problem, advice));
    }

    fn nothing_readable(self, path: &Path) -> Error {
        match (self.first_error, self.files.len()) {
            // A single file's own line says it all.
            (Some(error), 1) => error,
            (first, files) => Error::from(
                Problem::input(
                    path,
                    format!(
                        "none of its {files} weight files can be read; the first: {}",
                        first.map(|error| error.to_string()).unwrap_or_default()
                    ),
                )
                .advice("download the model again"),
            ),
        }
    }

    /// One line per file with tensors that cannot be read: how many, and what is wrong with one.
    fn warn_of_problems(&mut self) {
        let mut affected: Vec<(usize, Option<&str>)> = vec![(0, None); self.files.len()];
        for info in &self.tensors {
            if let Some(problem) = &info.problem {
                let (count, first) = &mut affected[info.file];
                *count += 1;
                first.get_or_insert(problem);
            }
        }
        for (count, first) in affected {
            let Some(first) = first else { continue };
            let more = match count {
                1 => String::new(),
                2 => " (and 1 more tensor)".into(),
                _ => format!(" (and {} more tensors)", count - 1),
            };
            self.warnings.push(format!("{first}{more}"));
        }
    }

    /// Holds the index against the headers, and adds the tensors of files that were not read,
    /// of which the index tells the names.
    fn compare(&mut self, index: &Index) {
        let at = index.path.display();
        let mut not_held = Kind::default();
        let mut indexed: HashMap<&str, usize> = HashMap::with_capacity(index.entries.len());
        let mut twice = Kind::default();
        for (name, file) in &index.entries {
            if indexed.insert(name, *file).is_some() {
                twice.add(name);
                continue;
            }
            let held = self.names.get(name).map(|&place| self.tensors[place].file);
            if held == Some(*file) {
                continue;
            }
            if self.readable[*file] {
                not_held.add(name);
            } else if held.is_none() {
                let path = self.files[*file].path();
                let problem = header::line(
                    path,
                    name,
                    "its file is missing or cannot be read",
                    "download the file again",
                );
                self.add(TensorInfo {
                    name: name.clone(),
                    dtype: DType::Other("unknown".into()),
                    shape: Vec::new(),
                    file: *file,
                    offset: 0,
                    transposed: false,
                    problem: Some(problem),
                });
            }
        }
        let mut not_named = Kind::default();
        for info in &self.tensors {
            if !indexed.contains_key(info.name.as_str()) {
                not_named.add(&info.name);
            }
        }
        let kinds = [
            (twice, "named twice in it"),
            (
                not_held,
                "named in it, but not held by the files it names for them",
            ),
            (not_named, "held by the files, but not named in it"),
        ];
        for (kind, what) in kinds {
            if let Kind(count, Some(first)) = kind {
                self.warnings.push(format!(
                    "{at}: {count} {} {what}; the first: {first}",
                    if count == 1 { "tensor" } else { "tensors" }
                ));
            }
        }
    }
}

/// A kind of difference: how often, and the first name.
#[derive(Default)]
struct Kind(usize, Option<String>);

impl Kind {
    fn add(&mut self, name: &str) {
        self.0 += 1;
        self.1
            .get_or_insert_with(|| name.escape_debug().to_string());
    }
}

/// A file that is not there is said to be missing, with what to do.
fn missing(error: Error) -> Error {
    match error {
        Error::Io { path, source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            Problem::input(
                path,
                "the file is missing, and what it holds cannot be read",
            )
            .advice("download it again")
            .into()
        }
        other => other,
    }
}
