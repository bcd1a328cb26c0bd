//! What the spectrum room does: has spectra read and measured in the background, and takes them in
//! when they are there.

use crate::error::{Problem, Result};
use crate::figure::{WaterfallRow, waterfall};
use crate::progress::Progress;
use crate::spectral::{self, law::ScaleMethod};
use crate::tensor::Model;
use crate::window::document::Document;
use crate::window::effect::Effects;
use crate::window::scene::Scene;
use crate::window::spectrum::state::{Command, Loaded, SpectrumRoom, Waterfall, Zoomed};
use crate::window::spectrum_view::{Picture, SpectrumView};
use crate::window::task::Task;

impl SpectrumRoom {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Need => self.need(scene),
            Command::View(view) => {
                self.view = view;
                self.need(scene);
            }
            Command::Zoom(view) => {
                let picture = |loaded: &Loaded| Zoomed::new(loaded.module, &self.view);
                self.zoomed = self.loaded.as_ref().map(|loaded| (picture(loaded), view));
            }
            Command::Method(method) => {
                self.method = method;
                if let Some(loaded) = &mut self.loaded {
                    loaded.fit(method);
                }
            }
            Command::Overlay(module) => self.lay_over(module, scene, effects),
            Command::Shuffle => self.shuffle(scene, effects),
            Command::CancelOverlay => self.laying.cancel(),
            Command::ClearOverlay => self.overlay.clear(),
            Command::Ask(effect) => effects.push(effect),
        }
    }

    /// Starts reading what is shown of the inspected module and is not there.
    fn need(&mut self, scene: &Scene<'_>) {
        let (Some(document), Some(module)) = (scene.document, scene.inspected) else {
            return;
        };
        if (self.loaded.as_ref()).is_none_or(|loaded| loaded.module != module) {
            self.loaded = None;
            // A shuffled control is one layer's alone.
            self.overlay.retain(|loaded| !loaded.shuffled);
            // A scale set by hand belongs to the layer it was set for.
            if matches!(self.method, ScaleMethod::ByHand(_)) {
                self.method = ScaleMethod::default();
            }
            match reader(document, module, self.method) {
                Ok(read) => {
                    self.problem = None;
                    let work = move |_: &_| read();
                    self.reading.put(Task::about("spectrum", scene, work));
                }
                Err(problem) => self.problem = Some(problem),
            }
        }
        if self.view.picture == Picture::Waterfall {
            self.need_waterfall(document, module, scene);
        }
    }

    fn need_waterfall(&mut self, document: &Document, module: usize, scene: &Scene<'_>) {
        let layer_type = document.report.modules[module].layer_type;
        let settings = self.view.settings();
        let is_it =
            |there: &Waterfall| (there.layer_type, there.settings) == (layer_type, settings);
        if self.waterfall.as_ref().is_some_and(is_it) {
            return;
        }
        let read = waterfall_reader(document, layer_type, self.view);
        self.rows.put(Task::about("waterfall", scene, read));
    }

    /// Lays a module's spectrum over the inspected one's, or takes it away.
    fn lay_over(&mut self, module: usize, scene: &Scene<'_>, effects: &mut Effects) {
        let same = |loaded: &Loaded| loaded.module == module && !loaded.shuffled;
        if let Some(place) = self.overlay.iter().position(same) {
            self.overlay.remove(place);
            return;
        }
        let Some(document) = scene.document else {
            return;
        };
        match reader(document, module, ScaleMethod::default()) {
            Ok(read) => {
                let work = move |_: &_| read();
                self.laying.put(Task::about("spectrum", scene, work));
            }
            Err(problem) => effects.problem(problem),
        }
    }

    /// Lays the inspected module's shuffled control over it, or takes it away.
    fn shuffle(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        if let Some(place) = self.overlay.iter().position(|loaded| loaded.shuffled) {
            self.overlay.remove(place);
            return;
        }
        let (Some(document), Some(module)) = (scene.document, scene.inspected) else {
            return;
        };
        let shape = document.report.modules[module].matrix_shape();
        let (Some(model), Some(shape)) = (document.model().cloned(), shape) else {
            effects.problem("The shuffled control needs the weights: open the model's folder");
            return;
        };
        let work = move |progress: &_| shuffled_control(&model, module, shape, progress);
        self.laying
            .put(Task::about("shuffled control", scene, work));
    }

    /// Takes in what was read.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        match self.reading.take(open) {
            Some(Ok(loaded)) if Some(loaded.module) == scene.inspected => {
                self.loaded = Some(loaded);
            }
            Some(Err(error)) => self.problem = Some(error.to_string()),
            Some(Ok(_)) | None => {}
        }
        match self.laying.take(open) {
            Some(Ok(loaded)) if loaded.shuffled && Some(loaded.module) != scene.inspected => {}
            Some(Ok(loaded)) => self.overlay.push(loaded),
            Some(Err(error)) if !error.is_canceled() => effects.problem(error),
            Some(Err(_)) | None => {}
        }
        match self.rows.take(open) {
            Some(Ok(there)) => self.waterfall = Some(there),
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
    }
}

/// What reads and measures a module's spectrum, or why there is none.
fn reader(
    document: &Document,
    module: usize,
    method: ScaleMethod,
) -> Result<impl FnOnce() -> Result<Loaded> + Send + 'static, String> {
    let info = &document.report.modules[module];
    let shape = info.matrix_shape();
    match (document.values(module), shape) {
        (Some(values), Some(shape)) => Ok(move || Loaded::new(module, shape, &values, method)),
        _ if info.snr.is_none() => Err("This layer is not scanned yet.".to_owned()),
        _ if document.model().is_some() => Err(
            "This layer has no single spectrum: it is a fused weight, or its values are not those \
             of a matrix."
                .to_owned(),
        ),
        _ => Err(
            "Only results are here, and they hold no singular values. Open the model's folder \
             and scan it to see spectra."
                .to_owned(),
        ),
    }
}

/// What reads the spectra of a type's modules and makes their figure.
fn waterfall_reader(
    document: &Document,
    layer_type: usize,
    view: SpectrumView,
) -> impl FnOnce(&Progress) -> Result<Waterfall> + Send + 'static {
    let modules = document.report.types[layer_type].modules.iter().enumerate();
    let sources: Vec<_> = modules
        .filter_map(|(place, &module)| {
            let info = &document.report.modules[module];
            let block = info.block.map(|block| block.to_string());
            let name = block.unwrap_or_else(|| place.to_string());
            Some((name, info.matrix_shape()?, document.values(module)?))
        })
        .collect();
    let title = document.report.types[layer_type].name.clone();
    let settings = view.settings();
    move |progress| {
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
    }
}

/// The spectrum of a module's entries in random order.
fn shuffled_control(
    model: &Model,
    module: usize,
    shape: (usize, usize),
    progress: &Progress,
) -> Result<Loaded> {
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
}
