//! Getting the spectra that the window shows: read and measured in the background, taken in when
//! they are there.

use crate::error::Problem;
use crate::figure::{View, WaterfallRow, waterfall};
use crate::spectral::{self, law::ScaleMethod};
use crate::window::document::Document;
use crate::window::shell::state::State;
use crate::window::spectrum::state::{Loaded, Picture, Waterfall, Zoomed};
use crate::window::task::{self, Job};

/// Starts reading what the tab needs for the inspected module and does not have.
pub(crate) fn need(state: &mut State) {
    let (Some(document), Some(module)) = (&state.document, state.inspected) else {
        return;
    };
    let spectrum = &mut state.spectrum;
    if spectrum
        .loaded
        .as_ref()
        .is_none_or(|loaded| loaded.module != module)
    {
        spectrum.loaded = None;
        // A shuffled control is one layer's alone.
        spectrum.overlay.retain(|loaded| !loaded.shuffled);
        // A scale set by hand belongs to the layer it was set for.
        if matches!(spectrum.method, ScaleMethod::ByHand(_)) {
            spectrum.method = ScaleMethod::default();
        }
        match reader(document, module, spectrum.method) {
            Ok(read) => {
                spectrum.problem = None;
                let job = Job::spawn("spectrum", &state.ctx, state.generation, move |_| read());
                state.jobs.spectrum = Some(job);
            }
            Err(problem) => spectrum.problem = Some(problem),
        }
    }
    if state.settings.spectrum.picture == Picture::Waterfall {
        need_waterfall(state, module);
    }
}

/// What reads and measures a module's spectrum, or why there is none.
fn reader(
    document: &Document,
    module: usize,
    method: ScaleMethod,
) -> Result<impl FnOnce() -> crate::Result<Loaded> + Send + 'static, String> {
    let info = &document.report.modules[module];
    let shape = info.matrix_shape();
    match (document.values(module), shape) {
        (Some(values), Some(shape)) => Ok(move || Loaded::new(module, shape, &values, method)),
        _ if info.snr.is_none() => Err("This layer is not scanned yet.".to_owned()),
        _ if document.model().is_some() => Err(
            "This layer has no single spectrum: it is a fused weight, or its values are no \
             matrix's."
                .to_owned(),
        ),
        _ => Err(
            "Only results are here, and they hold no singular values. Open the model's folder \
             and scan it to see spectra."
                .to_owned(),
        ),
    }
}

fn need_waterfall(state: &mut State, module: usize) {
    let Some(document) = &state.document else {
        return;
    };
    let layer_type = document.report.modules[module].layer_type;
    let there = state.spectrum.waterfall.as_ref();
    let settings = state.settings.spectrum.settings();
    if there.is_some_and(|there| there.layer_type == layer_type && there.settings == settings) {
        return;
    }
    let modules = document.report.types[layer_type].modules.iter().enumerate();
    let sources: Vec<_> = modules
        .filter_map(|(place, &module)| {
            let info = &document.report.modules[module];
            let name = info
                .block
                .map_or_else(|| place.to_string(), |block| block.to_string());
            Some((name, info.matrix_shape()?, document.values(module)?))
        })
        .collect();
    let title = document.report.types[layer_type].name.clone();
    let job = Job::spawn("waterfall", &state.ctx, state.generation, move |progress| {
        let mut rows = Vec::with_capacity(sources.len());
        for (name, (height, width), values) in sources {
            progress.check()?;
            let values = values.read()?.into_iter().map(f64::from).collect();
            rows.push(WaterfallRow {
                name,
                values,
                rows: height,
                cols: width,
            });
        }
        let chart = waterfall(&title, &rows, &settings, ScaleMethod::default());
        Ok(Waterfall {
            layer_type,
            settings,
            chart,
        })
    });
    state.jobs.waterfall = Some(job);
}

/// Shows that part of the picture.
pub(crate) fn zoom(state: &mut State, view: View) {
    if let Some(module) = state.inspected {
        let picture = Zoomed::new(module, &state.settings.spectrum);
        state.spectrum.zoomed = Some((picture, view));
    }
}

/// Tells the scale another way.
pub(crate) fn set_method(state: &mut State, method: ScaleMethod) {
    state.spectrum.method = method;
    if let Some(loaded) = &mut state.spectrum.loaded {
        loaded.fit(method);
    }
}

/// Lays a module's spectrum over the inspected one's, or takes it away.
pub(crate) fn overlay(state: &mut State, module: usize) {
    let overlay = &mut state.spectrum.overlay;
    if let Some(place) = overlay
        .iter()
        .position(|loaded| loaded.module == module && !loaded.shuffled)
    {
        overlay.remove(place);
        return;
    }
    let Some(document) = &state.document else {
        return;
    };
    match reader(document, module, ScaleMethod::default()) {
        Ok(read) => {
            let job = Job::spawn("spectrum", &state.ctx, state.generation, move |_| read());
            state.jobs.overlay = Some(job);
        }
        Err(problem) => state.error(problem),
    }
}

/// Lays the inspected module's shuffled control over it, or takes it away.
pub(crate) fn shuffle(state: &mut State) {
    let overlay = &mut state.spectrum.overlay;
    if let Some(place) = overlay.iter().position(|loaded| loaded.shuffled) {
        overlay.remove(place);
        return;
    }
    let (Some(document), Some(module)) = (&state.document, state.inspected) else {
        return;
    };
    let shape = document.report.modules[module].matrix_shape();
    let (Some(model), Some(shape)) = (document.model().cloned(), shape) else {
        state.error("The shuffled control needs the weights: open the model's folder");
        return;
    };
    let job = Job::spawn(
        "shuffled control",
        &state.ctx,
        state.generation,
        move |progress| {
            let info = &model.modules[module];
            progress.set_label(format!("shuffled control of {}", info.name));
            progress.set_total(1, spectral::work(shape.0, shape.1));
            let matrices = model.matrices(info)?;
            let [matrix] = &matrices[..] else {
                return Err(Problem::spectrum(
                    &info.name,
                    "is a fused weight: it has no single matrix to shuffle",
                )
                .into());
            };
            let (threads, memory) = (spectral::default_threads(), spectral::default_memory());
            let matrix = matrix.fetched(progress)?;
            let values = spectral::shuffled_values(&matrix, threads, memory, progress)?;
            let loaded = Loaded::of(module, shape, values, ScaleMethod::default())?;
            Ok(Loaded {
                shuffled: true,
                ..loaded
            })
        },
    );
    state.jobs.overlay = Some(job);
}

/// Takes in what was read; what was meant for another document is dropped.
pub(crate) fn poll(state: &mut State) {
    let current = state.generation;
    if let Some((generation, result)) = task::take(&mut state.jobs.spectrum)
        && generation == current
    {
        match result {
            Ok(loaded) if Some(loaded.module) == state.inspected => {
                state.spectrum.loaded = Some(loaded);
            }
            Ok(_) => {}
            Err(error) => state.spectrum.problem = Some(error.to_string()),
        }
    }
    if let Some((generation, result)) = task::take(&mut state.jobs.overlay)
        && generation == current
    {
        match result {
            Ok(loaded) if loaded.shuffled && Some(loaded.module) != state.inspected => {}
            Ok(loaded) => state.spectrum.overlay.push(loaded),
            Err(error) if error.is_cancelled() => {}
            Err(error) => state.error(error),
        }
    }
    if let Some((generation, result)) = task::take(&mut state.jobs.waterfall)
        && generation == current
    {
        match result {
            Ok(there) => state.spectrum.waterfall = Some(there),
            Err(error) => state.error(error),
        }
    }
}
