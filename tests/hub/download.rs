//! Downloading into the cache: what lies there afterwards, and that nothing damaged does.

use std::fs;
use std::time::{Duration, Instant};

use layerscope::progress::Progress;
use layerscope::source::hub::{self, HubId};
use layerscope::tensor::Model;

use crate::server::{COMMIT, Content, Fault, FaultOf, REPO, Request, Server, sha256};
use crate::support::{Place, SHARDS, bytes, line, model};

/// Whether all of the model is in its place, and nothing but it.
fn is_whole(place: &Place) {
    let files = model();
    let names = [
        "config.json",
        "model.safetensors.index.json",
        SHARDS[0],
        SHARDS[1],
    ];
    for name in names {
        assert_eq!(
            fs::read(place.snapshot().join(name)).unwrap(),
            bytes(&files, name),
            "{name}"
        );
    }
    let blobs = place.blobs();
    assert_eq!(blobs.len(), names.len(), "{blobs:?}");
    assert!(
        blobs.iter().all(|(name, _)| !name.ends_with(".incomplete")),
        "{blobs:?}"
    );
    assert_eq!(
        fs::read_to_string(place.root().join("refs/main")).unwrap(),
        COMMIT
    );
}

/// Whether no part of the shard counts as it, and its commit is not noted as there.
fn has_no_shard(place: &Place) {
    assert!(!place.snapshot().join(SHARDS[0]).exists());
    assert!(!place.root().join("refs/main").exists());
    let blob = sha256(&bytes(&model(), SHARDS[0]));
    assert!(
        place.blobs().iter().all(|(name, _)| *name != blob),
        "{:?}",
        place.blobs()
    );
    let id = HubId::parse(REPO).unwrap();
    assert_eq!(hub::cached(&place.hub(), &id), None);
}

/// A server whose first shard goes wrong as `fault` says of the request.
fn server(fault: impl Fn(&Request) -> Fault + Send + Sync + 'static) -> Server {
    Server::new(model(), move |request| {
        if request.is_content(SHARDS[0]) {
            fault(request)
        } else {
            Fault::None
        }
    })
}

#[test]
fn the_cache_is_laid_out_as_pythons() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let listing = place.list(REPO).unwrap();
    let progress = Progress::default();
    assert_eq!(hub::missing(&place.hub(), &listing), listing.bytes());
    let folder = hub::download(&place.hub(), &listing, &progress).unwrap();
    assert_eq!(folder, place.snapshot());
    is_whole(&place);
    let now = progress.snapshot();
    assert_eq!((now.items_done, now.items_total), (4, 4));
    assert!((now.fraction - 1.0).abs() < 1e-6, "{now:?}");
    #[cfg(unix)]
    {
        let link = fs::read_link(place.snapshot().join(SHARDS[0])).unwrap();
        let blob = sha256(&bytes(&model(), SHARDS[0]));
        assert_eq!(link, std::path::Path::new("../../blobs").join(blob));
    }
    assert_eq!(hub::missing(&place.hub(), &listing), 0);
    let opened = Model::open(&folder).unwrap();
    assert_eq!(opened.slug, "org-tiny");
    assert_eq!(opened.warnings, [""; 0]);
}

#[test]
fn what_is_there_is_not_fetched_again() {
    let server = Server::good(model());
    let place = Place::new(&server);
    place.download().unwrap();
    let asked = server.content("").len();
    place.download().unwrap();
    assert_eq!(server.content("").len(), asked);
    // The links of another commit are gone; the contents are there.
    fs::remove_dir_all(place.root().join("snapshots")).unwrap();
    place.download().unwrap();
    assert_eq!(server.content("").len(), asked);
    is_whole(&place);
}

#[test]
fn a_connection_that_breaks_off_is_taken_up_where_it_ended() {
    let server = server(|request| match request.earlier {
        0 => Fault::CutAfter(100_000),
        1 => Fault::StallAfter(50_000),
        _ => Fault::None,
    });
    let place = Place::new(&server);
    place.download().unwrap();
    is_whole(&place);
    let starts: Vec<u64> = server
        .content(SHARDS[0])
        .iter()
        .map(|request| request.range.map_or(0, |(first, _)| first))
        .collect();
    assert_eq!(starts, [0, 100_000, 150_000]);
}

