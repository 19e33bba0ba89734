//! What can go wrong between the command line and the server, told in a way that one can act on.
//!
//! A report is one `error:` line, which ends with the gRPC code if the server spoke, and where there is something to
//! do, a `hint:` line.

use std::error::Error as _;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{fmt, io};

use tonic::{Code, Status};

use super::exit::Exit;
use super::output::printable;

/// What to do when nobody knows how a request ended.
const LOOK_FIRST: &str = "a change may have been made all the same; look before trying again";

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that makes no sense.
    #[error("{0}")]
    Usage(String),

    /// A file with a spec cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file as it was named.
        path: String,
        /// What the system says.
        source: io::Error,
    },

    /// A file with a spec is not one.
    #[error("{path} is not a spec: {source}")]
    NotASpec {
        /// The file as it was named.
        path: String,
        /// What is wrong, and where.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// Objects of this kind stay what they are.
    #[error("{noun} {reference} is there and differs, and a {noun} cannot be changed")]
    Immutable {
        /// The kind of object.
        noun: &'static str,
        /// Its name.
        reference: String,
    },

    /// Some objects of a file could not be applied.
    #[error("{applied} of {total} objects were applied:{}", Failures(.failures))]
    NotApplied {
        /// Where they stand, and why not.
        failures: Vec<(String, Error)>,
        /// How many were applied.
        applied: usize,
        /// How many there are.
        total: usize,
    },

    /// No object goes by this name or id.
    #[error("{noun} {reference} not found")]
    NotFound {
        /// The kind of object.
        noun: &'static str,
        /// What was typed.
        reference: String,
    },

    /// Several objects go by this name or begin with this id.
    #[error("{noun} {reference} is ambiguous ({} matches found):{}", .candidates.len(), Lines(.candidates))]
    Ambiguous {
        /// The kind of object.
        noun: &'static str,
        /// What was typed.
        reference: String,
        /// Their ids and names.
        candidates: Vec<(String, String)>,
    },

    /// Somebody else changed the object first.
    #[error(
        "{noun} {reference} was changed by somebody else: version {expected} was expected, version {stored} is stored (Aborted)"
    )]
    Conflict {
        /// The kind of object.
        noun: &'static str,
        /// What was typed.
        reference: String,
        /// The version that the change was made for.
        expected: u64,
        /// The version that the server has.
        stored: u64,
    },

    /// Others kept changing the object faster.
    #[error(
        "{noun} {reference} is being changed by others; {attempts} attempts failed, version {stored} is stored (Aborted)"
    )]
    Busy {
        /// The kind of object.
        noun: &'static str,
        /// What was typed.
        reference: String,
        /// How often it was tried.
        attempts: u32,
        /// The version that the server has.
        stored: u64,
    },

    /// Nobody listens at the socket.
    #[error("cannot reach the server at {}: {source}", .socket.display())]
    Unreachable {
        /// The path of the socket.
        socket: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// There is no socket to connect to by default.
    #[error("cannot tell where the server is: {0}")]
    NoPlace(#[from] crate::place::NoPlace),

    /// The connection ended before the answer came.
    #[error("the connection to the server broke: {0}")]
    Broken(Box<Status>),

    /// The answer did not come in time.
    #[error("the server did not answer in time")]
    TimedOut,

    /// A watch broke off and could not be resumed.
    #[error("the watch broke off, and {attempts} attempts to resume it failed: {}", Said(.last))]
    WatchLost {
        /// How often it was tried.
        attempts: u32,
        /// What ended the last attempt.
        last: Box<Status>,
    },

    /// The server answered with an error.
    #[error("{}", Said(.0))]
    Status(Box<Status>),

    /// The answer cannot be printed.
    #[error("cannot print: {0}")]
    Output(#[from] io::Error),

    /// The answer has no form in JSON.
    #[error("cannot print as JSON: {0}")]
    Json(#[from] serde_json::Error),

    /// The answer has no form in YAML.
    #[error("cannot print as YAML: {0}")]
    Yaml(#[from] serde_saphyr::SerializeError),
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        // A status that came over the wire has no source; one that was made on this side has.
        match (status.source().is_some(), status.code()) {
            (false, _) => Self::Status(Box::new(status)),
            (true, Code::Cancelled) => Self::TimedOut,
            (true, _) => Self::Broken(Box::new(status)),
        }
    }
}

impl Error {
    /// Returns the exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Unreadable { .. } | Self::NotASpec { .. } => Exit::Usage,
            Self::NotFound { .. } | Self::Ambiguous { .. } => Exit::NotFound,
            Self::Conflict { .. } | Self::Busy { .. } => Exit::Conflict,
            Self::Unreachable { .. }
            | Self::NoPlace(_)
            | Self::Broken(_)
            | Self::TimedOut
            | Self::WatchLost { .. } => Exit::Unreachable,
            Self::Immutable { .. } | Self::Output(_) | Self::Json(_) | Self::Yaml(_) => {
                Exit::Failed
            }
            Self::NotApplied { failures, .. } => failures
                .first()
                .map_or(Exit::Failed, |(_, error)| error.exit()),
            Self::Status(status) => match status.code() {
                Code::NotFound => Exit::NotFound,
                Code::AlreadyExists | Code::Aborted => Exit::Conflict,
                Code::Unavailable | Code::DeadlineExceeded => Exit::Unreachable,
                _ if is_conflict(status) => Exit::Conflict,
                _ => Exit::Failed,
            },
        }
    }

    /// Returns the lines for standard error.
    #[must_use]
    pub fn report(&self) -> String {
        let mut report = format!("error: {self}\n");
        if let Some(hint) = self.hint() {
            _ = writeln!(report, "hint: {hint}");
        }
        report
    }

    /// Returns what to do about it, where there is something.
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound { noun, .. } => {
                return Some(format!("`statectl {noun} ls` shows what there is"));
            }
            Self::Ambiguous { .. } => "use an id, or more of it",
            Self::Conflict {
                noun, reference, ..
            } => {
                return Some(format!(
                    "look at it with `statectl {noun} inspect {reference}`, then try again"
                ));
            }
            Self::Busy { .. } => "try again",
            Self::Immutable { .. } => "remove it and apply again, or give it another name",
            Self::NotApplied { failures, .. } => {
                return failures.first().and_then(|(_, error)| error.hint());
            }
            Self::Unreachable { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => {
                    "the socket belongs to another user; run this as that user"
                }
                io::ErrorKind::InvalidInput => {
                    "no socket can have this path: 107 bytes are the most, and none of them zero"
                }
                _ => "start the server with `stated`, or name its socket with --host or STATE_HOST",
            },
            Self::Broken(_) | Self::TimedOut => LOOK_FIRST,
            Self::NoPlace(_) => "name the server's socket with --host or STATE_HOST",
            Self::WatchLost { .. } => "list what there is, then watch again",
            Self::Status(status) => return status_hint(status).map(Into::into),
            Self::Usage(_)
            | Self::Unreadable { .. }
            | Self::NotASpec { .. }
            | Self::Output(_)
            | Self::Json(_)
            | Self::Yaml(_) => {
                return None;
            }
        };
        Some(hint.into())
    }
}

