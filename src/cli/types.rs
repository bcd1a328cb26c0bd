//! `types`: the layer types of a model or of its results.

use serde::Serialize;

use crate::cli::Common;
use crate::cli::open::open_model_or_report;
use crate::cli::output::{print, print_json};
use crate::error::Result;
use crate::report::{LayerType, Module, SnrReport};
use crate::table::{Align, Table};
use crate::text::{number, thousands};

/// How many different shapes of one type a row names.
const SHAPES_SHOWN: usize = 2;

/// The arguments of `types`.
#[derive(Debug, clap::Args)]
pub struct TypesArgs {
    /// A model's folder or weight file, a model of the hub (org/name: its headers are read and no
    /// more), a results file, or `sample`
    #[arg(value_name = "MODEL|RESULTS", value_hint = clap::ValueHint::AnyPath)]
    source: String,
}

/// One type as `--json` has it.
#[derive(Debug, Serialize)]
struct TypeRow<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    group: String,
    modules: usize,
    /// Modules with a ratio that is a number or infinite.
    with_snr: usize,
    /// The different shapes, in first-seen order; empty where none is known.
    shapes: Vec<&'a [usize]>,
    /// Elements of the weights and their biases; a tied weight's are with its owner.
    parameters: Option<u64>,
    snr: Option<Spread>,
    /// Whether all of its weights are tied to others.
    #[serde(skip)]
    is_tied: bool,
}

#[derive(Debug, Serialize)]
struct Spread {
    min: Number,
    median: Number,
    max: Number,
}

/// A number, or `"Infinity"`: JSON has no other text for it.
#[derive(Debug, Clone, Copy)]
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            number => serializer.serialize_f64(number),
        }
    }
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    slug: &'a str,
    modules: usize,
    parameters: Option<u64>,
    types: Vec<TypeRow<'a>>,
    warnings: &'a [String],
}

/// Prints the types of what the arguments name.
///
/// # Errors
/// When it cannot be opened or standard output cannot be written.
pub(super) fn run(arguments: &TypesArgs, common: Common) -> Result<()> {
    let report = open_model_or_report(&arguments.source, common)?;
    let types: Vec<TypeRow<'_>> = report.types.iter().map(|t| row(&report, t)).collect();
    if common.json {
        print_json(&Document {
            slug: &report.slug,
            modules: report.modules.len(),
            parameters: report.total_parameters,
            types,
            warnings: &report.warnings,
        })
    } else {
        print(&text(&report, &types))
    }
}

fn row<'a>(report: &'a SnrReport, layer_type: &'a LayerType) -> TypeRow<'a> {
    let modules = || layer_type.modules.iter().map(|&i| &report.modules[i]);
    let mut shapes: Vec<&[usize]> = Vec::new();
    for weight in modules().filter_map(|module| module.weight.as_ref()) {
        if !shapes.contains(&weight.shape.as_slice()) {
            shapes.push(&weight.shape);
        }
    }
    let parameters = |module: &Module| {
        let weight = module.weight.as_ref()?;
        let own = weight.parameters + weight.companions;
        Some(if weight.tied_to.is_some() { 0 } else { own })
    };
    let mut ratios: Vec<f64> = modules()
        .filter_map(|module| module.snr.filter(|snr| !snr.is_nan()))
        .collect();
    ratios.sort_by(f64::total_cmp);
    TypeRow {
        name: &layer_type.name,
        group: layer_type.group.to_string(),
        modules: layer_type.modules.len(),
        with_snr: ratios.len(),
        shapes,
        parameters: modules().map(parameters).sum(),
        is_tied: modules().all(|module| {
            let weight = module.weight.as_ref();
            weight.is_some_and(|weight| weight.tied_to.is_some())
        }),
        snr: spread(&ratios),
    }
}

