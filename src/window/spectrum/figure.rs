//! The figure that the spectrum tab shows: the same on screen and in a file.

use crate::figure::{Chart, Spectrum, View, energy, overlay, spectrum, tail};
use crate::window::document::Document;
use crate::window::spectrum::state::{FigureKey, Loaded, SpectrumRoom, Zoomed};
use crate::window::spectrum_view::Picture;

impl SpectrumRoom {
    /// The part of the figure that is seen.
    #[must_use]
    pub fn seen(&self) -> View {
        let picture = |loaded: &Loaded| Zoomed::new(loaded.module, &self.view);
        let shown = self.loaded.as_ref().map(picture);
        let zoomed = self.zoomed.filter(|(of, _)| Some(*of) == shown);
        zoomed.map_or_else(View::default, |(_, view)| view)
    }

    /// The figure, as far as it is seen; `None` while what it needs is being read.
    #[must_use]
    pub fn figure(&self, document: &Document) -> Option<Chart> {
        let loaded = self.loaded.as_ref()?;
        let settings = self.view.settings();
        let own = line(document, loaded);
        let chart = match self.view.picture {
            Picture::Histogram if self.overlay.is_empty() => spectrum(&own, &settings),
            Picture::Histogram => {
                let laid = self.overlay.iter().map(|loaded| line(document, loaded));
                let all: Vec<Spectrum<'_>> = std::iter::once(own).chain(laid).collect();
                let name = &document.report.type_of(loaded.module).name;
                overlay(name, &all, &settings)
            }
            Picture::Tail => tail(&own),
            Picture::Energy => energy(&own),
            Picture::Waterfall => {
                let layer_type = document.report.modules[loaded.module].layer_type;
                let there = self.waterfall.as_ref();
                let there = there.filter(|there| there.layer_type == layer_type)?;
                there.chart.clone()
            }
        };
        Some(chart.zoomed(self.seen()))
    }

    /// What the figure is made from.
    pub(crate) fn figure_key(&self, document: &Document) -> Option<FigureKey> {
        let loaded = self.loaded.as_ref()?;
        let laid = self.overlay.iter();
        let waterfall = self.waterfall.as_ref();
        Some(FigureKey {
            document: document.id(),
            view: self.view,
            module: loaded.module,
            scale: loaded.profile.fit.map(|fit| fit.law.scale().to_bits()),
            overlay: laid.map(|laid| (laid.module, laid.shuffled)).collect(),
            waterfall: waterfall.map(|waterfall| (waterfall.layer_type, waterfall.settings)),
            seen: self.seen(),
        })
    }
}

fn line<'a>(document: &'a Document, loaded: &'a Loaded) -> Spectrum<'a> {
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
