//! Hostile files cost bounded memory and get an error; long reads can be stopped.

use layerscope::progress::Progress;
use layerscope::run::{import, import_mapped};

use crate::support::{refused, run, table, written};

#[test]
fn a_quote_that_is_never_closed() {
    let rest = "1,2,3\n".repeat(4_000_000);
    let (_folder, path) = written(
        "run-a-tag-loss.csv",
        format!("Wall time,Step,Value\n1,1,\"2\n{rest}"),
    );
    let error = refused(&path);
    assert!(
        error.contains("line 2") && error.contains("without the end of a row"),
        "{error}"
    );
}

#[test]
fn a_line_without_an_end() {
    let (_folder, path) = written(
        "x.jsonl",
        format!(
            "{{\"step\": 1, \"loss\": 2}}\n{{\"step\": 2, \"x\": \"{}",
            "y".repeat(20 << 20)
        ),
    );
    let error = refused(&path);
    assert!(
        error.contains("line 2") && error.contains("without the end of a row"),
        "{error}"
    );
}

#[test]
fn more_columns_than_any_table_has() {
    let header = (0..100_001)
        .map(|at| format!("c{at}"))
        .collect::<Vec<_>>()
        .join(",");
    let row = vec!["1"; 100_001].join(",");
    let (_folder, path) = written("x.csv", format!("{header}\n{row}\n{row}\n"));
    let guess = table(&path).guess;
    let error = import_mapped(&path, &guess, &Progress::default()).expect_err("too wide");
    assert!(error.to_string().contains("100001 columns"), "{error}");
}

#[test]
fn more_metrics_than_any_run_has() {
    let rows: Vec<String> = (0..100_001)
        .map(|at| {
            format!(
                "a,metric{at},1,1
"
            )
        })
        .collect();
    let rows = rows.concat();
    let (_folder, path) = written("x.csv", format!("run_id,key,value,step\n{rows}"));
    let error = refused(&path);
    assert!(error.contains("more than 100,000"), "{error}");
}

#[test]
fn json_without_bottom() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        let text =
            format!("{{\"step\": 1, \"loss\": 2}}\n{{\"step\": 2, \"loss\": 1, \"x\": {deep}}}\n");
        let (_folder, path) = written("x.jsonl", text);
        let run = run(&path);
        assert_eq!(
            run.series[0].values,
            [2.0, 1.0],
            "what is too deep is passed over"
        );
        assert_eq!(run.series.len(), 1);
    }
}

#[test]
fn thousands_of_sparse_columns() {
    let header = (0..3000)
        .map(|at| format!("m{at}"))
        .collect::<Vec<_>>()
        .join(",");
    let mut lines = vec![format!("_step,_runtime,_timestamp,{header}")];
    for step in 0..50 {
        let cell = |at: usize| {
            if at % 50 == step {
                at.to_string()
            } else {
                String::new()
            }
        };
        let cells: Vec<String> = (0..3000).map(cell).collect();
        lines.push(format!("{step},{step},{step},{}", cells.join(",")));
    }
    let (_folder, path) = written("history-a.csv", lines.join("\n"));
    let run = run(&path);
    assert_eq!(run.series.len(), 3000);
    assert!(run.series.iter().all(|series| series.len() == 1));
    assert_eq!(run.series[7].axis.steps, [7.0]);
}

#[test]
fn reading_counts_bytes_and_stops_when_asked() {
    let rows: Vec<String> = (0..5000).map(|step| format!("1.0,{step},2\n")).collect();
    let rows = rows.concat();
    let (_folder, path) = written(
        "run-a-tag-loss.csv",
        format!("Wall time,Step,Value\n{rows}"),
    );
    let progress = Progress::default();
    import(&path, &progress).expect("a log");
    assert_eq!(progress.snapshot().fraction, 1.0);
    progress.cancel();
    assert!(import(&path, &progress).expect_err("stopped").is_canceled());
}