/// Least, middle and greatest of `ascending` values.
fn spread(ascending: &[f64]) -> Option<Spread> {
    let (min, max) = (*ascending.first()?, *ascending.last()?);
    let middle = ascending.len() / 2;
    let median = if ascending.len() % 2 == 1 {
        ascending[middle]
    } else {
        f64::midpoint(ascending[middle - 1], ascending[middle])
    };
    Some(Spread {
        min: Number(min),
        median: Number(median),
        max: Number(max),
    })
}

/// The table: a column that would be empty for every type is left out.
fn text(report: &SnrReport, types: &[TypeRow<'_>]) -> String {
    let has_shapes = types.iter().any(|row| !row.shapes.is_empty());
    let has_ratios = types.iter().any(|row| row.snr.is_some());
    let mut columns = vec![("type", Align::Left), ("modules", Align::Right)];
    if has_shapes {
        columns.extend([("shape", Align::Right), ("parameters", Align::Right)]);
    }
    if has_ratios {
        columns.extend([
            ("SNR min", Align::Right),
            ("median", Align::Right),
            ("max", Align::Right),
        ]);
    }
    let cells = |row: &TypeRow<'_>| {
        let mut cells = vec![row.name.to_owned(), row.modules.to_string()];
        if has_shapes {
            cells.push(shapes_text(&row.shapes));
            cells.push(match row.parameters {
                // Its elements are its owner's.
                Some(0) if row.is_tied => "tied".into(),
                parameters => parameters.map(thousands).unwrap_or_default(),
            });
        }
        if has_ratios {
            cells.extend(row.snr.as_ref().map_or_else(
                || vec![String::new(); 3],
                |spread| {
                    let values = [spread.min, spread.median, spread.max];
                    values.map(|value| number(value.0)).to_vec()
                },
            ));
        }
        cells
    };
    let table = Table::new(columns).with_rows(types.iter().map(cells));
    let parameters = report.total_parameters.map_or_else(String::new, |total| {
        format!(", {} parameters", thousands(total))
    });
    format!(
        "{}\n{} modules of {} types{parameters}\n",
        table.text(),
        thousands(report.modules.len() as u64),
        report.types.len(),
    )
}

fn shapes_text(shapes: &[&[usize]]) -> String {
    let shape = |shape: &&[usize]| {
        let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
        sizes.join("×")
    };
    let mut shown: Vec<String> = shapes.iter().take(SHAPES_SHOWN).map(shape).collect();
    if shapes.len() > SHAPES_SHOWN {
        shown.push(format!("{} more", shapes.len() - SHAPES_SHOWN));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{ReportBuilder, Weight};
    use crate::tensor::DType;

    #[test]
    fn a_model_shows_shapes_and_parameters_and_no_ratios() {
        let mut builder = ReportBuilder::new("m");
        let mut add = |name: &str, layer_type: &str, shape: &[usize], tied_to: Option<&str>| {
            builder.push(name, layer_type).weight = Some(Weight {
                shape: shape.to_vec(),
                dtype: DType::BF16,
                parameters: shape.iter().product::<usize>() as u64,
                companions: 8,
                tied_to: tied_to.map(str::to_owned),
                tensor: None,
            });
        };
        add("lm_head", "lm_head", &[64, 32], Some("embed"));
        for (block, rows) in [16, 16, 32, 48, 64].into_iter().enumerate() {
            add(&format!("l.{block}.up"), "up", &[rows, 100], None);
        }
        let mut report = builder.finish();
        report.total_parameters = Some(19_648);
        let types: Vec<TypeRow<'_>> = report.types.iter().map(|t| row(&report, t)).collect();
        assert_eq!(
            text(&report, &types).lines().collect::<Vec<_>>(),
            [
                "type     modules                   shape  parameters",
                "lm_head        1                   64×32        tied",
                "up             5  16×100, 32×100, 2 more      17,640",
                "",
                "6 modules of 2 types, 19,648 parameters",
            ]
        );
    }
}
