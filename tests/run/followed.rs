//! Logs that grow, are cut short, are replaced.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use layerscope::progress::Progress;
use layerscope::run::{Follow, Imported, Part, Run, assemble, import};

use crate::support::{fixture, written};

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .expect("opened");
    file.write_all(text.as_bytes()).expect("written");
}

fn poll(follow: &mut Follow) -> Option<Vec<Run>> {
    follow.poll(&Progress::default()).expect("followed")
}

fn steps(runs: &[Run]) -> Vec<f64> {
    runs[0].series[0].axis.steps.clone()
}

const HEADER: &str = "Wall time,Step,Value\n";

#[test]
fn only_finished_lines_are_read() {
    let (_folder, path) = written(
        "run-a-tag-loss.csv",
        format!("{HEADER}1.0,1,3.5\n2.0,2,3.25\n3.0,3,3.1"),
    );
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")), [1.0, 2.0]);
    append(&path, "25\n4.0,4,3\n");
    let runs = poll(&mut follow).expect("runs");
    assert_eq!(steps(&runs), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(runs[0].series[0].values[2], 3.125);
    assert_eq!(runs[0].sources[0].bad_rows, 0);
    assert!(poll(&mut follow).is_none());
}

#[test]
fn a_last_line_without_an_end_shows_once_nobody_writes() {
    let (_folder, path) = written(
        "run-a-tag-loss.csv",
        format!("{HEADER}1.0,1,3.5\n2.0,2,3.25\n3.0,3,3.125"),
    );
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")), [1.0, 2.0]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")), [1.0, 2.0, 3.0]);
    assert!(poll(&mut follow).is_none());
    append(&path, "\n4.0,4,3\n");
    assert_eq!(
        steps(&poll(&mut follow).expect("runs")),
        [1.0, 2.0, 3.0, 4.0]
    );
}

#[test]
fn what_is_followed_is_what_is_imported() {
    for name in [
        "nvidia-smi.csv",
        "dstat.csv",
        "psrecord.txt",
        "wandb_history.csv",
        "mlflow_system.csv",
    ] {
        let text = fs::read_to_string(fixture(name)).expect("a fixture");
        let (_folder, path) = written(name, "");
        let mut follow = Follow::new(vec![path.clone()]);
        let mut last = poll(&mut follow);
        assert!(last.is_none(), "nothing is there yet");
        for part in text.as_bytes().chunks(17) {
            append(&path, std::str::from_utf8(part).expect("text"));
            if let Some(runs) = poll(&mut follow) {
                last = Some(runs);
            }
        }
        let Imported::Runs(whole) = import(&path, &Progress::default()).expect("a log") else {
            panic!("{name}");
        };
        let whole = assemble(whole.into_iter().map(Part::from).collect()).runs;
        // As text, in which NaN is the same as NaN.
        assert_eq!(
            format!("{:?}", last.expect(name)),
            format!("{whole:?}"),
            "{name}"
        );
    }
}

#[test]
fn json_lines_grow() {
    let (_folder, path) = written("x.jsonl", "");
    fs::remove_file(&path).expect("removed");
    let mut follow = Follow::new(vec![path.clone()]);
    assert!(poll(&mut follow).is_none(), "not there yet");
    append(
        &path,
        "{\"step\": 1, \"loss\": 3}\n{\"step\": 2, \"loss\": 2}\n{\"step\": 3, \"loss\": 2}\n{\"st",
    );
    assert_eq!(steps(&poll(&mut follow).expect("runs")), [1.0, 2.0, 3.0]);
    append(&path, "ep\": 4, \"loss\": NaN}\n");
    let runs = poll(&mut follow).expect("runs");
    assert_eq!(steps(&runs), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(runs[0].sources[0].bad_rows, 0);
}

#[test]
fn a_file_cut_short_is_read_anew() {
    let (_folder, path) = written(
        "run-a-tag-loss.csv",
        format!("{HEADER}1.0,1,3\n2.0,2,3\n3.0,3,3\n"),
    );
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 3);
    fs::write(&path, format!("{HEADER}9.0,1,5\n10.0,2,4\n")).expect("written");
    let runs = poll(&mut follow).expect("runs");
    assert_eq!(runs[0].series[0].values, [5.0, 4.0]);
    // Rewritten in place and longer: the same name, start and a greater length.
    fs::write(
        &path,
        format!("{HEADER}9.0,1,5\n11.0,2,4.5\n12.0,3,4.25\n13.0,4,4\n"),
    )
    .expect("written");
    let runs = poll(&mut follow).expect("runs");
    assert_eq!(runs[0].series[0].values, [5.0, 4.5, 4.25, 4.0]);
}

