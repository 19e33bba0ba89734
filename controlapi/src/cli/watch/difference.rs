//! What is different between an object and what it was before, field by field.

use serde_json::{Map, Value};

/// What every update changes besides what it is about.
const BOOKKEEPING: [&str; 4] = ["meta", "specVersion", "previousSpec", "previousSpecVersion"];

/// Longest part of a value that is shown.
const VALUE_CHARS_MAX: usize = 40;

/// Returns the fields that differ, each as `path: before -> after`; without bookkeeping.
pub(super) fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<String>) {
    let none = Map::new();
    match (before, after) {
        _ if before == after || BOOKKEEPING.contains(&path) => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            compare_fields(path, before, after, found);
        }
        // A message that came or went: its fields tell more than its braces.
        (Some(Value::Object(before)), None) if !before.is_empty() => {
            compare_fields(path, before, &none, found);
        }
        (None, Some(Value::Object(after))) if !after.is_empty() => {
            compare_fields(path, &none, after, found);
        }
        _ => found.push(format!("{path}: {} -> {}", text(before), text(after))),
    }
}

fn compare_fields(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<String>,
) {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(new) {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        compare(&path, before.get(name), after.get(name), found);
    }
}

fn text(value: Option<&Value>) -> String {
    let text = match value {
        None => return "none".into(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({"id": "a", "meta": {"v": 1}, "spec": {"n": "2", "gone": {"x": 1}, "same": [1, 2], "list": [1]}});
        let after = json!({"id": "a", "meta": {"v": 2}, "spec": {"n": "3", "come": {}, "same": [1, 2], "list": [1, 2]}});
        assert_eq!(
            differences(&before, &after),
            [
                "spec.gone.x: 1 -> none",
                "spec.list: [1] -> [1,2]",
                "spec.n: 2 -> 3",
                "spec.come: none -> {}"
            ]
        );
        assert!(differences(&before, &before).is_empty());
    }

    #[test]
    fn a_long_value_is_cut() {
        let found = differences(&json!({"a": "x"}), &json!({"a": "ü".repeat(100)}));
        assert_eq!(found, [format!("a: x -> {}...", "ü".repeat(40))]);
    }
}
