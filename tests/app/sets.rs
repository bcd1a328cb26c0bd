//! The sets tab: sets kept, added, read from files, compared and combined; each one step of undo.

use std::fs;
use std::path::PathBuf;

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::export::spectrum_yaml;
use layerscope::selection::{Combine, Members, NamedSet, Percent};
use layerscope::window::effect::Effect;
use layerscope::window::{Action, Command, SetRef, SetsCommand, SetsView, Tab, apply};

use crate::session::tell;
use crate::window::{
    Window, document, drop_on, first_start, heatmap, heatmap_says, keys, opened, press, slide,
    state, wait, words,
};

/// A window on its sets tab, with the sets that 10 % and 50 % make.
fn with_sets() -> Window {
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::Num4]);
    press(&mut window, "+ 10 %");
    press(&mut window, "+ 50 %");
    window
}

fn names(window: &Window) -> Vec<&str> {
    let sets = document(window).sets().iter();
    sets.map(|kept| kept.set.name.as_str()).collect()
}

#[track_caller]
fn pick(window: &mut Window, label: &str) {
    let radio = window.get_by_role_and_label(Role::RadioButton, label);
    radio.click();
    window.run();
}

/// The two compared sets' names.
fn compared(window: &Window) -> [&str; 2] {
    let sets = &state(window).sets;
    [sets.a, sets.b].map(|set| document(window).side(set).name)
}

/// Writes what `percent` makes of the sample as Spectrum does.
fn yaml(window: &Window, percent: u32) -> String {
    let document = document(window);
    let choice = layerscope::selection::Choice {
        percent: Percent::whole(percent),
        ..Default::default()
    };
    let set = layerscope::selection::FreezeSet::new(&document.report, document.ranking(), &choice);
    spectrum_yaml(&document.report, &set)
}

fn read(window: &mut Window, path: &std::path::Path) {
    drop_on(window, path);
    opened(window);
    wait(window, "a set to be matched", |state| !state.sets.is_busy());
}

#[test]
fn sets_are_added_listed_and_compared() {
    let window = with_sets();
    assert_eq!(state(&window).tab, Tab::Sets);
    assert_eq!(names(&window), ["Top 10 %", "Top 50 %"]);
    assert_eq!(compared(&window), ["Current selection", "Top 50 %"]);
    let b = window.get_by_role_and_label(Role::RadioButton, "B: Top 50 %");
    let toggled = format!("{:?}", b.accesskit_node().toggled());
    assert_eq!(toggled, "Some(True)");
    let said = words(&window);
    for expected in [
        "0 only in A (0)",
        "65 in both (53.1 M)",
        "72 only in B (28.3 M)",
        "136 in neither (53.1 M)",
        "10 % of each type",
    ] {
        assert!(said.contains(expected), "{expected:?} is not in:\n{said}");
    }
    assert!(heatmap_says(&window).ends_with("A is Current selection, B is Top 50 %"));
}

#[test]
fn the_comparison_follows_the_slider() {
    let mut window = with_sets();
    slide(&mut window, 50.0);
    window.get_by_label("0 only in B (0)");
    slide(&mut window, 100.0);
    window.get_by_label("137 in both (81.4 M)");
}

