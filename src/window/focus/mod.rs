//! The keyboard's place in the window: which widget has it, where Tab and F6 take it, and where
//! it goes when a dialog or a menu opens and closes.
//!
//! Enters: the widgets of the frame before, in the order they were drawn, and the parts of the
//! window they belong to. Leaves: focus given to a widget, and a ring around it.
//!
//! egui moves the focus in the order in which widgets are drawn. Panels are drawn from the edges
//! inwards, though, and what sits at the right of a row is drawn from the right: neither is the
//! order of reading. So Tab is taken here, before egui sees it.

pub(crate) mod detour;
pub(crate) mod menu;
pub(crate) mod order;
pub(crate) mod ring;
pub(crate) mod scrolls;
pub(crate) mod spoken;

use eframe::egui::{self, Event, Id, Key, LayerId, Modifiers, Order, Popup, accesskit};

use order::{Part, Widget};

pub(crate) use detour::Detour;
pub(crate) use menu::{asks as asks_for_menu, context_menu};
pub(crate) use order::Region;
pub(crate) use ring::is_keyboard;
pub(crate) use scrolls::{KEYS as SCROLL_KEYS, scrolls};
pub(crate) use spoken::{announce, say};

/// The keys that move through the window, for the list of shortcuts.
pub(crate) const KEYS: [(&str, &str); 8] = [
    ("Tab, Shift + Tab", "The next and the previous control"),
    (
        "F6, Shift + F6",
        "The next part of the window: bar, types, picture, inspector, status; and back",
    ),
    (
        "Enter, Space",
        "Press the button, turn the tick over, open the list",
    ),
    ("Arrow keys", "Move in a list or a menu that is open"),
    (
        "Shift + F10, or Menu",
        "What can be done with it: the menu of a right click",
    ),
    ("Escape", "Close the menu, the dialog or the presentation"),
    ("Ctrl + plus, minus, 0", "Larger, smaller and normal text"),
    ("Arrow keys on an edge", "Make the panel wider or narrower"),
];

/// How often areas around others are asked to scroll to what got the focus; some are nested.
const FRAMES: u8 = 8;

/// What is remembered of the focus from frame to frame.
#[derive(Default)]
pub(crate) struct Focus {
    parts: Vec<Part>,
    /// The widget that had the focus in the frame before.
    last: Option<Id>,
    /// What had it before the dialog, and before the menu.
    before_dialog: Option<Id>,
    before_menu: Option<Id>,
    /// Which dialog and whether a menu was open in the frame before.
    dialog: Option<Id>,
    menu: bool,
    /// What lost it to Escape in this frame.
    escaped: Option<Id>,
    /// The edges of the types panel and of the inspector.
    edges: Option<[Id; 2]>,
}

impl Focus {
    /// Before anything is drawn: reads the keys that move the focus. `dialog` tells the dialog on
    /// screen from others.
    pub(crate) fn begin(&mut self, ui: &egui::Ui, dialog: Option<Id>) {
        ring::observe(ui);
        self.covers(ui, dialog);
        self.escape(ui);
        self.keys(ui);
        splitters(ui, self.edges);
        self.reveal(ui);
    }

