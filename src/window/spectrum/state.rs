//! The spectrum on screen: which layer's, how it is drawn, and what is read from it.
//!
//! Enters: singular values, read by a job. Leaves: values and profile for the panels; a fit that
//! follows a dragged edge at once.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::figure::{Chart, Quantity, SpectrumSettings, View};
use crate::spectral::law::{Fit, Profile, ScaleMethod};
use crate::window::document::Values;

/// How spectra are drawn: kept between runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpectrumView {
    /// Which picture.
    pub picture: Picture,
    /// Whether the axis is λ = S²/M rather than S.
    pub lambda: bool,
    /// Whether the horizontal axis is logarithmic.
    pub log_x: bool,
    /// Whether the vertical axis is logarithmic.
    pub log_y: bool,
    /// Number of bins; 0 for as many as suit the values (Freedman & Diaconis 1981).
    pub bins: usize,
}

/// The pictures of the spectrum tab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// Histogram under the law.
    #[default]
    Histogram,
    /// Survival of λ on log-log axes, with the power law of its tail.
    Tail,
    /// Share of Σλ held by the largest values.
    Energy,
    /// All blocks of the type, one spectrum a row.
    Waterfall,
}

impl SpectrumView {
    /// The same for a figure.
    #[must_use]
    pub fn settings(&self) -> SpectrumSettings {
        SpectrumSettings {
            of: if self.lambda {
                Quantity::Lambda
            } else {
                Quantity::S
            },
            bins: (self.bins > 0).then_some(self.bins),
            log_x: self.log_x,
            log_y: self.log_y,
        }
    }
}

impl Picture {
    /// All pictures in the order they are offered in.
    pub const ALL: [Self; 4] = [Self::Histogram, Self::Tail, Self::Energy, Self::Waterfall];

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Histogram => "Histogram",
            Self::Tail => "Tail",
            Self::Energy => "Energy",
            Self::Waterfall => "Waterfall",
        }
    }

    /// What it shows.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Histogram => {
                "How the singular values lie, under the density that the Marchenko–Pastur law \
                 gives noise"
            }
            Self::Tail => {
                "Share of eigenvalues above each value, on logarithmic axes, with the power law \
                 of the tail (Clauset et al. 2009)"
            }
            Self::Energy => "Share of Σλ = ‖W‖²/M that the largest eigenvalues hold",
            Self::Waterfall => "The spectra of all blocks of this layer type, one a row",
        }
    }
}

impl Default for SpectrumView {
    fn default() -> Self {
        Self {
            picture: Picture::Histogram,
            lambda: false,
            log_x: false,
            log_y: false,
            bins: 0,
        }
    }
}

/// A spectrum read and measured.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The module, as an index into the report.
    pub module: usize,
    /// Whether these are the values of its shuffled control.
    pub shuffled: bool,
    /// Rows and columns of the matrix.
    pub shape: (usize, usize),
    /// Singular values, descending.
    pub values: Vec<f64>,
    /// All that is read from them, at the scale of the method asked for.
    pub profile: Profile,
}

impl Loaded {
    /// Reads and measures.
    ///
    /// # Errors
    /// When the values cannot be read, or are none that a spectrum can have.
    pub fn new(
        module: usize,
        shape: (usize, usize),
        values: &Values,
        method: ScaleMethod,
    ) -> Result<Self> {
        let values = values.read()?.into_iter().map(f64::from).collect();
        Self::of(module, shape, values, method)
    }

    /// Measures `values` of that module.
    ///
    /// # Errors
    /// When they are none that a spectrum can have.
    pub fn of(
        module: usize,
        shape: (usize, usize),
        mut values: Vec<f64>,
        method: ScaleMethod,
    ) -> Result<Self> {
        values.sort_by(|a, b| b.total_cmp(a));
        let profile = Profile::of(&values, shape.0, shape.1, method).ok_or_else(|| {
            Error::from(Problem::spectrum(
                format!("{} × {} matrix", shape.0, shape.1),
                "its singular values have no spectrum to show",
            ))
        })?;
        Ok(Self {
            module,
            shuffled: false,
            shape,
            values,
            profile,
        })
    }

    /// Lays the law anew: what dragging the edge does, a few hundred microseconds.
    pub fn fit(&mut self, method: ScaleMethod) {
        if let Some(fit) = Fit::of(&self.values, self.shape.0, self.shape.1, method) {
            let s_max = self.profile.snr.s_max;
            self.profile.soft_rank = Some((fit.law.s_edges().1 / s_max).powi(2));
            self.profile.fit = Some(fit);
        }
    }
}

/// The spectrum tab's state.
#[derive(Debug, Clone, Default)]
pub struct SpectrumState {
    /// How the scale of the noise is told.
    pub method: ScaleMethod,
    /// The inspected module's spectrum, once it is read.
    pub loaded: Option<Loaded>,
    /// Spectra laid over it.
    pub overlay: Vec<Loaded>,
    /// The spectra of a type's modules, for the waterfall.
    pub waterfall: Option<Waterfall>,
    /// Why there is none.
    pub problem: Option<String>,
    /// The part of the picture that is seen, and the picture that it belongs to.
    pub zoomed: Option<(Zoomed, View)>,
}

/// A picture that can be zoomed: another layer, picture or axis is seen whole at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zoomed {
    module: usize,
    picture: Picture,
    lambda: bool,
    log: (bool, bool),
}

impl Zoomed {
    /// The picture of that module, drawn like that.
    #[must_use]
    pub fn new(module: usize, view: &SpectrumView) -> Self {
        Self {
            module,
            picture: view.picture,
            lambda: view.lambda,
            log: (view.log_x, view.log_y),
        }
    }
}

impl SpectrumState {
    /// The part of that picture that is seen.
    #[must_use]
    pub fn seen(&self, picture: Zoomed) -> View {
        let zoomed = self.zoomed.filter(|(of, _)| *of == picture);
        zoomed.map_or_else(View::default, |(_, view)| view)
    }
}

/// The spectra of all blocks of a type, as a figure: made in the background, for it takes a
/// fit a row.
#[derive(Debug, Clone)]
pub struct Waterfall {
    /// The type, as an index into the report.
    pub layer_type: usize,
    /// How it is shown.
    pub settings: SpectrumSettings,
    /// The figure.
    pub chart: Chart,
}
