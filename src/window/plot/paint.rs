//! The layers of a chart as one item of egui_plot.
//!
//! egui_plot's own lines are not used: a solid one whose points lie closer than a pixel in x, as
//! the corners of a step do, is drawn by it as a band between the lowest and the highest of them,
//! which makes a ribbon of an outline. Its dashes also differ from those of the figures. So the
//! shapes are made here, once for as long as nothing changes: a million points are reduced to what
//! the pixels can show, and turned into triangles.

use std::ops::RangeInclusive;
use std::sync::Arc;

use eframe::egui::epaint::{ClippedShape, Primitive};
use eframe::egui::{self, Color32, Id, Mesh, Pos2, Rect, Shape as Drawn, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};

use crate::figure::{Chart, Curve, Form, Layer, Paper, Shape, Stroke as Dashes};

/// How far outside of the plot a point is kept on its place; further out is nothing to be seen.
const FAR: f32 = 1e5;
/// How much of an area covers what lies below it.
const AREA: f32 = 0.14;
/// How much of a layer is left while others are pointed at.
const FADED: f32 = 0.25;

/// What the drawn shapes depend on.
#[derive(Clone)]
struct Key {
    chart: Arc<Chart>,
    paper: Paper,
    frame: Rect,
    pixels: f32,
    faded: Vec<bool>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.chart, &other.chart)
            && self.paper == other.paper
            && self.frame == other.frame
            && self.pixels.to_bits() == other.pixels.to_bits()
            && self.faded == other.faded
    }
}

/// Shapes with what they were made from.
#[derive(Clone)]
struct Kept(Arc<(Key, Vec<Drawn>)>);

/// The layers of a chart, but for the vertical lines that the frame draws.
pub(crate) struct Painted {
    base: PlotItemBase,
    chart: Arc<Chart>,
    paper: Paper,
    memory: Id,
    faded: Vec<bool>,
}

impl Painted {
    pub(crate) fn new(chart: Arc<Chart>, paper: Paper, id: Id, lit: &dyn Fn(&str) -> bool) -> Self {
        Self {
            base: PlotItemBase::new(String::new()),
            faded: chart.layers.iter().map(|layer| !lit(&layer.name)).collect(),
            chart,
            paper,
            memory: id.with("shapes"),
        }
    }
}

