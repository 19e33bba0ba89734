//! A store with ten thousand nodes, and the transaction that everything here measures.

use std::fmt::Write as _;

use anyhow::Context as _;
use proposer::Proposer;
use store_core::{Changes, CreateError, Pending, Read as _, Store, UpdateError, WriteTx};
use store_objects::wire::{Annotations, Node, NodeSpec};
use store_objects::{Id, Orchestration};

use crate::dataset::Random;

/// As many as SwarmKit's own benchmarks have.
pub(super) const NODES: usize = 10_000;

const SEED: u64 = 1;

pub(super) type Payload = Changes<Orchestration>;

/// A store, and the ids of its nodes.
pub(super) struct Cluster<P: Proposer<Payload>> {
    pub(super) store: Store<Orchestration, P>,
    ids: Vec<Box<str>>,
}

impl<P: Proposer<Payload>> Cluster<P> {
    pub(super) fn open(proposer: P) -> anyhow::Result<Self> {
        let store = Store::open(proposer).context("failed to open the store")?;
        let ids = Random::new(SEED).words(NODES);
        store
            .update(|tx| {
                ids.iter()
                    .try_for_each(|id| tx.create(node(id)).map(drop))?;
                Ok::<_, CreateError>(())
            })
            .context("failed to create the nodes")?;
        Ok(Self { store, ids })
    }

    /// Changes the node that a number stands for, and returns when that is committed.
    pub(super) fn update(&self, number: usize) {
        let done = self.store.update(|tx| self.rename(tx, number));
        done.expect("nothing stands against it");
    }

    /// Changes the node that a number stands for, and gives its task back to its executor until that is committed.
    pub(super) async fn update_async(&self, number: usize) {
        let done = self.store.update_async(|tx| self.rename(tx, number));
        done.await.expect("nothing stands against it");
    }

    /// Changes the node that a number stands for, and does not wait.
    pub(super) fn submit(&self, number: usize) -> Pending<(), UpdateError> {
        self.store.submit(|tx| self.rename(tx, number))
    }

    fn rename(
        &self,
        tx: &mut WriteTx<'_, Orchestration>,
        number: usize,
    ) -> Result<(), UpdateError> {
        let node = tx.get::<Node>(self.id(number)).expect("it was created");
        tx.update(renamed(node, number)).map(drop)
    }

    pub(super) fn id(&self, number: usize) -> &Id<Node> {
        Id::new(&self.ids[number % NODES])
    }
}

fn node(id: &str) -> Node {
    Node {
        id: id.to_owned(),
        spec: Some(NodeSpec {
            annotations: Some(Annotations {
                name: id.to_owned(),
                ..Annotations::default()
            }),
            ..NodeSpec::default()
        }),
        ..Node::default()
    }
}

fn renamed(node: &Node, number: usize) -> Node {
    let mut node = node.clone();
    let annotations = node
        .spec
        .as_mut()
        .and_then(|spec| spec.annotations.as_mut());
    let name = &mut annotations.expect("it was created with a name").name;
    name.truncate(25);
    // Writing to a string does not fail.
    let _ = write!(name, "_{number}");
    node
}