#[test]
fn a_file_moved_away_goes_on_in_the_next_one() {
    let (_folder, path) = written(
        "x.jsonl",
        "{\"step\": 1, \"loss\": 3}\n{\"step\": 2, \"loss\": 2}\n{\"step\": 3, \"loss\": 1}\n",
    );
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 3);
    fs::rename(&path, path.with_extension("jsonl.1")).expect("moved");
    assert!(poll(&mut follow).is_none(), "between two files");
    append(
        &path,
        "{\"step\": 4, \"loss\": 0.9}\n{\"step\": 5, \"loss\": 0.8}\n{\"step\": 6, \"loss\": 0.7}\n",
    );
    assert_eq!(
        steps(&poll(&mut follow).expect("runs")),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    );
    append(&path, "{\"step\": 7, \"loss\": 0.6}\n");
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 7);
}

#[test]
fn a_document_is_read_again_when_it_changes() {
    let text = fs::read_to_string(fixture("trainer_state.json")).expect("a fixture");
    let cut = text.find("{\"epoch\": 0.96").expect("the place");
    let (_folder, path) = written("trainer_state.json", &text[..cut]);
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 2);
    assert!(poll(&mut follow).is_none());
    fs::write(&path, &text).expect("written");
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 3);
}

#[test]
fn several_files_are_joined() {
    let (folder, path) = written(
        "run-a-tag-loss.csv",
        format!("{HEADER}1.0,1,3\n2.0,2,3\n3.0,3,2\n"),
    );
    let other = folder.path().join("run-a-tag-eval_loss.csv");
    fs::write(&other, format!("{HEADER}2.0,2,3.5\n3.0,3,3.25\n")).expect("written");
    let mut follow = Follow::new(vec![path, other]);
    let runs = poll(&mut follow).expect("runs");
    assert_eq!((runs.len(), runs[0].series.len()), (1, 2));
}

#[test]
fn an_unknown_table_is_read_by_its_guess_or_a_mapping() {
    let (_folder, path) = written("x.csv", "step,y\n1,3\n2,2\n3,1\n");
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(poll(&mut follow).expect("runs")[0].series[0].key, "y");
    let mut mapping = crate::support::table(&path).guess;
    mapping.columns.swap(0, 1);
    let mut follow = Follow::new(vec![path.clone()]).with_mapping(&path, &mapping);
    assert_eq!(poll(&mut follow).expect("runs")[0].series[0].key, "step");
}

#[test]
fn what_cannot_be_read_is_said_and_tried_again() {
    let (_folder, path) = written("x.csv", "It was\nthe best of\ntimes\nwe ever had\n");
    let mut follow = Follow::new(vec![path.clone()]);
    let error = follow.poll(&Progress::default()).expect_err("no log");
    assert!(error.to_string().contains("few numbers"), "{error}");
    fs::write(&path, format!("{HEADER}1.0,1,3\n2.0,2,3\n")).expect("written");
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 2);
}

#[test]
fn a_short_log_shows_once_nobody_writes() {
    let (_folder, path) = written("run-a-tag-loss.csv", HEADER);
    let mut follow = Follow::new(vec![path.clone()]);
    assert!(poll(&mut follow).is_none());
    assert!(poll(&mut follow).is_none(), "a header alone is waited on");
    append(&path, "1.0,1,3\n");
    assert!(poll(&mut follow).is_none(), "more may come at once");
    assert_eq!(steps(&poll(&mut follow).expect("runs")), [1.0]);
    append(&path, "2.0,2,3\n");
    assert_eq!(steps(&poll(&mut follow).expect("runs")), [1.0, 2.0]);
}

#[test]
fn a_short_file_after_a_long_one_does_not_lose_it() {
    let (_folder, path) = written(
        "x.jsonl",
        "{\"step\": 1, \"loss\": 3}\n{\"step\": 2, \"loss\": 2}\n{\"step\": 3, \"loss\": 1}\n",
    );
    let mut follow = Follow::new(vec![path.clone()]);
    assert_eq!(steps(&poll(&mut follow).expect("runs")).len(), 3);
    fs::write(&path, "{\"step\": 4, \"loss\": 0.9}\n").expect("written");
    assert!(poll(&mut follow).is_none());
    append(
        &path,
        "{\"step\": 5, \"loss\": 0.8}\n{\"step\": 6, \"loss\": 0.7}\n",
    );
    assert_eq!(
        steps(&poll(&mut follow).expect("runs")),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    );
}