/// Returns whether an update was refused because the object has another version by now.
pub(super) fn is_conflict(status: &Status) -> bool {
    // SwarmKit itself answers with the code Unknown; Statehouse with Aborted.
    status.message().starts_with("update out of sequence")
}

/// Returns what to do about an error that the server answered with.
fn status_hint(status: &Status) -> Option<&'static str> {
    match status.code() {
        Code::Unavailable => {
            Some("the server is starting, stopping or without a leader; try again")
        }
        Code::DeadlineExceeded => Some(LOOK_FIRST),
        Code::AlreadyExists => Some("choose another name, or change what there is"),
        Code::OutOfRange if status.message().starts_with("versions are out of order") => Some(
            "a version is one that a watch or an object of this server has; leave out --from to watch from now on",
        ),
        Code::OutOfRange => {
            Some("that part of the history is gone; list what there is, then watch again")
        }
        Code::PermissionDenied | Code::Unauthenticated => {
            Some("the server does not allow this to you")
        }
        _ => None,
    }
}

/// A server's message and the name of its code.
pub(super) struct Said<'a>(pub(super) &'a Status);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, message) = (self.0.code(), printable(self.0.message()));
        if message.is_empty() {
            write!(f, "{code} ({code:?})")
        } else {
            write!(f, "{message} ({code:?})")
        }
    }
}

/// Places and errors, one pair a line.
struct Failures<'a>(&'a [(String, Error)]);

impl fmt::Display for Failures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(place, error)| write!(f, "\n  {place}: {error}"))
    }
}

