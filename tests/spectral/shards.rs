//! How a model is cut into parts, and `scan --shard`.

use std::fs;

use layerscope::spectral::{Shard, work};
use layerscope::tensor::Model;

use crate::parts::{bad, folder, good, layerscope, shard_file, spectra_of};
use crate::support::{Folder, varied};

fn names(model: &Model, modules: &[usize]) -> Vec<String> {
    modules
        .iter()
        .map(|&module| model.modules[module].name.clone())
        .collect()
}

#[test]
fn every_module_is_in_one_part_and_the_parts_are_balanced() {
    let folder = folder();
    let model = folder.open();
    let all: Vec<usize> = (0..model.modules.len()).collect();
    for count in [1, 2, 3, 7, 40] {
        let parts = (1..=count).map(|index| Shard::new(index, count).unwrap().of(&model, &all));
        let parts: Vec<Vec<usize>> = parts.collect();
        let mut together = parts.concat();
        together.sort_unstable();
        assert_eq!(together, all);
        for part in &parts {
            assert!(part.is_sorted(), "in the model's order");
            let part = names(&model, part);
            let has = |name: &str| part.iter().any(|other| other == name);
            assert_eq!(has("lm_head"), has("model.embed_tokens"));
        }
    }
    let load = |index| -> u64 {
        let own = Shard::new(index, 3).unwrap().of(&model, &all);
        let own = own
            .iter()
            .filter(|&&module| model.modules[module].tied_to.is_none());
        own.flat_map(|&module| model.matrices(&model.modules[module]).unwrap())
            .map(|matrix| work(matrix.rows(), matrix.cols()))
            .sum()
    };
    let loads = [load(1), load(2), load(3)];
    let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
    assert!(most * 3 < least * 4, "{loads:?}");
}

#[test]
fn a_part_is_cut_the_same_way_whatever_the_files_order() {
    let tensors = varied();
    let reversed: Vec<_> = tensors.iter().rev().cloned().collect();
    let parts = |tensors: &[_]| -> Vec<Vec<String>> {
        let folder = Folder::new(tensors);
        let model = folder.open();
        let all: Vec<usize> = (0..model.modules.len()).collect();
        let part = |index| {
            let own = Shard::new(index, 4).unwrap().of(&model, &all);
            let mut names = names(&model, &own);
            names.sort_unstable();
            names
        };
        (1..=4).map(part).collect()
    };
    assert_eq!(parts(&tensors), parts(&reversed));
}

#[test]
fn parts_are_said_as_i_of_n() {
    let shard: Shard = "3/8".parse().unwrap();
    assert_eq!((shard.index(), shard.count()), (3, 8));
    assert_eq!(shard.to_string(), "3/8");
    let folder = folder();
    for wrong in [
        "0/3", "4/3", "3", "/", "1/0", "-1/3", "1/2/3", "a/b", "1/70000",
    ] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        let output = layerscope(&folder, &["scan", "tiny", "--shard", wrong]).output();
        assert_eq!(output.unwrap().status.code(), Some(2), "{wrong}");
    }
    for other in [&["--no-spectra"][..], &["--top-percent", "25"]] {
        let mut command = layerscope(&folder, &["scan", "tiny", "--shard", "1/2"]);
        let output = command.args(other).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{other:?}");
    }
}

#[test]
fn a_shard_is_reused_but_not_as_another_one() {
    let folder = folder();
    let scan = ["scan", "tiny", "--shard", "1/2", "--json"];
    let first = good(&layerscope(&folder, &scan).output().unwrap()).0;
    let first: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert_eq!(first["shard"], "1/2");
    let again = good(&layerscope(&folder, &scan).output().unwrap()).0;
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(
        (&again["reused"], &again["scanned"]),
        (&first["scanned"], &0.into())
    );
    // The same file's name, a part of something else.
    let other = [&scan[..], &["--types", "mlp.*"]].concat();
    let line = bad(&folder, &other);
    assert!(
        line.contains("another part") && line.contains("--fresh"),
        "{line}"
    );
    // Without its spectra it is of no use.
    fs::remove_file(folder.path(&spectra_of(&shard_file(".", 1, 2)))).unwrap();
    let line = bad(&folder, &scan);
    assert!(line.contains("another part"), "{line}");
}
