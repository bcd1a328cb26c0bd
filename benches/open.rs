//! How long opening takes: the headers of a model of 46,000 modules, and the grid they make.
//!
//! `cargo bench --no-default-features --bench open`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints what it measured, and stops where it cannot"
)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use layerscope::figure::{Grid, Options};
use layerscope::report::SnrReport;
use layerscope::tensor::Model;

const BLOCKS: usize = 60;
const EXPERTS: usize = 256;
const ROUNDS: usize = 5;

/// Writes one shard a block, and their index.
fn write(folder: &Path) {
    let mut index = String::from("{\"weight_map\":{");
    for block in 0..BLOCKS {
        let file = format!("model-{:05}-of-{BLOCKS:05}.safetensors", block + 1);
        let mut header = String::from("{");
        let mut end = 0_u64;
        for expert in 0..EXPERTS {
            for part in ["gate_proj", "up_proj", "down_proj"] {
                let name = format!("model.layers.{block}.mlp.experts.{expert}.{part}.weight");
                let start = end;
                end += 2048 * 7168 * 2;
                let comma = if start == 0 { "" } else { "," };
                write!(
                    header,
                    "{comma}\"{name}\":{{\"dtype\":\"BF16\",\"shape\":[2048,7168],\"data_offsets\":[{start},{end}]}}"
                )
                .unwrap();
                let comma = if block + expert == 0 && part == "gate_proj" {
                    ""
                } else {
                    ","
                };
                write!(index, "{comma}\"{name}\":\"{file}\"").unwrap();
            }
        }
        header.push('}');
        let path = folder.join(&file);
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        fs::write(&path, &bytes).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        // A hole in the file: 22 GB that take no room.
        file.set_len(bytes.len() as u64 + end).unwrap();
    }
    index.push_str("}}");
    fs::write(folder.join("model.safetensors.index.json"), index).unwrap();
}

/// The median time of several runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let model = Model::open(folder.path()).unwrap();
    let report = SnrReport::of_model(&model);
    println!(
        "{} modules of {} types",
        report.modules.len(),
        report.types.len()
    );
    println!(
        "open   {:?}",
        median(|| drop(Model::open(folder.path()).unwrap()))
    );
    println!("report {:?}", median(|| drop(SnrReport::of_model(&model))));
    println!(
        "grid   {:?}",
        median(|| drop(Grid::new(&report, &Options::default())))
    );
}
