//! Reads results JSON in both layouts, which are told apart by content.
//!
//! The report keeps the file's order. The bare `NaN`, `Infinity` and `-Infinity` that Python writes are read too.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use super::python_json::{Members, Value, replace_bare_tokens};
use crate::error::{Error, Problem, Result};
use crate::report::{ReportBuilder, SnrReport};
use crate::source::whole_file;
use crate::tensor::name::{LONGEST_NAME, is_sound};

/// The largest published results file has 4 MB. Reading takes up to ten times the size in memory.
const LARGEST_FILE: u64 = 64 << 20;
/// How many modules of one kind the warnings name; the rest is counted.
const NAMED_IN_WARNINGS: usize = 5;
/// How many characters of a refused name a message repeats.
const NAMED_CHARACTERS: usize = 100;

impl SnrReport {
    /// Opens a results file.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::Problem`] when it is not results JSON.
    pub fn open(path: &Path) -> Result<Self> {
        let metadata = std::fs::metadata(path).map_err(Error::io(path, "open the file"))?;
        if metadata.is_dir() {
            return Err(refuse(
                path,
                "whole",
                "is a folder, not a results file",
                "give one of the .json files in it",
            ));
        }
        let bytes = whole_file(path, LARGEST_FILE).map_err(Error::io(path, "read the file"))?;
        let bytes = bytes.ok_or_else(|| {
            refuse(
                path,
                "whole",
                format!(
                    "is over {} MiB, too large for a results file",
                    LARGEST_FILE >> 20
                ),
                "give the .json file that a scan wrote",
            )
        })?;
        let mut report = Self::from_json(bytes, path)?;
        report.path = Some(path.to_path_buf());
        Ok(report)
    }

    /// Reads results JSON. `path` names it, in messages and for its slug; nothing is opened.
    ///
    /// # Errors
    /// [`Error::Problem`] when it is not results JSON.
    pub fn from_json(mut bytes: Vec<u8>, path: &Path) -> Result<Self> {
        if bytes.starts_with(b"\xef\xbb\xbf") {
            // A byte order mark is not JSON. Spaces in its place keep the columns of messages right.
            bytes.iter_mut().take(3).for_each(|byte| *byte = b' ');
        }
        if bytes.trim_ascii().is_empty() {
            return Err(refuse(
                path,
                "whole file",
                "is blank: no results in it",
                "scan the model again, or fetch the file again",
            ));
        }
        replace_bare_tokens(&mut bytes);
        let entries: Members<Members<Value>> =
            serde_json::from_slice(&bytes).map_err(|error| syntax_error(path, &error))?;
        build(entries, path)
    }
}

/// The slug in a results file's name, `snr_results_<slug>.json` or `…_sorted.json`; the name
/// without its ending if it has another form.
#[must_use]
pub fn slug_of_file(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let slug = stem.strip_prefix("snr_results_").map_or(&*stem, |slug| {
        slug.strip_suffix("_sorted")
            .filter(|slug| !slug.is_empty())
            .unwrap_or(slug)
    });
    slug.to_owned()
}

fn refuse(path: &Path, place: &str, problem: impl Into<String>, advice: &str) -> Error {
    Problem::input(path, problem)
        .at(place)
        .advice(advice)
        .into()
}

fn syntax_error(path: &Path, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    // The library ends its line with the place, which ours starts with.
    let problem = text.split(" at line ").next().unwrap_or_default();
    let advice = if error.is_eof() {
        "the file is cut short: fetch or write it again"
    } else {
        NOT_RESULTS
    };
    let place = format!("line {} column {}", error.line(), error.column());
    refuse(path, &place, problem, advice)
}

const NOT_RESULTS: &str = "give a results file: {\"<module>\": {\"snr\": …, \"type\": …}} or {\"<type>\": {\"<module>\": …}}";

/// The modules of a file in its order. If one is listed twice, its last values count.
#[derive(Default)]
struct Listing {
    modules: Vec<(String, String, f64)>,
    places: HashMap<String, usize>,
    repeated: Vec<String>,
}

