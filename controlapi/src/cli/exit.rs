//! How a command ends: the exit codes, the table of which a script may rely on.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done; also when a `watch` was ended by Ctrl-C, which is how a watch ends, or the reader of a pipe went away |
//! | 1 | the server refused the request, or what it said could not be printed |
//! | 2 | the command line, or the spec that it names, is wrong; nothing was changed |
//! | 3 | the server cannot be reached, or did not answer in time |
//! | 4 | an object was not found, or the name given does not tell which one is meant |
//! | 5 | conflict: the object was changed by somebody else, or the name is taken |

use std::process::ExitCode;

/// The table above, as `--help` prints it.
pub(super) const HELP: &str = "\
Exit codes:
  0  done (a watch that was ended by Ctrl-C, too)
  1  the server refused the request
  2  the command line, or the spec that it names, is wrong; nothing was changed
  3  the server cannot be reached, or did not answer in time
  4  an object was not found, or the name does not tell which one is meant
  5  conflict: somebody else changed the object, or the name is taken";

/// How a command failed, for a script to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// The server refused the request.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// There is no server, or it does not answer.
    Unreachable = 3,
    /// No object, or more than one, goes by the name.
    NotFound = 4,
    /// Somebody else was faster.
    Conflict = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
