//! What is taken for a model of the hub, and what is not.

use layerscope::source::hub::HubId;

fn id(repo: &str, revision: Option<&str>, file: Option<&str>) -> HubId {
    HubId {
        repo: repo.to_owned(),
        revision: revision.map(str::to_owned),
        file: file.map(str::to_owned),
    }
}

#[test]
fn each_way_of_writing_an_id_is_read() {
    for (text, expected) in [
        ("org/name", id("org/name", None, None)),
        (" org/name/ ", id("org/name", None, None)),
        ("org/name@v1.0", id("org/name", Some("v1.0"), None)),
        (
            "org/name@refs/pr/1",
            id("org/name", Some("refs/pr/1"), None),
        ),
        (
            "org/na.me_1-x/sub/a.gguf@v2",
            id("org/na.me_1-x", Some("v2"), Some("sub/a.gguf")),
        ),
        ("hf://gpt2", id("gpt2", None, None)),
        ("hf://org/name@main", id("org/name", Some("main"), None)),
        (
            "https://huggingface.co/org/name",
            id("org/name", None, None),
        ),
        (
            "https://huggingface.co/org/name?x=1#y",
            id("org/name", None, None),
        ),
        (
            "https://hf.co/org/name/tree/v1",
            id("org/name", Some("v1"), None),
        ),
        (
            "https://huggingface.co/org/name/blob/main/a/b.safetensors",
            id("org/name", Some("main"), Some("a/b.safetensors")),
        ),
    ] {
        assert_eq!(HubId::parse(text).as_ref(), Some(&expected), "{text}");
        // As it is shown and kept, it is read again as the same.
        assert_eq!(HubId::parse(&expected.address()), Some(expected));
    }
}

#[test]
fn what_could_leave_its_folder_or_is_no_id_is_refused() {
    for text in [
        "",
        "gpt2",
        "results/snr_results_tiny.json",
        "models/tiny.GGUF",
        "/data/models/tiny",
        "./org/name",
        "../org/name",
        "~/models",
        "org/",
        "org//name",
        "org/..",
        "org/name@",
        "org/name@../../etc",
        "org/name@/etc",
        "org/name@a\\b",
        "org/name@a b",
        "org/name/../x",
        "org/na me",
        "-org/name",
        "org/name.",
        "org/na--me",
        "C:\\models\\tiny",
        "https://example.org/org/name",
        "https://huggingface.co/org/name/discussions/3",
    ] {
        assert_eq!(HubId::parse(text), None, "{text}");
    }
}