impl Listing {
    fn add(&mut self, module: String, layer_type: String, snr: f64) {
        match self.places.entry(module) {
            Entry::Occupied(place) => {
                if let Some(listed) = self.modules.get_mut(*place.get()) {
                    listed.1 = layer_type;
                    listed.2 = snr;
                }
                self.repeated.push(place.key().clone());
            }
            Entry::Vacant(place) => {
                let name = place.key().clone();
                place.insert(self.modules.len());
                self.modules.push((name, layer_type, snr));
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        let named = self.repeated.iter().take(NAMED_IN_WARNINGS);
        let mut warnings: Vec<String> = named
            .map(|module| format!("{module} is listed more than once; the last one counts"))
            .collect();
        if self.repeated.len() > NAMED_IN_WARNINGS {
            let more = self.repeated.len() - NAMED_IN_WARNINGS;
            warnings.push(format!("{more} further modules are listed more than once"));
        }
        warnings
    }
}

/// Whether an object describes one module: the flat layout. A type may be called `NaN`; without
/// an `snr` beside it that is the ratio of a module called `type`.
fn is_module(members: &[(String, Value)]) -> bool {
    let has_ratio = || members.iter().any(|(key, _)| key == "snr");
    members.iter().any(|(key, value)| {
        key == "type" && value.is_quoted() && (value.number().is_none() || has_ratio())
    })
}

fn build(entries: Members<Members<Value>>, path: &Path) -> Result<SnrReport> {
    let flat = entries.0.iter().any(|(_, members)| is_module(&members.0));
    let mut listing = Listing::default();
    for (key, members) in entries.0 {
        if flat {
            let (layer_type, snr) = flat_entry(members.0)
                .map_err(|problem| refuse(path, &at_module(&key), problem, NOT_RESULTS))?;
            check_names(path, &key, &layer_type)?;
            listing.add(key, layer_type, snr);
        } else {
            for (module, value) in members.0 {
                let snr = value.number().ok_or_else(|| {
                    refuse(
                        path,
                        &format!("{} of {}", at_module(&module), key.escape_debug()),
                        "its ratio is not a number",
                        NOT_RESULTS,
                    )
                })?;
                check_names(path, &module, &key)?;
                listing.add(module, key.clone(), snr);
            }
        }
    }
    if listing.modules.is_empty() {
        return Err(refuse(
            path,
            "whole file",
            "lists no modules",
            "scan the model again",
        ));
    }
    let mut builder = ReportBuilder::new(&slug_of_file(path));
    for (module, layer_type, snr) in &listing.modules {
        builder.push(module, layer_type).snr = Some(*snr);
    }
    let mut report = builder.finish();
    report.warnings = listing.warnings();
    Ok(report)
}

/// The type and ratio in a module's object. Further members, of other programs, are ignored.
fn flat_entry(members: Vec<(String, Value)>) -> Result<(String, f64), &'static str> {
    let (mut layer_type, mut snr) = (None, None);
    for (key, value) in members {
        match key.as_str() {
            "snr" => snr = Some(value.number().ok_or("its \"snr\" is not a number")?),
            "type" => match value {
                Value::Text(text) => layer_type = Some(text),
                Value::Number(_) | Value::Other => return Err("its \"type\" is not a string"),
            },
            _ => {}
        }
    }
    Ok((
        layer_type.ok_or("has no \"type\"")?,
        snr.ok_or("has no \"snr\"")?,
    ))
}

fn at_module(module: &str) -> String {
    format!("module {}", module.escape_debug())
}

/// Refuses names that no module or type can have.
fn check_names(path: &Path, module: &str, layer_type: &str) -> Result<()> {
    for name in [module, layer_type] {
        if !is_sound(name) {
            let problem = format!(
                "a name that is empty, longer than {LONGEST_NAME} bytes or holds a control character"
            );
            let start: String = module.chars().take(NAMED_CHARACTERS).collect();
            return Err(refuse(path, &at_module(&start), problem, NOT_RESULTS));
        }
    }
    Ok(())
}
