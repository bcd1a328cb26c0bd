//! What is kept between runs comes back, also from an older or a newer program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use eframe::egui::{Key, Modifiers, Role, ThemePreference};
use eframe::{App as _, Storage};
use egui_kittest::kittest::Queryable as _;
use layerscope::figure::HeatmapSettings;
use layerscope::selection::{Choice, Mark, Percent};
use layerscope::window::{APP_ID, Settings};

use crate::window::{document, first_start, heatmap, keys, press, slide, started, state};

/// What eframe keeps between runs, in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, String>);

impl Storage for Memory {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

fn full() -> Settings {
    let mut choice = Choice {
        percent: Percent::from_slider(12.5),
        head: false,
        ..Choice::default()
    };
    choice.set_mark("model.layers.0.mlp.up_proj", Some(Mark::Pin));
    choice.set_mark("model.layers.1.mlp.up_proj", Some(Mark::Drop));
    choice.excluded.insert("lm_head".to_owned());
    choice
        .type_percent
        .insert("mlp.up_proj".to_owned(), Percent::FULL);
    Settings {
        theme: ThemePreference::Light,
        types_panel: false,
        recent: vec![PathBuf::from("/models/a"), PathBuf::from("/models/b")],
        last: Some(PathBuf::from("/models/a")),
        choices: [("/models/a".to_owned(), choice)].into(),
        export_folder: Some(PathBuf::from("/sets")),
        heatmap: HeatmapSettings {
            dim: false,
            unfolded: ["mlp.experts.*.up_proj".to_owned()].into(),
            ..HeatmapSettings::default()
        },
        ..Settings::default()
    }
}

#[test]
fn settings_come_back_as_they_were() {
    let text = serde_json::to_string(&full()).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), full());
    let mut memory = Memory::default();
    eframe::set_value(&mut memory, APP_ID, &full());
    assert_eq!(eframe::get_value(&memory, APP_ID), Some(full()));
}

#[test]
fn missing_fields_take_defaults_and_unknown_ones_are_passed_over() {
    let settings: Settings = serde_json::from_str("{}").unwrap();
    assert_eq!(settings, Settings::default());
    let text = r#"{"types_panel": false, "of a newer program": [1, 2]}"#;
    let settings: Settings = serde_json::from_str(text).unwrap();
    let expected = Settings {
        types_panel: false,
        ..Settings::default()
    };
    assert_eq!(settings, expected);
}

#[test]
fn a_choice_of_an_older_program_keeps_what_it_holds() {
    let text = r#"{"theme": "Light", "choices": {"sample": {"percent": 50000000}}}"#;
    let settings: Settings = serde_json::from_str(text).unwrap();
    let expected = Choice {
        percent: Percent::whole(50),
        ..Choice::default()
    };
    assert_eq!(settings.choices.get("sample"), Some(&expected));
}

#[test]
fn a_selection_on_the_sample_comes_back_at_the_next_start() {
    let mut window = first_start();
    slide(&mut window, 40.0);
    heatmap(&window).focus();
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight, Key::Space]);
    window
        .get_by_role_and_label(Role::CheckBox, "mlp.down_proj")
        .click();
    window.run();
    keys(&mut window, Modifiers::COMMAND, &[Key::I]);
    let chosen = document(&window).choice().clone();
    assert_eq!((chosen.marks.len(), chosen.excluded.len()), (1, 1));
    let mut memory = Memory::default();
    window.state_mut().save(&mut memory);
    drop(window);

    let window = started(eframe::get_value(&memory, APP_ID).unwrap());
    assert_eq!(*document(&window).choice(), chosen);
    assert!(!state(&window).preferences.inspector_panel);
    assert!(!document(&window).can_undo(), "it starts from there");
}

#[test]
fn a_document_that_is_gone_gives_way_to_the_sample() {
    let window = started(Settings {
        last: Some(PathBuf::from("/there/is/no/such/folder")),
        ..Settings::default()
    });
    assert_eq!(document(&window).report.slug, layerscope::sample::SLUG);
    assert!(state(&window).notices.is_empty());
}

#[test]
fn an_undone_selection_leaves_nothing_behind() {
    let mut window = first_start();
    slide(&mut window, 40.0);
    press(&mut window, "Undo");
    let mut memory = Memory::default();
    window.state_mut().save(&mut memory);
    let kept: Settings = eframe::get_value(&memory, APP_ID).unwrap();
    assert!(kept.choices.is_empty());
}
