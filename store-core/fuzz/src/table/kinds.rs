//! The two kinds of the store: one with keys of any bytes and two indexes, one with small numbers.

use std::fmt;
use std::sync::Arc;

use store_core::{
    DecodeError, Index, Indexes, Key, KeyBuf, Meta, Object, PrefixKey, Schema, Version, schema,
};

/// A key of any bytes; they are shared, since a model is often copied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(Arc<[u8]>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) id: Name,
    pub(crate) meta: Meta,
    pub(crate) name: Name,
    pub(crate) tags: Vec<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    pub(crate) id: u16,
    pub(crate) meta: Meta,
    pub(crate) owner: Name,
}

pub(crate) const BY_NAME: Index<Thing, Name> =
    Index::unique("name", |thing, keys| keys.push(&thing.name));
pub(crate) const BY_TAG: Index<Thing, Name> = Index::non_unique("tag", |thing, keys| {
    thing.tags.iter().for_each(|tag| keys.push(tag));
});
pub(crate) const BY_OWNER: Index<Counter, Name> =
    Index::non_unique("owner", |counter, keys| keys.push(&counter.owner));

#[derive(Debug)]
pub(crate) struct Both;

schema! {
    /// A thing or a counter.
    pub(crate) enum Either for Both { Thing, Counter }
}

impl Schema for Both {
    type Any = Either;
}

impl Name {
    /// How long the encoded form is: a NUL takes two bytes, the end another two.
    pub(crate) fn encoded_len(&self) -> usize {
        let bytes = self.0.iter();
        bytes.map(|byte| 1 + usize::from(*byte == 0)).sum::<usize>() + 2
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Name {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = &self.0[..self.0.len().min(120)];
        write!(f, "{} of {} bytes", start.escape_ascii(), self.0.len())
    }
}

impl Key for Name {
    fn encode(&self, out: &mut KeyBuf) {
        out.push_bytes(&self.0);
    }
}

impl PrefixKey for Name {
    type Prefix = [u8];

    fn encode_prefix(prefix: &[u8], out: &mut KeyBuf) {
        out.push_open(prefix);
    }
}

impl Object for Thing {
    type Key = Name;
    const TABLE: &'static str = "thing";

    fn key(&self) -> &Name {
        &self.id
    }
    fn meta(&self) -> Meta {
        self.meta
    }
    fn set_meta(&mut self, meta: Meta) {
        self.meta = meta;
    }
    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_TAG);
    }
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.meta.version.get().to_le_bytes());
        for field in [&self.id, &self.name].into_iter().chain(&self.tags) {
            out.extend(field.0.len().to_le_bytes());
            out.extend_from_slice(&field.0);
        }
    }
    fn decode(mut bytes: &[u8]) -> Result<Self, DecodeError> {
        let meta = decode_meta(&mut bytes)?;
        let mut field = || -> Result<Name, DecodeError> {
            let len = usize::from_le_bytes(take(&mut bytes)?);
            let field = bytes.split_off(..len).ok_or("a field is cut off")?;
            Ok(Name::from(field.to_vec()))
        };
        Ok(Self {
            id: field()?,
            meta,
            name: field()?,
            tags: {
                let mut tags = Vec::new();
                while let Ok(tag) = field() {
                    tags.push(tag);
                }
                tags
            },
        })
    }
}

impl Object for Counter {
    type Key = u16;
    const TABLE: &'static str = "counter";

    fn key(&self) -> &u16 {
        &self.id
    }
    fn meta(&self) -> Meta {
        self.meta
    }
    fn set_meta(&mut self, meta: Meta) {
        self.meta = meta;
    }
    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_OWNER);
    }
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.meta.version.get().to_le_bytes());
        out.extend(self.id.to_le_bytes());
        out.extend_from_slice(&self.owner.0);
    }
    fn decode(mut bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self {
            meta: decode_meta(&mut bytes)?,
            id: u16::from_le_bytes(take(&mut bytes)?),
            owner: Name::from(bytes.to_vec()),
        })
    }
}

/// The version is encoded; the times are the same everywhere.
fn decode_meta(bytes: &mut &[u8]) -> Result<Meta, DecodeError> {
    Ok(Meta {
        version: Version::new(u64::from_le_bytes(take(bytes)?)),
        created: Some(super::NOW),
        updated: Some(super::NOW),
    })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], DecodeError> {
    let taken = bytes.split_off(..N).ok_or("a number is cut off")?;
    Ok(taken.try_into()?)
}
