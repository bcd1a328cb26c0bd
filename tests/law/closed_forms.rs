//! The law against what is known of it.

use layerscope::spectral::law::{MarchenkoPastur, TracyWidom};
use proptest::prelude::*;

const BETAS: [f64; 9] = [1.0, 0.999_999, 0.9, 0.5, 0.25, 0.0101, 0.0099, 1e-3, 1e-6];

fn law(beta: f64, scale: f64) -> MarchenkoPastur {
    MarchenkoPastur::new(beta, scale).unwrap()
}

fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} is not {b}");
}

/// ∫ f over the law by Gauss's midpoint rule in the angle, where every integrand is smooth.
fn integral(law: &MarchenkoPastur, on_s: bool, f: impl Fn(f64) -> f64) -> f64 {
    const CELLS: usize = 20_000;
    let (low, high) = if on_s {
        law.s_edges()
    } else {
        law.lambda_edges()
    };
    let (center, radius) = (f64::midpoint(low, high), (high - low) / 2.0);
    let width = std::f64::consts::PI / CELLS as f64;
    let term = |cell: usize| {
        let angle = (cell as f64 + 0.5) * width;
        let x = center + radius * angle.cos();
        let density = if on_s {
            law.density_s(x)
        } else {
            law.density(x)
        };
        f(x) * density * radius * angle.sin() * width
    };
    (0..CELLS).map(term).sum()
}

#[test]
fn the_edges_are_those_of_the_formula() {
    let law = MarchenkoPastur::of_shape(1024, 4096, 0.02).unwrap();
    close(law.beta(), 0.25, 1e-15);
    close(law.lambda_edges().0, 0.0004 * 0.25, 1e-12);
    close(law.lambda_edges().1, 0.0004 * 2.25, 1e-12);
    close(law.s_edges().0, 0.02 * (64.0 - 32.0), 1e-12);
    close(law.s_edges().1, 0.02 * (64.0 + 32.0), 1e-12);
    assert_eq!(MarchenkoPastur::of_shape(4096, 1024, 0.02), Some(law));
}

#[test]
fn the_density_integrates_to_one_with_the_known_moments() {
    for beta in BETAS {
        let scale = 3.0_f64;
        let variance = scale * scale;
        let law = law(beta, scale);
        close(integral(&law, false, |_| 1.0), 1.0, 1e-6);
        close(integral(&law, false, |x| x), variance, 1e-6);
        let second = variance * variance * (1.0 + beta);
        close(integral(&law, false, |x| x * x), second, 1e-6);
        close(integral(&law, true, |_| 1.0), 1.0, 1e-6);
        close(integral(&law, true, |s| s * s), variance, 1e-6);
    }
}

#[test]
fn the_cumulative_is_the_integral_of_the_density() {
    for beta in BETAS {
        let law = law(beta, 1.0);
        let (low, high) = law.s_edges();
        let share = |part: f64| low + (high - low) * part;
        for (from, to) in [(0.1, 0.3), (0.3, 0.8), (0.8, 0.99)] {
            let (from, to) = (share(from), share(to));
            let cells = 20_000;
            let width = (to - from) / f64::from(cells);
            let sum: f64 = (0..cells)
                .map(|cell| law.density_s(from + (f64::from(cell) + 0.5) * width) * width)
                .sum();
            close(law.cumulative_s(to) - law.cumulative_s(from), sum, 1e-7);
        }
    }
}

#[test]
fn at_beta_one_singular_values_fill_a_quarter_circle() {
    let law = law(1.0, 1.0);
    for step in 0..=200 {
        let s = f64::from(step) / 100.0;
        let circle = (4.0 - s * s).sqrt() / std::f64::consts::PI;
        assert!((law.density_s(s) - circle).abs() < 1e-12, "{s}");
        let share =
            (s * (4.0 - s * s).sqrt() / 2.0 + 2.0 * (s / 2.0).asin()) / std::f64::consts::PI;
        assert!((law.cumulative_s(s) - share).abs() < 1e-13, "{s}");
    }
    assert!(law.density(0.0).is_infinite());
}

#[test]
fn towards_beta_zero_the_law_becomes_a_semicircle() {
    let beta = 1e-12_f64;
    let law = law(beta, 1.0);
    for step in -10..=10 {
        let x = f64::from(step) / 10.0;
        let lambda = 1.0 + 2.0 * beta.sqrt() * x;
        let share = 0.5 + (x * (1.0 - x * x).sqrt() + x.asin()) / std::f64::consts::PI;
        assert!((law.cumulative(lambda) - share).abs() < 1e-5, "{x}");
    }
}

