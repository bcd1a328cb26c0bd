//! The ways to choose: budget, rules, presets; and what the set costs.

use eframe::egui::{Key, Modifiers, Role, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::report::{ReportBuilder, SnrReport, flat_json};
use layerscope::selection::{Budget, Choice, Mark, Optimizer, Percent, Pool, RankBy};
use layerscope::window::App;
use layerscope::window::{Action, Command, Document, Edit, NearTie, Origin, apply};

use crate::window::{
    Window, builder, document, drop_on, first_start, heatmap_says, keys, opened, plain, press,
    slide, started, state, words,
};

/// Picks an entry of the list of that name.
#[track_caller]
fn pick(window: &mut Window, list: &str, entry: &str) {
    window.get_by_role_and_label(Role::ComboBox, list).click();
    window.run();
    window.get_by_role_and_label(Role::Button, entry).click();
    window.run();
}

/// Opens or closes a part of the choosing block.
#[track_caller]
fn unfold(window: &mut Window, start: &str) {
    window
        .get_by(|node| {
            let label = node.label().unwrap_or_default();
            node.role() == Role::DisclosureTriangle && label.starts_with(start)
        })
        .click();
    window.run();
}

/// Types into the number field of that name.
#[track_caller]
fn type_number(window: &mut Window, field: &str, text: &str) {
    window
        .get_by_role_and_label(Role::SpinButton, field)
        .click();
    window.run();
    keys(window, Modifiers::COMMAND, &[Key::A]);
    window.event(eframe::egui::Event::Text(text.to_owned()));
    keys(window, Modifiers::NONE, &[Key::Enter]);
}

/// Two towers in each type, the audio tower's ratios above the language model's.
fn qwen2_audio() -> SnrReport {
    let mut builder = ReportBuilder::new("Qwen2-Audio");
    for layer_type in ["self_attn.q_proj", "self_attn.k_proj"] {
        for (tower, level) in [("audio_tower", 5.0), ("language_model.model", 1.0)] {
            for block in 0..8_u32 {
                let name = format!("{tower}.layers.{block}.{layer_type}");
                builder.push(&name, layer_type).snr = Some(level + f64::from(block) / 10.0);
            }
        }
    }
    builder.finish()
}

fn open(report: SnrReport) -> Window {
    let mut window = builder(vec2(1024.0, 640.0), Theme::Light).build_eframe(|cc| {
        let mut app = App::with_settings(&cc.egui_ctx, plain(), Vec::new());
        app.state.scan.folder = None;
        let document = Document::new(report, Origin::Results, Choice::default());
        app.state.show(document);
        app
    });
    window.run();
    window
}

#[test]
fn a_budget_in_parameters_moves_the_slider_and_undo_lifts_it() {
    let mut window = first_start();
    let before = document(&window).set.clone();
    pick(&mut window, "Budget", "parameters");
    // It starts with what the set takes: the set stays.
    assert_eq!(document(&window).set.chosen, before.chosen);
    type_number(&mut window, "Budget", "40M");
    let choice = document(&window).choice();
    assert_eq!(choice.budget, Some(Budget::Parameters(40_000_000)));
    let set = &document(&window).set;
    assert!(set.counts.parameters.unwrap() <= 40_000_000);
    assert!(set.top < Percent::whole(25));
    let slider = window.get_by_role_and_label(Role::Slider, "Top percent");
    let shown = slider.accesskit_node().numeric_value().unwrap();
    assert!(
        (shown - set.top.value()).abs() < 0.01,
        "{shown} {}",
        set.top
    );
    window.get_by_label_contains("Next step: ");
    press(&mut window, "Undo");
    press(&mut window, "Undo");
    assert_eq!(document(&window).set, before);
    press(&mut window, "Redo");
    press(&mut window, "Redo");
    // Who moves the slider lets the budget go.
    slide(&mut window, 60.0);
    assert_eq!(document(&window).choice().budget, None);
    assert_eq!(document(&window).set.top, Percent::whole(60));
}

#[test]
fn a_budget_in_memory_goes_by_the_optimizer_and_says_when_it_cannot_be_kept() {
    let mut window = first_start();
    pick(&mut window, "Budget", "memory");
    type_number(&mut window, "Budget", "1");
    assert_eq!(
        document(&window).choice().budget,
        Some(Budget::Memory(1 << 30))
    );
    let in_bf16 = document(&window).set.counts.parameters.unwrap();
    pick(&mut window, "Trained with", "AdamW, 8-bit");
    assert_eq!(document(&window).choice().optimizer, Optimizer::Adamw8bit);
    assert!(document(&window).set.counts.parameters.unwrap() > in_bf16);
    type_number(&mut window, "Budget", "0.1");
    window.get_by_label_contains("the model's weights alone take 0.15 GiB more");
    pick(&mut window, "Budget", "parameters");
    type_number(&mut window, "Budget", "20M");
    window.get_by_label_contains(
        "Over it: the smallest set has 28.3 M; 8.3 M parameters too many: head and embedding 28.3 M",
    );
    // Without the budget the set stays as it is.
    let before = document(&window).set.chosen.clone();
    pick(&mut window, "Budget", "none");
    assert_eq!(document(&window).set.chosen, before);
}

#[test]
fn the_memory_table_follows_the_slider() {
    let mut window = first_start();
    let total = |window: &Window| {
        let document = document(window);
        let costs = document
            .choosing()
            .costs(&document.set, document.choice().optimizer);
        costs.unwrap().set.total()
    };
    window.get_by_label("Training memory: 0.94 GiB + activations");
    let before = total(&window);
    slide(&mut window, 100.0);
    assert!(total(&window) > before);
    window.get_by_label("Training memory: 2.00 GiB + activations");
    for label in [
        "Weights",
        "Gradients",
        "Optimizer",
        "Total",
        "This set",
        "Full",
        "QLoRA",
    ] {
        window.get_by_label(label);
    }
}

#[test]
fn fixed_lines_that_are_off_say_what_they_would_cost() {
    let mut window = first_start();
    window.get_by_label("+ 28.3 M");
    window
        .get_by_role_and_label(Role::CheckBox, "Always train the embedding")
        .click();
    window.run();
    // The head is tied to it, and carries the cost then.
    window.get_by_label("would add none");
    window
        .get_by_role_and_label(Role::CheckBox, "Always train the head")
        .click();
    window.run();
    assert_eq!(window.get_all_by_label("would add 28.3 M").count(), 2);
}

#[test]
fn rules_are_set_by_lists_and_ticks_and_told_in_the_heading() {
    let mut window = first_start();
    unfold(&mut window, "Ranked by SNR, each type");
    pick(&mut window, "Rank by", "excess over noise");
    pick(&mut window, "Rank together", "all types");
    let rules = &document(&window).choice().rules;
    assert_eq!((rules.by, rules.pool), (RankBy::Excess, Pool::All));
    window.get_by_label_contains("modules have no excess and are never taken");
    window
        .get_by_role_and_label(Role::CheckBox, "Only blocks")
        .click();
    window.run();
    type_number(&mut window, "First block", "10");
    type_number(&mut window, "Last block", "12");
    window.get_by_label("Ranked by excess, all types, blocks 10–12");
    let document = document(&window);
    let chosen = document.report.modules.iter().zip(&document.set.chosen);
    let blocks: Vec<u32> = chosen
        .filter(|(_, on)| **on)
        .filter_map(|(m, _)| m.block)
        .collect();
    assert!(!blocks.is_empty() && blocks.iter().all(|block| (10..=12).contains(block)));
    for _ in 0..5 {
        press(&mut window, "Undo");
    }
    window.get_by_label("Ranked by SNR, each type");
    assert!(
        state(&window)
            .document
            .as_ref()
            .unwrap()
            .choice()
            .rules
            .are_default()
    );
}

#[test]
fn where_a_module_enters_follows_the_rules() {
    let mut window = first_start();
    let module = document(&window)
        .report
        .find("model.layers.3.mlp.up_proj")
        .unwrap();
    apply(
        &mut window.state_mut().state,
        Command::Inspect(Some(module)),
    );
    window.run();
    let entry = |window: &Window| document(window).pools().enters_at(module).unwrap();
    let by_type = entry(&window);
    assert!(words(&window).contains("Rank in type"));
    unfold(&mut window, "Ranked by");
    pick(&mut window, "Rank together", "all types");
    assert_ne!(entry(&window), by_type);
    assert!(words(&window).contains("Rank of all"));
    let rank = document(&window).pools().rank[module] + 1;
    window.get_by_label(&format!("{rank} of 273"));
}

#[test]
fn one_towers_picks_are_warned_of_and_a_button_splits_the_towers() {
    let mut window = open(qwen2_audio());
    let warning = "all picks of self_attn.q_proj fall in audio_tower, none in language_model";
    window.get_by_label_contains(warning);
    assert!(!document(&window).set.chosen[8..16].contains(&true));
    press(&mut window, "Rank each tower by itself");
    assert_eq!(document(&window).choice().rules.pool, Pool::TypeAndTower);
    assert!(document(&window).set.chosen[8..16].contains(&true));
    assert!(!words(&window).contains(warning));
    press(&mut window, "Undo");
    window.get_by_label_contains(warning);
    unfold(&mut window, "Ranked by");
    window
        .get_by_role_and_label(Role::CheckBox, "audio_tower")
        .click();
    window.run();
    assert!(!words(&window).contains(warning));
    assert!(!document(&window).set.chosen[..8].contains(&true));
    // Shapes are not known here: there is no budget to be had, and no memory to tell.
    let budget = window.get_by_role_and_label(Role::ComboBox, "Budget");
    assert!(budget.accesskit_node().is_disabled());
    assert!(!words(&window).contains("Training memory"));
}

#[test]
fn towers_are_ranked_by_themselves_from_the_start_and_pooled_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snr_results_Qwen2-Audio.json");
    std::fs::write(&path, flat_json(&qwen2_audio())).unwrap();
    let mut window = first_start();
    drop_on(&mut window, &path);
    opened(&mut window);
    assert_eq!(document(&window).choice().rules.pool, Pool::TypeAndTower);
    assert!(document(&window).set.chosen[8..16].contains(&true));
    // Pooled as the reference program does it, and so also the next time.
    unfold(&mut window, "Ranked by");
    pick(&mut window, "Rank together", "each type");
    assert_eq!(document(&window).choice().rules.pool, Pool::Type);
    drop_on(&mut window, &path);
    opened(&mut window);
    assert_eq!(document(&window).choice().rules.pool, Pool::Type);
    apply(
        &mut window.state_mut().state,
        Command::Act(Action::ResetSelection),
    );
    assert_eq!(document(&window).choice().rules.pool, Pool::TypeAndTower);
}

