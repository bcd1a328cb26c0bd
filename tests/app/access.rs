//! The window for those who cannot see it, or see it in other ways: names and values of all
//! widgets, the order of the keyboard, contrast.

use std::collections::HashMap;

use eframe::egui::accesskit::{self, Live};
use eframe::egui::{Key, Modifiers, Role, Theme};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::selection::Percent;
use layerscope::window::{Action, Command, SetsView, Tab, apply};

use crate::panels::{Content, window as open};
use crate::window::{SIZE, Window, focused, heatmap, keys, state, wait};

/// Commands that open a dialog.
const DIALOGS: [Action; 6] = [
    Action::ShowOpen,
    Action::CompareWith,
    Action::ShowExport,
    Action::ShowPalette,
    Action::ShowHelp,
    Action::ShowShortcuts,
];

fn tell(window: &mut Window, command: impl Into<Command>) {
    apply(&mut window.state_mut().state, command.into());
    settle(window);
}

fn settle(window: &mut Window) {
    wait(window, "everything to be at rest", |state| {
        !(state.spectrum.is_busy() || state.export.is_busy() || state.runs.is_busy())
    });
}

/// Whether the keyboard, a pointer or a screen reader can do something with it.
fn acts(node: &Node<'_>) -> bool {
    let node = node.accesskit_node();
    let can = |action| node.data().supports_action(action);
    // Scroll bars of egui belong to an area that the keyboard scrolls by itself; text that can be
    // marked is no control.
    let passive = matches!(node.role(), Role::ScrollBar | Role::Label | Role::TextRun);
    !passive && (can(accesskit::Action::Focus) || can(accesskit::Action::Click))
}