#[test]
fn the_two_ways_to_sum_meet() {
    // On both sides of where the series takes over.
    let (below, above) = (law(0.01 - 1e-13, 1.0), law(0.01 + 1e-13, 1.0));
    for step in 1..100 {
        let lambda = 0.81 + 0.4 * f64::from(step) / 100.0;
        assert!((below.cumulative(lambda) - above.cumulative(lambda)).abs() < 1e-11);
    }
}

#[test]
fn the_median_is_that_of_gavish_and_donoho() {
    // Their table of ω(β) = λ(β)/√μ_β for an unknown noise level: 2.8582 at β = 1.
    let median = law(1.0, 1.0).quantile(0.5);
    close((4.0 / 3.0_f64.sqrt()) / median.sqrt(), 2.8582, 1e-4);
}

#[test]
fn nothing_lies_outside_the_edges() {
    for beta in BETAS {
        let law = law(beta, 2.0);
        let (low, high) = law.lambda_edges();
        assert_eq!(
            (law.density(low - 1e-9), law.density(high + 1e-9)),
            (0.0, 0.0)
        );
        assert_eq!(
            (law.cumulative(low - 1e-9), law.cumulative(high + 1e-9)),
            (0.0, 1.0)
        );
        assert_eq!((law.cumulative(-1.0), law.density(-1.0)), (0.0, 0.0));
        let (low, high) = law.s_edges();
        assert_eq!((law.quantile_s(0.0), law.quantile_s(1.0)), (low, high));
        assert_eq!((law.quantile_s(-1.0), law.quantile_s(2.0)), (low, high));
    }
}

#[test]
fn what_is_no_law_is_none() {
    for beta in [0.0, -1.0, 1.001, f64::NAN, f64::INFINITY] {
        assert_eq!(MarchenkoPastur::new(beta, 1.0), None);
    }
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(MarchenkoPastur::new(0.5, scale), None);
    }
    assert_eq!(MarchenkoPastur::of_shape(0, 5, 1.0), None);
    let law = law(0.5, 1.0);
    assert!(law.cumulative(f64::NAN).is_nan() && law.quantile(f64::NAN).is_nan());
}

#[test]
fn the_midpoints_are_the_quantiles() {
    for beta in BETAS {
        let law = law(beta, 0.7);
        for count in [1, 2, 7, 1000] {
            let points = law.midpoints_s(count);
            assert_eq!(points.len(), count);
            assert!(points.is_sorted_by(|a, b| a > b));
            for (index, &point) in points.iter().enumerate() {
                let share = 1.0 - (index as f64 + 0.5) / count as f64;
                close(point, law.quantile_s(share), 1e-9);
            }
        }
    }
}

#[test]
fn the_tracy_widom_points_are_johnstones() {
    // Center and scale for n = p = 10 by hand: (3 + √10)² and (3 + √10)(1/3 + 1/√10)^{1/3}.
    let points = TracyWidom::of_shape(10, 10).unwrap();
    let sum = 3.0 + 10.0_f64.sqrt();
    let width = sum * (1.0 / 3.0 + 0.1_f64.sqrt()).cbrt();
    close(points.p95.powi(2), sum * sum + 0.9793 * width, 1e-12);
    close(points.p99.powi(2), sum * sum + 2.0234 * width, 1e-12);
    // The room that chance needs shrinks beside the edge as matrices grow.
    let room = |size: usize| {
        let edge = MarchenkoPastur::of_shape(size, size, 1.0)
            .unwrap()
            .s_edges()
            .1;
        TracyWidom::of_shape(size, size).unwrap().p95 / edge
    };
    assert!(room(100) > room(1000) && room(1000) > 1.0 && room(1000) < 1.01);
    assert_eq!(TracyWidom::of_shape(0, 3), None);
    assert!(TracyWidom::of_shape(1, 1).unwrap().p95.is_finite());
}

proptest! {
    #[test]
    fn the_quantile_undoes_the_cumulative(
        log_beta in -14.0..0.0_f64,
        share in 0.0..1.0_f64,
        scale in 1e-3..1e3_f64,
    ) {
        let law = law(log_beta.exp(), scale);
        prop_assert!((law.cumulative(law.quantile(share)) - share).abs() < 1e-9);
        prop_assert!((law.cumulative_s(law.quantile_s(share)) - share).abs() < 1e-9);
    }

    #[test]
    fn the_cumulative_never_falls(
        beta in 1e-6..1.0_f64,
        a in 0.0..5.0_f64,
        b in 0.0..5.0_f64,
    ) {
        let law = law(beta, 1.0);
        prop_assert!(law.cumulative(a.min(b)) <= law.cumulative(a.max(b)) + 1e-12);
    }
}
