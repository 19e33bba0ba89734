//! Values written as Go writes them, because the texts of SwarmKit contain them.
//!
//! Only the forms that occur there: `%q` of a string, `%g` of a number, `%#v` of a protobuf duration.

use std::fmt::Write as _;

/// Returns a string in Go's double quotes (`%q`).
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            _ => push_plain_or_code(&mut out, character),
        }
    }
    out.push('"');
    out
}

fn push_plain_or_code(out: &mut String, character: char) {
    let code = u32::from(character);
    if !character.is_control() && (character == ' ' || !character.is_whitespace()) {
        out.push(character);
        return;
    }
    let written = match code {
        0..0x80 => write!(out, "\\x{code:02x}"),
        0x80..0x1_0000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    written.expect("writing to a string succeeds because nothing limits it");
}

/// Returns a number in Go's shortest form (`%g`): with an exponent below 0.0001 and from a million on.
pub(super) fn shortest(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "NaN".to_owned()
        } else if number > 0.0 {
            "+Inf".to_owned()
        } else {
            "-Inf".to_owned()
        };
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific
        .split_once('e')
        .expect("the scientific form has an exponent because Rust always writes one");
    let exponent: i32 = exponent
        .parse()
        .expect("the exponent is a small integer because the number is finite");
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// Returns a protobuf duration as Go's `%#v` shows it, over several lines.
pub(super) fn duration(duration: &prost_types::Duration) -> String {
    format!(
        "&types.Duration{{Seconds: {},\nNanos: {},\n}}",
        duration.seconds, duration.nanos
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("busybox###"), r#""busybox###""#);
        assert_eq!(quoted("a\"b\\c\n\u{1}é"), r#""a\"b\\c\n\x01é""#);
        assert_eq!(quoted("\u{a0}\u{2028}"), r#""\u00a0\u2028""#);
    }

    #[test]
    fn numbers_take_their_shortest_form() {
        for (number, text) in [
            (4.2e-8, "4.2e-08"),
            (0.000_999_999, "0.000999999"),
            (-1e-9, "-1e-09"),
            (-5.0, "-5"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5, "1.5"),
            (123_456.0, "123456"),
            (1_234_567.0, "1.234567e+06"),
            (-1e9, "-1e+09"),
            (-9_223_372_036.854_776, "-9.223372036854776e+09"),
        ] {
            assert_eq!(shortest(number), text);
        }
    }
}
