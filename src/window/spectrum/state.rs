//! The spectrum on screen: which layer's, how it is drawn, and what is read from it.

use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::figure::{Chart, SpectrumSettings, View};
use crate::spectral::law::{Fit, Profile, ScaleMethod};
use crate::window::action::Action;
use crate::window::document::{DocumentId, Values};
use crate::window::effect::Effect;
use crate::window::spectrum_view::{Picture, SpectrumView};
use crate::window::task::Slot;

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

/// The spectrum room: one layer's singular values, and what is laid over them.
#[derive(Default)]
pub struct SpectrumRoom {
    /// How spectra are drawn.
    pub view: SpectrumView,
    /// How the scale of the noise is estimated.
    pub method: ScaleMethod,
    /// The inspected module's spectrum, once it is read.
    pub loaded: Option<Loaded>,
    /// Spectra laid over it.
    pub overlay: Vec<Loaded>,
    /// The spectra of a type's modules, for the waterfall.
    pub waterfall: Option<Waterfall>,
    /// Why there is none.
    pub(crate) problem: Option<String>,
    /// The part of the picture that is seen, and the picture that it belongs to.
    pub(crate) zoomed: Option<(Zoomed, View)>,
    /// The inspected module's spectrum being read.
    pub(crate) reading: Slot<Loaded>,
    /// A spectrum to be laid over being read or computed.
    pub(crate) laying: Slot<Loaded>,
    /// A type's spectra being read.
    pub(crate) rows: Slot<Waterfall>,
    /// The figure last drawn, with what it was made from.
    pub(crate) drawn: Option<(FigureKey, Arc<Chart>)>,
}

impl SpectrumRoom {
    /// The room as it was left, without a spectrum.
    pub(crate) fn restore(view: SpectrumView) -> Self {
        Self {
            view,
            ..Self::default()
        }
    }

    /// What is kept of it between runs of the program.
    pub(crate) fn kept(&self) -> SpectrumView {
        self.view
    }

    /// Lets all spectra go: they are those of a document that is open no longer.
    pub(crate) fn forget(&mut self) {
        self.reading.cancel();
        self.laying.cancel();
        self.rows.cancel();
        *self = Self {
            method: self.method,
            ..Self::restore(self.view)
        };
    }

    /// Whether a spectrum is being read or computed.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.reading.is_busy() || self.laying.is_busy() || self.rows.is_busy()
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Read what is shown of the inspected module, where it is not there yet.
    Need,
    /// Draw spectra another way.
    View(SpectrumView),
    /// See that part of the picture.
    Zoom(View),
    /// Tell the scale of the noise another way, or by hand.
    Method(ScaleMethod),
    /// Lay a module's spectrum over the inspected one's, or take it away.
    Overlay(usize),
    /// Lay the shuffled control over it, or take it away.
    Shuffle,
    /// Stop computing what is to be laid over.
    CancelOverlay,
    /// Take all laid-over spectra away.
    ClearOverlay,
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}

/// What a figure is made from: made again only when this changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FigureKey {
    pub(crate) document: DocumentId,
    pub(crate) view: SpectrumView,
    pub(crate) module: usize,
    pub(crate) scale: Option<u64>,
    pub(crate) overlay: Vec<(usize, bool)>,
    pub(crate) waterfall: Option<(usize, SpectrumSettings)>,
    pub(crate) seen: View,
}

/// A picture that can be zoomed: another layer, picture or axis is seen whole at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zoomed {
    module: usize,
    picture: Picture,
    lambda: bool,
    log: (bool, bool),
}

impl Zoomed {
    /// The picture of that module, drawn like that.
    #[must_use]
    pub(crate) fn new(module: usize, view: &SpectrumView) -> Self {
        Self {
            module,
            picture: view.picture,
            lambda: view.lambda,
            log: (view.log_x, view.log_y),
        }
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
