//! The embedded runs.

use layerscope::run::{Metric, Unit};
use layerscope::sample;

#[test]
fn the_sample_runs_are_whole() {
    let runs = sample::runs().expect("compiled in");
    let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Full fine-tuning",
            "Spectrum 50 %",
            "Spectrum 25 %",
            "Spectrum 10 %",
            "LoRA on a 4-bit base"
        ]
    );
    let last = [2.7521, 2.8724, 2.9832, 3.1200, 2.9366];
    let trainable = [
        134_515_008.0,
        81_412_992.0,
        53_092_224.0,
        38_931_840.0,
        2_442_240.0,
    ];
    for ((run, last), trainable) in runs.iter().zip(last).zip(trainable) {
        let loss = run.series_of(Metric::EvalLoss).expect("an evaluation loss");
        assert_eq!(loss.len(), 16);
        assert!((loss.values[15] - last).abs() < 5e-5);
        assert_eq!(run.series_of(Metric::TrainLoss).expect("a loss").len(), 150);
        let memory = run.series_of(Metric::CpuMemory).expect("memory");
        assert_eq!((memory.len(), memory.unit), (151, Unit::Bytes));
        assert_eq!(run.summary["trainable"], trainable);
        assert!(run.summary["total"] >= trainable);
        assert!(run.warnings.is_empty(), "{:?}", run.warnings);
    }
}

#[test]
fn the_sets_of_the_sample_runs_are_theirs() {
    let runs = sample::runs().expect("compiled in");
    for (name, yaml) in sample::RUN_SETS {
        assert!(runs.iter().any(|run| run.name == name), "{name}");
        assert!(yaml.starts_with("unfrozen_parameters:\n- ^lm_head.weight$\n"));
    }
    assert!(sample::RUNS_ABOUT.contains("not evidence"));
}
