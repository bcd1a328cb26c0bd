//! Asking the system for paths, and writing files: the export, figures, pictures of the window.
//!
//! All of it in the background; [`poll`] takes the results in.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::error::{Error, Problem};
use crate::export::{self, Outcome, Replace};
use crate::window::effect::{Effect, Effects};
use crate::window::files::Written;
use crate::window::shell::figures;
use crate::window::shell::state::{Picked, State};
use crate::window::shell::update::carry_out;
use crate::window::task::{self, Job};

/// Pixels of a saved PNG for each px of the figure: 288 dots an inch.
const PNG_SCALE: f64 = 3.0;

/// Takes in what dialogs answered and what was written.
pub(crate) fn poll(state: &mut State) {
    poll_pick(state);
    poll_write(state);
}

/// Asks the system where to save. Where it offers no dialog the file goes beside the last export,
/// under a name that is free; the notice that it was written says where.
pub(crate) fn save_as(
    state: &mut State,
    name: &'static str,
    endings: &'static [&'static str],
    answer: fn(PathBuf) -> Picked,
) {
    // One system dialog at a time: a second one is not asked for.
    if state.jobs.pick.is_some() {
        return;
    }
    let (dialogs, folder) = (state.dialogs, state.preferences.folder());
    let ask = move |_: &_| {
        let picked = dialogs.save(&folder, name, ("Picture", endings));
        Ok(picked.map(answer))
    };
    let job = Job::spawn("file dialog", &state.ctx, state.generation, ask);
    state.jobs.pick = Some(job);
}

fn poll_pick(state: &mut State) {
    let Some((_, result)) = task::take(&mut state.jobs.pick) else {
        return;
    };
    match result {
        Ok(Some(Picked::Picture(path))) => save_picture(state, path),
        Ok(Some(Picked::Figure(path))) => save_figure(state, path),
        Ok(None) => {}
        Err(error) => state.error(error),
    }
}

/// Saves the figure on screen, as SVG or, by the name's ending, as PNG.
fn save_figure(state: &mut State, path: PathBuf) {
    let Some(svg) = figures::drawn(state) else {
        state.error("There is no figure yet");
        return;
    };
    let job = Job::spawn(
        "saving the figure",
        &state.ctx,
        state.generation,
        move |_| {
            let is_png = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
            let bytes = if is_png {
                crate::figure::png(&svg, PNG_SCALE)?
            } else {
                svg.into_bytes()
            };
            // The system's dialog has asked about replacing already.
            let outcome = export::write(&path, &bytes, Replace::Yes)?;
            Ok(Written {
                path,
                unchanged: outcome == Outcome::Unchanged,
            })
        },
    );
    state.jobs.write = Some(job);
}

/// Saves what the next frame shows as a PNG.
fn save_picture(state: &mut State, path: PathBuf) {
    let (sender, receiver) = mpsc::channel();
    state
        .ctx
        .request_screenshot(move |picture| drop(sender.send(picture)));
    let job = Job::spawn(
        "saving the picture",
        &state.ctx,
        state.generation,
        move |_| {
            let Ok(picture) = receiver.recv_timeout(Duration::from_secs(10)) else {
                return Err(Problem::output(
                    path.display().to_string(),
                    "the window's picture did not arrive",
                )
                .into());
            };
            let bytes = png(&picture)?;
            let outcome = export::write(&path, &bytes, Replace::Yes)?;
            Ok(Written {
                path,
                unchanged: outcome == Outcome::Unchanged,
            })
        },
    );
    state.jobs.write = Some(job);
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

fn poll_write(state: &mut State) {
    let Some((_, result)) = task::take(&mut state.jobs.write) else {
        return;
    };
    let mut effects = Effects::default();
    match result {
        Ok(written) => effects.push(Effect::Wrote(written)),
        Err(error) => effects.problem(error),
    }
    carry_out(state, effects);
}