    /// After everything is drawn: the ring.
    pub(crate) fn end(&mut self, ui: &egui::Ui, parts: Vec<Part>) {
        self.parts = parts;
        let ctx = ui.ctx();
        if let Some(id) = self.escaped.take()
            && ctx.memory(|memory| memory.focused().is_none())
            && ctx.read_response(id).is_some()
        {
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
        let now = ctx.memory(egui::Memory::focused);
        if now != self.last {
            // A widget keeps keys to itself from its second frame on: not to wait for the next key.
            ctx.request_repaint();
        }
        self.last = now;
        // One that closed in this frame still owes it to its button.
        if !self.menu && !Popup::is_any_open(ctx) {
            self.before_menu = self.last;
        }
        ring::paint(ui);
        spoken::show(ui);
    }

    /// Says in which `ui` the side panels are drawn.
    pub(crate) fn set_panels(&mut self, ui: &egui::Ui) {
        // As egui names the edge of a panel.
        let edge = |panel: &str| {
            let salt = egui::IdSalt::new(panel);
            ui.scope_id().with_salt(salt).with("__resize")
        };
        self.edges = Some(["types", "inspector"].map(edge));
    }

    /// A dialog that opens takes the focus, and one that closes gives it back; so does a menu.
    fn covers(&mut self, ui: &egui::Ui, dialog: Option<Id>) {
        let ctx = ui.ctx();
        let menu = Popup::is_any_open(ctx);
        let menu_closed = self.menu && !menu;
        self.menu = menu;
        let before_menu = self.before_menu;
        if dialog != self.dialog {
            if self.dialog.is_none() {
                self.before_dialog = if menu_closed { before_menu } else { self.last };
            }
            let focused = ctx.memory(egui::Memory::focused);
            if let Some(focused) = focused {
                ctx.memory_mut(|memory| memory.surrender_focus(focused));
            }
            self.dialog = dialog;
        } else if dialog.is_none()
            && ctx.memory(|memory| memory.top_modal_layer().is_none())
            && let Some(before) = self.before_dialog.take()
        {
            // A frame later: until then what lies below the dialog takes no focus.
            ctx.memory_mut(|memory| memory.request_focus(before));
        } else if menu_closed && let Some(before) = before_menu {
            let focused = ctx.memory(egui::Memory::focused);
            let layer = |id: Id| layer_of(ctx, id);
            // A click elsewhere may have given it to another widget already.
            let gone = focused.is_none_or(|id| layer(id).is_none() || layer(id) != layer(before));
            if gone {
                ctx.memory_mut(|memory| memory.request_focus(before));
            }
        }
    }

    /// Escape takes the focus from a widget in egui. It is to close what is open, and no more:
    /// who presses it once too often is not to start again from the first button.
    fn escape(&mut self, ui: &egui::Ui) {
        let pressed = ui.input(|input| input.key_pressed(Key::Escape));
        let covered = self.dialog.is_some() || Popup::is_any_open(ui.ctx());
        self.escaped = self.last.filter(|_| pressed && !covered);
    }

    /// Tab and F6.
    fn keys(&self, ui: &egui::Ui) {
        let ctx = ui.ctx();
        let pressed =
            |modifiers, key| ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) > 0;
        // With Shift first: the plain key would take it, too.
        for (key, back, modifiers) in [
            (Key::Tab, true, Modifiers::SHIFT),
            (Key::Tab, false, Modifiers::NONE),
            (Key::F6, true, Modifiers::SHIFT),
            (Key::F6, false, Modifiers::NONE),
        ] {
            if !pressed(modifiers, key) {
                continue;
            }
            ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
            let focused = ctx.memory(egui::Memory::focused);
            let to = if key == Key::Tab {
                order::next(&self.widgets(ctx), focused, back)
            } else if self.dialog.is_none() && !self.menu {
                order::next_part(ctx, &self.parts, focused, back)
            } else {
                focused
            };
            if let Some(to) = to {
                ctx.memory_mut(|memory| memory.request_focus(to));
            }
            return;
        }
    }

    /// What Tab goes through: a menu keeps it to itself, and a dialog, too.
    fn widgets(&self, ctx: &egui::Context) -> Vec<Widget> {
        if self.menu
            && let Some(layer) = order::top_menu(ctx)
        {
            return order::of_layer(ctx, layer);
        }
        let notices = LayerId::new(Order::Tooltip, Id::unique("notices"));
        let modal = ctx.memory(egui::Memory::top_modal_layer);
        let mut widgets = match modal {
            Some(layer) => order::of_layer(ctx, layer),
            None => (self.parts.iter())
                .flat_map(|part| part.widgets(ctx))
                .collect(),
        };
        widgets.extend(order::of_layer(ctx, notices));
        widgets
    }

    /// Brings a widget that got the focus by a key into sight.
    fn reveal(&self, ui: &egui::Ui) {
        let ctx = ui.ctx();
        let Some(id) = ctx.memory(egui::Memory::focused) else {
            return;
        };
        let fresh = (self.last != Some(id) && is_keyboard(ctx)).then_some(id);
        ctx.data_mut(|data| data.insert_temp(fresh_id(), fresh));
        if fresh.is_none() {
            return;
        }
        let seen = ctx.viewport(|viewport| {
            let widget = viewport.prev_pass.widgets.get(id)?;
            Some(widget.interact_rect.expand(1.0).contains_rect(widget.rect))
        });
        if seen == Some(false) {
            ask(ui, id, accesskit::Action::ScrollIntoView);
        }
    }
}

/// Asks a widget for something as a screen reader would.
fn ask(ui: &egui::Ui, id: Id, action: accesskit::Action) {
    let request = accesskit::ActionRequest {
        action,
        target_tree: accesskit::TreeId::ROOT,
        target_node: id.accesskit_id(),
        data: None,
    };
    ui.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
}

fn layer_of(ctx: &egui::Context, id: Id) -> Option<LayerId> {
    ctx.viewport(|viewport| Some(viewport.prev_pass.widgets.get(id)?.layer_id))
}

