//! The list of sets: which is A, which is B, what each costs, and what can be done with it.

use eframe::egui::{self, Role, WidgetInfo, pos2, vec2};

use crate::app::{Command, Document, SetId, SetRef, SetsCommand, Side, State};
use crate::figure::OKABE_ITO;
use crate::ui::sets::{all, colour};
use crate::ui::{number, theme};

/// Height of a row, px.
const ROW: f32 = 26.0;
/// How many rows are shown before the list scrolls.
const SHOWN: usize = 6;
/// Widths of the columns, px, from the left: A, B, colour; and from the right: actions, share,
/// parameters, modules. The name and how the set was made share what is between.
const PICK: f32 = 24.0;
const SWATCH: f32 = 26.0;
const ACTIONS: f32 = 96.0;
const SHARE: f32 = 62.0;
const PARAMETERS: f32 = 82.0;
const MODULES: f32 = 74.0;

/// Names of the seven colours, for those who cannot see them.
const COLOURS: [&str; OKABE_ITO.len()] = [
    "Blue",
    "Vermillion",
    "Green",
    "Purple",
    "Orange",
    "Sky blue",
    "Yellow",
];

/// What the list keeps from frame to frame.
#[derive(Default)]
pub(super) struct SetList {
    /// The set whose name is being typed, and the name so far.
    renaming: Option<(SetId, String)>,
}

/// The places of a row's columns.
struct Columns {
    row: egui::Rect,
}

impl Columns {
    fn from_left(&self, start: f32, width: f32) -> egui::Rect {
        let left = self.row.left() + start;
        egui::Rect::from_x_y_ranges(left..=left + width, self.row.y_range())
    }

    fn from_right(&self, end: f32, width: f32) -> egui::Rect {
        let right = self.row.right() - end;
        egui::Rect::from_x_y_ranges(right - width..=right, self.row.y_range())
    }

    fn modules(&self) -> egui::Rect {
        self.from_right(ACTIONS + SHARE + PARAMETERS, MODULES)
    }

    fn parameters(&self) -> egui::Rect {
        self.from_right(ACTIONS + SHARE, PARAMETERS)
    }

    fn share(&self) -> egui::Rect {
        self.from_right(ACTIONS, SHARE)
    }

    /// The name's place, and that of how the set was made.
    fn words(&self) -> (egui::Rect, egui::Rect) {
        let left = self.row.left() + 2.0 * PICK + SWATCH;
        let right = self.modules().left();
        let name = ((right - left) * 0.55).max(120.0).min(right - left);
        let split = left + name;
        let rect = |from, to| egui::Rect::from_x_y_ranges(from..=to, self.row.y_range());
        (rect(left, split - 6.0), rect(split, right))
    }
}

