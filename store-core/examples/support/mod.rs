//! Jobs and who runs them: the tables of the examples that are not about tables.

use store_core::{DecodeError, Index, Indexes, Meta, Object, Schema, schema};

/// Work to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) meta: Meta,
    /// Who does it; empty until somebody does.
    pub(crate) worker: String,
}

/// All jobs of a worker; those of `""` wait.
pub(crate) const BY_WORKER: Index<Job, str> =
    Index::non_unique("worker", |job, keys| keys.push(&job.worker));

impl Object for Job {
    type Key = String;
    const TABLE: &'static str = "job";

    fn key(&self) -> &String {
        &self.id
    }

    fn meta(&self) -> Meta {
        self.meta
    }

    fn set_meta(&mut self, meta: Meta) {
        self.meta = meta;
    }

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_WORKER);
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.meta.encode(out);
        out.extend(format!("{} {}", self.id, self.worker).bytes());
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (meta, text) = Meta::decode(bytes)?;
        let (id, worker) = std::str::from_utf8(text)?
            .split_once(' ')
            .ok_or("not a job")?;
        Ok(Self {
            meta,
            worker: worker.to_owned(),
            ..Self::waiting(id)
        })
    }
}

impl Job {
    pub(crate) fn waiting(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            meta: Meta::default(),
            worker: String::new(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Jobs;

schema! {
    /// One object of any kind.
    pub enum AnyObject for Jobs { Job }
}

impl Schema for Jobs {
    type Any = AnyObject;
}
