//! The functions that templates can call: Go's, and SwarmKit's `join`.

use std::cmp::Ordering;

use super::value::Value;
use super::{Work, format, print};

type Called = Result<Value, String>;

/// A function and how many arguments it takes.
pub(super) struct Function {
    pub(super) name: &'static str,
    arguments_min: usize,
    arguments_max: usize,
    body: fn(&[Value], &mut Work) -> Called,
}

const MANY: usize = usize::MAX;

/// In alphabetical order.
static FUNCTIONS: &[Function] = &[
    function("and", 1, MANY, |values, _| Ok(last(values))),
    function("call", 1, MANY, call),
    function("eq", 1, MANY, |values, _| {
        let (first, others) = two_or_more(values)?;
        for other in others {
            if equal(first, other)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }),
    function("ge", 2, 2, |values, _| ordered(values, Ordering::is_ge)),
    function("gt", 2, 2, |values, _| ordered(values, Ordering::is_gt)),
    function("html", 0, MANY, |values, _| Ok(escaped(values, html))),
    function("index", 1, MANY, index),
    function("join", 0, MANY, join),
    function("js", 0, MANY, |values, _| Ok(escaped(values, javascript))),
    function("le", 2, 2, |values, _| ordered(values, Ordering::is_le)),
    function("len", 1, 1, |values, _| len(&values[0])),
    function("lt", 2, 2, |values, _| ordered(values, Ordering::is_lt)),
    function("ne", 2, 2, |values, _| {
        Ok(Value::Bool(!equal(&values[0], &values[1])?))
    }),
    function("not", 1, 1, |values, _| {
        Ok(Value::Bool(!values[0].is_true()))
    }),
    function("or", 1, MANY, |values, _| Ok(last(values))),
    function("print", 0, MANY, |values, _| {
        Ok(Value::text(print::sequence(values)))
    }),
    function("printf", 1, MANY, |values, work| {
        let format = text_argument(&values[0])?;
        Ok(Value::text(format::formatted(format, &values[1..], work)?))
    }),
    function("println", 0, MANY, |values, _| {
        Ok(Value::text(print::line(values)))
    }),
    function("slice", 1, 4, slice),
    function("urlquery", 0, MANY, |values, _| {
        Ok(escaped(values, url_query))
    }),
];

const fn function(
    name: &'static str,
    arguments_min: usize,
    arguments_max: usize,
    body: fn(&[Value], &mut Work) -> Called,
) -> Function {
    Function {
        name,
        arguments_min,
        arguments_max,
        body,
    }
}

impl Function {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// Checks the number of arguments.
    pub(super) fn accepts(&self, count: usize) -> Result<(), String> {
        let Self {
            name,
            arguments_min,
            arguments_max,
            ..
        } = self;
        if (*arguments_min..=*arguments_max).contains(&count) {
            return Ok(());
        }
        let at_least = if arguments_min == arguments_max {
            ""
        } else {
            "at least "
        };
        Err(format!(
            "wrong number of args for {name}: want {at_least}{arguments_min} got {count}"
        ))
    }

    /// Tells whether an argument settles the result, so that those after it are not looked at.
    pub(super) fn stops_at(&self, argument: &Value) -> bool {
        match self.name {
            "and" => !argument.is_true(),
            "or" => argument.is_true(),
            _ => false,
        }
    }

    pub(super) fn call(&self, arguments: &[Value], work: &mut Work) -> Called {
        (self.body)(arguments, work)
    }
}

fn last(values: &[Value]) -> Value {
    values.last().cloned().unwrap_or(Value::Nil)
}

fn two_or_more(values: &[Value]) -> Result<(&Value, &[Value]), String> {
    match values {
        [first, others @ ..] if !others.is_empty() => Ok((first, others)),
        _ => Err("missing argument for comparison".to_owned()),
    }
}

fn equal(one: &Value, other: &Value) -> Result<bool, String> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Ok(one == other),
        (Value::Labels | Value::Record(_), _) | (_, Value::Labels | Value::Record(_)) => {
            Err(format!(
                "non-comparable type {}: {}",
                print::plain(one),
                one.type_name()
            ))
        }
        (Value::Nil, other) | (other, Value::Nil) => Ok(matches!(other, Value::Nil)),
        _ => Ok(order(one, other)? == Some(Ordering::Equal)),
    }
}

fn ordered(values: &[Value], holds: fn(Ordering) -> bool) -> Called {
    let order = order(&values[0], &values[1])?;
    Ok(Value::Bool(order.is_some_and(holds)))
}

