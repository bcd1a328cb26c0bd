//! The help and the list of shortcuts.

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use layerscope::window::{Action, Dialog, RoomDialog, Topic};

use crate::window::{Window, first_start, keys, press, state, words};

fn topic(window: &Window) -> Topic {
    let shown = Some(Dialog::Room(RoomDialog::Help));
    assert_eq!(state(window).dialog, shown, "the help is open");
    state(window).help.topic
}

#[test]
fn the_help_explains_and_its_layer_answers() {
    let mut window = first_start();
    keys(&mut window, Modifiers::NONE, &[Key::F1]);
    assert_eq!(topic(&window), Topic::Ratio);
    let before = words(&window);
    assert!(before.contains("lie above τ"), "{before}");
    window
        .get_by_role_and_label(Role::Slider, "Shape")
        .set_value_accesskit(16.0);
    window.run();
    let after = words(&window);
    assert!(
        after.contains("100 % of the singular values lie above τ"),
        "{after}"
    );

    press(&mut window, "Noise control and excess");
    assert_eq!(topic(&window), Topic::Control);
    let said = words(&window);
    assert!(said.contains("τ lies below all of the noise"), "{said}");
    for topic in Topic::ALL {
        press(&mut window, topic.title());
        for (_, text) in topic.paragraphs() {
            assert!(words(&window).contains(text), "{text}");
        }
    }
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(state(&window).dialog, None);
}

#[test]
fn the_shortcuts_window_lists_every_command_with_a_key() {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::Slash]);
    let said = words(&window);
    for action in Action::PALETTE {
        if let Some(shortcut) = action.shortcut() {
            let shown = window.ctx.format_shortcut(&shortcut);
            assert!(said.contains(&shown), "{shown} for {}", action.text());
        }
    }
    for (hands, _) in layerscope::window::heatmap::KEYS {
        assert!(said.contains(hands), "{hands}");
    }
}
