//! What is compared: something to publish to, and watchers of it that want the events of one id.

use std::future::Future;
use std::sync::Arc;

use clap::ValueEnum;

/// An id that is watched.
pub(crate) type Id = u64;

/// What is published: a change of one object, which is shared.
#[derive(Clone)]
pub(crate) struct Changed {
    pub(crate) id: Id,
    pub(crate) object: Arc<str>,
}

/// What a watcher reads of an event: something of the object.
pub(crate) type Taken = usize;

impl Changed {
    /// Reads the object.
    pub(crate) fn read(&self) -> Taken {
        self.object.len()
    }
}

/// A publish/subscribe queue.
pub(crate) trait Peer: Sync {
    type Watcher: Send + 'static;

    /// Whether a watcher has to look at the events of other ids itself.
    const SKIMS: bool;

    fn new() -> Self;

    /// Publishes one event. When it returns, nobody has to do anything more for the event to be there.
    fn publish(&self, event: Changed);

    fn watch(&self, id: Id) -> Self::Watcher;

    /// Takes the next event of the watcher's id, if there is one by now.
    fn take(watcher: &mut Self::Watcher) -> Option<Taken>;

    /// The task of a watcher: calls `took` for every event of its id, until there will be none.
    fn task(
        watcher: Self::Watcher,
        took: impl Fn() + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static;
}

/// The peers by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Name {
    /// watch-queue
    Ours,
    /// The watch queue of `SwarmKit`, rebuilt on docker/go-events, by the Go toolchain in /usr/bin
    GoEvents,
    /// `tokio::sync::broadcast`
    Broadcast,
}

impl Name {
    /// All but ours, in the order in which they are shown.
    pub(crate) const PEERS: [Self; 2] = [Self::GoEvents, Self::Broadcast];

    /// The name, on the command line and in JSON, and for a person.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::GoEvents => "go-events",
            Self::Broadcast => "broadcast",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::broadcast::Broadcast;
    use super::super::ours::Ours;
    use super::*;

    fn event(id: Id) -> Changed {
        Changed {
            id,
            object: "object".into(),
        }
    }

    fn watchers_take_what_is_theirs<P: Peer>() {
        let peer = P::new();
        let (mut one, mut two) = (peer.watch(1), peer.watch(2));
        for id in [1, 3, 2, 1] {
            peer.publish(event(id));
        }
        let read = Some("object".len());
        assert_eq!((P::take(&mut one), P::take(&mut two)), (read, read));
        assert_eq!((P::take(&mut one), P::take(&mut two)), (read, None));
        assert_eq!(P::take(&mut one), None);
    }

    #[test]
    fn all_peers_do_the_same() {
        watchers_take_what_is_theirs::<Ours>();
        watchers_take_what_is_theirs::<Broadcast>();
    }

    #[test]
    fn names_on_the_command_line_are_the_ids() {
        for name in Name::value_variants() {
            assert_eq!(name.to_possible_value().unwrap().get_name(), name.id());
        }
    }
}
