//! dump
use eframe::egui::accesskit;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::app::{Action, Command, Tab, apply, };
use crate::panels::{Content, window as open};
use crate::window::{Window, SIZE};
use eframe::egui::Theme;

fn dump(window: &Window, what: &str) {
    println!("=== {what}");
    for node in window.root().children_recursive() {
        let a = node.accesskit_node();
        let f = a.data().supports_action(accesskit::Action::Focus);
        let c = a.data().supports_action(accesskit::Action::Click);
        if f || c || a.role() == accesskit::Role::Canvas {
        println!("{:?} {}{} label={:?} value={:?} num={:?} {:?}", a.role(), if f {"F"} else {"-"}, if c {"C"} else {"-"}, a.label(), a.value(), a.numeric_value(), node.rect());
        }
    }
}

fn tell(window: &mut Window, command: impl Into<Command>) {
    apply(&mut window.state_mut().state, command.into());
    for _ in 0..40 { window.step(); std::thread::sleep(std::time::Duration::from_millis(10)); }
    window.run();
}

#[test]
fn dumps_all() {
    let mut window = open(Content::Sample, SIZE, Theme::Dark);
    dump(&window, "layers");
    tell(&mut window, Command::Inspect(Some(40)));
    dump(&window, "layers inspected");
    tell(&mut window, Command::ShowTab(Tab::Spectrum));
    dump(&window, "spectrum");
    tell(&mut window, Command::ShowTab(Tab::Sets));
    dump(&window, "sets");
    tell(&mut window, Command::ShowTab(Tab::Runs));
    dump(&window, "runs");
    for action in [Action::ShowOpen, Action::ShowExport, Action::ShowPalette, Action::ShowHelp, Action::ShowShortcuts, Action::CompareWith] {
        tell(&mut window, action);
        dump(&window, action.text());
        tell(&mut window, Action::CloseDialog);
    }
    tell(&mut window, Action::Present);
    dump(&window, "present");
}
