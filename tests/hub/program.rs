//! The program as a person at a terminal meets it: `scan org/name`, with and without `--remote`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::server::{Fault, REPO, Server, sha256};
use crate::support::{Place, SHARDS, bytes, local, model};

fn layerscope(place: &Place, server: &Server, out: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("layerscope"));
    let folder = place.folder.path().join(out);
    fs::create_dir_all(&folder).unwrap();
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("HF_") || name.to_ascii_lowercase().ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("HF_ENDPOINT", &server.endpoint)
        .env("HF_HOME", place.folder.path())
        .env("HF_TOKEN", "hf_secret")
        .args(arguments);
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    for text in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(text).contains("secret"));
    }
    output
}

fn good(command: &mut Command) -> String {
    let output = run(command);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap() + &errors
}

/// The files that a scan leaves, in the folder `out`.
fn files(place: &Place, out: &str) -> Vec<Vec<u8>> {
    let out = place.folder.path().join(out);
    [
        "model_snr_results/snr_results_org-tiny.json",
        "model_snr_results/snr_results_org-tiny.spectra.safetensors",
        "snr_results_org-tiny_sorted.json",
    ]
    .map(|name| fs::read(out.join(name)).expect(name))
    .to_vec()
}

#[test]
fn downloaded_remote_and_local_give_the_same_files() {
    let server = Server::good(model());
    let place = Place::new(&server);
    local(&place.folder.path().join("local"));
    good(&mut layerscope(
        &place,
        &server,
        "local",
        &["scan", "tiny", "--name", REPO],
    ));
    let told = good(&mut layerscope(
        &place,
        &server,
        "remote",
        &["scan", REPO, "--remote"],
    ));
    assert!(!told.contains("downloading"), "{told}");
    assert!(!place.root().exists(), "nothing is kept of it");
    let left: Vec<_> = fs::read_dir(place.folder.path().join("remote"))
        .unwrap()
        .collect();
    assert_eq!(
        left.len(),
        2,
        "the results, in a folder and sorted: {left:?}"
    );
    let told = good(&mut layerscope(&place, &server, "down", &["scan", REPO]));
    assert!(
        told.contains("downloading ") && told.contains("of org/tiny into"),
        "{told}"
    );
    let [near, far, down] = ["local", "remote", "down"].map(|out| files(&place, out));
    assert!(near == far, "as from a folder");
    // The spectra name the folder that was scanned, which in the cache is the commit's.
    assert!(near[0] == down[0] && near[2] == down[2], "as from a folder");
    assert!(
        near[1].ends_with(&down[1][down[1].len() - 3000..]),
        "the same values"
    );
    // A second scan of either kind takes what is there.
    for (out, arguments) in [
        ("down", &["scan", REPO][..]),
        ("remote", &["scan", REPO, "--remote"]),
    ] {
        let told = good(&mut layerscope(&place, &server, out, arguments));
        assert!(told.contains("holds the results already"), "{told}");
    }
}

#[test]
fn the_types_of_a_model_cost_its_headers_only() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let types = good(&mut layerscope(&place, &server, "here", &["types", REPO]));
    assert!(
        types.contains("mlp.down_proj") && types.contains("96×160"),
        "{types}"
    );
    assert_eq!(server.content(".safetensors").len(), 2);
    // From the cache it costs nothing.
    place.download().unwrap();
    let asked = server.requests().len();
    let cached = good(&mut layerscope(&place, &server, "here", &["types", REPO]));
    assert_eq!(cached, types);
    assert_eq!(server.requests().len(), asked);
}

#[test]
fn one_module_is_inspected_without_the_rest() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let module = "model.layers.1.mlp.up_proj";
    let shown = good(&mut layerscope(
        &place,
        &server,
        "here",
        &["inspect", REPO, module],
    ));
    assert!(shown.contains("mlp.up_proj"), "{shown}");
    assert!(
        server.content(SHARDS[0]).len() <= 1,
        "only the header of the other shard"
    );
}

#[test]
fn what_is_neither_here_nor_there_is_one_line() {
    let server = Server::good(model());
    let place = Place::new(&server);
    let line = |arguments: &[&str]| {
        let output = run(&mut layerscope(&place, &server, "here", arguments));
        let line = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(
            line.starts_with("error: ") && line.lines().count() == 1,
            "{line}"
        );
        line
    };
    let unknown = line(&["scan", "org/other"]);
    assert!(
        unknown.contains("org/other: ") && unknown.contains("no such model"),
        "{unknown}"
    );
    let neither = line(&["scan", "other"]);
    assert!(
        neither.contains("no such folder or file") && neither.contains("org/name"),
        "{neither}"
    );
    local(&place.folder.path().join("here"));
    let both = line(&["scan", "tiny", "--remote"]);
    assert!(
        both.contains("is on this machine; leave out --remote"),
        "{both}"
    );
}

#[test]
fn offline_a_cached_model_is_scanned_with_a_word_about_it() {
    let server = Server::good(model());
    let place = Place::new(&server);
    place.download().unwrap();
    let mut command = layerscope(&place, &server, "here", &["scan", REPO]);
    let told = good(command.env("HF_HUB_OFFLINE", "1"));
    assert!(
        told.contains("warning: HF_HUB_OFFLINE is set; the cache has org/tiny"),
        "{told}"
    );
    assert_eq!(files(&place, "here").len(), 3);
}

#[cfg(unix)]
#[test]
fn interrupted_it_keeps_what_has_arrived_and_goes_on() {
    let server = Server::new(model(), |request| {
        if request.is_content(SHARDS[0]) && request.earlier == 0 {
            Fault::Slow(500)
        } else {
            Fault::None
        }
    });
    let place = Place::new(&server);
    let mut command = layerscope(&place, &server, "here", &["scan", REPO]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let shard = format!("{}.incomplete", sha256(&bytes(&model(), SHARDS[0])));
    let incomplete = || {
        let blobs = place.blobs().into_iter();
        blobs
            .filter(|(name, _)| *name == shard)
            .map(|(_, length)| length)
            .sum::<u64>()
    };
    for _ in 0..2000 {
        if incomplete() > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("what has arrived is kept"), "{errors}");
    let arrived = incomplete();
    assert!(arrived > 0);
    good(&mut layerscope(&place, &server, "here", &["scan", REPO]));
    assert_eq!(server.content(SHARDS[0])[1].range.unwrap().0, arrived);
    assert!(Path::new(&place.snapshot().join(SHARDS[0])).exists());
}
