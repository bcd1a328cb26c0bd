//! Color maps against the published tables.

use layerscope::figure::ColorMap;

#[test]
fn ends_and_middles_are_those_of_matplotlib() {
    let expected = [
        (
            ColorMap::Viridis,
            [68, 1, 84],
            [33, 145, 140],
            [253, 231, 37],
        ),
        (ColorMap::Magma, [0, 0, 4], [183, 55, 121], [252, 253, 191]),
        (
            ColorMap::Cividis,
            [0, 34, 78],
            [125, 124, 120],
            [254, 232, 56],
        ),
    ];
    for (map, first, middle, last) in expected {
        let table = map.table();
        assert_eq!((table[0], table[255]), (first, last), "{map:?}");
        for (ours, theirs) in table[128].into_iter().zip(middle) {
            assert!(
                ours.abs_diff(theirs) <= 2,
                "{map:?} {:?} {middle:?}",
                table[128]
            );
        }
    }
    let quarter = ColorMap::Viridis.table()[64];
    for (ours, theirs) in quarter.into_iter().zip([59_u8, 82, 139]) {
        assert!(ours.abs_diff(theirs) <= 1, "{quarter:?}");
    }
}

#[test]
fn every_map_gets_lighter_from_end_to_end() {
    for map in ColorMap::ALL {
        let lightness = |&[r, g, b]: &[u8; 3]| {
            0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
        };
        let values: Vec<f64> = map.table().iter().map(lightness).collect();
        // Cividis' darkest blues are level within rounding.
        assert!(
            values.windows(2).all(|pair| pair[1] > pair[0] - 1.0),
            "{map:?}"
        );
        assert!(values[255] - values[0] > 150.0, "{map:?}");
    }
}

#[test]
fn positions_outside_take_the_ends() {
    let map = ColorMap::Viridis;
    let table = map.table();
    assert_eq!(map.at(-3.0), table[0]);
    assert_eq!(map.at(f64::NAN), table[0]);
    assert_eq!(map.at(7.0), table[255]);
    assert_eq!(map.at(0.5), table[128]);
}
