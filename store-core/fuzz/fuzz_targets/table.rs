//! The fuzz target `table`: `cargo xtask verify fuzz table`.

#![no_main]

#[path = "../src/table/mod.rs"]
mod table;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| table::run(bytes));
