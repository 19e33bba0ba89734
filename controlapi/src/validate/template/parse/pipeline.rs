//! What stands inside of an action: pipelines, commands, operands and terms.

use super::super::cursor::{Span, is_blank, is_word};
use super::super::functions::Function;
use super::super::literal;
use super::super::tree::{Operand, Pipe, Term};
use super::super::value::Value;
use super::{KEYWORDS, Parsed, Parser};
use crate::validate::go::quoted;

/// What a pipeline is ended by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PipeEnd {
    Delimiter,
    Parenthesis,
}

impl<'s> Parser<'s> {
    /// Reads a pipeline and the `}}` behind it.
    pub(super) fn pipe(&mut self, context: &str) -> Parsed<Pipe<'s>> {
        self.pipe_until(PipeEnd::Delimiter, context)
    }

    fn pipe_until(&mut self, end: PipeEnd, context: &str) -> Parsed<Pipe<'s>> {
        self.enter()?;
        self.cursor.skip_blanks();
        let start = self.cursor.at();
        let (variables, is_declaration) = self.assignment(context)?;
        let mut commands = Vec::new();
        loop {
            self.cursor.skip_blanks();
            let stop = self.cursor.at();
            let is_at_end = match end {
                PipeEnd::Delimiter => self.eat_delimiter(),
                PipeEnd::Parenthesis => self.cursor.eat(")"),
            };
            if !is_at_end {
                let command = self.command(context)?;
                commands.push(command);
                continue;
            }
            if commands.is_empty() {
                return self.fault(&format!("missing value for {context}"));
            }
            self.only_functions_after_the_first(&commands)?;
            self.depth -= 1;
            let span = Span {
                at: start,
                text: self.cursor.since(start)[..stop - start].trim_end_matches(is_blank),
            };
            return Ok(Pipe {
                span,
                variables,
                is_declaration,
                commands,
            });
        }
    }

    fn only_functions_after_the_first(&self, commands: &[Vec<Operand<'s>>]) -> Parsed<()> {
        for (place, command) in commands.iter().enumerate().skip(1) {
            let is_value = command.first().is_some_and(|first| {
                matches!(first.term, Term::Dot | Term::Literal(_)) && first.fields.is_empty()
            });
            if is_value {
                return self.fault(&format!(
                    "non executable command in pipeline stage {}",
                    place + 1
                ));
            }
        }
        Ok(())
    }

    /// Reads `$x :=`, `$x =`, and in a range `$i, $x :=`.
    fn assignment(&mut self, context: &str) -> Parsed<(Vec<&'s str>, bool)> {
        let mut variables = Vec::new();
        loop {
            let start = self.cursor.at();
            if self.cursor.peek() != Some('$') {
                break;
            }
            let variable = self.variable()?;
            self.cursor.skip_blanks();
            if self.cursor.rest().starts_with(',') {
                self.cursor.advance(",".len());
                variables.push(variable);
                if context != "range" || variables.len() > 1 {
                    return self.fault(&format!("too many declarations in {context}"));
                }
                self.cursor.skip_blanks();
                continue;
            }
            let is_declaration = self.cursor.eat(":=");
            if is_declaration || self.cursor.eat("=") {
                variables.push(variable);
                self.variables.extend(&variables);
                return Ok((variables, is_declaration));
            }
            self.cursor.back_to(start);
            break;
        }
        if !variables.is_empty() {
            return self.fault("range can only initialize variables");
        }
        Ok((variables, false))
    }

    fn variable(&mut self) -> Parsed<&'s str> {
        let start = self.cursor.at();
        self.cursor.advance("$".len());
        self.cursor.eat_while(is_word);
        self.terminated()?;
        Ok(self.cursor.since(start))
    }

    /// Checks that a word ends where it may.
    fn terminated(&self) -> Parsed<()> {
        match self.cursor.peek() {
            None => self.fault("unclosed action"),
            Some(c) if is_blank(c) || ".,|:)(=".contains(c) => Ok(()),
            Some(_) if self.cursor.rest().starts_with("}}") => Ok(()),
            Some(c) => self.fault(&format!("bad character U+{:04X} '{c}'", u32::from(c))),
        }
    }

    /// Reads operands up to the end of a command, and the `|` behind it.
    fn command(&mut self, context: &str) -> Parsed<Vec<Operand<'s>>> {
        let mut operands = Vec::new();
        loop {
            self.cursor.skip_blanks();
            let is_at_end = self.is_at_delimiter() || self.cursor.rest().starts_with(')');
            if is_at_end || self.cursor.rest().starts_with('|') {
                if operands.is_empty() {
                    return self.unexpected(context);
                }
                self.cursor.eat("|");
                return Ok(operands);
            }
            operands.push(self.operand(context)?);
            let is_apart = match self.cursor.peek() {
                None => return self.fault("unclosed action"),
                Some(c) => is_blank(c) || c == '|' || c == ')' || self.is_at_delimiter(),
            };
            if !is_apart {
                return self.unexpected("operand");
            }
        }
    }

    fn operand(&mut self, context: &str) -> Parsed<Operand<'s>> {
        let start = self.cursor.at();
        let (term, first_field) = self.term(context)?;
        let term_text = self.cursor.since(start);
        let takes_fields = first_field.is_some() || !matches!(term, Term::Dot | Term::Literal(_));
        let mut fields: Vec<_> = first_field.into_iter().collect();
        // Go points to where the chain of fields goes on.
        let mut at = None;
        let mut dot = self.cursor.at();
        while let Some(field) = self.field()? {
            at = at.or(Some(dot));
            fields.push(field);
            dot = self.cursor.at();
        }
        let span = Span {
            at: at.unwrap_or(start),
            text: self.cursor.since(start),
        };
        if at.is_some() && !takes_fields {
            return self.fault(&format!("unexpected . after term {}", quoted(term_text)));
        }
        Ok(Operand { span, term, fields })
    }

    /// Reads `.name` if that is what comes.
    fn field(&mut self) -> Parsed<Option<&'s str>> {
        let is_field = self
            .cursor
            .rest()
            .strip_prefix('.')
            .is_some_and(|after| after.starts_with(|c| is_word(c) && !c.is_ascii_digit()));
        if !is_field {
            return Ok(None);
        }
        self.cursor.advance(".".len());
        let name = self.cursor.eat_while(is_word);
        self.terminated()?;
        Ok(Some(name))
    }

    /// Reads a term; that of a field is the dot, and the field comes with it.
    fn term(&mut self, context: &str) -> Parsed<(Term<'s>, Option<&'s str>)> {
        if let Some(field) = self.field()? {
            return Ok((Term::Dot, Some(field)));
        }
        let term = match self.cursor.peek() {
            Some('"' | '`') => Term::Literal(Value::text(self.string()?)),
            Some('\'' | '+' | '-' | '0'..='9') => Term::Literal(self.number()?),
            Some('$') => self.declared_variable()?,
            Some('(') => {
                self.cursor.advance("(".len());
                let pipe = self.pipe_until(PipeEnd::Parenthesis, "parenthesized pipeline")?;
                Term::Pipe(Box::new(pipe))
            }
            Some('.') if self.cursor.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                Term::Literal(self.number()?)
            }
            Some('.') => {
                self.cursor.advance(".".len());
                Term::Dot
            }
            Some(c) if is_word(c) => self.word(context)?,
            _ => return self.unexpected(context),
        };
        Ok((term, None))
    }

    fn declared_variable(&mut self) -> Parsed<Term<'s>> {
        let variable = self.variable()?;
        if self.variables.contains(&variable) {
            return Ok(Term::Variable(variable));
        }
        self.fault(&format!("undefined variable {}", quoted(variable)))
    }

    fn word(&mut self, context: &str) -> Parsed<Term<'s>> {
        let word = self.cursor.eat_while(is_word);
        self.terminated()?;
        match word {
            "true" | "false" => Ok(Term::Literal(Value::Bool(word == "true"))),
            "nil" => Ok(Term::Literal(Value::Nil)),
            _ if KEYWORDS.contains(&word) => {
                self.fault(&format!("unexpected <{word}> in {context}"))
            }
            _ => match Function::named(word) {
                Some(function) => Ok(Term::Function(function)),
                None => self.fault(&format!("function {} not defined", quoted(word))),
            },
        }
    }

    fn number(&mut self) -> Parsed<Value> {
        literal::number(&mut self.cursor).map_err(|text| self.cursor.fault(&text))
    }
}
