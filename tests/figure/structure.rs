//! The grid of real models' names: types, blocks, groups, towers, experts.
//!
//! `fixtures/names` holds the tensors' names and shapes of published checkpoints, a line each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;

use layerscope::figure::{Column, Grid, Options, Row, RowKind};
use layerscope::report::SnrReport;
use layerscope::tensor::{Group, Model};
use tempfile::tempdir;

/// A tensor's name and shape.
type Tensor = (String, Vec<usize>);

/// The tensors listed in a fixture.
fn listed(name: &str) -> Vec<Tensor> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/names");
    let text = fs::read_to_string(folder.join(format!("{name}.tsv"))).unwrap();
    let tensor = |line: &str| {
        let (name, shape) = line.split_once('\t').unwrap();
        let shape = shape.split(',').filter(|text| !text.is_empty());
        (
            name.to_owned(),
            shape.map(|length| length.parse().unwrap()).collect(),
        )
    };
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(tensor)
        .collect()
}

/// The model of these tensors: a file with their header and a hole for their values.
fn open(tensors: &[Tensor], config: &str) -> Model {
    let folder = tempdir().unwrap();
    let mut header = String::from("{");
    let mut end = 0_u64;
    for (name, shape) in tensors {
        let start = end;
        end += shape.iter().product::<usize>() as u64 * 2;
        let comma = if start == 0 { "" } else { "," };
        write!(
            header,
            r#"{comma}"{name}":{{"dtype":"BF16","shape":{shape:?},"data_offsets":[{start},{end}]}}"#
        )
        .unwrap();
    }
    header.push('}');
    let path = folder.path().join("model.safetensors");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    fs::write(&path, &bytes).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(bytes.len() as u64 + end).unwrap();
    fs::write(folder.path().join("config.json"), config).unwrap();
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(model.warnings, [""; 0]);
    model
}

fn grid(tensors: &[Tensor]) -> (SnrReport, Grid) {
    let report = SnrReport::of_model(&open(tensors, "{}"));
    let grid = Grid::new(&report, &Options::default());
    for module in &report.modules {
        assert_eq!(module.problem, None, "{}", module.name);
    }
    let places: BTreeSet<_> = (0..report.modules.len())
        .filter_map(|module| grid.place(module))
        .collect();
    assert!(!places.is_empty());
    (report, grid)
}

/// The labels of the rows of a group, top to bottom.
fn labels(grid: &Grid, group: Group) -> Vec<&str> {
    let of_group = |row: &&Row| row.group == group;
    grid.rows
        .iter()
        .filter(of_group)
        .map(|row| &*row.label)
        .collect()
}

/// How many blocks there are, from 0 on without a gap.
fn blocks(grid: &Grid) -> usize {
    let blocks: Vec<u32> = grid
        .columns
        .iter()
        .filter_map(|column| match column {
            Column::Block(block) => Some(*block),
            Column::NoBlock => None,
        })
        .collect();
    assert!(
        blocks.iter().copied().eq(0..blocks.len() as u32),
        "{blocks:?}"
    );
    blocks.len()
}

#[test]
fn print_them() {
    for name in [
        "vit", "clip", "whisper", "t5", "mamba", "unet", "dit", "flux",
    ] {
        let (report, grid) = grid(&listed(name));
        println!(
            "{name}: {} modules {} columns {} rows",
            report.modules.len(),
            blocks(&grid),
            grid.rows.len()
        );
        for row in &grid.rows {
            println!("   {} | {} | {:?}", row.group, row.label, row.name);
        }
    }
}