/// Ids and names, one pair a line.
struct Lines<'a>(&'a [(String, String)]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(id, name)| write!(f, "\n  {id}  {}", printable(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_report(error: impl Into<Error>, exit: Exit, report: &str) {
        let error = error.into();
        assert_eq!(error.report(), report);
        assert_eq!(error.exit(), exit);
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert_report(
            Error::NotFound {
                noun: "service",
                reference: "web".into(),
            },
            Exit::NotFound,
            "error: service web not found\nhint: `statectl service ls` shows what there is\n",
        );
    }

    #[test]
    fn candidates_are_listed() {
        let candidates =
            [("0ab1", "web"), ("0ab2", "api")].map(|(id, name)| (id.into(), name.into()));
        assert_report(
            Error::Ambiguous {
                noun: "service",
                reference: "0ab".into(),
                candidates: candidates.into(),
            },
            Exit::NotFound,
            "error: service 0ab is ambiguous (2 matches found):\n  0ab1  web\n  0ab2  api\n\
             hint: use an id, or more of it\n",
        );
    }

    #[test]
    fn a_conflict_tells_both_versions() {
        assert_report(
            Error::Conflict {
                noun: "service",
                reference: "web".into(),
                expected: 4,
                stored: 7,
            },
            Exit::Conflict,
            "error: service web was changed by somebody else: version 4 was expected, version 7 is stored (Aborted)\n\
             hint: look at it with `statectl service inspect web`, then try again\n",
        );
    }

    #[test]
    fn a_missing_server_is_told_with_its_path() {
        let error = |kind: io::ErrorKind| Error::Unreachable {
            socket: "/run/a.sock".into(),
            source: kind.into(),
        };
        assert_report(
            error(io::ErrorKind::NotFound),
            Exit::Unreachable,
            "error: cannot reach the server at /run/a.sock: entity not found\n\
             hint: start the server with `stated`, or name its socket with --host or STATE_HOST\n",
        );
        assert_report(
            error(io::ErrorKind::PermissionDenied),
            Exit::Unreachable,
            "error: cannot reach the server at /run/a.sock: permission denied\n\
             hint: the socket belongs to another user; run this as that user\n",
        );
        // It was advised to start a server there.
        assert_report(
            error(io::ErrorKind::InvalidInput),
            Exit::Unreachable,
            "error: cannot reach the server at /run/a.sock: invalid input parameter\n\
             hint: no socket can have this path: 107 bytes are the most, and none of them zero\n",
        );
    }

    #[test]
    fn what_the_server_says_comes_with_its_code() {
        assert_report(
            Status::invalid_argument("meta: name must be provided"),
            Exit::Failed,
            "error: meta: name must be provided (InvalidArgument)\n",
        );
        assert_report(
            Status::already_exists(
                "name conflicts with an existing object: service web already exists",
            ),
            Exit::Conflict,
            "error: name conflicts with an existing object: service web already exists (AlreadyExists)\n\
             hint: choose another name, or change what there is\n",
        );
        assert_report(
            Status::unavailable(""),
            Exit::Unreachable,
            "error: The service is currently unavailable (Unavailable)\n\
             hint: the server is starting, stopping or without a leader; try again\n",
        );
    }

    /// It was said of a version that is yet to come, too, that its history is gone.
    #[test]
    fn a_version_that_is_gone_is_told_from_one_to_come() {
        assert_report(
            Status::out_of_range("requested index is unavailable due to compaction; more"),
            Exit::Failed,
            "error: requested index is unavailable due to compaction; more (OutOfRange)\n\
             hint: that part of the history is gone; list what there is, then watch again\n",
        );
        assert_report(
            Status::out_of_range("versions are out of order; version 9 was asked for"),
            Exit::Failed,
            "error: versions are out of order; version 9 was asked for (OutOfRange)\n\
             hint: a version is one that a watch or an object of this server has; leave out --from to watch from now on\n",
        );
    }

    #[test]
    fn what_the_server_says_moves_no_cursor() {
        assert_report(
            Status::invalid_argument("bad\u{1b}[2J\nname"),
            Exit::Failed,
            "error: bad\\u{1b}[2J\\nname (InvalidArgument)\n",
        );
    }

    #[test]
    fn a_conflict_of_swarmkit_is_one_too() {
        let status = Status::unknown("update out of sequence");
        assert!(is_conflict(&status));
        assert_eq!(Error::from(status).exit(), Exit::Conflict);
    }
}