impl PlotItem for Painted {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Drawn>) {
        let key = Key {
            chart: Arc::clone(&self.chart),
            paper: self.paper,
            frame: *transform.frame(),
            pixels: ui.pixels_per_point(),
            faded: self.faded.clone(),
        };
        let kept: Option<Kept> = ui.data(|data| data.get_temp(self.memory));
        let kept = kept.filter(|kept| kept.0.0 == key).unwrap_or_else(|| {
            let drawn = Brush(&key).all();
            let drawn = triangles(ui, key.frame, drawn, key.pixels);
            let kept = Kept(Arc::new((key, drawn)));
            ui.data_mut(|data| data.insert_temp(self.memory, kept.clone()));
            kept
        });
        shapes.extend(kept.0.1.iter().cloned());
    }

    fn initialize(&mut self, _: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn allow_hover(&self) -> bool {
        false
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([0.0, 0.0], [1.0, 1.0])
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

/// Where a point of `chart` lies in `plot`.
pub(crate) fn at(chart: &Chart, plot: Rect, [x, y]: [f64; 2]) -> Pos2 {
    let (across, up) = (chart.x.position(x) as f32, chart.y.position(y) as f32);
    let kept = |place: f32| {
        if place.is_finite() {
            place.clamp(-FAR, FAR)
        } else {
            place
        }
    };
    pos2(
        kept(plot.left() + across * plot.width()),
        kept(plot.bottom() - up * plot.height()),
    )
}

/// Lines as triangles, made once: making them anew in every frame is what would cost.
fn triangles(ui: &Ui, frame: Rect, shapes: Vec<Drawn>, pixels: f32) -> Vec<Drawn> {
    let clipped = shapes.into_iter().map(|shape| ClippedShape {
        clip_rect: frame.expand(4.0),
        shape,
        transform_after_tessellation: egui::emath::TSTransform::IDENTITY,
    });
    let primitives = ui.ctx().tessellate(clipped.collect(), pixels);
    let meshes = primitives
        .into_iter()
        .filter_map(|one| match one.primitive {
            Primitive::Mesh(mesh) => Some(Drawn::mesh(mesh)),
            Primitive::Callback(_) => None,
        });
    meshes.collect()
}

struct Brush<'a>(&'a Key);

impl Brush<'_> {
    fn all(&self) -> Vec<Drawn> {
        let mut shapes = Vec::new();
        // Faded layers lie below the others, and of runs the areas and logged values lowest.
        for faded in [true, false] {
            let layers = self.0.chart.layers.iter().zip(&self.0.faded);
            let layers = layers.filter(|(_, fades)| **fades == faded);
            let layers: Vec<&Layer> = layers.map(|(layer, _)| layer).collect();
            let color = |layer: &Layer| {
                let color = rgb(self.0.paper.color(layer.ink));
                if faded {
                    color.gamma_multiply(FADED)
                } else {
                    color
                }
            };
            for layer in &layers {
                if let Shape::Curve(curve) = &layer.shape {
                    self.behind(curve, color(layer), &mut shapes);
                }
            }
            for layer in &layers {
                self.layer(layer, color(layer), &mut shapes);
            }
        }
        shapes
    }

    fn at(&self, point: [f64; 2]) -> Pos2 {
        at(&self.0.chart, self.0.frame, point)
    }

    fn columns(&self) -> usize {
        (self.0.frame.width() * self.0.pixels) as usize
    }

    /// The stretches of a line without a gap, on screen.
    fn parts(&self, points: &[[f64; 2]]) -> Vec<Vec<Pos2>> {
        let on_screen: Vec<Pos2> = points.iter().map(|&point| self.at(point)).collect();
        let gap = |at: &Pos2| !(at.x.is_finite() && at.y.is_finite());
        let parts = on_screen.split(gap).filter(|part| !part.is_empty());
        parts.map(<[Pos2]>::to_vec).collect()
    }

    fn behind(&self, curve: &Curve, color: Color32, shapes: &mut Vec<Drawn>) {
        let x = &self.0.chart.x;
        if curve.form == Form::Area {
            self.area(&curve.seen(x, self.columns()), color, shapes);
        }
        let faint = Stroke::new(1.0, color.gamma_multiply(0.3));
        for part in self.parts(&curve.logged_seen(x, self.columns())) {
            shapes.push(Drawn::line(part, faint));
        }
    }

    fn area(&self, points: &[[f64; 2]], color: Color32, shapes: &mut Vec<Drawn>) {
        let bottom = self.0.frame.bottom();
        for part in self.parts(points) {
            let edges = part.iter().map(|at| (*at, pos2(at.x, bottom)));
            shapes.push(strip(edges, color.gamma_multiply(AREA)));
        }
    }

    fn line(&self, points: &[[f64; 2]], color: Color32, dashes: Dashes, shapes: &mut Vec<Drawn>) {
        let width = if dashes == Dashes::Fine { 1.0 } else { 1.6 };
        for part in self.parts(points) {
            shapes.extend(stroked(part, Stroke::new(width, color), dashes));
        }
    }

    fn layer(&self, layer: &Layer, color: Color32, shapes: &mut Vec<Drawn>) {
        let dots = |points: &[[f64; 2]], radius: f32, shapes: &mut Vec<Drawn>| {
            let seen = self.0.frame.expand(radius);
            let places = points.iter().map(|&point| self.at(point));
            let inside = places.filter(|at| seen.contains(*at));
            shapes.extend(inside.map(|at| disc(at, radius, color)));
        };
        match &layer.shape {
            Shape::Bars { edges, heights } => shapes.push(self.bars(edges, heights, color)),
            Shape::Line { points, stroke } => self.line(points, color, *stroke, shapes),
            Shape::Curve(curve) => {
                let x = &self.0.chart.x;
                dots(curve.dots(x), 2.2, shapes);
                self.line(&curve.seen(x, self.columns()), color, curve.stroke, shapes);
            }
            Shape::Points(points) => dots(points, 2.0, shapes),
            Shape::Band(points) => {
                let edges = points
                    .iter()
                    .map(|&[x, low, high]| (self.at([x, high]), self.at([x, low])));
                shapes.push(strip(edges, color.gamma_multiply(0.5)));
            }
            Shape::Area(points) => self.area(points, color, shapes),
            Shape::Dot { at, label: _ } => dots(&[*at], 4.0, shapes),
            Shape::Rug(values) => {
                let bottom = self.0.frame.bottom();
                let stroke = Stroke::new(1.0, color);
                shapes.extend(values.iter().filter_map(|&x| {
                    let x = self.at([x, 0.0]).x;
                    let ends = [pos2(x, bottom), pos2(x, bottom - 6.0)];
                    x.is_finite().then(|| Drawn::line_segment(ends, stroke))
                }));
            }
            // It rises above the plot: the frame draws it.
            Shape::VLine { .. } => {}
        }
    }

    fn bars(&self, edges: &[f64], heights: &[f64], color: Color32) -> Drawn {
        let frame = self.0.frame;
        let mut mesh = Mesh::default();
        for (edge, height) in edges.windows(2).zip(heights) {
            // Zero has no place on a logarithmic axis: such a bar begins where the plot does.
            let left = self.at([edge[0], *height]).x.max(frame.left() - 2.0);
            let corner = self.at([edge[1], *height]);
            let top = corner.y.max(frame.top() - 2.0);
            if *height <= 0.0 || !(left < corner.x && top < frame.bottom()) {
                continue;
            }
            // A hairline between bars that can spare it.
            let gap = if corner.x - left > 3.0 { 0.5 } else { 0.0 };
            let bar = Rect::from_min_max(pos2(left, top), pos2(corner.x - gap, frame.bottom()));
            mesh.add_colored_rect(bar, color);
        }
        Drawn::mesh(mesh)
    }
}

