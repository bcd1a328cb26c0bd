//! Choosing layers: by slider, by type, by hand; and taking steps back.

use eframe::egui::{Key, Modifiers, Pos2, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::selection::{Mark, Percent};

use crate::window::{
    Window, document, first_start, heatmap, heatmap_says, keys, press, slide, state, words,
};

/// The counts as the window shows them.
#[track_caller]
fn assert_counts(window: &Window) {
    let counts = document(window).set.counts;
    window.get_by_label(&format!("{} of {}", counts.modules, counts.modules_total));
}

fn percent(window: &Window) -> Percent {
    document(window).choice().percent
}

/// Puts the keyboard on the heatmap and pins the first cell that does not train; returns it.
fn pin_by_keyboard(window: &mut Window) -> usize {
    heatmap(window).focus();
    window.run();
    keys(window, Modifiers::NONE, &[Key::ArrowRight, Key::ArrowDown]);
    for _ in 0..20 {
        if heatmap_says(window).contains("State frozen") {
            break;
        }
        keys(window, Modifiers::NONE, &[Key::ArrowRight]);
    }
    let said = heatmap_says(window);
    let name = said.split([':', ',']).nth(1).unwrap().trim();
    let module = document(window).report.find(name).expect("a module's name");
    keys(window, Modifiers::NONE, &[Key::Space]);
    module
}

#[test]
fn the_first_start_shows_the_sample_and_says_what_it_is() {
    let window = first_start();
    let words = words(&window);
    for expected in [
        layerscope::sample::SLUG,
        layerscope::sample::ABOUT,
        "273 modules",
    ] {
        assert!(words.contains(expected), "{expected:?} is not in:\n{words}");
    }
    assert_counts(&window);
    assert!(heatmap_says(&window).contains("273 modules"));
}

#[test]
fn the_slider_changes_the_counts_and_undo_takes_it_back() {
    let mut window = first_start();
    let before = document(&window).set.clone();
    slide(&mut window, 50.0);
    assert_eq!(percent(&window), Percent::whole(50));
    assert!(document(&window).set.counts.modules > before.counts.modules);
    assert_counts(&window);
    press(&mut window, "Undo");
    assert_eq!(document(&window).set, before);
    assert_counts(&window);
    press(&mut window, "Redo");
    assert_eq!(percent(&window), Percent::whole(50));
}

#[test]
fn arrow_keys_move_the_slider_by_one_and_with_shift_by_a_tenth() {
    let mut window = first_start();
    let slider = window.get_by_role_and_label(Role::Slider, "Top percent");
    slider.focus();
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    assert_eq!(percent(&window), Percent::whole(26));
    keys(&mut window, Modifiers::SHIFT, &[Key::ArrowLeft]);
    assert_eq!(percent(&window), Percent::from_slider(25.9));
}

#[test]
fn a_percentage_can_be_typed() {
    let mut window = first_start();
    let field = window.get_by_role_and_label(Role::SpinButton, "Top percent");
    field.click();
    window.run();
    keys(&mut window, Modifiers::COMMAND, &[Key::A]);
    window.event(eframe::egui::Event::Text("12.5".to_owned()));
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert_eq!(percent(&window), Percent::from_slider(12.5));
}

#[test]
fn one_drag_of_the_slider_is_one_step() {
    let mut window = first_start();
    let rect = window
        .get_by_role_and_label(Role::Slider, "Top percent")
        .rect();
    let at = |share: f32| Pos2::new(rect.left() + rect.width() * share, rect.center().y);
    window.hover_at(at(0.3));
    window.step();
    window.drag_at(at(0.3));
    window.step();
    let mut seen = Vec::new();
    for share in [0.4, 0.5, 0.65, 0.8] {
        window.hover_at(at(share));
        window.step();
        window.step();
        seen.push(percent(&window));
    }
    assert!(
        seen.is_sorted_by(|a, b| a < b),
        "follows the pointer: {seen:?}"
    );
    window.drop_at(at(0.8));
    window.run();
    assert_eq!(Some(&percent(&window)), seen.last());
    press(&mut window, "Undo");
    assert_eq!(percent(&window), Percent::whole(25));
    let undo = window.get_by_role_and_label(Role::Button, "Undo");
    assert!(undo.accesskit_node().is_disabled(), "there was one step");
    press(&mut window, "Redo");
    assert_eq!(Some(&percent(&window)), seen.last());
}

#[test]
fn a_type_that_is_unticked_leaves_the_set() {
    let mut window = first_start();
    let name = "mlp.down_proj";
    let index = |window: &Window| {
        let types = &document(window).report.types;
        types.iter().position(|layer_type| layer_type.name == name)
    };
    let index = index(&window).expect("the sample has it");
    assert!(document(&window).set.types[index].is_some());
    let tick = window.get_by_role_and_label(Role::CheckBox, name);
    tick.click();
    window.run();
    assert_eq!(document(&window).set.types[index], None);
    assert_counts(&window);
    press(&mut window, "Undo");
    assert!(document(&window).set.types[index].is_some());
}

#[test]
fn a_type_takes_a_percentage_of_its_own() {
    let mut window = first_start();
    let name = "self_attn.q_proj";
    window
        .get_by_role_and_label(Role::SpinButton, "Percent of self_attn.q_proj")
        .click();
    window.run();
    keys(&mut window, Modifiers::COMMAND, &[Key::A]);
    window.event(eframe::egui::Event::Text("60".to_owned()));
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    let choice = document(&window).choice();
    assert_eq!(choice.type_percent.get(name), Some(&Percent::whole(60)));
    assert_eq!(choice.percent, Percent::whole(25));
    press(&mut window, "Reset %");
    assert!(document(&window).choice().type_percent.is_empty());
}

#[test]
fn a_pin_made_by_keyboard_survives_the_slider() {
    let mut window = first_start();
    let module = pin_by_keyboard(&mut window);
    assert_eq!(document(&window).mark_of(module), Some(Mark::Pin));
    window.get_by_label("By hand: 1 pinned, 0 dropped");
    assert!(heatmap_says(&window).contains("State chosen: pinned"));
    slide(&mut window, 0.0);
    assert!(document(&window).set.chosen[module]);
    window.get_by_label("By hand: 1 pinned, 0 dropped");
    press(&mut window, "Undo");
    press(&mut window, "Undo");
    assert_eq!(document(&window).mark_of(module), None);
    window.get_by_label("By hand: 0 pinned, 0 dropped");
    press(&mut window, "Redo");
    assert_eq!(document(&window).mark_of(module), Some(Mark::Pin));
    press(&mut window, "Clear");
    assert_eq!(document(&window).mark_of(module), None);
}

#[test]
fn a_change_after_undo_forgets_what_could_be_redone() {
    let mut window = first_start();
    slide(&mut window, 50.0);
    keys(&mut window, Modifiers::COMMAND, &[Key::Z]);
    assert_eq!(percent(&window), Percent::whole(25));
    slide(&mut window, 75.0);
    assert!(!document(&window).can_redo());
    let shifted = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    keys(&mut window, shifted, &[Key::Z]);
    assert_eq!(percent(&window), Percent::whole(75));
}

#[test]
fn the_inspector_shows_the_layer_and_its_buttons_decide() {
    let mut window = first_start();
    heatmap(&window).focus();
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight, Key::Enter]);
    let module = state(&window).inspected.expect("a layer is inspected");
    let name = document(&window).report.modules[module].name.clone();
    assert!(words(&window).contains(&name));
    press(&mut window, "Drop");
    assert_eq!(document(&window).mark_of(module), Some(Mark::Drop));
    window.get_by_label("By hand: 0 pinned, 1 dropped");
    press(&mut window, "By percentage");
    assert_eq!(document(&window).mark_of(module), None);
    press(&mut window, "Next layer of this type");
    let next = state(&window).inspected.expect("the next one");
    let layer_type = document(&window).report.type_of(module);
    let place = layer_type.modules.iter().position(|&m| m == module);
    assert_eq!(layer_type.modules[place.unwrap() + 1], next);
}

#[test]
fn a_rectangle_by_keyboard_is_pinned_together() {
    let mut window = first_start();
    heatmap(&window).focus();
    window.run();
    keys(
        &mut window,
        Modifiers::SHIFT,
        &[Key::ArrowRight, Key::ArrowRight],
    );
    keys(&mut window, Modifiers::NONE, &[Key::Space]);
    let region = document(&window)
        .region
        .clone()
        .expect("a rectangle is taken");
    press(&mut window, "Pin all");
    let pinned = format!("By hand: {} pinned, 0 dropped", region.modules.len());
    window.get_by_label(&pinned);
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(document(&window).region, None);
}

#[test]
fn the_search_narrows_the_list_of_types() {
    let mut window = first_start();
    crate::window::fill(&mut window, "Search types", "q_proj");
    window.get_by_role_and_label(Role::CheckBox, "self_attn.q_proj");
    let other = window.query_by_role_and_label(Role::CheckBox, "mlp.down_proj");
    assert!(other.is_none(), "other types are hidden");
}