/// Goes through the whole tree of what is on screen.
#[track_caller]
fn assert_named(window: &Window, what: &str) {
    let mut seen: HashMap<String, Vec<eframe::egui::Rect>> = HashMap::new();
    let mut wrong = Vec::new();
    for node in window.root().children_recursive() {
        let of = node.accesskit_node();
        let label = of.label().unwrap_or_default();
        let at = format!("{:?} {label:?} in {what}", of.role());
        if acts(&node) {
            if label.trim().is_empty() {
                wrong.push(format!("no name: {at} at {}", node.rect()));
            }
            if of.role() == Role::Unknown {
                wrong.push(format!("no role: {at}"));
            }
            let places = seen.entry(format!("{:?} {label}", of.role())).or_default();
            if places
                .iter()
                .any(|place| place.intersects(node.rect().shrink(1.0)))
            {
                wrong.push(format!("twice in one place: {at} at {}", node.rect()));
            }
            places.push(node.rect());
        }
        let picture = matches!(of.role(), Role::Canvas);
        if picture && node.value().unwrap_or_default().trim().is_empty() {
            wrong.push(format!("no value: {at}"));
        }
        let number = matches!(of.role(), Role::Slider | Role::SpinButton);
        if number && of.numeric_value().is_none() {
            wrong.push(format!("no number: {at}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every screen there is, one after the other.
fn every_screen(window: &mut Window, look: impl Fn(&mut Window, &str)) {
    look(window, "layers");
    tell(window, Command::Inspect(Some(40)));
    tell(window, Command::ShowTab(Tab::Layers));
    look(window, "layers, one inspected");
    tell(window, Command::ShowTab(Tab::Spectrum));
    look(window, "spectrum");
    tell(window, Command::ShowTab(Tab::Sets));
    for percent in [10, 50] {
        tell(
            window,
            layerscope::window::SetsCommand::Add(Percent::whole(percent)),
        );
    }
    for view in SetsView::ALL {
        tell(window, layerscope::window::SetsCommand::Show(view));
        look(window, view.text());
    }
    tell(window, Command::ShowTab(Tab::Runs));
    look(window, "runs");
    for dialog in DIALOGS {
        tell(window, dialog);
        look(window, dialog.text());
        tell(window, Action::CloseDialog);
    }
    tell(window, Action::Present);
    look(window, "presentation of runs");
    tell(window, Command::ShowTab(Tab::Layers));
    look(window, "presentation of layers");
    tell(window, Action::Present);
}

#[test]
fn every_control_has_a_name_a_role_and_a_value() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    every_screen(&mut window, |window, what| assert_named(window, what));
    let window = open(Content::Empty, SIZE, Theme::Dark);
    assert_named(&window, "an empty window");
}

/// What Tab goes through until it is back at the beginning.
fn round(window: &mut Window) -> Vec<String> {
    let mut stops = Vec::new();
    for _ in 0..200 {
        keys(window, Modifiers::NONE, &[Key::Tab]);
        let now = focused(window);
        if stops.first() == Some(&now) {
            break;
        }
        stops.push(now);
    }
    stops
}

#[test]
fn tab_goes_through_the_window_as_it_is_read() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    tell(&mut window, Command::Inspect(Some(40)));
    let stops = round(&mut window);
    println!("{}", stops.join("\n"));
    let place = |name: &str| {
        let place = stops.iter().position(|stop| stop == name);
        place.unwrap_or_else(|| panic!("{name} is not among\n{}", stops.join("\n")))
    };
    let order = [
        "Button Open",
        "Button Export",
        "Button Commands  Ctrl+K",
        "Button View",
        "Button Help",
        "Button All",
        "Button None",
        "TextInput Search types",
        "CheckBox self_attn.k_proj",
        "SpinButton Percent of self_attn.k_proj",
        "CheckBox lm_head",
        "Button Presets",
        "Slider Top percent",
        "Button Export freeze set…",
        "Button Layers",
        "Button Sets",
        "ComboBox Color by",
        "Canvas Layer heatmap",
        "Button Row query",
        "Button Block numbers",
        "Button Previous layer of this type",
        "Button Next layer of this type",
        "Button Pin",
        "Button Open your own…",
    ];
    let places: Vec<usize> = order.iter().map(|name| place(name)).collect();
    assert!(places.is_sorted(), "{places:?} of\n{}", stops.join("\n"));
    keys(&mut window, Modifiers::SHIFT, &[Key::Tab]);
    assert_eq!(focused(&window), *stops.last().unwrap(), "and back");
}

#[test]
fn f6_goes_from_part_to_part_and_back() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    tell(&mut window, Command::Inspect(Some(40)));
    let mut stops = Vec::new();
    for _ in 0..6 {
        keys(&mut window, Modifiers::NONE, &[Key::F6]);
        stops.push(focused(&window));
    }
    println!("{stops:?}");
    assert_eq!(stops[0], "Button Open");
    assert_eq!(stops[1], "Button All");
    assert_eq!(stops[2], "Canvas Layer heatmap");
    assert!(
        stops[3].contains("layer") || stops[3].contains("Numbers"),
        "{stops:?}"
    );
    assert_eq!(stops[4], "Button Open your own…");
    assert_eq!(stops[5], "Button Open");
    keys(&mut window, Modifiers::SHIFT, &[Key::F6]);
    assert_eq!(focused(&window), stops[4]);
}

#[test]
fn a_dialog_takes_the_keyboard_keeps_it_and_gives_it_back() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    for dialog in DIALOGS {
        heatmap(&window).focus();
        window.run();
        tell(&mut window, dialog);
        assert!(state(&window).dialog.is_some());
        let inside = |window: &Window| {
            let dialog = window.get_by_role(Role::Dialog);
            dialog.children_recursive().any(|node| node.is_focused())
        };
        assert!(inside(&window), "{dialog:?}: {}", focused(&window));
        let stops = round(&mut window);
        assert!(!stops.is_empty());
        for key in [Key::Tab, Key::ArrowDown, Key::Tab, Key::F6] {
            keys(&mut window, Modifiers::NONE, &[key]);
            assert!(inside(&window), "{dialog:?}: {}", focused(&window));
        }
        let label = window.get_by_role(Role::Dialog).accesskit_node().label();
        assert!(label.is_some(), "{dialog:?}");
        keys(&mut window, Modifiers::NONE, &[Key::Escape]);
        assert_eq!(state(&window).dialog, None, "{dialog:?}");
        assert_eq!(focused(&window), "Canvas Layer heatmap", "{dialog:?}");
    }
}

#[test]
fn a_menu_gives_the_keyboard_back_to_its_button() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    keys(&mut window, Modifiers::NONE, &[Key::Tab]);
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert_eq!(focused(&window), "Button Open");
    keys(&mut window, Modifiers::NONE, &[Key::ArrowDown]);
    assert!(focused(&window).contains("Open…"), "{}", focused(&window));
    keys(&mut window, Modifiers::NONE, &[Key::Tab]);
    assert!(
        focused(&window).contains("Open file…"),
        "{}",
        focused(&window)
    );
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(focused(&window), "Button Open");
    assert!(window.query_by_label_contains("Open file…").is_none());
    // Escape once more does not lose it.
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(focused(&window), "Button Open");
}

