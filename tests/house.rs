//! The rules of the house that the compiler does not know: which file may import which.
//!
//! An import is a `use` of something in this crate. A `mod` line is none, and what a `mod.rs` or
//! `lib.rs` re-exports counts as the file it comes from. Tests inside the files do not count.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The stages and what stands on them, in the order the data flows: each imports only those
/// before it.
const ORDER: [&str; 18] = [
    "error",
    "progress",
    "text",
    "table",
    "source",
    "names",
    "tensor",
    "spectral",
    "change",
    "report",
    "selection",
    "export",
    "run",
    "figure",
    "sample",
    "open",
    "cli",
    "window",
];
/// The most lines of a file.
const MOST_LINES: usize = 500;
/// The one module that may be unsafe: the calls into libraries found while the program runs.
const CALLS: [&str; 3] = ["spectral", "device", "calls"];

/// A file of the crate, under the path of its module: `report::merge`; the root is empty.
struct Source {
    /// Its lines without the tests at its end.
    code: String,
    /// All its lines.
    lines: usize,
    /// Whether other files are named in it: a `mod.rs` or `lib.rs`.
    is_index: bool,
}

type Module = Vec<String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn collect(folder: &Path, module: &Module, files: &mut BTreeMap<Module, Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut inner = module.clone();
        if path.is_dir() {
            inner.push(name);
            collect(&path, &inner, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") && name != "main" {
            let is_index = name == "mod" || name == "lib";
            if !is_index {
                inner.push(name);
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
            let source = Source {
                code: code.to_owned(),
                lines: text.lines().count(),
                is_index,
            };
            files.insert(inner, source);
        }
    }
}

fn sources() -> BTreeMap<Module, Source> {
    let mut files = BTreeMap::new();
    collect(&root(), &Module::new(), &mut files);
    assert!(files.len() > 100, "no sources under {}", root().display());
    files
}

/// The `use` items of a file, each with whether it is public: `crate::a::{b, c as d}`.
fn items(code: &str) -> Vec<(bool, String)> {
    let mut items = Vec::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        let bare = match line.strip_prefix("pub") {
            None => line,
            Some(rest) => rest
                .strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
                .map_or(rest, |(_, rest)| rest)
                .trim_start(),
        };
        let Some(start) = bare.strip_prefix("use ") else {
            continue;
        };
        let mut item = start.to_owned();
        while !item.contains(';') {
            let Some(next) = lines.next() else { break };
            item.push_str(next.trim());
        }
        let item = item.split(';').next().unwrap().to_owned();
        items.push((bare.len() < line.len(), item));
    }
    items
}

