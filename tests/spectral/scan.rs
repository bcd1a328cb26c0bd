//! The scan: the same results however it is run, what it does with what has no ratio, and that it
//! can be stopped.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use layerscope::Error;
use layerscope::progress::Progress;
use layerscope::spectral::{ScanOptions, scan, singular_values, snr};
use layerscope::tensor::Matrix;

use crate::support::{Folder, bits, noise, options, random, result, scanned, tamper, varied};

#[test]
fn the_results_are_the_same_bits_for_any_threads_and_memory() {
    let model = Folder::new(&varied());
    let model = model.open();
    let (first, summary) = scanned(
        &model,
        &ScanOptions {
            threads: 1,
            ..options(&model)
        },
    )
    .unwrap();
    assert_eq!(summary.scanned, model.modules.len());
    assert!(first.iter().all(|(_, result)| result.snr.unwrap() > 0.0));
    for (threads, memory) in [
        (2, 1 << 30),
        (3, 1 << 30),
        (7, 1 << 30),
        (3, 40_000),
        (2, 1),
    ] {
        let options = ScanOptions {
            threads,
            memory,
            ..options(&model)
        };
        let (again, _) = scanned(&model, &options).unwrap();
        assert_eq!(
            bits(&first),
            bits(&again),
            "{threads} threads, {memory} bytes"
        );
    }
}

#[test]
fn a_result_is_the_ratio_of_the_singular_values() {
    let folder = Folder::new(&[random("layers.0.a", 5, &[12, 30])]);
    let model = folder.open();
    let (results, _) = scanned(&model, &options(&model)).unwrap();
    let values: Vec<f64> = noise(5, 360).into_iter().map(f64::from).collect();
    let matrix = Matrix::from_f64(12, 30, &values);
    let values = singular_values(&matrix, 1, &Progress::default()).unwrap();
    let expected = snr(&values, 12, 30).unwrap();
    let result = &results[0].1;
    let found = result.detail.unwrap();
    assert!((found.snr - expected.snr).abs() < 1e-9 * expected.snr);
    assert_eq!(result.snr, Some(found.snr));
    assert_eq!(result.values[0].len(), 12);
    assert!(result.values[0].is_sorted_by(|a, b| a >= b));
    assert!((f64::from(result.values[0][0]) - found.s_max).abs() < 1e-6 * found.s_max);
}

#[test]
fn a_fused_weight_has_the_median_of_its_experts() {
    let fused = random("layers.0.mlp.experts.up_proj", 9, &[3, 8, 20]);
    let experts: Vec<_> = (fused.2.chunks(160).enumerate())
        .map(|(i, values)| (format!("single.{i}.x.weight"), vec![8, 20], values.to_vec()))
        .collect();
    let folder = Folder::new(&[vec![fused], experts].concat());
    let model = folder.open();
    let (results, _) = scanned(&model, &options(&model)).unwrap();
    let single = |i: usize| {
        result(&model, &results, &format!("single.{i}.x"))
            .snr
            .unwrap()
    };
    let fused = result(&model, &results, "layers.0.mlp.experts.up_proj");
    let mut ratios: Vec<f64> = (0..3).map(single).collect();
    assert_eq!(
        fused.experts,
        ratios.iter().copied().map(Some).collect::<Vec<_>>()
    );
    ratios.sort_by(f64::total_cmp);
    assert_eq!(fused.snr, Some(ratios[1]));
    assert_eq!(fused.values.len(), 3);
    assert!(fused.detail.is_none() && fused.problem.is_none());
}

