//! The table as text.

use layerscope::figure::table::{Column, csv, latex, markdown};
use layerscope::run::{CompareOptions, Comparison, Run};

use crate::support::ended;

fn comparison() -> Comparison {
    let runs = [
        ended("Full fine-tuning", 2.0, 10.0),
        ended("a|b_c & 50% {\"x\", \\y}", 1.75, 12.5),
    ];
    let runs: Vec<&Run> = runs.iter().collect();
    Comparison::new(&runs, &CompareOptions::default())
}

#[test]
fn csv_has_all_digits_and_quotes_what_needs_it() {
    let comparison = comparison();
    let text = csv(&comparison, &Column::usual(&comparison));
    let expected = "Run,Last loss,Best loss,Loss difference (%),Time (min),Time improvement (%)\n\
        Full fine-tuning,2,2,,10,\n\
        \"a|b_c & 50% {\"\"x\"\", \\y}\",1.75,1.75,-12.5,12.5,-25\n";
    assert_eq!(text, expected);
}

#[test]
fn markdown_lines_up_and_its_signs_stay_signs() {
    let comparison = comparison();
    let columns = [Column::Name, Column::LastLoss, Column::TimeImprovement];
    let expected = "\
| Run                            | Last loss | Time improvement (%) |
| ------------------------------ | --------: | -------------------: |
| Full fine-tuning               |     2.000 |                      |
| a\\|b\\_c \\& 50% {\"x\", \\\\y} |     1.750 |               −25.00 |
";
    let text = markdown(&comparison, &columns);
    let plain = |text: &str| text.replace([' ', '-'], "");
    assert_eq!(plain(&text), plain(expected));
    let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
    assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
}

#[test]
fn latex_prints_every_sign() {
    let comparison = comparison();
    let columns = [Column::Name, Column::LastLoss, Column::LossDifference];
    let expected = "% \\usepackage{booktabs}
\\begin{tabular}{lrr}
\\toprule
Run & Last loss & Loss difference (\\%) \\\\
\\midrule
Full fine-tuning & 2.000 &  \\\\
a\\textbar{}b\\_c \\& 50\\% \\{\"x\", \\textbackslash{}y\\} & 1.750 & $-$12.50 \\\\
\\bottomrule
\\end{tabular}
";
    assert_eq!(latex(&comparison, &columns), expected);
}
