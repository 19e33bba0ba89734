//! How values look when they are printed: by actions, `print` and `println`.

use super::value::Value;
use crate::validate::go;

/// Returns a value as an action prints it.
pub(super) fn action(value: &Value) -> String {
    match value {
        Value::Nil => "<no value>".to_owned(),
        value => plain(value),
    }
}

/// Returns a value in its default form (`%v`).
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Nil => "<nil>".to_owned(),
        Value::Bool(is_true) => is_true.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => go::shortest(*number),
        Value::Text(text) => text.to_string(),
        Value::Labels => "map[]".to_owned(),
        Value::Record(record) => {
            let fields: Vec<_> = record.values().map(|value| plain(&value)).collect();
            format!("{{{}}}", fields.join(" "))
        }
    }
}

/// Returns values one after the other, with a blank between two of which none is a text.
pub(super) fn sequence(values: &[Value]) -> String {
    let mut out = String::new();
    for (place, value) in values.iter().enumerate() {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        if place > 0 && !is_text(value) && !is_text(&values[place - 1]) {
            out.push(' ');
        }
        out.push_str(&plain(value));
    }
    out
}

/// Returns values with blanks between them and a line feed at the end.
pub(super) fn line(values: &[Value]) -> String {
    let texts: Vec<_> = values.iter().map(plain).collect();
    texts.join(" ") + "\n"
}
