//! Where we differ from SwarmKit on purpose.

use tonic::Code;

use super::Case;

/// A difference: answers that SwarmKit gives with this code, and a text that begins so.
struct Difference {
    code: Code,
    text: &'static str,
    /// Our code; and our text, where it does not begin with SwarmKit's.
    ours: Code,
    our_text: Option<&'static str>,
    reason: &'static str,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        code: Code::Unknown,
        text: "update out of sequence",
        ours: Code::Aborted,
        our_text: None,
        reason: "a version conflict is `Aborted`: read again, decide again",
    },
    Difference {
        code: Code::Unknown,
        text: "constraint expected one operator from ==, !=",
        ours: Code::InvalidArgument,
        our_text: None,
        reason: "a constraint that cannot be read is the request's fault",
    },
    Difference {
        code: Code::Unknown,
        text: "key '",
        ours: Code::InvalidArgument,
        our_text: None,
        reason: "a constraint that cannot be read is the request's fault",
    },
    Difference {
        code: Code::Unknown,
        text: "value '",
        ours: Code::InvalidArgument,
        our_text: None,
        reason: "a constraint that cannot be read is the request's fault",
    },
    Difference {
        code: Code::InvalidArgument,
        text: "update out of sequence",
        ours: Code::Aborted,
        our_text: None,
        reason: "a version conflict of a resource is like that of everything else",
    },
    Difference {
        code: Code::Unknown,
        text: "name conflicts with an existing object",
        ours: Code::AlreadyExists,
        our_text: None,
        reason: "a name that is taken is that, for networks and volumes, too",
    },
    Difference {
        code: Code::Unknown,
        text: "plugin getter is nil",
        ours: Code::Unimplemented,
        our_text: None,
        reason: "there are no secret drivers",
    },
    Difference {
        code: Code::Unknown,
        text: "cannot delete extension because objects of this type exist in the data store",
        ours: Code::FailedPrecondition,
        our_text: None,
        reason: "removing the resources first helps",
    },
    Difference {
        code: Code::Unknown,
        text: "certificate key mismatch",
        ours: Code::InvalidArgument,
        our_text: None,
        reason: "a key that does not fit is the request's fault, whatever root there is",
    },
    Difference {
        code: Code::Unknown,
        text: "object kind is unregistered",
        ours: Code::FailedPrecondition,
        our_text: None,
        reason: "creating the extension again helps",
    },
];

/// Which differences were met.
pub struct Tally {
    met: Vec<usize>,
}

impl Tally {
    pub fn new() -> Self {
        Self {
            met: vec![0; DIFFERENCES.len()],
        }
    }

    /// Returns our code and text for a case in which we differ.
    pub fn meet(&mut self, case: &Case, text: &str) -> Option<(Code, String)> {
        let at = DIFFERENCES.iter().position(|difference| {
            difference.code == case.code && text.starts_with(difference.text)
        })?;
        self.met[at] += 1;
        let difference = &DIFFERENCES[at];
        Some((
            difference.ours,
            difference.our_text.unwrap_or(text).to_owned(),
        ))
    }

    /// Checks that each difference was met: a row that answers as SwarmKit does has failed already.
    pub fn all_met(&self) {
        for (difference, met) in DIFFERENCES.iter().zip(&self.met) {
            println!(
                "{met} rows differ: {:?} {:?} is {:?}, since {}",
                difference.code, difference.text, difference.ours, difference.reason
            );
            assert!(
                *met > 0,
                "no row has {:?} {:?} any longer",
                difference.code,
                difference.text
            );
            assert_ne!(
                (difference.code, None),
                (difference.ours, difference.our_text),
                "it says what SwarmKit says"
            );
        }
    }
}
