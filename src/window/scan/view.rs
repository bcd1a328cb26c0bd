//! The choice of the device that a scan computes with.

use eframe::egui;

use crate::spectral::Device;
use crate::window::scan::state::{Card, Command, Scan};

/// A menu of the devices; nothing on a machine without a graphics card.
pub(crate) fn devices(ui: &mut egui::Ui, scan: &Scan, commands: &mut Vec<Command>) {
    let Card::Named(card) = &scan.card else {
        return;
    };
    let choices = [
        (
            Device::Auto,
            "Automatic",
            "The card for large matrices, the processor for the rest",
        ),
        (Device::Cpu, "Processor", "The processor for every matrix"),
        (Device::Cuda, card.as_str(), "This card for every matrix"),
    ];
    let chosen = choices.iter().find(|(device, ..)| *device == scan.device);
    let chosen = chosen.map_or("", |(_, name, _)| name);
    ui.menu_button(format!("Device: {chosen}"), |ui| {
        for (device, name, hint) in choices {
            let is_chosen = device == scan.device;
            if ui.radio(is_chosen, name).on_hover_text(hint).clicked() {
                commands.push(Command::UseDevice(device));
                ui.close();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::{Card, Command, Device, Scan, devices};

    fn shown(card: Card) -> Harness<'static, Vec<Command>> {
        let scan = Scan {
            card,
            ..Scan::default()
        };
        Harness::new_ui_state(
            move |ui, commands: &mut Vec<Command>| devices(ui, &scan, commands),
            Vec::new(),
        )
    }

    #[test]
    fn the_card_is_named_and_can_be_chosen() {
        let mut harness = shown(Card::Named("NVIDIA H200".into()));
        harness.get_by_label("Device: Automatic").click();
        harness.run();
        harness.get_by_label("NVIDIA H200").click();
        harness.run();
        assert_eq!(harness.state(), &[Command::UseDevice(Device::Cuda)]);
    }

    #[test]
    fn without_a_card_there_is_nothing_to_choose() {
        let harness = shown(Card::None);
        assert!(harness.query_by_label_contains("Device").is_none());
    }
}
