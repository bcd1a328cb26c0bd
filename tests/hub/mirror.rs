//! A mirror that lists names only, and content that changes while it is read.

use layerscope::progress::Progress;
use layerscope::source::hub;
use layerscope::spectral::{Compute, ScanOptions, scan};
use layerscope::tensor::Model;

use crate::server::{Fault, REPO, Request, Server, sha256};
use crate::support::{Place, SHARDS, bytes, line, model};

/// The list has no sizes; of each file its headers do, as Artifactory and Nexus pass them on.
fn mirror(request: &Request) -> Fault {
    if request.target.starts_with("/api/") {
        return Fault::NamesOnly;
    }
    let files = model();
    let name = request
        .target
        .split(['?', '/'])
        .find(|part| files.iter().any(|file| file.name == *part));
    let Some(name) = name.filter(|_| request.head) else {
        return Fault::None;
    };
    let content = bytes(&files, name);
    Fault::With(vec![
        ("X-Linked-Size", content.len().to_string()),
        ("X-Linked-Etag", format!("\"{}\"", sha256(&content))),
    ])
}

#[test]
fn sizes_and_hashes_that_are_not_listed_are_asked_for() {
    let server = Server::new(model(), mirror);
    let place = Place::new(&server);
    let listing = place.list(REPO).unwrap();
    for file in &listing.files {
        let content = bytes(&model(), &file.name);
        assert_eq!(file.size, content.len() as u64, "{}", file.name);
        assert_eq!(file.sha256, Some(sha256(&content)), "{}", file.name);
    }
    let folder = place.download().unwrap();
    assert_eq!(Model::open(&folder).unwrap().modules.len(), 10);
}

#[test]
fn a_mirror_that_tells_no_size_is_refused() {
    let server = Server::new(model(), |request| {
        if request.target.starts_with("/api/") {
            Fault::NamesOnly
        } else {
            Fault::None
        }
    });
    let error = line(Place::new(&server).list(REPO));
    assert!(error.contains("neither size nor hash"), "{error}");
}

#[test]
fn content_that_changes_between_ranges_is_refused() {
    let server = Server::new(model(), |request| {
        if request.is_content(SHARDS[1]) {
            let tag = if request.earlier < 2 { "one" } else { "two" };
            return Fault::With(vec![("ETag", format!("\"{tag}\""))]);
        }
        Fault::None
    });
    let place = Place::new(&server);
    let listing = place.list(REPO).unwrap();
    let files = hub::remote(&place.hub(), &listing, &Progress::default()).unwrap();
    let model = Model::of_files(files).unwrap();
    let options = ScanOptions {
        modules: (0..model.modules.len()).collect(),
        threads: 1,
        memory: 1 << 30,
        journal: None,
        compute: Compute::default(),
    };
    let scanned = scan(&model, &options, &Progress::default(), |_, _| {});
    let error = line(scanned);
    assert!(error.contains("was changed on the server"), "{error}");
}
