//! Lines that monitors of GPUs print for people: the boxes of `nvidia-smi -l`, gpustat's lines.
//!
//! Enters: a line. Leaves: its date, or a GPU's memory in use in MiB.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use crate::run::import::cell::Dates;

/// The date in front of a box, or in gpustat's line of the machine: `Sun Jan  5 10:00:00 2025`.
pub(super) fn date(line: &str) -> Option<f64> {
    const DAYS: [&str; 7] = ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "];
    let start = DAYS.iter().find_map(|day| line.find(day))?;
    let words: Vec<&str> = line.get(start..)?.split_whitespace().take(5).collect();
    Dates::default().read(words.join(" ").as_bytes())
}

/// The number of a GPU, where a row of a box or of gpustat begins with one: `|   0  Tesla`, `[0] Tesla`.
pub(super) fn index(line: &str) -> Option<u32> {
    if let Some(rest) = line.strip_prefix('[') {
        return rest.split_once("] ")?.0.parse().ok();
    }
    let rest = line.strip_prefix("| ")?.trim_start();
    let (number, name) = rest.split_once(' ')?;
    (name.starts_with(' ') && name.trim_start().starts_with(char::is_alphabetic))
        .then(|| number.parse().ok())?
}

/// The memory in use of `1000MiB /  40960MiB` or `4000 / 15360 MB`, in MiB: gpustat calls them MB.
pub(super) fn memory(line: &str) -> Option<f64> {
    let (before, after) = match line.split_once("MiB /") {
        Some(parts) => parts,
        None => line.starts_with('[').then(|| line.split_once(" / "))??,
    };
    let total = after.trim_start();
    let end = total.find(|c: char| !c.is_ascii_digit())?;
    let unit = total.get(end..)?.trim_start();
    if end == 0 || !(unit.starts_with("MiB") || unit.starts_with("MB")) {
        return None;
    }
    let used = before.trim_end();
    let start = used
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    used.get(start..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_lines() {
        assert_eq!(
            date("Sun Jan  5 10:00:00 2025       "),
            Some(1_736_071_200.0)
        );
        assert_eq!(
            date("node1  Sun Jan  5 10:00:00 2025  550.54.15"),
            Some(1_736_071_200.0)
        );
        let row = "| N/A   40C    P0    80W / 300W |   4000MiB / 16160MiB |     90%      Default |";
        assert_eq!(memory(row), Some(4000.0));
        assert_eq!(
            memory("[0] Tesla T4 | 45'C,  90 % |  4000 / 15360 MB | user(3995M)"),
            Some(4000.0)
        );
        assert_eq!(
            memory("|    0   N/A  N/A   4321      C   python     1234MiB |"),
            None
        );
        assert_eq!(index("|   3  NVIDIA A100-SXM4-40GB  On  |"), Some(3));
        assert_eq!(index("[12] Tesla T4 | x"), Some(12));
        assert_eq!(index("| N/A   40C    P0"), None);
    }
}
