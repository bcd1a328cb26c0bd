//! How long the window takes to its first frame.
//!
//! Enters: the moment the program started. Leaves: when its state was ready, and when its first
//! frame was painted and handed to the display.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use eframe::egui;

/// Times a start of the window, which closes once its first frame is shown.
#[derive(Debug)]
pub struct Stopwatch {
    started: Instant,
    shown: AtomicBool,
    marks: Mutex<Vec<(&'static str, Duration)>>,
}

impl Stopwatch {
    /// Counts from `started`.
    #[must_use]
    pub fn new(started: Instant) -> Self {
        Self {
            started,
            shown: AtomicBool::new(false),
            marks: Mutex::default(),
        }
    }

    /// Notes that `step` is done by now.
    pub(crate) fn mark(&self, step: &'static str) {
        if let Ok(mut marks) = self.marks.lock() {
            marks.push((step, self.started.elapsed()));
        }
    }

    /// To be told of the beginning of every frame: that of the second is the end of the first, for
    /// only then has it been painted and presented. A frame may be laid out several times, and the
    /// program is asked each time; egui counts it once.
    pub(crate) fn frame(&self, ctx: &egui::Context) {
        if ctx.cumulative_frame_nr() == 0 {
            ctx.request_repaint();
        } else if !self.shown.swap(true, Ordering::Relaxed) {
            self.mark("first frame");
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    /// A line for each step: its name and the milliseconds since the start.
    #[must_use]
    pub fn lines(&self) -> String {
        let marks = self.marks.lock();
        marks.map_or_else(
            |_| String::new(),
            |marks| {
                let line = |(step, time): &(&str, Duration)| {
                    format!("{step}: {:.0} ms\n", time.as_secs_f64() * 1e3)
                };
                marks.iter().map(line).collect()
            },
        )
    }
}
