//! Clicks, rectangles, the wheel, labels: what each tells the caller.

use eframe::egui::{Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use layerscope::figure::{ColorMap, Mode};
use layerscope::selection::Choice;
use layerscope::window::heatmap::HeatmapEvent;

use crate::common::{Page, builder, mixture, small, window};

const SIZE: Vec2 = vec2(700.0, 400.0);

/// Modules of `small(8)`: the row's number times 8 plus the block.
fn page() -> Page {
    Page::new(small(8), Choice::default())
}

fn at(harness: &Harness<'_, Page>, module: usize) -> Pos2 {
    harness.state().heatmap.cell_of(module).unwrap().center()
}

fn button(pos: Pos2, pressed: bool, modifiers: Modifiers) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers,
    }
}

fn click(harness: &mut Harness<'_, Page>, pos: Pos2, modifiers: Modifiers) {
    harness.hover_at(pos);
    harness.step();
    harness.event_modifiers(button(pos, true, modifiers), modifiers);
    harness.step();
    harness.event_modifiers(button(pos, false, modifiers), modifiers);
    harness.step();
}

#[test]
fn a_click_inspects_and_its_cell_takes_the_keyboard() {
    let mut harness = window(page(), SIZE);
    let pos = at(&harness, 11);
    click(&mut harness, pos, Modifiers::NONE);
    assert_eq!(harness.state().deeds(), [HeatmapEvent::Inspect(11)]);
    harness.run();
    let (_, says) = crate::common::cells(&harness);
    assert!(
        says.starts_with("model.layers.3.mlp.down_proj, SNR 0.8000"),
        "{says}"
    );
}

#[test]
fn a_click_with_the_command_key_toggles() {
    let mut harness = window(page(), SIZE);
    let pos = at(&harness, 2);
    click(&mut harness, pos, Modifiers::COMMAND);
    assert_eq!(harness.state().deeds(), [HeatmapEvent::Toggle(vec![2])]);
}

#[test]
fn a_double_click_opens_the_spectrum() {
    let mut harness = builder(SIZE, true)
        .with_step_dt(0.02)
        .build_ui_state(|ui, page: &mut Page| page.ui(ui), page());
    harness.run();
    let pos = at(&harness, 5);
    click(&mut harness, pos, Modifiers::NONE);
    click(&mut harness, pos, Modifiers::NONE);
    let deeds = harness.state().deeds();
    assert_eq!(
        deeds.last(),
        Some(&HeatmapEvent::OpenSpectrum(5)),
        "{deeds:?}"
    );
}

#[test]
fn a_drag_takes_the_rectangle_between_its_corners() {
    let mut harness = window(page(), SIZE);
    let (from, to) = (at(&harness, 10), at(&harness, 1));
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.drop_at(to);
    harness.step();
    let expected = HeatmapEvent::Rectangle(vec![1, 2, 9, 10], Modifiers::NONE);
    assert_eq!(harness.state().deeds(), [expected]);
}

#[test]
fn hovering_names_the_module_and_leaving_names_none() {
    let mut harness = window(page(), SIZE);
    harness.hover_at(at(&harness, 4));
    harness.run();
    harness.get_by_label("model.layers.4.self_attn.q_proj");
    harness.get_by_label("4 of 8");
    harness.get_by_label("50 %");
    harness.hover_at(Pos2::new(2.0, 2.0));
    harness.run();
    assert!(harness.query_by_label("4 of 8").is_none());
    let hovers = [HeatmapEvent::Hover(vec![4]), HeatmapEvent::Hover(vec![])];
    assert_eq!(harness.state().events, hovers);
}

#[test]
fn labels_and_block_numbers_stand_for_their_modules() {
    let mut harness = window(page(), SIZE);
    harness.get_by_label("Row down").click();
    harness.run();
    let head = Pos2::new(
        at(&harness, 3).x,
        harness.get_by_label("Block numbers").rect().center().y,
    );
    click(&mut harness, head, Modifiers::NONE);
    let expected = [
        HeatmapEvent::SelectType(vec![1], Modifiers::NONE),
        HeatmapEvent::SelectBlock(3, Modifiers::NONE),
    ];
    assert_eq!(harness.state().deeds(), expected);
}

