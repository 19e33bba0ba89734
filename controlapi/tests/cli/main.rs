//! `statectl` against a real server: commands, watches, and the transcript that the README shows.

#[path = "../support/mod.rs"]
mod support;

mod applying;
mod commands;
mod nodes;
mod statectl;
mod transcript;
mod watching;
