//! A table as text: aligned columns, Markdown, LaTeX, CSV, each with its own signs escaped.

use std::fmt::Write as _;

/// Which way a column's cells lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A header and rows of cells. Every row has one cell per column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// One name per column.
    pub header: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
    /// One per column.
    pub alignment: Vec<Align>,
}

impl Table {
    /// A table of these columns, without rows.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = (S, Align)>) -> Self {
        let columns = columns
            .into_iter()
            .map(|(name, align)| (name.into(), align));
        let (header, alignment) = columns.unzip();
        Self {
            header,
            rows: Vec::new(),
            alignment,
        }
    }

    /// A table whose first column is text and whose others are numbers, without rows.
    #[must_use]
    pub fn of_numbers(header: Vec<String>) -> Self {
        let mut alignment = vec![Align::Right; header.len()];
        if let Some(first) = alignment.first_mut() {
            *first = Align::Left;
        }
        Self {
            header,
            rows: Vec::new(),
            alignment,
        }
    }

    /// With these rows.
    #[must_use]
    pub fn with_rows(mut self, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The header, then the rows.
    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        std::iter::once(&self.header).chain(&self.rows)
    }

    /// The lines with each cell written by `escape`, and padded to the width of its column, which
    /// is at least `least`; and these widths.
    fn padded(&self, least: usize, escape: fn(&str) -> String) -> (Vec<Vec<String>>, Vec<usize>) {
        let mut widths = vec![least; self.alignment.len()];
        let mut lines: Vec<Vec<String>> = Vec::with_capacity(1 + self.rows.len());
        for line in self.lines() {
            let cells: Vec<String> = line.iter().map(|cell| escape(cell)).collect();
            for (width, cell) in widths.iter_mut().zip(&cells) {
                *width = (*width).max(cell.chars().count());
            }
            lines.push(cells);
        }
        for line in &mut lines {
            let columns = self.alignment.iter().zip(&widths);
            for (cell, (align, &width)) in line.iter_mut().zip(columns) {
                *cell = match align {
                    Align::Left => format!("{cell:<width$}"),
                    Align::Right => format!("{cell:>width$}"),
                };
            }
        }
        (lines, widths)
    }

    /// Columns two spaces apart, no spaces at the ends of lines.
    #[must_use]
    pub fn text(&self) -> String {
        let (lines, _) = self.padded(0, str::to_owned);
        let mut text = String::new();
        for line in lines {
            text.push_str(line.join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// GitHub's Markdown, with columns that line up in the source too.
    #[must_use]
    pub fn markdown(&self) -> String {
        let (lines, widths) = self.padded(3, in_markdown);
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            let _ = writeln!(text, "| {} |", line.join(" | "));
            if index == 0 {
                let rules = self.alignment.iter().zip(&widths);
                let rules = rules.map(|(align, &width)| match align {
                    Align::Left => "-".repeat(width),
                    Align::Right => format!("{}:", "-".repeat(width - 1)),
                });
                let rules: Vec<String> = rules.collect();
                let _ = writeln!(text, "| {} |", rules.join(" | "));
            }
        }
        text
    }

    /// LaTeX, with the rules of the package `booktabs`.
    #[must_use]
    pub fn latex(&self) -> String {
        let letters = self.alignment.iter().map(|align| match align {
            Align::Left => 'l',
            Align::Right => 'r',
        });
        let letters: String = letters.collect();
        let mut text =
            format!("% \\usepackage{{booktabs}}\n\\begin{{tabular}}{{{letters}}}\n\\toprule\n");
        for (index, line) in self.lines().enumerate() {
            let cells: Vec<String> = line.iter().map(|cell| in_latex(cell)).collect();
            let _ = writeln!(text, "{} \\\\", cells.join(" & "));
            if index == 0 {
                text.push_str("\\midrule\n");
            }
        }
        text.push_str("\\bottomrule\n\\end{tabular}\n");
        text
    }

    /// Comma-separated values (RFC 4180), the header first.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for line in self.lines() {
            // Writing into memory does not fail.
            let _ = writer.write_record(line);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_characters() {
        let rows = [["é×", "1"], ["abc", "22"]].map(|row| row.map(str::to_owned).to_vec());
        let table = Table::new([("t", Align::Left), ("n", Align::Right)]).with_rows(rows);
        assert_eq!(table.text(), "t     n\né×    1\nabc  22\n");
    }
}
