//! A window that holds nothing but the heatmap, and the reports shown in it.

use std::sync::Arc;

use eframe::egui::{Frame, Rect, Theme, Ui, Vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, HarnessBuilder};
use layerscope::figure::HeatmapSettings as Settings;
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::{Choice, FreezeSet, Ranking};
use layerscope::window::heatmap::{Heatmap, HeatmapEvent, Input, Look, NAME};

/// The little that a real window would hold.
pub(crate) struct Page {
    pub(crate) heatmap: Heatmap,
    pub(crate) report: Arc<SnrReport>,
    pub(crate) ranking: Arc<Ranking>,
    pub(crate) choice: Choice,
    pub(crate) set: Arc<FreezeSet>,
    pub(crate) settings: Settings,
    pub(crate) inspected: Option<usize>,
    pub(crate) dark: bool,
    pub(crate) events: Vec<HeatmapEvent>,
}

impl Page {
    pub(crate) fn new(report: SnrReport, choice: Choice) -> Self {
        let ranking = Ranking::new(&report);
        let set = FreezeSet::new(&report, &ranking, &choice);
        Self {
            heatmap: Heatmap::default(),
            report: Arc::new(report),
            ranking: Arc::new(ranking),
            choice,
            set: Arc::new(set),
            settings: Settings::default(),
            inspected: None,
            dark: true,
            events: Vec::new(),
        }
    }

    pub(crate) fn ui(&mut self, ui: &mut Ui) {
        let look = if self.dark {
            Look::dark()
        } else {
            Look::light()
        };
        let input = Input {
            report: &self.report,
            ranking: &self.ranking,
            pools: &self.ranking,
            near: &[],
            set: &self.set,
            choice: &self.choice,
            settings: &self.settings,
            inspected: self.inspected,
            region: &[],
            look: &look,
        };
        let heatmap = &mut self.heatmap;
        let output = Frame::new()
            .fill(look.background)
            .inner_margin(8)
            .show(ui, |ui| heatmap.show(ui, &input))
            .inner;
        let menu = &output.menu;
        output.response.context_menu(|ui| {
            ui.label(format!("menu of {menu:?}"));
        });
        for event in output.events {
            if let Some(settings) = event.settings(&self.settings) {
                self.settings = settings;
            }
            if let HeatmapEvent::Inspect(module) = event {
                self.inspected = Some(module);
            }
            self.events.push(event);
        }
    }

    /// The events other than the pointer's and the keyboard's whereabouts.
    pub(crate) fn deeds(&self) -> Vec<HeatmapEvent> {
        let silent = |event: &&HeatmapEvent| {
            !matches!(event, HeatmapEvent::Hover(_) | HeatmapEvent::Focus(_))
        };
        self.events.iter().filter(silent).cloned().collect()
    }
}

pub(crate) fn builder(size: impl Into<Vec2>, dark: bool) -> HarnessBuilder<Page> {
    let theme = if dark { Theme::Dark } else { Theme::Light };
    Harness::builder().with_size(size).with_theme(theme)
}

pub(crate) fn window(page: Page, size: impl Into<Vec2>) -> Harness<'static, Page> {
    let dark = page.dark;
    let mut harness = builder(size, dark).build_ui_state(|ui, page: &mut Page| page.ui(ui), page);
    harness.run();
    harness
}

/// Where the cells are on screen, and what the picture says.
pub(crate) fn cells(harness: &Harness<'_, Page>) -> (Rect, String) {
    let node = harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(NAME)));
    (node.rect(), node.value().unwrap_or_default())
}

/// Three types in `blocks` blocks, a head, and the marks a results file can hold.
pub(crate) fn small(blocks: u32) -> SnrReport {
    let mut builder = ReportBuilder::new("small");
    for (place, name) in ["self_attn.q_proj", "mlp.down_proj", "input_layernorm"]
        .into_iter()
        .enumerate()
    {
        for block in 0..blocks {
            let module = builder.push(&format!("model.layers.{block}.{name}"), name);
            module.snr = match (place, block) {
                (2, 0) => Some(f64::NAN),
                (2, 1) => None,
                (2, _) => Some(f64::INFINITY),
                _ => Some(0.1 * f64::from(block + 1) * (place + 1) as f64),
            };
        }
    }
    builder.finish()
}

/// `experts` experts of three projections in `blocks` blocks: a made-up mixture of experts.
pub(crate) fn mixture(blocks: u32, experts: u32) -> SnrReport {
    let mut builder = ReportBuilder::new("mixture");
    for projection in ["gate_proj", "up_proj", "down_proj"] {
        for expert in 0..experts {
            let name = format!("mlp.experts.{expert}.{projection}");
            for block in 0..blocks {
                let module = builder.push(&format!("model.layers.{block}.{name}"), &name);
                module.snr = Some(0.01 + f64::from((block * 7 + expert * 13) % 97));
            }
        }
    }
    builder.finish()
}

/// A flat results file from beside the checkout; `None` with a printed line where it is absent.
pub(crate) fn published(slug: &str) -> Option<SnrReport> {
    let path = crate::require::shared(&format!("snr_results/snr_results_{slug}.json"))?;
    let text = std::fs::read_to_string(path).unwrap();
    // Good enough for files whose names hold neither word; the program has a real reader.
    let text = text
        .replace(" Infinity", " \"inf\"")
        .replace(" NaN", " \"nan\"");
    let modules: std::collections::HashMap<String, serde_json::Value> =
        serde_json::from_str(&text).unwrap();
    // The map forgets the file's order; sorting by type, then block, restores one.
    let mut modules: Vec<(String, serde_json::Value)> = modules.into_iter().collect();
    modules.sort_by_key(|(name, value)| {
        let block = layerscope::tensor::ModuleName::parse(name).block;
        (value["type"].as_str().unwrap().to_owned(), block)
    });
    let mut builder = ReportBuilder::new(slug);
    for (name, value) in modules {
        let module = builder.push(&name, value["type"].as_str().unwrap());
        module.snr = value["snr"]
            .as_f64()
            .or_else(|| value["snr"].as_str().and_then(|text| text.parse().ok()));
    }
    Some(builder.finish())
}