#[test]
fn a_model_with_one_tower_has_no_towers_to_choose() {
    let mut window = first_start();
    unfold(&mut window, "Ranked by");
    assert!(!words(&window).contains("Take from towers"));
}

#[test]
fn presets_are_used_kept_and_forgotten() {
    let mut window = first_start();
    let pinned = document(&window).report.modules[5].name.clone();
    apply(&mut window.state_mut().state, Edit::Toggle(vec![5]).into());
    let preset = |window: &mut Window, name: &str| {
        press(window, "Presets");
        press(window, name);
    };
    preset(&mut window, "Spectrum 50 %");
    assert_eq!(document(&window).choice().percent, Percent::whole(50));
    assert!(
        document(&window).choice().marks.contains_key(&pinned),
        "marks stay"
    );
    pick(&mut window, "Budget", "memory");
    press(&mut window, "Presets");
    window
        .get_by_role_and_label(Role::TextInput, "Preset name")
        .focus();
    window.run();
    window
        .get_by_role_and_label(Role::TextInput, "Preset name")
        .type_text("mine");
    window.run();
    press(&mut window, "Keep");
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    let kept = document(&window).choice().clone();
    preset(&mut window, "Spectrum 10 %");
    assert_eq!(document(&window).choice().budget, None);
    preset(&mut window, "mine");
    assert_eq!(*document(&window).choice(), kept);
    // It is there at the next start, too.
    let mut window = started(state(&window).kept_settings());
    press(&mut window, "Presets");
    press(&mut window, "Forget");
    assert!(state(&window).preferences.presets.is_empty());
}

