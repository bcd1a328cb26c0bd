//! Tables of no known layout: how they are written, what their columns seem to mean, mappings.

use layerscope::progress::Progress;
use layerscope::run::{
    CellUnit, ColumnRole, Mapping, Metric, Unit, WallFormat, import_mapped, preview,
};

use crate::support::{fixture, table, written};

#[test]
fn german_numbers_dates_and_semicolons() {
    let path = fixture("table_german.csv");
    let table = table(&path);
    assert_eq!((table.delimiter, table.decimal_comma), (';', true));
    assert_eq!(
        table.header,
        ["Schritt", "Verlust", "GPU memory (GB)", "Zeit"]
    );
    assert_eq!(table.rows[0], ["1", "2,5", "11,5", "22.05.2025 09:42:33"]);
    let plain = ColumnRole::Series {
        metric: Metric::Other,
        unit: CellUnit::Plain,
    };
    assert_eq!(
        table.guess.columns,
        [
            plain,
            plain,
            ColumnRole::Series {
                metric: Metric::GpuMemory(None),
                unit: CellUnit::Gb
            },
            ColumnRole::Wall {
                format: WallFormat::Date
            },
        ]
    );
    let mut mapping = table.guess.clone();
    mapping.columns[0] = ColumnRole::Step;
    mapping.columns[1] = ColumnRole::Series {
        metric: Metric::TrainLoss,
        unit: CellUnit::Plain,
    };
    let runs = import_mapped(&path, &mapping, &Progress::default()).expect("mapped");
    let [run] = runs.as_slice() else {
        panic!("{runs:?}")
    };
    assert_eq!(run.name, "table_german");
    let loss = run.series_of(Metric::TrainLoss).expect("a loss");
    assert_eq!(
        (loss.key.as_str(), loss.values.as_slice()),
        ("Verlust", &[2.5, 2.25, 2.125][..])
    );
    assert_eq!(loss.axis.steps, [1.0, 2.0, 3.0]);
    assert_eq!(loss.axis.wall[2], 1_747_906_973.0);
    let memory = run.series_of(Metric::GpuMemory(None)).expect("memory");
    assert_eq!((memory.unit, memory.values[2]), (Unit::Bytes, 1_011.75e9));
}

#[test]
fn a_table_that_names_runs_and_metrics_in_its_rows() {
    let path = fixture("table_long.tsv");
    let table = table(&path);
    assert_eq!(table.delimiter, '\t');
    assert_eq!(
        table.guess.columns,
        [
            ColumnRole::RunName,
            ColumnRole::Step,
            ColumnRole::MetricName,
            ColumnRole::Value
        ]
    );
    let runs = import_mapped(&path, &table.guess, &Progress::default()).expect("mapped");
    assert_eq!(runs.len(), 2);
    assert_eq!(
        runs[0].series_of(Metric::TrainLoss).expect("a loss").values,
        [2.5, 2.25]
    );
    assert_eq!(
        runs[0].series_of(Metric::EvalLoss).expect("a loss").values,
        [2.75]
    );
    assert_eq!(
        runs[1]
            .series_of(Metric::TrainLoss)
            .expect("a loss")
            .axis
            .steps,
        [1.0, 2.0]
    );
}

#[test]
fn one_table_in_every_encoding() {
    let plain = "step,loss,note\r\n1,2.5,\"a, \"\"b\"\"\"\r\n2,2.25,c\r\n";
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}{plain}");
        text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let ways = [
        ("plain", plain.as_bytes().to_vec()),
        ("unix", plain.replace("\r\n", "\n").into_bytes()),
        ("mark", format!("\u{feff}{plain}").into_bytes()),
        ("little", utf16(u16::to_le_bytes)),
        ("big", utf16(u16::to_be_bytes)),
        ("no last line end", plain.trim_end().as_bytes().to_vec()),
        ("semicolons", plain.replace(',', ";").into_bytes()),
        ("bars", plain.replace(',', "|").into_bytes()),
        ("tabs", plain.replace(',', "\t").into_bytes()),
    ];
    for (way, bytes) in ways {
        let (_folder, path) = written("x.csv", bytes);
        let table = table(&path);
        assert_eq!(table.header, ["step", "loss", "note"], "{way}");
        let runs = import_mapped(&path, &table.guess, &Progress::default()).expect(way);
        assert_eq!(runs[0].series.len(), 1, "{way}");
        assert_eq!(runs[0].series[0].values, [2.5, 2.25], "{way}");
        assert_eq!(runs[0].series[0].axis.steps, [1.0, 2.0], "{way}");
        assert_eq!(runs[0].sources[0].bad_rows, 0, "{way}");
    }
}

