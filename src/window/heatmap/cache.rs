//! What the heatmap keeps from frame to frame: grid, values, colors, the cells' states. Each is
//! made again only when what it is made of changes.

use crate::figure::{ColorMap, Grid, Mode, Options, Picture, Values};
use crate::report::SnrReport;
use crate::selection::{FreezeSet, Ranking};
use crate::window::heatmap::cells::{self, CellState};
use crate::window::heatmap::compare::{CellParts, Compare};
use crate::window::heatmap::event::Input;
use crate::window::snapshot::SnapshotId;

/// What is rebuilt only when what it is made of changes.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) grid: Keyed<(Numbers, Options), Grid>,
    pub(crate) values: Keyed<(u64, Mode), Values>,
    pub(crate) picture: Keyed<(u64, ColorMap), Picture>,
    pub(crate) states: Keyed<(u64, SnapshotId<FreezeSet>), Vec<CellState>>,
    pub(crate) parts: Keyed<Compared, Vec<CellParts>>,
}

/// The snapshots that ratios and their order come from.
type Numbers = (SnapshotId<SnrReport>, SnapshotId<Ranking>);

/// The grid that it was made on, and the two sets: their modules are told apart in full, a byte
/// for each.
type Compared = (u64, Vec<bool>, Vec<bool>);

/// A value with what it was made from, and a number that grows each time it is made again.
#[derive(Debug)]
pub(crate) struct Keyed<K, V> {
    key: Option<K>,
    pub(crate) value: V,
    made: u64,
}

impl<K, V: Default> Default for Keyed<K, V> {
    fn default() -> Self {
        Self {
            key: None,
            value: V::default(),
            made: 0,
        }
    }
}

impl<K: PartialEq, V> Keyed<K, V> {
    fn update(&mut self, key: K, make: impl FnOnce() -> V) {
        if self.key.as_ref() != Some(&key) {
            self.value = make();
            self.key = Some(key);
            self.made += 1;
        }
    }
}

impl Cache {
    /// Makes anew what is out of date; whether rows, columns or their modules changed.
    pub(crate) fn update(&mut self, input: &Input<'_>) -> bool {
        let mut changed = false;
        let settings = input.settings;
        let numbers = (SnapshotId::of(input.report), SnapshotId::of(input.ranking));
        // Compared by reference first: the set of unfolded rows is not cloned each frame.
        let same = self.grid.key.as_ref().is_some_and(|(made_of, options)| {
            *made_of == numbers && options.unfolded == settings.unfolded
        });
        if !same {
            let options = Options {
                unfolded: settings.unfolded.clone(),
            };
            let grid = Grid::new(input.report, &options);
            changed = grid != self.grid.value;
            self.grid.update((numbers, options), || grid);
        }
        let (grid, made) = (&self.grid.value, self.grid.made);
        self.values.update((made, settings.mode), || {
            Values::new(input.report, input.ranking, grid, settings.mode)
        });
        let values = &self.values.value;
        self.picture.update((self.values.made, settings.map), || {
            Picture::new(values, settings.map)
        });
        let set = SnapshotId::of(input.set);
        self.states
            .update((made, set), || cells::states(grid, input));
        changed
    }

    /// Makes the cells' parts anew where the grid or one of the two sets changed.
    pub(crate) fn update_parts(&mut self, compare: &Compare<'_>) {
        let (grid, made) = (&self.grid.value, self.grid.made);
        let same = |(on, a, b): &Compared| *on == made && a == compare.a && b == compare.b;
        if !self.parts.key.as_ref().is_some_and(same) {
            let compared = (made, compare.a.to_vec(), compare.b.to_vec());
            self.parts.update(compared, || compare.parts(grid));
        }
    }
}
