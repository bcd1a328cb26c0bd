//! Asking the system for paths, and writing files: the export, figures, pictures of the window.
//!
//! All of it in the background; [`poll`] takes the results in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use crate::error::{Error, Problem};
use crate::export::{self, Outcome, Replace};
use crate::window::change::update as comparing;
use crate::window::change::update::ComparingCommand;
use crate::window::effect::{Effect, Effects};
use crate::window::files::Written;
use crate::window::shell::figures;
use crate::window::shell::jobs;
use crate::window::shell::state::{Dialog, Picked, State};
use crate::window::shell::update::carry_out;
use crate::window::task::{self, Job};

/// Pixels of a saved PNG for each px of the figure: 288 dots an inch.
const PNG_SCALE: f64 = 3.0;

/// Takes in what dialogs answered and what was written.
pub(crate) fn poll(state: &mut State) {
    poll_pick(state);
    poll_write(state);
}

/// Asks the system for a file or folder; `answer` says what it is for.
pub(crate) fn pick(
    state: &mut State,
    ask: impl FnOnce(rfd::FileDialog) -> Option<PathBuf> + Send + 'static,
    answer: impl FnOnce(PathBuf) -> Picked + Send + 'static,
) {
    if state.jobs.pick.is_some() {
        return;
    }
    let allowed = state.dialogs.allowed;
    let job = Job::spawn("file dialog", &state.ctx, state.generation, move |_| {
        let Asked::Answered(picked) = asked(allowed, ask) else {
            return Err(no_dialog());
        };
        Ok(picked.map(answer))
    });
    state.jobs.pick = Some(job);
}

/// The folder of the last export, or the current one.
fn export_folder(state: &State) -> PathBuf {
    let folder = state.preferences.export_folder.clone();
    folder
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_default()
}

/// What to do where the system has no dialog.
fn no_dialog() -> Error {
    Problem::input(
        "file dialog",
        "this system offers none (no xdg-desktop-portal and no zenity)",
    )
    .advice("type the path, drop the file on the window, or give it as an argument")
    .into()
}

/// Asks the system where to save. Where it offers no dialog the file goes beside the last export,
/// under a name that is free; the notice that it was written says where.
pub(crate) fn save_as(
    state: &mut State,
    name: &'static str,
    endings: &'static [&'static str],
    answer: fn(PathBuf) -> Picked,
) {
    let folder = state.preferences.export_folder.clone();
    save_in(state, folder, name.to_owned(), ("Picture", endings), answer);
}

/// As [`save_as`], starting in `folder`.
pub(crate) fn save_in(
    state: &mut State,
    folder: Option<PathBuf>,
    name: String,
    (kind, endings): (&'static str, &'static [&'static str]),
    answer: fn(PathBuf) -> Picked,
) {
    if state.jobs.pick.is_some() {
        return;
    }
    let folder = folder.unwrap_or_else(|| export_folder(state));
    let allowed = state.dialogs.allowed;
    let job = Job::spawn("file dialog", &state.ctx, state.generation, move |_| {
        let picked = asked(allowed, |dialog| {
            let dialog = dialog.add_filter(kind, endings).set_directory(&folder);
            dialog.set_file_name(&name).save_file()
        });
        Ok(match picked {
            Asked::Answered(picked) => picked.map(answer),
            Asked::NoDialog => Some(answer(free_name(&folder, &name))),
        })
    });
    state.jobs.pick = Some(job);
}

/// What came of asking the system for a path.
enum Asked<T> {
    /// A dialog was on screen; nothing, where the user closed it.
    Answered(Option<T>),
    /// The system has none.
    NoDialog,
}

fn asked<T>(allowed: bool, ask: impl FnOnce(rfd::FileDialog) -> Option<T>) -> Asked<T> {
    if !allowed {
        return Asked::NoDialog;
    }
    let started = Instant::now();
    let picked = ask(rfd::FileDialog::new());
    // A dialog that answers "nothing" at once was never on screen.
    if picked.is_none() && started.elapsed() < Duration::from_millis(250) {
        Asked::NoDialog
    } else {
        Asked::Answered(picked)
    }
}

/// `name` in `folder`, numbered where there is such a file already.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = (2..).map(|number| folder.join(format!("{stem}-{number}.{ending}")));
    let mut names = std::iter::once(folder.join(name)).chain(numbered);
    names.find(|path| !path.exists()).unwrap_or_default()
}

fn poll_pick(state: &mut State) {
    let Some((_, result)) = task::take(&mut state.jobs.pick) else {
        return;
    };
    match result {
        Ok(Some(Picked::Open(path))) => jobs::open(state, path),
        Ok(Some(Picked::CompareWith(path))) => {
            comparing::apply(state, ComparingCommand::With(path));
        }
        Ok(Some(Picked::Picture(path))) => save_picture(state, path),
        Ok(Some(Picked::Figure(path))) => save_figure(state, path),
        Ok(Some(Picked::Session(path))) => crate::window::session::update::write(state, path),
        Ok(None) => {}
        Err(error) => match &mut state.dialog {
            Some(Dialog::Open { problem, .. } | Dialog::Compare { problem, .. }) => {
                *problem = Some(error.to_string());
            }
            _ => state.error(error),
        },
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
