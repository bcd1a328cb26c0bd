//! Every panel with nothing, with the sample and with 28,800 modules; small windows and large,
//! dark and light: nothing fails, nothing is cut off, and it comes to rest.

use eframe::egui::{Rect, Role, Theme, Vec2, pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::export::Format;
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::{Bulk, Choice, NamedSet, Percent, Unmatched};
use layerscope::window::App;
use layerscope::window::{
    Action, Command, Document, Edit, LayersCommand, Origin, Region, SetsCommand, SetsView,
    SpectrumCommand, Tab, apply, expire_notices,
};

use crate::window::{Window, builder, plain, state, wait};

/// What the window holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Empty,
    Sample,
    Huge,
}

const SIZES: [Vec2; 3] = [
    vec2(1024.0, 640.0),
    vec2(1280.0, 800.0),
    vec2(2560.0, 1440.0),
];

/// A report as DeepSeek-V2's: 60 blocks, all but the first with 160 experts; 491 types.
pub(crate) fn huge() -> SnrReport {
    let mut builder = ReportBuilder::new("made-up-mixture");
    let mut push = |block: u32, name: &str, kind: usize| {
        let module = builder.push(&format!("model.layers.{block}.{name}"), name);
        module.snr = Some(match (block as usize * 7 + kind * 13) % 97 {
            0 => f64::INFINITY,
            1 => f64::NAN,
            value => 0.01 * value as f64,
        });
    };
    let mlp = ["gate_proj", "up_proj", "down_proj"];
    let attention = [
        "q_a_proj",
        "q_b_proj",
        "kv_a_proj_with_mqa",
        "kv_b_proj",
        "o_proj",
    ];
    for block in 0..60 {
        for (kind, name) in attention.into_iter().enumerate() {
            push(block, &format!("self_attn.{name}"), kind);
        }
        for (kind, name) in mlp.into_iter().enumerate() {
            if block == 0 {
                push(block, &format!("mlp.{name}"), kind);
                continue;
            }
            push(block, &format!("mlp.shared_experts.{name}"), kind);
            for expert in 0..160 {
                push(block, &format!("mlp.experts.{expert}.{name}"), expert);
            }
        }
    }
    builder.finish()
}

/// A window that holds `content`.
pub(crate) fn window(content: Content, size: Vec2, theme: Theme) -> Window {
    open(builder(size, theme), content)
}

pub(crate) fn open(builder: egui_kittest::HarnessBuilder<App>, content: Content) -> Window {
    let mut window = builder.build_eframe(|cc| {
        let mut app = App::with_settings(&cc.egui_ctx, plain(), Vec::new());
        app.state.scan.folder = None;
        match content {
            Content::Empty => app.state.document = None,
            Content::Sample => {}
            Content::Huge => {
                let document = Document::new(huge(), Origin::Results, Choice::default());
                app.state.show(document);
            }
        }
        app
    });
    window.run();
    window
}

fn tell(window: &mut Window, command: impl Into<Command>) {
    apply(&mut window.state_mut().state, command.into());
    wait(window, "spectra and dry runs", |state| {
        !state.spectrum.is_busy() && !state.export.is_busy()
    });
}

/// Brings up every view of the sets tab: without a set, with a few, and with more than fit.
fn sets(window: &mut Window) {
    tell(window, Action::ShowSets);
    for percent in [10, 50] {
        tell(window, SetsCommand::Add(Percent::whole(percent)));
    }
    let set = NamedSet {
        name: "A long name of a set. ".repeat(8),
        made: "In a long way. ".repeat(8),
        unmatched: vec![
            Unmatched {
                line: 7,
                pattern: "no such pattern ".repeat(20),
            };
            300
        ],
        ..NamedSet::default()
    };
    for _ in 0..3 {
        tell(window, SetsCommand::Import(Box::new(set.clone())));
    }
    for view in SetsView::ALL.into_iter().rev() {
        tell(window, SetsCommand::Show(view));
    }
}

/// Brings up everything that can be on screen, one thing after the other.
fn walk(window: &mut Window) {
    let modules = state(window)
        .document
        .as_ref()
        .map_or(0, |document| document.report.modules.len());
    // Each has its dry run, which takes a while in the largest models.
    let formats = if modules > 10_000 {
        &Format::ALL[11..]
    } else {
        &Format::ALL[..]
    };
    for &format in std::iter::once(&Format::Spectrum).chain(formats) {
        tell(
            window,
            Command::Export(layerscope::window::export::Command::Show(format)),
        );
    }
    for action in [Action::CloseDialog, Action::ShowOpen, Action::ShowPalette] {
        tell(window, action);
    }
    sets(window);
    for tab in [Tab::Spectrum, Tab::Layers] {
        tell(window, Command::ShowTab(tab));
    }
    tell(window, Command::SearchPalette("no such command".to_owned()));
    tell(window, Action::CloseDialog);
    tell(window, LayersCommand::Search("no such type".to_owned()));
    tell(window, LayersCommand::Search(String::new()));
    if modules > 0 {
        let all: Vec<usize> = (0..modules).collect();
        for module in [0, modules / 2, modules - 1] {
            tell(window, Command::Inspect(Some(module)));
        }
        tell(window, Action::PreviousModule);
        tell(window, Command::Spectrum(SpectrumCommand::Overlay(0)));
        for tab in [Tab::Spectrum, Tab::Layers] {
            tell(window, Command::ShowTab(tab));
        }
        tell(
            window,
            Edit::Mark {
                modules: all.clone(),
                edit: Bulk::Invert,
            },
        );
        let what = "Everything".to_owned();
        tell(
            window,
            Edit::PickRegion(Some(Region { what, modules: all })),
        );
        tell(window, Command::Inspect(None));
        tell(window, Action::ClearMarks);
        let document = window.state_mut().state.document.as_mut().unwrap();
        std::sync::Arc::make_mut(&mut document.report).warnings =
            vec!["A line that says what is wrong. ".repeat(20); 300];
        tell(window, Action::ToggleWarnings);
        tell(window, Action::ToggleWarnings);
    }
    for _ in 0..2 {
        tell(window, Action::ToggleTypesPanel);
        tell(window, Action::ToggleInspector);
    }
    for _ in 0..6 {
        window.state_mut().state.error("A long line. ".repeat(30));
        window.state_mut().state.news("A short line");
    }
    window.run();
    // Without a document or a scan the rest has nothing to do, and says so or keeps quiet.
    for action in [
        Action::Scan,
        Action::ScanFresh,
        Action::CancelScan,
        Action::Undo,
    ] {
        tell(window, action);
    }
    tell(window, Action::ToggleTheme);
    tell(window, Action::ToggleTheme);
}

