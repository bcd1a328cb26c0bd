//! The order in which widgets are read, and the parts of the window.

use std::ops::Range;

use eframe::egui::{Context, Id, LayerId, Order, Rect, Ui};

/// The parts of the window, in the order they are read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Region {
    /// The card of the tour, while that is on.
    Tour,
    /// The bar at the top.
    Toolbar,
    /// The list of layer types, with the slider.
    Types,
    /// The tabs, and what the shown one holds.
    Picture,
    /// The inspector.
    Inspector,
    /// The bar at the bottom.
    Status,
}

/// A part of the window: the widgets of a layer that were drawn in a row.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    region: Region,
    layer: LayerId,
    /// The widgets' places in their layer; none for all of them.
    places: Option<Range<usize>>,
    /// Up to here they come after the others.
    late: usize,
}

/// A widget that can have the focus, and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Widget {
    pub(crate) id: Id,
    pub(crate) rect: Rect,
}

impl Part {
    pub(crate) fn new(
        region: Region,
        layer: LayerId,
        places: Range<usize>,
        late: Option<usize>,
    ) -> Self {
        let late = late.unwrap_or(places.start);
        Self {
            region,
            layer,
            places: Some(places),
            late,
        }
    }

    pub(crate) fn whole(region: Region, layer: LayerId) -> Self {
        Self {
            region,
            layer,
            places: None,
            late: 0,
        }
    }

    pub(crate) fn region(&self) -> Region {
        self.region
    }

    /// Its widgets in the frame before, in the order they are read in.
    pub(crate) fn widgets(&self, ctx: &Context) -> Vec<Widget> {
        let Some(places) = self.places.clone() else {
            return of_layer(ctx, self.layer);
        };
        let (late, last) = (self.late.max(places.start), places.end);
        let mut widgets = within(ctx, self.layer, late..last);
        widgets.extend(within(ctx, self.layer, places.start..late));
        widgets
    }
}

/// All widgets of a layer, in the order they are read in.
pub(crate) fn of_layer(ctx: &Context, layer: LayerId) -> Vec<Widget> {
    within(ctx, layer, 0..usize::MAX)
}

fn within(ctx: &Context, layer: LayerId, places: Range<usize>) -> Vec<Widget> {
    let widgets = ctx.viewport(|viewport| {
        let widgets = viewport.prev_pass.widgets.get_layer(layer);
        let widgets = widgets.skip(places.start).take(places.len());
        let widgets = widgets.filter(|widget| widget.enabled && widget.sense.is_focusable());
        let widgets = widgets.map(|widget| Widget {
            id: widget.id,
            rect: widget.rect,
        });
        widgets.collect::<Vec<_>>()
    });
    read(widgets)
}

/// Rows that were drawn from the right are read from the left.
fn read(mut widgets: Vec<Widget>) -> Vec<Widget> {
    let mut start = 0;
    for end in 1..=widgets.len() {
        let goes_on = widgets
            .get(end)
            .is_some_and(|next| is_left_of(next.rect, widgets[end - 1].rect));
        if !goes_on {
            widgets[start..end].reverse();
            start = end;
        }
    }
    widgets
}

/// Whether `next` stands in a row with `before`, at its left.
fn is_left_of(next: Rect, before: Rect) -> bool {
    let shared = next.y_range().intersection(before.y_range()).span();
    let (least, most) = (
        next.height().min(before.height()),
        next.height().max(before.height()),
    );
    // What is far higher is no neighbor in a row: a picture, an edge.
    shared >= 0.5 * least && most <= 2.0 * least && next.right() <= before.left() + 1.0
}

/// The widget after `focused`, or before it; around the end.
pub(crate) fn next(widgets: &[Widget], focused: Option<Id>, back: bool) -> Option<Id> {
    let count = widgets.len();
    let place = focused.and_then(|id| widgets.iter().position(|widget| widget.id == id));
    let next = match (place, back) {
        _ if count == 0 => return None,
        (None, false) => 0,
        (None, true) => count - 1,
        (Some(place), false) => (place + 1) % count,
        (Some(place), true) => (place + count - 1) % count,
    };
    Some(widgets[next].id)
}

/// Where F6 goes: the next part that has a widget, its main one where it has one.
pub(crate) fn next_part(
    ctx: &Context,
    parts: &[Part],
    focused: Option<Id>,
    back: bool,
) -> Option<Id> {
    let widgets: Vec<Vec<Widget>> = parts.iter().map(|part| part.widgets(ctx)).collect();
    let has = |of: &Vec<Widget>| of.iter().any(|widget| Some(widget.id) == focused);
    let count = parts.len();
    let from = widgets.iter().position(has);
    let main = main(ctx);
    (1..=count)
        .map(|step| match (from, back) {
            (Some(from), false) => (from + step) % count,
            (Some(from), true) => (from + count - step) % count,
            (None, false) => step - 1,
            (None, true) => count - step,
        })
        .find_map(|part| {
            let widgets = &widgets[part];
            let main = widgets.iter().find(|widget| Some(widget.id) == main);
            main.or(widgets.first()).map(|widget| widget.id)
        })
}

/// The layer of the menu that was opened last, where one is open.
pub(crate) fn top_menu(ctx: &Context) -> Option<LayerId> {
    let modal = ctx.memory(eframe::egui::Memory::top_modal_layer);
    let layers: Vec<LayerId> = ctx.memory(|memory| memory.layer_ids().collect());
    let mut layers = layers.into_iter().rev();
    layers.find(|&layer| {
        layer.order == Order::Foreground && Some(layer) != modal && !of_layer(ctx, layer).is_empty()
    })
}

/// How many widgets of the layer were drawn so far.
pub(crate) fn count(ui: &Ui) -> usize {
    ui.ctx().viewport(|viewport| {
        let widgets = &viewport.this_pass.widgets;
        widgets.get_layer(ui.layer_id()).count()
    })
}

fn late_id() -> Id {
    Id::unique("what comes last in a region")
}

/// What was drawn until now comes last in its part.
pub(crate) fn set_late(ui: &Ui) {
    let count = count(ui);
    ui.data_mut(|data| data.insert_temp(late_id(), count));
}

/// What [`set_late`] was told since this was asked last.
pub(crate) fn take_late(ctx: &Context) -> Option<usize> {
    ctx.data_mut(|data| data.remove_temp(late_id()))
}

fn main_id() -> Id {
    Id::unique("the main widget of the picture")
}

/// The first widget of a pass that asks for it is the main one.
pub(crate) fn set_main(ctx: &Context, id: Id) {
    let pass = ctx.cumulative_pass_nr();
    ctx.data_mut(|data| {
        let known: Option<(u64, Id)> = data.get_temp(main_id());
        if known.is_none_or(|(of, _)| of != pass) {
            data.insert_temp(main_id(), (pass, id));
        }
    });
}

/// The main widget of the pass before this one.
fn main(ctx: &Context) -> Option<Id> {
    ctx.data(|data| data.get_temp::<(u64, Id)>(main_id()))
        .map(|(_, id)| id)
}
