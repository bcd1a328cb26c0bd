//! `compare` and `figure runs`.

use std::path::{Path, PathBuf};

use crate::{error_line, layerscope, run};

/// Two runs in JSON lines: full fine-tuning of 10 minutes, and Spectrum of 5.
fn logs(folder: &Path) -> [PathBuf; 2] {
    [("full", 2.0, 600.0), ("spectrum-25", 2.5, 300.0)].map(|(name, loss, seconds)| {
        let path = folder.join(format!("{name}.jsonl"));
        let line = |row: u32| {
            let done = f64::from(row) / 4.0;
            format!(
                "{{\"step\": {}, \"loss\": {}, \"eval_loss\": {}, \"relative_time\": {}, \
                 \"rss_bytes\": 4294967296}}\n",
                row * 10,
                3.0 - done,
                loss + 1.0 - done,
                done * seconds
            )
        };
        let text: String = (0..5).map(line).collect();
        std::fs::write(&path, text).expect("is written");
        path
    })
}

#[test]
fn the_table_has_the_keys_that_programs_read() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let logs = logs(folder.path());
    let (code, stdout, stderr) = run(layerscope().arg("compare").args(&logs).arg("--json"));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let document: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(document["baseline"], "full");
    let runs = document["runs"].as_array().expect("a list");
    let keys: Vec<&str> = runs[0]
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let mut wanted = [
        "name",
        "loss_key",
        "last_loss",
        "best_loss",
        "loss_difference_percent",
        "minutes",
        "time_improvement_percent",
        "gpu_memory_avg_gb",
        "gpu_memory_peak_gb",
        "cpu_memory_avg_gib",
        "cpu_memory_peak_gib",
        "warnings",
    ];
    wanted.sort_unstable();
    let mut sorted = keys;
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    assert_eq!(runs[1]["name"], "spectrum-25");
    assert_eq!(runs[1]["loss_key"], "eval_loss");
    assert_eq!(runs[1]["loss_difference_percent"], 25.0);
    assert_eq!(runs[1]["time_improvement_percent"], 50.0);
    assert_eq!(runs[1]["cpu_memory_peak_gib"], 4.0);
    assert!(runs[0]["loss_difference_percent"].is_null());
}

#[test]
fn the_formats_are_chosen_by_option_or_by_the_files_name() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let logs = logs(folder.path());
    let (code, text, _) = run(layerscope().arg("compare").args(&logs));
    assert_eq!(code, 0);
    assert!(
        text.ends_with("\nbaseline: full; loss: eval_loss\n"),
        "{text}"
    );
    for (ending, option, begin) in [
        ("md", "md", "| Run "),
        ("tex", "latex", "% \\usepackage{booktabs}"),
        ("csv", "csv", "Run,"),
        ("json", "json", "{\n"),
    ] {
        let path = folder.path().join(format!("table.{ending}"));
        let ended = run(layerscope().arg("compare").args(&logs).arg("-o").arg(&path));
        assert_eq!(ended, (0, String::new(), String::new()), "{ending}");
        let written = std::fs::read_to_string(&path).expect("is written");
        assert!(written.starts_with(begin), "{written}");
        let printed = run(layerscope()
            .arg("compare")
            .args(&logs)
            .args(["--format", option]));
        assert_eq!(printed.1, written);
    }
}

#[test]
fn names_and_the_baseline_are_taken_from_the_arguments() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let [full, spectrum] = logs(folder.path());
    let named = |name: &str, path: &Path| format!("{name}={}", path.display());
    let (code, stdout, _) = run(layerscope()
        .arg("compare")
        .arg(named("all, of it", &full))
        .arg(named("some", &spectrum))
        .args(["--baseline", "some", "--format", "csv"]));
    assert_eq!(code, 0);
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(
        lines[1].starts_with("\"all, of it\",") && lines[1].contains(",-20,"),
        "{stdout}"
    );
    assert!(lines[2].starts_with("some,"), "{stdout}");
}

