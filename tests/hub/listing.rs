//! What is said of a model before anything of it is fetched; each way it cannot be had.

use std::time::{Duration, Instant};

use layerscope::progress::Progress;
use layerscope::source::hub::{Found, Hub, HubId, Listing, Token, find};

use crate::server::{COMMIT, Fault, REPO, Server};
use crate::support::{Place, SHARDS, line, model};

#[test]
fn the_files_of_the_model_are_listed_with_sizes_and_no_others() {
    let server = Server::good(model());
    let listing = Place::new(&server).list(REPO).unwrap();
    assert_eq!(listing.commit, COMMIT);
    let names: Vec<&str> = listing
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    let expected = [
        "config.json",
        "model.safetensors.index.json",
        SHARDS[0],
        SHARDS[1],
    ];
    assert_eq!(names, expected);
    let files = model();
    for file in &listing.files {
        let content = files
            .iter()
            .find(|content| content.name == file.name)
            .unwrap();
        assert_eq!(file.size, content.bytes.len() as u64);
        assert_eq!(file.sha256.is_some(), content.large);
    }
    assert_eq!(server.content("").len(), 0, "no weights were asked for");
}

#[test]
fn a_revision_with_a_slash_is_asked_for_as_one_part() {
    let server = Server::good(model());
    let place = Place::new(&server);
    assert_eq!(place.list("org/tiny@v1/new").unwrap().commit, COMMIT);
    let missing = line(place.list("org/tiny@v9"));
    assert!(
        missing.starts_with("org/tiny@v9: has no revision v9; "),
        "{missing}"
    );
}

/// The line for a server that answers the first question with that status.
fn refused(status: u16, headers: &[(&'static str, &'static str)], token: bool) -> String {
    let headers = headers.to_vec();
    let server = Server::new(model(), move |_| Fault::Status(status, headers.clone()));
    let mut place = Place::new(&server);
    place.settings.token = Token::new("hf_secret").filter(|_| token);
    let line = line(place.list(REPO));
    assert!(line.starts_with("org/tiny: "), "{line}");
    let tries = if status == 429 || status >= 500 { 3 } else { 1 };
    assert_eq!(server.requests().len(), tries, "{line}");
    line
}

#[test]
fn each_refusal_says_what_it_is_and_what_to_do() {
    let unknown = refused(404, &[("x-error-code", "RepoNotFound")], false);
    assert!(
        unknown.contains("no such model, or it is private; check the spelling (no folder"),
        "{unknown}"
    );
    assert!(unknown.contains("HF_TOKEN"), "{unknown}");
    // To strangers the hub says 401 of what is not there.
    let stranger = refused(401, &[], false);
    assert!(
        stranger.contains("no such model, or it is private"),
        "{stranger}"
    );
    let token = refused(401, &[], true);
    assert!(
        token.contains("does not accept the token") && token.contains("/settings/tokens"),
        "{token}"
    );
    let gated = refused(403, &[("x-error-code", "GatedRepo")], true);
    assert!(
        gated.contains("is gated") && gated.contains("/org/tiny with the account"),
        "{gated}"
    );
    let gated = refused(401, &[("x-error-code", "GatedRepo")], false);
    assert!(
        gated.contains("/org/tiny with your account, then put its token"),
        "{gated}"
    );
    let forbidden = refused(403, &[], true);
    assert!(
        forbidden.contains("refuses access (status 403)"),
        "{forbidden}"
    );
    let limited = refused(429, &[], false);
    assert!(
        limited.contains("too many requests (status 429)"),
        "{limited}"
    );
    let broken = refused(500, &[], false);
    assert!(broken.contains("the hub fails (status 500)"), "{broken}");
    let odd = refused(418, &[], false);
    assert!(odd.contains("status 418"), "{odd}");
}

#[test]
fn what_is_no_hub_is_told_from_one() {
    let server = Server::new(model(), |_| {
        Fault::Body("<html>Sign in to the hotel's network</html>")
    });
    let page = line(Place::new(&server).list(REPO));
    assert!(page.contains("the hub's answer cannot be read"), "{page}");
    let endless = Server::new(model(), |_| {
        Fault::Status(302, vec![("Location", "/again")])
    });
    let circles = line(Place::new(&endless).list(REPO));
    assert!(circles.contains("redirects in circles"), "{circles}");
}

