//! The recorded cases: how they are read, and how an answer is compared with the recorded one.

#![allow(unreachable_pub, reason = "a test is not a library")]

mod cluster;
mod compare;
pub mod differences;
mod roots;

use std::collections::HashMap;

use tonic::Code;

pub use cluster::Cluster;
pub use compare::{compare, is_said};

const FILE: &str = include_str!("../fixtures/control-api-cases.tsv");

/// A request and its recorded answer.
pub struct Case {
    pub line: usize,
    pub rpc: String,
    pub setup: Vec<String>,
    pub request: String,
    pub code: Code,
    pub message: String,
    pub result: String,
}

/// Something that a case finds in the store.
pub struct Fixture {
    /// Whether `kind` is an RPC; otherwise that of an object.
    pub is_rpc: bool,
    pub kind: String,
    pub json: String,
}

/// Returns the fixtures by name, and the cases in order.
pub fn read() -> (HashMap<String, Fixture>, Vec<Case>) {
    let mut fixtures = HashMap::new();
    let mut cases = Vec::new();
    for (line, text) in FILE.lines().enumerate() {
        let fields: Vec<&str> = text.split('\t').collect();
        match fields[..] {
            ["#F", name, op, kind, json] => {
                assert!(
                    ["rpc", "put"].contains(&op),
                    "line {}: unknown operation {op}",
                    line + 1
                );
                let fixture = Fixture {
                    is_rpc: op == "rpc",
                    kind: kind.into(),
                    json: json.into(),
                };
                assert!(
                    fixtures.insert(name.to_owned(), fixture).is_none(),
                    "fixture {name} is there twice"
                );
            }
            [comment, ..] if comment.starts_with('#') => {}
            ["rpc", ..] => {}
            [rpc, setup, request, code, message, result] => cases.push(Case {
                line: line + 1,
                rpc: rpc.into(),
                setup: setup
                    .split(' ')
                    .filter(|name| *name != "-")
                    .map(str::to_owned)
                    .collect(),
                request: request.into(),
                code: code_of(code),
                message: message.into(),
                result: result.into(),
            }),
            _ => panic!("line {} has {} fields: {text}", line + 1, fields.len()),
        }
    }
    assert!(cases.len() > 500, "the file holds all cases");
    (fixtures, cases)
}

fn code_of(name: &str) -> Code {
    let known = [
        ("OK", Code::Ok),
        ("Unknown", Code::Unknown),
        ("InvalidArgument", Code::InvalidArgument),
        ("NotFound", Code::NotFound),
        ("AlreadyExists", Code::AlreadyExists),
        ("PermissionDenied", Code::PermissionDenied),
        ("FailedPrecondition", Code::FailedPrecondition),
        ("Unimplemented", Code::Unimplemented),
        ("Internal", Code::Internal),
        ("Unavailable", Code::Unavailable),
    ];
    known
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("{name} is a code"))
        .1
}
