//! Figures as PNG: their SVG, drawn with the typeface that is compiled in. System fonts are not
//! used, so the picture is the same everywhere.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::error::{Error, Problem, Result};
use crate::figure::fonts::{REGULAR, SEMIBOLD};

/// The most pixels in a picture: 400 MB while it is drawn.
const MOST_PIXELS: f64 = 1e8;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in [REGULAR, SEMIBOLD] {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
    }
    Arc::new(fonts)
});

/// How SVG is read: with Inter for whatever typeface is asked for.
fn options() -> Options<'static> {
    Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..Options::default()
    }
}

/// The figure `svg` as it is drawn: shapes and texts with their places, to be measured.
///
/// # Errors
/// [`Error::Problem`] for text that is not SVG.
pub fn tree(svg: &str) -> Result<Tree> {
    Tree::from_str(svg, &options()).map_err(|error| {
        Error::from(Problem::output(
            "the figure",
            format!("cannot be drawn: {error}"),
        ))
    })
}

/// The figure `svg` as a PNG of `scale` pixels to a px.
///
/// # Errors
/// [`Error::Problem`] for text that is not SVG, and for a picture without pixels or with more than
/// a hundred million.
pub fn png(svg: &str, scale: f64) -> Result<Vec<u8>> {
    let tree = tree(svg)?;
    let size = tree.size();
    let pixels = |length: f32| (f64::from(length) * scale).round();
    let (width, height) = (pixels(size.width()), pixels(size.height()));
    let refuse = |problem: String| Error::from(Problem::output("the picture", problem));
    if !(width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS) {
        return Err(refuse(format!(
            "cannot have {width} × {height} pixels; choose another scale, width or height"
        )));
    }
    let mut picture = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| refuse(format!("has too many pixels: {width} × {height}")))?;
    let (x, y) = (width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, Transform::from_scale(x, y), &mut picture.as_mut());
    picture
        .encode_png()
        .map_err(|error| refuse(format!("cannot be encoded: {error}")))
}
