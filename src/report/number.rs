//! Ratios as text: what Python's `json` writes for a number that was an f32.

/// The ratio as a results file stores it: rounded to f32, widened to f64.
///
/// The reference program computes in f32. A report that is still in memory and the same report
/// opened again rank alike only if both hold this value.
#[must_use]
pub fn stored(snr: f64) -> f64 {
    f64::from(snr as f32)
}

/// The text of `value` as Python's `repr` has it: the shortest digits that read back as the
/// same f64, plain from 1e-4 up to below 1e16, else with an exponent of at least two digits.
pub(super) fn python(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}Infinity");
    }
    let scientific = shortest(value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    match exponent {
        -4..=-1 => {
            let zeros = "0".repeat((-exponent - 1) as usize);
            format!("{sign}0.{zeros}{digits}")
        }
        0..=15 => {
            let whole = exponent as usize + 1;
            if digits.len() <= whole {
                format!("{sign}{digits:0<whole$}.0")
            } else {
                let (whole, decimals) = digits.split_at(whole);
                format!("{sign}{whole}.{decimals}")
            }
        }
        _ => {
            let (direction, size) = (
                if exponent < 0 { '-' } else { '+' },
                exponent.unsigned_abs(),
            );
            format!("{sign}{mantissa}e{direction}{size:02}")
        }
    }
}

/// The shortest digits that read back as `value`, as `d.ddde-x`. Of several candidates, the nearest
/// is taken; of two equally near (an f32 widened to f64 is often half-way), the even one. Rust's
/// own shortest form rounds such a half up.
fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.split('e').next().unwrap_or_default().len();
    let decimals = digits.saturating_sub("0.".len());
    let nearest = format!("{value:.decimals$e}");
    if nearest.parse() == Ok(value) {
        nearest
    } else {
        shortest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_python_writes_them() {
        // Each right-hand side was printed by CPython's `json.dumps`.
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (10.0, "10.0"),
            (123.5, "123.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.000_123, "0.000123"),
            (0.000_01, "1e-05"),
            (0.000_012_5, "1.25e-05"),
            (1e-10, "1e-10"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (1_234_567_890_123_456.8, "1234567890123456.8"),
            (12_345_678_901_234_568.0, "1.2345678901234568e+16"),
            (8.99e27, "8.99e+27"),
            (-2.5, "-2.5"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::from(0.1_f32), "0.10000000149011612"),
            (f64::from(f32::MAX), "3.4028234663852886e+38"),
            (226.999_786_376_953_13, "226.99978637695312"),
            (5.684_341_886_080_802e-14, "5.684341886080802e-14"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (value, text) in cases {
            assert_eq!(python(value), text);
        }
    }

    #[test]
    fn a_ratio_is_kept_as_an_f32() {
        assert_eq!(stored(0.1).to_bits(), f64::from(0.1_f32).to_bits());
        assert!(stored(1e39).is_infinite());
        assert!(stored(f64::NAN).is_nan());
    }
}
