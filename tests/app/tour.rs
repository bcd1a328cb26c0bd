//! The tour of the first start.

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use layerscope::window::{Action, Settings, Tab, TourStep};

use crate::window::{Window, document, first_start, keys, launched, plain, press, state, words};

fn step(window: &Window) -> Option<TourStep> {
    state(window).tour.step
}

#[test]
fn the_first_start_begins_a_tour_of_four_steps() {
    let mut window = launched(Settings::default());
    for (place, now) in TourStep::ALL.into_iter().enumerate() {
        assert_eq!(step(&window), Some(now));
        let said = words(&window);
        assert!(said.contains(now.title()), "{said}");
        assert!(said.contains(now.text()), "{said}");
        assert!(said.contains(&format!("Step {} of 4", place + 1)));
        if now == TourStep::Distrust {
            assert_eq!(state(&window).tab, Tab::Spectrum);
            let inspected = state(&window).inspected.expect("a layer is shown");
            let modules = &document(&window).report.modules;
            let snr = modules[inspected].snr.unwrap();
            let finite = modules.iter().filter_map(|module| module.snr);
            assert!(
                finite
                    .filter(|snr| snr.is_finite())
                    .all(|other| other <= snr)
            );
        }
        // Enter is enough: the button has the keyboard.
        keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    }
    assert_eq!((step(&window), state(&window).tab), (None, Tab::Layers));
    assert!(state(&window).tour.toured);
    assert!(!words(&window).contains("Step 4 of 4"));
}

#[test]
fn the_tour_goes_back_and_can_be_skipped() {
    let mut window = launched(Settings::default());
    assert!(
        window
            .query_by_role_and_label(Role::Button, "Back")
            .is_none()
    );
    press(&mut window, "Next");
    press(&mut window, "Back");
    assert_eq!(step(&window), Some(TourStep::Picture));
    press(&mut window, "Skip the tour");
    assert_eq!(step(&window), None);

    let mut window = launched(Settings::default());
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(step(&window), None);
}

#[test]
fn the_tour_is_shown_once_and_the_help_has_it() {
    let mut window = launched(plain());
    assert_eq!(step(&window), None);
    keys(&mut window, Modifiers::NONE, &[Key::F1]);
    press(&mut window, Action::ShowTour.text());
    assert_eq!(step(&window), Some(TourStep::Picture));
    assert_eq!(state(&window).dialog, None);
}

#[test]
fn everything_answers_during_the_tour() {
    let mut window = launched(Settings::default());
    press(&mut window, "Runs");
    assert_eq!(state(&window).tab, Tab::Runs);
    assert_eq!(step(&window), Some(TourStep::Picture));
}

#[test]
fn the_inspector_tells_of_the_model_until_a_layer_is_asked_for() {
    let window = first_start();
    let said = words(&window);
    let report = &document(&window).report;
    let modules = report.modules.len().to_string();
    let above = report
        .modules
        .iter()
        .filter_map(|module| module.noise.as_ref()?.excess)
        .filter(|excess| *excess > 0.0)
        .count();
    for expected in [
        report.slug.as_str(),
        "Blocks",
        &format!("{modules} of {modules}"),
        &format!("{above} of "),
        "lm_head to model.embed_tokens",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
}