/// The arrow keys on the edge of a side panel.
fn splitters(ui: &egui::Ui, edges: Option<[Id; 2]>) {
    let Some([types, inspector]) = edges else {
        return;
    };
    for (id, wider, narrower) in [
        (types, Key::ArrowRight, Key::ArrowLeft),
        (inspector, Key::ArrowLeft, Key::ArrowRight),
    ] {
        if !ui.memory(|memory| memory.has_focus(id)) {
            continue;
        }
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            ..egui::EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        for (key, action) in [
            (wider, accesskit::Action::Increment),
            (narrower, accesskit::Action::Decrement),
        ] {
            for _ in 0..pressed(key) {
                ask(ui, id, action);
            }
        }
    }
}

fn fresh_id() -> Id {
    Id::unique("what has just got the focus")
}

/// In a list of which only the rows in sight are drawn: brings the rows around the one at `row`
/// into sight, when the keyboard has come there. The next Tab finds a next row so.
pub(crate) fn around_row(ui: &egui::Ui, row: egui::Rect) {
    let fresh: Option<Id> = ui.data(|data| data.get_temp(fresh_id())).flatten();
    let place = fresh.and_then(|id| ui.ctx().read_response(id));
    if let Some(place) = place.filter(|place| row.contains(place.rect.center())) {
        // Sideways no further than to the widget itself.
        let around = egui::Rect::from_x_y_ranges(place.rect.x_range(), row.y_range());
        let around = around.expand2(egui::vec2(0.0, 2.0 * row.height()));
        let animation = egui::style::ScrollAnimation::none();
        ui.scroll_to_rect_animation(around, None, animation);
    }
}

/// At the end of an area that scrolls and holds others that do: brings what has just got the focus
/// into sight, once the inner ones have done so.
pub(crate) fn around_all(ui: &egui::Ui) {
    let memory = Id::unique("frames to bring the focus into sight");
    let fresh: Option<Id> = ui.data(|data| data.get_temp(fresh_id())).flatten();
    let known: Option<(Id, u8)> = ui.data(|data| data.get_temp(memory));
    let Some((id, frames)) = fresh.map(|id| (id, FRAMES)).or(known) else {
        return;
    };
    let place = ui.ctx().read_response(id);
    let place = place.filter(|place| place.layer_id == ui.layer_id() && frames > 0);
    let Some(place) = place else {
        ui.data_mut(|data| data.remove::<(Id, u8)>(memory));
        return;
    };
    ui.data_mut(|data| data.insert_temp(memory, (id, frames - 1)));
    let animation = egui::style::ScrollAnimation::none();
    ui.scroll_to_rect_animation(place.rect.expand(4.0), None, animation);
    ui.ctx().request_repaint();
}

/// Gives the focus to the first widget drawn after this, unless another has it.
pub(crate) fn enter(ui: &egui::Ui) {
    if !ui.is_sizing_pass() {
        ui.memory_mut(|memory| {
            if memory.focused().is_none() {
                memory.move_focus(egui::FocusDirection::Next);
            }
        });
    }
}

/// Says that this widget is what a tab is about: F6 comes here. The first of a frame counts.
pub(crate) fn main_widget(ui: &egui::Ui, id: Id) {
    order::set_main(ui.ctx(), id);
}

/// Says that what was drawn of a region until here comes after the rest of it: it is drawn first
/// because it is laid out from below.
pub(crate) fn comes_last(ui: &egui::Ui) {
    order::set_late(ui);
}

/// Collects the parts of the window as they are drawn.
pub(crate) struct Parts {
    parts: Vec<Part>,
    start: usize,
}

impl Parts {
    /// Before the first part.
    pub(crate) fn new(ui: &egui::Ui) -> Self {
        Self {
            parts: Vec::new(),
            start: order::count(ui),
        }
    }

    /// What was drawn since the last part is `region`.
    pub(crate) fn push(&mut self, ui: &egui::Ui, region: Region) {
        let end = order::count(ui);
        let late = order::take_late(ui.ctx());
        self.parts
            .push(Part::new(region, ui.layer_id(), self.start..end, late));
        self.start = end;
    }

    /// What lies on a layer of its own is `region`.
    pub(crate) fn push_layer(&mut self, layer: LayerId, region: Region) {
        self.parts.push(Part::whole(region, layer));
    }

    /// The parts in the order they are read in.
    pub(crate) fn finish(mut self) -> Vec<Part> {
        self.parts.sort_by_key(Part::region);
        self.parts
    }
}
