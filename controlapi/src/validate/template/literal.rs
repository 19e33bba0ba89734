//! Strings and numbers in the source of a template, written as in Go.

use super::cursor::{Cursor, is_word};
use super::value::Value;
use crate::validate::go::quoted;

/// Reads a string in double quotes, with escapes, or in back quotes, without.
pub(super) fn string(cursor: &mut Cursor<'_>) -> Result<String, String> {
    if cursor.eat("`") {
        let text = cursor.eat_while(|c| c != '`');
        return if cursor.eat("`") {
            Ok(text.to_owned())
        } else {
            Err("unterminated raw quoted string".to_owned())
        };
    }
    let mut out = String::new();
    cursor.advance("\"".len());
    loop {
        match cursor.peek() {
            None | Some('\n') => return Err("unterminated quoted string".to_owned()),
            Some('"') => {
                cursor.advance("\"".len());
                return Ok(out);
            }
            Some('\\') => out.push(escape(cursor, '"')?),
            Some(c) => {
                out.push(c);
                cursor.advance(c.len_utf8());
            }
        }
    }
}

/// Reads a number, or a character in single quotes, which is one.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Value, String> {
    if cursor.peek() == Some('\'') {
        return character(cursor);
    }
    let start = cursor.at();
    cursor.eat_while(|c| c == '+' || c == '-');
    loop {
        cursor.eat_while(|c| is_word(c) || c == '.');
        let is_signed_exponent = cursor.since(start).ends_with(['e', 'E'])
            && !is_hexadecimal(cursor.since(start))
            && matches!(cursor.peek(), Some('+' | '-'));
        if !is_signed_exponent {
            break;
        }
        cursor.advance(1);
    }
    let text = cursor.since(start);
    parse_number(text).ok_or_else(|| format!("bad number syntax: {}", quoted(text)))
}

fn parse_number(text: &str) -> Option<Value> {
    let digits = text.replace('_', "");
    if is_hexadecimal(text) || !text.contains(['.', 'e', 'E']) {
        return parse_integer(&digits).map(Value::Int);
    }
    let is_decimal = |c: char| c.is_ascii_digit() || ".eE+-".contains(c);
    let number: f64 = digits
        .chars()
        .all(is_decimal)
        .then_some(digits)?
        .parse()
        .ok()?;
    number.is_finite().then_some(Value::Float(number))
}

fn is_hexadecimal(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.starts_with("0x") || digits.starts_with("0X")
}

fn parse_integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}

fn character(cursor: &mut Cursor<'_>) -> Result<Value, String> {
    cursor.advance("'".len());
    let character = match cursor.peek() {
        Some('\\') => escape(cursor, '\'')?,
        Some(c) if c != '\'' && c != '\n' => {
            cursor.advance(c.len_utf8());
            c
        }
        _ => return Err("unterminated character constant".to_owned()),
    };
    if cursor.eat("'") {
        Ok(Value::Int(i64::from(u32::from(character))))
    } else {
        Err("unterminated character constant".to_owned())
    }
}

/// Reads what a backslash starts. Go lets `\x` and octal escapes make single bytes; here they make characters.
fn escape(cursor: &mut Cursor<'_>, quote: char) -> Result<char, String> {
    let bad = || "invalid syntax".to_owned();
    cursor.advance("\\".len());
    let kind = cursor.peek().ok_or_else(bad)?;
    cursor.advance(kind.len_utf8());
    let (length, radix) = match kind {
        'a' => return Ok('\u{7}'),
        'b' => return Ok('\u{8}'),
        'f' => return Ok('\u{c}'),
        'n' => return Ok('\n'),
        'r' => return Ok('\r'),
        't' => return Ok('\t'),
        'v' => return Ok('\u{b}'),
        '\\' => return Ok('\\'),
        _ if kind == quote => return Ok(quote),
        'x' => (2, 16),
        'u' => (4, 16),
        'U' => (8, 16),
        '0'..='7' => {
            cursor.back_to(cursor.at() - 1);
            (3, 8)
        }
        _ => return Err(bad()),
    };
    let digits = cursor.rest().get(..length).ok_or_else(bad)?;
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(bad());
    }
    cursor.advance(length);
    u32::from_str_radix(digits, radix)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(bad)
}
