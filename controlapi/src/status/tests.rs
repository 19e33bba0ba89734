//! Every refusal once: its code, its text, its details.

use std::fmt::Write as _;

use proposer::{Epoch, Peer};
use store_core::Version;

use super::*;

/// Every refusal with its code and its text: clients match on them.
#[test]
fn every_refusal_has_its_code_and_text() {
    let mut table = String::new();
    for status in all().into_iter().map(Status::from) {
        writeln!(table, "{:?} | {}", status.code(), status.message()).unwrap();
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/src/status/golden.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(golden, &table).unwrap();
    }
    assert_eq!(
        table,
        std::fs::read_to_string(golden).unwrap(),
        "UPDATE_EXPECT=1 accepts the change"
    );
}

#[test]
fn a_program_finds_the_numbers_without_reading_the_text() {
    let info = |refusal: Refusal| Status::from(refusal).get_details_error_info();
    for refusal in all() {
        let text = refusal.to_string();
        if let Some(info) = info(refusal) {
            assert_eq!(info.domain, DOMAIN, "{text}");
            assert!(!info.reason.is_empty(), "{text}");
            for (name, fact) in info.metadata {
                assert!(
                    name == "table" || text.contains(&fact),
                    "{text:?} lacks {name}, {fact}"
                );
            }
        }
    }
}

fn all() -> Vec<Refusal> {
    let parts = [of_any(), of_one_kind(), of_the_store(), of_the_log()];
    parts.into_iter().flatten().collect()
}

fn of_any() -> Vec<Refusal> {
    let (table, id) = ("service", "s1".to_owned());
    vec![
        validate::request::id("", "service_id").unwrap_err().into(),
        Refusal::NotFound {
            table,
            id: id.clone(),
        },
        Refusal::NothingToRemove {
            table,
            id: id.clone(),
        },
        Refusal::Required("secret ID must be provided"),
        Refusal::NameTaken {
            text: "name conflicts with an existing object: service web already exists".to_owned(),
            table,
            holder: "s2".to_owned(),
        },
        Refusal::TableName {
            text: "extension task already exists".to_owned(),
        },
        Refusal::OnlyLabels {
            table: "secret",
            id: "x1".to_owned(),
        },
        Refusal::ReferredTo {
            table: "secret",
            name: "key".to_owned(),
            services: vec!["web".to_owned()],
        },
        Refusal::ReferredTo {
            table: "config",
            name: "conf".to_owned(),
            services: vec!["web".to_owned(), "api".to_owned()],
        },
    ]
}

fn of_one_kind() -> Vec<Refusal> {
    let id = "s1".to_owned();
    vec![
        Refusal::IngressExists {
            id: "n1".to_owned(),
        },
        Refusal::NetworkPredefined {
            id: "n1".to_owned(),
            name: "host".to_owned(),
        },
        Refusal::NetworkInUse {
            id: "n1".to_owned(),
            table: "task",
            user: "t1".to_owned(),
        },
        Refusal::IngressInUse {
            service: "s1".to_owned(),
        },
        Refusal::KindUnregistered {
            kind: "backup".to_owned(),
        },
        Refusal::ResourceRename {
            id: "r1".to_owned(),
            name: "nightly".to_owned(),
        },
        Refusal::VolumeInUse {
            id: "v1".to_owned(),
            nodes: 2,
        },
        Refusal::IngressAttachment {
            name: "ingress".to_owned(),
            id: "n1".to_owned(),
        },
        Refusal::LastManager { id: id.clone() },
        Refusal::NotAMember { id: id.clone() },
        Refusal::ManagerRemoval { id: id.clone() },
        Refusal::NodeUp { id: id.clone() },
        Refusal::NoCluster,
        Refusal::NoIngressNetwork,
        Refusal::NetworksNotMigrated,
        Refusal::ModeChange { id: id.clone() },
        Refusal::Rename {
            id: id.clone(),
            name: "web".to_owned(),
            given: "api".to_owned(),
        },
        Refusal::NoPreviousSpec { id: id.clone() },
        Refusal::RootUnreadable {
            id,
            why: "the root certificate cannot be read",
        },
        Refusal::CrossSigning,
    ]
}

fn of_the_store() -> Vec<Refusal> {
    let (table, key) = ("service", "s1".to_owned());
    let version = Version::new;
    let rule = || {
        RuleError::new(RuleViolation::DriverMissing {
            volume: "v1".to_owned(),
        })
    };
    let conflict = (table, "name", "s2".to_owned());
    vec![
        CreateError::Conflict {
            table,
            index: conflict.1,
            holder: conflict.2.clone(),
        }
        .into(),
        CreateError::Exists {
            table,
            key: key.clone(),
        }
        .into(),
        CreateError::KeyTooLong {
            table,
            index: "name",
            bytes: 70_000,
        }
        .into(),
        CreateError::Full { table }.into(),
        CreateError::Rule(rule()).into(),
        UpdateError::OutOfSequence {
            table,
            key: key.clone(),
            stored: version(7),
            given: version(5),
        }
        .into(),
        UpdateError::NotFound {
            table,
            key: key.clone(),
        }
        .into(),
        UpdateError::Conflict {
            table,
            index: conflict.1,
            holder: conflict.2,
        }
        .into(),
        UpdateError::KeyTooLong {
            table,
            index: "name",
            bytes: 70_000,
        }
        .into(),
        UpdateError::Rule(rule()).into(),
        DeleteError::NotFound { table, key }.into(),
        DeleteError::Rule(RuleError::new(RuleViolation::ExtensionInUse {
            kind: "backup".to_owned(),
            resource: "r1".to_owned(),
        }))
        .into(),
    ]
}

fn of_the_log() -> Vec<Refusal> {
    let version = Version::new;
    vec![
        Refusal::Aborted(AbortReason::NotLeader {
            leader: Some(Peer::new("m2")),
        }),
        Refusal::Aborted(AbortReason::TooLarge {
            size: 2_000_000,
            max: 1_572_864,
        }),
        Refusal::Aborted(AbortReason::TooManyChanges { changes: 9, max: 8 }),
        Refusal::Aborted(AbortReason::Superseded),
        Refusal::Aborted(AbortReason::Stopped),
        Refusal::Aborted(AbortReason::Failed("disk full".to_owned())),
        Refusal::OutcomeUnknown {
            version: version(9),
            reason: AbortReason::Stopped,
        },
        Refusal::WatchEntry {
            text: "unrecognized action",
            entry: 1,
            advice: "set a bit",
        },
        HistoryError::Compacted {
            asked: version(3),
            oldest: version(5),
            current: version(9),
            epoch: Epoch::new(2),
        }
        .into(),
        HistoryError::OutOfOrder {
            after: version(12),
            through: version(9),
            current: version(9),
        }
        .into(),
        HistoryError::Failed("bad disk".to_owned()).into(),
        Refusal::WatchEnded {
            why: WatchEnded::Lagged,
            resume_from: version(4),
        },
        Refusal::WatchEnded {
            why: WatchEnded::ShuttingDown,
            resume_from: version(4),
        },
        Refusal::Unforeseen("something".to_owned()),
    ]
}