impl SetList {
    pub(super) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        document: &Document,
        commands: &mut Vec<Command>,
    ) {
        heading(ui);
        let rows = document.sets().len() + 1;
        let height = ROW * rows.min(SHOWN) as f32;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            egui::ScrollArea::vertical()
                .id_salt("sets")
                .auto_shrink([false, true])
                .min_scrolled_height(height)
                .max_height(height)
                .show_rows(ui, ROW, rows, |ui, shown| {
                    for side in all(document).skip(shown.start).take(shown.len()) {
                        self.row(ui, state, document, side, commands);
                    }
                });
        });
    }

    fn row(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        document: &Document,
        side: Side<'_>,
        commands: &mut Vec<Command>,
    ) {
        let (row, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), ROW), egui::Sense::hover());
        if response.contains_pointer() {
            ui.painter()
                .rect_filled(row, 3.0, ui.visuals().faint_bg_color);
        }
        let columns = Columns { row };
        ui.push_id(side.of, |ui| {
            let picks = [
                (
                    "A",
                    state.sets.a,
                    SetsCommand::PickA as fn(SetRef) -> SetsCommand,
                ),
                ("B", state.sets.b, SetsCommand::PickB),
            ];
            for (place, (letter, picked, command)) in picks.into_iter().enumerate() {
                let rect = columns.from_left(PICK * place as f32, PICK);
                let on = document.side(picked).of == side.of;
                let response = cell(ui, rect, |ui| ui.radio(on, ""));
                let name = format!("{letter}: {}", side.name);
                response.widget_info(|| {
                    WidgetInfo::selected(Role::RadioButton, true, on, name.clone())
                });
                if response
                    .on_hover_text(format!("Compare it as {letter}"))
                    .clicked()
                {
                    commands.push(command(side.of).into());
                }
            }
            swatch(ui, columns.from_left(2.0 * PICK, SWATCH), side, commands);
            self.words(ui, &columns, document, side, commands);
            let total = document.report.modules.len();
            numbers(
                ui,
                &columns,
                side,
                document.set.counts.parameters_total,
                total,
            );
            if let SetRef::Kept(id) = side.of {
                let rect = columns.from_right(0.0, ACTIONS);
                cell(ui, rect, |ui| self.actions(ui, id, side.name, commands));
            }
        });
    }

    fn words(
        &mut self,
        ui: &mut egui::Ui,
        columns: &Columns,
        document: &Document,
        side: Side<'_>,
        commands: &mut Vec<Command>,
    ) {
        let (name, made) = columns.words();
        let kept = match side.of {
            SetRef::Kept(id) => document.kept_set(id),
            SetRef::Current => None,
        };
        if let (Some((id, text)), Some(kept)) = (&mut self.renaming, kept)
            && *id == kept.id
        {
            let field = egui::TextEdit::singleline(text).desired_width(f32::INFINITY);
            let response = cell(ui, name, |ui| ui.add(field));
            response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the set"));
            if response.lost_focus() {
                let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
                if !escaped {
                    commands.push(SetsCommand::Rename(*id, text.clone()).into());
                }
                self.renaming = None;
            } else if !response.has_focus() {
                response.request_focus();
            }
        } else {
            let label = egui::Label::new(theme::strong(side.name))
                .truncate()
                .sense(egui::Sense::click());
            let response = cell(ui, name, |ui| ui.add(label));
            if let Some(kept) = kept
                && response.double_clicked()
            {
                self.renaming = Some((kept.id, side.name.to_owned()));
            }
        }
        let text = kept.map_or("the slider, pins and drops at the left", |kept| {
            &kept.set.made
        });
        let text = egui::RichText::new(text).weak();
        cell(ui, made, |ui| ui.add(egui::Label::new(text).truncate()));
    }

    fn actions(
        &mut self,
        ui: &mut egui::Ui,
        id: SetId,
        name: &str,
        commands: &mut Vec<Command>,
    ) -> egui::Response {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let menu = ui.menu_button("…", |ui| {
                if ui.button("Rename").clicked() {
                    self.renaming = Some((id, name.to_owned()));
                    ui.close();
                }
                for (text, hover, command) in [
                    (
                        "Duplicate",
                        "Keep a copy under another name",
                        SetsCommand::Duplicate(id),
                    ),
                    (
                        "Select and export…",
                        "Make it the current selection and write it to a file; Undo brings the \
                         selection back",
                        SetsCommand::Export(id),
                    ),
                    ("Delete", "Undo brings it back", SetsCommand::Delete(id)),
                ] {
                    if ui.button(text).on_hover_text(hover).clicked() {
                        commands.push(command.into());
                        ui.close();
                    }
                }
            });
            let name = format!("Actions of {name}");
            (menu.response).widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
            let select = ui.small_button("Select").on_hover_text(
                "Make it the current selection: what the slider, the heatmap and the export show",
            );
            if select.clicked() {
                commands.push(SetsCommand::MakeCurrent(id).into());
            }
        })
        .response
    }
}

