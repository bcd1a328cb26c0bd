//! Clocks that jump: files of 1970 and of centuries to come, and logs whose time goes back.

use std::fs::{self, File};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use layerscope::progress::Progress;
use layerscope::run::{Follow, Imported, XAxis, import, points};

use crate::support::{Folder, resumed, varied};

/// 1970, the year 2106 and beyond 32 bits, 2400, and before 1970 where a system has it.
fn times() -> Vec<SystemTime> {
    let since = |seconds: u64| UNIX_EPOCH + Duration::from_secs(seconds);
    vec![
        UNIX_EPOCH,
        since(1 << 33),
        since(13_569_465_600),
        UNIX_EPOCH - Duration::from_secs(1),
    ]
}

fn set_time(path: &std::path::Path, time: SystemTime) -> bool {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(time).is_ok()
}

#[test]
fn weights_of_any_date_are_scanned_and_gone_on_with() {
    let folder = Folder::new(&varied());
    let scan = || resumed(&folder);
    let (expected, _) = scan();
    for time in times() {
        if !set_time(&folder.weights(), time) {
            println!("skipped {time:?}: the file system has no such date");
            continue;
        }
        // Another date is another file, to be safe; the same date again is the same.
        assert_eq!(scan(), (expected.clone(), 0), "{time:?}");
        assert_eq!(scan(), (expected.clone(), expected.len()), "{time:?}");
    }
}

#[test]
fn a_log_whose_time_goes_back_stays_in_the_order_of_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run-a-tag-loss.csv");
    // Set back by an hour, as a clock that is put right, and by all since 1970.
    let text = "Wall time,Step,Value\n1700000000,1,5\n1699996400,2,4\n10,3,3\n1700000001,4,2\n";
    fs::write(&path, text).unwrap();
    let Imported::Runs(runs) = import(&path, &Progress::default()).unwrap() else {
        panic!("a known layout")
    };
    let series = &runs[0].series[0];
    assert_eq!(series.values, [5.0, 4.0, 3.0, 2.0]);
    for axis in XAxis::ALL {
        let points = points(&runs[0], series, axis);
        assert!(
            points.is_sorted_by(|a, b| a[0] <= b[0]),
            "{axis:?} {points:?}"
        );
    }
}

#[test]
fn a_log_is_followed_whatever_its_date_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let line = |step: usize| format!("{{\"step\": {step}, \"loss\": {step}}}\n");
    let mut text: String = (0..5).map(line).collect();
    fs::write(&path, &text).unwrap();
    let mut follow = Follow::new(vec![path.clone()]);
    let mut poll = || follow.poll(&Progress::default()).unwrap();
    let count =
        |runs: Option<Vec<layerscope::run::Run>>| runs.map(|runs| runs[0].series[0].values.len());
    assert_eq!(count(poll()), Some(5));
    for (more, time) in times().into_iter().enumerate() {
        text.push_str(&line(5 + more));
        fs::write(&path, &text).unwrap();
        set_time(&path, time);
        assert_eq!(count(poll()), Some(6 + more), "{time:?}");
    }
}
