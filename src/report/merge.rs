//! Merges the spectra of a scan that was done in parts into those of one scan of everything.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem, Result};
use crate::report::spectra::{Entry, Values};
use crate::report::{Part, Spectra, Tensor};
use crate::spectral::{FileIdentity, Shard};

/// How many modules an error names; the rest is counted.
const NAMED: usize = 3;

/// Parts put together.
#[derive(Debug)]
pub struct Merged {
    /// The spectra: of a whole scan, or still a [`Part`] of one where something is missing.
    pub spectra: Spectra,
    /// The missing parts, as the start of a sentence: `2/3 and 3/3 are missing (8 modules: …)`.
    pub missing: Option<String>,
}

impl Spectra {
    /// Merges `parts` in any order. Overlapping parts must agree.
    ///
    /// # Errors
    /// [`Error::Problem`] with the file that does not fit the others: it is not a part of a scan,
    /// or its weights, its shards, its version of the program or its values are different. [`Error::Io`] when values cannot be read.
    pub fn merge(mut parts: Vec<(PathBuf, Self)>) -> Result<Merged> {
        // The first shard decides what all share, in whatever order they are given.
        parts.sort_by_key(|(_, spectra)| spectra.part().map(indices));
        let Some(((first_path, first), others)) = parts.split_first() else {
            return Err(refuse(Path::new("results"), "files", "there are none"));
        };
        let whole = part_of(first_path, first)?;
        let mut present = whole.shards.clone();
        for (path, spectra) in others {
            present.extend(&part_of(path, spectra)?.shards);
            agree(first, spectra).map_err(|(place, difference)| {
                let problem = format!("{difference} than in {}", first_path.display());
                refuse(path, place, problem)
            })?;
        }
        let mut sources: HashMap<&str, &(PathBuf, Self)> = HashMap::new();
        for part in &parts {
            for entry in part.1.entries() {
                if let Some(before) = sources.get(entry.name.as_str()) {
                    overlap(before, part, entry)?;
                } else {
                    sources.insert(&entry.name, part);
                }
            }
        }
        let (mut modules, mut values, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for name in &whole.modules {
            let source = sources.get(name.as_str());
            let found = source.and_then(|(_, spectra)| Some((spectra, spectra.entry(name)?)));
            if let Some((spectra, entry)) = found {
                modules.push(entry.clone());
                values.push(spectra.values(name)?.unwrap_or_default());
            } else {
                missing.push(name.as_str());
            }
        }
        present.sort_by_key(|shard| shard.index());
        present.dedup();
        let sentence = sentence(&present, &missing);
        let mut document = first.document.clone();
        document.modules = modules;
        document.others = common_others(&parts);
        document.device = devices(&parts);
        document.part = sentence.is_some().then(|| Part {
            shards: present,
            modules: whole.modules.clone(),
        });
        Ok(Merged {
            spectra: Self::with(document, Values::Memory(values)),
            missing: sentence,
        })
    }
}

/// The tensors that are a module's weight in none of `parts`: to a part, the weights of the others
/// are such tensors too.
fn common_others(parts: &[(PathBuf, Spectra)]) -> Option<Vec<Tensor>> {
    let mut all = parts.iter().map(|(_, spectra)| &spectra.document.others);
    let mut common = all.next()?.clone()?;
    for others in all {
        let names: HashSet<&str> = others.iter().flatten().map(|one| &*one.name).collect();
        common.retain(|one| names.contains(one.name.as_str()));
    }
    Some(common)
}

/// The cards that computed some of the values.
fn devices(parts: &[(PathBuf, Spectra)]) -> Option<String> {
    let devices = parts.iter().filter_map(|(_, spectra)| spectra.device());
    let devices: BTreeSet<&str> = devices.collect();
    let devices: Vec<&str> = devices.into_iter().collect();
    (!devices.is_empty()).then(|| devices.join("; "))
}

fn indices(part: &Part) -> Vec<u16> {
    part.shards.iter().map(|shard| shard.index()).collect()
}

fn part_of<'a>(path: &Path, spectra: &'a Spectra) -> Result<&'a Part> {
    let part = spectra.part();
    part.ok_or_else(|| refuse(path, "metadata", "is not a part of a scan"))
}

