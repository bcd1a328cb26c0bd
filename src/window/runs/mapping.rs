//! The dialog that asks what the columns of a table of an unknown layout mean, above its first rows.

use eframe::egui;

use crate::run::{CellUnit, ColumnRole, Mapping, Metric, TablePreview, WallFormat};
use crate::window::runs::command::Command;
use crate::window::runs::state::Runs;
use crate::window::theme;

/// Width of a column.
const COLUMN: f32 = 132.0;
/// Height of a row of the preview.
const ROW: f32 = 20.0;

/// Characters that may separate cells.
const DELIMITERS: [(char, &str); 5] = [
    (',', "comma"),
    (';', "semicolon"),
    ('\t', "tab"),
    (' ', "spaces"),
    ('|', "bar"),
];

/// Kinds of roles, as they are offered.
const KINDS: [(&str, ColumnRole); 13] = [
    ("Ignore", ColumnRole::Ignore),
    ("Step", ColumnRole::Step),
    ("Epoch", ColumnRole::Epoch),
    (
        "Time since start",
        ColumnRole::Relative {
            unit: CellUnit::Seconds,
        },
    ),
    (
        "Date, as text",
        ColumnRole::Wall {
            format: WallFormat::Date,
        },
    ),
    (
        "Unix time",
        ColumnRole::Wall {
            format: WallFormat::Unix,
        },
    ),
    ("Run's name", ColumnRole::RunName),
    ("Metric's name", ColumnRole::MetricName),
    ("Value of it", ColumnRole::Value),
    ("Training loss", series(Metric::TrainLoss)),
    ("Evaluation loss", series(Metric::EvalLoss)),
    ("GPU memory", memory(Metric::GpuMemory(None))),
    ("CPU memory", memory(Metric::CpuMemory)),
];

const OTHER: (&str, ColumnRole) = ("Other metric", series(Metric::Other));

const fn series(metric: Metric) -> ColumnRole {
    let unit = CellUnit::Plain;
    ColumnRole::Series { metric, unit }
}

const fn memory(metric: Metric) -> ColumnRole {
    let unit = CellUnit::Mb;
    ColumnRole::Series { metric, unit }
}

impl Runs {
    /// The content of the dialog about a table.
    pub(crate) fn mapping_view(&self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        show(ui, self, commands);
    }
}

fn show(ui: &mut egui::Ui, runs: &Runs, commands: &mut Vec<Command>) {
    let Some(table) = runs.tables.front() else {
        return;
    };
    let screen = ui.ctx().content_rect();
    ui.set_width(860.0_f32.min(screen.width() - 80.0));
    ui.heading("What do the columns mean?");
    let path = table.path.display().to_string();
    let label = egui::Label::new(egui::RichText::new(&path).weak()).truncate();
    ui.add(label).on_hover_text(path);
    let mut mapping = table.guess.clone();
    mapping
        .columns
        .resize(table.header.len(), ColumnRole::Ignore);
    ui.add_space(4.0);
    reading(ui, &mut mapping);
    ui.add_space(4.0);
    columns(ui, table, &mut mapping, screen.height() - 300.0);
    ui.add_space(4.0);
    let problem = problem(&mapping);
    if let Some(problem) = problem {
        ui.colored_label(theme::palette(ui).warning, problem);
    } else {
        ui.weak("Tables with this header are read the same way from now on.");
    }
    ui.add_space(4.0);
    if mapping != table.guess {
        let edit = Command::EditMapping(Box::new(mapping));
        commands.push(edit);
    }
    buttons(ui, runs, problem.is_none(), commands);
}

/// How cells are separated, and how numbers are written.
fn reading(ui: &mut egui::Ui, mapping: &mut Mapping) {
    ui.horizontal(|ui| {
        let label = ui.label("Cells are separated by");
        let mut known = DELIMITERS.iter();
        let name = known.find(|(sign, _)| *sign == mapping.delimiter);
        let text = name.map_or_else(
            || mapping.delimiter.to_string(),
            |(_, name)| (*name).to_owned(),
        );
        egui::ComboBox::from_id_salt("delimiter")
            .selected_text(text)
            .width(96.0)
            .show_ui(ui, |ui| {
                for (sign, name) in DELIMITERS {
                    if (ui.selectable_value(&mut mapping.delimiter, sign, name)).clicked() {
                        ui.close();
                    }
                }
            })
            .response
            .labelled_by(label.id);
        ui.checkbox(&mut mapping.decimal_comma, "Decimal comma")
            .on_hover_text("Numbers are written 1,5");
    });
}

/// The columns: what each means, above its first cells.
fn columns(ui: &mut egui::Ui, table: &TablePreview, mapping: &mut Mapping, height: f32) {
    theme::well_frame(ui).show(ui, |ui| {
        egui::ScrollArea::both()
            .auto_shrink([false, true])
            .max_height(height.clamp(140.0, 420.0))
            .min_scrolled_height(height.clamp(140.0, 420.0))
            .show_viewport(ui, |ui, seen| {
                ui.set_width(COLUMN * table.header.len() as f32);
                // Of thousands of columns only those in sight are laid out.
                let first = (seen.left() / COLUMN).floor().max(0.0) as usize;
                let last = (seen.right() / COLUMN).ceil() as usize;
                let last = last.min(table.header.len());
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
                    ui.add_space(first as f32 * COLUMN);
                    for place in first..last {
                        column(ui, table, mapping, place);
                    }
                });
            });
    });
}