#[test]
fn a_right_click_says_what_it_was_on() {
    let mut harness = window(page(), SIZE);
    let right = |harness: &mut Harness<'_, Page>, pos: Pos2| {
        for pressed in [true, false] {
            harness.hover_at(pos);
            harness.step();
            harness.event(Event::PointerButton {
                pos,
                button: PointerButton::Secondary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        harness.run();
    };
    let cell = at(&harness, 12);
    right(&mut harness, cell);
    harness.get_by_label("menu of Some(Cell([12]))");
    assert!(
        harness.query_by_label("5 of 8").is_none(),
        "no tooltip over it"
    );
    // A click outside only closes a menu that is open.
    harness.key_press(eframe::egui::Key::Escape);
    harness.run();
    let label = harness.get_by_label("Row query").rect().center();
    right(&mut harness, label);
    harness.get_by_label("menu of Some(Row([0]))");
    harness.key_press(eframe::egui::Key::Escape);
    harness.run();
    let number = Pos2::new(
        cell.x,
        harness.get_by_label("Block numbers").rect().center().y,
    );
    right(&mut harness, number);
    harness.get_by_label("menu of Some(Block(4))");
    assert_eq!(harness.state().deeds(), []);
}

fn turn_wheel(harness: &mut Harness<'_, Page>, pos: Pos2, delta: Vec2, modifiers: Modifiers) {
    harness.hover_at(pos);
    harness.step();
    let event = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        source: eframe::egui::MouseWheelSource::Wheel,
        delta,
        phase: TouchPhase::Move,
        modifiers,
    };
    harness.event_modifiers(event, modifiers);
    harness.run_steps(20);
}

#[test]
fn the_wheel_zooms_about_the_pointer_and_zero_shows_all_again() {
    let mut harness = window(Page::new(small(80), Choice::default()), SIZE);
    let before = harness.state().heatmap.cell_of(40).unwrap();
    turn_wheel(
        &mut harness,
        before.center(),
        vec2(0.0, 200.0),
        Modifiers::NONE,
    );
    let zoomed = harness.state().heatmap.cell_of(40).unwrap();
    assert!(
        zoomed.width() > 1.5 * before.width(),
        "{before:?} {zoomed:?}"
    );
    assert!(zoomed.expand(2.0).x_range().contains(before.center().x));
    assert_eq!(
        harness.state().heatmap.cell_of(0),
        None,
        "zoomed out of sight"
    );
    harness.get_by_label("Reset zoom").click();
    harness.run();
    assert_eq!(harness.state().heatmap.cell_of(40), Some(before));
}

#[test]
fn the_wheel_scrolls_where_rows_do_not_fit() {
    let mut page = Page::new(mixture(6, 40), Choice::default());
    page.settings
        .unfolded
        .insert("mlp.experts.*.down_proj".to_owned());
    let mut harness = window(page, SIZE);
    let first = 2 * 40 * 6;
    let before = harness.state().heatmap.cell_of(first).unwrap();
    assert_eq!(harness.state().heatmap.cell_of(first + 39 * 6), None);
    turn_wheel(
        &mut harness,
        before.center(),
        vec2(0.0, -60.0),
        Modifiers::NONE,
    );
    let after = harness.state().heatmap.cell_of(first).unwrap();
    assert!(after.top() < before.top() - 30.0, "{before:?} {after:?}");
    assert_eq!(after.size(), before.size());
    turn_wheel(
        &mut harness,
        before.center(),
        vec2(0.0, -5000.0),
        Modifiers::NONE,
    );
    assert!(harness.state().heatmap.cell_of(first + 39 * 6).is_some());
}

#[test]
fn the_triangle_unfolds_a_row_and_folds_it_again() {
    let mut harness = window(Page::new(mixture(6, 3), Choice::default()), SIZE);
    assert!(harness.query_by_label("Row expert 2").is_none());
    harness.get_by_label("Unfold experts · up").click();
    harness.run();
    harness.get_by_label("Row expert 2");
    harness.get_by_label("Fold experts · up").click();
    harness.run();
    assert!(harness.query_by_label("Row expert 2").is_none());
    let row = "mlp.experts.*.up_proj".to_owned();
    let expected = [HeatmapEvent::Unfold(row.clone()), HeatmapEvent::Fold(row)];
    assert_eq!(harness.state().deeds(), expected);
}

#[test]
fn a_folded_cell_speaks_of_all_its_experts() {
    let mut harness = window(Page::new(mixture(6, 8), Choice::default()), SIZE);
    harness.hover_at(at(&harness, 0));
    harness.run();
    harness.get_by_label("experts · gate, block 0");
    harness.get_by_label_contains(" of 8");
    let pos = at(&harness, 0);
    click(&mut harness, pos, Modifiers::COMMAND);
    let experts = (0..8).map(|expert| expert * 6).collect();
    assert_eq!(harness.state().deeds(), [HeatmapEvent::Toggle(experts)]);
}

#[test]
fn the_line_above_changes_how_it_is_shown() {
    let mut harness = window(page(), SIZE);
    harness.get_by_label("Dim frozen").click();
    harness.run();
    harness.get_by_label("Color by").click();
    harness.run();
    harness.get_by_label("Rank within type").click();
    harness.run();
    harness.get_by_label("Color map").click();
    harness.run();
    harness.get_by_label("Cividis").click();
    harness.run();
    let settings = &harness.state().settings;
    assert_eq!(
        (settings.mode, settings.map, settings.dim),
        (Mode::Rank, ColorMap::Cividis, false)
    );
}
