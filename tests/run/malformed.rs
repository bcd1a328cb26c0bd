//! The malformed twin of each layout: counted where a row is bad, refused with a place and a
//! cause where the file is.

use layerscope::run::{Metric, Run};

use crate::support::{fixture, refused, run, runs, written};

/// The fixture with one text replaced, read.
fn changed(name: &str, from: &str, to: &str) -> Run {
    let text = std::fs::read_to_string(fixture(name)).expect("a fixture");
    assert!(text.contains(from), "{from} is not in {name}");
    let (_folder, path) = written(name, text.replacen(from, to, 1));
    run(&path)
}

fn the_bad_row(run: &Run) -> (u64, &str) {
    let source = &run.sources[0];
    assert_eq!((source.bad_rows, source.bad.len()), (1, 1), "{source:?}");
    assert!(
        run.warnings
            .iter()
            .any(|line| line.contains("could not be read"))
    );
    (source.bad[0].line, source.bad[0].problem.as_str())
}

#[test]
fn tensorboard_csv() {
    let text = "Wall time,Step,Value\n1654943296.2,0,59.31\n1654943297.2,1\n1654943298.2,2,58.0\n";
    let (_folder, path) = written("run-x-tag-loss.csv", text);
    let run = run(&path);
    assert_eq!(the_bad_row(&run), (3, "has 2 cells of 3"));
    assert_eq!(run.series[0].values, [59.31, 58.0]);
}

#[test]
fn tensorboard_json() {
    let run = changed(
        "run-full-tag-eval_loss.json",
        "[1795434274.788, 10, 3.163715809583664]",
        "[10]",
    );
    assert_eq!(
        the_bad_row(&run).1,
        "entry 2 is not [wall time, step, value]"
    );
    assert_eq!(run.series[0].len(), 3);
    let (_folder, path) = written("x.json", "[[1, 2, 3], [1, 2,, 3]]");
    let error = refused(&path);
    assert!(error.contains("line 1 column 19"), "{error}");
}

#[test]
fn wandb_chart() {
    let run = &runs_of(
        "wandb_relative_time.csv",
        "\"3.269\",\"3.269\"",
        "\"oops\",\"3.269\"",
    )[0];
    assert_eq!(
        the_bad_row(run),
        (4, "“brisk-pond-1 - train/loss”: “oops” is not a number")
    );
    assert_eq!(run.series[0].values, [3.108]);
}

fn runs_of(name: &str, from: &str, to: &str) -> Vec<Run> {
    let text = std::fs::read_to_string(fixture(name)).expect("a fixture");
    let (_folder, path) = written(name, text.replacen(from, to, 1));
    runs(&path)
}

#[test]
fn wandb_history() {
    let run = changed("wandb_history.csv", "1,1,1.5", "1,one,1.5");
    assert_eq!(the_bad_row(&run), (3, "“_step”: “one” is not a place"));
    assert_eq!(run.series_of(Metric::CpuMemory).expect("memory").len(), 2);
}

#[test]
fn mlflow() {
    let run = changed("mlflow_system.csv", "10,1.4,loss", "10,low,loss");
    assert_eq!(the_bad_row(&run), (3, "“value”: “low” is not a number"));
}

#[test]
fn trainer_state_cut_short_keeps_what_is_there() {
    let text = std::fs::read_to_string(fixture("trainer_state.json")).expect("a fixture");
    let cut = text.find("\"epoch\": 0.96").expect("the place");
    let (_folder, path) = written("trainer_state.json", &text[..cut]);
    let run = run(&path);
    assert_eq!(
        run.series_of(Metric::TrainLoss).expect("a loss").axis.steps,
        [50.0, 100.0]
    );
    assert!(
        run.warnings[0].contains("ends in the middle, at line 10: its first 4 entries are here"),
        "{:?}",
        run.warnings
    );
    let cut = text.find("{\"epoch\"").expect("the place");
    let (_folder, path) = written("trainer_state.json", &text[..cut]);
    let error = refused(&path);
    assert!(error.contains("cut short"), "{error}");
}

