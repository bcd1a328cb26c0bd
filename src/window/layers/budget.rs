//! The budget: a limit in the place of the percentage, and how far the set is from it.

use eframe::egui;

use crate::selection::{Budget, parse_parameters};
use crate::text::GIB;
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::layers::state::Command;
use crate::window::{number, theme};

/// What a budget limits, as the list offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Parameters,
    Memory,
}

impl Kind {
    const ALL: [Self; 3] = [Self::None, Self::Parameters, Self::Memory];

    fn of(budget: Option<Budget>) -> Self {
        match budget {
            None => Self::None,
            Some(Budget::Parameters(_)) => Self::Parameters,
            Some(Budget::Memory(_)) => Self::Memory,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Parameters => "parameters",
            Self::Memory => "memory",
        }
    }

    fn tooltip(self) -> &'static str {
        match self {
            Self::None => "The top percent as set above",
            Self::Parameters => "The largest set that trains at most so many parameters",
            Self::Memory => {
                "The largest set whose weights, gradients and optimizer states fit in so much \
                 memory; activations are not counted"
            }
        }
    }

    /// The budget that the set as it is uses up, in numbers that can be read.
    fn start(self, document: &Document) -> Option<Budget> {
        let trained = document.set.counts.parameters?;
        match self {
            Self::None => None,
            Self::Parameters => {
                let step = 10_u64.pow(trained.max(1).ilog10().saturating_sub(2));
                Some(Budget::Parameters(trained.div_ceil(step) * step))
            }
            Self::Memory => {
                let optimizer = document.choice().optimizer;
                let costs = document.choosing().costs(&document.set, optimizer)?;
                let tenths = (costs.set.total() as f64 / GIB * 10.0).ceil();
                Some(Budget::Memory((tenths / 10.0 * GIB).ceil() as u64))
            }
        }
    }
}

/// The row, and a line about what the budget leaves.
pub(crate) fn show(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let budget = document.choice().budget;
    let kind = Kind::of(budget);
    let known = document.choosing().sizes.is_some();
    ui.horizontal(|ui| {
        let label = ui.weak("Budget");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if let Some(budget) = budget {
                field(ui, budget, commands);
            }
            ui.add_enabled_ui(known || budget.is_some(), |ui| {
                let list = egui::ComboBox::from_id_salt("budget")
                    .selected_text(kind.text())
                    .width(92.0)
                    .show_ui(ui, |ui| {
                        for other in Kind::ALL {
                            let response = ui.selectable_label(other == kind, other.text());
                            if response.on_hover_text(other.tooltip()).clicked() {
                                let budget = other.start(document);
                                commands.push(Edit::Budget { budget, done: true }.into());
                                ui.close();
                            }
                        }
                    });
                list.response
                    .labelled_by(label.id)
                    .on_hover_text(kind.tooltip())
                    .on_disabled_hover_text(
                        "A results file holds no shapes: open the model's folder to choose by \
                         what it costs",
                    );
            });
        });
    });
    if budget.is_some() {
        verdict(ui, document);
    }
}

fn field(ui: &mut egui::Ui, budget: Budget, commands: &mut Vec<Command>) {
    let (mut value, unit) = match budget {
        Budget::Parameters(limit) => (limit as f64, ""),
        Budget::Memory(bytes) => (bytes as f64 / GIB, " GiB"),
    };
    let is_memory = !unit.is_empty();
    let speed = (value * 0.005).max(if is_memory { 0.01 } else { 1.0 });
    let mut field = egui::DragValue::new(&mut value)
        .range(0.0..=1e15)
        .speed(speed)
        .update_while_editing(false);
    field = if is_memory {
        field.max_decimals(2).suffix(unit)
    } else {
        field
            .custom_formatter(|value, _| parameters(value))
            .custom_parser(|text| parse_parameters(text).ok().map(|count| count as f64))
    };
    let response = ui
        .add(field)
        .on_hover_text("Drag or type it: 200M, 1.5B, 24 GiB");
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Budget");
        info.value = Some(value);
        info
    });
    let after = if is_memory {
        Budget::Memory((value * GIB) as u64)
    } else {
        // As it is shown: what can be read is what counts.
        Budget::Parameters(parse_parameters(&parameters(value)).unwrap_or(value as u64))
    };
    if (response.changed() && after != budget) || response.drag_stopped() {
        commands.push(
            Edit::Budget {
                budget: Some(after),
                done: !response.dragged(),
            }
            .into(),
        );
    }
}

/// A count that reads back as what it shows.
fn parameters(count: f64) -> String {
    let (scale, unit) = match count {
        ..1e4 => return format!("{count:.0}"),
        1e4..1e6 => (1e3, "K"),
        1e6..1e9 => (1e6, "M"),
        _ => (1e9, "B"),
    };
    let text = format!("{:.3}", count / scale);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} {unit}")
}

/// Whether the budget is kept, what is next, and why it is not.
fn verdict(ui: &mut egui::Ui, document: &Document) {
    let Some(solved) = document.set.budget else {
        ui.weak("Shapes are not known: the percentage counts.");
        return;
    };
    let palette = theme::palette(ui);
    let small = |text: String| egui::RichText::new(text).small();
    if solved.fits() {
        let text = solved.next.map_or_else(
            || "All that the rules may take is within it.".to_owned(),
            |(percent, parameters)| {
                format!(
                    "Next step: {} parameters, at {}",
                    number::parameters(parameters),
                    number::entry(percent),
                )
            },
        );
        ui.add(egui::Label::new(small(text).color(palette.weak)).truncate())
            .on_hover_text("The next larger set is over the budget");
        return;
    }
    let smallest = number::parameters(solved.smallest);
    let over = solved.limit.map_or_else(
        || {
            let Some(Budget::Memory(bytes)) = document.choice().budget else {
                return String::new();
            };
            let weights = document
                .choosing()
                .costs(&document.set, document.choice().optimizer);
            let weights = weights.map_or(0, |costs| costs.set.weights);
            format!(
                "the model's weights alone take {} GiB more than that",
                number::gib(weights.saturating_sub(bytes))
            )
        },
        |limit| {
            format!(
                "{} parameters too many: head and embedding {}, by hand {}",
                number::parameters(solved.smallest - limit),
                number::parameters(solved.fixed),
                number::parameters(solved.by_hand),
            )
        },
    );
    let text = format!("Over it: the smallest set has {smallest}; {over}.");
    ui.add(egui::Label::new(small(text).color(palette.warning)).wrap());
}
