//! The figure of the shown tab, as a file has it.

use eframe::egui::Theme;

use crate::figure::{Grid, HeatmapFigure, Options, Style, Values, heatmap_svg, svg};
use crate::window::scene::Tab;
use crate::window::shell::state::State;

/// Width of a saved figure, px at 96 an inch: the text width of a page.
const WIDTH: f64 = 640.0;

/// A figure as SVG text.
pub(crate) fn drawn(state: &State) -> Option<String> {
    let document = state.document.as_ref()?;
    let style = Style {
        width: WIDTH,
        dark: state.ctx.theme() == Theme::Dark,
        ..Style::default()
    };
    if state.tab == Tab::Spectrum && state.spectrum.loaded.is_some() {
        return Some(svg(&state.spectrum.figure(document)?, &style));
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