#[test]
fn a_cell_says_which_set_trains_it() {
    let mut window = with_sets();
    heatmap(&window).focus();
    window.run();
    let mut seen = std::collections::BTreeSet::new();
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    for _ in 0..25 {
        keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
        let said = heatmap_says(&window);
        let part = said.split("Trains ").nth(1).expect("it says so");
        seen.insert(part.split(", SNR").next().unwrap().to_owned());
    }
    let expected = ["in both sets", "in neither set", "only in B, Top 50 %"];
    assert_eq!(
        seen.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn sets_are_merged_intersected_and_subtracted_by_button() {
    let mut window = with_sets();
    pick(&mut window, "A: Top 50 %");
    pick(&mut window, "B: Top 10 %");
    let members =
        |window: &Window, place: usize| document(window).sets()[place].set.modules.clone();
    let (ten, fifty) = (members(&window, 0), members(&window, 1));
    for (button, name, expected) in [
        ("Merge", "Top 50 % + Top 10 %", fifty.union(&ten)),
        ("Intersect", "Top 50 % & Top 10 %", fifty.intersection(&ten)),
        ("A − B", "Top 50 % − Top 10 %", fifty.difference(&ten)),
        ("B − A", "Top 10 % − Top 50 %", ten.difference(&fifty)),
    ] {
        press(&mut window, button);
        assert_eq!(names(&window).last(), Some(&name));
        assert_eq!(members(&window, 2), expected, "{name}");
        press(&mut window, "Undo");
        assert_eq!(names(&window).len(), 2);
        pick(&mut window, "B: Top 10 %");
    }
    assert!(!ten.is_empty() && ten != fifty);
}

#[test]
fn the_same_set_on_both_sides_cannot_be_combined() {
    let window = first_start();
    let mut window = window;
    tell(&mut window, Action::ShowSets);
    let merge = window.get_by_role_and_label(Role::Button, "Merge");
    assert!(merge.accesskit_node().is_disabled());
}

#[test]
fn every_change_of_the_sets_is_one_step_of_undo() {
    let mut window = with_sets();
    let first = document(&window).sets()[0].id;
    let set = NamedSet {
        name: "read".to_owned(),
        modules: ["model.layers.0.mlp.up_proj".to_owned()]
            .into_iter()
            .collect(),
        ..NamedSet::default()
    };
    for command in [
        SetsCommand::Keep,
        SetsCommand::Add(Percent::whole(25)),
        SetsCommand::Import(Box::new(set)),
        SetsCommand::Rename(first, "mine".to_owned()),
        SetsCommand::Recolor(first, 5),
        SetsCommand::Duplicate(first),
        SetsCommand::Combine(Combine::Union),
        SetsCommand::Subtract,
        SetsCommand::MakeCurrent(first),
        SetsCommand::Delete(first),
    ] {
        let work = |window: &Window| {
            let document = document(window);
            (document.sets().to_vec(), document.choice().clone())
        };
        let before = work(&window);
        tell(&mut window, command.clone());
        let after = work(&window);
        assert_ne!(after, before, "{command:?}");
        press(&mut window, "Undo");
        assert_eq!(work(&window), before, "{command:?}");
        press(&mut window, "Redo");
        assert_eq!(work(&window), after, "{command:?}");
        press(&mut window, "Undo");
    }
}

#[test]
fn a_set_is_made_the_selection_exactly() {
    let mut window = with_sets();
    let mut selects = window.get_all_by_role_and_label(Role::Button, "Select");
    selects.next_back().unwrap().click();
    drop(selects);
    window.run();
    assert_eq!(document(&window).choice().percent, Percent::whole(50));
    assert_eq!(document(&window).set.percent, Some(Percent::whole(50)));
    let id = document(&window).sets()[0].id;
    tell(&mut window, SetsCommand::PickB(SetRef::Kept(id)));
    tell(&mut window, SetsCommand::Combine(Combine::Difference));
    let made = document(&window).sets()[2].clone();
    tell(&mut window, SetsCommand::MakeCurrent(made.id));
    assert_eq!(document(&window).set.chosen, made.resolved.chosen);
    assert_eq!(document(&window).choice().percent, Percent::ZERO);
    window.get_by_label_contains("The selection is now “selection − Top 10 %”");
}

#[test]
fn a_set_is_renamed_by_its_menu() {
    let mut window = with_sets();
    press(&mut window, "Actions of Top 10 %");
    press(&mut window, "Rename");
    crate::window::fill(&mut window, "Name of the set", "for the paper");
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    assert_eq!(names(&window), ["for the paper", "Top 50 %"]);
    let id = document(&window).sets()[1].id;
    tell(
        &mut window,
        SetsCommand::Rename(id, "for the paper".to_owned()),
    );
    assert_eq!(names(&window), ["for the paper", "for the paper (2)"]);
}

#[test]
fn a_set_is_deleted_by_its_menu_and_the_selection_takes_its_place() {
    let mut window = with_sets();
    press(&mut window, "Actions of Top 50 %");
    press(&mut window, "Delete");
    assert_eq!(names(&window), ["Top 10 %"]);
    assert_eq!(
        compared(&window),
        ["Current selection", "Current selection"]
    );
}

#[test]
fn a_set_gets_another_color() {
    let mut window = with_sets();
    press(&mut window, "Color of Top 10 %: Vermillion");
    press(&mut window, "      Purple");
    assert_eq!(document(&window).sets()[0].set.color, 3);
    window.get_by_role_and_label(Role::Button, "Color of Top 10 %: Purple");
}

#[test]
fn the_tables_say_what_the_heatmap_shows() {
    let mut window = with_sets();
    for (view, row) in [
        ("By type", "mlp.up_proj, 0, 7, 8, 15, 0, 7.1 M"),
        ("By block", "no block, 0, 2, 0, 1, 0, 0"),
        ("All sets", "mlp.up_proj, 30, 7, 3, 15"),
    ] {
        press(&mut window, view);
        window.get_by_label(row);
        press(&mut window, "Copy CSV");
        window.get_by_label("Copied the table");
        press(&mut window, "Copy Markdown");
    }
}

#[test]
fn a_dropped_freeze_set_is_compared_with_the_selection() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.yaml");
    let mut window = first_start();
    let mut text = yaml(&window, 50);
    text.push_str("- model.layers.99.mlp.up_proj\n");
    let line = text.lines().count();
    fs::write(&path, &text).unwrap();
    read(&mut window, &path);
    assert_eq!(state(&window).tab, Tab::Sets);
    assert_eq!(compared(&window), ["Current selection", "theirs"]);
    let set = &document(&window).sets()[0];
    assert_eq!(set.resolved.modules, 137);
    assert!(heatmap_says(&window).contains("B is theirs"));
    press(&mut window, "Not matched (1)");
    window.get_by_label(&format!("theirs, line {line}"));
    window.get_by_label("model.layers.99.mlp.up_proj");
    press(&mut window, "Undo");
    assert!(
        document(&window).sets().is_empty(),
        "reading it is one step"
    );
}

#[test]
fn results_and_a_set_given_together_are_opened_in_turn() {
    let folder = tempfile::tempdir().unwrap();
    let results: PathBuf = folder.path().join("snr_results_made-up.json");
    let module = "model.layers.0.mlp.up_proj";
    let text = format!(r#"{{"{module}": {{"snr": 0.5, "type": "mlp.up_proj"}}}}"#);
    fs::write(&results, text).unwrap();
    let set = folder.path().join("set.yaml");
    fs::write(&set, format!("unfrozen_parameters:\n- {module}\n")).unwrap();
    let mut window = first_start();
    let both = Command::Ask(Effect::Open(vec![results, set]));
    apply(&mut window.state_mut().state, both);
    wait(&mut window, "both to be opened", |state| {
        let read = !state.runs.is_reading();
        read && !state.sets.is_busy() && !state.open.is_busy()
    });
    assert_eq!(document(&window).report.slug, "made-up");
    let kept = &document(&window).sets()[0];
    assert_eq!(kept.resolved.chosen, [true]);
    let members: Members = [module.to_owned()].into_iter().collect();
    assert_eq!(kept.set.modules, members);
}

#[test]
fn the_views_are_remembered_while_another_document_is_opened() {
    let mut window = with_sets();
    tell(&mut window, SetsCommand::Show(SetsView::Blocks));
    tell(&mut window, Action::OpenSample);
    assert_eq!(state(&window).sets.view, SetsView::Blocks);
    assert_eq!(names(&window), ["Top 10 %", "Top 50 %"], "kept by document");
    assert_eq!(
        compared(&window),
        ["Current selection", "Current selection"]
    );
}
