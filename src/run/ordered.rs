//! The rows of a series put in order, each step once.
//!
//! Enters: where the rows of a series are, as they were logged. Leaves: the same in order, and what
//! was odd about it.

use std::sync::Arc;

use super::model::Axis;

/// Counts on what starts again: steps in every epoch, and the relative time of a resumed process.
pub(super) fn count_on(axis: &mut Axis, warnings: &mut Vec<String>) {
    let falls = |column: &[f64]| column.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let restarts = falls(&axis.steps);
    if restarts > 0 && axis.epochs.len() == axis.steps.len() {
        // A resumed run goes back in epochs as well; a new epoch does not.
        let in_every_epoch = axis.steps.windows(2).zip(axis.epochs.windows(2));
        let per_epoch = in_every_epoch
            .filter(|(steps, epochs)| steps[1] < steps[0] && epochs[1] > epochs[0])
            .count();
        if per_epoch == restarts && falls(&axis.epochs) == 0 {
            offset_falls(&mut axis.steps);
            warnings.push(format!(
                "steps start again {restarts} times, with each epoch: they are counted on"
            ));
        }
    }
    let restarts = restarts_of_time(&axis.relative);
    if restarts > 0 {
        offset_restarts(&mut axis.relative);
        let times = if restarts == 1 {
            "once".to_owned()
        } else {
            format!("{restarts} times")
        };
        warnings.push(format!(
            "the time since the start begins again {times}, as after a resumed run: it is counted on"
        ));
    }
}

/// How far a time may fall behind the one before, as a share, where several processes write one log.
const SLACK: f64 = 0.1;
/// The same in seconds.
const SLACK_SECONDS: f64 = 10.0;

/// How often the time since the start begins again; none where it falls in other ways, too.
fn restarts_of_time(times: &[f64]) -> usize {
    let (mut restarts, mut last) = (0, f64::NAN);
    for &time in times.iter().filter(|time| !time.is_nan()) {
        if time < last {
            let small = last - time <= (SLACK * last).max(SLACK_SECONDS.min(0.5 * last));
            if time < 0.5 * last {
                restarts += 1;
            } else if !small {
                return 0;
            }
        }
        last = time;
    }
    restarts
}

/// Counts on where the time begins again.
fn offset_restarts(times: &mut [f64]) {
    // The furthest since the last restart: several processes may write one log.
    let (mut offset, mut last, mut distance) = (0.0, f64::NAN, 0.0);
    let mut furthest = 0.0_f64;
    for time in times.iter_mut().filter(|time| !time.is_nan()) {
        furthest = furthest.max(last);
        if *time < 0.5 * last {
            offset += if *time > 0.0 {
                furthest
            } else {
                furthest + distance
            };
            furthest = 0.0;
        } else if *time > last {
            distance = *time - last;
        }
        last = *time;
        *time += offset;
    }
}

/// Adds to all that follows a fall what was before it; where counting starts at 0, also the
/// distance that was usual before.
fn offset_falls(column: &mut [f64]) {
    let (mut offset, mut last, mut distance) = (0.0, f64::NAN, 0.0);
    for value in column {
        if *value < last {
            offset += if *value > 0.0 { last } else { last + distance };
        } else if *value > last {
            distance = *value - last;
        }
        if !value.is_nan() {
            last = *value;
        }
        *value += offset;
    }
}

/// An axis in order, and how it came to be.
pub(super) struct Ordered {
    pub(super) axis: Arc<Axis>,
    /// Which value comes where; none where all stay.
    pub(super) order: Option<Vec<u32>>,
    /// Values dropped since their step was logged again: how many, from which step to which.
    pub(super) again: Option<(usize, f64, f64)>,
    /// How often the steps, or times, went back.
    back: usize,
    /// Steps between which far less was logged than elsewhere.
    gaps: Vec<(f64, f64)>,
    /// Of which series.
    pub(super) keys: Vec<String>,
}

