//! Pictures of the window and figures, saved in the background where the system says.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::error::{Error, Problem};
use crate::export::Replace;
use crate::window::effect::{Effect, Effects};
use crate::window::files::{self, Written};
use crate::window::scene::Scene;
use crate::window::task::{Slot, Task};

/// Pixels of a saved PNG for each px of the figure: 288 dots an inch.
const PNG_SCALE: f64 = 3.0;

/// Pictures being saved.
#[derive(Default)]
pub struct Saving {
    pick: Slot<Option<(Picture, PathBuf)>>,
    write: Slot<Written>,
}

impl Saving {
    /// Whether a system dialog is on screen, or a file is being written.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.pick.is_busy() || self.write.is_busy()
    }
}

/// What can be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    /// The window as it is.
    Window,
    /// The figure of the shown tab.
    Figure,
}

impl Saving {
    /// Asks the system where to save `what`. Where it offers no dialog the file goes beside the last
    /// export, under a name that is free; the notice that it was written says where.
    pub(crate) fn ask(&mut self, what: Picture, scene: &Scene<'_>) {
        // One system dialog at a time: a second one is not asked for.
        if self.pick.is_busy() {
            return;
        }
        let (name, endings): (_, &[&str]) = match what {
            Picture::Window => ("layerscope.png", &["png"]),
            Picture::Figure => ("figure.svg", &["svg", "png"]),
        };
        let (dialogs, folder) = (*scene.dialogs, scene.preferences.folder());
        let work = move |_: &_| {
            let picked = dialogs.save(&folder, name, ("Picture", endings));
            Ok(picked.map(|path| (what, path)))
        };
        self.pick.put(Task::start("file dialog", scene.ctx, work));
    }

    /// Takes in what was written, and where a picture is to be saved.
    pub(crate) fn poll(
        &mut self,
        scene: &Scene<'_>,
        effects: &mut Effects,
    ) -> Option<(Picture, PathBuf)> {
        let open = scene.document_id();
        match self.write.take(open) {
            Some(Ok(written)) => effects.push(Effect::Wrote(written)),
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
        match self.pick.take(open) {
            Some(Ok(picked)) => picked,
            Some(Err(error)) => {
                effects.problem(error);
                None
            }
            None => None,
        }
    }

    /// Saves a figure as SVG or, by the name's ending, as PNG.
    pub(crate) fn figure(&mut self, path: PathBuf, svg: String, scene: &Scene<'_>) {
        let work = move |_: &_| {
            let is_png = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
            let bytes = if is_png {
                crate::figure::png(&svg, PNG_SCALE)?
            } else {
                svg.into_bytes()
            };
            // The system's dialog has asked about replacing already.
            files::write(path, &bytes, Replace::Yes)
        };
        let task = Task::start("saving the figure", scene.ctx, work);
        self.write.put(task);
    }

    /// Saves what the next frame shows as a PNG.
    pub(crate) fn window(&mut self, path: PathBuf, scene: &Scene<'_>) {
        let (sender, receiver) = mpsc::channel();
        let took = move |picture| drop(sender.send(picture));
        scene.ctx.request_screenshot(took);
        let work = move |_: &_| {
            let Ok(picture) = receiver.recv_timeout(Duration::from_secs(10)) else {
                let cause = "the window's picture did not arrive";
                return Err(Problem::output(path.display().to_string(), cause).into());
            };
            files::write(path, &png(&picture)?, Replace::Yes)
        };
        let task = Task::start("saving the picture", scene.ctx, work);
        self.write.put(task);
    }
}

fn png(picture: &Arc<eframe::egui::ColorImage>) -> crate::Result<Vec<u8>> {
    let [width, height] = picture.size;
    let rgba: Vec<u8> = picture
        .pixels
        .iter()
        .flat_map(eframe::egui::Color32::to_array)
        .collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::write_buffer_with_format(
        &mut bytes,
        &rgba,
        width as u32,
        height as u32,
        image::ExtendedColorType::Rgba8,
        image::ImageFormat::Png,
    )
    .map_err(|error| Error::from(Problem::output("picture", error.to_string())))?;
    Ok(bytes.into_inner())
}
