//! A place in the source of a template, and how it moves over blanks, words and literals.

use super::NAME;

/// A piece of the source and where faults say that it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span<'s> {
    /// Go points to the second dot of a chain of fields, so this is not always where the text starts.
    pub(super) at: usize,
    pub(super) text: &'s str,
}

pub(super) struct Cursor<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Moves back to a place where the cursor was before.
    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    pub(super) fn since(&self, start: usize) -> &'s str {
        &self.source[start..self.at]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves over some bytes, which must end between characters.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    pub(super) fn eat_while(&mut self, is_wanted: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !is_wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    pub(super) fn skip_blanks(&mut self) {
        self.eat_while(is_blank);
    }

    /// Tells whether the character before the cursor is a blank.
    pub(super) fn is_after_blank(&self) -> bool {
        self.source[..self.at].ends_with(is_blank)
    }

    /// Returns a fault of the syntax, in Go's form.
    pub(super) fn fault(&self, text: &str) -> String {
        let line = 1 + self.source[..self.at].matches('\n').count();
        format!("template: {NAME}:{line}: {text}")
    }
}

pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Returns a fault of a run, in Go's form: with line, column and the piece at fault.
pub(super) fn run_fault(source: &str, template: &str, span: Span<'_>, text: &str) -> String {
    let before = &source[..span.at];
    let line = 1 + before.matches('\n').count();
    let column = span.at - before.rfind('\n').map_or(0, |end| end + 1);
    format!(
        "template: {NAME}:{line}:{column}: executing {} at <{}>: {text}",
        crate::validate::go::quoted(template),
        span.text
    )
}
