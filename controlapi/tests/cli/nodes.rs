//! What can be done with nodes, on a state that holds some: the server itself makes none.

use std::path::Path;

use proposer::{Journal, JournalOptions};
use serde_json::json;
use store_core::{Changes, Store};
use store_objects::Orchestration;
use store_objects::wire::node_status::State;
use store_objects::wire::{Node, NodeDescription, NodeRole, NodeSpec, NodeStatus, Shared};

use crate::statectl::Terminal;
use crate::support::Stated;

/// Returns a node that is up.
fn node(name: &str, role: NodeRole) -> Node {
    Node {
        id: format!("{name}-id"),
        spec: Some(NodeSpec {
            desired_role: role.into(),
            ..NodeSpec::default()
        }),
        description: Some(Shared::new(NodeDescription {
            hostname: name.to_owned(),
            ..NodeDescription::default()
        })),
        status: Some(NodeStatus {
            state: State::Ready.into(),
            ..NodeStatus::default()
        }),
        role: role.into(),
        ..Node::default()
    }
}

/// Writes a state of these nodes.
fn write(state_dir: &Path, nodes: Vec<Node>) {
    let journal: Journal<Changes<Orchestration>> =
        Journal::open(state_dir, JournalOptions::default()).unwrap();
    let store = Store::open(journal).unwrap();
    for node in nodes {
        store.update(|tx| tx.create(node.clone())).unwrap();
    }
    store.close();
}

fn open(nodes: Vec<Node>) -> Terminal {
    let directory = tempfile::tempdir().unwrap();
    write(&directory.path().join("state"), nodes);
    Terminal {
        server: Stated::start(directory.path()),
        directory,
    }
}

#[test]
fn a_worker_is_changed_and_removed() {
    let terminal = open(vec![node("east", NodeRole::Worker)]);
    let spec = || terminal.json("node inspect east")["spec"].take();

    assert_eq!(terminal.ok("node drain east"), "east-id\n");
    assert_eq!(spec()["availability"], "DRAIN");
    terminal.ok("node activate east");
    terminal.ok("node update east --label zone=a");
    assert_eq!(spec()["annotations"]["labels"], json!({"zone": "a"}));

    let (code, error) = terminal.fails("node rm east");
    assert_eq!(
        (code, error.as_str()),
        (
            1,
            "error: node east-id is not down and can't be removed; stop it, or use force (FailedPrecondition)\n"
        )
    );
    assert_eq!(terminal.ok("node rm --force east"), "east-id\n");
    assert_eq!(terminal.ok("node ls --quiet"), "");
    let cluster = terminal.json("cluster inspect default");
    assert_eq!(
        cluster["blacklistedCertificates"],
        json!({"east-id": {}}),
        "it had no certificate, so that nothing says when this may end"
    );
}

/// The server has no members, so that nothing would ever end a promotion by making the node a manager.
#[test]
fn a_promotion_can_be_taken_back() {
    let terminal = open(vec![node("east", NodeRole::Worker)]);
    terminal.ok("node promote east");
    let (code, error) = terminal.fails("node rm --force east");
    assert_eq!(code, 1);
    assert!(error.contains("; make it a worker first "), "{error}");
    terminal.ok("node demote east");
    terminal.ok("node rm --force east");
}

#[test]
fn a_manager_stays_one() {
    let terminal = open(vec![node("north", NodeRole::Manager)]);
    let (code, error) = terminal.fails("node demote north");
    assert_eq!(
        (code, error.as_str()),
        (
            1,
            "error: attempting to demote the last manager of the swarm; node north-id is the only one \
             (FailedPrecondition)\n"
        )
    );

    let terminal = open(vec![
        node("north", NodeRole::Manager),
        node("south", NodeRole::Manager),
    ]);
    let (code, error) = terminal.fails("node demote north");
    assert_eq!(
        (code, error.as_str()),
        (
            4,
            "error: can't find manager in raft memberlist; node north-id is no member of this server's log \
             (NotFound)\n"
        )
    );
}