fn heading(ui: &mut egui::Ui) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), egui::Sense::hover());
    let columns = Columns { row };
    let (name, made) = columns.words();
    let weak = theme::palette(ui).weak;
    let font = egui::FontId::proportional(11.0);
    let painter = ui.painter();
    for (rect, align, text) in [
        (
            columns.from_left(0.0, 16.0),
            egui::Align2::CENTER_CENTER,
            "A",
        ),
        (
            columns.from_left(PICK, 16.0),
            egui::Align2::CENTER_CENTER,
            "B",
        ),
        (name, egui::Align2::LEFT_CENTER, "Set"),
        (made, egui::Align2::LEFT_CENTER, "Made by"),
        (columns.modules(), egui::Align2::RIGHT_CENTER, "Modules"),
        (
            columns.parameters(),
            egui::Align2::RIGHT_CENTER,
            "Parameters",
        ),
        (columns.share(), egui::Align2::RIGHT_CENTER, "Share"),
    ] {
        let at = align.pos_in_rect(&rect);
        painter.text(at, align, text, font.clone(), weak);
    }
    painter.hline(
        row.x_range(),
        row.bottom(),
        (1.0, theme::palette(ui).hairline),
    );
}

/// Puts one widget, or a line of them, into its place in a row.
fn cell<R>(ui: &mut egui::Ui, rect: egui::Rect, add: impl FnOnce(&mut egui::Ui) -> R) -> R {
    let builder = egui::UiBuilder::new()
        .max_rect(rect)
        .layout(egui::Layout::left_to_right(egui::Align::Center));
    let mut child = ui.new_child(builder);
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    add(&mut child)
}

/// The set's colour, a menu of the seven for a kept set.
fn swatch(ui: &mut egui::Ui, rect: egui::Rect, side: Side<'_>, commands: &mut Vec<Command>) {
    let paint = |ui: &egui::Ui, rect: egui::Rect, index: usize| {
        ui.painter().rect_filled(rect, 3.0, colour(index));
    };
    let square = egui::Rect::from_center_size(
        pos2(rect.left() + 8.0, rect.center().y),
        egui::Vec2::splat(14.0),
    );
    paint(ui, square, side.colour);
    let SetRef::Kept(id) = side.of else { return };
    let response = ui.interact(
        square.expand(3.0),
        ui.scope_id().with("swatch"),
        egui::Sense::click(),
    );
    let name = format!("Colour of {}: {}", side.name, COLOURS[side.colour]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
    egui::Popup::menu(&response).show(|ui| {
        for (index, name) in COLOURS.into_iter().enumerate() {
            let button = egui::Button::new(format!("      {name}")).selected(index == side.colour);
            let item = ui.add(button);
            let left = item.rect.left_center() + vec2(14.0, 0.0);
            paint(
                ui,
                egui::Rect::from_center_size(left, vec2(12.0, 12.0)),
                index,
            );
            if item.clicked() {
                commands.push(SetsCommand::Recolour(id, index).into());
                ui.close();
            }
        }
    });
    response.on_hover_text("Give it another colour");
}

fn numbers(
    ui: &mut egui::Ui,
    columns: &Columns,
    side: Side<'_>,
    total: Option<u64>,
    modules_total: usize,
) {
    let share = side.parameters.zip(total.filter(|&total| total > 0));
    let share = share.map_or_else(
        || "–".to_owned(),
        |(part, total)| number::share(part as f64 / total as f64),
    );
    let unknown = "A results file holds no shapes: open the model's folder to see costs";
    for (rect, text, hover) in [
        (
            columns.modules(),
            number::grouped(side.modules as u64),
            format!("of {} modules", number::grouped(modules_total as u64)),
        ),
        (
            columns.parameters(),
            side.parameters
                .map_or_else(|| "–".to_owned(), number::parameters),
            side.parameters
                .map_or_else(|| unknown.to_owned(), number::grouped),
        ),
        (
            columns.share(),
            share,
            "of the model's parameters".to_owned(),
        ),
    ] {
        cell(ui, rect, |ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(text).on_hover_text(hover);
            });
        });
    }
}
