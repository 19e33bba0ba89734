//! The object that every engine stores: a task with the four indexes of an orchestrator.

use store_core::{DecodeError, Index, Indexes, Meta, Object, Version};

/// A task. The Go harness has the same fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) id: Box<str>,
    /// In lower case, unique.
    pub(crate) name: Box<str>,
    pub(crate) service: Box<str>,
    pub(crate) node: Box<str>,
    pub(crate) slot: u64,
    pub(crate) version: u64,
}

const BY_NAME: Index<Task, str> = Index::unique("name", |task, keys| keys.push(&task.name));

pub(crate) const BY_SERVICE: Index<Task, str> =
    Index::non_unique("service", |task, keys| keys.push(&task.service));

const BY_NODE: Index<Task, str> = Index::non_unique("node", |task, keys| keys.push(&task.node));

impl Object for Task {
    type Key = str;
    const TABLE: &'static str = "task";

    fn key(&self) -> &str {
        &self.id
    }

    fn meta(&self) -> Meta {
        Meta {
            version: Version::new(self.version),
            ..Meta::default()
        }
    }

    fn set_meta(&mut self, meta: Meta) {
        self.version = meta.version.get();
    }

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_SERVICE).add(BY_NODE);
    }

    fn encode(&self, _: &mut Vec<u8>) {
        unreachable!("a table without a store has no log and saves nothing");
    }

    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        unreachable!("a table without a store has no log and restores nothing");
    }
}
