//! Comparing an answer with the recorded one.

use serde_json::{Map, Value};

/// Sub-messages that SwarmKit always sends: absent and empty are the same.
const ALWAYS_PRESENT: &[&str] = &[
    "acceptancePolicy",
    "annotations",
    "caConfig",
    "certificate",
    "dispatcher",
    "encryptionConfig",
    "joinTokens",
    "orchestration",
    "raft",
    "rootCa",
    "serviceAnnotations",
    "spec",
    "status",
    "task",
    "taskDefaults",
];

/// Bytes, in base 64, that stand for any certificate in PEM.
pub const ANY_CERTIFICATE: &str = "b3RoZXI=";

/// How a certificate in PEM begins, in base 64.
const CERTIFICATE_BEGIN: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";

/// A time that stands for any time.
pub const ANY_TIME: &str = "1970-01-01T00:00:01Z";

/// Whether a text says what was recorded: the same, and perhaps more after `; `. A recorded text may list names that come
/// in any order, and texts of Go's own libraries count up to where those begin to speak.
pub fn is_said(recorded: &str, text: &str) -> bool {
    if let Some((before, names)) = recorded.split_once("{anyorder:") {
        let (names, after) = names.split_once('}').expect("a placeholder is closed");
        let mut names: Vec<&str> = names.split(", ").collect();
        return permutations(&mut names, 0)
            .iter()
            .any(|names| is_said(&format!("{before}{}{after}", names.join(", ")), text));
    }
    for library in ["template: ", "x509: "] {
        if let Some((before, _)) = recorded.split_once(library) {
            return text.starts_with(before);
        }
    }
    text.strip_prefix(recorded)
        .is_some_and(|more| more.is_empty() || more.starts_with("; "))
}

fn permutations<'a>(names: &mut Vec<&'a str>, from: usize) -> Vec<Vec<&'a str>> {
    if from == names.len() {
        return vec![names.clone()];
    }
    let mut all = Vec::new();
    for at in from..names.len() {
        names.swap(from, at);
        all.extend(permutations(names, from + 1));
        names.swap(from, at);
    }
    all
}

/// Compares a response with the recorded result: ids in order for a list, otherwise the message without `meta`.
pub fn compare(rpc: &str, recorded: &str, response: Value) -> Result<(), String> {
    if rpc.starts_with("List") && rpc != "ListServiceStatuses" {
        return compare_ids(recorded, &response);
    }
    if recorded.is_empty() {
        return if response == Value::Object(Map::new()) {
            Ok(())
        } else {
            Err(format!("{response}, not empty"))
        };
    }
    let recorded = super::cluster::reread(rpc, &stand_ins(recorded))
        .map_err(|error| format!("the recorded result is not a response: {error}"))?;
    same("", &without_meta(recorded), &without_meta(response))
}

/// Puts values that can be read in the place of those that an answer may hold: a time for any time, and as many `A` for
/// any text of that length.
fn stand_ins(recorded: &str) -> String {
    let text = recorded.replace("{ts}", ANY_TIME);
    let Some((before, rest)) = text.split_once("{len:") else {
        return text;
    };
    let (length, after) = rest.split_once('}').expect("a placeholder is closed");
    let length = length.parse().expect("a length is a number");
    format!("{before}{}{after}", "A".repeat(length))
}

fn compare_ids(recorded: &str, response: &Value) -> Result<(), String> {
    let objects = response
        .as_object()
        .and_then(|response| response.values().next());
    let ids = objects
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice)
        .iter();
    let mut ids: Vec<&str> = ids
        .map(|object| object["id"].as_str().unwrap_or_default())
        .collect();
    let in_any_order = recorded.starts_with("set:");
    let list = recorded
        .trim_start_matches("set:")
        .trim_start_matches('[')
        .trim_end_matches(']');
    let mut recorded: Vec<&str> = list.split(',').filter(|id| !id.is_empty()).collect();
    if in_any_order {
        ids.sort_unstable();
        recorded.sort_unstable();
    }
    if ids == recorded {
        Ok(())
    } else {
        Err(format!("ids {ids:?}, not {recorded:?}"))
    }
}

fn without_meta(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| name != "meta")
            .map(|(name, value)| (name, without_meta(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(without_meta).collect(),
        value => value,
    }
}

/// Compares two values; says where they differ.
fn same(path: &str, recorded: &Value, given: &Value) -> Result<(), String> {
    match (recorded, given) {
        (Value::Object(recorded), Value::Object(given)) => {
            let names = recorded
                .keys()
                .chain(given.keys().filter(|name| !recorded.contains_key(*name)));
            for name in names {
                let empty = Value::Object(Map::new());
                let path = format!("{path}.{name}");
                let default = ALWAYS_PRESENT.contains(&name.as_str()).then_some(&empty);
                match (recorded.get(name).or(default), given.get(name).or(default)) {
                    (Some(recorded), Some(given)) => same(&path, recorded, given)?,
                    (None, Some(given)) => return Err(format!("{path} is {given}, not absent")),
                    (Some(recorded), None) => {
                        return Err(format!("{path} is absent, not {recorded}"));
                    }
                    (None, None) => unreachable!("a name comes from one of them"),
                }
            }
            Ok(())
        }
        (Value::Array(recorded), Value::Array(given)) if recorded.len() == given.len() => recorded
            .iter()
            .zip(given)
            .try_for_each(|(recorded, given)| same(path, recorded, given)),
        (Value::String(recorded), Value::String(given)) if fits(recorded, given) => Ok(()),
        _ if recorded == given => Ok(()),
        _ => Err(format!("{path} is {given}, not {recorded}")),
    }
}

/// Whether a text is a token for joining: a digest and a secret, of a fixed length each.
fn is_token(text: &str) -> bool {
    let is_number = |text: &str, chars| {
        text.len() == chars
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    };
    text.strip_prefix("SWMTKN-1-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(digest, secret)| is_number(digest, 50) && is_number(secret, 25))
}

fn fits(recorded: &str, given: &str) -> bool {
    let is_id = |text: &str| {
        text.len() == 25
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    };
    match recorded {
        "{newid}" => is_id(given),
        "{any}" => true,
        "{token}" => is_token(given),
        ANY_CERTIFICATE => given.starts_with(CERTIFICATE_BEGIN),
        // Any time, but the one that stands for any.
        ANY_TIME => given.ends_with('Z') && given != ANY_TIME,
        _ if recorded.len() > 100 && recorded.bytes().all(|byte| byte == b'A') => {
            recorded.len() == given.len()
        }
        _ => recorded == given,
    }
}