impl Ordered {
    pub(super) fn of(whole: &Arc<Axis>, rows: Option<&[u32]>) -> Self {
        let axis = match rows {
            None => Arc::clone(whole),
            Some(rows) => Arc::new(whole.pick(rows)),
        };
        let by_step = !axis.steps.is_empty();
        let column = [&axis.steps, &axis.wall, &axis.relative, &axis.epochs];
        let column = column.into_iter().find(|column| !column.is_empty());
        let column = column.map_or(&[][..], Vec::as_slice);
        let mut ordered = Self {
            axis: Arc::clone(&axis),
            order: None,
            again: None,
            back: 0,
            gaps: Vec::new(),
            keys: Vec::new(),
        };
        let sound = |pair: &[f64]| {
            if by_step {
                pair[0] < pair[1]
            } else {
                pair[0] <= pair[1]
            }
        };
        if column.windows(2).all(sound) {
            if by_step {
                ordered.gaps = gaps(column);
            }
            return ordered;
        }
        // What has no step stays behind what came before it.
        let mut last = f64::NEG_INFINITY;
        let keys: Vec<f64> = column
            .iter()
            .map(|&key| {
                if !key.is_nan() {
                    last = key;
                }
                last
            })
            .collect();
        ordered.back = keys.windows(2).filter(|pair| pair[1] < pair[0]).count();
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        // Stable: of equal steps the last one logged stays last.
        order.sort_by(|&a, &b| keys[a as usize].total_cmp(&keys[b as usize]));
        if by_step {
            let (mut dropped, mut from, mut to) = (0, f64::INFINITY, f64::NEG_INFINITY);
            let mut kept: Vec<u32> = Vec::with_capacity(order.len());
            for &at in &order {
                let step = column[at as usize];
                if let Some(last) = kept.last_mut()
                    && !step.is_nan()
                    && column[*last as usize].total_cmp(&step).is_eq()
                {
                    *last = at;
                    dropped += 1;
                    (from, to) = (step.min(from), step.max(to));
                } else {
                    kept.push(at);
                }
            }
            order = kept;
            ordered.again = (dropped > 0).then_some((dropped, from, to));
        }
        if !order
            .iter()
            .enumerate()
            .all(|(to, &from)| to == from as usize)
            || ordered.again.is_some()
        {
            ordered.axis = Arc::new(axis.pick(&order));
            ordered.order = Some(order);
        }
        ordered.gaps = gaps(&ordered.axis.steps);
        ordered
    }

    pub(super) fn is_odd(&self) -> bool {
        self.again.is_some() || self.back > 0 || !self.gaps.is_empty()
    }

    /// Lines about what is odd.
    pub(super) fn warnings(&self) -> Vec<String> {
        let of = match self.keys.as_slice() {
            [key] => key.clone(),
            [key, rest @ ..] => format!("{key} and {} more", rest.len()),
            [] => return Vec::new(),
        };
        let order = match self.again {
            Some((1, step, _)) => Some(format!(
                "{of}: step {step} was logged twice: the last value counts"
            )),
            Some((count, from, to)) if self.back == 0 => Some(format!(
                "{of}: {count} steps from {from} to {to} were logged more than once, as by several processes: the \
                 last values count"
            )),
            Some((count, from, to)) => Some(format!(
                "{of}: {count} values of steps {from} to {to} were logged again, as after a resumed run: the last \
                 ones count"
            )),
            None if self.back > 0 => {
                Some(format!("{of}: not in order {} times: sorted", self.back))
            }
            None => None,
        };
        let gaps = self.gaps.iter();
        let gaps = gaps
            .map(|(from, to)| format!("{of}: nothing was logged between steps {from} and {to}"));
        order.into_iter().chain(gaps).collect()
    }
}

/// The gaps in steps in order: over ten times the median distance, where there are at most three
/// of them (more are a way of logging) in at least twenty steps.
fn gaps(steps: &[f64]) -> Vec<(f64, f64)> {
    let mut distances: Vec<f64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if distances.len() < 20 {
        return Vec::new();
    }
    let middle = distances.len() / 2;
    let (_, &mut median, _) = distances.select_nth_unstable_by(middle, f64::total_cmp);
    drop(distances);
    let far = steps
        .windows(2)
        .filter(|pair| pair[1] - pair[0] > 10.0 * median);
    let gaps: Vec<(f64, f64)> = far.take(4).map(|pair| (pair[0], pair[1])).collect();
    if gaps.len() > 3 { Vec::new() } else { gaps }
}

impl Axis {
    /// The places of these rows.
    fn pick(&self, rows: &[u32]) -> Self {
        let pick = |column: &Vec<f64>| {
            let picked = rows.iter().filter_map(|&row| column.get(row as usize));
            let picked: Vec<f64> = picked.copied().collect();
            // A column that says nothing of these rows is none.
            if picked.iter().all(|value| value.is_nan()) {
                Vec::new()
            } else {
                picked
            }
        };
        Self {
            steps: pick(&self.steps),
            epochs: pick(&self.epochs),
            relative: pick(&self.relative),
            wall: pick(&self.wall),
        }
    }
}
