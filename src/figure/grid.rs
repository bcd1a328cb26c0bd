//! The heatmap's grid: rows are layer types, columns are blocks, a cell is one module or many.
//!
//! Rows are grouped in the order of [`Group::ALL`]. Experts are folded to one row per projection;
//! an unfolded row is followed by one row per expert.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::figure::words::words;
use crate::report::SnrReport;
use crate::tensor::{Group, name};

/// The most cells: a hundred times those of the largest mixture with its experts unfolded. Rows
/// beyond are left out, so that a report of nothing but types and blocks costs bounded memory.
const MOST_CELLS: usize = 1 << 24;

/// What shapes the grid besides the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Folded types (`mlp.experts.*.down_proj`) whose experts are shown one by one.
    pub unfolded: BTreeSet<String>,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The place of modules outside the blocks: embedding, head, final norm.
    NoBlock,
    /// The block of that number.
    Block(u32),
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One layer type.
    Type,
    /// All experts of one projection.
    Experts {
        /// How many experts there are.
        count: usize,
        /// Whether a row for each follows.
        open: bool,
    },
    /// One expert's projection, below the row of all.
    Expert(u32),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row's label in plain words.
    pub label: String,
    /// The layer type, with `*` for the expert's number where the row holds them all.
    pub name: String,
    /// The type's part of the block.
    pub group: Group,
    /// What the row stands for.
    pub kind: RowKind,
    /// Indices into [`SnrReport::types`] of the types in it.
    pub types: Vec<usize>,
}

/// Rows, columns and the modules at each place. Empty places hold no module.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    /// Rows from top to bottom.
    pub rows: Vec<Row>,
    /// Columns from left to right: the modules without a block first, then ascending blocks.
    pub columns: Vec<Column>,
    /// Where each cell's modules start in `members`; one entry more than there are cells.
    starts: Vec<u32>,
    members: Vec<u32>,
    /// For each module its (row, column), the most particular one.
    places: Vec<Option<(u32, u32)>>,
}

/// A row while modules are still being collected.
struct Draft<'a> {
    row: Row,
    /// Sort key: group, tower, place of the words; first-seen order decides what is left.
    key: (Group, usize, usize),
    tower: &'a str,
    expert: Option<u32>,
    modules: Vec<u32>,
}

impl Grid {
    /// The grid of `report`.
    #[must_use]
    pub fn new(report: &SnrReport, options: &Options) -> Self {
        let (mut summaries, mut experts) = drafts(report, options);
        tell_apart(report, &mut summaries);
        summaries.sort_by_key(|draft| draft.key);
        let mut drafts = Vec::with_capacity(summaries.len() + experts.len());
        for summary in summaries {
            let mut own = experts
                .remove(&(summary.tower, summary.row.name.clone()))
                .unwrap_or_default();
            own.sort_by_key(|draft| draft.expert);
            drafts.push(summary);
            drafts.append(&mut own);
        }
        Self::filled(report, drafts)
    }

    fn filled(report: &SnrReport, mut drafts: Vec<Draft<'_>>) -> Self {
        let column_of = |module: u32| match report.modules[module as usize].block {
            Some(block) => Column::Block(block),
            None => Column::NoBlock,
        };
        let columns: BTreeSet<Column> = (0..report.modules.len() as u32).map(column_of).collect();
        let columns: Vec<Column> = columns.into_iter().collect();
        drafts.truncate(MOST_CELLS / columns.len().max(1));
        let mut grid = Self {
            starts: vec![0],
            places: vec![None; report.modules.len()],
            ..Self::default()
        };
        for (row, draft) in drafts.into_iter().enumerate() {
            let mut cells: Vec<Vec<u32>> = vec![Vec::new(); columns.len()];
            for module in draft.modules {
                if let Ok(column) = columns.binary_search(&column_of(module)) {
                    cells[column].push(module);
                    // An expert's own row comes after the folded one and takes its place.
                    grid.places[module as usize] = Some((row as u32, column as u32));
                }
            }
            for cell in cells {
                grid.members.extend(cell);
                grid.starts.push(grid.members.len() as u32);
            }
            grid.rows.push(draft.row);
        }
        grid.columns = columns;
        grid
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.columns.is_empty()
    }

