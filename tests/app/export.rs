//! The export dialog: what it shows is what is written, and nothing is replaced unasked.

use std::fs;

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::export::{
    Consumer, Naming, Rename, export_renamed, export_text, names, spectrum_yaml,
};
use layerscope::window::{Dialog, Edit, apply};

use crate::window::{Window, document, fill, first_start, keys, slide, state, wait, words};

fn show(window: &mut Window) {
    window
        .get_by_role_and_label(Role::Button, "Export freeze set…")
        .click();
    window.step();
    checked(window);
}

/// Waits for the dry run; the column it fills takes some frames to lay itself out.
#[track_caller]
fn checked(window: &mut Window) {
    let start = std::time::Instant::now();
    while state(window).export.is_busy() {
        assert!(
            start.elapsed().as_secs() < 120,
            "waited in vain for the dry run"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
        window.step();
    }
    window.run_steps(8);
}

/// Chooses a format and waits for its dry run.
#[track_caller]
fn choose(window: &mut Window, format: &str) {
    window
        .get_by_role_and_label(Role::ComboBox, "Format")
        .click();
    window.run_steps(8);
    window.get_by_role_and_label(Role::Button, format).click();
    window.step();
    checked(window);
}

/// Presses the button that writes, and waits for the outcome.
#[track_caller]
fn write(window: &mut Window, button: &str) {
    window.get_by_role_and_label(Role::Button, button).click();
    window.step();
    wait(window, "the file to be written", |state| {
        !state.export.is_busy()
    });
}

/// The text the dialog is about to write.
fn text(window: &Window) -> String {
    let open = Some(document(window).id());
    let draft = state(window).export.draft(open);
    draft.expect("the export dialog is open").text.clone()
}

fn yaml(window: &Window) -> String {
    spectrum_yaml(&document(window).report, &document(window).set)
}

#[test]
fn the_file_holds_what_the_dialog_shows_and_is_replaced_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.yaml");
    let typed = path.to_str().unwrap();
    let mut window = first_start();
    slide(&mut window, 50.0);
    show(&mut window);
    let first = yaml(&window);
    assert_eq!(text(&window), first);
    let words = words(&window);
    for line in first.lines().take(10) {
        assert!(words.contains(line), "{line:?} is not in:\n{words}");
    }
    fill(&mut window, "File", typed);
    write(&mut window, "Write file");
    assert_eq!(fs::read_to_string(&path).unwrap(), first);
    assert_eq!(state(&window).dialog, None);
    window.get_by_label(&format!("Wrote {typed}"));

    slide(&mut window, 10.0);
    let second = yaml(&window);
    assert_ne!(first, second);
    show(&mut window);
    fill(&mut window, "File", typed);
    write(&mut window, "Write file");
    assert_eq!(fs::read_to_string(&path).unwrap(), first, "left as it was");
    window.get_by_label_contains("set.yaml: is there already with other content");
    write(&mut window, "Replace file");
    assert_eq!(fs::read_to_string(&path).unwrap(), second);
    assert_eq!(state(&window).dialog, None);
}

#[test]
fn another_path_after_a_refusal_is_written_without_replacing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken.yaml");
    let free = folder.path().join("free.yaml");
    fs::write(&taken, "something else").unwrap();
    let mut window = first_start();
    show(&mut window);
    fill(&mut window, "File", taken.to_str().unwrap());
    write(&mut window, "Write file");
    window.get_by_role_and_label(Role::Button, "Replace file");
    fill(&mut window, "File", free.to_str().unwrap());
    write(&mut window, "Write file");
    assert_eq!(fs::read_to_string(&free).unwrap(), yaml(&window));
    assert_eq!(fs::read_to_string(&taken).unwrap(), "something else");
}

#[test]
fn a_folder_that_is_not_there_is_said_in_the_dialog() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/set.yaml");
    let mut window = first_start();
    show(&mut window);
    fill(&mut window, "File", path.to_str().unwrap());
    write(&mut window, "Write file");
    window.get_by_label_contains("missing/set.yaml: cannot write the file");
    assert!(!path.exists());
}

#[test]
fn another_format_shows_its_own_text() {
    let mut window = first_start();
    show(&mut window);
    choose(&mut window, "Freeze set (names)");
    let shown = document(&window);
    let expected = names(&shown.report, &shown.set, Naming::default());
    assert_eq!(text(&window), expected);
}

