//! The kept inputs of the fuzz targets: what was found once, and a few that reach far.
//!
//! `cargo xtask verify fuzz` looks for new ones; an input that failed is kept in `fuzz/corpus`, under a name that says what
//! it was.

#[path = "../fuzz/src/table/mod.rs"]
mod table;

use std::fs;
use std::path::Path;

#[test]
fn the_inputs_of_table_do_as_the_model() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/table");
    let mut inputs: Vec<_> = fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty());
    for input in inputs {
        println!("{}", input.display());
        table::run(&fs::read(input).unwrap());
    }
}
