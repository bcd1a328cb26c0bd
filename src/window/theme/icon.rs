//! Icons, all of one set (Lucide), drawn as text of a font of their own.
//!
//! An icon stands beside its word or, where it stands alone, has one for screen readers and for
//! the tooltip.

pub(crate) use lucide_icons::{Icon, LUCIDE_FONT_BYTES as FONT};

use eframe::egui::{
    Button, FontFamily, FontId, Response, RichText, Role, Ui, WidgetInfo, WidgetText,
};

/// Name of the family of icons.
pub(crate) const FAMILY: &str = "icons";

/// Size of an icon, in points: that of the words beside it, with room for its strokes.
const SIZE: f32 = 15.0;

/// The icon as text.
pub(crate) fn glyph(icon: Icon) -> RichText {
    RichText::new(char::from(icon)).font(FontId::new(SIZE, FontFamily::Name(FAMILY.into())))
}

/// What a button or menu shows: icon and word.
pub(crate) fn beside(icon: Icon, text: impl Into<WidgetText>) -> (RichText, WidgetText) {
    (glyph(icon), text.into())
}

/// A button with an icon before its word.
pub(crate) fn button(ui: &mut Ui, enabled: bool, icon: Icon, text: &str) -> Response {
    named(
        ui.add_enabled(enabled, Button::new(beside(icon, text))),
        text,
    )
}

/// A button that is only an icon, called `name`.
pub(crate) fn only(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    let button = Button::new(glyph(icon)).frame_when_inactive(false);
    named(ui.add(button), name)
}

/// A button that is only an icon and shows whether what it is for is on.
pub(crate) fn switch(ui: &mut Ui, icon: Icon, on: bool, name: &str) -> Response {
    let response = ui.add(
        Button::new(glyph(icon))
            .frame_when_inactive(false)
            .selected(on),
    );
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    response
}

/// Gives a button its word alone: a screen reader has no name for the icon.
pub(crate) fn named(response: Response, text: &str) -> Response {
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
    response
}