fn refuse(path: &Path, place: &str, problem: impl Into<String>) -> Error {
    Problem::input(path, problem)
        .at(place)
        .advice("give what `scan --shard` wrote of one model, cut alike, by one version")
        .into()
}

/// Whether both are from one scan; else the place of the first difference, and what differs.
fn agree(first: &Spectra, other: &Spectra) -> Result<(), (&'static str, String)> {
    let (a, b) = (&first.document, &other.document);
    if a.program != b.program {
        let difference = format!("was written by {}, another version", b.program);
        return Err(("program", difference));
    }
    if a.files != b.files {
        let file = b.files.iter().find(|&file| !a.files.contains(file));
        let file = file.map_or("", |FileIdentity { name, .. }| name);
        let difference = format!("the weights were others ({file})");
        return Err(("weight files", difference));
    }
    let cut = |spectra: &Spectra| {
        let shards = spectra.part().map(|part| part.shards.as_slice());
        shards.and_then(<[_]>::first).map(|shard| shard.count())
    };
    if let (Some(a), Some(b)) = (cut(first), cut(other))
        && a != b
    {
        return Err(("shard", format!("is one of {b} shards, another number")));
    }
    let [whole, whole_other] =
        [first, other].map(|spectra| spectra.part().map(|part| &part.modules));
    if whole != whole_other {
        let difference = "the scan was of other modules".to_owned();
        return Err(("modules", difference));
    }
    Ok(())
}

/// Fails if two parts have different values for the module of `entry`.
fn overlap(a: &(PathBuf, Spectra), b: &(PathBuf, Spectra), entry: &Entry) -> Result<()> {
    let name = &entry.name;
    // As text, in which NaN equals itself.
    let text = |entry: Option<&Entry>| serde_json::to_string(&entry).ok();
    let bits = |spectra: &Spectra| -> Result<Vec<u32>> {
        let values = spectra.values(name)?.unwrap_or_default();
        Ok(values.into_iter().map(f32::to_bits).collect())
    };
    if text(a.1.entry(name)) == text(Some(entry)) && bits(&a.1)? == bits(&b.1)? {
        return Ok(());
    }
    Err(Problem::input(
        &b.0,
        format!("its values are others than in {}", a.0.display()),
    )
    .at(name)
    .advice("give only one of the two")
    .into())
}

/// What is missing, if anything.
fn sentence(present: &[Shard], missing: &[&str]) -> Option<String> {
    let count = present.first().map_or(0, |shard| shard.count());
    let has = |index: u16| present.iter().any(|shard| shard.index() == index);
    let shards: Vec<String> = (1..=count)
        .filter(|&index| !has(index))
        .filter_map(|index| Some(Shard::new(index, count)?.to_string()))
        .collect();
    if shards.is_empty() && missing.is_empty() {
        return None;
    }
    let named = missing.iter().take(NAMED).copied();
    let more = missing.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("{more} more"));
    let modules: Vec<String> = named.map(str::to_owned).chain(more).collect();
    let modules = format!("{} modules: {}", missing.len(), modules.join(", "));
    Some(match (shards.len(), missing.is_empty()) {
        (0, _) => format!("modules are missing although all shards are given ({modules})"),
        (1, true) => format!("shard {} is missing (no modules)", shards[0]),
        (1, false) => format!("shard {} is missing ({modules})", shards[0]),
        (_, true) => format!("shards {} are missing (no modules)", shards.join(", ")),
        (_, false) => format!("shards {} are missing ({modules})", shards.join(", ")),
    })
}
