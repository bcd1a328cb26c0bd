//! Colors, type and spacing: the only place that holds any.
//!
//! Quiet on purpose: three grays of surface, hairlines, one accent for what can be acted on.
//! All other color belongs to data.

pub(crate) mod icon;

use crate::figure::Paper;
use crate::figure::fonts::{REGULAR, SEMIBOLD};
use crate::window::heatmap::look::Look;
use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow,
    Stroke, Style, TextStyle, Theme, Visuals,
};

/// Unit of the spacing grid, in points.
pub const GRID: f32 = 4.0;
/// Inner margin of a panel.
pub const PANEL: i8 = 8;
/// Widths of the side panels.
pub const TYPES_WIDTH: f32 = 312.0;
/// Width of the inspector.
pub const INSPECTOR_WIDTH: f32 = 272.0;
/// The least room for the window, and for a presentation, in points; in less it scrolls.
pub const LEAST: egui::Vec2 = egui::vec2(800.0, 500.0);
/// See [`LEAST`].
pub const LEAST_PRESENTED: egui::Vec2 = egui::vec2(480.0, 320.0);
/// Below this window width the inspector gives way to the heatmap.
pub const NARROW: f32 = 1120.0;

/// From this window height on there is room for the table of costs.
pub const TALL: f32 = 760.0;

/// The colors of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind the data.
    pub base: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Buttons, fields, hovered rows.
    pub raised: Color32,
    /// Lines between areas.
    pub hairline: Color32,
    /// Edges of what can be acted on.
    pub outline: Color32,
    /// Text.
    pub text: Color32,
    /// Secondary text.
    pub weak: Color32,
    /// What can be acted on.
    pub accent: Color32,
    /// Behind selected text and rows.
    pub accent_fill: Color32,
    /// Text on it.
    pub on_fill: Color32,
    /// Behind what is pressed or has the keyboard.
    pub pressed: Color32,
    /// Something looks wrong.
    pub warning: Color32,
    /// Something could not be done.
    pub error: Color32,
}

/// Dark surfaces.
pub const DARK: Palette = Palette {
    base: Color32::from_rgb(0x14, 0x16, 0x19),
    panel: Color32::from_rgb(0x1b, 0x1e, 0x22),
    raised: Color32::from_rgb(0x2a, 0x2e, 0x34),
    hairline: Color32::from_rgb(0x32, 0x37, 0x3e),
    outline: Color32::from_rgb(0x69, 0x72, 0x7e),
    text: Color32::from_rgb(0xe6, 0xe8, 0xeb),
    weak: Color32::from_rgb(0x9d, 0xa5, 0xae),
    accent: Color32::from_rgb(0x5a, 0xa7, 0xff),
    accent_fill: Color32::from_rgb(0x1f, 0x4a, 0x7a),
    on_fill: Color32::from_rgb(0x9d, 0xcb, 0xff),
    pressed: Color32::from_rgb(0x1c, 0x38, 0x57),
    warning: Color32::from_rgb(0xf2, 0xb3, 0x4c),
    error: Color32::from_rgb(0xff, 0x7b, 0x72),
};

/// Light surfaces.
pub const LIGHT: Palette = Palette {
    base: Color32::from_rgb(0xff, 0xff, 0xff),
    panel: Color32::from_rgb(0xf5, 0xf6, 0xf8),
    raised: Color32::from_rgb(0xe7, 0xe9, 0xed),
    hairline: Color32::from_rgb(0xd5, 0xd9, 0xdf),
    outline: Color32::from_rgb(0x82, 0x8a, 0x94),
    text: Color32::from_rgb(0x1a, 0x1d, 0x21),
    weak: Color32::from_rgb(0x57, 0x60, 0x6a),
    accent: Color32::from_rgb(0x0b, 0x5c, 0xc4),
    accent_fill: Color32::from_rgb(0xd6, 0xe6, 0xfb),
    on_fill: Color32::from_rgb(0x0b, 0x5c, 0xc4),
    pressed: Color32::from_rgb(0xdf, 0xea, 0xf9),
    warning: Color32::from_rgb(0x8a, 0x5a, 0x00),
    error: Color32::from_rgb(0xb4, 0x23, 0x18),
};

/// The colors of the theme that `ui` is drawn in.
#[must_use]
pub fn palette(ui: &egui::Ui) -> Palette {
    if ui.visuals().dark_mode { DARK } else { LIGHT }
}

/// The family of headings.
#[must_use]
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Semibold text in the size of the body.
#[must_use]
pub fn strong(text: impl Into<String>) -> egui::RichText {
    egui::RichText::new(text).font(FontId::new(13.0, semibold()))
}

