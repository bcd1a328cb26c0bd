//! A comparison as CSV, Markdown or LaTeX, each with its own escapes.

use std::fmt::Write as _;

use crate::figure::table::Column;
use crate::run::Comparison;

/// The table as comma-separated values (RFC 4180), a header first, numbers with all their digits.
#[must_use]
pub fn csv(comparison: &Comparison, columns: &[Column]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = columns.iter().map(|column| column.header(comparison));
    // Writing into memory does not fail.
    let _ = writer.write_record(header);
    for row in &comparison.rows {
        let cells = columns.iter().map(|column| column.cell(row).exact());
        let _ = writer.write_record(cells);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The table in Markdown (GitHub's), columns lined up so that the text itself can be read.
#[must_use]
pub fn markdown(comparison: &Comparison, columns: &[Column]) -> String {
    let header = columns.iter().map(|c| in_markdown(&c.header(comparison)));
    let mut lines: Vec<Vec<String>> = vec![header.collect()];
    for row in &comparison.rows {
        let cells = columns.iter().map(|c| in_markdown(&c.cell(row).shown()));
        lines.push(cells.collect());
    }
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0).max(3)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(columns).zip(&widths);
        let cells: Vec<String> = cells
            .map(|((cell, column), &width)| {
                if column.is_text() {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            })
            .collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if index == 0 {
            let rules = columns.iter().zip(&widths).map(|(column, &width)| {
                if column.is_text() {
                    "-".repeat(width)
                } else {
                    format!("{}:", "-".repeat(width - 1))
                }
            });
            let rules: Vec<String> = rules.collect();
            let _ = writeln!(text, "| {} |", rules.join(" | "));
        }
    }
    text
}

/// The table in LaTeX, with the rules of the package `booktabs`.
#[must_use]
pub fn latex(comparison: &Comparison, columns: &[Column]) -> String {
    let letters = columns.iter().map(|c| if c.is_text() { 'l' } else { 'r' });
    let letters: String = letters.collect();
    let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
    let header = columns.iter().map(|c| in_latex(&c.header(comparison)));
    let header = line(header.collect());
    let mut text =
        format!("% \\usepackage{{booktabs}}\n\\begin{{tabular}}{{{letters}}}\n\\toprule\n");
    text.push_str(&header);
    text.push_str("\\midrule\n");
    for row in &comparison.rows {
        let cells = columns.iter().map(|c| in_latex(&c.cell(row).shown()));
        text.push_str(&line(cells.collect()));
    }
    text.push_str("\\bottomrule\n\\end{tabular}\n");
    text
}

/// Text whose signs Markdown would take for markup, and line breaks that would end the row.
fn in_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '|' | '*' | '_' | '`' | '<' | '[' | '#' | '~' | '&' => {
                escaped.push('\\');
                escaped.push(character);
            }
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text with LaTeX's own signs as the commands that print them.
fn in_latex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '\\' => escaped.push_str("\\textbackslash{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            '−' => escaped.push_str("$-$"),
            '∞' => escaped.push_str("$\\infty$"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
