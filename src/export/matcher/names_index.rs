//! Finding names fast: some thousand patterns over some ten thousand names.
//!
//! Enters: names. Leaves: the places of those that start with, are, or hold a text.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::export::matcher::python::{Step, Unreadable};

/// What the counted repeats of all patterns that are tried on a model's names may add up to (see
/// [`Translated::repeated`](super::python::Translated)): about a second of compiling. A set of
/// 100,000 patterns with two or three such repeats each stays below.
const MOST_REPEATED: u64 = 1 << 20;

/// Names, sorted for look-ups. Places are indices into the names it was made of.
#[derive(Debug)]
pub(in crate::export) struct NamesIndex<'a> {
    names: Vec<&'a str>,
    /// Places, in the names' byte order.
    sorted: Vec<usize>,
    /// Places of the names that hold two parts one after the other.
    pairs: OnceLock<HashMap<(&'a str, &'a str), Vec<usize>>>,
    /// Places of the names that are a text or end with it after a dot.
    ends: OnceLock<HashMap<&'a str, Vec<usize>>>,
    /// Whether all names are ASCII.
    pub(in crate::export) is_ascii: bool,
    /// Whether a name holds a line break.
    pub(in crate::export) has_line_break: bool,
    /// What the repeats of the patterns tried so far add up to.
    repeated: Cell<u64>,
}

impl<'a> NamesIndex<'a> {
    pub(in crate::export) fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_unstable_by_key(|&place| names[place]);
        Self {
            is_ascii: names.iter().all(|name| name.is_ascii()),
            has_line_break: names.iter().any(|name| name.contains('\n')),
            names,
            sorted,
            pairs: OnceLock::new(),
            ends: OnceLock::new(),
            repeated: Cell::new(0),
        }
    }

    /// Counts the repeats of a pattern that is to be tried on the names.
    ///
    /// # Errors
    /// That the patterns before it have had all that is allowed.
    pub(in crate::export) fn count(&self, repeated: u64) -> Result<(), Unreadable> {
        let sum = self.repeated.get().saturating_add(repeated);
        self.repeated.set(sum);
        if repeated == 0 || sum <= MOST_REPEATED {
            return Ok(());
        }
        Err(Unreadable {
            at: 0,
            reason: format!(
                "the repeats of the entries up to it add up to more than the {MOST_REPEATED} that \
                 are followed"
            ),
            refused: false,
        })
    }

    pub(in crate::export) fn len(&self) -> usize {
        self.names.len()
    }

    pub(in crate::export) fn name(&self, place: usize) -> &'a str {
        self.names[place]
    }

    /// The place of a name.
    pub(in crate::export) fn find(&self, name: &str) -> Option<usize> {
        let found = self
            .sorted
            .binary_search_by_key(&name, |&at| self.names[at]);
        found.ok().map(|at| self.sorted[at])
    }

    /// Names that start with `text`, ascending.
    pub(in crate::export) fn starting_with(&self, text: &str) -> Vec<usize> {
        self.places(
            &[(self.narrow(0..self.sorted.len(), 0, text), text.len())],
            false,
        )
    }

    /// Names that start with these steps, or are no more than them, ascending.
    pub(in crate::export) fn stepped(&self, steps: &[Step], whole: bool) -> Vec<usize> {
        let mut reached = Vec::new();
        self.descend(0..self.sorted.len(), 0, steps, &mut reached);
        self.places(&reached, whole)
    }

    /// Names that hold `text`, ascending.
    pub(in crate::export) fn holding(&self, text: &str) -> Vec<usize> {
        let holds = |&place: &usize| self.names[place].contains(text);
        let parts: Vec<&str> = text.split('.').collect();
        // Parts that have a dot on both sides in the text are whole parts of a name that holds it.
        let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or(&[]);
        if inner.len() < 2 {
            return (0..self.names.len()).filter(holds).collect();
        }
        let pairs = self.pairs.get_or_init(|| self.all_pairs());
        let candidates = inner.windows(2).map(|pair| {
            let found = pairs.get(&(pair[0], pair[1]));
            found.map_or(&[][..], Vec::as_slice)
        });
        let fewest = candidates.min_by_key(|places| places.len());
        fewest
            .unwrap_or(&[])
            .iter()
            .copied()
            .filter(holds)
            .collect()
    }

    /// Names that are `text` or end with it after a dot, ascending.
    pub(in crate::export) fn ending_with_part(&self, text: &str) -> Vec<usize> {
        let ends = self.ends.get_or_init(|| self.all_ends());
        ends.get(text).cloned().unwrap_or_default()
    }

    fn all_ends(&self) -> HashMap<&'a str, Vec<usize>> {
        let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, name) in self.names.iter().enumerate() {
            let ends = name.match_indices('.').map(|(at, _)| &name[at + 1..]);
            for end in std::iter::once(*name).chain(ends) {
                all.entry(end).or_default().push(place);
            }
        }
        all
    }

    fn all_pairs(&self) -> HashMap<(&'a str, &'a str), Vec<usize>> {
        let mut pairs: HashMap<_, Vec<usize>> = HashMap::new();
        for (place, name) in self.names.iter().enumerate() {
            for pair in name.split('.').zip(name.split('.').skip(1)) {
                let places = pairs.entry(pair).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        pairs
    }

    /// Of a stretch whose names agree in their first `depth` bytes, those that go on with `text`.
    fn narrow(&self, stretch: Range<usize>, depth: usize, text: &str) -> Range<usize> {
        let rest = |at: &usize| &self.names[*at].as_bytes()[depth..];
        let places = &self.sorted[stretch.clone()];
        let low = places.partition_point(|at| rest(at) < text.as_bytes());
        let with = places[low..].partition_point(|at| rest(at).starts_with(text.as_bytes()));
        stretch.start + low..stretch.start + low + with
    }

    fn descend(
        &self,
        mut stretch: Range<usize>,
        mut depth: usize,
        steps: &[Step],
        reached: &mut Vec<(Range<usize>, usize)>,
    ) {
        for (number, step) in steps.iter().enumerate() {
            if stretch.is_empty() {
                return;
            }
            match step {
                Step::Char(c) => {
                    let mut buffer = [0; 4];
                    stretch = self.narrow(stretch, depth, c.encode_utf8(&mut buffer));
                    depth += c.len_utf8();
                }
                Step::Any => {
                    self.branch(stretch, depth, &steps[number + 1..], reached);
                    return;
                }
            }
        }
        reached.push((stretch, depth));
    }

    /// Goes on below each character that stands at `depth`.
    fn branch(
        &self,
        mut stretch: Range<usize>,
        depth: usize,
        steps: &[Step],
        reached: &mut Vec<(Range<usize>, usize)>,
    ) {
        while let Some(&place) = self.sorted[stretch.clone()].first() {
            let Some(c) = self.names[place][depth..].chars().next() else {
                stretch.start += 1;
                continue;
            };
            let mut buffer = [0; 4];
            let below = self.narrow(stretch.clone(), depth, c.encode_utf8(&mut buffer));
            stretch.start = below.end;
            if c != '\n' {
                self.descend(below, depth + c.len_utf8(), steps, reached);
            }
        }
    }

    fn places(&self, reached: &[(Range<usize>, usize)], whole: bool) -> Vec<usize> {
        let mut places: Vec<usize> = reached
            .iter()
            .flat_map(|(stretch, depth)| {
                let places = self.sorted[stretch.clone()].iter().copied();
                places.filter(move |&place| !whole || self.names[place].len() == *depth)
            })
            .collect();
        places.sort_unstable();
        places
    }
}