#[test]
fn what_cannot_be_compared_is_one_line() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let [full, _] = logs(folder.path());
    let line = error_line(
        layerscope()
            .arg("compare")
            .arg(&full)
            .args(["--baseline", "x"]),
    );
    assert!(
        line.contains("--baseline x: is no run here; there are full"),
        "{line}"
    );
    let line = error_line(layerscope().arg("compare").arg(&full).args(["--loss", "x"]));
    assert!(line.contains("logged are eval_loss, loss"), "{line}");
    let line = error_line(layerscope().args(["compare", "no/such.csv"]));
    assert!(
        line.starts_with("error: no/such.csv: cannot open the file"),
        "{line}"
    );
    let line = error_line(
        layerscope()
            .args(["figure", "runs"])
            .arg(&full)
            .args(["--metric", "gpu-memory"]),
    );
    assert!(
        line.contains("no run has it") && line.contains("eval_loss"),
        "{line}"
    );
    let line = error_line(
        layerscope()
            .args(["figure", "runs"])
            .arg(&full)
            .args(["--metric", "published"]),
    );
    assert!(line.contains("-o FILE"), "{line}");
    let (code, ..) = run(layerscope().arg("compare"));
    assert_eq!(code, 2);
    for wrong in ["--smoothing=2", "--x=sideways", "--text=1"] {
        let (code, ..) = run(layerscope().args(["figure", "runs"]).arg(&full).arg(wrong));
        assert_eq!(code, 2, "{wrong}");
    }
}

#[test]
fn figures_of_runs_are_drawn() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let logs = logs(folder.path());
    for (name, arguments) in [
        ("a.svg", "--metric eval-loss --x step"),
        (
            "b.svg",
            "--metric rss_bytes --x relative --form step --unit gib --break-axis",
        ),
        ("c.svg", "--metric loss-minutes"),
        (
            "d.png",
            "--x completion --talk --dark --scale 1 --smoothing 0.6",
        ),
    ] {
        let path = folder.path().join(name);
        let ended = run(layerscope()
            .args(["figure", "runs"])
            .args(&logs)
            .args(arguments.split(' '))
            .arg("-o")
            .arg(&path));
        assert_eq!(ended, (0, String::new(), String::new()), "{name}");
        let bytes = std::fs::read(&path).expect("is written");
        if name == "d.png" {
            assert_eq!(bytes[16..20], 960_u32.to_be_bytes(), "the width");
        } else {
            let text = String::from_utf8(bytes).expect("is text");
            assert!(text.contains(">spectrum-25</text>"), "{text}");
        }
    }
}

#[test]
fn all_figures_come_in_one_go_with_the_table_beside_them() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let logs = logs(folder.path());
    let path = folder.path().join("paper.svg");
    let mut draw = layerscope();
    draw.args(["figure", "runs"]).args(&logs);
    draw.args(["--metric", "published", "-o"]).arg(&path);
    assert_eq!(run(&mut draw), (0, String::new(), String::new()));
    for name in [
        "paper-cpu-memory.svg",
        "paper-loss.svg",
        "paper-loss-memory.svg",
        "paper-loss-minutes.svg",
        "paper-table.csv",
        "paper-table.tex",
    ] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    assert!(!folder.path().join("paper-gpu-memory.svg").exists());
}

#[test]
fn the_sample_stands_for_its_runs() {
    let (code, stdout, stderr) = run(layerscope().args(["compare", "sample", "--json"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let document: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(document["baseline"], "Full fine-tuning");
    let losses = document["runs"].as_array().expect("a list").iter();
    let losses: Vec<f64> = losses
        .map(|run| run["last_loss"].as_f64().expect("a number"))
        .collect();
    // Full fine-tuning, Spectrum 50, 25 and 10 %, LoRA: ../shared/data/runs/README.md.
    let wanted = [2.7521, 2.8724, 2.9832, 3.1200, 2.9366];
    assert_eq!(losses.len(), wanted.len());
    for (loss, wanted) in losses.iter().zip(wanted) {
        assert!((loss - wanted).abs() < 5e-5, "{loss} {wanted}");
    }
    let (code, stdout, stderr) = run(layerscope().args(["figure", "runs", "sample"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains(">Full fine-tuning</text>"), "{stdout}");
}

#[test]
fn several_logs_of_one_name_are_one_run() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let [full, _] = logs(folder.path());
    let memory = folder.path().join("memory.txt");
    std::fs::write(
        &memory,
        "# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)\n\
         \u{20}      0.000       90.0     1024.0     4096.0\n\
         \u{20}    300.000       90.0     2048.0     4096.0\n\
         \u{20}    600.000       90.0     1024.0     4096.0\n",
    )
    .expect("is written");
    let named = |path: &Path| format!("both={}", path.display());
    let (code, stdout, _) = run(layerscope()
        .arg("compare")
        .args([named(&full), named(&memory)])
        .arg("--json"));
    assert_eq!(code, 0);
    let document: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    let runs = document["runs"].as_array().expect("a list");
    assert_eq!(runs.len(), 1, "{stdout}");
    assert_eq!(runs[0]["last_loss"], 2.0);
    assert!(runs[0]["cpu_memory_peak_gib"].is_number(), "{stdout}");
}