#[test]
fn a_failing_hub_is_asked_again_and_its_wait_is_kept() {
    let server = Server::new(model(), |request| match request.earlier {
        0 => Fault::Status(503, Vec::new()),
        1 => Fault::Status(429, vec![("Retry-After", "1")]),
        _ => Fault::None,
    });
    let begun = Instant::now();
    Place::new(&server).list(REPO).unwrap();
    assert!(
        begun.elapsed() >= Duration::from_secs(1),
        "the hub asked for a second"
    );
}

#[test]
fn a_wait_too_long_is_told_and_not_waited_for() {
    let server = Server::new(model(), |_| {
        Fault::Status(429, vec![("Retry-After", "3600")])
    });
    let limited = line(Place::new(&server).list(REPO));
    assert!(limited.contains("try again in 3600 s"), "{limited}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_wait_can_be_canceled() {
    let server = Server::new(model(), |_| Fault::Status(429, vec![("Retry-After", "4")]));
    let place = Place::new(&server);
    let progress = Progress::default();
    let handle = progress.clone();
    let canceler = std::thread::spawn(move || {
        while handle.snapshot().label.is_empty() || !handle.snapshot().label.contains("wait 4 s") {
            std::thread::sleep(Duration::from_millis(5));
        }
        handle.cancel();
    });
    let result = Listing::of(&place.hub(), &HubId::parse(REPO).unwrap(), &progress);
    canceler.join().unwrap();
    assert!(result.unwrap_err().is_canceled());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_silent_hub_can_be_canceled() {
    let server = Server::new(model(), |_| Fault::StallAfter(0));
    let mut place = Place::new(&server);
    place.settings.patience.stall = Duration::from_secs(25);
    let progress = Progress::default();
    let handle = progress.clone();
    let canceler = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        handle.cancel();
    });
    let result = Listing::of(&place.hub(), &HubId::parse(REPO).unwrap(), &progress);
    canceler.join().unwrap();
    assert!(result.unwrap_err().is_canceled());
}

#[test]
fn the_token_goes_to_the_hub_and_nowhere_else() {
    let server = Server::good(model());
    let mut place = Place::new(&server);
    place.settings.token = Token::new("hf_secret");
    place.download().unwrap();
    let (store, hub): (Vec<_>, Vec<_>) = server
        .requests()
        .into_iter()
        .partition(|request| request.store);
    let bearer = Some("Bearer hf_secret");
    assert!(
        !hub.is_empty()
            && hub
                .iter()
                .all(|request| request.authorization.as_deref() == bearer)
    );
    assert!(!store.is_empty() && store.iter().all(|request| request.authorization.is_none()));
}

#[test]
fn without_a_network_only_the_cache_is_asked() {
    let server = Server::good(model());
    let mut place = Place::new(&server);
    let id = HubId::parse(REPO).unwrap();
    let find = |place: &Place| find(&place.hub(), &id, &Progress::default());
    place.settings.offline = true;
    let absent = line(find(&place));
    assert!(
        absent.contains("is not in the cache, and HF_HUB_OFFLINE"),
        "{absent}"
    );
    assert!(server.requests().is_empty());
    place.settings.offline = false;
    let downloaded = place.download().unwrap();
    let asked = server.requests().len();
    place.settings.offline = true;
    let Ok(Found::Cached(cached, why)) = find(&place) else {
        panic!("is in the cache")
    };
    assert_eq!(
        (cached, why.as_str()),
        (downloaded.clone(), "HF_HUB_OFFLINE is set")
    );
    assert_eq!(server.requests().len(), asked);
    // Nobody listens there any more.
    place.settings.offline = false;
    drop(server);
    let Ok(Found::Cached(cached, why)) = find(&place) else {
        panic!("is in the cache")
    };
    assert_eq!(cached, downloaded);
    assert!(why.contains("cannot be reached"), "{why}");
    // One shard less is no model.
    std::fs::remove_file(place.snapshot().join(SHARDS[1])).unwrap();
    let gone = line(find(&place));
    assert!(gone.contains("cannot be reached"), "{gone}");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for endpoint in ["huggingface.co", "ftp://127.0.0.1", "data:x"] {
        let settings = layerscope::source::hub::Settings::new(endpoint, std::path::Path::new("x"));
        let refused = line(Hub::new(settings));
        assert!(refused.contains("HF_ENDPOINT"), "{refused}");
    }
}