#[test]
fn a_download_given_up_goes_on_the_next_time() {
    let cut = server(|request| match request.earlier {
        0 => Fault::CutAfter(120_000),
        _ => Fault::CutAfter(0),
    });
    let mut place = Place::new(&cut);
    let broken = line(place.download());
    assert!(
        broken.contains("broke off again and again, after 120000 of"),
        "{broken}"
    );
    assert!(
        broken.contains("another try goes on where this one stopped"),
        "{broken}"
    );
    has_no_shard(&place);
    drop(cut);
    let good = Server::good(model());
    place.settings.endpoint.clone_from(&good.endpoint);
    let listing = place.list(REPO).unwrap();
    let missing = hub::missing(&place.hub(), &listing);
    assert!(
        missing < listing.bytes() - 120_000,
        "what has arrived counts"
    );
    place.download().unwrap();
    is_whole(&place);
    assert_eq!(good.content(SHARDS[0])[0].range.unwrap().0, 120_000);
}

#[test]
fn a_damaged_part_of_an_earlier_try_is_fetched_anew() {
    let good = Server::good(model());
    let place = Place::new(&good);
    let content = bytes(&model(), SHARDS[0]);
    let blobs = place.root().join("blobs");
    fs::create_dir_all(&blobs).unwrap();
    let part = blobs.join(format!("{}.incomplete", sha256(&content)));
    fs::write(&part, vec![7; 1000]).unwrap();
    place.download().unwrap();
    is_whole(&place);
    // Longer than the whole, it cannot be the beginning of it.
    fs::remove_dir_all(place.root()).unwrap();
    fs::create_dir_all(&blobs).unwrap();
    fs::write(&part, vec![7; content.len() + 1]).unwrap();
    place.download().unwrap();
    is_whole(&place);
}

#[test]
fn nothing_damaged_is_kept() {
    let total = bytes(&model(), SHARDS[0]).len() as u64;
    let cases: [(&str, FaultOf, &str); 8] = [
        (
            "damaged",
            |_| Fault::Damaged,
            "arrived damaged: its SHA-256 is not",
        ),
        (
            "short",
            |_| Fault::Shorter(1000),
            "bytes, and the server has",
        ),
        (
            "error page",
            |_| Fault::Body("<html>Sorry</html>"),
            "and the server has 18",
        ),
        ("cut", |_| Fault::CutAfter(0), "broke off again and again"),
        (
            "lying length",
            |_| Fault::LongerThanItIs(9),
            "bytes, and the server has",
        ),
        (
            "stalled",
            |_| Fault::StallAfter(0),
            "nothing came from the hub for 0.5 s",
        ),
        (
            "failing",
            |_| Fault::Status(500, Vec::new()),
            "fails (status 500)",
        ),
        (
            "gone",
            |_| Fault::Status(404, Vec::new()),
            "holds no file model-00001",
        ),
    ];
    for (name, fault, expected) in cases {
        let server = server(fault);
        let place = Place::new(&server);
        let line = line(place.download());
        assert!(
            line.starts_with("org/tiny: ") && line.contains(expected),
            "{name}: {line}"
        );
        has_no_shard(&place);
        let asked = server.content(SHARDS[0]).len();
        assert!(asked <= 4, "{name}: asked {asked} times");
        // Where nothing arrived nothing is left.
        let left = place
            .blobs()
            .into_iter()
            .find(|(name, _)| name.ends_with(".incomplete"));
        assert_eq!(left, None, "{name} of {total} bytes");
    }
}

#[test]
fn a_refusal_of_the_files_alone_is_told() {
    let gated = |request: &Request| {
        if request.target.contains("/resolve/") {
            Fault::Status(403, vec![("x-error-code", "GatedRepo")])
        } else {
            Fault::None
        }
    };
    let server = Server::new(model(), gated);
    let place = Place::new(&server);
    let refused = line(place.list(REPO));
    assert!(refused.contains("is gated: its owner asks"), "{refused}");
}

