//! Where a figure goes, and its size: arguments of all figures, and the file they make.

use std::path::{Path, PathBuf};

use clap::ValueHint;

use crate::cli::output::print;
use crate::error::{Problem, Result};
use crate::export::{self, Replace};
use crate::figure::{self, Chart, Style};

/// The format of a figure's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Svg,
    Png,
}

/// Where the figure goes, and its size.
#[derive(Debug, clap::Args)]
pub(super) struct Page {
    /// Write to FILE, an .svg or .png, instead of the SVG to standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// Width in px, 96 per inch; a column of a paper is 326
    #[arg(long, value_name = "PX", default_value = "326", value_parser = width)]
    pub(super) width: f64,
    /// Height in px [default: suits the figure]
    #[arg(long, value_name = "PX", value_parser = height)]
    pub(super) height: Option<f64>,
    /// Light on dark
    #[arg(long)]
    pub(super) dark: bool,
    /// Size of text in px [default: suits the width]
    #[arg(long, value_name = "PX", value_parser = text)]
    pub(super) text: Option<f64>,
    /// Pixels of a PNG per px
    #[arg(long, value_name = "N", default_value = "3", value_parser = scale)]
    pub(super) scale: f64,
    /// Replace FILE if it has different content
    #[arg(long, requires = "output")]
    pub(super) force: bool,
}

impl Page {
    pub(super) fn style(&self) -> Style {
        Style {
            width: self.width,
            height: self.height,
            dark: self.dark,
            text: self.text,
        }
    }

    /// The format by the file's name; SVG for standard output.
    pub(super) fn form(&self) -> Result<Form> {
        let Some(path) = &self.output else {
            return Ok(Form::Svg);
        };
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        match ending.to_lowercase().as_str() {
            "svg" => Ok(Form::Svg),
            "png" => Ok(Form::Png),
            _ => Err(Problem::output(
                path.display().to_string(),
                "a figure is written as .svg or .png; give the file such a name",
            )
            .into()),
        }
    }

    pub(super) fn write_chart(&self, form: Form, chart: &Chart) -> Result<()> {
        self.write(form, &figure::svg(chart, &self.style()))
    }

    /// The bytes of a figure's file.
    pub(super) fn bytes(&self, form: Form, svg: String) -> Result<Vec<u8>> {
        match form {
            Form::Svg => Ok(svg.into_bytes()),
            Form::Png => figure::png(&svg, self.scale),
        }
    }

    pub(super) fn write(&self, form: Form, svg: &str) -> Result<()> {
        let Some(path) = &self.output else {
            return print(svg);
        };
        let path: &Path = path;
        let replace = Replace::from(self.force);
        match form {
            Form::Svg => export::write(path, svg.as_bytes(), replace)?,
            Form::Png => export::write(path, &figure::png(svg, self.scale)?, replace)?,
        };
        Ok(())
    }
}

fn width(text: &str) -> Result<f64, String> {
    between(text, Style::LEAST_WIDTH, 10_000.0)
}

fn height(text: &str) -> Result<f64, String> {
    between(text, 100.0, 10_000.0)
}

fn text(text: &str) -> Result<f64, String> {
    between(text, Style::LEAST_TEXT, Style::MOST_TEXT)
}

fn scale(text: &str) -> Result<f64, String> {
    between(text, 0.1, 32.0)
}

fn between(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|error: std::num::ParseFloatError| error.to_string())?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("must be from {least} to {most}"))
    }
}