#[test]
fn the_heatmap_speaks_its_cells_in_a_live_region() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    heatmap(&window).focus();
    window.run();
    let live = |window: &Window| {
        let nodes = window.root().children_recursive();
        let mut live = nodes.filter(|node| node.accesskit_node().live() == Live::Polite);
        live.next()
            .and_then(|node| node.value())
            .unwrap_or_default()
    };
    let first = heatmap(&window).value().unwrap();
    assert_eq!(live(&window), first);
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    let second = heatmap(&window).value().unwrap();
    assert_ne!(first, second);
    assert_eq!(live(&window), second);
}

/// What the keyboard can be given, of the dialog that is open or of the whole window.
fn stops(window: &Window) -> Vec<(Role, String)> {
    let of = window.query_by_role(Role::Dialog);
    let nodes = of.unwrap_or_else(|| window.root());
    let mut stops = Vec::new();
    for node in nodes.children_recursive().filter(acts) {
        let of = node.accesskit_node();
        let stop = (of.role(), of.label().unwrap_or_default());
        let can = of.data().supports_action(accesskit::Action::Focus) && !of.is_disabled();
        if can && !stops.contains(&stop) {
            stops.push(stop);
        }
    }
    stops
}

/// In a window of `screen` everything comes into sight when the keyboard comes to it.
#[track_caller]
fn assert_in_sight(window: &mut Window, what: &str, screen: eframe::egui::Rect) {
    for (role, label) in stops(window) {
        let find = |window: &Window| {
            let of = window.query_by_role(Role::Dialog);
            let nodes = of.unwrap_or_else(|| window.root()).children_recursive();
            let mut found = nodes.filter(|node| {
                let of = node.accesskit_node();
                of.role() == role && of.label().unwrap_or_default() == label
            });
            found.next().map(|node| {
                node.focus();
                node.rect()
            })
        };
        // A menu or a list may have gone with what came before.
        if find(window).is_none() {
            continue;
        }
        window.run();
        let Some(rect) = find(window) else { continue };
        let seen = rect.intersect(screen);
        let enough = seen.width() >= rect.width().min(screen.width() * 0.4) - 1.0
            && seen.height() >= rect.height().min(screen.height() * 0.4) - 1.0;
        assert!(enough, "{what}: {role:?} {label:?} at {rect} in {screen}");
    }
}