#[test]
fn modules_are_handed_over_once_each_while_the_scan_runs() {
    let folder = Folder::new(&varied());
    let model = folder.open();
    let progress = Progress::default();
    let seen = Mutex::new(Vec::new());
    let chosen: Vec<usize> = (0..model.modules.len())
        .filter(|index| index % 2 == 0)
        .collect();
    let options = ScanOptions {
        modules: chosen.clone(),
        ..options(&model)
    };
    let summary = scan(&model, &options, &progress, |index, _| {
        seen.lock()
            .unwrap()
            .push((index, progress.snapshot().items_done));
    });
    assert_eq!(summary.unwrap().scanned, chosen.len());
    let mut seen = seen.into_inner().unwrap();
    assert!(
        seen[0].1 < chosen.len() as u64,
        "the first came before the end"
    );
    seen.sort_unstable();
    assert_eq!(
        seen.iter().map(|(index, _)| *index).collect::<Vec<_>>(),
        chosen
    );
    let end = progress.snapshot();
    assert_eq!(
        (end.items_done, end.items_total),
        (chosen.len() as u64, chosen.len() as u64)
    );
    assert!((end.fraction - 1.0).abs() < 1e-6, "{end:?}");
}

#[test]
fn what_has_no_ratio_says_why_and_the_rest_goes_on() {
    let mut bad = noise(3, 36);
    bad[7] = f32::NAN;
    let mut infinite = noise(4, 36);
    infinite[30] = f32::NEG_INFINITY;
    let folder = Folder::new(&[
        random("layers.0.good", 1, &[6, 6]),
        ("layers.0.zero.weight".into(), vec![6, 6], vec![0.0; 36]),
        ("layers.0.nan.weight".into(), vec![6, 6], bad),
        ("layers.0.infinite.weight".into(), vec![6, 6], infinite),
        ("layers.0.empty.weight".into(), vec![0, 6], Vec::new()),
    ]);
    let model = folder.open();
    let (results, summary) = scanned(&model, &options(&model)).unwrap();
    assert_eq!(summary.failed, 0);
    for (name, reason) in [
        ("zero", "zero"),
        ("nan", "NaN"),
        ("infinite", "inf"),
        ("empty", ""),
    ] {
        let result = result(&model, &results, &format!("layers.0.{name}"));
        assert!(result.snr.is_some_and(f64::is_nan), "{name}: {result:?}");
        let problem = result.problem.as_deref().unwrap();
        assert!(
            !problem.is_empty() && problem.contains(reason),
            "{name}: {problem}"
        );
    }
    let good = result(&model, &results, "layers.0.good");
    assert!(good.snr.unwrap() > 0.0 && good.problem.is_none());
}

#[test]
fn a_read_error_or_a_panic_fails_one_module_only() {
    let folder = Folder::new(&varied());
    let mut model = folder.open();
    let (expected, _) = scanned(&model, &options(&model)).unwrap();
    let place = |name: &str| {
        let module = model
            .modules
            .iter()
            .position(|module| module.name == name)
            .unwrap();
        (module, model.tensors[model.modules[module].tensor].offset)
    };
    let (broken, broken_at) = place("model.layers.0.mlp.down_proj");
    let (panicking, panicking_at) = place("model.layers.1.mlp.down_proj");
    tamper(&mut model, move |offset, _| {
        assert!(offset != panicking_at, "a bug");
        if offset == broken_at {
            let error = std::io::Error::other("the disk is gone");
            return Err(Error::io("weights", "read")(error));
        }
        Ok(())
    });
    let (found, summary) = scanned(&model, &options(&model)).unwrap();
    assert_eq!(summary.failed, 2);
    assert_eq!(summary.scanned, model.modules.len() - 2);
    let problem = |index: usize| found[index].1.problem.clone().unwrap();
    assert!(found[broken].1.snr.is_none());
    assert!(problem(broken).contains("the disk is gone"));
    assert!(found[panicking].1.snr.is_none());
    assert!(
        problem(panicking).contains("a bug"),
        "{}",
        problem(panicking)
    );
    for index in (0..found.len()).filter(|index| ![broken, panicking].contains(index)) {
        assert_eq!(bits(&found[index..=index]), bits(&expected[index..=index]));
    }
}

