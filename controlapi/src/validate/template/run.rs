//! Expansion of a parsed source, within the work that is allowed.

use super::cursor::{Span, run_fault};
use super::functions::Function;
use super::print;
use super::tree::{Branch, Node, Operand, Pipe, Templates, Term};
use super::value::{CONTEXT, Value};
use super::{DEPTH_MAX, NAME, Work};

type Ran<T> = Result<T, String>;

/// Returns what a source comes to.
pub(super) fn run(source: &str, templates: &Templates<'_>, work: &mut Work) -> Ran<String> {
    let mut run = Run {
        source,
        templates,
        work,
        template: NAME,
        variables: vec![("$", CONTEXT)],
        depth: 0,
        out: String::new(),
    };
    run.list(&templates[NAME], &CONTEXT)?;
    Ok(run.out)
}

struct Run<'r, 's> {
    source: &'s str,
    templates: &'r Templates<'s>,
    work: &'r mut Work,
    /// The name of the one that runs.
    template: &'r str,
    /// Innermost last.
    variables: Vec<(&'s str, Value)>,
    depth: usize,
    out: String,
}

/// What happens after a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

impl<'r, 's> Run<'r, 's> {
    fn fault<T>(&self, span: Span<'_>, text: &str) -> Ran<T> {
        Err(run_fault(self.source, self.template, span, text))
    }

