//! What SwarmKit's own benchmarks do with ten thousand nodes, done here.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use proposer::Loopback;
use store_core::{Changes, Meta, Object as _, Query, Read as _, Store, TransactionError, Version};
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
    (
        Benchmark::CreateNode,
        "create a node, in one transaction",
        Some(10.0),
    ),
    (
        Benchmark::UpdateNode,
        "update a node, unread, in one transaction",
        Some(10.0),
    ),
    (
        Benchmark::UpdateNodeTransaction,
        "update a node, unread, a transaction each",
        Some(10.0),
    ),
    (
        Benchmark::DeleteNodeTransaction,
        "delete the first node, rolled back",
        Some(10.0),
    ),
    (Benchmark::GetNode, "get a node, of one view", Some(10.0)),
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
    let source = IdSource::new();
    let ids: Vec<String> = (0..NODES).map(|_| source.next()).collect();
    let mut figures = [Vec::new(), Vec::new()];
    let mut store = filled(&ids)?.0;
    for _ in 0..effort.rounds.max(1) {
        let (filled, took) = filled(&ids)?;
        figures[0].push(took);
        figures[1].push(update_all(&filled, &ids)?);
        store = filled;
    }
    let [create, update] = figures.map(median);

    // Without a log, the reference compares no versions; here, an update names the one that it replaces.
    let mut versions = vec![store.view().version(); NODES];
    let update_transaction = each(effort, |number| {
        let at = number % NODES;
        let done = store.update(|tx| tx.update(renamed(&ids[at], number, versions[at])).map(drop));
        versions[at] = done.expect("nobody else writes").version;
    });
    let delete = |id: &str| {
        let done = store.update(|tx| {
            let deleted = tx.delete::<Node>(Id::new(id)).is_ok();
            Err::<(), _>(deleted)
        });
        assert!(
            matches!(done, Err(TransactionError::Rejected(true))),
            "the node was there, and is there again"
        );
    };
    let delete_transaction = each(effort, |_| delete(&ids[0]));
    let delete_others = each(effort, |number| delete(&ids[number % NODES]));
    let view = store.view();
    let get = each(effort, |number| {
        black_box(view.get::<Node>(Id::new(&ids[number % NODES])));
    });
    let find_all = effort.per_unit(|| {
        let all: Vec<_> = view.find(Query::<Node>::all()).collect();
        black_box(all.len());
        1
    });
    let name = FoldedName::new("nobody");
    let find_by_name = each(effort, |_| {
        black_box(view.find(node::BY_NAME.eq(name)).next());
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
    let case = "delete a node, another each time, rolled back";
    report.add(case, Unit::Nanoseconds, delete_others);
    Ok(())
}

/// Nanoseconds for what is done with each number from 0 on.
fn each(effort: &Effort, mut work: impl FnMut(usize)) -> f64 {
    let mut numbers = 0..;
    effort.per_unit(|| {
        numbers.by_ref().take(A_BATCH).for_each(&mut work);
        A_BATCH
    })
}

/// A store with nodes of these ids, and how long each took.
fn filled(ids: &[String]) -> Result<(LocalStore, f64)> {
    let store = LocalStore::open(Loopback::new())?;
    let begin = Instant::now();
    store.update(|tx| {
        ids.iter()
            .enumerate()
            .try_for_each(|(number, id)| tx.create(node_of(id, format!("name{number}"))).map(drop))
    })?;
    Ok((store, nanoseconds_each(begin.elapsed(), NODES)))
}

/// Updates every node once, in one transaction, and returns how long each took.
fn update_all(store: &LocalStore, ids: &[String]) -> Result<f64> {
    let version = store.view().version();
    let begin = Instant::now();
    store.update(|tx| {
        ids.iter()
            .enumerate()
            .try_for_each(|(number, id)| tx.update(renamed(id, number, version)).map(drop))
    })?;
    Ok(nanoseconds_each(begin.elapsed(), NODES))
}

/// The node that the reference updates one by: not read before, but made anew.
fn renamed(id: &str, number: usize, version: Version) -> Node {
    let mut node = node_of(id, format!("{id}_{number}"));
    node.set_meta(Meta {
        version,
        ..Meta::default()
    });
    node
}

/// A node as the reference's benchmarks have them: an id, and a name in the spec.
fn node_of(id: &str, name: String) -> Node {
    Node {
        id: id.to_owned(),
        spec: Some(NodeSpec {
            annotations: Some(Annotations {
                name,
                ..Annotations::default()
            }),
            ..NodeSpec::default()
        }),
        ..Node::default()
    }
}
