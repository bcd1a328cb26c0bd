//! Numbers as text.

use layerscope::text::{bytes, grouped, significant, tick};

#[test]
fn four_digits_whatever_the_size() {
    for (value, text) in [
        (0.070_123_456, "0.07012"),
        (1.0, "1.000"),
        (9.999_6, "10.00"),
        (1_371.540_283, "1372"),
        (123_456.0, "123456"),
        (8.991e27, "8.991e27"),
        (0.000_012_344, "1.234e-5"),
        (0.0, "0"),
        (-2.5, "-2.500"),
        (f64::INFINITY, "∞"),
        (f64::NAN, "NaN"),
    ] {
        assert_eq!(significant(value, 4), text);
    }
}

#[test]
fn ticks_carry_no_needless_zeros() {
    for (value, text) in [
        (0.1, "0.1"),
        (100.0, "100"),
        (0.25, "0.25"),
        (1e5, "1e5"),
        (1e27, "1e27"),
    ] {
        assert_eq!(tick(value), text);
    }
}

#[test]
fn counts_are_grouped_by_thousands() {
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(28_800), "28\u{2009}800");
    assert_eq!(grouped(1_000_000), "1\u{2009}000\u{2009}000");
}

#[test]
fn bytes_are_in_decimal_units() {
    assert_eq!(bytes(999), "999 bytes");
    assert_eq!(bytes(1_500), "1.5 kB");
    assert_eq!(bytes(16_060_522_240), "16.1 GB");
}
