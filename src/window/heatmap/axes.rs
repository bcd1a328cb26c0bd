//! Draws what surrounds the cells: row labels, group headings, block numbers.
//!
//! Labels and block numbers can be clicked; each has a name for a screen reader.

use std::sync::Arc;

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align2, Color32, CursorIcon, EventFilter, FontId, Galley, Id, Key, Modifiers, Painter, Rect,
    Response, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2,
};

use crate::figure::{Column, Grid, Row, RowKind};
use crate::window::focus;
use crate::window::heatmap::event::{HeatmapEvent, Target};
use crate::window::heatmap::input::Hands;
use crate::window::heatmap::layout::{AXIS, Geometry, HEADING};
use crate::window::heatmap::look::Look;

/// Space between a label and its row, px.
const MARGIN: f32 = 8.0;
/// Width of the triangle that unfolds a row, px.
const TRIANGLE: f32 = 16.0;
/// Labels take at most this share of the width.
const SHARE: f32 = 0.36;

pub(crate) fn label_font() -> FontId {
    FontId::proportional(13.0)
}

pub(crate) fn small_font() -> FontId {
    FontId::proportional(11.0)
}

fn galley(painter: &Painter, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width);
    painter.layout_job(job)
}

fn font_of(row: &Row, height: f32) -> FontId {
    match row.kind {
        RowKind::Expert(_) => small_font(),
        _ if height < 15.0 => FontId::proportional(12.0),
        _ => label_font(),
    }
}

/// The width the labels want, at most a share of `space`.
pub(crate) fn label_width(painter: &Painter, grid: &Grid, space: f32) -> f32 {
    let mut widest: f32 = 64.0;
    let mut experts = false;
    for row in &grid.rows {
        let triangle = match row.kind {
            // All experts' labels are about as wide.
            RowKind::Expert(_) if experts => continue,
            RowKind::Expert(_) => {
                experts = true;
                0.0
            }
            RowKind::Experts { .. } => TRIANGLE,
            RowKind::Type => 0.0,
        };
        let text = galley(
            painter,
            &row.label,
            label_font(),
            Color32::PLACEHOLDER,
            f32::INFINITY,
        );
        widest = widest.max(text.size().x + triangle);
    }
    (widest + MARGIN + 2.0).ceil().min((space * SHARE).floor())
}

/// What the axes need besides the geometry.
pub(crate) struct Axes<'a> {
    pub(crate) grid: &'a Grid,
    pub(crate) geometry: &'a Geometry,
    pub(crate) look: &'a Look,
    /// The cell under the pointer, whose row and block stand out.
    pub(crate) hover: Option<(usize, usize)>,
}

