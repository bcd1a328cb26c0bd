//! Singular values that no matrix has, as a spectra file may hold them: they are drawn, or there is
//! nothing to draw.

use layerscope::figure::{
    Histogram, Quantity, Spectrum, SpectrumSettings, Style, WaterfallRow, energy, overlay,
    spectrum, svg, tail, waterfall,
};
use layerscope::report::{ReportBuilder, Weight};
use layerscope::spectral::law::{Controls, Profile, ScaleMethod};
use layerscope::tensor::DType;
use proptest::prelude::*;

/// Values at the ends of what an `f32` can be, and plain ones.
fn value() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => 0.0_f32..10.0,
        1 => prop::sample::select(vec![
            0.0,
            -0.0,
            -1.0,
            f32::MIN_POSITIVE,
            f32::from_bits(1),
            1e-30,
            1e30,
            f32::MAX,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
        ]),
    ]
}

/// All charts of these values, as pictures.
fn draw(values: &[f32], rows: usize, cols: usize) {
    let plain: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
    let methods = ScaleMethod::ALL
        .into_iter()
        .chain([ScaleMethod::ByHand(1e200)]);
    for (number, method) in methods.enumerate() {
        let Some(profile) = Profile::of(values, rows, cols, method) else {
            continue;
        };
        let layer = Spectrum {
            name: "layer",
            values: &plain,
            profile: &profile,
        };
        let settings = SpectrumSettings {
            of: [Quantity::S, Quantity::Lambda][number % 2],
            bins: [None, Some(usize::MAX), Some(0)][number % 3],
            log_x: number % 2 == 0,
            log_y: number % 3 == 0,
        };
        let row = WaterfallRow {
            name: "0".into(),
            values: plain.clone(),
            rows,
            cols,
        };
        for chart in [
            spectrum(&layer, &settings),
            overlay("layers", &[layer, layer], &settings),
            tail(&layer),
            energy(&layer),
            waterfall("type", &[row.clone(), row], &settings, method),
        ] {
            let picture = svg(&chart, &Style::default());
            assert!(
                !picture.contains("NaN") && !picture.contains("inf\""),
                "{}",
                chart.title
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_values_are_drawn_or_refused(
        values in prop::collection::vec(value(), 0..24),
        rows in 1_usize..24,
        cols in 1_usize..24,
    ) {
        draw(&values, rows, cols);
    }
}

#[test]
fn as_many_bins_as_can_be_counted_are_fewer() {
    let histogram = Histogram::new(&[1.0, 2.0, 3.0], Some(usize::MAX), false, Some(2.5));
    assert!(histogram.edges.len() <= 10_002, "{}", histogram.edges.len());
}

#[test]
fn noise_is_not_computed_for_a_shape_without_its_values() {
    let mut builder = ReportBuilder::new("x");
    let module = builder.push("a", "t");
    module.weight = Some(Weight {
        shape: vec![usize::MAX, usize::MAX / 2],
        dtype: DType::F32,
        parameters: 1,
        companions: 0,
        tied_to: None,
        tensor: None,
    });
    let detail = layerscope::spectral::snr(&[2.0, 1.0], 2, 2).unwrap();
    module.set_detail(detail);
    let module = module.clone();
    let noise = layerscope::report::Noise::of(&module, &[2.0, 1.0], &mut Controls::default());
    assert_eq!(noise, None);
}