    /// The modules (indices into the report) at that place, in report order.
    #[must_use]
    pub fn modules(&self, row: usize, column: usize) -> &[u32] {
        if row >= self.rows.len() || column >= self.columns.len() {
            return &[];
        }
        let cell = row * self.columns.len() + column;
        &self.members[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// All modules of the cells from one corner to the other, both included, each once.
    #[must_use]
    pub fn rectangle(&self, a: (usize, usize), b: (usize, usize)) -> Vec<usize> {
        let (rows, columns) = (a.0.min(b.0)..=a.0.max(b.0), a.1.min(b.1)..=a.1.max(b.1));
        let mut modules: Vec<usize> = rows
            .flat_map(|row| columns.clone().map(move |column| (row, column)))
            .flat_map(|(row, column)| self.modules(row, column))
            .map(|&module| module as usize)
            .collect();
        modules.sort_unstable();
        modules.dedup();
        modules
    }

    /// Where a module is: (row, column); its own expert's row where that is shown.
    #[must_use]
    pub fn place(&self, module: usize) -> Option<(usize, usize)> {
        let (row, column) = (*self.places.get(module)?)?;
        Some((row as usize, column as usize))
    }
}

/// Rows for every (tower, folded type), and for unfolded ones the rows of their experts by
/// (tower, folded type). A tower is the text before the block's number: an encoder and a decoder
/// have the same types, and are kept apart.
#[expect(clippy::type_complexity, reason = "used once, named by the line above")]
fn drafts<'a>(
    report: &'a SnrReport,
    options: &Options,
) -> (Vec<Draft<'a>>, BTreeMap<(&'a str, String), Vec<Draft<'a>>>) {
    let mut towers: HashMap<&str, usize> = HashMap::new();
    let mut summaries: Vec<Draft<'a>> = Vec::new();
    let mut summary_of: HashMap<(&str, &str), usize> = HashMap::new();
    let mut single_of: HashMap<(&str, usize), Draft<'a>> = HashMap::new();
    let mut singles: Vec<(&str, usize)> = Vec::new();
    for (index, module) in report.modules.iter().enumerate() {
        let layer_type = &report.types[module.layer_type];
        let tower = tower(&module.name, &layer_type.name);
        let next = towers.len();
        let tower_place = *towers.entry(tower).or_insert(next);
        let open = layer_type.expert.is_some() && options.unfolded.contains(&layer_type.folded);
        let at = *summary_of
            .entry((tower, &layer_type.folded))
            .or_insert_with(|| {
                let words = words(&layer_type.folded);
                summaries.push(Draft {
                    key: (layer_type.group, tower_place, words.place),
                    row: Row {
                        label: words.label,
                        name: layer_type.folded.clone(),
                        group: layer_type.group,
                        kind: RowKind::Type,
                        types: Vec::new(),
                    },
                    tower,
                    expert: None,
                    modules: Vec::new(),
                });
                summaries.len() - 1
            });
        let summary = &mut summaries[at];
        summary.modules.push(index as u32);
        // Modules come type by type or block by block: the last one seen is the likely hit.
        if summary.row.types.last() != Some(&module.layer_type)
            && !summary.row.types.contains(&module.layer_type)
        {
            summary.row.types.push(module.layer_type);
        }
        if layer_type.expert.is_some() {
            summary.row.kind = RowKind::Experts {
                count: summary.row.types.len(),
                open,
            };
        }
        if let Some(expert) = layer_type.expert.filter(|_| open) {
            let key = (tower, module.layer_type);
            let single = single_of.entry(key).or_insert_with(|| {
                singles.push(key);
                Draft {
                    key: (layer_type.group, tower_place, 0),
                    row: Row {
                        label: format!("expert {expert}"),
                        name: layer_type.name.clone(),
                        group: layer_type.group,
                        kind: RowKind::Expert(expert),
                        types: vec![module.layer_type],
                    },
                    tower,
                    expert: Some(expert),
                    modules: Vec::new(),
                }
            });
            single.modules.push(index as u32);
        }
    }
    let mut experts: BTreeMap<(&str, String), Vec<Draft<'a>>> = BTreeMap::new();
    for key in singles {
        if let Some(draft) = single_of.remove(&key) {
            let folded = report.types[key.1].folded.clone();
            experts.entry((key.0, folded)).or_default().push(draft);
        }
    }
    (summaries, experts)
}

/// The text before the block's number: `encoder.block` of `encoder.block.3.layer.0.q`.
fn tower<'a>(module: &'a str, layer_type: &str) -> &'a str {
    module
        .strip_suffix(layer_type)
        .and_then(|rest| rest.strip_suffix('.'))
        .and_then(|rest| rest.rsplit_once('.'))
        .map_or("", |(tower, _)| tower)
}

/// Gives rows that read alike what tells them apart: the whole name of the type, and in a model of
/// several towers the row's own.
fn tell_apart(report: &SnrReport, drafts: &mut [Draft<'_>]) {
    let mut names: HashMap<(Group, &str), BTreeSet<&str>> = HashMap::new();
    for draft in drafts.iter() {
        let key = (draft.row.group, draft.row.label.as_str());
        names.entry(key).or_default().insert(&draft.row.name);
    }
    let titles = titles(report, drafts);
    let labels: Vec<String> = drafts
        .iter()
        .map(|draft| {
            let row = &draft.row;
            let alike = names.get(&(row.group, row.label.as_str()));
            let label = if alike.is_some_and(|names| names.len() > 1) {
                &row.name
            } else {
                &row.label
            };
            match titles.get(draft.tower) {
                Some(title) if titles.len() > 1 => format!("{label} ({title})"),
                _ => label.clone(),
            }
        })
        .collect();
    for (draft, label) in drafts.iter_mut().zip(labels) {
        draft.row.label = label;
    }
}

/// What each tower is called: by the part of its name that says what it is, where no other tower
/// is called so, else by all of its name. What is outside the blocks belongs to none.
fn titles<'a>(report: &'a SnrReport, drafts: &[Draft<'a>]) -> BTreeMap<&'a str, &'a str> {
    let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
    let mut owners: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for draft in drafts.iter().filter(|draft| !draft.tower.is_empty()) {
        let module = draft.modules.first().map(|&module| module as usize);
        let title = module.and_then(|module| name::tower(&report.modules[module].name));
        let title = title.unwrap_or(draft.tower);
        titles.insert(draft.tower, title);
        owners.entry(title).or_default().insert(draft.tower);
    }
    for (tower, title) in &mut titles {
        if owners[title].len() > 1 {
            *title = tower;
        }
    }
    titles
}