impl Axes<'_> {
    /// Row labels; clicks become events, a right-click sets `menu`. Gives back what was done to
    /// them together, if any can be seen.
    pub(crate) fn rows(
        &self,
        ui: &Ui,
        id: Id,
        events: &mut Vec<HeatmapEvent>,
        hands: &mut Hands,
    ) -> Option<Response> {
        let mut together: Option<Response> = None;
        let clip = self.geometry.labels.intersect(ui.clip_rect());
        let painter = ui.painter().with_clip_rect(clip);
        for index in self.geometry.visible_rows() {
            let row = &self.grid.rows[index];
            let cell = self.geometry.cell(index, 0);
            let rect = Rect::from_x_y_ranges(self.geometry.labels.x_range(), cell.y_range());
            let seen = rect.intersect(clip);
            if seen.height() < 4.0 {
                continue;
            }
            let response = ui
                .interact(
                    seen,
                    id.with(("row", &row.name, &row.label)),
                    Sense::click(),
                )
                .on_hover_cursor(CursorIcon::PointingHand)
                .on_hover_text(hint(row));
            response.widget_info(|| {
                let name = format!("Row {}", row.label);
                WidgetInfo::labeled(Role::Button, true, name)
            });
            if response.clicked() {
                let modifiers = ui.input(|input| input.modifiers);
                events.push(HeatmapEvent::SelectType(row.types.clone(), modifiers));
            }
            let asked = focus::asks_for_menu(&response);
            if response.secondary_clicked() || asked {
                hands.menu = Some(Target::Row(row.types.clone()));
            }
            if asked {
                hands.menu_at = Some(seen.right_bottom());
            }
            let bright = response.hovered()
                || response.has_focus()
                || self.hover.is_some_and(|(hovered, _)| hovered == index);
            let left = self.label(&painter, row, rect, bright);
            if let RowKind::Experts { open, .. } = row.kind {
                self.triangle(ui, id, row, (rect, left), open, events);
            }
            together = Some(match together {
                Some(others) => others.union(response),
                None => response,
            });
        }
        self.headings(ui);
        together
    }

    /// Paints a row's label and returns where it starts.
    fn label(&self, painter: &Painter, row: &Row, rect: Rect, bright: bool) -> f32 {
        let look = self.look;
        let color = match row.kind {
            _ if bright => look.chosen,
            RowKind::Expert(_) => look.weak,
            _ => look.text,
        };
        let room = match row.kind {
            RowKind::Experts { .. } => rect.width() - MARGIN - TRIANGLE,
            _ => rect.width() - MARGIN,
        };
        let text = galley(
            painter,
            &row.label,
            font_of(row, rect.height()),
            color,
            room,
        );
        let at = pos2(
            rect.right() - MARGIN - text.size().x,
            rect.center().y - text.size().y / 2.0,
        );
        painter.galley(at, text, color);
        at.x
    }

    fn triangle(
        &self,
        ui: &Ui,
        id: Id,
        row: &Row,
        (rect, text_left): (Rect, f32),
        open: bool,
        events: &mut Vec<HeatmapEvent>,
    ) {
        let center = pos2(text_left - TRIANGLE / 2.0, rect.center().y);
        let area = Rect::from_center_size(center, vec2(TRIANGLE, rect.height()))
            .intersect(self.geometry.labels);
        if !area.is_positive() {
            return;
        }
        let (verb, help) = if open {
            ("Fold", "Show one row for all experts")
        } else {
            ("Unfold", "Show a row for each expert")
        };
        let response = ui
            .interact(
                area,
                id.with(("fold", &row.name, &row.label)),
                Sense::click(),
            )
            .on_hover_cursor(CursorIcon::PointingHand)
            .on_hover_text(help);
        response.widget_info(|| {
            let name = format!("{verb} {}", row.label);
            WidgetInfo::labeled(Role::DisclosureTriangle, true, name)
        });
        if response.clicked() {
            events.push(if open {
                HeatmapEvent::Fold(row.name.clone())
            } else {
                HeatmapEvent::Unfold(row.name.clone())
            });
        }
        let color = if response.hovered() || response.has_focus() {
            self.look.accent
        } else {
            self.look.weak
        };
        let points = if open {
            vec![vec2(-4.0, -2.5), vec2(4.0, -2.5), vec2(0.0, 3.5)]
        } else {
            vec![vec2(-2.5, -4.0), vec2(3.5, 0.0), vec2(-2.5, 4.0)]
        };
        let points = points.into_iter().map(|corner| center + corner).collect();
        let stroke = eframe::egui::Stroke::NONE;
        ui.painter()
            .add(Shape::convex_polygon(points, color, stroke));
    }

    fn headings(&self, ui: &Ui) {
        let geometry = self.geometry;
        let whole = geometry.labels.union(geometry.body);
        let painter = ui.painter().with_clip_rect(whole.intersect(ui.clip_rect()));
        for &(group, top) in &geometry.headings {
            let bottom = geometry.heading_top(top) + HEADING;
            let at = pos2(geometry.labels.right() - MARGIN, bottom - 3.0);
            let text = painter.text(
                at,
                Align2::RIGHT_BOTTOM,
                group.to_string(),
                small_font(),
                self.look.weak,
            );
            // A hairline from the heading over the cells holds the group together.
            let y = text.center().y.round() + 0.5;
            painter.hline(
                geometry.body.left()..=geometry.body.right(),
                y,
                (1.0, self.look.hairline),
            );
        }
    }

    /// Block numbers above the columns; a click becomes an event.
    pub(crate) fn blocks(
        &self,
        ui: &Ui,
        id: Id,
        events: &mut Vec<HeatmapEvent>,
        hands: &mut Hands,
    ) -> Response {
        let geometry = self.geometry;
        let response = ui.interact(geometry.axis, id.with("blocks"), Sense::click());
        let by_key = self.block_by_key(ui, &response, hands);
        let pointed = response.hover_pos().and_then(|at| geometry.column_at(at.x));
        let pointed = pointed.or(by_key);
        let block = pointed.and_then(|column| match self.grid.columns.get(column) {
            Some(Column::Block(block)) => Some(*block),
            _ => None,
        });
        if let Some(block) = block {
            if response.clicked() {
                let modifiers = ui.input(|input| input.modifiers);
                events.push(HeatmapEvent::SelectBlock(block, modifiers));
            }
            let asked = focus::asks_for_menu(&response);
            if response.secondary_clicked() || asked {
                hands.menu = Some(Target::Block(block));
            }
            if asked {
                hands.menu_at = Some(response.rect.left_bottom());
            }
            if response.hovered() {
                ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
            }
        }
        let painter = ui.painter();
        painter.text(
            pos2(
                geometry.labels.right() - MARGIN,
                geometry.axis.bottom() - 3.0,
            ),
            Align2::RIGHT_BOTTOM,
            "Block",
            small_font(),
            self.look.weak,
        );
        let painter = painter.with_clip_rect(
            geometry
                .axis
                .expand2(vec2(12.0, 0.0))
                .intersect(ui.clip_rect()),
        );
        self.numbers(&painter, pointed.or(self.hover.map(|(_, column)| column)));
        response.on_hover_text(match block {
            Some(block) => format!("Block {block}: click for all, none or the inverse of it"),
            None => "Modules outside the blocks".to_owned(),
        })
    }

    /// The column that the arrow keys have gone to, while the numbers have the keyboard.
    fn block_by_key(&self, ui: &Ui, response: &Response, hands: &mut Hands) -> Option<usize> {
        let last = self.grid.columns.len().saturating_sub(1);
        let said = |column: usize| match self.grid.columns.get(column) {
            Some(Column::Block(block)) => format!("block {block}"),
            _ => "modules outside the blocks".to_owned(),
        };
        let focused = response.has_focus();
        if focused {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            let pressed =
                |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
            let (right, left) = (pressed(Key::ArrowRight), pressed(Key::ArrowLeft));
            hands.block = (hands.block + right).saturating_sub(left).min(last);
            if pressed(Key::Home) > 0 {
                hands.block = 0;
            }
            if pressed(Key::End) > 0 {
                hands.block = last;
            }
            focus::announce(ui.ctx(), &said(hands.block));
        }
        let value = said(hands.block.min(last));
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, "Block numbers");
            info.current_text_value = Some(value.clone());
            info
        });
        focused.then_some(hands.block.min(last))
    }

    fn numbers(&self, painter: &Painter, bright: Option<usize>) {
        let geometry = self.geometry;
        let step = [5, 10, 20, 50, 100, 500]
            .into_iter()
            .find(|&step| step as f32 * geometry.pitch.x >= 24.0)
            .unwrap_or(1000);
        let bright = bright.filter(|&column| geometry.visible_columns().contains(&column));
        for column in geometry.visible_columns() {
            let cell = geometry.cell(0, column);
            let near = bright.is_some_and(|other| {
                other != column && (geometry.cell(0, other).left() - cell.left()).abs() < 22.0
            });
            let text = match self.grid.columns.get(column) {
                Some(Column::NoBlock) => "–".to_owned(),
                Some(Column::Block(block)) if block % step == 0 || bright == Some(column) => {
                    block.to_string()
                }
                _ => continue,
            };
            if near {
                continue;
            }
            let color = if bright == Some(column) {
                self.look.chosen
            } else {
                self.look.weak
            };
            let at = pos2(cell.center().x, geometry.axis.top() + AXIS - 3.0);
            painter.text(at, Align2::CENTER_BOTTOM, text, small_font(), color);
        }
    }
}

fn hint(row: &Row) -> String {
    match row.kind {
        RowKind::Type => format!(
            "{}\nClick for all, none or the inverse of this type",
            row.name
        ),
        RowKind::Expert(_) => {
            format!(
                "{}\nClick for all, none or the inverse of this expert",
                row.name
            )
        }
        RowKind::Experts { count, .. } => format!(
            "{}\n{count} experts; click for all, none or the inverse of them",
            row.name
        ),
    }
}
