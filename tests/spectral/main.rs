//! Ratios, the scan over a model, its journal, and the spectra and files it leaves.

mod cli;
mod journal;
mod models;
mod scan;
mod snr;
mod spectra;
mod support;
