//! The figure that the spectrum tab shows, and its files.

use eframe::egui::Theme;

use crate::figure::{
    Chart, Grid, HeatmapFigure, Options, Spectrum, SpectrumSettings, Style, Values, View, energy,
    heatmap_svg, overlay, spectrum, svg, tail,
};
use crate::window::document::Document;
use crate::window::scene::Tab;
use crate::window::shell::state::State;
use crate::window::spectrum::state::{Loaded, Picture, SpectrumView, Zoomed};

/// Width of a saved figure, px at 96 an inch: the text width of a page.
const WIDTH: f64 = 640.0;

/// What a figure is made from: made again only when this changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FigureKey {
    generation: u64,
    view: SpectrumView,
    module: usize,
    scale: Option<u64>,
    overlay: Vec<(usize, bool)>,
    waterfall: Option<(usize, SpectrumSettings)>,
    seen: View,
}

impl FigureKey {
    /// The key of the figure that `state` shows for `loaded`.
    #[must_use]
    pub(crate) fn of(state: &State, loaded: &Loaded) -> Self {
        let spectrum = &state.spectrum;
        Self {
            generation: state.generation,
            view: state.settings.spectrum,
            module: loaded.module,
            scale: loaded.profile.fit.map(|fit| fit.law.scale().to_bits()),
            overlay: spectrum
                .overlay
                .iter()
                .map(|loaded| (loaded.module, loaded.shuffled))
                .collect(),
            waterfall: spectrum
                .waterfall
                .as_ref()
                .map(|waterfall| (waterfall.layer_type, waterfall.settings)),
            seen: state.spectrum_view(loaded),
        }
    }
}

impl State {
    /// The part of the spectrum tab's figure that is seen.
    #[must_use]
    pub fn spectrum_view(&self, loaded: &Loaded) -> View {
        let picture = Zoomed::new(loaded.module, &self.settings.spectrum);
        self.spectrum.seen(picture)
    }

    /// The spectrum tab's figure, as far as it is seen; `None` while what it needs is being read.
    #[must_use]
    pub fn figure(&self, document: &Document, loaded: &Loaded) -> Option<Chart> {
        let view = self.settings.spectrum;
        let settings = view.settings();
        let own = of(document, loaded);
        let chart = match view.picture {
            Picture::Histogram if self.spectrum.overlay.is_empty() => spectrum(&own, &settings),
            Picture::Histogram => {
                let laid = self
                    .spectrum
                    .overlay
                    .iter()
                    .map(|loaded| of(document, loaded));
                let all: Vec<Spectrum<'_>> = std::iter::once(own).chain(laid).collect();
                overlay(
                    &document.report.type_of(loaded.module).name,
                    &all,
                    &settings,
                )
            }
            Picture::Tail => tail(&own),
            Picture::Energy => energy(&own),
            Picture::Waterfall => {
                let there = self.spectrum.waterfall.as_ref();
                let layer_type = document.report.modules[loaded.module].layer_type;
                there
                    .filter(|there| there.layer_type == layer_type)?
                    .chart
                    .clone()
            }
        };
        Some(chart.zoomed(self.spectrum_view(loaded)))
    }
}

/// A figure as SVG text.
pub(crate) fn drawn(state: &State) -> Option<String> {
    let document = state.document.as_ref()?;
    let style = Style {
        width: WIDTH,
        dark: state.ctx.theme() == Theme::Dark,
        ..Style::default()
    };
    if state.tab == Tab::Spectrum
        && let Some(loaded) = &state.spectrum.loaded
    {
        return Some(svg(&state.figure(document, loaded)?, &style));
    }
    let shown = &state.preferences.heatmap;
    let grid = Grid::new(
        &document.report,
        &Options {
            unfolded: shown.unfolded.clone(),
        },
    );
    let values = Values::new(&document.report, document.ranking(), &grid, shown.mode);
    let chosen = Some((document.choice(), &*document.set));
    let figure = HeatmapFigure::new(&document.report, (&grid, &values), shown.map, chosen);
    Some(heatmap_svg(&figure, &style))
}

fn of<'a>(document: &'a Document, loaded: &'a Loaded) -> Spectrum<'a> {
    Spectrum {
        name: if loaded.shuffled {
            "shuffled control"
        } else {
            &document.report.modules[loaded.module].name
        },
        values: &loaded.values,
        profile: &loaded.profile,
    }
}
