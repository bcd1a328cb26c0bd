//! The spectrum tab: one layer's singular values, the law's scale, its neighbors, its control.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use layerscope::spectral::law::ScaleMethod;
use layerscope::window::{Picture, Tab};

use crate::models::{model, open};
use crate::window::{Window, document, fill, first_start, keys, opened, press, state, wait, words};

/// The tab on the sample's first layer, its spectrum read.
fn on_a_layer() -> Window {
    let mut window = first_start();
    press(&mut window, "Spectrum");
    press(&mut window, "Show the first layer");
    loaded(&mut window);
    window
}

fn loaded(window: &mut Window) {
    wait(window, "the spectrum", |state| {
        let module = state.spectrum.loaded.as_ref().map(|loaded| loaded.module);
        module.is_some() && module == state.inspected
    });
}

#[test]
fn a_layer_shows_its_numbers_and_what_noise_would_give() {
    let window = on_a_layer();
    let words = words(&window);
    for expected in [
        "SNR at τ",
        "while τ ± 0.5 %",
        "SNR of noise",
        "Excess",
        "Edge S₊",
        "Spikes",
        "KS of bulk",
        "MP soft rank",
        "Stable rank",
        "Effective rank",
        "α",
        "Noise scale",
        "median",
    ] {
        assert!(words.contains(expected), "{expected:?} is not in:\n{words}");
    }
    let spectrum = state(&window).spectrum.loaded.as_ref().unwrap();
    let report = &document(&window).report;
    let snr = report.modules[spectrum.module].snr.unwrap();
    // The kept values are f32: the ratio read from them is the file's to 1e-5.
    assert!((spectrum.profile.snr.snr / snr - 1.0).abs() < 1e-5);
}

#[test]
fn the_scale_follows_the_method_and_the_layer_its_keys() {
    let mut window = on_a_layer();
    let scale = |window: &Window| {
        state(window)
            .spectrum
            .loaded
            .as_ref()
            .unwrap()
            .profile
            .fit
            .unwrap()
            .law
            .scale()
    };
    let median = scale(&window);
    let module = state(&window).inspected;
    window.get_by_label("Noise scale").click();
    window.run();
    press(&mut window, "variance");
    assert_eq!(state(&window).spectrum.method, ScaleMethod::Variance);
    assert!((scale(&window) / median - 1.0).abs() > 1e-6);
    // There is a layer on one side at least.
    keys(&mut window, Modifiers::COMMAND, &[Key::ArrowRight]);
    keys(&mut window, Modifiers::COMMAND, &[Key::ArrowRight]);
    if state(&window).inspected == module {
        keys(&mut window, Modifiers::COMMAND, &[Key::ArrowLeft]);
    }
    assert_ne!(state(&window).inspected, module);
    loaded(&mut window);
    assert_eq!(state(&window).spectrum.method, ScaleMethod::Variance);
}

#[test]
fn every_picture_is_drawn() {
    let mut window = on_a_layer();
    for picture in Picture::ALL {
        press(&mut window, picture.label());
        if picture == Picture::Waterfall {
            wait(&mut window, "the waterfall", |state| {
                state.spectrum.waterfall.is_some()
            });
        }
        let state = state(&window);
        assert_eq!(state.spectrum.view.picture, picture);
        let figure = state.spectrum.figure(document(&window)).expect("a figure");
        assert!(!figure.layers.is_empty(), "{picture:?}");
    }
}

#[test]
fn other_layers_and_the_shuffled_control_are_laid_over() {
    let (root, path) = model(3, 48);
    let mut window = open(&path, root.path());
    opened(&mut window);
    wait(&mut window, "the scan", |state| !state.scan.is_busy());
    press(&mut window, "Spectrum");
    press(&mut window, "Show the first layer");
    loaded(&mut window);
    // By its name from the palette: the same command as the tick in the menu of layers.
    keys(&mut window, Modifiers::COMMAND, &[Key::K]);
    fill(&mut window, "Type a command", "Shuffled control");
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    wait(&mut window, "the control", |state| {
        !state.spectrum.overlay.is_empty()
    });
    let spectrum = &state(&window).spectrum;
    let (own, control) = (spectrum.loaded.as_ref().unwrap(), &spectrum.overlay[0]);
    assert!(control.shuffled);
    assert_eq!(control.module, own.module);
    let norm = |values: &[f64]| values.iter().map(|s| s * s).sum::<f64>();
    assert!((norm(&own.values) / norm(&control.values) - 1.0).abs() < 1e-5);
}

#[test]
fn results_without_spectra_say_so_and_offer_the_model() {
    let mut window = first_start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snr_results_some-model.json");
    std::fs::write(
        &path,
        r#"{"model.layers.0.mlp.up_proj": {"snr": 1.5, "type": "mlp.up_proj"}}"#,
    )
    .unwrap();
    crate::window::drop_on(&mut window, &path);
    opened(&mut window);
    assert_eq!(state(&window).tab, Tab::Layers);
    press(&mut window, "Spectrum");
    press(&mut window, "Show the first layer");
    let words = words(&window);
    assert!(words.contains("hold no singular values"), "{words}");
    window.get_by_label("Open folder…");
}
