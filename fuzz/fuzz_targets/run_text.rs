#![no_main]

#[path = "../../tests/faults/entry/mod.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run_text(data));
