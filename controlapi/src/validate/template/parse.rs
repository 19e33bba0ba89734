//! From source to a tree, with every name checked: functions must exist, variables must be declared.

mod pipeline;

use super::cursor::{Cursor, Span, is_blank, is_word};
use super::tree::{Branch, Node, Templates};
use super::{DEPTH_MAX, NAME, literal};
use crate::validate::go::quoted;

type Parsed<T> = Result<T, String>;

/// Reads a source.
pub(super) fn parse(source: &str) -> Parsed<Templates<'_>> {
    let mut parser = Parser {
        cursor: Cursor::new(source),
        trims_next_text: false,
        variables: vec!["$"],
        loops: 0,
        depth: 0,
        templates: Templates::new(),
    };
    let body = parser.main()?;
    parser.define(NAME.to_owned(), body)?;
    Ok(parser.templates)
}

struct Parser<'s> {
    cursor: Cursor<'s>,
    trims_next_text: bool,
    variables: Vec<&'s str>,
    loops: usize,
    depth: usize,
    templates: Templates<'s>,
}

/// What a list of nodes was ended by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListEnd {
    Source,
    End,
    Else,
}

const KEYWORDS: [&str; 10] = [
    "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
];

impl<'s> Parser<'s> {
    fn main(&mut self) -> Parsed<Vec<Node<'s>>> {
        match self.list(true)? {
            (body, ListEnd::Source) => Ok(body),
            (_, ListEnd::End) => self.fault("unexpected {{end}}"),
            (_, ListEnd::Else) => self.fault("unexpected {{else}}"),
        }
    }

    fn define(&mut self, name: String, body: Vec<Node<'s>>) -> Parsed<()> {
        if self.templates.contains_key(&name) {
            return self.fault(&format!(
                "multiple definition of template {}",
                quoted(&name)
            ));
        }
        self.templates.insert(name, body);
        Ok(())
    }

    fn fault<T>(&self, text: &str) -> Parsed<T> {
        Err(self.cursor.fault(text))
    }

    /// Says that what stands at the cursor does not belong there.
    fn unexpected<T>(&self, context: &str) -> Parsed<T> {
        match self.cursor.peek() {
            None => self.fault("unclosed action"),
            Some(_) if self.is_at_delimiter() => self.fault("unclosed left paren"),
            Some(c) if is_blank(c) || c.is_ascii_graphic() || is_word(c) => {
                self.fault(&format!("unexpected \"{c}\" in {context}"))
            }
            Some(c) => self.fault(&format!(
                "unrecognized character in action: U+{:04X} '{c}'",
                u32::from(c)
            )),
        }
    }

    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.fault(&format!("nested deeper than {DEPTH_MAX}"));
        }
        Ok(())
    }

    /// Reads text and actions, up to the end of what they belong to.
    fn list(&mut self, is_top: bool) -> Parsed<(Vec<Node<'s>>, ListEnd)> {
        self.enter()?;
        let mut nodes = Vec::new();
        let end = loop {
            if !self.text(&mut nodes) {
                break ListEnd::Source;
            }
            if self.comment()? {
                continue;
            }
            self.cursor.skip_blanks();
            let start = self.cursor.at();
            let node = match self.keyword() {
                Some("end") => {
                    self.close("end")?;
                    break ListEnd::End;
                }
                Some("else") => break ListEnd::Else,
                Some("if") => Node::If(self.branch("if")?),
                Some("with") => Node::With(self.branch("with")?),
                Some("range") => Node::Range(self.branch("range")?),
                Some("template") => self.call(start)?,
                Some("block") => self.block(start)?,
                Some("define") if is_top => {
                    self.definition()?;
                    continue;
                }
                Some(keyword @ ("break" | "continue")) => self.jump(keyword)?,
                Some(keyword) => return self.fault(&format!("unexpected <{keyword}> in command")),
                None => Node::Action(self.pipe("command")?),
            };
            nodes.push(node);
        };
        self.depth -= 1;
        Ok((nodes, end))
    }

    /// Reads text up to the next action and moves behind its `{{`; false at the end of the source.
    fn text(&mut self, nodes: &mut Vec<Node<'s>>) -> bool {
        let rest = self.cursor.rest();
        let end = rest.find("{{");
        let mut text = &rest[..end.unwrap_or(rest.len())];
        self.cursor.advance(text.len());
        if std::mem::take(&mut self.trims_next_text) {
            text = text.trim_start_matches(is_blank);
        }
        if end.is_some() {
            self.cursor.advance("{{".len());
            let mut after = self.cursor.rest().chars();
            if after.next() == Some('-') && after.next().is_some_and(is_blank) {
                self.cursor.advance("-".len());
                text = text.trim_end_matches(is_blank);
            }
        }
        if !text.is_empty() {
            nodes.push(Node::Text(text));
        }
        end.is_some()
    }

    fn comment(&mut self) -> Parsed<bool> {
        let start = self.cursor.at();
        self.cursor.skip_blanks();
        // Blanks before a comment are only those of a trim marker.
        let is_comment = self.cursor.since(start).len() <= 1 && self.cursor.eat("/*");
        if !is_comment {
            self.cursor.back_to(start);
            return Ok(false);
        }
        let Some(length) = self.cursor.rest().find("*/") else {
            return self.fault("unclosed comment");
        };
        self.cursor.advance(length + "*/".len());
        self.cursor.skip_blanks();
        if !self.eat_delimiter() {
            return self.fault("comment ends before closing delimiter");
        }
        Ok(true)
    }

    fn keyword(&mut self) -> Option<&'s str> {
        let start = self.cursor.at();
        let word = self.cursor.eat_while(is_word);
        let is_keyword = KEYWORDS.contains(&word);
        if !is_keyword {
            self.cursor.back_to(start);
        }
        is_keyword.then_some(word)
    }

    fn is_at_delimiter(&self) -> bool {
        let rest = self.cursor.rest();
        rest.starts_with("}}") || (self.cursor.is_after_blank() && rest.starts_with("-}}"))
    }

    fn eat_delimiter(&mut self) -> bool {
        if !self.is_at_delimiter() {
            return false;
        }
        self.trims_next_text = self.cursor.eat("-");
        self.cursor.eat("}}")
    }

    fn close(&mut self, context: &str) -> Parsed<()> {
        self.cursor.skip_blanks();
        if self.eat_delimiter() {
            return Ok(());
        }
        self.unexpected(context)
    }

    fn branch(&mut self, keyword: &'static str) -> Parsed<Branch<'s>> {
        self.enter()?;
        let outer_variables = self.variables.len();
        let pipe = self.pipe(keyword)?;
        let loops = usize::from(keyword == "range");
        self.loops += loops;
        let (body, end) = self.list(false)?;
        self.loops -= loops;
        let otherwise = match end {
            ListEnd::Source => return self.fault("unexpected EOF"),
            ListEnd::End => Vec::new(),
            ListEnd::Else => self.otherwise(keyword)?,
        };
        self.variables.truncate(outer_variables);
        self.depth -= 1;
        Ok(Branch {
            pipe,
            body,
            otherwise,
        })
    }

    /// Reads on behind `else`: another condition, or the list for when there is none.
    fn otherwise(&mut self, keyword: &'static str) -> Parsed<Vec<Node<'s>>> {
        self.cursor.skip_blanks();
        let start = self.cursor.at();
        match (keyword, self.keyword()) {
            ("if", Some("if")) => return Ok(vec![Node::If(self.branch("if")?)]),
            ("with", Some("with")) => return Ok(vec![Node::With(self.branch("with")?)]),
            _ => self.cursor.back_to(start),
        }
        self.close("else")?;
        match self.list(false)? {
            (nodes, ListEnd::End) => Ok(nodes),
            (_, ListEnd::Else) => self.fault("expected end; found {{else}}"),
            (_, ListEnd::Source) => self.fault("unexpected EOF"),
        }
    }

    fn jump(&mut self, keyword: &str) -> Parsed<Node<'s>> {
        self.close(keyword)?;
        if self.loops == 0 {
            return self.fault(&format!("{{{{{keyword}}}}} outside {{{{range}}}}"));
        }
        Ok(if keyword == "break" {
            Node::Break
        } else {
            Node::Continue
        })
    }

    fn template_name(&mut self, context: &str) -> Parsed<String> {
        self.cursor.skip_blanks();
        match self.cursor.peek() {
            Some('"' | '`') => self.string(),
            _ => self.unexpected(context),
        }
    }

    fn call(&mut self, start: usize) -> Parsed<Node<'s>> {
        let name = self.template_name("template clause")?;
        let span = self.span(start);
        self.cursor.skip_blanks();
        let argument = if self.eat_delimiter() {
            None
        } else {
            Some(self.pipe("template clause")?)
        };
        Ok(Node::Template {
            span,
            name,
            argument,
        })
    }

    fn block(&mut self, start: usize) -> Parsed<Node<'s>> {
        let name = self.template_name("block clause")?;
        let span = self.span(start);
        let argument = self.pipe("block clause")?;
        self.definition_of(name.clone())?;
        Ok(Node::Template {
            span,
            name,
            argument: Some(argument),
        })
    }

    fn definition(&mut self) -> Parsed<()> {
        let name = self.template_name("define clause")?;
        self.close("define clause")?;
        self.definition_of(name)
    }

    /// Reads a body, which sees none of the variables and loops around it.
    fn definition_of(&mut self, name: String) -> Parsed<()> {
        let outer_variables = std::mem::replace(&mut self.variables, vec!["$"]);
        let outer_loops = std::mem::take(&mut self.loops);
        let (body, end) = self.list(false)?;
        if end != ListEnd::End {
            return self.fault("unexpected EOF");
        }
        self.variables = outer_variables;
        self.loops = outer_loops;
        self.define(name, body)
    }

    fn string(&mut self) -> Parsed<String> {
        literal::string(&mut self.cursor).map_err(|text| self.cursor.fault(&text))
    }

    fn span(&self, start: usize) -> Span<'s> {
        Span {
            at: start,
            text: self.cursor.since(start),
        }
    }
}