#[test]
fn without_a_hash_the_header_tells_a_weight_file() {
    let mut files = model();
    for file in &mut files {
        file.large = false;
        if file.name == SHARDS[0] {
            file.bytes = vec![b'x'; 4000];
        }
    }
    let server = Server::good(files);
    let place = Place::new(&server);
    let line = line(place.download());
    assert!(
        line.contains("is no safetensors file: its header reaches past its end"),
        "{line}"
    );
    assert!(!place.snapshot().join(SHARDS[0]).exists());
}

#[test]
fn a_server_without_ranges_can_still_be_downloaded_from_the_start() {
    let server = server(|_| Fault::Whole);
    let place = Place::new(&server);
    place.download().unwrap();
    is_whole(&place);
}

#[test]
fn a_slow_connection_is_no_stalled_one() {
    let server = server(|_| Fault::Slow(2_000));
    let place = Place::new(&server);
    let begun = Instant::now();
    place.download().unwrap();
    is_whole(&place);
    let stall = place.settings.patience.stall;
    assert!(begun.elapsed() > stall, "slower than the wait for one byte");
}

#[test]
fn canceled_it_keeps_what_has_arrived() {
    let server = server(|request| match request.earlier {
        0 => Fault::Slow(1_000),
        _ => Fault::None,
    });
    let place = Place::new(&server);
    let listing = place.list(REPO).unwrap();
    let progress = Progress::default();
    let handle = progress.clone();
    let canceler = std::thread::spawn(move || {
        while handle.snapshot().fraction < 0.1 {
            std::thread::sleep(Duration::from_millis(2));
        }
        handle.cancel();
    });
    let result = hub::download(&place.hub(), &listing, &progress);
    canceler.join().unwrap();
    assert!(result.unwrap_err().is_canceled());
    has_no_shard(&place);
    let part = place
        .blobs()
        .into_iter()
        .find(|(name, _)| name.ends_with(".incomplete"));
    let (_, arrived) = part.unwrap();
    assert!(arrived > 0);
    place.download().unwrap();
    is_whole(&place);
    assert_eq!(server.content(SHARDS[0])[1].range.unwrap().0, arrived);
}

#[test]
fn two_at_once_fetch_each_file_once() {
    let server = server(|_| Fault::Slow(20_000));
    let place = Place::new(&server);
    std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| place.download().unwrap()));
        for thread in both {
            thread.join().unwrap();
        }
    });
    is_whole(&place);
    assert_eq!(server.content(SHARDS[0]).len(), 1);
}

#[test]
fn no_name_in_a_listing_leaves_the_cache() {
    let outside = |name: &str| {
        let mut files = model();
        files.push(Content {
            name: name.to_owned(),
            bytes: b"evil".to_vec(),
            large: true,
        });
        let server = Server::good(files);
        let place = Place::new(&server);
        let got = place.download();
        let asked = server.content("evil.safetensors").len();
        let beside: Vec<_> = fs::read_dir(place.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name != "hub")
            .collect();
        assert_eq!((asked, beside.len()), (0, 0), "{name}: {beside:?}");
        got.map(|_| ())
    };
    for name in [
        "../evil.safetensors",
        "../../../../evil.safetensors",
        "/evil.safetensors",
    ] {
        // Another folder's files are none of the model's.
        outside(name).unwrap();
    }
    // Where `\\` is no letter of a name but leads to another folder.
    let mut files = model();
    files.retain(|file| !file.name.starts_with("model"));
    files.push(Content {
        name: "model..\\..\\evil.safetensors".to_owned(),
        bytes: b"evil".to_vec(),
        large: true,
    });
    let server = Server::good(files);
    let refused = line(Place::new(&server).download());
    assert!(refused.contains("evil.safetensors"), "{refused}");
    assert_eq!(server.content("evil.safetensors").len(), 0);
}
