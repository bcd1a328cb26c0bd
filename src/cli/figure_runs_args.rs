//! The arguments of `figure runs`.

use clap::ValueHint;

use crate::cli::figure_page::Page;
use crate::cli::logs::Log;
use crate::figure::{Form, MemoryUnit, RunsOptions};
use crate::run::XAxis;

/// The arguments of `figure runs`.
#[derive(Debug, clap::Args)]
pub(super) struct RunsArgs {
    /// Run logs of any layout, each perhaps with a name; several of one name are one run. `sample`
    /// stands for the sample's runs
    #[arg(required = true, value_name = "[NAME=]LOG", value_hint = ValueHint::FilePath)]
    pub(super) logs: Vec<Log>,
    /// What to draw: loss, eval-loss, train-loss, gpu-memory, cpu-memory, or a metric by its name
    /// in the logs; loss-memory and loss-minutes set the last loss against what it cost; published
    /// draws all of a comparison's figures, named after FILE, and writes its table beside them
    #[arg(long, value_name = "M", default_value = "loss")]
    pub(super) metric: String,
    /// The axis from left to right
    #[arg(long, value_enum, value_name = "AXIS", default_value = "completion")]
    pub(super) x: XAxis,
    #[command(flatten)]
    pub(super) drawing: Drawing,
    /// The size of a slide, with text that is read from the last row
    #[arg(long, conflicts_with_all = ["width", "height", "text"])]
    pub(super) talk: bool,
    #[command(flatten)]
    pub(super) page: Page,
}

/// How a metric is drawn.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(super) struct Drawing {
    /// Weight of TensorBoard's smoothing, 0 to 1; the values as logged stay behind the lines
    #[arg(long, value_name = "W", default_value = "0", value_parser = weight)]
    pub(super) smoothing: f64,
    /// How values are joined
    #[arg(long, value_enum, default_value = "line")]
    pub(super) form: Form,
    /// A logarithmic axis from left to right
    #[arg(long)]
    pub(super) log_x: bool,
    /// A logarithmic axis from bottom to top
    #[arg(long)]
    pub(super) log_y: bool,
    /// Leave the lowest and the highest 5 % of values out of the range
    #[arg(long)]
    pub(super) ignore_outliers: bool,
    /// Start the axis of memory near the values, with a break, and not at 0
    #[arg(long)]
    pub(super) break_axis: bool,
    /// What memory is counted in; by default GB for GPUs and GiB for main memory
    #[arg(long, value_enum)]
    pub(super) unit: Option<MemoryUnit>,
    /// A line above the plot
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(super) title: String,
}

fn weight(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|error: std::num::ParseFloatError| error.to_string())?;
    if (0.0..=1.0).contains(&number) {
        Ok(number)
    } else {
        Err("must be from 0 to 1".to_owned())
    }
}

impl Drawing {
    /// As figures take it.
    pub(super) fn options(&self) -> RunsOptions {
        RunsOptions {
            title: self.title.clone(),
            smoothing: self.smoothing,
            log_x: self.log_x,
            log_y: self.log_y,
            form: self.form,
            ignore_outliers: self.ignore_outliers,
            zero: self.break_axis.then_some(false),
            unit: self.unit,
            ..RunsOptions::default()
        }
    }
}
