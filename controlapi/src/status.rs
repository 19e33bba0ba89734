//! Status codes: which refusal becomes which, in one table.
//!
//! The code is SwarmKit's, except where that is `Unknown` because an error reached the client that nobody had thought of.
//!
//! # What may be tried again
//! | code | was anything changed? | what to do |
//! |---|---|---|
//! | `Unavailable` | certainly not | try again, perhaps later |
//! | `Aborted` | no | read again, decide again: a version conflict, a watch that fell behind |
//! | `DeadlineExceeded` | perhaps | read before trying again |
//! | `ResourceExhausted` | no | make it smaller |
//! | all others | no | change the request |
//!
//! An outcome that is not known is `DeadlineExceeded`, the one code that the gRPC specification defines as *may have
//! completed*. `Unavailable` would be wrong: libraries repeat such calls by themselves.
//!
//! # Details
//! Beside the text, a status carries `google.rpc.ErrorInfo` with a reason and the numbers, and `google.rpc.BadRequest`
//! where one field is at fault, so that a program need not read the text.

use std::collections::HashMap;

use proposer::{AbortReason, HistoryError};
use store_core::{CreateError, DeleteError, UpdateError};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::refusal::{Refusal, WatchEnded};
use crate::validate;

/// Whose reasons these are, in `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "statehouse";

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        Self::with_error_details(code(&refusal), refusal.to_string(), details(&refusal))
    }
}

fn code(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::Invalid(invalid) => match invalid.code() {
            validate::Code::InvalidArgument => Code::InvalidArgument,
            validate::Code::PermissionDenied => Code::PermissionDenied,
            validate::Code::Unimplemented => Code::Unimplemented,
        },
        Refusal::IngressAttachment { .. } | Refusal::WatchEntry { .. } => Code::InvalidArgument,
        Refusal::NotFound { .. } => Code::NotFound,
        Refusal::ServiceExists { .. } => Code::AlreadyExists,
        Refusal::NoIngressNetwork | Refusal::NoPreviousSpec { .. } => Code::FailedPrecondition,
        Refusal::NetworksNotMigrated
        | Refusal::ModeChange { .. }
        | Refusal::Rename { .. }
        | Refusal::NotYet { .. } => Code::Unimplemented,
        Refusal::Create(error) => match error {
            CreateError::Conflict { .. } | CreateError::Exists { .. } => Code::AlreadyExists,
            CreateError::KeyTooLong { .. } => Code::InvalidArgument,
            CreateError::Full { .. } => Code::ResourceExhausted,
            CreateError::Rule(_) => Code::FailedPrecondition,
            _ => Code::Internal,
        },
        Refusal::Update(error) => match error {
            UpdateError::OutOfSequence { .. } => Code::Aborted,
            UpdateError::NotFound { .. } => Code::NotFound,
            UpdateError::Conflict { .. } => Code::AlreadyExists,
            UpdateError::KeyTooLong { .. } => Code::InvalidArgument,
            UpdateError::Rule(_) => Code::FailedPrecondition,
            _ => Code::Internal,
        },
        Refusal::Delete(error) => match error {
            DeleteError::NotFound { .. } => Code::NotFound,
            DeleteError::Rule(_) => Code::FailedPrecondition,
            _ => Code::Internal,
        },
        Refusal::Aborted(reason) => match reason {
            AbortReason::TooLarge { .. } | AbortReason::TooManyChanges { .. } => {
                Code::ResourceExhausted
            }
            AbortReason::NotLeader { .. }
            | AbortReason::Superseded
            | AbortReason::Stopped
            | AbortReason::Failed(_) => Code::Unavailable,
            _ => Code::Internal,
        },
        Refusal::OutcomeUnknown { .. } => Code::DeadlineExceeded,
        Refusal::History(error) => match error {
            HistoryError::Compacted { .. } | HistoryError::OutOfOrder { .. } => Code::OutOfRange,
            HistoryError::Failed(_) => Code::Unavailable,
            _ => Code::Internal,
        },
        Refusal::WatchEnded { why, .. } => match why {
            WatchEnded::Lagged => Code::Aborted,
            WatchEnded::ShuttingDown => Code::Unavailable,
        },
        Refusal::Unforeseen(_) => Code::Internal,
    }
}

/// What a program may want to know of a refusal, without reading its text.
fn details(refusal: &Refusal) -> ErrorDetails {
    let info = |reason: &str, facts: &[(&str, &dyn ToString)]| {
        let facts: HashMap<_, _> = facts
            .iter()
            .map(|(name, fact)| ((*name).to_owned(), fact.to_string()))
            .collect();
        ErrorDetails::with_error_info(reason, DOMAIN, facts)
    };
    match refusal {
        Refusal::Invalid(invalid) => match invalid.field() {
            Some(field) => ErrorDetails::with_bad_request_violation(field, invalid.text()),
            None => ErrorDetails::new(),
        },
        Refusal::NotFound { table, id } => info("NOT_FOUND", &[("table", table), ("id", id)]),
        Refusal::ServiceExists { name, holder } => {
            info("NAME_TAKEN", &[("name", name), ("holder", holder)])
        }
        Refusal::Update(UpdateError::OutOfSequence {
            table,
            key,
            stored,
            given,
        }) => info(
            "VERSION_CONFLICT",
            &[
                ("table", table),
                ("id", key),
                ("stored", stored),
                ("given", given),
            ],
        ),
        Refusal::Aborted(AbortReason::TooLarge { size, max }) => {
            info("TOO_LARGE", &[("size", size), ("max", max)])
        }
        Refusal::OutcomeUnknown { version, .. } => info("OUTCOME_UNKNOWN", &[("version", version)]),
        Refusal::History(HistoryError::Compacted {
            oldest,
            current,
            epoch,
            ..
        }) => info(
            "COMPACTED",
            &[("oldest", oldest), ("current", current), ("epoch", epoch)],
        ),
        Refusal::WatchEnded { why, resume_from } => {
            let reason = match why {
                WatchEnded::Lagged => "WATCH_LAGGED",
                WatchEnded::ShuttingDown => "SHUTTING_DOWN",
            };
            info(reason, &[("resume_from", resume_from)])
        }
        _ => ErrorDetails::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proposer::{Epoch, Peer};
    use store_core::{RuleError, Version};

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
        let (table, key, id) = ("service", "s1".to_owned(), "s1".to_owned());
        let version = Version::new;
        let rule = || RuleError::new("a rule");
        let conflict = (table, "name", "s2".to_owned());
        vec![
            validate::request::id("", "service_id").unwrap_err().into(),
            Refusal::NotFound {
                table,
                id: id.clone(),
            },
            Refusal::ServiceExists {
                name: "web".to_owned(),
                holder: "s2".to_owned(),
            },
            Refusal::IngressAttachment {
                name: "ingress".to_owned(),
                id: "n1".to_owned(),
            },
            Refusal::NoIngressNetwork,
            Refusal::NetworksNotMigrated,
            Refusal::ModeChange { id: id.clone() },
            Refusal::Rename {
                id: id.clone(),
                name: "web".to_owned(),
                given: "api".to_owned(),
            },
            Refusal::NoPreviousSpec { id },
            Refusal::NotYet { rpc: "UpdateNode" },
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
            DeleteError::Rule(rule()).into(),
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
}
