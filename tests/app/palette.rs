//! The command palette, and the one description that all commands come from.

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use layerscope::window::{Action, Dialog};

use crate::window::{first_start, keys, press, state};

#[test]
fn a_few_letters_and_enter_run_a_command() {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::K]);
    assert!(matches!(
        state(&window).dialog,
        Some(Dialog::Palette { .. })
    ));
    assert!(state(&window).preferences.inspector_panel);
    // The field has the keyboard at once.
    window.event(eframe::egui::Event::Text("inspector".to_owned()));
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert_eq!(state(&window).dialog, None);
    assert!(!state(&window).preferences.inspector_panel);
}

#[test]
fn a_command_may_open_a_dialog_of_its_own() {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::K]);
    window.event(eframe::egui::Event::Text("export".to_owned()));
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert!(matches!(
        state(&window).dialog,
        Some(Dialog::Room(layerscope::window::RoomDialog::Export))
    ));
}

#[test]
fn a_command_is_run_by_a_click_too() {
    let mut window = first_start();
    let commands = window.get_by_role_and_label(Role::Button, "Commands  Ctrl+K");
    commands.click();
    window.run();
    window.event(eframe::egui::Event::Text("panel".to_owned()));
    window.run();
    press(&mut window, "Layer types panel Ctrl+B");
    assert_eq!(state(&window).dialog, None);
    assert!(!state(&window).preferences.types_panel);
}

#[test]
fn letters_of_no_command_say_so_and_escape_closes() {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::K]);
    window.event(eframe::egui::Event::Text("xyzzy".to_owned()));
    window.run();
    window.get_by_label("No command has these letters in its name.");
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(state(&window).dialog, None);
}

#[test]
fn every_action_is_described_and_has_its_shortcut_to_itself() {
    for (place, action) in Action::PALETTE.into_iter().enumerate() {
        assert!(!action.text().trim().is_empty(), "{action:?}");
        assert!(!action.tooltip().trim().is_empty(), "{action:?}");
        for other in &Action::PALETTE[..place] {
            assert_ne!(action, *other);
            assert_ne!(action.text(), other.text(), "{action:?} and {other:?}");
            if let Some(shortcut) = action.shortcut() {
                assert_ne!(Some(shortcut), other.shortcut(), "{action:?} and {other:?}");
            }
        }
    }
}

#[test]
fn a_dialog_keeps_shortcuts_to_itself() {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::E]);
    keys(&mut window, Modifiers::COMMAND, &[Key::B]);
    assert!(matches!(
        state(&window).dialog,
        Some(Dialog::Room(layerscope::window::RoomDialog::Export))
    ));
    assert!(state(&window).preferences.types_panel);
}

#[test]
fn a_word_comes_before_letters_that_lie_apart() {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::K]);
    // Its letters are in "Open the sample", too, which comes earlier in the list.
    window.event(eframe::egui::Event::Text("theme".to_owned()));
    window.run();
    let before = window.ctx.theme();
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert_eq!(state(&window).dialog, None);
    assert_ne!(window.ctx.theme(), before);
}
