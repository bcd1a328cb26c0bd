//! `figure`.

use crate::{error_line, layerscope, results, run};

#[test]
fn every_figure_of_the_sample_is_drawn() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (name, arguments) in [
        ("h.svg", "heatmap sample --top-percent 25"),
        (
            "s.svg",
            "spectrum sample model.layers.3.mlp.up_proj --of lambda --log-x --bins 40",
        ),
        (
            "o.svg",
            "spectrum sample model.layers.[0-2].mlp.up_proj --method ks --dark",
        ),
        (
            "t.svg",
            "spectrum sample model.layers.3.mlp.up_proj.weight --view tail",
        ),
        (
            "w.PNG",
            "waterfall sample self_attn.v_proj --width 400 --scale 1",
        ),
    ] {
        let path = folder.path().join(name);
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let ended = run(layerscope()
            .arg("figure")
            .args(&arguments)
            .arg("-o")
            .arg(&path));
        assert_eq!(ended, (0, String::new(), String::new()), "{name}");
        let bytes = std::fs::read(&path).expect("is written");
        if name == "w.PNG" {
            assert!(bytes.starts_with(b"\x89PNG\r\n"));
            assert_eq!(bytes[16..20], 400_u32.to_be_bytes(), "the width");
        } else {
            assert!(bytes.starts_with(b"<?xml"), "{name}");
        }
    }
}

#[test]
fn without_a_file_the_svg_is_printed() {
    let (code, stdout, stderr) = run(layerscope().args(["figure", "heatmap", "sample"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("<svg") && stdout.ends_with("</svg>\n"));
}

#[test]
fn a_file_with_other_content_stays_unless_forced() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("mine.svg");
    std::fs::write(&path, "mine").expect("is written");
    let figure = || {
        let mut command = layerscope();
        command
            .args(["figure", "heatmap", "sample", "-o"])
            .arg(&path);
        command
    };
    assert!(error_line(&mut figure()).contains("is there already"));
    assert_eq!(std::fs::read(&path).expect("is there"), b"mine");
    assert_eq!(run(figure().arg("--force")).0, 0);
    assert_ne!(std::fs::read(&path).expect("is there"), b"mine");
}

#[test]
fn what_cannot_be_drawn_is_one_line_that_says_what_to_do() {
    let sample = |arguments: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        error_line(layerscope().arg("figure").args(arguments))
    };
    let line = sample("heatmap sample -o heat.jpg");
    assert!(
        line.contains("heat.jpg") && line.contains(".svg or .png"),
        "{line}"
    );
    let line = sample("waterfall sample mlp.*");
    assert!(line.contains("fits 3 layer types"), "{line}");
    let line = sample("spectrum sample model.layers.*.mlp.up_proj");
    assert!(
        line.contains("30 modules") && line.contains("waterfall"),
        "{line}"
    );
    let line = sample("spectrum sample model.layers.[01].mlp.up_proj --view energy");
    assert!(line.contains("shows one module"), "{line}");
    let line = error_line(
        layerscope()
            .args(["figure", "spectrum"])
            .arg(results())
            .arg("lm_head"),
    );
    assert!(line.contains("layerscope scan"), "{line}");
}

#[test]
fn sizes_that_cannot_be_are_wrong_usage() {
    for size in [
        "--width=10",
        "--width=wide",
        "--height=5",
        "--scale=0",
        "--bins=1",
        "--force",
    ] {
        let (code, ..) =
            run(layerscope().args(["figure", "waterfall", "sample", "mlp.up_proj", size]));
        assert_eq!(code, 2, "{size}");
    }
}

#[test]
fn results_held_against_themselves_have_not_changed() {
    let (code, stdout, stderr) =
        run(layerscope().args(["figure", "heatmap", "sample", "--against", "sample"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("Change of SNR") && stdout.contains("against SmolLM2"));
    let line = error_line(layerscope().args(["figure", "heatmap", "sample", "--mode", "change"]));
    assert!(line.contains("--against RESULTS"), "{line}");
}
