//! What does not fit does not compile: each file under `ui/` is a mistake, and beside it is what the compiler says.
//!
//! `TRYBUILD=overwrite cargo test -p store-objects --test does_not_compile` writes down what it says now.

#[test]
fn what_does_not_fit_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
