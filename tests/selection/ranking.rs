//! The order a percentage takes modules in.

use layerscope::report::SnrReport;
use layerscope::selection::{Percent, Ranking};
use proptest::prelude::*;

use crate::{any_report, report_of};

#[test]
fn ties_keep_the_reports_order_and_no_number_is_last() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let ratios = [nan, 1.0, inf, 2.0, 1.0, inf, -inf].map(|snr| (0, Some(snr)));
    let mut modules = ratios.to_vec();
    modules.push((0, None));
    let ranking = Ranking::new(&report_of(&modules));
    assert_eq!(ranking.order[0], [2, 5, 3, 1, 4, 6, 0, 7]);
    assert_eq!(ranking.takeable, [6]);
    assert_eq!(ranking.rank, [6, 3, 0, 2, 4, 1, 5, 7]);
    assert_eq!(ranking.top(0, Percent::FULL), [2, 5, 3, 1, 4, 6]);
}

/// A millionth of a percent less: the next smaller percentage there is.
fn just_below(percent: Percent) -> Percent {
    format!("{:.6}", (percent.value() - 1e-6).max(0.0))
        .parse()
        .expect("is a percentage")
}

fn has_number(report: &SnrReport, module: usize) -> bool {
    report.modules[module].snr.is_some_and(|snr| !snr.is_nan())
}

proptest! {
    #[test]
    fn each_type_is_in_descending_stable_order(report in any_report()) {
        let ranking = Ranking::new(&report);
        for (layer_type, order) in report.types.iter().zip(&ranking.order) {
            let mut sorted: Vec<usize> = order.iter().map(|&module| module as usize).collect();
            for pair in sorted.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let (snr_a, snr_b) = (report.modules[a].snr, report.modules[b].snr);
                match (has_number(&report, a), has_number(&report, b)) {
                    (true, true) => {
                        prop_assert!(snr_a >= snr_b);
                        prop_assert!(snr_a > snr_b || a < b);
                    }
                    (numbered, false) => prop_assert!(numbered || a < b),
                    (false, true) => prop_assert!(false, "no number before a number"),
                }
            }
            sorted.sort_unstable();
            prop_assert_eq!(&sorted, &layer_type.modules);
        }
        for module in 0..report.modules.len() {
            let order = &ranking.order[report.modules[module].layer_type];
            prop_assert_eq!(order[ranking.rank[module] as usize] as usize, module);
        }
    }

    #[test]
    fn more_percent_never_takes_less(report in any_report(), a in 0.0..=100.0_f64, b in 0.0..=100.0_f64) {
        let ranking = Ranking::new(&report);
        let (less, more) = (Percent::from_slider(a.min(b)), Percent::from_slider(a.max(b)));
        for layer_type in 0..report.types.len() {
            let (few, many) = (ranking.top(layer_type, less), ranking.top(layer_type, more));
            prop_assert!(many.starts_with(few));
            prop_assert!(many.iter().all(|&module| has_number(&report, module as usize)));
        }
    }

    #[test]
    fn a_module_enters_where_it_is_said_to(report in any_report()) {
        let ranking = Ranking::new(&report);
        for module in 0..report.modules.len() {
            let layer_type = report.modules[module].layer_type;
            let taken = |percent| ranking.top(layer_type, percent).contains(&(module as u32));
            if let Some(percent) = ranking.enters_at(module) {
                prop_assert!(taken(percent));
                prop_assert!(!taken(just_below(percent)));
            } else {
                prop_assert!(!has_number(&report, module));
                prop_assert!(!taken(Percent::FULL));
            }
        }
    }
}
