//! The values of a dry run, and the made-up context that it starts with.
//!
//! SwarmKit control API, section 4.5: a first task of a service without labels.

use std::rc::Rc;

/// A value, as far as templates can get hold of one.
#[derive(Clone)]
pub(super) enum Value {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    /// The labels of the service. There are none.
    Labels,
    Record(&'static Record),
}

/// A struct of the context, with its fields in Go's order.
pub(super) struct Record {
    type_name: &'static str,
    fields: &'static [(&'static str, Member)],
}

enum Member {
    Text(&'static str),
    Labels,
    Record(&'static Record),
}

/// What the dot is at first.
pub(super) const CONTEXT: Value = Value::Record(&Record {
    type_name: "*template.Context",
    fields: &[
        ("Service", Member::Record(&SERVICE)),
        ("Node", Member::Record(&NODE)),
        ("Task", Member::Record(&TASK)),
    ],
});

static SERVICE: Record = Record {
    type_name: "struct { ID string; Name string; Labels map[string]string }",
    fields: &[
        ("ID", Member::Text("serviceid")),
        ("Name", Member::Text("servicename")),
        ("Labels", Member::Labels),
    ],
};

static NODE: Record = Record {
    type_name: "struct { ID string; Hostname string; Platform template.Platform }",
    fields: &[
        ("ID", Member::Text("nodeid")),
        ("Hostname", Member::Text("nodeHostname")),
        ("Platform", Member::Record(&PLATFORM)),
    ],
};

static PLATFORM: Record = Record {
    type_name: "template.Platform",
    fields: &[
        ("Architecture", Member::Text("architecture")),
        ("OS", Member::Text("os")),
    ],
};

static TASK: Record = Record {
    type_name: "struct { ID string; Name string; Slot string }",
    fields: &[
        ("ID", Member::Text("")),
        ("Name", Member::Text("taskname")),
        ("Slot", Member::Text("1")),
    ],
};

impl Member {
    fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::text(*text),
            Self::Labels => Value::Labels,
            Self::Record(record) => Value::Record(record),
        }
    }
}

impl Record {
    /// Returns the values of the fields.
    pub(super) fn values(&self) -> impl Iterator<Item = Value> {
        self.fields.iter().map(|(_, member)| member.value())
    }
}

impl Value {
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the name of the type in Go.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Labels => "map[string]string",
            Self::Record(record) => record.type_name,
        }
    }

    /// Tells whether a condition holds that comes to this value.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nil | Self::Labels => false,
            Self::Bool(is_true) => *is_true,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Record(_) => true,
        }
    }

    /// Returns a field, or Go's words for why there is none.
    pub(super) fn field(&self, name: &str) -> Result<Self, String> {
        let member = match self {
            Self::Nil => return Err(format!("nil data; no entry for key \"{name}\"")),
            Self::Labels => return Err(format!("map has no entry for key \"{name}\"")),
            Self::Record(record) => record.fields.iter().find(|(known, _)| *known == name),
            _ => None,
        };
        match member {
            Some((_, member)) => Ok(member.value()),
            None => Err(format!(
                "can't evaluate field {name} in type {}",
                self.type_name()
            )),
        }
    }

    /// Returns about how much memory the value takes, to be paid for when it is copied or compared.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 1,
        }
    }
}
