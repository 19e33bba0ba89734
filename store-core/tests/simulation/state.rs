//! What a store holds, as plain text: to be compared, whoever holds it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use proposer::Version;
use store_core::{AnyObject as _, Event, Query, Read};

use crate::support::{AnyObject, Job, Runner, Worker};

/// Every object, by its table and key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct State(BTreeMap<(usize, String), Item>);

/// An object, compared by its text.
#[derive(Clone, Debug)]
struct Item {
    object: AnyObject,
    text: String,
}

/// Which objects somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    Jobs,
    /// The jobs of one worker.
    JobsOf(&'static str),
}

impl Scope {
    pub(crate) fn holds(self, object: &AnyObject) -> bool {
        match (self, object) {
            (Self::Everything, _) | (Self::Jobs, AnyObject::Job(_)) => true,
            (Self::JobsOf(worker), AnyObject::Job(job)) => job.worker.as_deref() == Some(worker),
            (Self::Jobs | Self::JobsOf(_), AnyObject::Worker(_)) => false,
        }
    }
}

impl State {
    /// Returns what a snapshot or a transaction shows of a scope.
    pub(crate) fn seen(by: &impl Read<Schema = Runner>, scope: Scope) -> Self {
        let jobs = by.find(Query::<Job>::all()).cloned().map(AnyObject::Job);
        let workers = by
            .find(Query::<Worker>::all())
            .cloned()
            .map(AnyObject::Worker);
        let objects = jobs.chain(workers).filter(|object| scope.holds(object));
        Self(
            objects
                .map(|object| (place(&object), Item::from(&object)))
                .collect(),
        )
    }

    /// Returns what is in a scope.
    pub(crate) fn within(&self, scope: Scope) -> Self {
        let inside = self.0.iter().filter(|(_, item)| scope.holds(&item.object));
        Self(
            inside
                .map(|(place, item)| (place.clone(), item.clone()))
                .collect(),
        )
    }

    pub(crate) fn holds(&self, object: &AnyObject) -> bool {
        self.0.contains_key(&place(object))
    }

    pub(crate) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    /// Makes a change, as somebody does who knows only a scope.
    ///
    /// # Errors
    /// When the change does not fit what is there.
    pub(crate) fn follow(&mut self, event: &Event<Runner>, scope: Scope) -> Result<(), String> {
        let object = event.object();
        let place = place(object);
        let known = self.0.get(&place).map(|item| &item.text);
        let within = |object: &AnyObject| scope.holds(object).then(|| Item::from(object).text);
        let before = match event {
            Event::Created(_) => Some(None),
            Event::Updated { old, .. } => old.as_ref().map(within),
            Event::Deleted(old) => Some(within(old)),
        };
        if let Some(before) = before
            && before.as_ref() != known
        {
            return Err(format!("{event:?} does not follow {known:?}"));
        }
        if matches!(event, Event::Deleted(_)) || !scope.holds(object) {
            self.0.remove(&place);
        } else {
            self.0.insert(place, Item::from(object));
        }
        Ok(())
    }
}

/// Returns the version of the transaction that wrote an object.
pub(crate) fn written_in(object: &AnyObject) -> Version {
    match object {
        AnyObject::Job(job) => job.meta.version,
        AnyObject::Worker(worker) => worker.meta.version,
    }
}

fn place(object: &AnyObject) -> (usize, String) {
    let key = match object {
        AnyObject::Job(job) => job.id.clone(),
        AnyObject::Worker(worker) => worker.id.clone(),
    };
    (object.ordinal(), key)
}

impl From<&AnyObject> for Item {
    fn from(object: &AnyObject) -> Self {
        Self {
            object: object.clone(),
            text: format!("{object:?}"),
        }
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Item {}

impl Hash for Item {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.text.hash(hasher);
    }
}
