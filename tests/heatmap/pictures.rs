//! Pictures for the eye: `cargo test --test heatmap pictures -- --ignored --nocapture` writes
//! them and prints where. Nothing is compared; a person looks.

use eframe::egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use layerscope::figure::{ColorMap, Mode};
use layerscope::report::SnrReport;
use layerscope::selection::{Choice, Mark, Percent};
use layerscope::window::heatmap::NAME;

use crate::common::{Page, builder, cells, published};

/// A choice with a few marks, so that every look is in the picture.
fn marked(report: &SnrReport) -> Choice {
    let mut choice = Choice {
        percent: Percent::whole(25),
        ..Choice::default()
    };
    let with = |end: &str| {
        let mut names = report.modules.iter().map(|module| module.name.clone());
        names.find(|name| name.ends_with(end))
    };
    for (end, mark) in [
        ("layers.7.mlp.up_proj", Mark::Pin),
        ("layers.9.mlp.up_proj", Mark::Drop),
        ("layers.12.self_attn.q_proj", Mark::Pin),
        ("layers.13.self_attn.o_proj", Mark::Drop),
    ] {
        if let Some(name) = with(end) {
            choice.set_mark(&name, Some(mark));
        }
    }
    choice
}

/// A scan half done, with a module that has no spectrum.
fn half_scanned(mut report: SnrReport) -> SnrReport {
    let count = report.modules.len();
    for module in &mut report.modules[count / 2..] {
        module.snr = None;
    }
    for module in &mut report.modules[30..34] {
        module.snr = Some(f64::NAN);
    }
    report
}

fn draw(name: &str, size: (f32, f32), page: Page, hover: Option<Pos2>) {
    let dark = page.dark;
    let mut harness = builder(vec2(size.0, size.1), dark)
        .wgpu()
        .build_ui_state(|ui, page: &mut Page| page.ui(ui), page);
    harness.run();
    if let Some(at) = hover {
        harness.hover_at(cells(&harness).0.min + at.to_vec2());
        harness.run();
    }
    save(name, &mut harness);
}

fn save(name: &str, harness: &mut Harness<'_, Page>) {
    let image = harness.render().unwrap();
    let folder = std::env::temp_dir().join("layerscope-heatmap");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.png"));
    image.save(&path).unwrap();
    println!("{}", path.display());
}

#[test]
#[ignore = "writes pictures to look at, and needs a graphics adapter"]
fn draw_pictures() {
    let only = std::env::var("ONLY").unwrap_or_default();
    for (slug, short) in [
        ("meta-llama-Meta-Llama-3.1-8B", "llama"),
        ("TinyLlama-TinyLlama-v1.1", "tiny"),
        ("deepseek-ai-DeepSeek-V2", "deepseek"),
    ] {
        let Some(report) = published(slug) else {
            continue;
        };
        for dark in [true, false] {
            for size in [(700.0, 400.0), (1600.0, 900.0)] {
                let theme = if dark { "dark" } else { "light" };
                let name = format!("{short}-{theme}-{}", size.0);
                if !name.contains(&only) {
                    continue;
                }
                let mut page = Page::new(report.clone(), marked(&report));
                page.dark = dark;
                page.inspected = Some(40);
                let hover = (size.0 > 1000.0).then(|| Pos2::new(300.0, 100.0));
                draw(&name, size, page, hover);
            }
        }
        let name = format!("{short}-scan");
        if short == "tiny" && name.contains(&only) {
            let report = half_scanned(report.clone());
            let page = Page::new(report.clone(), marked(&report));
            draw(&name, (900.0, 500.0), page, None);
        }
        let name = format!("{short}-rank");
        if short == "tiny" && name.contains(&only) {
            let mut page = Page::new(report.clone(), marked(&report));
            page.dark = false;
            page.settings.mode = Mode::Rank;
            page.settings.map = ColorMap::Cividis;
            page.settings.dim = false;
            draw(&name, (900.0, 500.0), page, Some(Pos2::new(90.0, 60.0)));
        }
        let name = format!("{short}-zoomed");
        if short == "llama" && name.contains(&only) {
            let page = Page::new(report.clone(), marked(&report));
            let mut harness = builder(vec2(900.0, 360.0), true)
                .wgpu()
                .build_ui_state(|ui, page: &mut Page| page.ui(ui), page);
            harness.run();
            harness
                .get_by(|node| node.label().is_some_and(|label| label.starts_with(NAME)))
                .focus();
            for (modifiers, key, times) in [
                (Modifiers::NONE, Key::ArrowRight, 14),
                (Modifiers::NONE, Key::Plus, 4),
                (Modifiers::SHIFT, Key::ArrowRight, 2),
                (Modifiers::SHIFT, Key::ArrowDown, 2),
            ] {
                for _ in 0..times {
                    harness.run();
                    harness.key_press_modifiers(modifiers, key);
                }
            }
            harness.run();
            save(&name, &mut harness);
        }
        let name = format!("{short}-unfolded");
        if short == "deepseek" && name.contains(&only) {
            let mut page = Page::new(report.clone(), marked(&report));
            page.settings
                .unfolded
                .insert("mlp.experts.*.down_proj".to_owned());
            draw(&name, (1200.0, 700.0), page, None);
        }
    }
}
