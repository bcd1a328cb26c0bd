//! CPU time of making a set at 28,800 modules: by percentage, by budget, by one ranking of all.
//!
//! `cargo bench --no-default-features --bench selection`

use std::time::Instant;

use layerscope::report::{ReportBuilder, SnrReport, Weight};
use layerscope::selection::{Budget, Choice, FreezeSet, Percent, Pool, Ranking, Rules};
use layerscope::tensor::DType;

const ROUNDS: u64 = 60;

/// A mixture of experts: 60 blocks, 160 experts, three projections.
fn huge() -> SnrReport {
    let mut builder = ReportBuilder::new("bench");
    let mut total = 0;
    for projection in ["gate_proj", "up_proj", "down_proj"] {
        for expert in 0..160_u64 {
            let name = format!("mlp.experts.{expert}.{projection}");
            for block in 0..60_u64 {
                let module = builder.push(&format!("model.layers.{block}.{name}"), &name);
                let parameters = 1_000_000 + expert * 97 + block;
                total += parameters;
                module.snr = Some(0.01 + ((block * 7919 + expert * 104_729) % 9973) as f64);
                module.weight = Some(Weight {
                    shape: vec![1000, 1000],
                    dtype: DType::BF16,
                    parameters,
                    companions: 0,
                    tied_to: None,
                    tensor: None,
                });
            }
        }
    }
    let mut report = builder.finish();
    report.total_parameters = Some(total);
    report
}

/// The least of many rounds, in milliseconds: other work on the machine only adds.
fn least(mut work: impl FnMut(u64)) -> f64 {
    let round = |round| {
        let start = Instant::now();
        work(round);
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() {
    let report = huge();
    let total = report.total_parameters.unwrap_or(0);
    println!("{} modules, least of {ROUNDS}, ms", report.modules.len());
    for pool in [Pool::Type, Pool::All] {
        let rules = Rules {
            pool,
            ..Rules::default()
        };
        let choice = Choice {
            rules,
            ..Choice::default()
        };
        let ranking = Ranking::of(&report, &choice);
        let ranked = least(|_| {
            drop(std::hint::black_box(ranking.ranked_again(&report, &choice)));
        });
        let make = |choice: &Choice| {
            drop(std::hint::black_box(FreezeSet::new(
                &report, &ranking, choice,
            )));
        };
        let percent = least(|round| {
            let percent = Percent::from_slider(10.0 + round as f64);
            make(&Choice {
                percent,
                ..choice.clone()
            });
        });
        let budget = least(|round| {
            let budget = Some(Budget::Parameters(total / 100 * (10 + round)));
            make(&Choice {
                budget,
                ..choice.clone()
            });
        });
        let memory = least(|round| {
            let budget = Some(Budget::Memory(total * 3 / 100 * (100 + round)));
            make(&Choice {
                budget,
                ..choice.clone()
            });
        });
        println!(
            "{}: ranked {ranked:.2}; set by percentage {percent:.2}, by a budget of parameters \
             {budget:.2}, of memory {memory:.2}",
            pool.text()
        );
    }
}