fn order(one: &Value, other: &Value) -> Result<Option<Ordering>, String> {
    match (one, other) {
        (Value::Int(one), Value::Int(other)) => Ok(Some(one.cmp(other))),
        (Value::Float(one), Value::Float(other)) => Ok(one.partial_cmp(other)),
        (Value::Text(one), Value::Text(other)) => Ok(Some(one.cmp(other))),
        (Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Bool(_), other)
            if one.type_name() != other.type_name() =>
        {
            Err("incompatible types for comparison".to_owned())
        }
        _ => Err("invalid type for comparison".to_owned()),
    }
}

fn call(values: &[Value], _: &mut Work) -> Called {
    Err(match &values[0] {
        Value::Nil => "call of nil".to_owned(),
        value => format!("non-function of type {}", value.type_name()),
    })
}

fn len(value: &Value) -> Called {
    let length = match value {
        Value::Text(text) => text.len(),
        Value::Labels => 0,
        value => return Err(format!("len of type {}", value.type_name())),
    };
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// Indexes a text by bytes, and the labels, which are all empty.
fn index(values: &[Value], _: &mut Work) -> Called {
    let mut item = values[0].clone();
    for place in &values[1..] {
        item = match (&item, place) {
            (Value::Nil, _) => return Err("index of untyped nil".to_owned()),
            (Value::Labels, Value::Text(_)) => Value::text(""),
            (Value::Labels, place) => {
                return Err(format!(
                    "value has type {}; should be string",
                    place.type_name()
                ));
            }
            (Value::Text(text), place) => {
                let byte = text.as_bytes().get(position(place)?);
                let byte =
                    byte.ok_or_else(|| format!("index out of range: {}", print::plain(place)))?;
                Value::Int(i64::from(*byte))
            }
            (item, _) => {
                return Err(format!("can't index item of type {}", item.type_name()));
            }
        };
    }
    Ok(item)
}

fn slice(values: &[Value], _: &mut Work) -> Called {
    let text = match &values[0] {
        Value::Text(text) => text,
        Value::Nil => return Err("slice of untyped nil".to_owned()),
        value => return Err(format!("can't slice item of type {}", value.type_name())),
    };
    if values.len() > 3 {
        return Err("cannot 3-index slice a string".to_owned());
    }
    let mut bounds = [0, text.len()];
    for (bound, value) in bounds.iter_mut().zip(&values[1..]) {
        *bound = position(value)?;
        if *bound > text.len() {
            return Err(format!("index out of range: {bound}"));
        }
    }
    let [start, end] = bounds;
    match text.as_bytes().get(start..end) {
        Some(bytes) => Ok(Value::text(String::from_utf8_lossy(bytes))),
        None => Err(format!("invalid slice index: {start} > {end}")),
    }
}

fn position(value: &Value) -> Result<usize, String> {
    match value {
        Value::Int(number) => {
            usize::try_from(*number).map_err(|_| format!("index out of range: {number}"))
        }
        Value::Nil => Err("cannot index slice/array with nil".to_owned()),
        value => Err(format!(
            "cannot index slice/array with type {}",
            value.type_name()
        )),
    }
}

/// Joins the texts after the first one with the first one. Go's runtime panics if there is none.
fn join(values: &[Value], _: &mut Work) -> Called {
    let texts = values
        .iter()
        .map(text_argument)
        .collect::<Result<Vec<_>, _>>()?;
    match texts.split_first() {
        Some((separator, texts)) => Ok(Value::text(texts.join(separator))),
        None => Err("runtime error: index out of range [0] with length 0".to_owned()),
    }
}

fn text_argument(value: &Value) -> Result<&str, String> {
    match value {
        Value::Text(text) => Ok(text),
        value => Err(format!(
            "wrong type for value; expected string; got {}",
            value.type_name()
        )),
    }
}

fn escaped(values: &[Value], escape: fn(char, &mut String)) -> Value {
    let mut out = String::new();
    for character in print::sequence(values).chars() {
        escape(character, &mut out);
    }
    Value::text(out)
}

fn html(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("&#34;"),
        '\'' => out.push_str("&#39;"),
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\0' => out.push(char::REPLACEMENT_CHARACTER),
        _ => out.push(character),
    }
}

fn javascript(character: char, out: &mut String) {
    match character {
        '\\' | '\'' | '"' => out.extend(['\\', character]),
        '<' | '>' | '&' | '=' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
            out.push_str("\\u");
            push_hexadecimal(out, character.into(), 4);
        }
        _ => out.push(character),
    }
}

fn url_query(character: char, out: &mut String) {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | '~' => out.push(character),
        ' ' => out.push('+'),
        _ => {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                out.push('%');
                push_hexadecimal(out, byte.into(), 2);
            }
        }
    }
}

fn push_hexadecimal(out: &mut String, number: u32, digits: u32) {
    let digits = (0..digits).rev().map(|place| number >> (4 * place) & 15);
    out.extend(
        digits
            .filter_map(|digit| char::from_digit(digit, 16))
            .map(|c| c.to_ascii_uppercase()),
    );
}
