//! Contrast of text and marks with what is behind them, in both themes: WCAG 2.1 AA. Also that
//! color is not the only sign.

use eframe::egui::{Color32, Visuals};
use layerscope::figure::{ColorMap, Ink, OKABE_ITO, Paper, Rgb, contrast, run_look};
use layerscope::window::heatmap::Look;
use layerscope::window::theme::{DARK, LIGHT, Palette};

/// Least contrast of text, and of marks and edges (1.4.3, 1.4.11).
const TEXT: f64 = 4.5;
const MARK: f64 = 3.0;

fn rgb(color: Color32) -> Rgb {
    [color.r(), color.g(), color.b()]
}

/// `color` as it looks on `below`.
fn over(color: Color32, below: Color32) -> Rgb {
    let blended = below.blend(color);
    rgb(blended)
}

#[track_caller]
fn assert_contrast(what: &str, a: Rgb, b: Rgb, least: f64) {
    let found = contrast(a, b);
    assert!(
        found >= least,
        "{what}: {a:02x?} on {b:02x?} has {found:.2}, not {least}"
    );
}

/// The themes as they are installed.
fn themes() -> [(&'static str, Palette, Visuals, Look, Paper); 2] {
    let ctx = eframe::egui::Context::default();
    layerscope::window::theme::install(&ctx);
    [
        (
            "dark",
            DARK,
            ctx.style_of(eframe::egui::Theme::Dark).visuals.clone(),
            Look::dark(),
            Paper::DARK,
        ),
        (
            "light",
            LIGHT,
            ctx.style_of(eframe::egui::Theme::Light).visuals.clone(),
            Look::light(),
            Paper::LIGHT,
        ),
    ]
}

#[test]
fn the_formula_is_that_of_the_guidelines() {
    let (white, black) = ([255; 3], [0; 3]);
    assert!((contrast(white, black) - 21.0).abs() < 1e-9);
    assert!((contrast(white, white) - 1.0).abs() < 1e-9);
    // The gray that is often named as the lightest text on white.
    assert!((contrast([0x76; 3], white) - 4.54).abs() < 0.01);
}

#[test]
fn text_is_read_on_every_surface() {
    for (theme, palette, visuals, ..) in themes() {
        let surfaces = [
            ("base", palette.base),
            ("panel", palette.panel),
            ("raised", palette.raised),
            ("faint row", visuals.faint_bg_color.blend(palette.panel)),
            ("pressed", palette.pressed),
        ];
        for (surface, below) in surfaces {
            for (name, ink) in [
                ("text", palette.text),
                ("weak", palette.weak),
                ("accent", palette.accent),
                ("link", visuals.hyperlink_color),
                ("warning", palette.warning),
                ("error", palette.error),
            ] {
                let what = format!("{theme}: {name} on {surface}");
                assert_contrast(&what, rgb(ink), rgb(below), TEXT);
            }
        }
        let fill = palette.accent_fill;
        for (name, ink) in [
            ("text", palette.text),
            ("selected text", palette.on_fill),
            ("what egui writes there", visuals.selection.stroke.color),
            ("warning", palette.warning),
        ] {
            let what = format!("{theme}: {name} on the accent's fill");
            assert_contrast(&what, rgb(ink), rgb(fill), TEXT);
        }
        // The button that replaces a file.
        let danger = over(palette.error.gamma_multiply(0.3), palette.panel);
        let what = format!("{theme}: text on the button that replaces a file");
        assert_contrast(&what, rgb(palette.text), danger, TEXT);
        for widget in [
            visuals.widgets.noninteractive,
            visuals.widgets.inactive,
            visuals.widgets.hovered,
            visuals.widgets.active,
            visuals.widgets.open,
        ] {
            let what = format!("{theme}: a widget's text on its fill");
            let (ink, below) = (widget.fg_stroke.color, widget.weak_bg_fill);
            assert_contrast(&what, rgb(ink), rgb(below), TEXT);
        }
    }
}

#[test]
fn edges_the_ring_and_signs_are_seen() {
    for (theme, palette, visuals, look, _) in themes() {
        for surface in [palette.base, palette.panel] {
            for (name, ink) in [
                ("an edge", visuals.widgets.inactive.bg_stroke.color),
                (
                    "an edge pointed at",
                    visuals.widgets.hovered.bg_stroke.color,
                ),
                ("the ring", palette.accent),
                ("a picked cell", look.accent),
                ("a chosen cell", look.chosen),
                ("a mark", look.mark),
                ("an infinite cell", look.infinite),
                ("the stroke of no ratio", look.nan),
            ] {
                assert_contrast(&format!("{theme}: {name}"), rgb(ink), rgb(surface), MARK);
            }
        }
        // The sign for an infinite ratio, written on its cell.
        let what = format!("{theme}: the sign of an infinite ratio");
        assert_contrast(&what, rgb(palette.base), rgb(look.infinite), MARK);
    }
}

#[test]
fn marks_are_seen_on_every_color_of_every_map() {
    for (theme, palette, _, look, _) in themes() {
        let look = Look {
            background: palette.base,
            ..look
        };
        for map in ColorMap::ALL {
            for &[r, g, b] in map.table() {
                let cell = Color32::from_rgb(r, g, b);
                for cell in [cell, look.faded(cell)] {
                    let what = format!("{theme}: a notch on {}", map.label());
                    assert_contrast(&what, rgb(look.against(cell)), rgb(cell), MARK);
                    // A pin is a disc with a rim: one of the two stands out.
                    let best = contrast(rgb(look.mark), rgb(cell))
                        .max(contrast(rgb(look.mark_rim), rgb(cell)));
                    assert!(best >= MARK, "{theme}: a pin on {}: {best:.2}", map.label());
                }
            }
        }
        assert_contrast(
            &format!("{theme}: a pin on its rim"),
            rgb(look.mark),
            rgb(look.mark_rim),
            MARK,
        );
    }
}

#[test]
fn lines_and_texts_of_figures_stand_out_from_the_page() {
    for (theme, palette, _, _, paper) in themes() {
        for (name, ink) in [("text", paper.text), ("weak", paper.weak)] {
            assert_contrast(&format!("{theme} figure: {name}"), ink, paper.page, TEXT);
        }
        let inks = (0..OKABE_ITO.len()).map(Ink::Series);
        for ink in inks.chain([Ink::Quiet]) {
            let color = paper.color(ink);
            for page in [paper.page, rgb(palette.base), rgb(palette.panel)] {
                let what = format!("{theme} figure: {ink:?}");
                // Bars of the bulk are on the page alone.
                if ink != Ink::Quiet || page == paper.page {
                    assert_contrast(&what, color, page, MARK);
                }
            }
            let what = format!("{theme} figure: a label in {ink:?}");
            assert_contrast(&what, paper.read(color), paper.page, TEXT);
        }
        assert_contrast(
            &format!("{theme} figure: infinite"),
            paper.infinite,
            paper.page,
            MARK,
        );
    }
}

#[test]
fn a_color_that_stands_out_stays_as_it_is() {
    assert_eq!(Paper::DARK.seen(OKABE_ITO[6]), OKABE_ITO[6]);
    assert_ne!(
        Paper::LIGHT.seen(OKABE_ITO[6]),
        OKABE_ITO[6],
        "yellow on white"
    );
    assert_eq!(Paper::LIGHT.seen(OKABE_ITO[0]), OKABE_ITO[0]);
}

#[test]
fn runs_differ_in_more_than_their_color() {
    for place in 0..OKABE_ITO.len() {
        let (color, stroke) = run_look(place, None);
        let (again, dashed) = run_look(place + OKABE_ITO.len(), None);
        assert_eq!(color, again);
        assert_ne!(stroke, dashed, "the colors come again with other dashes");
    }
}
