//! Placement constraints: `node.labels.zone == north`, `node.role != manager`.
//!
//! A key that means nothing is accepted, and matches no node.

use std::net::IpAddr;

use store_objects::wire::{Node, NodeRole};

use super::Invalid;
use super::subnet::Subnet;

/// What must hold for a node, so that a task may run there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    key: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
}

/// In the order in which they are looked for, wherever they stand in the text.
const OPERATORS: [(&str, Operator); 2] = [("==", Operator::Equal), ("!=", Operator::NotEqual)];

/// The bytes that a value may have besides letters and digits.
const VALUE_BYTES: &[u8] = b":-_ \t\n\x0c\r.*()?+[]\\^$|/";

impl Constraint {
    /// Reads one constraint.
    ///
    /// SwarmKit control API, section 4.4.
    ///
    /// # Errors
    /// When there is no operator, or the key or the value has characters that it may not have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((key, operator, value)) = OPERATORS.into_iter().find_map(|(sign, operator)| {
            text.split_once(sign)
                .map(|(key, value)| (key.trim(), operator, value.trim()))
        }) else {
            return Err(Invalid::argument(
                "constraint expected one operator from ==, !=",
            ));
        };
        if !is_key(key) {
            return Err(Invalid::argument(format!("key '{key}' is invalid"))
                .advise("a letter or `_`, then one or more of a-z, 0-9, `-`, `_`, `.`"));
        }
        if !is_value(value) {
            return Err(Invalid::argument(format!("value '{value}' is invalid"))
                .advise(r"one or more of a-z, 0-9, blank, and :-_.*()?+[]\^$|/"));
        }
        Ok(Self {
            key: key.to_owned(),
            operator,
            value: value.to_owned(),
        })
    }

    /// Tells whether a node meets the constraint. What the node does not say counts as empty.
    ///
    /// SwarmKit control API, section 4.4.
    #[must_use]
    pub fn matches(&self, node: &Node) -> bool {
        let description = node.description.as_ref();
        let platform = description.and_then(|description| description.platform.as_ref());
        match self.key.to_ascii_lowercase().as_str() {
            "node.id" => self.compare(&node.id),
            "node.hostname" => self.compare(description.map_or("", |known| &known.hostname)),
            "node.ip" => self.compare_address(node.status.as_ref().map_or("", |known| &known.addr)),
            "node.role" => {
                self.compare(NodeRole::try_from(node.role).map_or("", |role| role.as_str_name()))
            }
            "node.platform.os" => self.compare(platform.map_or("", |known| &known.os)),
            "node.platform.arch" => self.compare(platform.map_or("", |known| &known.architecture)),
            _ => self.compare_label(node),
        }
    }

    fn compare(&self, actual: &str) -> bool {
        self.value.eq_ignore_ascii_case(actual) == (self.operator == Operator::Equal)
    }

    /// A value that is neither address nor subnet matches nothing, whatever the operator.
    fn compare_address(&self, actual: &str) -> bool {
        let actual: Option<IpAddr> = actual.parse().ok();
        let is_there = if let Ok(address) = self.value.parse::<IpAddr>() {
            actual.is_some_and(|actual| actual.to_canonical() == address.to_canonical())
        } else if let Some(subnet) = Subnet::parse(&self.value) {
            actual.is_some_and(|actual| subnet.contains(actual))
        } else {
            return false;
        };
        is_there == (self.operator == Operator::Equal)
    }

    /// Label keys are case-sensitive, what comes before them is not.
    fn compare_label(&self, node: &Node) -> bool {
        let spec = node.spec.as_ref();
        let engine = node
            .description
            .as_ref()
            .and_then(|description| description.engine.as_ref());
        let (labels, label) = if let Some(label) = after(&self.key, "node.labels.") {
            let annotations = spec.and_then(|spec| spec.annotations.as_ref());
            (annotations.map(|annotations| &annotations.labels), label)
        } else if let Some(label) = after(&self.key, "engine.labels.") {
            (engine.map(|engine| &engine.labels), label)
        } else {
            return false;
        };
        let actual = labels.and_then(|labels| labels.get(label));
        self.compare(actual.map_or("", String::as_str))
    }
}

/// Reads all constraints of a spec and names the one at fault.
pub(super) fn parse_all(constraints: &[String]) -> Result<Vec<Constraint>, Invalid> {
    constraints
        .iter()
        .enumerate()
        .map(|(place, text)| {
            Constraint::parse(text)
                .map_err(|refusal| refusal.at(format!("spec.task.placement.constraints[{place}]")))
        })
        .collect()
}

