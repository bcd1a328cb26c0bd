//! Nothing the window can hold makes the heatmap fail: no modules, no numbers, far too many.

use eframe::egui::vec2;
use egui_kittest::kittest::Queryable as _;
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::{Choice, Mark};

use crate::common::{Page, cells, mixture, small, window};

#[test]
fn an_empty_report_says_so() {
    let harness = window(
        Page::new(SnrReport::default(), Choice::default()),
        [700.0, 400.0],
    );
    assert_eq!(cells(&harness).1, "No modules to show");
}

#[test]
fn a_report_without_numbers_is_drawn() {
    let mut builder = ReportBuilder::new("new");
    for block in 0..3 {
        builder.push(&format!("model.layers.{block}.mlp.up_proj"), "mlp.up_proj");
    }
    builder.push("lm_head", "lm_head").snr = Some(f64::INFINITY);
    let harness = window(
        Page::new(builder.finish(), Choice::default()),
        [700.0, 400.0],
    );
    harness.get_by_label("Row output head");
    assert!(
        harness.state().heatmap.cell_of(3).unwrap().right()
            < harness.state().heatmap.cell_of(0).unwrap().left(),
        "outside the blocks comes first"
    );
}

#[test]
fn every_module_of_a_huge_report_can_be_marked_and_unfolded() {
    let report = mixture(60, 160);
    assert_eq!(report.modules.len(), 28_800);
    let mut choice = Choice::default();
    for (index, module) in report.modules.iter().enumerate() {
        let mark = if index % 2 == 0 {
            Mark::Pin
        } else {
            Mark::Drop
        };
        choice.set_mark(&module.name, Some(mark));
    }
    let mut page = Page::new(report, choice);
    for projection in ["gate_proj", "up_proj", "down_proj"] {
        let row = format!("mlp.experts.*.{projection}");
        page.settings.unfolded.insert(row);
    }
    let harness = window(page, [1600.0, 900.0]);
    let (_, label) = cells(&harness);
    assert!(
        label.contains("28800 modules in 483 rows and 60 columns"),
        "{label}"
    );
}

#[test]
fn no_window_is_too_small() {
    for size in [[40.0, 30.0], [120.0, 400.0], [700.0, 90.0]] {
        let page = Page::new(small(200), Choice::default());
        let harness = window(page, vec2(size[0], size[1]));
        cells(&harness);
    }
}

#[test]
fn cells_stay_inside_the_window_and_apart_from_their_labels() {
    for size in [[700.0, 400.0], [1600.0, 900.0]] {
        let harness = window(Page::new(small(32), Choice::default()), size);
        let label = harness.get_by_label("Row input norm").rect();
        for module in 0..96 {
            let cell = harness.state().heatmap.cell_of(module).unwrap();
            assert!(cell.left() >= label.right() && cell.right() <= size[0]);
            assert!(cell.bottom() <= size[1] && cell.width() >= 7.0 && cell.height() >= 12.0);
        }
    }
}

#[test]
fn the_legend_says_its_scale_in_words() {
    let harness = window(Page::new(small(8), Choice::default()), [700.0, 400.0]);
    harness.get_by_label_contains("Legend: SNR from 0.100 to 1.60, logarithmic");
}
