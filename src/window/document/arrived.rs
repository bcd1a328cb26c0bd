//! What a path holds, made ready for the window off the interface thread: ranking a large report
//! takes a while.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Result;
use crate::open::Opened;
use crate::report::{SnrReport, Spectra};
use crate::selection::{Choice, Towers};
use crate::window::document::{Document, Origin};

/// What a path holds.
pub(crate) enum Arrived {
    /// A model or results, with nothing chosen on them.
    Document(Box<Document>),
    /// A freeze set's file, still to be read.
    FreezeSet(PathBuf),
    /// A session, still to be read.
    Session(PathBuf),
    /// The log of training runs, still to be read.
    Log(PathBuf),
}

impl From<Opened> for Arrived {
    fn from(opened: Opened) -> Self {
        let document = |report: SnrReport, origin, spectra| {
            let choice = Choice::first_of(&Towers::of(&report));
            Self::Document(Box::new(Document::with(report, origin, choice, spectra)))
        };
        match opened {
            Opened::Report(report, spectra) => document(*report, Origin::Results, spectra),
            Opened::Model(model) => {
                document(SnrReport::of_model(&model), Origin::Model(model), None)
            }
            Opened::FreezeSet(path) => Self::FreezeSet(path),
            Opened::Session(path) => Self::Session(path),
            Opened::Log(path) => Self::Log(path),
        }
    }
}

impl Document {
    /// The embedded sample, with nothing chosen on it.
    pub(crate) fn sample() -> Result<Self> {
        let (report, spectra) = crate::sample::open()?;
        let spectra = Some(Arc::new(spectra));
        let choice = Choice::default();
        Ok(Self::with(report, Origin::Sample, choice, spectra))
    }

    fn with(
        report: SnrReport,
        origin: Origin,
        choice: Choice,
        spectra: Option<Arc<Spectra>>,
    ) -> Self {
        let mut document = Self::new(report, origin, choice);
        document.spectra = spectra;
        document
    }
}