#[test]
fn the_text_can_be_copied() {
    let mut window = first_start();
    show(&mut window);
    window
        .get_by_role_and_label(Role::Button, "Copy text")
        .click();
    let expected = yaml(&window);
    let mut copied = None;
    for _ in 0..4 {
        window.run_steps(1);
        let commands = &window.output().platform_output.commands;
        copied = copied.or(commands.iter().find_map(|command| match command {
            eframe::egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        }));
    }
    assert_eq!(copied, Some(expected));
}

#[test]
fn the_dialog_keeps_its_place_from_the_first_frame_on() {
    let mut window = first_start();
    window
        .get_by_role_and_label(Role::Button, "Export freeze set…")
        .click();
    window.run();
    let before = window.get_by_role_and_label(Role::Button, "Write file");
    let before = before.rect();
    window.run_steps(4);
    let after = window.get_by_role_and_label(Role::Button, "Write file");
    assert_eq!(after.rect(), before);
}

#[test]
fn the_dry_run_says_that_the_set_shown_trains() {
    let mut window = first_start();
    show(&mut window);
    let set = document(&window).set.counts.modules;
    let said = words(&window);
    assert!(said.contains("Trains exactly the set shown."), "{said}");
    assert!(
        said.contains(&format!("{} modules train: ", set - 1)),
        "the head is tied: {said}"
    );
    assert!(said.contains("lm_head.weight is tied"), "{said}");
    assert!(said.contains("spectrum_config_path"), "{said}");
}

#[test]
fn every_format_has_its_text_and_its_dry_run() {
    let mut window = first_start();
    show(&mut window);
    for consumer in Consumer::ALL {
        choose(&mut window, consumer.name());
        let opened = document(&window);
        let expected = export_text(consumer, &opened.report, &opened.set).text;
        assert_eq!(text(&window), expected, "{consumer}");
    }
    for format in [
        "Freeze set (regular expression)",
        "Freeze set (Python function)",
    ] {
        choose(&mut window, format);
        assert!(text(&window).contains("mlp"), "{format}");
    }
}

#[test]
fn what_would_not_train_what_is_shown_needs_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.yaml");
    let mut window = first_start();
    show(&mut window);
    choose(&mut window, Consumer::LlamaFactory.name());
    fill(&mut window, "File", path.to_str().unwrap());
    let button = window.get_by_role_and_label(Role::Button, "Write file");
    assert!(button.accesskit_node().is_disabled());
    let said = words(&window);
    assert!(said.contains("Not the set shown: "), "{said}");
    window
        .get_by_label_contains("Export it all the same: ")
        .click();
    window.run();
    write(&mut window, "Write file");
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written.starts_with("finetuning_type: freeze\n"),
        "{written}"
    );
}

#[test]
fn a_set_of_nothing_is_told() {
    let mut window = first_start();
    slide(&mut window, 0.0);
    for edit in [Edit::Head(false), Edit::Embeddings(false)] {
        apply(&mut window.state_mut().state, edit.into());
    }
    show(&mut window);
    let said = words(&window);
    assert!(said.contains("NOTHING TRAINS"), "{said}");
    assert!(
        said.contains("Export it all the same: nothing trains"),
        "{said}"
    );
}

#[test]
fn a_set_is_rewritten_for_other_names_by_one_click() {
    let mut window = first_start();
    show(&mut window);
    choose(&mut window, Consumer::Axolotl.name());
    window
        .get_by_role_and_label(Role::Button, "Rewrite for peft")
        .click_accesskit();
    window.step();
    checked(&mut window);
    let opened = document(&window);
    let expected = export_renamed(
        Consumer::Axolotl,
        &opened.report,
        &opened.set,
        Some(Rename::Peft).into(),
    );
    assert_eq!(text(&window), expected.text);
    assert!(words(&window).contains("Trains exactly the set shown."));
    window
        .get_by_role_and_label(Role::Button, "Back to the names without it")
        .click_accesskit();
    window.step();
    checked(&mut window);
    assert!(text(&window).contains("\n- model."), "{}", text(&window));
}

#[test]
fn the_snippet_can_be_copied() {
    let mut window = first_start();
    show(&mut window);
    window
        .get_by_role_and_label(Role::Button, "Copy snippet")
        .click_accesskit();
    window.run_steps(4);
    window.get_by_label("Copied the snippet");
}

#[test]
fn a_dialog_in_its_place_ends_the_draft() {
    let mut window = first_start();
    show(&mut window);
    let open = Some(document(&window).id());
    assert!(state(&window).export.draft(open).is_some());
    keys(&mut window, Modifiers::COMMAND, &[Key::K]);
    assert!(matches!(
        state(&window).dialog,
        Some(Dialog::Palette { .. })
    ));
    assert!(state(&window).export.draft(open).is_none());
    assert!(!state(&window).export.is_busy());
}
