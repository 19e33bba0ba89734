//! Go's `text/template`, as far as a dry run needs it: parsing, the built-in functions, and a made-up context.
//!
//! Whether a template is good is decided as Go decides it, and its faults are told in the same words where they are
//! common (`unclosed action`, `function "upper" not defined`, `can't evaluate field X in type ...`).
//!
//! Unlike Go's, a dry run ends: [`Work`] bounds what all templates of one spec may cost together, and nesting is
//! bounded, so that a small request cannot take the server's time or memory.
//!
//! It is not a template engine for anything else: the only data is the context of [`value`], there are no methods and
//! no complex numbers, and numbers in hexadecimal have no fraction.

mod cursor;
mod format;
mod functions;
mod literal;
mod parse;
mod print;
mod run;
mod tree;
mod value;

/// Steps and bytes that the templates of one spec may cost together: as many as the largest request has bytes.
const WORK_MAX: usize = 4 << 20;

/// How deep control structures, parentheses and calls of named templates may nest together. Far from what the stack of
/// a thread takes, and farther from what anybody writes.
const DEPTH_MAX: usize = 128;

/// The name that SwarmKit gives to each template, and that faults show.
const NAME: &str = "expansion";

/// Expands the templates of one spec.
pub(super) struct Expander {
    work: Work,
}

impl Expander {
    pub(super) fn new() -> Self {
        Self::with_work(WORK_MAX)
    }

    fn with_work(left: usize) -> Self {
        Self {
            work: Work { left },
        }
    }

    /// Returns what a template comes to, or Go's words for what is wrong with it.
    pub(super) fn expand(&mut self, source: &str) -> Result<String, String> {
        if !source.contains("{{") {
            return Ok(source.to_owned());
        }
        let templates = parse::parse(source)?;
        run::run(source, &templates, &mut self.work)
    }
}

/// What may still be spent on expansion.
struct Work {
    left: usize,
}

impl Work {
    fn spend(&mut self, cost: usize) -> Result<(), String> {
        match self.left.checked_sub(cost) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err("the templates of one spec take too much work".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