#[test]
fn near_ties_are_told_and_go_by_the_tolerance() {
    let mut window = first_start();
    let near = |window: &Window| {
        document(window)
            .near_ties()
            .iter()
            .filter(|on| **on)
            .count()
    };
    let before = near(&window);
    assert!(before > 0);
    unfold(&mut window, "Ranked by");
    window.get_by_label(&format!("Near-ties: {before}"));
    type_number(&mut window, "Near-tie tolerance", "20");
    assert!(near(&window) > before);
    let document = document(&window);
    let module = (0..document.report.modules.len())
        .find(|&module| document.near_tie(module) == Some(NearTie::Tolerance))
        .expect("there are some");
    apply(
        &mut window.state_mut().state,
        Command::Inspect(Some(module)),
    );
    window.run();
    window.get_by_label_contains("Near-tie: within 20 % of the ratio");
    press(&mut window, "Pin");
    assert_eq!(
        crate::window::document(&window).mark_of(module),
        Some(Mark::Pin)
    );
    assert!(!words(&window).contains("Near-tie: within"));
    assert!(heatmap_says(&window).contains("273 modules"));
}

#[test]
fn the_block_fits_a_small_window_with_everything_unfolded() {
    let mut window = builder(vec2(1024.0, 640.0), Theme::Dark)
        .build_eframe(|cc| App::with_settings(&cc.egui_ctx, plain(), Vec::new()));
    window.state_mut().state.scan.folder = None;
    window.run();
    for part in ["Ranked by", "Training memory"] {
        unfold(&mut window, part);
        let export = window
            .get_by_role_and_label(Role::Button, "Export freeze set…")
            .rect();
        assert!(
            export.bottom() <= 640.0 && export.height() > 20.0,
            "{export}"
        );
        let types = window
            .get_by_role_and_label(Role::TextInput, "Search types")
            .rect();
        assert!(types.bottom() < export.top() - 100.0);
        let first = window.get_by_role_and_label(Role::CheckBox, "mlp.down_proj");
        assert!(first.accesskit_node().label().is_some());
    }
}
