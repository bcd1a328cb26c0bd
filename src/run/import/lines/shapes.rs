//! Lines of other shapes than pairs: bars, dictionaries, boxes of GPUs, blocks of results, tables.

use super::idioms::Meaning;
use super::reader::LinesReader;
use super::said::{Said, is_loss};
use super::stamp::Bar;
use super::strip;
use crate::run::import::collect::{At, TooMany};
use crate::run::import::{cell, documents};
use crate::run::model::Metric;

impl LinesReader {
    /// A bar, with what stands around it.
    pub(super) fn bar_line(
        &mut self,
        bar: Bar<'_>,
        wall: Option<f64>,
    ) -> std::result::Result<(), TooMany> {
        let now = (bar.done, bar.total, bar.elapsed.unwrap_or(f64::NAN));
        self.bar = Some(now);
        if self
            .training
            .is_some_and(|(_, total, _)| total.total_cmp(&bar.total).is_eq())
        {
            self.training = Some(now);
        }
        let mut said = Said::default();
        // torchtune's `1|20|Loss: 1.95:`: the epoch and the step of the whole run.
        let own_step = strip::epoch_and_step(bar.before);
        if let Some((_, step)) = own_step {
            said.step = Some((3, step, Some(bar.total)));
        }
        for part in [bar.before, bar.inside, bar.behind] {
            self.read_pairs(part, None, &mut said);
        }
        if !said.has(is_loss) {
            return Ok(());
        }
        self.training = Some(now);
        if said.step.is_none() {
            said.step = Some((0, bar.done, Some(bar.total)));
        }
        said.elapsed = said.elapsed.or(bar.elapsed);
        if let Some((_, _, of)) = &mut said.step {
            *of = of.or(Some(bar.total));
        }
        self.row(said, wall)
    }

    /// A dictionary, as the transformers trainer prints them; its step is how far the bar is.
    pub(super) fn dictionary(
        &mut self,
        mut said: Said,
        wall: Option<f64>,
    ) -> std::result::Result<(), TooMany> {
        let is_last = said.about.iter().any(|(name, _)| name == "train_runtime");
        if is_last {
            // Means and totals of the whole run.
            for value in std::mem::take(&mut said.values) {
                if let Some(Meaning::Metric(described)) = self.meanings.get(value.id as usize) {
                    said.about.push((described.key.clone(), value.number));
                }
            }
            said.epoch = None;
        }
        if said.has(|metric| metric == Metric::TrainLoss)
            && let Some(bar) = self.bar
            && self.training.is_none_or(|(_, known, _)| bar.1 >= known)
        {
            self.training = Some(bar);
        }
        let measures = said
            .values
            .iter()
            .filter(|value| value.metric != Metric::Other);
        let row: Vec<(u32, f64)> = measures
            .map(|value| (value.id, value.number))
            .chain([(u32::MAX, said.epoch.unwrap_or(f64::NAN))])
            .collect();
        let same = |(a, b): (&(u32, f64), &(u32, f64))| a.0 == b.0 && a.1.total_cmp(&b.1).is_eq();
        if row.len() > 1
            && row.len() == self.last_row.len()
            && row.iter().zip(&self.last_row).all(same)
        {
            // LLaMA-Factory prints each twice.
            return Ok(());
        }
        self.last_row = row;
        if said.step.is_none()
            && let Some((done, total, elapsed)) = self.training
        {
            said.step = Some((0, done, Some(total)));
            if elapsed.is_finite() {
                said.elapsed = said.elapsed.or(Some(elapsed));
            }
        }
        self.row(said, wall)
    }

    /// The memory of a GPU in a box, or in a line of gpustat.
    pub(super) fn gpu(&mut self, used: f64) -> std::result::Result<(), TooMany> {
        let index = self.box_gpu.take().unwrap_or(self.box_rows);
        self.box_rows = index.saturating_add(1);
        let run = self.collector.run(&self.run)?;
        let described = documents::gpu_memory(index);
        let key = described.key.clone();
        let place = self.collector.metric(run, &key, |_| described)?;
        let at = At {
            wall: self.box_date,
            ..At::UNKNOWN
        };
        self.collector.local_times |= !self.box_date.is_nan();
        self.collector.rows += 1;
        self.measures += 1;
        self.placed += u64::from(!self.box_date.is_nan());
        self.collector.begin(run, place.table, at);
        self.collector.put(place, used, None);
        Ok(())
    }

    /// A line of a block under `***** train metrics *****`.
    pub(super) fn block_line(
        &mut self,
        block: &str,
        name: &str,
        value: &str,
    ) -> std::result::Result<(), TooMany> {
        let number = match cell::read(value.as_bytes(), false) {
            cell::Cell::Number(number, None) => Some(number),
            _ => cell::duration(value.as_bytes()),
        };
        let Some(number) = number else { return Ok(()) };
        let mut said = Said::default();
        if block == "train" {
            said.about.push((name.to_owned(), number));
        } else {
            self.take_named(&mut said, name, number);
            said.epoch = None;
        }
        self.row(said, None)
    }

    pub(super) fn table_row(
        &mut self,
        row: Vec<(String, f64)>,
    ) -> std::result::Result<(), TooMany> {
        let mut said = Said::default();
        for (name, number) in row {
            self.take_named(&mut said, &name, number);
        }
        self.row(said, None)
    }
}
