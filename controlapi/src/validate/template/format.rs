//! `printf`.
//!
//! A dry run keeps its text only to compare where mounts go, so it knows the verbs that are of use there, `%v %s %q %d
//! %x %X %o %b %c %t %f %e %g %T %%`, with width, precision, `-`, `+` and `0`. What does not fit comes out marked, as in
//! Go; nothing is an error.

use super::Work;
use super::print::plain;
use super::value::Value;
use crate::validate::go;

/// Go takes no greater numbers for a width or a precision.
const WIDTH_MAX: usize = 1_000_000;

/// Returns a text with values put in for its verbs.
pub(super) fn formatted(format: &str, values: &[Value], work: &mut Work) -> Result<String, String> {
    let mut out = String::new();
    let mut values = values.iter();
    let mut rest = format;
    while let Some((before, directive)) = rest.split_once('%') {
        out.push_str(before);
        let (verb, after) = Verb::read(directive, &mut values);
        rest = after;
        let text = match (verb.letter, verb.letter != '%') {
            ('\0', _) => "%!(NOVERB)".to_owned(),
            (_, false) => "%".to_owned(),
            (letter, true) => match values.next() {
                Some(value) => verb.apply(value),
                None => format!("%!{letter}(MISSING)"),
            },
        };
        let padding = verb.width.saturating_sub(text.chars().count());
        work.spend(text.len() + padding)?;
        verb.pad(&mut out, &text, padding);
    }
    out.push_str(rest);
    if values.len() > 0 {
        let extra: Vec<_> = values.map(typed).collect();
        out.push_str("%!(EXTRA ");
        out.push_str(&extra.join(", "));
        out.push(')');
    }
    Ok(out)
}

fn typed(value: &Value) -> String {
    format!("{}={}", value.type_name(), plain(value))
}

struct Verb {
    /// NUL if the text ends before it.
    letter: char,
    width: usize,
    precision: Option<usize>,
    is_left: bool,
    is_signed: bool,
    is_zero_padded: bool,
}

impl Verb {
    /// Reads what stands between `%` and the letter, and returns the rest of the text.
    fn read<'a>(text: &'a str, values: &mut std::slice::Iter<'_, Value>) -> (Self, &'a str) {
        let (flags, rest) =
            text.split_at(text.find(|c| !"-+# 0".contains(c)).unwrap_or(text.len()));
        let (width, rest) = number(rest, values);
        let (precision, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (precision, rest) = number(rest, values);
                (Some(precision), rest)
            }
            None => (None, rest),
        };
        let mut characters = rest.chars();
        let verb = Self {
            letter: characters.next().unwrap_or('\0'),
            width,
            precision,
            is_left: flags.contains('-'),
            is_signed: flags.contains('+'),
            is_zero_padded: flags.contains('0') && !flags.contains('-'),
        };
        (verb, characters.as_str())
    }

    fn apply(&self, value: &Value) -> String {
        let precision = self.precision;
        match (self.letter, value) {
            ('T', value) => value.type_name().to_owned(),
            ('v' | 's', Value::Text(text)) => shortened(text, precision),
            ('q', Value::Text(text)) => go::quoted(&shortened(text, precision)),
            ('x', Value::Text(text)) => hexadecimal(text),
            ('X', Value::Text(text)) => hexadecimal(text).to_uppercase(),
            ('v' | 'd', Value::Int(number)) if self.is_signed => format!("{number:+}"),
            ('d', Value::Int(number)) => number.to_string(),
            ('x', Value::Int(number)) => signed(*number, format!("{:x}", number.unsigned_abs())),
            ('X', Value::Int(number)) => signed(*number, format!("{:X}", number.unsigned_abs())),
            ('o', Value::Int(number)) => signed(*number, format!("{:o}", number.unsigned_abs())),
            ('b', Value::Int(number)) => signed(*number, format!("{:b}", number.unsigned_abs())),
            ('c', Value::Int(number)) => u32::try_from(*number)
                .ok()
                .and_then(char::from_u32)
                .unwrap_or(char::REPLACEMENT_CHARACTER)
                .to_string(),
            ('t', Value::Bool(is_true)) => is_true.to_string(),
            ('f' | 'F', Value::Float(number)) => format!("{number:.*}", precision.unwrap_or(6)),
            ('e', Value::Float(number)) => format!("{number:.*e}", precision.unwrap_or(6)),
            ('g', Value::Float(number)) => go::shortest(*number),
            ('v', value) => plain(value),
            ('s', Value::Labels | Value::Record(_)) => plain(value),
            (letter, value) => format!("%!{letter}({})", typed(value)),
        }
    }

    fn pad(&self, out: &mut String, text: &str, padding: usize) {
        let fill = if self.is_zero_padded { "0" } else { " " };
        if self.is_left {
            out.push_str(text);
            out.push_str(&fill.repeat(padding));
        } else if let (true, Some(digits)) = (self.is_zero_padded, text.strip_prefix('-')) {
            out.push('-');
            out.push_str(&fill.repeat(padding));
            out.push_str(digits);
        } else {
            out.push_str(&fill.repeat(padding));
            out.push_str(text);
        }
    }
}

/// Reads digits, or `*` for a number among the values.
fn number<'a>(text: &'a str, values: &mut std::slice::Iter<'_, Value>) -> (usize, &'a str) {
    if let Some(rest) = text.strip_prefix('*') {
        let number = match values.next() {
            Some(Value::Int(number)) => usize::try_from(*number).unwrap_or(0),
            _ => 0,
        };
        return (number.min(WIDTH_MAX), rest);
    }
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.parse().unwrap_or(0).min(WIDTH_MAX), rest)
}

fn shortened(text: &str, precision: Option<usize>) -> String {
    text.chars().take(precision.unwrap_or(usize::MAX)).collect()
}

fn hexadecimal(text: &str) -> String {
    text.bytes()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn signed(number: i64, digits: String) -> String {
    if number < 0 {
        format!("-{digits}")
    } else {
        digits
    }
}