/// The single paths of a `use` item, each with the name it is known under.
fn paths(item: &str) -> Vec<(Module, String)> {
    if let Some((start, rest)) = item.split_once('{') {
        let inner = rest.rsplit_once('}').unwrap().0;
        let mut depth = 0;
        let parts = inner.split(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        return parts
            .filter(|part| !part.trim().is_empty())
            .flat_map(|part| paths(&format!("{}{}", start.trim(), part.trim())))
            .collect();
    }
    let (path, name) = item.split_once(" as ").unwrap_or((item, ""));
    let mut path: Module = path.trim().split("::").map(str::to_owned).collect();
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = match name.trim() {
        "" => path.last().cloned().unwrap_or_default(),
        name => name.to_owned(),
    };
    vec![(path, name)]
}

/// The path from the crate's root; `None` for one of another crate.
fn absolute(path: &[String], module: &Module, files: &BTreeMap<Module, Source>) -> Option<Module> {
    let (first, rest) = path.split_first()?;
    let above = |up: usize| module[..module.len().saturating_sub(up)].to_vec();
    let mut base = match first.as_str() {
        "crate" => Module::new(),
        "self" => module.clone(),
        "super" => {
            let more = rest.iter().take_while(|part| *part == "super").count();
            let mut base = above(1 + more);
            base.extend_from_slice(&rest[more..]);
            return Some(base);
        }
        name => {
            let mut child = module.clone();
            child.push(name.to_owned());
            return files.contains_key(&child).then(|| {
                child.extend_from_slice(rest);
                child
            });
        }
    };
    base.extend_from_slice(rest);
    Some(base)
}

struct House {
    files: BTreeMap<Module, Source>,
    /// What an index re-exports: the name there, and the path it comes from.
    exports: BTreeMap<Module, BTreeMap<String, Module>>,
    imports: BTreeMap<Module, BTreeSet<Module>>,
}

impl House {
    fn new() -> Self {
        let files = sources();
        let mut exports: BTreeMap<Module, BTreeMap<String, Module>> = BTreeMap::new();
        let mut wanted: Vec<(Module, Module)> = Vec::new();
        for (module, source) in &files {
            for (public, item) in items(&source.code) {
                for (path, name) in paths(&item) {
                    let Some(path) = absolute(&path, module, &files) else {
                        continue;
                    };
                    if public && source.is_index {
                        let exports = exports.entry(module.clone()).or_default();
                        exports.insert(name, path);
                    } else {
                        wanted.push((module.clone(), path));
                    }
                }
            }
        }
        let mut house = Self {
            files,
            exports,
            imports: BTreeMap::new(),
        };
        for (module, path) in wanted {
            let from = house.home(&path, 0);
            if from != module {
                house.imports.entry(module).or_default().insert(from);
            }
        }
        house
    }

    /// The file that `path` leads to.
    fn home(&self, path: &[String], depth: usize) -> Module {
        let length = (0..=path.len()).rev();
        let mut known = length.filter(|&length| self.files.contains_key(&path[..length]));
        let (module, rest) = path.split_at(known.next().unwrap_or(0));
        let export = rest
            .first()
            .and_then(|name| self.exports.get(module)?.get(name));
        match export {
            Some(export) if depth < 8 => {
                let mut path = export.clone();
                path.extend_from_slice(&rest[1..]);
                self.home(&path, depth + 1)
            }
            _ => module.to_vec(),
        }
    }

    /// What can be reached from `start` by imports.
    fn reached(&self, start: &Module) -> BTreeSet<Module> {
        let mut reached = BTreeSet::new();
        let mut open = vec![start.clone()];
        while let Some(module) = open.pop() {
            for next in self.imports.get(&module).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        reached
    }

    /// The circles, each as the sorted names of its files.
    fn circles(&self) -> BTreeSet<Vec<String>> {
        let reached: BTreeMap<&Module, BTreeSet<Module>> = self
            .imports
            .keys()
            .map(|module| (module, self.reached(module)))
            .collect();
        let of = |module: &Module| -> Vec<String> {
            let back = |other: &&Module| {
                let there = reached.get(*other);
                there.is_some_and(|there| there.contains(module))
            };
            reached[module]
                .iter()
                .filter(back)
                .map(|m| m.join("::"))
                .collect()
        };
        let circles = self.imports.keys().map(of);
        circles.filter(|circle| circle.len() > 1).collect()
    }
}

/// Fails for whatever was found.
fn none(rule: &str, found: &BTreeSet<String>) {
    assert!(found.is_empty(), "{rule}: {found:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = House::new().circles();
    assert!(circles.is_empty(), "these import each other: {circles:#?}");
}

#[test]
fn a_stage_imports_only_those_before_it() {
    let house = House::new();
    let place = |module: &Module| {
        let first = module.first()?;
        ORDER.iter().position(|stage| stage == first)
    };
    let mut found = BTreeSet::new();
    for (module, imports) in &house.imports {
        for import in imports {
            let (Some(here), Some(there)) = (place(module), place(import)) else {
                continue;
            };
            if there > here {
                found.insert(format!("{} {}", module.join("::"), import.join("::")));
            }
        }
    }
    none("later stage", &found);
    let stages = house.files.keys().filter_map(|module| module.first());
    let unplaced: BTreeSet<&String> = stages
        .filter(|stage| !ORDER.contains(&stage.as_str()))
        .collect();
    assert!(
        unplaced.is_empty(),
        "without a place in the order: {unplaced:?}"
    );
}

/// What several rooms of the window draw with.
const SHARED: [&str; 7] = [
    "document", "task", "plot", "heatmap", "table", "focus", "theme",
];

/// A folder of the window and its height: the shell stands on the rooms, these on what they share.
fn floor<'a>(module: &'a Module, files: &BTreeMap<Module, Source>) -> Option<(u8, &'a str)> {
    let [window, folder, ..] = module.as_slice() else {
        return None;
    };
    let inside = |other: &Module| other.len() > 2 && other.starts_with(&module[..2]);
    if window != "window" || !files.keys().any(inside) {
        return None;
    }
    let height = match folder.as_str() {
        "shell" => 2,
        shared if SHARED.contains(&shared) => 0,
        _ => 1,
    };
    Some((height, folder))
}

#[test]
fn a_room_imports_neither_another_nor_the_shell() {
    let house = House::new();
    let mut found = BTreeSet::new();
    for (module, imports) in &house.imports {
        for import in imports {
            let (Some((here, room)), Some((there, other))) =
                (floor(module, &house.files), floor(import, &house.files))
            else {
                continue;
            };
            if room != other && (there > here || here == 1 && there == 1) {
                found.insert(module.join("::"));
            }
        }
    }
    none("room", &found);
}

#[test]
fn no_file_is_too_long() {
    let files = sources();
    let long = files.iter().filter(|(_, source)| source.lines > MOST_LINES);
    none(
        "long file",
        &long.map(|(module, _)| module.join("::")).collect(),
    );
}

/// The arms of each `match` that has an arm of a command enum, where one arm does nothing: the
/// line numbers of such arms.
fn silent_arms(code: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let lines: Vec<&str> = code.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    for (number, line) in lines.iter().enumerate() {
        if !matches!(line.trim(), "_ => {}" | "_ => (),") {
            continue;
        }
        let indent = depth(line);
        let arms = lines[..number].iter().rev();
        let arms = arms.take_while(|line| line.trim().is_empty() || depth(line) >= indent);
        let mut arms = arms.filter(|line| depth(line) == indent);
        if arms.any(|arm| arm.contains("Command::") || arm.contains("Action::")) {
            found.push(number + 1);
        }
    }
    found
}

#[test]
fn no_command_is_dropped_without_a_word() {
    let mut found = BTreeSet::new();
    for (module, source) in sources() {
        let own = module.join("::");
        if !silent_arms(&source.code).is_empty() {
            found.insert(own.clone());
        }
        // A method of the enum itself names its arms by `Self`.
        assert!(
            !source.code.contains("impl Command") || !source.code.contains("_ => {}"),
            "{own}"
        );
    }
    none("silent arm", &found);
}

#[test]
fn nothing_is_unsafe_but_the_calls_into_libraries() {
    let mut found = BTreeSet::new();
    for (module, source) in sources() {
        if module.starts_with(&CALLS.map(str::to_owned)) {
            continue;
        }
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        let mut lines = source.code.lines().filter(is_code);
        if lines.any(|line| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == "unsafe")
        }) {
            found.insert(module.join("::"));
        }
    }
    none("unsafe", &found);
}

#[test]
fn the_check_finds_what_it_looks_for() {
    assert_eq!(
        silent_arms("match c {\n    Command::A => b(),\n    _ => {}\n}"),
        [3]
    );
    assert!(silent_arms("match c {\n    Some(1) => b(),\n    _ => {}\n}").is_empty());
    let found = paths("crate::a::{self, b::{C, D as E}}");
    let names: Vec<String> = found
        .iter()
        .map(|(path, name)| format!("{}={name}", path.join(".")))
        .collect();
    assert_eq!(names, ["crate.a=a", "crate.a.b.C=C", "crate.a.b.D=E"]);
    let house = House::new();
    assert!(house.imports.len() > 100);
    let report = ["report".to_owned(), "SnrReport".to_owned()];
    assert_eq!(house.home(&report, 0).join("::"), "report::snr_report");
}
