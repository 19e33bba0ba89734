#![doc = include_str!("../README.md")]

mod key;

mod meta;

mod object;

mod index;

mod schema;

mod query;

mod branches;

mod rows;

mod page;

mod engine;

mod snapshot;

mod error;

mod write;

mod event;

mod topic;

mod changes;

mod codec;

mod options;

mod each;
mod sync;

mod ticket;
mod told;

mod pending;

mod flow;

mod slot;

mod versions;

mod history;

mod shared;

mod store;

mod batch;

mod position;

mod watch;

mod result_change;

mod subscription;

mod replay;
mod resume;
mod retired;

#[cfg(feature = "stream")]
mod stream;

mod progress;

mod saved;

mod digest;

pub use batch::{Batch, BatchError, BatchReport};
pub use changes::Changes;
pub use digest::Digest;
pub use engine::{IndexMemory, Table, TableDef, TableMemory};
pub use error::{CreateError, DeleteError, RuleError, TransactionError, UpdateError};
pub use event::{Change, Event};
pub use index::{Index, Indexes, Keys};
pub use key::{KEY_BYTES_MAX, Key, KeyBuf, PrefixKey};
pub use meta::Meta;
pub use object::{Checked, Kind, Object, Rules};
pub use options::StoreOptions;
pub use page::{Page, PageError, PageToken};
pub use pending::{Committed, Pending};
pub use position::Position;
pub use progress::Progress;
pub use proposer::{AbortReason, DecodeError, Epoch, Version};
pub use query::Query;
pub use result_change::ResultChange;
pub use rows::Rows;
pub use saved::RestoreStateError;
pub use schema::{AnyObject, KindDef, Schema};
pub use snapshot::{Read, Snapshot};
pub use store::{Stats, Store};
#[cfg(feature = "stream")]
pub use stream::SubscriptionStream;
pub use subscription::{EventBatch, NoBatch, Subscription, WatchEnd};
pub use topic::Topic;
pub use versions::{Closed, WaitFor};
pub use watch::Watch;
pub use write::WriteTx;
