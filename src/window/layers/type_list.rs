//! The rows of the types list: one a layer type, experts of a projection folded into one.
//!
//! Enters: a report. Leaves: rows with their sparkline, made again only when the numbers change.

use crate::report::SnrReport;
use crate::spectral::law::EXPLAINED;
use crate::tensor::Group;
use crate::window::document::Document;
use crate::window::snapshot::SnapshotId;

/// How many points a sparkline has at most.
const POINTS: usize = 48;

/// The rows, with what they were made from.
#[derive(Default)]
pub(crate) struct TypeList {
    made_from: SnapshotId<SnrReport>,
    pub(crate) rows: Vec<TypeRow>,
}

/// One row: a type, or all experts' types of one projection.
pub(crate) struct TypeRow {
    /// The type's name, `*` for the experts' numbers.
    pub(crate) name: String,
    /// The shortest end of the name that no other row shares.
    pub(crate) label: String,
    /// Its group.
    pub(crate) group: Group,
    /// Indices of the types.
    pub(crate) types: Vec<usize>,
    /// Number of modules.
    pub(crate) modules: usize,
    /// SNR over the blocks on a log scale from 0 to 1; gaps where there is none.
    pub(crate) sparkline: Vec<Option<f32>>,
    /// Least and greatest finite SNR.
    pub(crate) range: Option<(f64, f64)>,
    /// What the noise control says of the type's ratios, where it says something against them.
    pub(crate) noise: Option<TypeNoise>,
}

/// Why a type's ratios are not to be taken for signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeNoise {
    /// For most of its shapes Spectrum's τ separates nothing.
    Unseparated,
    /// Half of its modules or more have no more than what noise gives.
    Explained,
}

impl TypeNoise {
    fn of(report: &SnrReport, types: &[usize]) -> Option<Self> {
        let modules = types.iter().flat_map(|&index| &report.types[index].modules);
        let (mut known, mut unseparated, mut explained) = (0, 0, 0);
        for noise in modules.filter_map(|&module| report.modules[module].noise) {
            known += 1;
            match noise.excess {
                None => unseparated += 1,
                Some(excess) if excess <= EXPLAINED => explained += 1,
                Some(_) => {}
            }
        }
        match known {
            0 => None,
            _ if 2 * unseparated > known => Some(Self::Unseparated),
            _ if 2 * explained >= known => Some(Self::Explained),
            _ => None,
        }
    }

    /// The sign in the row.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Unseparated => "–",
            Self::Explained => "≈",
        }
    }

    /// What the sign means, in a way that can be checked.
    pub(crate) fn explanation(self) -> &'static str {
        match self {
            Self::Unseparated => {
                "– Spectrum's τ separates nothing for this shape: all singular values of pure \
                 noise lie above it, too. Ranks within the type are not ranks of signal."
            }
            Self::Explained => {
                "≈ Half of these layers or more have no more than pure noise of the same shape \
                 gives (excess up to 0.5): noise explains their ratios. See the color mode \
                 “Excess over noise”."
            }
        }
    }
}

impl TypeList {
    /// Makes the rows anew if the document's numbers changed.
    pub(crate) fn update(&mut self, document: &Document) {
        let from = SnapshotId::of(&document.report);
        if self.made_from != from {
            self.made_from = from;
            self.rows = rows(&document.report);
        }
    }
}

fn rows(report: &SnrReport) -> Vec<TypeRow> {
    let mut rows: Vec<TypeRow> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (index, layer_type) in report.types.iter().enumerate() {
        let place = *places.entry(layer_type.folded.as_str()).or_insert_with(|| {
            rows.push(TypeRow {
                name: layer_type.folded.clone(),
                label: String::new(),
                group: layer_type.group,
                types: Vec::new(),
                modules: 0,
                sparkline: Vec::new(),
                range: None,
                noise: None,
            });
            rows.len() - 1
        });
        rows[place].types.push(index);
        rows[place].modules += layer_type.modules.len();
    }
    rows.sort_by_key(|row| row.group);
    let labels: Vec<String> = rows.iter().map(|row| label(&row.name, &rows)).collect();
    for (row, label) in rows.iter_mut().zip(labels) {
        row.label = label;
    }
    for row in &mut rows {
        (row.sparkline, row.range) = sparkline(report, &row.types);
        row.noise = TypeNoise::of(report, &row.types);
    }
    rows
}

/// The shortest end of `name`, cut at a dot and not at a number, that no other row ends in.
fn label(name: &str, rows: &[TypeRow]) -> String {
    let cuts = name.rmatch_indices('.').map(|(at, _)| &name[at + 1..]);
    let unique = |end: &&str| {
        let ends = |row: &TypeRow| {
            let rest = row.name.strip_suffix(*end);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let says = end.starts_with(|first: char| first.is_alphabetic());
        says && *end != "weight" && rows.iter().filter(|row| ends(row)).count() == 1
    };
    cuts.into_iter().find(unique).unwrap_or(name).to_owned()
}

/// The mean of log₁₀ SNR in each block (or stretch of blocks), scaled to 0 to 1.
fn sparkline(report: &SnrReport, types: &[usize]) -> (Vec<Option<f32>>, Option<(f64, f64)>) {
    let modules = || types.iter().flat_map(|&index| &report.types[index].modules);
    let blocks = modules()
        .filter_map(|&module| report.modules[module].block)
        .max();
    let blocks = blocks.map_or(1, |last| last as usize + 1);
    let points = blocks.min(POINTS);
    let mut sums = vec![(0.0_f64, 0_u32); points];
    let mut range: Option<(f64, f64)> = None;
    for &module in modules() {
        let module = &report.modules[module];
        let Some(snr) = module.snr.filter(|snr| snr.is_finite()) else {
            continue;
        };
        range = Some(range.map_or((snr, snr), |(low, high)| (low.min(snr), high.max(snr))));
        if snr > 0.0 {
            let block = module.block.unwrap_or(0) as usize;
            let sum = &mut sums[block * points / blocks];
            *sum = (sum.0 + snr.log10(), sum.1 + 1);
        }
    }
    let means: Vec<Option<f64>> = sums
        .iter()
        .map(|&(sum, count)| (count > 0).then(|| sum / f64::from(count)))
        .collect();
    let low = means
        .iter()
        .flatten()
        .copied()
        .fold(f64::INFINITY, f64::min);
    let high = means
        .iter()
        .flatten()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    let scaled = |mean: f64| {
        if high > low {
            ((mean - low) / (high - low)) as f32
        } else {
            0.5
        }
    };
    (
        means.into_iter().map(|mean| mean.map(scaled)).collect(),
        range,
    )
}
