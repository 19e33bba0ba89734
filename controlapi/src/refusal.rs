//! Why a request is refused, in words.
//!
//! Clients of this API match on texts. So a text begins with SwarmKit's, letter by letter (its control API, sections 1.3
//! to 13), and what helps a person follows after `; `: ids, versions, what to do. The code that goes with each is in
//! [`status`](crate::status).

use proposer::{AbortReason, HistoryError};
use store_core::{CreateError, DeleteError, Object, TransactionError, UpdateError, Version};

use crate::validate::Invalid;

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request is wrong in itself.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no object of that id.
    #[error("{table} {id} not found")]
    NotFound {
        /// The table.
        table: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// There is no object of that id to be removed.
    #[error("could not find {table} {id}")]
    NothingToRemove {
        /// The table.
        table: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A field that must be given is absent or empty; for some, SwarmKit has words of their own.
    #[error("{0}")]
    Required(&'static str),
    /// Another object has the name.
    #[error("{text}; {table} {holder} has that name")]
    NameTaken {
        /// SwarmKit's words, which differ from table to table.
        text: String,
        /// The table.
        table: &'static str,
        /// The id of the object that has the name.
        holder: String,
    },
    /// An extension may not have the name of a table.
    #[error("{text}; it is the name of a table")]
    TableName {
        /// SwarmKit's words.
        text: String,
    },
    /// An update changes more than labels, where only those can change.
    #[error("only updates to Labels are allowed; {table} {id}: remove it and create another")]
    OnlyLabels {
        /// The table.
        table: &'static str,
        /// The id.
        id: String,
    },
    /// Services refer to what is to be removed.
    #[error(
        "{table} '{name}' is in use by the following service{}: {}; update them first",
        if services.len() > 1 { "s" } else { "" },
        services.join(", ")
    )]
    ReferredTo {
        /// The table.
        table: &'static str,
        /// The name of what is to be removed.
        name: String,
        /// The services' names, in order of id.
        services: Vec<String>,
    },
    /// There is one ingress network already.
    #[error("ingress network ({id}) is already present; there can be one")]
    IngressExists {
        /// Its id.
        id: String,
    },
    /// A network that exists before any user cannot be removed.
    #[error("network {id} ({name}) is a swarm predefined network and cannot be removed")]
    NetworkPredefined {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Something is attached to the network.
    #[error("network {id} is in use by {table} {user}")]
    NetworkInUse {
        /// The network's id.
        id: String,
        /// `service` or `task`.
        table: &'static str,
        /// The id of what is attached.
        user: String,
    },
    /// A service publishes ports through the ingress network.
    #[error("ingress network cannot be removed because service {service} depends on it")]
    IngressInUse {
        /// The service's id.
        service: String,
    },
    /// No extension has registered the kind of a resource.
    #[error("Kind {kind} is not registered; create an extension of that name first")]
    KindUnregistered {
        /// The kind.
        kind: String,
    },
    /// An update changes the name of a resource.
    #[error("cannot change resource name; resource {id} is named {name:?}")]
    ResourceRename {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A volume is published to nodes.
    #[error("volume is still in use; volume {id} is published to {nodes} nodes")]
    VolumeInUse {
        /// Its id.
        id: String,
        /// How many.
        nodes: usize,
    },
    /// The last manager of a cluster cannot become a worker.
    #[error("attempting to demote the last manager of the swarm; node {id} is the only one")]
    LastManager {
        /// The node's id.
        id: String,
    },
    /// A manager is no member of the log, so that it cannot leave it.
    #[error("can't find manager in raft memberlist; node {id} is no member of this server's log")]
    NotAMember {
        /// The node's id.
        id: String,
    },
    /// A manager cannot be removed.
    #[error(
        "node {id} is a manager but cannot access node information from the raft memberlist; make it a worker first"
    )]
    ManagerRemoval {
        /// The node's id.
        id: String,
    },
    /// A node that is up is removed by force only.
    #[error("node {id} is not down and can't be removed; stop it, or use force")]
    NodeUp {
        /// The node's id.
        id: String,
    },
    /// The root certificate of a cluster is not what it should be.
    #[error("error loading cluster rootCA for update; cluster {id}: {why}")]
    RootUnreadable {
        /// The cluster's id.
        id: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The root of a cluster cannot sign the one that is to follow it.
    #[error("unable to generate a cross-signed certificate for root rotation")]
    CrossSigning,
    /// There is no cluster object.
    #[error("could not fetch cluster object; none is named default")]
    NoCluster,
    /// A service asks for the network that only the cluster itself attaches services to.
    #[error("Service cannot be explicitly attached to the ingress network {name:?}; network {id}")]
    IngressAttachment {
        /// The network's name.
        name: String,
        /// Its id.
        id: String,
    },
    /// A service publishes a port through a network that does not exist.
    #[error(
        "service needs ingress network, but no ingress network is present; create a network with ingress set"
    )]
    NoIngressNetwork,
    /// An update changes the deprecated list of networks.
    #[error(
        "networks must be migrated to TaskSpec before being changed; move spec.networks to spec.task.networks"
    )]
    NetworksNotMigrated,
    /// An update changes the mode of a service.
    #[error("service mode change is not allowed; service {id}: remove it and create another")]
    ModeChange {
        /// The service's id.
        id: String,
    },
    /// An update changes the name of a service.
    #[error(
        "renaming services is not supported; service {id} is named {name:?}, the update says {given:?}"
    )]
    Rename {
        /// The service's id.
        id: String,
        /// Its name.
        name: String,
        /// The name in the update.
        given: String,
    },
    /// A service that was never updated cannot go back.
    #[error("service {id} does not have a previous spec")]
    NoPreviousSpec {
        /// The service's id.
        id: String,
    },
    /// The store refused to create an object.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The store refused to update an object.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// The store refused to delete an object.
    #[error(transparent)]
    Delete(#[from] DeleteError),
    /// The transaction is certainly not committed.
    #[error("{}", aborted(.0))]
    Aborted(AbortReason),
    /// The transaction is perhaps committed.
    #[error(
        "it is not known whether the change is committed as version {version}: {reason}; read before trying again"
    )]
    OutcomeUnknown {
        /// The version that it has if it is.
        version: Version,
        /// Why that is not known.
        reason: AbortReason,
    },
    /// The store gives an error that this server does not know.
    #[error("unforeseen: {0}")]
    Unforeseen(String),
    /// A watch asks for something that cannot be watched.
    #[error("{text}; entries[{entry}]: {advice}")]
    WatchEntry {
        /// What is wrong, in SwarmKit's words.
        text: &'static str,
        /// The place of the entry in the request.
        entry: usize,
        /// What to do instead.
        advice: &'static str,
    },
    /// A watch cannot be resumed from that version.
    #[error("{}", unreachable_version(.0))]
    History(#[from] HistoryError),
    /// A watch ended.
    #[error("the watch ended: {why}; resume it from version {resume_from}")]
    WatchEnded {
        /// Why.
        why: WatchEnded,
        /// Everything up to this version was sent.
        resume_from: Version,
    },
}