/// The area between two lines.
fn strip(edges: impl Iterator<Item = (Pos2, Pos2)>, color: Color32) -> Drawn {
    let mut mesh = Mesh::default();
    for (high, low) in edges {
        let next = mesh.vertices.len() as u32;
        mesh.colored_vertex(high, color);
        mesh.colored_vertex(low, color);
        if next >= 2 {
            mesh.add_triangle(next - 2, next - 1, next);
            mesh.add_triangle(next - 1, next, next + 1);
        }
    }
    Drawn::mesh(mesh)
}

/// A disc of its own triangles: egui's are cut from a texture that may change.
fn disc(at: Pos2, radius: f32, color: Color32) -> Drawn {
    let corner = |index: u8| at + radius * egui::Vec2::angled(f32::from(index) * 0.524);
    Drawn::convex_polygon((0..12).map(corner).collect(), color, Stroke::NONE)
}

/// A line with its dashes, as the figures have them.
pub(crate) fn stroked(part: Vec<Pos2>, stroke: Stroke, dashes: Dashes) -> Vec<Drawn> {
    let (on, off): (&[f32], &[f32]) = match dashes {
        Dashes::Solid | Dashes::Fine => return vec![Drawn::line(part, stroke)],
        Dashes::Dashed => (&[6.0], &[4.0]),
        Dashes::Dotted => (&[1.5], &[3.0]),
        Dashes::DashDot => (&[6.0, 1.5], &[3.0, 3.0]),
    };
    Drawn::dashed_line_with_offset(&part, stroke, on, off, 0.0)
}

/// The sign of a layer in a legend: its line with its dashes, a swatch, or a dot.
pub(crate) fn key(ui: &Ui, rect: Rect, layer: &Layer, color: Color32) {
    let painter = ui.painter();
    let dashes = match &layer.shape {
        Shape::Line { stroke, .. } | Shape::VLine { stroke, .. } => *stroke,
        Shape::Curve(curve) => curve.stroke,
        Shape::Points(_) | Shape::Dot { .. } => {
            painter.circle_filled(rect.center(), 3.0, color);
            return;
        }
        Shape::Bars { .. } | Shape::Band(_) | Shape::Area(_) | Shape::Rug(_) => {
            let swatch = Rect::from_center_size(rect.center(), vec2(rect.width() - 4.0, 8.0));
            painter.rect_filled(swatch, 1.0, color);
            return;
        }
    };
    let middle = rect.center().y;
    let ends = vec![pos2(rect.left(), middle), pos2(rect.right() - 2.0, middle)];
    painter.extend(stroked(ends, Stroke::new(2.0, color), dashes));
}

pub(crate) fn rgb([r, g, b]: crate::figure::Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

/// The room that a text of `font` takes.
pub(crate) fn text_size(ui: &egui::Ui, text: &str, font: &egui::FontId) -> egui::Vec2 {
    let color = egui::Color32::PLACEHOLDER;
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font.clone(), color);
    vec2(galley.size().x, galley.size().y)
}
