//! One transaction of a client, from its call to its end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use proposer::Version;
use store_core::{Committed, Pending, Read as _, TransactionError, WriteTx};

use crate::history::CLIENT;
use crate::log::Log;
use crate::place::{Bell, Place};
use crate::random::Random;
use crate::report::Report;
use crate::state::{Scope, State};
use crate::support::{Job, Runner, Worker, job};

/// What a transaction read: a version, and a number for all that it saw there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) version: Version,
    pub(crate) digest: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// With the version that it got, or read if it changed nothing.
    Committed(Version, Seen),
    Rejected(Seen),
    Aborted,
    Unknown,
}

pub(crate) struct Operation {
    pub(crate) name: String,
    /// The member's life that it was made in: what it may rely on having seen before.
    pub(crate) life: usize,
    pub(crate) writes: bool,
    pub(crate) called: u64,
    /// When and how it ended.
    pub(crate) ended: Option<(u64, End)>,
    pending: Option<Pending<Seen, Seen>>,
    bell: Arc<Bell>,
}

/// What a client is about to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Write,
    /// Changes something, then thinks better of it.
    Reject,
    Read,
}

impl Operation {
    /// Calls a store.
    pub(crate) fn begin(
        number: usize,
        life: usize,
        place: &Place,
        log: &Log,
        random: &mut Random,
    ) -> Option<Self> {
        let store = place.store()?;
        let kind = match random.below(10) {
            0 => Kind::Reject,
            1 | 2 => Kind::Read,
            _ => Kind::Write,
        };
        let name = format!("operation-{number}");
        let bell = Bell::new(&log.now, place);
        let called = log.now.fetch_add(1, Ordering::Relaxed);
        let pending = store.submit(|tx| {
            let version = tx
                .version()
                .previous()
                .expect("a transaction follows a version");
            let digest = State::seen(tx, Scope::Everything).digest();
            let seen = Seen { version, digest };
            if random.one_in(6) {
                // The log goes on while the closure runs.
                let ticks = random.below(60) as u64;
                log.pass(ticks);
            }
            if kind == Kind::Read {
                return Ok(seen);
            }
            change(tx, random);
            sign(tx, &format!("{CLIENT}{}", number % 3), &name);
            if kind == Kind::Reject {
                Err(seen)
            } else {
                Ok(seen)
            }
        });
        Some(Self {
            name,
            life,
            writes: kind == Kind::Write,
            called,
            ended: None,
            pending: Some(pending),
            bell,
        })
    }

    /// Looks whether it has ended.
    pub(crate) fn poll(&mut self, log: &Log, report: &Report) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        let waker = Waker::from(Arc::clone(&self.bell));
        let rung = self.bell.has_rung();
        let Poll::Ready(result) = Pin::new(pending).poll(&mut Context::from_waker(&waker)) else {
            if rung {
                report.note(format!(
                    "{}: was told that it ended, and has not",
                    self.name
                ));
            }
            return;
        };
        self.pending = None;
        let now = if rung {
            self.bell.rung.load(Ordering::Relaxed)
        } else {
            log.now.fetch_add(1, Ordering::Relaxed)
        };
        let end = match result {
            Ok(Committed { value, version }) => End::Committed(version, value),
            Err(TransactionError::Rejected(seen)) => End::Rejected(seen),
            Err(TransactionError::Aborted(_)) => End::Aborted,
            Err(TransactionError::Unknown { .. }) => End::Unknown,
            Err(other) => unreachable!("{other:?}"),
        };
        if let End::Committed(version, _) = end
            && rung
            && self.bell.readable.load(Ordering::Relaxed) < version.get()
        {
            report.note(format!(
                "{}: was told of {version} before it could be read",
                self.name
            ));
        }
        self.ended = Some((now, end));
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether somebody was told that it ended, who has not looked yet.
    pub(crate) fn was_told(&self) -> bool {
        self.is_open() && self.bell.has_rung()
    }
}

/// Changes some jobs: few ids and fewer names, so that they meet.
fn change(tx: &mut WriteTx<'_, Runner>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let id = format!("job-{:02}", random.below(16));
        let stored = tx.get::<Job>(&id).cloned();
        let mut new = stored.as_deref().cloned().unwrap_or_else(|| job(&id));
        new.name = format!("name-{:02}", random.below(24));
        new.worker = random
            .pick(&[None, Some("w1"), Some("w2")])
            .flatten()
            .map(str::to_owned);
        new.priority = i64::try_from(random.below(100)).expect("it is small");
        // What a table refuses leaves no trace, so that the rest can go on.
        let _refused = match stored {
            None => tx.create(new).is_err(),
            Some(_) if random.one_in(4) => tx.delete::<Job>(&id).is_err(),
            Some(_) => tx.update(new).is_err(),
        };
    }
}

/// Leaves an operation's name with its client.
pub(crate) fn sign(tx: &mut WriteTx<'_, Runner>, client: &str, name: &str) {
    let stored = tx.get::<Worker>(&client.to_owned()).cloned();
    let is_new = stored.is_none();
    let mut worker = stored
        .as_deref()
        .cloned()
        .unwrap_or_else(|| crate::support::worker(client));
    name.clone_into(&mut worker.host);
    if is_new {
        tx.create(worker).map(drop).expect("no such client yet");
    } else {
        tx.update(worker).map(drop).expect("the client is there");
    }
}
