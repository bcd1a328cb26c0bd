//! Reading a model where it is: the same values as from a folder, and nothing stored.

use std::fs;
use std::sync::Mutex;
use std::time::Duration;

use layerscope::Result;
use layerscope::progress::Progress;
use layerscope::source::hub;
use layerscope::spectral::{Compute, FileIdentity, ModuleResult, ScanOptions, ScanSummary, scan};
use layerscope::tensor::Model;

use crate::server::{Fault, FaultOf, REPO, Server};
use crate::support::{Place, SHARDS, line, local, model};

fn open(place: &Place) -> Result<Model> {
    let listing = place.list(REPO)?;
    Model::of_files(hub::remote(&place.hub(), &listing, &Progress::default())?)
}

fn scanned(model: &Model, options: &ScanOptions) -> Result<(Vec<String>, ScanSummary)> {
    let results: Mutex<Vec<(usize, ModuleResult)>> = Mutex::default();
    let summary = scan(model, options, &Progress::default(), |index, result| {
        results.lock().unwrap().push((index, result));
    })?;
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    let bits = |(index, result): (usize, ModuleResult)| {
        let values: Vec<Vec<u32>> = result
            .values
            .iter()
            .map(|values| values.iter().map(|value| value.to_bits()).collect())
            .collect();
        format!(
            "{index} {:?} {:?} {values:?}",
            result.snr.map(f64::to_bits),
            result.problem
        )
    };
    Ok((results.into_iter().map(bits).collect(), summary))
}

fn all(model: &Model) -> ScanOptions {
    ScanOptions {
        modules: (0..model.modules.len()).collect(),
        threads: 2,
        memory: 1 << 30,
        journal: None,
        compute: Compute::default(),
    }
}

#[test]
fn it_is_the_same_model_with_the_same_results() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let far = open(&place).unwrap();
    let near = Model::open(&local(place.folder.path())).unwrap();
    assert_eq!(far.slug, "org-tiny");
    assert_eq!(far.warnings, near.warnings);
    assert_eq!(far.modules, near.modules);
    assert_eq!(far.tensors, near.tensors);
    assert_eq!(far.parameters, near.parameters);
    let identities = |model: &Model| -> Vec<FileIdentity> {
        let files = model.files.iter();
        files
            .map(|file| FileIdentity::of(file.as_ref()).unwrap())
            .collect()
    };
    assert_eq!(identities(&far), identities(&near));
    let (results, summary) = scanned(&far, &all(&far)).unwrap();
    assert_eq!(results, scanned(&near, &all(&near)).unwrap().0);
    assert_eq!(summary.scanned, far.modules.len());
    assert!(!place.settings.cache.exists(), "nothing is stored");
}

#[test]
fn opening_reads_the_beginnings_only_and_a_scan_each_matrix_once() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let far = open(&place).unwrap();
    let opened = server.content(".safetensors");
    let read: u64 = opened
        .iter()
        .map(|request| {
            let (first, last) = request.range.unwrap();
            last + 1 - first
        })
        .sum();
    assert_eq!(read, 2 * (64 << 10));
    let resolved = |server: &Server| {
        let requests = server.requests();
        requests
            .iter()
            .filter(|request| request.target.contains("/resolve/"))
            .count()
    };
    let before = resolved(&server);
    scanned(&far, &all(&far)).unwrap();
    let matrices = server.content(".safetensors").split_off(opened.len());
    // The embedding, three weights and two experts a block: what the beginnings did not hold.
    assert!(!matrices.is_empty() && matrices.len() <= 11, "{matrices:?}");
    let mut ranges: Vec<_> = matrices
        .iter()
        .map(|request| (&request.target, request.range))
        .collect();
    ranges.sort();
    ranges.dedup();
    assert_eq!(ranges.len(), matrices.len(), "each once");
    assert_eq!(resolved(&server), before, "the store is asked, not the hub");
}