#[test]
fn a_tied_head_is_the_embedding_read_once() {
    let folder = Folder::new(&varied());
    let config = r#"{"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": true}"#;
    std::fs::write(folder.model().join("config.json"), config).unwrap();
    let mut model = folder.open();
    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    tamper(&mut model, move |_, length| {
        counter.fetch_add(length as u64, Ordering::Relaxed);
        Ok(())
    });
    let index = |name: &str| {
        model
            .modules
            .iter()
            .position(|module| module.name == name)
            .unwrap()
    };
    let (head, embedding) = (index("lm_head"), index("model.embed_tokens"));
    let scan_of = |modules: Vec<usize>| {
        read.store(0, Ordering::Relaxed);
        let (results, _) = scanned(
            &model,
            &ScanOptions {
                modules,
                ..options(&model)
            },
        )
        .unwrap();
        (results, read.load(Ordering::Relaxed))
    };
    let (both, read_for_both) = scan_of(vec![head, embedding]);
    let (one, read_for_one) = scan_of(vec![head]);
    assert_eq!(read_for_both, read_for_one);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].1, both[1].1);
    assert_eq!(one[0].0, head);
    assert_eq!(one[0].1, both[0].1);
}

#[test]
fn a_canceled_scan_goes_on_from_its_journal() {
    let folder = Folder::new(&varied());
    let model = folder.open();
    let (expected, _) = scanned(&model, &options(&model)).unwrap();
    let options = ScanOptions {
        threads: 1,
        journal: Some(folder.path("journal")),
        ..options(&model)
    };
    let progress = Progress::default();
    let handed = Mutex::new(0);
    let outcome = scan(&model, &options, &progress, |_, _| {
        *handed.lock().unwrap() += 1;
        progress.cancel();
    });
    assert!(outcome.unwrap_err().is_canceled());
    assert_eq!(*handed.lock().unwrap(), 1);
    let (found, summary) = scanned(&model, &options).unwrap();
    assert!(summary.resumed >= 1, "{summary:?}");
    assert_eq!(summary.resumed + summary.scanned, model.modules.len());
    assert_eq!(bits(&found), bits(&expected));
    // Everything is journalled now, what has no ratio aside.
    let (found, summary) = scanned(&model, &options).unwrap();
    assert_eq!((summary.resumed, summary.scanned), (model.modules.len(), 0));
    assert_eq!(bits(&found), bits(&expected));
}

#[test]
fn a_scan_that_is_canceled_beforehand_does_nothing() {
    let folder = Folder::new(&varied());
    let model = folder.open();
    let progress = Progress::default();
    progress.cancel();
    let outcome = scan(&model, &options(&model), &progress, |_, _| {
        panic!("not to be called")
    });
    assert!(outcome.unwrap_err().is_canceled());
}

#[test]
fn a_file_that_is_written_to_during_its_scan_is_refused() {
    let tensors = || -> Vec<_> {
        let names = (0..6).map(|block| format!("layers.{block}.a"));
        names
            .zip(20..)
            .map(|(name, seed)| random(&name, seed, &[24, 30]))
            .collect()
    };
    // Once as any program writes, and once with the time of writing put back: the content tells.
    for put_back in [false, true] {
        let folder = Folder::new(&tensors());
        let model = folder.open();
        let path = folder.weights();
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let from = bytes.len() - 24 * 30 * 4;
        bytes[from..].fill(0x3f);
        let options = ScanOptions {
            threads: 1,
            ..options(&model)
        };
        let scanned = scan(&model, &options, &Progress::default(), |_, _| {
            std::fs::write(&path, &bytes).unwrap();
            if put_back {
                let file = std::fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(time).unwrap();
            }
        });
        let error = scanned.unwrap_err();
        assert!(matches!(error, Error::Problem(_)), "{error}");
        assert!(
            error.to_string().contains("changed while it was read"),
            "{error}"
        );
    }
}