#[test]
fn trainer_state_broken_inside() {
    let text = std::fs::read_to_string(fixture("trainer_state.json")).expect("a fixture");
    let (_folder, path) = written(
        "trainer_state.json",
        text.replacen("\"loss\": 1.1", "\"loss\" 1.1", 1),
    );
    let error = refused(&path);
    assert!(error.contains("line 10 column 50: expected `:`"), "{error}");
    let (_folder, path) = written("trainer_state.json", "{\"log_history\": 3}");
    let error = refused(&path);
    assert!(error.contains("expected a list of entries"), "{error}");
}

#[test]
fn json_lines() {
    let text = "{\"step\": 1, \"loss\": 2.0}\n{\"step\": 2, \"loss\": }\n[1, 2]\n\n{\"step\": 3, \"loss\": 1.5}\n{\"step\": 4, \"lo";
    let (_folder, path) = written("x.jsonl", text);
    let run = run(&path);
    let bad: Vec<(u64, &str)> = run.sources[0]
        .bad
        .iter()
        .map(|bad| (bad.line, bad.problem.as_str()))
        .collect();
    assert_eq!(
        bad,
        [
            (
                2,
                "expected value (column 21): “{\\\"step\\\": 2, \\\"loss\\\": }”"
            ),
            (
                3,
                "invalid type: sequence, expected an object (column 0): “[1, 2]”"
            ),
            (6, "is not finished: “{\\\"step\\\": 4, \\\"lo”"),
        ]
    );
    assert_eq!(run.series[0].values, [2.0, 1.5]);
    assert_eq!((run.sources[0].rows, run.sources[0].bad_rows), (5, 3));
}

#[test]
fn nvidia_smi() {
    let run = changed("nvidia-smi.csv", "2025/05/22 09:42:38.590", "later");
    assert_eq!(
        the_bad_row(&run),
        (4, "“timestamp”: “later” is not a place")
    );
}

#[test]
fn psrecord() {
    let run = changed("psrecord.txt", "3131.188", "3131.188 99");
    assert_eq!(the_bad_row(&run), (3, "has 5 cells, 4 are named"));
}

#[test]
fn dstat() {
    let run = changed("dstat.csv", "22-05 09:42:34,", "not responding,");
    assert_eq!(
        the_bad_row(&run),
        (9, "“time”: “not responding” is not a place")
    );
}

#[test]
fn tables() {
    let error = refused(&fixture("."));
    assert!(error.contains("is a folder"), "{error}");
    for (name, content, expected) in [
        ("empty.csv", &b""[..], "is empty"),
        ("blank.csv", b" \n \n", "is empty"),
        ("binary.csv", b"a,b\0c\n1,2\n", "is not text"),
        (
            "events.out.tfevents.1.host",
            b"\x18\0\0\0",
            "no row with a value",
        ),
        (
            "events.out.tfevents.2.host",
            b"no event file at all",
            "first record is damaged",
        ),
        (
            "prose.txt",
            b"It was the best of times.\nIt was the worst\nof all of the times.\n",
            "no loss, no memory and no table",
        ),
        ("header.csv", b"step,loss\n", "has a header and no rows"),
        ("names.csv", b"name,color\na,red\nb,blue\n", "few numbers"),
        (
            "config.json",
            b"{\"hidden_size\": 576}",
            "is JSON with no loss",
        ),
        ("list.json", b"[1, 2, 3]", "is JSON with no loss"),
        (
            "wandb.csv",
            b"\"Step\",\"a - loss\"\n\"1\",\"\"\n\"2\",\"\"\n",
            "has no row with a value",
        ),
    ] {
        let (_folder, path) = written(name, content);
        let error = refused(&path);
        assert!(error.contains(expected), "{name}: {error}");
        assert!(error.contains(name), "{error}");
    }
    let (_folder, path) = written("here.csv", "");
    let error = refused(&path.with_file_name("missing.csv"));
    assert!(error.contains("cannot open the file"), "{error}");
}

#[test]
fn many_bad_rows_are_all_counted_and_the_first_kept() {
    let rows = "1,x\n".repeat(500);
    let (_folder, path) = written(
        "run-a-tag-loss.csv",
        format!("Wall time,Step,Value\n0,1,2\n{rows}"),
    );
    let run = run(&path);
    assert_eq!((run.sources[0].rows, run.sources[0].bad_rows), (501, 500));
    assert_eq!(run.sources[0].bad.len(), 20);
    assert_eq!(run.sources[0].bad[19].line, 22);
}
