//! What of two sets matches nothing in the open document, and what else is to be known of them.

use crate::window::document::Document;
use crate::window::document::sets::SetRef;

/// One finding.
pub(crate) struct Line {
    /// The set's name.
    pub(super) set: String,
    /// Where in the file; none for a module's name and a note.
    pub(super) place: String,
    /// The pattern, the name, or the note.
    pub(super) text: String,
}

/// What is told of two sets.
#[derive(Default)]
pub(crate) struct Findings {
    /// What matches nothing.
    pub(super) unmatched: Vec<Line>,
    /// What else is to be known.
    pub(super) notes: Vec<Line>,
}

impl Findings {
    /// What of `sets` matches nothing, and what their files' readers note.
    pub(super) fn of(document: &Document, sets: [SetRef; 2]) -> Self {
        let mut findings = Self::default();
        let [a, b] = sets;
        let sets = std::iter::once(a).chain((a != b).then_some(b));
        for of in sets {
            let SetRef::Kept(id) = of else { continue };
            let Some(kept) = document.kept_set(id) else {
                continue;
            };
            let line = |place: String, text: &str| Line {
                set: kept.set.name.clone(),
                place,
                text: text.to_owned(),
            };
            let notes = kept.set.notes.iter();
            (findings.notes).extend(notes.map(|note| line("note".to_owned(), note)));
            let mut push = |place, text: &str| findings.unmatched.push(line(place, text));
            for unmatched in &kept.set.unmatched {
                let place = match unmatched.line {
                    0 => "pattern".to_owned(),
                    line => format!("line {line}"),
                };
                push(place, &unmatched.pattern);
            }
            for name in &kept.resolved.missing {
                push("not in this document".to_owned(), name);
            }
        }
        findings
    }
}