#[test]
fn blanks_separate_as_one() {
    let (_folder, path) = written("x.txt", "#  step   loss\n   1\t  2.5\n  20   2.25\n");
    let table = table(&path);
    assert_eq!(
        (table.delimiter, table.header.as_slice()),
        (' ', &["step".to_owned(), "loss".to_owned()][..])
    );
    let runs = import_mapped(&path, &table.guess, &Progress::default()).expect("mapped");
    assert_eq!(runs[0].series[0].values, [2.5, 2.25]);
    assert_eq!(runs[0].series[0].metric, Metric::TrainLoss);
}

#[test]
fn without_a_header_or_a_step() {
    let (_folder, path) = written("x.csv", "2.5,1\n2.25,2\n");
    let table = table(&path);
    assert_eq!(table.header, ["column 1", "column 2"]);
    assert!(!table.guess.header);
    let runs = import_mapped(&path, &table.guess, &Progress::default()).expect("mapped");
    assert_eq!(runs[0].series[0].key, "column 1");
    assert_eq!(runs[0].series[0].axis.steps, [0.0, 1.0]);
    assert!(runs[0].warnings[0].contains("rows are counted as steps"));
}

#[test]
fn another_separator_or_sign_can_be_chosen() {
    let (_folder, path) = written("x.csv", "step,loss\n1,2\n2,3\n");
    let chosen = preview(&path, Some(';'), Some(true)).expect("a preview");
    assert_eq!(chosen.header, ["step,loss"]);
    assert!(chosen.decimal_comma);
    assert_eq!(chosen.guess.columns.len(), 1);
}

#[test]
fn mappings_are_kept_and_known_again_by_their_header() {
    let table = table(&fixture("table_german.csv"));
    let kept = serde_json::to_string(&table.guess).expect("written");
    assert_eq!(
        serde_json::from_str::<Mapping>(&kept).expect("read"),
        table.guess
    );
    assert_eq!(table.header_key(), Mapping::header_key(&table.header));
    let mut other = table.header.clone();
    other[0] = "Step".to_owned();
    assert_ne!(table.header_key(), Mapping::header_key(&other));
}

#[test]
fn a_mapping_that_cannot_be_used_is_refused() {
    let path = fixture("table_german.csv");
    let mapping = Mapping {
        delimiter: '→',
        ..table(&path).guess
    };
    let error = import_mapped(&path, &mapping, &Progress::default()).expect_err("no separator");
    assert!(error.to_string().contains("cannot be split at"), "{error}");
    let mapping = Mapping {
        columns: vec![ColumnRole::Ignore; 4],
        ..table(&path).guess
    };
    let error = import_mapped(&path, &mapping, &Progress::default()).expect_err("no values");
    assert!(error.to_string().contains("no row with a value"), "{error}");
}

#[test]
fn times_and_units_in_unknown_tables() {
    let text =
        "time,rss [MiB],utilisation,elapsed\n0.5,100 KiB,45 %,0:00:01\n1.5,101 KiB,46 %,0:00:02\n";
    let (_folder, path) = written("x.csv", text);
    let table = table(&path);
    assert_eq!(
        table.guess.columns,
        [
            ColumnRole::Relative {
                unit: CellUnit::Seconds
            },
            ColumnRole::Series {
                metric: Metric::CpuMemory,
                unit: CellUnit::Mib
            },
            ColumnRole::Series {
                metric: Metric::Other,
                unit: CellUnit::Percent
            },
            ColumnRole::Ignore,
        ]
    );
    let runs = import_mapped(&path, &table.guess, &Progress::default()).expect("mapped");
    assert_eq!(
        runs[0].series[0].values,
        [102_400.0, 103_424.0],
        "the cell's unit counts"
    );
    assert_eq!(runs[0].series[1].unit, Unit::Percent);
}
