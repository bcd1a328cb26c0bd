//! What the heatmap keeps from frame to frame: grid, values, colours, the cells' states. Each is
//! made again only when what it is made of changes.

use crate::figure::{ColorMap, Grid, Mode, Options, Picture, Values};
use crate::window::heatmap::cells::{self, CellState};
use crate::window::heatmap::compare::{CellParts, Compare};
use crate::window::heatmap::event::Input;

/// What is rebuilt only when what it is made of changes.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) grid: Keyed<(u64, Options), Grid>,
    pub(crate) values: Keyed<(u64, Mode), Values>,
    pub(crate) picture: Keyed<(u64, ColorMap), Picture>,
    pub(crate) states: Keyed<(u64, u64), Vec<CellState>>,
    pub(crate) parts: Keyed<(u64, u64), Vec<CellParts>>,
}

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
        // Compared by reference first: the set of unfolded rows is not cloned each frame.
        let same = self.grid.key.as_ref().is_some_and(|(revision, options)| {
            *revision == input.revision && options.unfolded == settings.unfolded
        });
        if !same {
            let options = Options {
                unfolded: settings.unfolded.clone(),
            };
            let grid = Grid::new(input.report, &options);
            changed = grid != self.grid.value;
            self.grid.update((input.revision, options), || grid);
        }
        let (grid, made) = (&self.grid.value, self.grid.made);
        self.values.update((made, settings.mode), || {
            Values::new(input.report, input.ranking, grid, settings.mode)
        });
        let values = &self.values.value;
        self.picture.update((self.values.made, settings.map), || {
            Picture::new(values, settings.map)
        });
        self.states.update((made, input.selection_revision), || {
            cells::states(grid, input)
        });
        changed
    }

    /// Makes the cells' parts anew where the grid or one of the two sets changed.
    pub(crate) fn update_parts(&mut self, compare: &Compare<'_>) {
        let (grid, made) = (&self.grid.value, self.grid.made);
        self.parts
            .update((made, compare.revision), || compare.parts(grid));
    }
}