/// Widgets that belong to no list that scrolls are wholly inside the window.
fn assert_whole(window: &Window, size: Vec2, content: Content) {
    let screen = Rect::from_min_max(pos2(0.0, 0.0), size.to_pos2());
    let mut labels = vec!["Open", "Scan", "Export", "Undo", "Redo", "View"];
    if content != Content::Empty {
        labels.extend(["Export freeze set…", "All", "None"]);
    }
    let mut rects = Vec::new();
    for label in labels {
        let rect = window.get_by_role_and_label(Role::Button, label).rect();
        assert!(screen.contains_rect(rect), "{label} at {rect} in {size}");
        rects.push((label, rect));
    }
    for (place, (label, rect)) in rects.iter().enumerate() {
        for (other, before) in &rects[..place] {
            assert!(
                !rect.shrink(1.0).intersects(*before),
                "{label} over {other}"
            );
        }
    }
    if content != Content::Empty {
        let slider = window.get_by_role_and_label(Role::Slider, "Top percent");
        assert!(screen.contains_rect(slider.rect()));
        let cells = crate::window::heatmap(window).rect();
        assert!(cells.width() > 200.0 && cells.height() > 150.0, "{cells}");
        assert!(screen.contains_rect(cells), "{cells} in {size}");
    }
}

fn walk_all(content: Content) {
    for size in SIZES {
        for theme in [Theme::Dark, Theme::Light] {
            let mut window = window(content, size, theme);
            assert_whole(&window, size, content);
            walk(&mut window);
            assert!(expire_notices(&mut window.state_mut().state).is_some());
        }
    }
}

#[test]
fn every_panel_stands_without_a_document() {
    walk_all(Content::Empty);
}

#[test]
fn every_panel_stands_with_the_sample() {
    walk_all(Content::Sample);
}

#[test]
fn every_panel_stands_with_28_800_modules() {
    let report = huge();
    assert_eq!((report.modules.len(), report.types.len()), (28_800, 491));
    walk_all(Content::Huge);
}

#[test]
fn a_window_far_too_small_does_no_harm() {
    for content in [Content::Empty, Content::Sample, Content::Huge] {
        let mut window = window(content, vec2(300.0, 200.0), Theme::Dark);
        walk(&mut window);
    }
}

#[test]
fn twice_the_size_of_text_still_fits() {
    let size = vec2(1280.0, 800.0);
    // Points are what is laid out in: at 200 % half as many of them are there.
    let builder = builder(size, Theme::Dark).with_pixels_per_point(2.0);
    let mut window = open(builder, Content::Sample);
    assert_whole(&window, size, Content::Sample);
    walk(&mut window);
}

#[test]
fn the_huge_list_folds_experts_into_a_row_a_projection() {
    let window = window(Content::Huge, SIZES[1], Theme::Dark);
    let ticks = window.get_all_by_role(Role::CheckBox);
    let names: Vec<String> = ticks
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    let experts = |name: &&String| name.contains(".experts.");
    assert_eq!(names.iter().filter(experts).count(), 3, "{names:?}");
}

/// Hovers everything in sight, of a dialog what is in it: a tooltip with a letter that no font
/// has would fail.
fn hover_all(window: &mut Window) {
    let dialog = window.query_by_role(Role::Dialog);
    let nodes = dialog.unwrap_or_else(|| window.root());
    let leaf = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.label().is_some() && node.role() != Role::TextRun && node.bounding_box().is_some()
    };
    let nodes = nodes.children_recursive().filter(leaf);
    let places: Vec<_> = nodes.map(|node| node.rect().center()).collect();
    assert!(places.len() > 5, "there is something to hover");
    for place in places {
        window.hover_at(place);
        // A tooltip waits for the pointer to rest.
        window.run_steps(4);
    }
    window.remove_cursor();
    window.run();
}

#[test]
fn every_tooltip_has_letters_for_what_it_says() {
    let mut window = window(Content::Sample, SIZES[0], Theme::Dark);
    tell(&mut window, Command::Inspect(Some(40)));
    let slider = window.get_by_role_and_label(Role::Slider, "Top percent");
    slider.hover();
    window.run_steps(4);
    window.get_by_label_contains("rounded down");
    hover_all(&mut window);
    for dialog in [Action::ShowOpen, Action::ShowExport, Action::ShowPalette] {
        tell(&mut window, dialog);
        hover_all(&mut window);
    }
}

#[test]
fn the_presentation_of_the_layers_is_the_picture_alone() {
    let mut window = window(Content::Sample, SIZES[1], Theme::Dark);
    window.get_by_role_and_label(Role::ComboBox, "Color by");
    apply(&mut window.state_mut().state, Action::Present.into());
    window.run();
    crate::window::heatmap(&window);
    let controls = window.query_by_role_and_label(Role::ComboBox, "Color by");
    assert!(controls.is_none());
}
