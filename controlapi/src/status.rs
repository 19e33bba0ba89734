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
use store_core::{CreateError, DeleteError, RuleError, UpdateError};
use store_objects::RuleViolation;
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
        Refusal::IngressAttachment { .. }
        | Refusal::KindUnregistered { .. }
        | Refusal::OnlyLabels { .. }
        | Refusal::ReferredTo { .. }
        | Refusal::Required(_)
        | Refusal::ResourceRename { .. }
        | Refusal::WatchEntry { .. } => Code::InvalidArgument,
        Refusal::NotFound { .. } | Refusal::NothingToRemove { .. } | Refusal::NotAMember { .. } => {
            Code::NotFound
        }
        Refusal::IngressExists { .. } | Refusal::NameTaken { .. } | Refusal::TableName { .. } => {
            Code::AlreadyExists
        }
        Refusal::IngressInUse { .. }
        | Refusal::LastManager { .. }
        | Refusal::ManagerRemoval { .. }
        | Refusal::NodeUp { .. }
        | Refusal::NetworkInUse { .. }
        | Refusal::NetworkPredefined { .. }
        | Refusal::NoIngressNetwork
        | Refusal::NoPreviousSpec { .. }
        | Refusal::VolumeInUse { .. } => Code::FailedPrecondition,
        Refusal::NetworksNotMigrated | Refusal::ModeChange { .. } | Refusal::Rename { .. } => {
            Code::Unimplemented
        }
        Refusal::Create(error) => match error {
            CreateError::Conflict { .. } | CreateError::Exists { .. } => Code::AlreadyExists,
            CreateError::KeyTooLong { .. } => Code::InvalidArgument,
            CreateError::Full { .. } => Code::ResourceExhausted,
            CreateError::Rule(rule) => rule_code(rule),
            _ => Code::Internal,
        },
        Refusal::Update(error) => match error {
            UpdateError::OutOfSequence { .. } => Code::Aborted,
            UpdateError::NotFound { .. } => Code::NotFound,
            UpdateError::Conflict { .. } => Code::AlreadyExists,
            UpdateError::KeyTooLong { .. } => Code::InvalidArgument,
            UpdateError::Rule(rule) => rule_code(rule),
            _ => Code::Internal,
        },
        Refusal::Delete(error) => match error {
            DeleteError::NotFound { .. } => Code::NotFound,
            DeleteError::Rule(rule) => rule_code(rule),
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
        Refusal::CrossSigning
        | Refusal::NoCluster
        | Refusal::RootUnreadable { .. }
        | Refusal::Unforeseen(_) => Code::Internal,
    }
}

fn rule_code(rule: &RuleError) -> Code {
    match rule.downcast_ref::<RuleViolation>() {
        Some(RuleViolation::ReservedName { .. }) => Code::AlreadyExists,
        Some(RuleViolation::DriverMissing { .. }) => Code::InvalidArgument,
        Some(
            RuleViolation::ExtensionImmutable { .. }
            | RuleViolation::ExtensionInUse { .. }
            | RuleViolation::KindUnregistered { .. },
        ) => Code::FailedPrecondition,
        _ => Code::Internal,
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
        Refusal::NotFound { table, id } | Refusal::NothingToRemove { table, id } => {
            info("NOT_FOUND", &[("table", table), ("id", id)])
        }
        Refusal::NameTaken { table, holder, .. } => {
            info("NAME_TAKEN", &[("table", table), ("holder", holder)])
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
mod tests;