/// Why a watch ended that its client did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WatchEnded {
    /// The client took longer to receive than the server keeps messages for it.
    #[error("the client fell behind")]
    Lagged,
    /// The server shuts down.
    #[error("the server is shutting down")]
    ShuttingDown,
}

impl Refusal {
    /// Returns the refusal of a request for an object that does not exist.
    pub(crate) fn not_found<O: Object>(id: &str) -> Self {
        Self::NotFound {
            table: O::TABLE,
            id: id.to_owned(),
        }
    }
}

impl From<TransactionError<Self>> for Refusal {
    fn from(error: TransactionError<Self>) -> Self {
        match error {
            TransactionError::Rejected(refusal) => refusal,
            TransactionError::Unknown { version, reason } => {
                Self::OutcomeUnknown { version, reason }
            }
            TransactionError::Aborted(reason) => Self::Aborted(reason),
            other => Self::Unforeseen(other.to_string()),
        }
    }
}

/// SwarmKit's words for a transaction that its log did not take.
fn aborted(reason: &AbortReason) -> String {
    let words = match reason {
        AbortReason::NotLeader { .. } => {
            "raft: failed to process the request: node lost leader status"
        }
        AbortReason::Stopped => "raft: failed to process the request: node is stopped",
        AbortReason::TooLarge { .. } | AbortReason::TooManyChanges { .. } => {
            "raft: raft message is too large and can't be sent"
        }
        _ => "the change was not committed",
    };
    format!("{words}; {reason}")
}

/// SwarmKit's words for a stretch of history that its log does not have.
fn unreachable_version(error: &HistoryError) -> String {
    match error {
        HistoryError::Compacted { .. } => {
            format!(
                "requested index is unavailable due to compaction; {error}: list again, then watch from there"
            )
        }
        HistoryError::OutOfOrder { after, current, .. } => {
            format!(
                "versions are out of order; version {after} was asked for, the current version is {current}"
            )
        }
        error => error.to_string(),
    }
}