    fn enter(&mut self) -> Ran<()> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!(
                "template: {NAME}: exceeded maximum template depth ({DEPTH_MAX})"
            ));
        }
        Ok(())
    }

    fn spend(&mut self, cost: usize) -> Ran<()> {
        self.work
            .spend(cost)
            .map_err(|text| format!("template: {NAME}: {text}"))
    }

    fn write(&mut self, text: &str) -> Ran<()> {
        self.spend(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    fn list(&mut self, nodes: &'r [Node<'s>], dot: &Value) -> Ran<Flow> {
        self.enter()?;
        let mut flow = Flow::On;
        for node in nodes {
            self.spend(1)?;
            flow = self.node(node, dot)?;
            if flow != Flow::On {
                break;
            }
        }
        self.depth -= 1;
        Ok(flow)
    }

    fn node(&mut self, node: &'r Node<'s>, dot: &Value) -> Ran<Flow> {
        match node {
            Node::Text(text) => self.write(text)?,
            Node::Action(pipe) => {
                let value = self.pipe(pipe, dot)?;
                if pipe.variables.is_empty() {
                    self.write(&print::action(&value))?;
                }
            }
            Node::If(branch) => return self.condition(branch, dot, false),
            Node::With(branch) => return self.condition(branch, dot, true),
            Node::Range(branch) => return self.range(branch, dot),
            Node::Template {
                span,
                name,
                argument,
            } => self.call_template(*span, name, argument.as_ref(), dot)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn condition(&mut self, branch: &'r Branch<'s>, dot: &Value, is_with: bool) -> Ran<Flow> {
        let outer = self.variables.len();
        let value = self.pipe(&branch.pipe, dot)?;
        let flow = if value.is_true() {
            self.list(&branch.body, if is_with { &value } else { dot })
        } else {
            self.list(&branch.otherwise, dot)
        };
        self.variables.truncate(outer);
        flow
    }

    /// Whole numbers can be counted up to, and labels have nothing to go over.
    fn range(&mut self, branch: &'r Branch<'s>, dot: &Value) -> Ran<Flow> {
        let outer = self.variables.len();
        let value = self.pipe(&branch.pipe, dot)?;
        let count = match value {
            Value::Labels => 0,
            Value::Int(count) if branch.pipe.variables.len() < 2 => count,
            Value::Int(count) => {
                let text = format!("can't use {count} to iterate over more than one variable");
                return self.fault(branch.pipe.span, &text);
            }
            value => {
                let text = format!("range can't iterate over {}", print::plain(&value));
                return self.fault(branch.pipe.span, &text);
            }
        };
        if count <= 0 {
            let flow = self.list(&branch.otherwise, dot)?;
            self.variables.truncate(outer);
            return Ok(flow);
        }
        let inner = self.variables.len();
        for number in (0..count).map(Value::Int) {
            self.spend(1)?;
            if let [variable] = branch.pipe.variables[..] {
                self.assign(variable, &number);
            }
            let flow = self.list(&branch.body, &number)?;
            self.variables.truncate(inner);
            if flow == Flow::Break {
                break;
            }
        }
        self.variables.truncate(outer);
        Ok(Flow::On)
    }

    fn call_template(
        &mut self,
        span: Span<'s>,
        name: &str,
        argument: Option<&'r Pipe<'s>>,
        dot: &Value,
    ) -> Ran<()> {
        let Some((name, body)) = self.templates.get_key_value(name) else {
            return self.fault(span, &format!("template {name:?} not defined"));
        };
        let dot = match argument {
            Some(pipe) => self.pipe(pipe, dot)?,
            None => Value::Nil,
        };
        let outer = std::mem::replace(&mut self.variables, vec![("$", dot.clone())]);
        let caller = std::mem::replace(&mut self.template, name);
        self.list(body, &dot)?;
        self.template = caller;
        self.variables = outer;
        Ok(())
    }

    fn pipe(&mut self, pipe: &'r Pipe<'s>, dot: &Value) -> Ran<Value> {
        self.enter()?;
        let mut value = None;
        for command in &pipe.commands {
            value = Some(self.command(command, dot, value)?);
        }
        self.depth -= 1;
        let value = value.expect("a pipeline has a command because the parser refuses others");
        for variable in &pipe.variables {
            if pipe.is_declaration {
                self.variables.push((variable, value.clone()));
            } else if !self.assign(variable, &value) {
                return self.fault(pipe.span, &format!("undefined variable: {variable}"));
            }
        }
        Ok(value)
    }

    /// Sets the innermost variable of a name; false if there is none.
    fn assign(&mut self, name: &str, value: &Value) -> bool {
        let variable = self
            .variables
            .iter_mut()
            .rev()
            .find(|(known, _)| *known == name);
        let is_there = variable.is_some();
        if let Some((_, slot)) = variable {
            *slot = value.clone();
        }
        is_there
    }

    fn command(
        &mut self,
        operands: &'r [Operand<'s>],
        dot: &Value,
        piped: Option<Value>,
    ) -> Ran<Value> {
        let (first, arguments) = operands
            .split_first()
            .expect("a command has an operand because the parser refuses others");
        match first.term {
            Term::Function(function) if first.fields.is_empty() => {
                return self.call(function, first.span, arguments, dot, piped);
            }
            Term::Literal(Value::Nil) => return self.fault(first.span, "nil is not a command"),
            _ => {}
        }
        if piped.is_some() || !arguments.is_empty() {
            let text = match first.fields.last() {
                Some(field) => format!("{field} has arguments but cannot be invoked as function"),
                None => format!("can't give argument to non-function {}", first.span.text),
            };
            return self.fault(first.span, &text);
        }
        self.operand(first, dot)
    }

    fn operand(&mut self, operand: &'r Operand<'s>, dot: &Value) -> Ran<Value> {
        self.spend(1)?;
        let mut value = match &operand.term {
            Term::Dot => dot.clone(),
            Term::Literal(value) => value.clone(),
            Term::Variable(name) => match self.variables.iter().rfind(|(known, _)| known == name) {
                Some((_, value)) => value.clone(),
                None => return self.fault(operand.span, &format!("undefined variable: {name}")),
            },
            Term::Function(function) => self.call(function, operand.span, &[], dot, None)?,
            Term::Pipe(pipe) => self.pipe(pipe, dot)?,
        };
        for field in &operand.fields {
            value = match value.field(field) {
                Ok(value) => value,
                Err(text) => return self.fault(operand.span, &text),
            };
        }
        Ok(value)
    }

    fn call(
        &mut self,
        function: &Function,
        span: Span<'s>,
        arguments: &'r [Operand<'s>],
        dot: &Value,
        piped: Option<Value>,
    ) -> Ran<Value> {
        let count = arguments.len() + usize::from(piped.is_some());
        if let Err(text) = function.accepts(count) {
            return self.fault(span, &text);
        }
        let mut values = Vec::with_capacity(count);
        for argument in arguments {
            let value = self.operand(argument, dot)?;
            if function.stops_at(&value) {
                return Ok(value);
            }
            values.push(value);
        }
        values.extend(piped);
        self.spend(values.iter().map(Value::weight).sum())?;
        match function.call(&values, self.work) {
            Ok(value) => Ok(value),
            Err(text) => {
                let text = format!("error calling {}: {text}", function.name);
                self.fault(span, &text)
            }
        }
    }
}
