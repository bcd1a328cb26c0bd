//! The heatmap of two sets: each cell by which of them trains it.
//!
//! Enters: [`Compare`]. Leaves: cells in halves. The left half stands for A, the right one for B:
//! what both train fills the cell in gray, what one alone trains its half in that set's color. So
//! the place says what the color says. A folded cell fills from below by the share of its
//! modules.

use eframe::egui::{Color32, Mesh, Painter, Rect, Shape, Stroke, StrokeKind, pos2};

use crate::figure::Grid;
use crate::selection::Part;
use crate::window::heatmap::layout::Geometry;
use crate::window::heatmap::look::Look;
use crate::window::heatmap::tooltip::Description;

/// Two sets to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Compare<'a> {
    /// For each module, whether the first set trains it.
    pub a: &'a [bool],
    /// For each module, whether the second set trains it.
    pub b: &'a [bool],
    /// Their names.
    pub names: [&'a str; 2],
    /// Their colors.
    pub colors: [Color32; 2],
}

/// How many modules of a cell are in which part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CellParts {
    only_a: u32,
    both: u32,
    only_b: u32,
    neither: u32,
}

impl CellParts {
    fn total(self) -> u32 {
        self.only_a + self.both + self.only_b + self.neither
    }

    /// One module in that part.
    pub(crate) fn one(part: Part) -> Self {
        let mut parts = Self::default();
        parts.add(part);
        parts
    }

    fn add(&mut self, part: Part) {
        *match part {
            Part::OnlyA => &mut self.only_a,
            Part::Both => &mut self.both,
            Part::OnlyB => &mut self.only_b,
            Part::Neither => &mut self.neither,
        } += 1;
    }

    fn get(self, part: Part) -> u32 {
        match part {
            Part::OnlyA => self.only_a,
            Part::Both => self.both,
            Part::OnlyB => self.only_b,
            Part::Neither => self.neither,
        }
    }
}

impl Compare<'_> {
    fn part(&self, module: u32) -> Part {
        let has = |set: &[bool]| set.get(module as usize) == Some(&true);
        Part::of(has(self.a), has(self.b))
    }

    fn count(&self, modules: &[u32]) -> CellParts {
        let mut parts = CellParts::default();
        for &module in modules {
            parts.add(self.part(module));
        }
        parts
    }

    /// Every cell's parts, row by row.
    pub(crate) fn parts(&self, grid: &Grid) -> Vec<CellParts> {
        let columns = grid.columns.len();
        let cells = (0..grid.rows.len() * columns).map(|cell| (cell / columns, cell % columns));
        cells
            .map(|(row, column)| self.count(grid.modules(row, column)))
            .collect()
    }

    /// What the two sets are, for a screen reader.
    pub(crate) fn spoken(&self) -> String {
        let [a, b] = self.names;
        format!("A is {a}, B is {b}")
    }

    /// Adds to a cell's description which set trains it.
    pub(crate) fn describe(&self, modules: &[u32], description: &mut Description) {
        let parts = self.count(modules);
        let [a, b] = self.names;
        let mut line = |name, text| description.lines.insert(0, (name, text));
        if let [only] = modules {
            let text = match self.part(*only) {
                Part::OnlyA => format!("only in A, {a}"),
                Part::Both => "in both sets".to_owned(),
                Part::OnlyB => format!("only in B, {b}"),
                Part::Neither => "in neither set".to_owned(),
            };
            line("Trains", text);
            return;
        }
        for (part, name) in Part::ALL
            .into_iter()
            .zip(["Only in A", "In both", "Only in B", "In neither"])
            .rev()
        {
            line(name, format!("{} of {}", parts.get(part), parts.total()));
        }
    }
}

/// The colors of the four parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inks {
    /// Of what only A and only B train.
    pub(crate) sets: [Color32; 2],
    /// Of what both train.
    pub(crate) both: Color32,
    /// Behind it all.
    pub(crate) ground: Color32,
}

impl Inks {
    /// In the theme of `look`.
    pub(crate) fn new(sets: [Color32; 2], look: &Look) -> Self {
        Self {
            sets,
            both: look.weak,
            ground: look.waiting,
        }
    }

    /// The sign of a part, as a cell of one module shows it.
    pub(crate) fn sign(&self, painter: &Painter, rect: Rect, part: Part, look: &Look) {
        let mut mesh = Mesh::default();
        self.cell(&mut mesh, rect, CellParts::one(part));
        painter.add(Shape::mesh(mesh));
        let stroke = Stroke::new(1.0, look.hairline);
        painter.rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
    }

    fn cell(&self, mesh: &mut Mesh, rect: Rect, parts: CellParts) {
        let total = parts.total();
        if total == 0 {
            return;
        }
        mesh.add_colored_rect(rect, self.ground);
        let middle = if rect.width() >= 6.0 {
            rect.center().x.round()
        } else {
            rect.center().x
        };
        let height = |count: u32| rect.height() * count as f32 / total as f32;
        let both = rect.bottom() - height(parts.both);
        if parts.both > 0 {
            let filled = Rect::from_min_max(pos2(rect.left(), both), rect.max);
            mesh.add_colored_rect(filled, self.both);
        }
        let halves = [(rect.left(), middle), (middle, rect.right())];
        let alone = [parts.only_a, parts.only_b];
        for (((left, right), count), color) in halves.into_iter().zip(alone).zip(self.sets) {
            if count > 0 {
                // A single module among many is still to be seen.
                let top = (both - height(count).max(1.5)).max(rect.top());
                let filled = Rect::from_min_max(pos2(left, top), pos2(right, both.max(top + 1.5)));
                mesh.add_colored_rect(filled, color);
            }
        }
    }
}

/// Draws the visible cells.
pub(crate) fn paint(
    painter: &Painter,
    geometry: &Geometry,
    grid: &Grid,
    parts: &[CellParts],
    inks: &Inks,
) {
    let painter = painter.with_clip_rect(geometry.body.intersect(painter.clip_rect()));
    let mut mesh = Mesh::default();
    for row in geometry.visible_rows() {
        for column in geometry.visible_columns() {
            let cell = row * grid.columns.len() + column;
            let parts = parts.get(cell).copied().unwrap_or_default();
            inks.cell(&mut mesh, geometry.cell(row, column), parts);
        }
    }
    painter.add(Shape::mesh(mesh));
}