/// With text at 200 % half as many points of a screen are there: 1280 × 800 has 640 × 400, and
/// 1024 × 640 has 512 × 320.
#[test]
fn with_text_at_200_percent_everything_comes_into_sight() {
    for size in [
        eframe::egui::vec2(640.0, 400.0),
        eframe::egui::vec2(512.0, 320.0),
    ] {
        let screen = eframe::egui::Rect::from_min_size(eframe::egui::Pos2::ZERO, size);
        let mut window = open(Content::Sample, size, Theme::Light);
        assert_in_sight(&mut window, "layers", screen);
        tell(&mut window, Command::Inspect(Some(40)));
        for tab in [Tab::Spectrum, Tab::Sets, Tab::Runs] {
            tell(&mut window, Command::ShowTab(tab));
            assert_in_sight(&mut window, &format!("{tab:?}"), screen);
        }
        for dialog in [
            Action::ShowOpen,
            Action::CompareWith,
            Action::ShowExport,
            Action::ShowHelp,
            Action::ShowShortcuts,
        ] {
            tell(&mut window, dialog);
            assert_in_sight(&mut window, dialog.text(), screen);
            tell(&mut window, Action::CloseDialog);
        }
    }
}

#[test]
fn a_spectrum_is_read_zoomed_and_its_edge_pushed_by_keyboard() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    tell(&mut window, Command::OpenSpectrum(40));
    let plot = |window: &Window| {
        let node = window.get_by(|node| {
            let label = node.label().unwrap_or_default();
            node.role() == Role::Canvas && label.starts_with("Plot of model.")
        });
        node.value().unwrap_or_default()
    };
    keys(&mut window, Modifiers::NONE, &[Key::F6; 3]);
    assert!(
        focused(&window).starts_with("Canvas Plot of"),
        "{}",
        focused(&window)
    );
    let whole = plot(&window);
    assert!(whole.contains("over"), "{whole}");
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    let first = plot(&window);
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    let second = plot(&window);
    assert!(whole != first && first != second, "{first} {second}");
    keys(
        &mut window,
        Modifiers::NONE,
        &[Key::Plus, Key::Minus, Key::Num0],
    );
    keys(&mut window, Modifiers::SHIFT, &[Key::ArrowRight]);
    assert_eq!(plot(&window), second);
    let before = state(&window).spectrum.method;
    keys(&mut window, Modifiers::ALT, &[Key::ArrowRight]);
    settle(&mut window);
    assert_ne!(state(&window).spectrum.method, before);
    assert!(
        focused(&window).starts_with("Canvas Plot of"),
        "it stays there"
    );
}

#[test]
fn a_rectangle_by_keyboard_leads_to_its_buttons_and_back() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    keys(&mut window, Modifiers::NONE, &[Key::F6; 3]);
    assert_eq!(focused(&window), "Canvas Layer heatmap");
    keys(
        &mut window,
        Modifiers::SHIFT,
        &[Key::ArrowRight, Key::ArrowDown],
    );
    keys(&mut window, Modifiers::NONE, &[Key::Space]);
    assert!(crate::window::document(&window).region.is_some());
    assert_eq!(focused(&window), "Button Pin all");
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    let marks = |window: &Window| {
        let document = state(window).document.as_ref().unwrap();
        document.choice().marks.len()
    };
    assert_eq!(marks(&window), 4);
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert!(crate::window::document(&window).region.is_none());
    assert_eq!(focused(&window), "Canvas Layer heatmap");
    // The menu of a cell, and the block numbers.
    keys(&mut window, Modifiers::SHIFT, &[Key::F10]);
    assert_eq!(focused(&window), "Button Inspect");
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert!(state(&window).inspected.is_some());
    assert_eq!(focused(&window), "Canvas Layer heatmap");
}

#[test]
fn the_edge_of_a_panel_moves_by_arrow_keys() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    let edge = |window: &Window| {
        let edges = window.get_all_by_role(Role::Splitter);
        edges
            .map(|node| node.rect().left())
            .reduce(f32::min)
            .unwrap()
    };
    let before = edge(&window);
    for _ in 0..100 {
        keys(&mut window, Modifiers::NONE, &[Key::Tab]);
        if focused(&window).starts_with("Splitter") {
            break;
        }
    }
    assert!(focused(&window).starts_with("Splitter"));
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    assert!(edge(&window) > before, "{} {before}", edge(&window));
    keys(&mut window, Modifiers::NONE, &[Key::ArrowLeft]);
    assert!((edge(&window) - before).abs() < 1.0);
}
