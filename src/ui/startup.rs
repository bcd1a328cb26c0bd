//! How long the window takes to its first frame.
//!
//! Enters: the moment the program started. Leaves: when its state was ready, and when its first
//! frame was painted and handed to the display.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use eframe::egui;

/// Times a start of the window, which closes once its first frame is shown.
#[derive(Debug)]
pub struct Stopwatch {
    started: Instant,
    frames: AtomicU32,
    marks: Mutex<Vec<(&'static str, Duration)>>,
}

impl Stopwatch {
    /// Counts from `started`.
    #[must_use]
    pub fn new(started: Instant) -> Self {
        Self {
            started,
            frames: AtomicU32::new(0),
            marks: Mutex::default(),
        }
    }

    /// Notes that `step` is done by now.
    pub(super) fn mark(&self, step: &'static str) {
        if let Ok(mut marks) = self.marks.lock() {
            marks.push((step, self.started.elapsed()));
        }
    }

    /// To be told of the beginning of every frame: that of the second is the end of the first, for
    /// only then has it been painted and presented.
    pub(super) fn frame(&self, ctx: &egui::Context) {
        match self.frames.fetch_add(1, Ordering::Relaxed) {
            0 => ctx.request_repaint(),
            1 => {
                self.mark("first frame");
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            _ => {}
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
