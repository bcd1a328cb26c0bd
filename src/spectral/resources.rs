//! How many threads and how much memory a scan uses by default.

use std::fs;
use std::num::NonZero;
use std::path::Path;

/// If the system does not tell what is free.
const UNKNOWN: u64 = 4 << 30;

/// As many threads as this process may run at once.
#[must_use]
pub fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Half of the memory that is free, in bytes; 4 GiB if the system does not tell.
#[must_use]
pub fn default_memory() -> u64 {
    free(Path::new("/")).map_or(UNKNOWN, |free| free / 2)
}

/// Free memory on Linux: of the machine, and of the container or job this runs in.
fn free(root: &Path) -> Option<u64> {
    let number = |path: &str| -> Option<u64> {
        let text = fs::read_to_string(root.join(path)).ok()?;
        text.trim().parse().ok()
    };
    let machine = available(&fs::read_to_string(root.join("proc/meminfo")).ok()?)?;
    let group = number("sys/fs/cgroup/memory.max").zip(number("sys/fs/cgroup/memory.current"));
    let group = group.map(|(most, used)| most.saturating_sub(used));
    Some(group.map_or(machine, |group| group.min(machine)))
}

/// `MemAvailable:   12345 kB` in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let rest = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = rest.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::{available, free};

    #[test]
    fn the_available_memory_is_read() {
        let text = "MemTotal:       100 kB\nMemFree:         1 kB\nMemAvailable:   20 kB\n";
        assert_eq!(available(text), Some(20 << 10));
        assert_eq!(available("MemTotal: 100 kB\n"), None);
    }

    #[test]
    fn a_container_may_allow_less_than_the_machine_has() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        assert_eq!(free(root.path()), None);
        write("proc/meminfo", "MemAvailable:   20 kB\n");
        assert_eq!(free(root.path()), Some(20 << 10));
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "1024\n");
        assert_eq!(free(root.path()), Some(20 << 10));
        write("sys/fs/cgroup/memory.max", "4096\n");
        assert_eq!(free(root.path()), Some(3072));
    }
}