#[test]
fn with_little_memory_it_is_the_same() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let far = open(&place).unwrap();
    let (expected, _) = scanned(&far, &all(&far)).unwrap();
    for (threads, memory) in [(1, 1), (3, 200_000), (2, 8 << 20)] {
        let options = ScanOptions {
            threads,
            memory,
            ..all(&far)
        };
        assert_eq!(
            scanned(&far, &options).unwrap().0,
            expected,
            "{threads} {memory}"
        );
    }
}

#[test]
fn an_expired_address_is_asked_for_again() {
    // The store forgets every address after one request.
    let server = Server::new(model(), |request| {
        if request.is_content(SHARDS[0]) && request.same > 0 {
            Fault::Status(403, Vec::new())
        } else {
            Fault::None
        }
    });
    let place = Place::new(&server);
    let far = open(&place).unwrap();
    let (_, summary) = scanned(&far, &all(&far)).unwrap();
    assert_eq!(summary.failed, 0);
}

#[test]
fn what_is_not_what_was_asked_for_is_refused() {
    let cases: [(FaultOf, &str); 5] = [
        (|_| Fault::Whole, "sends whole files only"),
        (
            |_| Fault::OtherRange,
            "sends other bytes than were asked for",
        ),
        (|_| Fault::OtherTotal(77), "and the server has 77"),
        (|_| Fault::Body("<html>"), "sends whole files only"),
        (
            |_| Fault::Shorter(10),
            "sends other bytes than were asked for",
        ),
    ];
    for (fault, expected) in cases {
        let server = Server::new(model(), move |request| {
            if request.is_content(SHARDS[1]) {
                fault(request)
            } else {
                Fault::None
            }
        });
        let place = Place::new(&server);
        let line = line(open(&place));
        assert!(
            line.starts_with("org/tiny: ") && line.contains(expected),
            "{line}"
        );
        assert!(!place.settings.cache.exists());
    }
}

#[test]
fn a_hub_lost_in_a_scan_ends_it_and_the_journal_goes_on() {
    let lost = Server::new(model(), |request| {
        // The matrices of the second shard do not come; the largest is in the first.
        let length = request.range.map_or(0, |(first, last)| last + 1 - first);
        if request.is_content(SHARDS[1]) && (2_000..65_000).contains(&length) {
            Fault::CutAfter(10)
        } else {
            Fault::None
        }
    });
    let mut place = Place::new(&lost);
    let journal = place.folder.path().join("journal");
    let with_journal = |model: &Model| ScanOptions {
        threads: 1,
        journal: Some(journal.clone()),
        ..all(model)
    };
    let far = open(&place).unwrap();
    let broken = line(scanned(&far, &with_journal(&far)));
    assert!(broken.contains("broke off again and again"), "{broken}");
    drop(far);
    drop(lost);
    let good = Server::good(model());
    place.settings.endpoint.clone_from(&good.endpoint);
    let far = open(&place).unwrap();
    let (results, summary) = scanned(&far, &with_journal(&far)).unwrap();
    assert!(summary.resumed > 0 && summary.scanned > 0, "{summary:?}");
    let near = Model::open(&local(place.folder.path())).unwrap();
    assert_eq!(results, scanned(&near, &all(&near)).unwrap().0);
    assert!(fs::metadata(&journal).unwrap().len() > 0);
}

#[test]
fn a_scan_is_canceled_while_it_waits_for_bytes() {
    let server = Server::new(model(), |request| {
        let matrix = request.is_content("") && request.range.unwrap().0 > 0;
        if matrix {
            Fault::StallAfter(100)
        } else {
            Fault::None
        }
    });
    let mut place = Place::new(&server);
    place.settings.patience.stall = Duration::from_secs(25);
    let far = open(&place).unwrap();
    let progress = Progress::default();
    let handle = progress.clone();
    let canceler = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        handle.cancel();
    });
    let result = scan(&far, &all(&far), &progress, |_, _| {});
    canceler.join().unwrap();
    assert!(result.unwrap_err().is_canceled());
}