/// Installs fonts and both themes.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for (theme, palette) in [(Theme::Dark, DARK), (Theme::Light, LIGHT)] {
        ctx.style_mut_of(theme, |style| apply(style, palette));
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    fonts
        .font_data
        .insert("inter".into(), FontData::from_static(REGULAR).into());
    fonts.font_data.insert(
        "inter-semibold".into(),
        FontData::from_static(SEMIBOLD).into(),
    );
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    for (family, font) in [
        (FontFamily::Proportional, "inter"),
        (self::semibold(), "inter-semibold"),
    ] {
        // What Inter has no glyph for comes from egui's own fonts.
        let names = std::iter::once(font.to_owned()).chain(fallback.clone());
        fonts.families.insert(family, names.collect());
    }
    let data = FontData::from_static(icon::FONT).into();
    fonts.font_data.insert(icon::FAMILY.into(), data);
    let family = FontFamily::Name(icon::FAMILY.into());
    fonts.families.insert(family, vec![icon::FAMILY.into()]);
    fonts
}

fn apply(style: &mut Style, palette: Palette) {
    style.text_styles = [
        (TextStyle::Small, FontId::proportional(11.0)),
        (TextStyle::Body, FontId::proportional(13.0)),
        (TextStyle::Button, FontId::proportional(13.0)),
        (TextStyle::Monospace, FontId::monospace(12.0)),
        (TextStyle::Heading, FontId::new(15.0, semibold())),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = egui::vec2(2.0 * GRID, GRID);
    spacing.button_padding = egui::vec2(2.0 * GRID, 3.0);
    spacing.interact_size.y = 24.0;
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(6);
    spacing.combo_height = 320.0;
    style.interaction.selectable_labels = false;
    visuals(&mut style.visuals, palette);
}

fn visuals(visuals: &mut Visuals, palette: Palette) {
    let radius = CornerRadius::same(4);
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.hairline);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.extreme_bg_color = palette.base;
    visuals.faint_bg_color = palette.raised.gamma_multiply(0.4);
    visuals.code_bg_color = palette.base;
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.weak_text_color = Some(palette.weak);
    visuals.selection.bg_fill = palette.accent_fill;
    visuals.selection.stroke = Stroke::new(1.0, palette.on_fill);
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = egui::style::HandleShape::Circle;
    visuals.popup_shadow = Shadow {
        offset: [0, 4],
        blur: 12,
        spread: 0,
        color: Color32::from_black_alpha(60),
    };
    visuals.window_shadow = Shadow {
        offset: [0, 8],
        blur: 24,
        spread: 0,
        color: Color32::from_black_alpha(80),
    };
    let widgets = &mut visuals.widgets;
    for (widget, fill, text) in [
        (&mut widgets.noninteractive, palette.panel, palette.text),
        (&mut widgets.inactive, palette.raised, palette.text),
        (&mut widgets.hovered, palette.raised, palette.text),
        (&mut widgets.active, palette.pressed, palette.text),
        (&mut widgets.open, palette.raised, palette.text),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.bg_stroke = Stroke::NONE;
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.hairline);
    widgets.inactive.bg_stroke = Stroke::new(1.0, palette.outline);
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.accent);
    widgets.active.bg_stroke = Stroke::new(1.5, palette.accent);
}

/// A color of the data as the theme that `ui` is drawn in shows it: it stands out from its
/// surfaces.
#[must_use]
pub fn seen(ui: &egui::Ui, [r, g, b]: crate::figure::Rgb) -> Color32 {
    let [r, g, b] = paper(ui).seen([r, g, b]);
    Color32::from_rgb(r, g, b)
}

/// The page of figures in the theme that `ui` is drawn in.
#[must_use]
pub fn paper(ui: &egui::Ui) -> Paper {
    if ui.visuals().dark_mode {
        Paper::DARK
    } else {
        Paper::LIGHT
    }
}

/// The frame of a side panel or bar.
pub fn panel_frame(ui: &egui::Ui) -> egui::Frame {
    egui::Frame::new()
        .fill(palette(ui).panel)
        .inner_margin(Margin::same(PANEL))
}

/// The frame of a text or table in a dialog: set into it, with a scroll area of its own.
pub fn well_frame(ui: &egui::Ui) -> egui::Frame {
    let palette = palette(ui);
    egui::Frame::new()
        .fill(palette.base)
        .stroke((1.0, palette.hairline))
        .corner_radius(4)
        .inner_margin(8)
}

/// The heatmap's colors in the theme that `ui` is drawn in.
#[must_use]
pub fn heatmap(ui: &egui::Ui) -> Look {
    let palette = palette(ui);
    let look = if ui.visuals().dark_mode {
        Look::dark()
    } else {
        Look::light()
    };
    Look {
        background: palette.base,
        text: palette.text,
        weak: palette.weak,
        hairline: palette.hairline,
        ..look
    }
}
