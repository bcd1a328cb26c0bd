//! Spectra to draw, and the text of a drawn figure.

use layerscope::figure::{Spectrum, tree};
use layerscope::spectral::law::{MarchenkoPastur, Profile, ScaleMethod};
use resvg::usvg::{Group, Node};

/// Noise of 128 × 512 entries of scale 1 without its chance, with three spikes above it.
pub(crate) fn values() -> Vec<f64> {
    let law = MarchenkoPastur::of_shape(128, 512, 1.0).unwrap();
    let noise = law.midpoints_s(125);
    [80.0, 55.0, 40.0].into_iter().chain(noise).collect()
}

pub(crate) fn profile(values: &[f64]) -> Profile {
    Profile::of(values, 128, 512, ScaleMethod::Median).unwrap()
}

pub(crate) fn spectrum<'a>(name: &'a str, values: &'a [f64], profile: &'a Profile) -> Spectrum<'a> {
    Spectrum {
        name,
        values,
        profile,
    }
}

/// One text of a figure: what it says, and left, top, right, bottom of its glyphs in px.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) says: String,
    pub(crate) ink: [f32; 4],
}

/// The texts of the figure `svg`, and its width and height.
pub(crate) fn texts(svg: &str) -> (Vec<Text>, [f32; 2]) {
    let tree = tree(svg).expect("is SVG");
    let mut texts = Vec::new();
    collect(tree.root(), &mut texts);
    (texts, [tree.size().width(), tree.size().height()])
}

fn collect(group: &Group, texts: &mut Vec<Text>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, texts),
            Node::Text(text) => {
                let ink = text.flattened().abs_bounding_box();
                texts.push(Text {
                    says: text
                        .chunks()
                        .iter()
                        .map(resvg::usvg::TextChunk::text)
                        .collect(),
                    ink: [ink.left(), ink.top(), ink.right(), ink.bottom()],
                });
            }
            _ => {}
        }
    }
}

/// Fails where a text leaves the page or lies on another one.
pub(crate) fn assert_readable(svg: &str) {
    let (texts, [width, height]) = texts(svg);
    assert!(texts.len() > 4, "{texts:?}");
    for (index, text) in texts.iter().enumerate() {
        let [left, top, right, bottom] = text.ink;
        assert!(
            left >= 0.0 && top >= 0.0 && right <= width && bottom <= height,
            "{text:?} leaves {width} × {height}"
        );
        for other in &texts[index + 1..] {
            let apart = right <= other.ink[0]
                || other.ink[2] <= left
                || bottom <= other.ink[1]
                || other.ink[3] <= top;
            assert!(apart, "{text:?} lies on {other:?}");
        }
    }
}
