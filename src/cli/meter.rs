//! How far a long command is, on standard error: a bar on a terminal, a line every few seconds
//! elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Common;
use crate::progress::{Progress, Snapshot};
use crate::text::{bytes, clock};

/// How often the bar is drawn.
const FRAME: Duration = Duration::from_millis(100);

/// How often a line is written.
const LINE: Duration = Duration::from_secs(5);

/// Steps of the bar.
const STEPS: u64 = 1000;

/// What a progress counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Modules as items.
    Modules,
    /// Bytes as work: so many in all.
    Bytes(u64),
    /// Files as items.
    Files,
}

/// Does `work` while telling how far `progress` is, unless the user asked for quiet.
pub(super) fn watch<T>(progress: &Progress, common: Common, work: impl FnOnce() -> T) -> T {
    watch_as(progress, Unit::Modules, common, work)
}

/// As [`watch`], of a progress that counts `unit`.
pub(super) fn watch_as<T>(
    progress: &Progress,
    unit: Unit,
    common: Common,
    work: impl FnOnce() -> T,
) -> T {
    if common.quiet {
        return work();
    }
    thread::scope(|scope| {
        // Dropped when the work is done, or panics: the meter ends either way.
        let (done, ended) = channel::<()>();
        scope.spawn(move || {
            if stderr().is_terminal() {
                bar(progress, unit, &ended);
            } else {
                lines(progress, unit, common, &ended);
            }
        });
        let result = work();
        drop(done);
        result
    })
}

fn waits(ended: &Receiver<()>, time: Duration) -> bool {
    ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
}

fn bar(progress: &Progress, unit: Unit, ended: &Receiver<()>) {
    let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {wide_msg}") {
        bar.set_style(style.progress_chars("=> "));
    }
    while waits(ended, FRAME) {
        let now = progress.snapshot();
        bar.set_position((now.fraction * STEPS as f32) as u64);
        bar.set_message(format!("{}  {}", line(&now, unit), now.label));
    }
    bar.finish_and_clear();
}

fn lines(progress: &Progress, unit: Unit, common: Common, ended: &Receiver<()>) {
    while waits(ended, LINE) {
        common.note(&line(&progress.snapshot(), unit));
    }
}

fn line(now: &Snapshot, unit: Unit) -> String {
    let left = now
        .time_left
        .map(|left| format!(", {} left", clock(left)))
        .unwrap_or_default();
    let percent = now.fraction * 100.0;
    let (done, all) = (now.items_done, now.items_total);
    match unit {
        Unit::Modules if all == 0 => format!("{percent:.0} %{left}"),
        Unit::Modules => format!("{percent:.0} %, {done} of {all} modules{left}"),
        Unit::Bytes(total) => {
            let done = (f64::from(now.fraction) * total as f64) as u64;
            format!("{percent:.0} %, {} of {}{left}", bytes(done), bytes(total))
        }
        Unit::Files if all > 0 => format!("{done} of {all} files"),
        Unit::Files => "waiting for the hub".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Unit, line};
    use crate::progress::Snapshot;

    #[test]
    fn a_line_says_how_far_and_how_long() {
        let mut now = Snapshot {
            fraction: 0.414,
            items_done: 112,
            items_total: 273,
            label: String::new(),
            elapsed: Duration::from_secs(9),
            time_left: None,
        };
        let modules = |now: &Snapshot| line(now, Unit::Modules);
        assert_eq!(modules(&now), "41 %, 112 of 273 modules");
        now.time_left = Some(Duration::from_secs(75));
        assert_eq!(modules(&now), "41 %, 112 of 273 modules, 1:15 left");
        let sizes = line(&now, Unit::Bytes(15_000_000_000));
        assert_eq!(sizes, "41 %, 6.2 GB of 15.0 GB, 1:15 left");
        assert_eq!(line(&now, Unit::Files), "112 of 273 files");
        now.time_left = Some(Duration::from_secs(3661));
        assert_eq!(modules(&now), "41 %, 112 of 273 modules, 1:01:01 left");
    }
}