fn is_key(key: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match key.as_bytes() {
        [first, rest @ ..] if !rest.is_empty() => {
            (first.is_ascii_alphabetic() || *first == b'_') && rest.iter().copied().all(is_inner)
        }
        _ => false,
    }
}

fn is_value(value: &str) -> bool {
    !value.is_empty()
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || VALUE_BYTES.contains(&byte))
}

/// Returns what follows a prefix that may be in any case, unless nothing does.
fn after<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = key.split_at_checked(prefix.len())?;
    (start.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use store_objects::wire::{
        Annotations, EngineDescription, NodeDescription, NodeSpec, NodeStatus, Platform, Shared,
    };

    use super::*;

    fn node() -> Node {
        let labels = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
        Node {
            id: "nodew".to_owned(),
            spec: Some(NodeSpec {
                annotations: Some(Annotations {
                    labels: labels("Zone", "North"),
                    ..Annotations::default()
                }),
                ..NodeSpec::default()
            }),
            description: Some(Shared::new(NodeDescription {
                hostname: "host-w".to_owned(),
                platform: Some(Platform {
                    os: "linux".to_owned(),
                    architecture: "x86_64".to_owned(),
                }),
                engine: Some(EngineDescription {
                    labels: labels("gpu", "1"),
                    ..EngineDescription::default()
                }),
                ..NodeDescription::default()
            })),
            status: Some(NodeStatus {
                addr: "10.0.0.7".to_owned(),
                ..NodeStatus::default()
            }),
            role: NodeRole::Manager.into(),
            ..Node::default()
        }
    }

    #[test]
    fn faults_are_told_in_the_words_of_the_reference() {
        for (text, fault) in [
            (
                "node.role=manager",
                "constraint expected one operator from ==, !=",
            ),
            ("no op", "constraint expected one operator from ==, !="),
            ("node.role==", "value '' is invalid"),
            ("==x", "key '' is invalid"),
            ("a==b", "key 'a' is invalid"),
            ("nöde==x", "key 'nöde' is invalid"),
            ("node.hostname != a@b", "value 'a@b' is invalid"),
            ("node.role==manager!=x", "value 'manager!=x' is invalid"),
            ("node.labels.k!=v==w", "key 'node.labels.k!=v' is invalid"),
        ] {
            assert_eq!(Constraint::parse(text).unwrap_err().text(), fault);
        }
        let refusal = parse_all(&["node.id==a".to_owned(), "x".to_owned()]).unwrap_err();
        assert_eq!(refusal.field(), Some("spec.task.placement.constraints[1]"));
    }

    #[test]
    fn what_a_node_says_is_compared() {
        for text in [
            "node.id == NODEW",
            "NODE.ID != other",
            "node.hostname==HOST-W",
            "node.ip == 10.0.0.7",
            "node.ip == 10.0.0.0/8",
            "node.ip != 10.0.0.8",
            "node.ip != 192.168.0.0/16",
            "node.role == manager",
            "node.platform.os==Linux",
            "node.platform.arch != arm64",
            "node.labels.Zone == north",
            "Node.Labels.zone != north",
            "engine.labels.gpu == 1",
            "engine.labels.none != 1",
        ] {
            assert!(Constraint::parse(text).unwrap().matches(&node()), "{text}");
        }
        for text in [
            "node.id == other",
            "node.ip == 10.0.0.8",
            "node.ip == nonsense",
            "node.ip != nonsense",
            "node.role == worker",
            "node.labels.zone == north",
            "node.labels.==north",
            "node.foo.bar == x",
            "node.foo.bar != x",
        ] {
            assert!(!Constraint::parse(text).unwrap().matches(&node()), "{text}");
        }
    }

    #[test]
    fn what_a_node_does_not_say_is_empty() {
        let silent = Node::default();
        for key in [
            "node.hostname",
            "node.ip",
            "node.platform.os",
            "node.platform.arch",
            "node.labels.a",
            "engine.labels.a",
        ] {
            let equal = Constraint::parse(&format!("{key}==10.0.0.7")).unwrap();
            let different = Constraint::parse(&format!("{key}!=10.0.0.7")).unwrap();
            assert!(!equal.matches(&silent), "{key}");
            assert!(different.matches(&silent), "{key}");
        }
    }
}
