//! A scan that is killed at any step of its journal, and gone on with: the files it then writes
//! are, byte for byte, those of a scan that nothing befell.

use std::fs;

use layerscope::report::{SnrReport, Spectra, flat_json};
use layerscope::spectral::{FileIdentity, ScanOptions};

use crate::support::{Folder, options, random, scanned};

/// Bytes in front of a record's payload, and of the first line: see the journal's module.
const FRAME: usize = 12;

/// Scans `folder` on its journal; what would be written of it, and how many modules came from
/// the journal.
fn outputs(folder: &Folder) -> (String, Vec<u8>, usize) {
    let model = folder.open();
    let options = ScanOptions {
        journal: Some(folder.path("journal")),
        ..options(&model)
    };
    let (results, summary) = scanned(&model, &options).unwrap();
    let mut report = SnrReport::of_model(&model);
    for (index, result) in &results {
        report.record(*index, result);
    }
    let files = model.files.iter();
    let files = files.map(|file| FileIdentity::of(file.as_ref()).unwrap());
    let spectra = Spectra::new(&model, files.collect(), results);
    (
        flat_json(&report.scanned_only()),
        spectra.to_bytes().unwrap(),
        summary.resumed,
    )
}

/// The places in a journal where a record begins, and its end.
fn boundaries(journal: &[u8]) -> Vec<usize> {
    let mut at = journal.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let mut all = vec![at];
    while let Some(length) = journal.get(at..).and_then(<[u8]>::first_chunk) {
        at += FRAME + u32::from_le_bytes(*length) as usize;
        all.push(at);
    }
    all
}

#[test]
fn killed_at_any_step_it_ends_in_the_same_bytes() {
    let folder = Folder::new(&[
        random("model.layers.0.mlp.up_proj", 1, &[9, 7]),
        random("model.layers.0.mlp.experts.down_proj", 2, &[2, 6, 5]),
        random("model.layers.1.mlp.up_proj", 3, &[9, 7]),
        random("model.norm", 4, &[7]),
    ]);
    let (json, spectra, resumed) = outputs(&folder);
    assert_eq!(resumed, 0);
    let whole = fs::read(folder.path("journal")).unwrap();
    let boundaries = boundaries(&whole);
    assert_eq!(boundaries.len(), 6, "five matrices");
    assert_eq!(boundaries.last(), Some(&whole.len()));
    let mut most = 0;
    let mut cuts: Vec<usize> = vec![0, 1, boundaries[0] - 1];
    for pair in boundaries.windows(2) {
        let [start, end] = [pair[0], pair[1]];
        // Between records; inside the frame; inside the payload; short of its last byte.
        cuts.extend([
            start,
            start + 5,
            start + FRAME,
            usize::midpoint(start, end),
            end - 1,
        ]);
    }
    cuts.push(whole.len());
    for cut in cuts {
        fs::write(folder.path("journal"), &whole[..cut]).unwrap();
        let (again, spectra_again, resumed) = outputs(&folder);
        assert_eq!(again, json, "killed at byte {cut}");
        assert!(spectra_again == spectra, "killed at byte {cut}");
        assert!(resumed >= most, "killed at byte {cut}: less was kept");
        most = resumed;
    }
    assert_eq!(most, 4, "all that was journalled is reused");
}

#[test]
fn garbage_behind_the_last_record_is_dropped() {
    let folder = Folder::new(&[random("model.layers.0.mlp.up_proj", 1, &[9, 7])]);
    let (json, ..) = outputs(&folder);
    let whole = fs::read(folder.path("journal")).unwrap();
    // A length of all, one that fits, zeros as a file system may leave them after a power failure.
    for garbage in [vec![0xff; 40], vec![8; 4096], vec![0; 4096]] {
        let bytes = [whole.clone(), garbage].concat();
        fs::write(folder.path("journal"), bytes).unwrap();
        let (again, _, resumed) = outputs(&folder);
        assert_eq!((again, resumed), (json.clone(), 1));
        assert_eq!(fs::read(folder.path("journal")).unwrap(), whole);
    }
}
