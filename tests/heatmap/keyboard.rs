//! The keyboard reaches every cell and does what the pointer does.

use eframe::egui::{Key, Modifiers, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use layerscope::selection::Choice;
use layerscope::window::heatmap::{HeatmapEvent, NAME};

use crate::common::{Page, cells, small, window};

const SIZE: Vec2 = vec2(700.0, 400.0);

/// A window whose heatmap has the keyboard.
fn focused() -> Harness<'static, Page> {
    let mut harness = window(Page::new(small(8), Choice::default()), SIZE);
    harness
        .get_by(|node| node.label().is_some_and(|label| label.starts_with(NAME)))
        .focus();
    harness.run();
    harness
}

fn press(harness: &mut Harness<'_, Page>, modifiers: Modifiers, keys: &[Key]) {
    for &key in keys {
        harness.key_press_modifiers(modifiers, key);
        harness.run();
    }
}

fn last(harness: &Harness<'_, Page>) -> HeatmapEvent {
    harness.state().events.last().unwrap().clone()
}

#[test]
fn the_first_cell_speaks_when_the_heatmap_gets_the_keyboard() {
    let harness = focused();
    assert_eq!(last(&harness), HeatmapEvent::Focus(vec![0]));
    let (_, label) = cells(&harness);
    assert!(label.contains("model.layers.0.self_attn.q_proj"), "{label}");
    assert!(label.contains("Rank 8 of 8"), "{label}");
    assert!(label.contains("frozen"), "{label}");
}

#[test]
fn arrows_move_and_stop_at_the_edges() {
    let mut harness = focused();
    press(
        &mut harness,
        Modifiers::NONE,
        &[Key::ArrowLeft, Key::ArrowUp],
    );
    assert_eq!(last(&harness), HeatmapEvent::Focus(vec![0]));
    press(
        &mut harness,
        Modifiers::NONE,
        &[Key::ArrowRight, Key::ArrowDown],
    );
    assert_eq!(last(&harness), HeatmapEvent::Focus(vec![9]));
    press(&mut harness, Modifiers::NONE, &[Key::End]);
    assert_eq!(last(&harness), HeatmapEvent::Focus(vec![15]));
    press(&mut harness, Modifiers::NONE, &[Key::Home, Key::ArrowDown]);
    assert_eq!(last(&harness), HeatmapEvent::Focus(vec![16]));
    let (_, label) = cells(&harness);
    assert!(label.contains("SNR NaN"), "{label}");
}

#[test]
fn space_toggles_and_enter_inspects() {
    let mut harness = focused();
    press(
        &mut harness,
        Modifiers::NONE,
        &[Key::ArrowRight, Key::Space, Key::Enter],
    );
    let expected = [HeatmapEvent::Toggle(vec![1]), HeatmapEvent::Inspect(1)];
    assert_eq!(harness.state().deeds(), expected);
}

#[test]
fn shift_and_arrows_span_a_rectangle_that_space_takes() {
    let mut harness = focused();
    press(
        &mut harness,
        Modifiers::SHIFT,
        &[Key::ArrowRight, Key::ArrowDown],
    );
    press(&mut harness, Modifiers::NONE, &[Key::Space]);
    let expected = HeatmapEvent::Rectangle(vec![0, 1, 8, 9], Modifiers::NONE);
    assert_eq!(harness.state().deeds(), [expected]);
}

#[test]
fn plus_zooms_and_zero_shows_all_again() {
    let mut harness = focused();
    let before = harness.state().heatmap.cell_of(0).unwrap();
    press(&mut harness, Modifiers::NONE, &[Key::Plus]);
    let zoomed = harness.state().heatmap.cell_of(0).unwrap();
    assert!(zoomed.width() > before.width());
    press(&mut harness, Modifiers::NONE, &[Key::Num0]);
    assert_eq!(harness.state().heatmap.cell_of(0), Some(before));
}
