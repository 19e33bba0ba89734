//! A small schema for the tests: jobs and workers of a job runner.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test uses its own part of this"
)]

pub mod manual;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use proposer::Loopback;
use store_core::{
    Changes, Checked, CreateError, DecodeError, Index, Indexes, Meta, Object, RuleError, Rules,
    Schema, Store, StoreOptions, Version, WriteTx, schema,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub meta: Meta,
    pub name: String,
    pub worker: Option<String>,
    pub tags: Vec<String>,
    pub priority: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    pub id: String,
    pub meta: Meta,
    pub host: String,
}

pub const BY_NAME: Index<Job, str> = Index::unique("name", |job, keys| keys.push(&job.name));
pub const BY_WORKER: Index<Job, str> = Index::non_unique("worker", |job, keys| {
    if let Some(worker) = &job.worker {
        keys.push(worker);
    }
});
pub const BY_TAG: Index<Job, str> = Index::non_unique("tag", |job, keys| {
    job.tags.iter().for_each(|tag| keys.push(tag));
});
pub const BY_PRIORITY: Index<Job, i64> =
    Index::non_unique("priority", |job, keys| keys.push(&job.priority));
pub const BY_HOST: Index<Worker, str> =
    Index::non_unique("host", |worker, keys| keys.push(&worker.host));

#[derive(Debug)]
pub struct Runner;

schema! {
    /// One object of any kind.
    pub enum AnyObject for Runner { Job with rules, Worker }
}

impl Schema for Runner {
    type Any = AnyObject;
}

/// A rule, and its own error.
#[derive(Debug, thiserror::Error)]
#[error("job {0} names worker {1}, which does not exist")]
pub struct NoSuchWorker(pub String, pub String);

impl Rules<Runner> for Job {
    fn check(change: &Checked<'_, Self>, state: &WriteTx<'_, Runner>) -> Result<(), RuleError> {
        use store_core::Read as _;
        match change {
            Checked::Create(job) | Checked::Update(job) => match &job.worker {
                Some(worker)
                    if worker.starts_with('!') && state.get::<Worker>(worker).is_none() =>
                {
                    Err(RuleError::new(NoSuchWorker(job.id.clone(), worker.clone())))
                }
                _ => Ok(()),
            },
            Checked::Delete(_) => Ok(()),
        }
    }
}

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
        list.add(BY_NAME)
            .add(BY_WORKER)
            .add(BY_TAG)
            .add(BY_PRIORITY);
    }
    fn encode(&self, out: &mut Vec<u8>) {
        let tags = self.tags.join(",");
        let worker = self.worker.clone().unwrap_or("-".into());
        write_fields(
            &[
                &self.id,
                &meta_text(&self.meta),
                &self.name,
                &worker,
                &tags,
                &self.priority.to_string(),
            ],
            out,
        );
    }
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let [id, meta, name, worker, tags, priority] = read_fields(bytes)?;
        Ok(Self {
            id,
            meta: meta_of(&meta)?,
            name,
            worker: (worker != "-").then_some(worker),
            tags: tags
                .split(',')
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
            priority: priority.parse()?,
        })
    }
}

impl Object for Worker {
    type Key = String;
    const TABLE: &'static str = "worker";

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
        list.add(BY_HOST);
    }
    fn encode(&self, out: &mut Vec<u8>) {
        write_fields(&[&self.id, &meta_text(&self.meta), &self.host], out);
    }
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let [id, meta, host] = read_fields(bytes)?;
        Ok(Self {
            id,
            meta: meta_of(&meta)?,
            host,
        })
    }
}

fn write_fields(fields: &[&str], out: &mut Vec<u8>) {
    out.extend_from_slice(fields.join("\u{1f}").as_bytes());
}

fn read_fields<const N: usize>(bytes: &[u8]) -> Result<[String; N], DecodeError> {
    let fields: Vec<String> = std::str::from_utf8(bytes)?
        .split('\u{1f}')
        .map(str::to_owned)
        .collect();
    fields
        .try_into()
        .map_err(|_| "another number of fields".into())
}

fn meta_text(meta: &Meta) -> String {
    let time = |time: Option<SystemTime>| {
        time.map_or("-".into(), |time| {
            time.duration_since(SystemTime::UNIX_EPOCH)
                .expect("the tests' clock starts later")
                .as_nanos()
                .to_string()
        })
    };
    format!(
        "{} {} {}",
        meta.version,
        time(meta.created),
        time(meta.updated)
    )
}

fn meta_of(text: &str) -> Result<Meta, DecodeError> {
    let [version, created, updated] = text
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "not a meta")?;
    let time = |text: &str| -> Result<Option<SystemTime>, DecodeError> {
        if text == "-" {
            return Ok(None);
        }
        Ok(Some(
            SystemTime::UNIX_EPOCH + Duration::from_nanos(text.parse()?),
        ))
    };
    Ok(Meta {
        version: Version::new(version.parse()?),
        created: time(created)?,
        updated: time(updated)?,
    })
}

pub fn job(id: &str) -> Job {
    Job {
        id: id.into(),
        meta: Meta::default(),
        name: format!("name-{id}"),
        worker: None,
        tags: Vec::new(),
        priority: 0,
    }
}

pub fn worker(id: &str) -> Worker {
    Worker {
        id: id.into(),
        meta: Meta::default(),
        host: format!("host-{id}"),
    }
}

/// Returns how many cases a random test runs: what `PROPTEST_CASES` says, which a number in the test would override, or as
/// many as usual.
pub fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(usual)
}

/// A clock that moves one second at each look.
pub fn clock() -> Arc<dyn Fn() -> SystemTime + Send + Sync> {
    let seconds = AtomicU64::new(1_000);
    Arc::new(move || {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.fetch_add(1, Ordering::Relaxed))
    })
}

pub fn options() -> StoreOptions {
    let mut options = StoreOptions::default();
    options.clock = clock();
    options
}

pub type LocalStore = Store<Runner, Loopback<Changes<Runner>>>;

pub fn store() -> LocalStore {
    Store::open_with(Loopback::new(), options()).expect("a loopback begins")
}

pub fn create<P: proposer::Proposer<Changes<Runner>>>(
    store: &Store<Runner, P>,
    jobs: impl IntoIterator<Item = Job>,
) -> Version {
    let jobs: Vec<Job> = jobs.into_iter().collect();
    let done = store.update(|tx| {
        for job in &jobs {
            tx.create(job.clone())?;
        }
        Ok::<_, CreateError>(())
    });
    done.expect("the jobs are new").version
}

pub fn ids<'a>(rows: impl Iterator<Item = &'a Arc<Job>>) -> Vec<&'a str> {
    rows.map(|job| job.id.as_str()).collect()
}
