//! Shards scanned by separate processes and merged: the bytes of one scan, and what does not go
//! together.

use std::fs;

use crate::parts::{
    FILES, assert_same_files, bad, changed, folder, good, layerscope, merge, refused, replaced,
    scan_shards, spectra_of, text,
};
use crate::support::{Folder, random, write_weights};

#[test]
fn shards_from_separate_processes_merge_to_the_bytes_of_one_scan() {
    let folder = folder();
    good(
        &layerscope(&folder, &["scan", "tiny", "--out", "whole"])
            .output()
            .unwrap(),
    );
    let mut parts = scan_shards(&folder, "parts", 3, &[]);
    let here = |name: &str| folder.path("parts").join(name);
    assert!(!here(FILES[0]).exists() && !here(FILES[2]).exists());
    let left: Vec<_> = fs::read_dir(here("model_snr_results")).unwrap().collect();
    assert_eq!(left.len(), 6, "two files a shard, no journal");
    // Whatever their order, and one of them twice.
    parts.swap(0, 2);
    parts.push(parts[1].clone());
    let to = format!("merged/{}", FILES[0]);
    let (said, warned) = good(&merge(&folder, &parts, &["-o", &to]));
    assert!(said.starts_with("merged 4 parts: 14 modules"), "{said}");
    assert_eq!(warned, "");
    assert_same_files(&folder, "merged", "whole");
    // The merged results are the whole scan's to a scan, too.
    let again = ["scan", "tiny", "--out", "merged", "--json"];
    let (said, _) = good(&layerscope(&folder, &again).output().unwrap());
    let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["reused"], 14, "{said}");
}

#[test]
fn more_shards_than_modules_and_chosen_types() {
    let folder = folder();
    let types = ["--types", "mlp.*"];
    let mut whole = layerscope(&folder, &["scan", "tiny", "--out", "whole"]);
    good(&whole.args(types).output().unwrap());
    let parts = scan_shards(&folder, "parts", 8, &types);
    assert_eq!(fs::read_to_string(folder.path(&parts[7])).unwrap(), "{}");
    // Again: an empty shard is no error then either.
    scan_shards(&folder, "parts", 8, &types);
    let to = format!("merged/{}", FILES[0]);
    good(&merge(&folder, &parts, &["-o", &to]));
    assert_same_files(&folder, "merged", "whole");
}

#[test]
fn missing_shards_are_named_and_left_out_only_when_asked() {
    let folder = folder();
    good(
        &layerscope(&folder, &["scan", "tiny", "--out", "whole"])
            .output()
            .unwrap(),
    );
    let parts = scan_shards(&folder, "parts", 3, &[]);
    let line = refused(&folder, &parts[..1]);
    assert!(line.contains("shards 2/3, 3/3 are missing"), "{line}");
    assert!(
        line.contains("modules: ") && line.contains("--partial"),
        "{line}"
    );
    let to = format!("merged/{}", FILES[0]);
    let two = [parts[0].clone(), parts[2].clone()];
    let (_, warned) = good(&merge(&folder, &two, &["-o", &to, "--partial"]));
    assert!(warned.contains("shard 2/3 is missing"), "{warned}");
    let part = fs::read_to_string(folder.path(&to)).unwrap();
    let whole = fs::read_to_string(folder.path("whole").join(FILES[0])).unwrap();
    assert!(part.len() < whole.len());
    // What was left out is put in later, into the same file when asked to.
    let rest = [to.clone(), parts[1].clone()];
    let output = merge(&folder, &rest, &["-o", &to]);
    assert!(text(&output.stderr).contains("--force"));
    good(&merge(&folder, &rest, &["-o", &to, "--force"]));
    assert_same_files(&folder, "merged", "whole");
}

#[test]
fn shards_of_other_weights_are_refused() {
    let tensors =
        |seed| (0..6_u64).map(move |i| random(&format!("layers.{i}.a"), seed + i, &[9, 12]));
    let folder = Folder::new(&tensors(1).collect::<Vec<_>>());
    let a = scan_shards(&folder, "a", 2, &[]);
    // Another checkpoint of the same shape.
    write_weights(&folder.weights(), &tensors(10).collect::<Vec<_>>());
    let b = scan_shards(&folder, "b", 2, &[]);
    let line = refused(&folder, &[a[0].clone(), b[1].clone()]);
    assert!(
        line.contains("weight files") && line.contains("model.safetensors"),
        "{line}"
    );
    assert!(line.contains(&a[0]) && line.contains(&b[1]), "{line}");
}

