//! The scan under way, and the results of an earlier one where there are any.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use crate::progress::Progress;
use crate::spectral::{Device, ModuleResult, ScanSummary};
use crate::window::document::DocumentId;
use crate::window::scan::earlier::Earlier;
use crate::window::task::{Bound, Slot};

/// The scan room.
#[derive(Default)]
pub struct Scan {
    /// The folder that interrupted scans are kept in; none where the system has no such place.
    pub folder: Option<PathBuf>,
    /// The scan of the open model.
    pub(crate) running: Slot<ScanSummary>,
    /// What it has finished and nobody has looked at yet.
    pub(crate) finished: Option<Bound<Finished>>,
    /// The search for results of an earlier scan.
    pub(crate) search: Slot<Option<Earlier>>,
    /// What it has found.
    pub(crate) earlier: Option<Bound<Earlier>>,
    /// What the next scan computes with.
    pub(crate) device: Device,
    /// The search for a graphics card, begun with the first model.
    pub(crate) card_search: Slot<Option<String>>,
    /// The card's name, once it is found.
    pub(crate) card: Card,
}

/// What is known of a graphics card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Card {
    /// It was not looked for.
    #[default]
    Unknown,
    /// It is being looked for, or there is none.
    None,
    /// Its name.
    Named(String),
}

/// Modules that a scan has finished.
pub(crate) struct Finished {
    pub(crate) modules: Receiver<(usize, ModuleResult)>,
    /// When they were last taken in.
    pub(crate) taken: Instant,
}

impl Scan {
    /// Whether the open model is being scanned.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.running.is_busy()
    }

    /// Results of an earlier scan of the document that is `open`.
    #[must_use]
    pub fn earlier(&self, open: Option<DocumentId>) -> Option<&Earlier> {
        self.earlier.as_ref()?.get(open)
    }

    /// How far the scan is.
    pub(crate) fn progress(&self) -> Option<&Progress> {
        self.running.progress()
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Scan what is not scanned yet.
    Start,
    /// Scan from the beginning.
    StartFresh,
    /// Stop; what is finished is kept.
    Cancel,
    /// Compute with this device from the next scan on.
    UseDevice(Device),
    /// Take the ratios of the earlier results that were found.
    UseEarlier,
}
