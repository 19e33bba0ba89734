//! What SwarmKit's own benchmarks do with ten thousand nodes, done here.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use proposer::Loopback;
use store_core::{Changes, Query, Read as _, Store};
use store_objects::wire::{Annotations, Node, NodeSpec};
use store_objects::{FoldedName, Id, IdSource, Orchestration, node};

use crate::effort::{Effort, median, nanoseconds_each};
use crate::report::{Report, Unit};
use crate::swarmkit::{Benchmark, Reference};

const NODES: usize = 10_000;

/// Between two looks at the clock.
const A_BATCH: usize = 64;

/// What is compared with what, and the ratio that is aimed at.
const ROWS: [(Benchmark, &str, Option<f64>); 7] = [
    (Benchmark::CreateNode, "create a node", Some(10.0)),
    (
        Benchmark::UpdateNode,
        "update a node, in one transaction",
        Some(10.0),
    ),
    (
        Benchmark::UpdateNodeTransaction,
        "update a node, a transaction each",
        Some(10.0),
    ),
    (
        Benchmark::DeleteNodeTransaction,
        "delete a node, rolled back",
        Some(10.0),
    ),
    (Benchmark::GetNode, "get a node", Some(10.0)),
    (
        Benchmark::FindAllNodes,
        "find all of 10 000 nodes",
        Some(50.0),
    ),
    (
        Benchmark::FindNodeByName,
        "find a node by name, no match",
        None,
    ),
];

type LocalStore = Store<Orchestration, Loopback<Changes<Orchestration>>>;

/// Measures nodes.
///
/// # Errors
/// The store refuses something, or there is no figure of the reference.
pub(crate) fn measure(effort: &Effort, swarmkit: &Reference, report: &mut Report) -> Result<()> {
    let theirs = ROWS
        .iter()
        .map(|(benchmark, ..)| swarmkit.figure(*benchmark))
        .collect::<Result<Vec<_>>>()?;
    let nodes = nodes();
    let mut figures = [Vec::new(), Vec::new()];
    let mut store = filled(&nodes)?.0;
    for _ in 0..effort.rounds.max(1) {
        let (filled, took) = filled(&nodes)?;
        figures[0].push(took);
        figures[1].push(update_all(&filled, &nodes)?);
        store = filled;
    }
    let [create, update] = figures.map(median);

    let mut ids = nodes.iter().map(|node| Id::new(&node.id)).cycle();
    let mut each = |work: &mut dyn FnMut(&Id<Node>)| {
        effort.per_unit(|| {
            ids.by_ref().take(A_BATCH).for_each(&mut *work);
            A_BATCH
        })
    };
    let update_transaction = each(&mut |id| {
        let done = store.update(|tx| {
            let node = changed(tx.get::<Node>(id).expect("it was created"));
            tx.update(node).map(drop)
        });
        done.expect("nobody else writes");
    });
    // The reference's transaction is rolled back, too: each deletes a node that is there.
    let delete_transaction = each(&mut |id| {
        let done = store.update(|tx| {
            tx.delete::<Node>(id).map_err(|_| false)?;
            Err::<(), _>(true)
        });
        black_box(done.is_err());
    });
    let view = store.view();
    let get = each(&mut |id| {
        black_box(view.get::<Node>(id));
    });
    let find_all = effort.per_unit(|| {
        let all: Vec<_> = view.find(Query::<Node>::all()).collect();
        black_box(all.len());
        1
    });
    let name = FoldedName::new("nobody");
    let find_by_name = effort.per_unit(|| {
        for _ in 0..A_BATCH {
            black_box(view.find(node::BY_NAME.eq(name)).next());
        }
        A_BATCH
    });

    let ours = [
        create,
        update,
        update_transaction,
        delete_transaction,
        get,
        find_all,
        find_by_name,
    ];
    for (((_, case, target), ours), theirs) in ROWS.into_iter().zip(ours).zip(theirs) {
        report.compare(case, Unit::Nanoseconds, ours, theirs, target);
    }
    Ok(())
}

/// The nodes of the reference's benchmarks: an id, and a name in the spec.
fn nodes() -> Vec<Node> {
    let ids = IdSource::new();
    let node = |number| Node {
        id: ids.next(),
        spec: Some(NodeSpec {
            annotations: Some(Annotations {
                name: format!("name{number}"),
                ..Annotations::default()
            }),
            ..NodeSpec::default()
        }),
        ..Node::default()
    };
    (0..NODES).map(node).collect()
}

/// A store with the nodes, and how long each took.
fn filled(nodes: &[Node]) -> Result<(LocalStore, f64)> {
    let store = LocalStore::open(Loopback::new())?;
    let begin = Instant::now();
    store.update(|tx| {
        nodes
            .iter()
            .try_for_each(|node| tx.create(node.clone()).map(drop))
    })?;
    Ok((store, nanoseconds_each(begin.elapsed(), NODES)))
}

fn update_all(store: &LocalStore, nodes: &[Node]) -> Result<f64> {
    let begin = Instant::now();
    store.update(|tx| {
        nodes.iter().try_for_each(|node| {
            let node = changed(tx.get::<Node>(Id::new(&node.id)).expect("it was created"));
            tx.update(node).map(drop)
        })
    })?;
    Ok(nanoseconds_each(begin.elapsed(), NODES))
}

/// The node with another name in its spec, as the reference changes it.
fn changed(node: &Node) -> Node {
    let mut node = node.clone();
    let annotations = node
        .spec
        .get_or_insert_default()
        .annotations
        .get_or_insert_default();
    annotations.name.push('x');
    annotations.name.truncate(12);
    node
}