#[test]
fn shards_that_overlap_with_other_values_are_refused() {
    let folder = folder();
    let parts = scan_shards(&folder, "parts", 2, &[]);
    let other = changed(&folder, &parts[1], "other", |mut bytes| {
        *bytes.last_mut().unwrap() ^= 1;
        bytes
    });
    let three = [parts.clone(), vec![other.clone()]].concat();
    let line = refused(&folder, &three);
    assert!(line.contains("its values are others"), "{line}");
    assert!(line.contains(&parts[1]) && line.contains(&other), "{line}");
    let same = changed(&folder, &parts[1], "same", |bytes| bytes);
    let three = [parts, vec![same]].concat();
    good(&merge(&folder, &three, &["-o", "all.json"]));
}

#[test]
fn other_versions_are_refused() {
    let folder = folder();
    let parts = scan_shards(&folder, "parts", 2, &[]);
    let newer = changed(&folder, &parts[1], "newer", |bytes| {
        replaced(&bytes, "\\\"format\\\":1", "\\\"format\\\":2")
    });
    let line = refused(&folder, &[parts[0].clone(), newer.clone()]);
    assert!(
        line.contains("format 2") && line.contains(&spectra_of(&newer)),
        "{line}"
    );
    let version = concat!("layerscope ", env!("CARGO_PKG_VERSION"));
    let mut next = version.to_owned();
    next.pop();
    next.push('x');
    let other = changed(&folder, &parts[1], "other", |bytes| {
        replaced(&bytes, version, &next)
    });
    let line = refused(&folder, &[parts[0].clone(), other.clone()]);
    assert!(
        line.contains("another version") && line.contains(&other),
        "{line}"
    );
}

#[test]
fn what_is_cut_in_another_way_or_not_at_all_is_refused() {
    let folder = folder();
    good(
        &layerscope(&folder, &["scan", "tiny", "--out", "whole"])
            .output()
            .unwrap(),
    );
    let two = scan_shards(&folder, "two", 2, &[]);
    let three = scan_shards(&folder, "three", 3, &[]);
    let line = refused(
        &folder,
        &[two[0].clone(), three[1].clone(), three[2].clone()],
    );
    assert!(
        line.contains("one of 3 shards") && line.contains(&three[1]),
        "{line}"
    );
    let some = scan_shards(&folder, "some", 2, &["--types", "mlp.*"]);
    let line = refused(&folder, &[two[0].clone(), some[1].clone()]);
    assert!(line.contains("other modules"), "{line}");
    let whole = format!("whole/{}", FILES[0]);
    let line = refused(&folder, &[two[0].clone(), whole]);
    assert!(line.contains("is not a part of a scan"), "{line}");
}

#[test]
fn files_that_are_missing_or_of_another_scan_are_named() {
    let folder = folder();
    let parts = scan_shards(&folder, "parts", 2, &[]);
    let line = refused(&folder, &[parts[0].clone(), "no/such.json".into()]);
    assert!(line.contains("no/such.json: is not there"), "{line}");
    let copied = changed(&folder, &parts[0], "copied", |bytes| bytes);
    fs::copy(folder.path(&parts[1]), folder.path(&copied)).unwrap();
    let line = refused(&folder, &[copied.clone(), parts[1].clone()]);
    assert!(
        line.contains("of another scan") && line.contains(&copied),
        "{line}"
    );
    fs::remove_file(folder.path(&spectra_of(&copied))).unwrap();
    let line = refused(&folder, &[copied.clone(), parts[1].clone()]);
    assert!(line.contains(&spectra_of(&copied)), "{line}");
    let name = "snr_results_all_sorted.json";
    let mut arguments = vec!["merge", "-o", name];
    arguments.extend(parts.iter().map(String::as_str));
    let line = bad(&folder, &arguments);
    assert!(line.contains("sorted form"), "{line}");
}

#[test]
fn merged_results_of_any_name_open_with_their_spectra() {
    let folder = folder();
    let parts = scan_shards(&folder, "parts", 2, &[]);
    good(&merge(&folder, &parts, &["-o", "new/all.json"]));
    assert!(folder.path("new/snr_results_all_sorted.json").is_file());
    let opened = layerscope::open::open(&folder.path("new/all.json")).unwrap();
    assert!(matches!(
        opened,
        layerscope::open::Opened::Report(_, Some(_))
    ));
}