fn column(ui: &mut egui::Ui, table: &TablePreview, mapping: &mut Mapping, place: usize) {
    let palette = theme::palette(ui);
    let name = &table.header[place];
    ui.vertical(|ui| {
        ui.set_width(COLUMN);
        ui.spacing_mut().item_spacing.y = 3.0;
        let heading = egui::Label::new(theme::strong(name)).truncate();
        let heading = ui.add_sized([COLUMN - 10.0, ROW], heading);
        let heading = heading.on_hover_text(name);
        role(ui, &mut mapping.columns[place], place, heading.id);
        unit(ui, &mut mapping.columns[place], name, place);
        let ignored = mapping.columns[place] == ColumnRole::Ignore;
        let color = if ignored { palette.weak } else { palette.text };
        for row in &table.rows {
            let cell = row.get(place).map_or("", String::as_str);
            let text = egui::RichText::new(cell).size(12.0).color(color);
            let size = egui::vec2(COLUMN - 10.0, 16.0);
            ui.allocate_ui(size, |ui| {
                ui.set_min_size(size);
                ui.add(egui::Label::new(text).truncate());
            });
        }
    });
}

/// What the column means.
fn role(ui: &mut egui::Ui, role: &mut ColumnRole, place: usize, label: egui::Id) {
    let kinds = || KINDS.iter().chain([&OTHER]);
    let now = kinds().find(|(_, kind)| same_kind(kind, role));
    egui::ComboBox::from_id_salt(("role", place))
        .selected_text(now.map_or("Other metric", |(name, _)| name))
        .width(COLUMN - 14.0)
        .show_ui(ui, |ui| {
            for (name, kind) in kinds() {
                let on = same_kind(kind, role);
                if ui.selectable_label(on, *name).clicked() {
                    if !on {
                        *role = with_unit(*kind, *role);
                    }
                    ui.close();
                }
            }
        })
        .response
        .labelled_by(label);
}

/// The unit it is written in, where it has one.
fn unit(ui: &mut egui::Ui, role: &mut ColumnRole, name: &str, place: usize) {
    let (ColumnRole::Relative { unit } | ColumnRole::Series { unit, .. }) = role else {
        ui.add_space(24.0 + 3.0);
        return;
    };
    let response = egui::ComboBox::from_id_salt(("unit", place))
        .selected_text(unit.symbol())
        .width(COLUMN - 14.0)
        .show_ui(ui, |ui| {
            for other in CellUnit::ALL {
                if (ui.selectable_value(unit, other, other.symbol())).clicked() {
                    ui.close();
                }
            }
        })
        .response;
    let label = format!("Unit of {name}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &label));
}

/// The role `kind` in the unit of the role before it, where both are of a metric.
fn with_unit(kind: ColumnRole, before: ColumnRole) -> ColumnRole {
    match (kind, before) {
        (ColumnRole::Series { metric, .. }, ColumnRole::Series { unit, .. })
            if unit != CellUnit::Plain =>
        {
            ColumnRole::Series { metric, unit }
        }
        _ => kind,
    }
}

/// Whether two roles differ in no more than their unit, or in which GPU it is.
fn same_kind(a: &ColumnRole, b: &ColumnRole) -> bool {
    use ColumnRole::{Relative, Series};
    match (a, b) {
        (Relative { .. }, Relative { .. }) => true,
        (Series { metric: a, .. }, Series { metric: b, .. }) => {
            let gpu = |metric: &Metric| matches!(metric, Metric::GpuMemory(_));
            a == b || (gpu(a) && gpu(b))
        }
        _ => a == b,
    }
}

/// Why the table cannot be read so; `None` where it can.
fn problem(mapping: &Mapping) -> Option<&'static str> {
    let has = |role: &ColumnRole| mapping.columns.contains(role);
    let mut columns = mapping.columns.iter();
    let series = columns.any(|role| matches!(role, ColumnRole::Series { .. }));
    if has(&ColumnRole::MetricName) != has(&ColumnRole::Value) {
        return Some(
            "A column of metrics' names needs one of their values, and the other way round.",
        );
    }
    if !series && !has(&ColumnRole::Value) {
        return Some("Say which column holds a metric: a loss, an amount of memory, or another.");
    }
    None
}

fn buttons(ui: &mut egui::Ui, runs: &Runs, ready: bool, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let waiting = runs.tables.len();
        if waiting > 1 {
            ui.weak(format!("{} more after this one", waiting - 1));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let palette = theme::palette(ui);
            let reading = runs.preview.is_busy() || runs.reading.is_busy();
            let read = egui::Button::new("Read the table").fill(palette.accent_fill);
            if ui.add_enabled(ready && !reading, read).clicked() {
                commands.push(Command::AcceptMapping);
            }
            if ui
                .button("Skip")
                .on_hover_text("Leave this table")
                .clicked()
            {
                commands.push(Command::SkipTable);
            }
            if reading {
                ui.spinner();
            }
        });
    });
}
