//! What drawing the tab keeps from frame to frame.

use std::sync::{Arc, Weak};

use crate::figure::{Chart, Grid};
use crate::report::SnrReport;
use crate::window::runs::derive::ChartKey;
use crate::window::runs::entry::RunId;
use crate::window::runs::link::FreezeLink;

/// All of it.
#[derive(Default)]
pub(crate) struct Screen {
    pub(crate) table: Table,
    pub(crate) panels: Panels,
    pub(crate) map: Map,
    /// The runs that are pointed at.
    pub(crate) lit: Vec<RunId>,
}

/// What the table keeps.
#[derive(Default)]
pub(crate) struct Table {
    /// The name being changed.
    pub(crate) renaming: Option<(RunId, String)>,
    /// The row being dragged.
    pub(crate) dragged: Option<RunId>,
}

/// The charts as they were last made, with what they were made from.
#[derive(Default)]
pub(crate) struct Panels {
    pub(crate) charts: Vec<(ChartKey, Arc<Chart>)>,
}

/// What the map of layers keeps.
#[derive(Default)]
pub(crate) struct Map {
    pub(crate) key: Option<MapKey>,
    pub(crate) grid: Grid,
    /// Of every run with a freeze set, which modules of the report it trains.
    pub(crate) trained: Vec<(RunId, Vec<bool>)>,
    /// The keyboard's cell: row and column.
    pub(crate) cell: (usize, usize),
}

/// What the map is made from. It does not keep the report alive, which a scan goes on changing.
pub(crate) struct MapKey {
    pub(crate) report: Weak<SnrReport>,
    pub(crate) links: Vec<(RunId, Arc<FreezeLink>)>,
}

impl PartialEq for MapKey {
    fn eq(&self, other: &Self) -> bool {
        let same = |((a, link), (b, other)): (&(RunId, Arc<_>), &(RunId, Arc<_>))| {
            a == b && Arc::ptr_eq(link, other)
        };
        Weak::ptr_eq(&self.report, &other.report)
            && self.links.len() == other.links.len()
            && self.links.iter().zip(&other.links).all(same)
    }
}
