//! Numbers as the window writes them: those of the whole program, and a percentage of entry.

use crate::selection::Percent;
pub(crate) use crate::text::{
    duration, gib, grouped, number as ratio, parameters, shape, share, tick,
};

/// A percentage at which a module enters, rounded up to hundredths: typing it does take it.
#[must_use]
pub(crate) fn entry(percent: Percent) -> String {
    let up = (percent.value() * 100.0 - 1e-9).ceil() / 100.0;
    let text = format!("{up:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}
