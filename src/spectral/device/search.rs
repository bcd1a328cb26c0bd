//! Where NVIDIA's libraries may lie.
//!
//! Enters: the environment. Leaves: sets of libraries that belong together, the best first. The
//! driver is found by the system's loader alone; cuBLAS and cuSOLVER come with a CUDA toolkit,
//! or with a Python installation of PyTorch, JAX or CuPy.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Entries looked at in a folder; a folder of more is not that of an installation.
const MOST_ENTRIES: usize = 4096;

/// One version of CUDA: the numbers in its libraries' names.
struct Version {
    toolkit: i32,
    jit: u32,
    blas: u32,
    sparse: u32,
    solver: u32,
}

const VERSIONS: [Version; 3] = [
    Version {
        toolkit: 13,
        jit: 13,
        blas: 13,
        sparse: 12,
        solver: 12,
    },
    Version {
        toolkit: 12,
        jit: 12,
        blas: 12,
        sparse: 12,
        solver: 11,
    },
    Version {
        toolkit: 11,
        jit: 11,
        blas: 11,
        sparse: 11,
        solver: 11,
    },
];

/// Libraries of one version from one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    /// Opened beforehand where they are there: what the two below need.
    pub(super) before: Vec<PathBuf>,
    pub(super) blas: PathBuf,
    pub(super) solver: PathBuf,
}

/// The driver's name.
pub(super) const DRIVER: &str = if cfg!(windows) {
    "nvcuda.dll"
} else {
    "libcuda.so.1"
};

/// The sets that may be there and that a driver which knows CUDA up to `newest` (such as 12)
/// can use. A set without a folder is left to the loader.
pub(super) fn sets(newest: i32) -> Vec<Set> {
    let usable = VERSIONS.iter().filter(|version| version.toolkit <= newest);
    let usable: Vec<&Version> = usable.collect();
    let by_loader = usable.iter().map(|version| version.by_loader());
    let groups = groups();
    let in_folders = groups.iter().flat_map(|folders| {
        let found = usable.iter().filter_map(|version| version.within(folders));
        found.collect::<Vec<_>>()
    });
    by_loader.chain(in_folders).collect()
}

fn file(name: &str, number: u32) -> String {
    if cfg!(windows) {
        let name = name.to_lowercase();
        format!("{name}64_{number}.dll")
    } else {
        format!("lib{name}.so.{number}")
    }
}

impl Version {
    fn before(&self) -> [String; 3] {
        [
            file("nvJitLink", self.jit),
            file("cublasLt", self.blas),
            file("cusparse", self.sparse),
        ]
    }

    fn by_loader(&self) -> Set {
        Set {
            before: Vec::new(),
            blas: file("cublas", self.blas).into(),
            solver: file("cusolver", self.solver).into(),
        }
    }

    /// The set in these folders, if it is there.
    fn within(&self, folders: &[PathBuf]) -> Option<Set> {
        let find = |name: &str| {
            let mut paths = folders.iter().map(|folder| folder.join(name));
            paths.find(|path| path.is_file())
        };
        let blas = find(&file("cublas", self.blas))?;
        let solver = find(&file("cusolver", self.solver))?;
        let mut before: Vec<PathBuf> = self.before().iter().filter_map(|name| find(name)).collect();
        // cuSPARSE needs nothing of cuBLAS, and cuSOLVER needs both.
        before.dedup();
        Some(Set {
            before,
            blas,
            solver,
        })
    }
}

/// Folders that belong together, place by place.
fn groups() -> Vec<Vec<PathBuf>> {
    let mut groups = Vec::new();
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
    let toolkits = ["CUDA_HOME", "CUDA_PATH"].into_iter().filter_map(variable);
    let toolkits = toolkits.map(PathBuf::from);
    for toolkit in toolkits.chain([PathBuf::from("/usr/local/cuda")]) {
        let inside = ["lib64", "lib", "targets/x86_64-linux/lib", "bin", "bin/x64"];
        let mut folders = vec![toolkit.clone()];
        folders.extend(inside.iter().map(|folder| toolkit.join(folder)));
        groups.push(folders);
    }
    for prefix in prefixes() {
        for packages in site_packages(&prefix) {
            let mut folders = Vec::new();
            for package in entries(&packages.join("nvidia")) {
                folders.extend([package.join("lib"), package.join("bin")]);
            }
            folders.push(packages.join("torch").join("lib"));
            groups.push(folders);
        }
        groups.push(vec![prefix.join("lib"), prefix.join("Library").join("bin")]);
    }
    groups
}

/// Where Python installations lie: the active environment, that of the first `python3` on the
/// path, and the user's own.
fn prefixes() -> Vec<PathBuf> {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"]
        .into_iter()
        .filter_map(variable);
    let mut prefixes: Vec<PathBuf> = active.map(PathBuf::from).collect();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut programs = env::split_paths(&path).flat_map(|folder| {
        let names = ["python3", "python", "python.exe"];
        names.map(|name| folder.join(name))
    });
    if let Some(program) = programs.find(|program| program.is_file()) {
        // An environment's Python is a link to the one that it was made with: both count.
        let real = fs::canonicalize(&program).ok();
        for program in [Some(program), real].into_iter().flatten() {
            let folder = program.parent();
            let is_bin = folder.is_some_and(|folder| folder.ends_with("bin"));
            let prefix = if is_bin {
                folder.and_then(Path::parent)
            } else {
                folder
            };
            prefixes.extend(prefix.map(Path::to_path_buf));
        }
    }
    prefixes.extend(variable("HOME").map(|home| PathBuf::from(home).join(".local")));
    prefixes.push(PathBuf::from("/usr/local"));
    prefixes.push(PathBuf::from("/usr"));
    let mut seen = Vec::new();
    prefixes.retain(|prefix| {
        let is_new = !seen.contains(prefix);
        seen.push(prefix.clone());
        is_new
    });
    prefixes
}

/// The folders of packages below a Python installation.
fn site_packages(prefix: &Path) -> Vec<PathBuf> {
    let mut found = vec![prefix.join("Lib").join("site-packages")];
    for folder in entries(&prefix.join("lib")) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("python3") {
            found.extend([folder.join("site-packages"), folder.join("dist-packages")]);
        }
    }
    found.retain(|folder| folder.join("nvidia").is_dir() || folder.join("torch").is_dir());
    found
}

/// What is in a folder, by name; nothing where it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .take(MOST_ENTRIES);
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::VERSIONS;

    #[test]
    fn a_set_is_of_one_version_and_has_both_libraries() {
        let root = tempfile::tempdir().unwrap();
        let (a, b) = (root.path().join("cublas"), root.path().join("cusolver"));
        for folder in [&a, &b] {
            fs::create_dir(folder).unwrap();
        }
        let folders = [a.clone(), b.clone()];
        let found = |toolkit: usize| VERSIONS[13 - toolkit].within(&folders);
        fs::write(a.join("libcublas.so.12"), "").unwrap();
        assert_eq!(found(12), None, "cuSOLVER is missing");
        fs::write(b.join("libcusolver.so.12"), "").unwrap();
        assert_eq!(found(12), None, "that is CUDA 13's");
        assert_eq!(found(13), None, "and its cuBLAS is missing");
        fs::write(b.join("libcusolver.so.11"), "").unwrap();
        fs::write(a.join("libcublasLt.so.12"), "").unwrap();
        let set = found(12).unwrap();
        assert_eq!(set.blas, a.join("libcublas.so.12"));
        assert_eq!(set.solver, b.join("libcusolver.so.11"));
        assert_eq!(set.before, [a.join("libcublasLt.so.12")]);
    }
}
