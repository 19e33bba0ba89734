//! A source, parsed. Names and text are pieces of it.

use std::collections::BTreeMap;

use super::cursor::Span;
use super::functions::Function;
use super::value::Value;

/// The bodies of a source: its own, under [`NAME`], and those that it defines.
pub(super) type Templates<'s> = BTreeMap<String, Vec<Node<'s>>>;

pub(super) enum Node<'s> {
    Text(&'s str),
    Action(Pipe<'s>),
    If(Branch<'s>),
    With(Branch<'s>),
    Range(Branch<'s>),
    Template {
        span: Span<'s>,
        name: String,
        argument: Option<Pipe<'s>>,
    },
    Break,
    Continue,
}

pub(super) struct Branch<'s> {
    pub(super) pipe: Pipe<'s>,
    pub(super) body: Vec<Node<'s>>,
    pub(super) otherwise: Vec<Node<'s>>,
}

/// Commands, each of which gets what the one before came to, and the variables that the last one sets.
pub(super) struct Pipe<'s> {
    pub(super) span: Span<'s>,
    pub(super) variables: Vec<&'s str>,
    pub(super) is_declaration: bool,
    pub(super) commands: Vec<Vec<Operand<'s>>>,
}

pub(super) struct Operand<'s> {
    pub(super) span: Span<'s>,
    pub(super) term: Term<'s>,
    pub(super) fields: Vec<&'s str>,
}

pub(super) enum Term<'s> {
    Dot,
    Literal(Value),
    Variable(&'s str),
    Function(&'static Function),
    Pipe(Box<Pipe<'s>>),
}
