//! The store's side of the contract: applies what was committed, hears of what was dropped.

use std::io;

use crate::{Epoch, Incarnation, Outcome, Peer, Proposal, ProposalId, Term, Version};

/// A state machine that a [`Proposer`](crate::Proposer) drives; the store implements it.
///
/// # Correctness
/// - `apply` is deterministic: the same proposals in the same order give the same state and the same answers on every
///   replica.
/// - `apply` accepts a proposal if and only if its version follows the replica's and its term and incarnation are not
///   smaller than those where the replica stands; it skips every other, on all replicas alike. A proposal that is skipped
///   bars the later ones of its term and incarnation, since they may have been built on it: the replica then stands at the
///   next incarnation.
/// - No method calls the proposer back.
pub trait Replica<T>: Send + Sync {
    /// Applies a committed proposal: makes it visible, tells watchers, completes whoever waits for it.
    fn apply(&self, proposal: Proposal<T>) -> Applied;

    /// Applies committed proposals in order, each as [`apply`](Replica::apply) does, until one is not accepted; returns what was
    /// answered to the last. Of a log that gives many at once, it is less work.
    ///
    /// Each is taken from the group when the one before it was applied; what is behind one that was not accepted stays there.
    /// Who waits for one of them is told before this returns, but perhaps not before the next is applied.
    fn apply_group(&self, group: &mut dyn Iterator<Item = Proposal<T>>) -> Applied {
        for proposal in group {
            let applied = self.apply(proposal);
            if applied != Applied::Accepted {
                return applied;
            }
        }
        Applied::Accepted
    }

    /// Hears that proposals of this replica were dropped.
    fn settle(&self, outcome: Outcome);

    /// Hears that this replica leads from now on, and that it has applied everything committed before.
    fn lead(&self, term: Term);

    /// Hears that this replica does not lead (any longer), and who does, where that is known.
    ///
    /// Proposals still on their way must have been settled before. One that another thread is just handing over is not on
    /// its way: it is refused, after this call.
    fn follow(&self, leader: Option<Peer>);

    /// Returns where the committed state stands.
    fn standing(&self) -> Standing;

    /// Writes the committed state at one version, while the replica goes on.
    ///
    /// # Errors
    /// Those of the writer.
    fn save(&self, out: &mut dyn io::Write) -> io::Result<Standing>;

    /// Replaces the whole state by a saved one, atomically; watchers get the difference.
    ///
    /// # Errors
    /// When it is not a saved state of this schema, or damaged; the state is then as it was.
    fn restore(&self, from: &mut dyn io::Read) -> Result<Standing, RestoreError>;
}

/// What a replica did with a committed proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a skipped proposal is not part of the history"]
pub enum Applied {
    /// It is part of the history now.
    Accepted,
    /// It does not continue the accepted sequence; every replica skips it.
    Skipped,
    /// It continues the sequence, but a table refuses it: this replica's state is not what it was on the leader.
    ///
    /// The state is unchanged. The proposer stops delivering and reports the text.
    Diverged(String),
}

/// Where a state stands in its history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The version of the last transaction in it.
    pub version: Version,
    /// The history that the version belongs to.
    pub epoch: Epoch,
    /// The term of the last accepted proposal.
    pub term: Term,
    /// The incarnation of the last accepted proposal within that term.
    pub incarnation: Incarnation,
}

impl Standing {
    /// Returns where a state stands that holds this proposal as its last.
    #[must_use]
    pub const fn of<T>(proposal: &Proposal<T>) -> Self {
        let ProposalId {
            term,
            incarnation,
            version,
        } = proposal.id;
        Self {
            version,
            epoch: proposal.epoch,
            term,
            incarnation,
        }
    }

    /// Returns where a state stands that has skipped a proposal of this name.
    ///
    /// It bars what may have been built on it: the later ones of its term and incarnation. A repetition bars nothing.
    #[must_use]
    pub fn having_skipped(self, id: ProposalId) -> Self {
        let (own, skipped) = ((self.term, self.incarnation), (id.term, id.incarnation));
        if skipped < own || (skipped == own && id.version <= self.version) {
            return self;
        }
        Self {
            term: id.term,
            incarnation: id.incarnation.next(),
            ..self
        }
    }

    /// Whether a proposal of this name continues the accepted sequence: the rule by which every replica accepts or skips.
    #[must_use]
    pub fn is_continued_by(&self, id: ProposalId) -> bool {
        id.version == self.version.next()
            && (id.term, id.incarnation) >= (self.term, self.incarnation)
    }
}

/// Why a saved state was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It could not be read.
    #[error("the saved state could not be read: {0}")]
    Io(#[from] io::Error),
    /// It is not as it was written, or not a saved state at all.
    #[error("the saved state is damaged at byte {offset}: {what}")]
    Damaged {
        /// Where.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// It was written by a later release.
    #[error("the saved state has format {found}, this release reads up to {supported}")]
    Format {
        /// Its format.
        found: u32,
        /// The newest that is read.
        supported: u32,
    },
    /// It is of an older version than what is committed, and of another content.
    #[error("the saved state is of version {saved}, version {committed} is committed already")]
    Older {
        /// Its version.
        saved: Version,
        /// The committed version.
        committed: Version,
    },
    /// An object in it breaks a rule of its table.
    #[error("the saved state holds an object that its table refuses: {0}")]
    Object(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(term: u64, incarnation: u64, version: u64) -> ProposalId {
        ProposalId {
            term: Term::new(term),
            incarnation: Incarnation::new(incarnation),
            version: Version::new(version),
        }
    }

    fn standing() -> Standing {
        Standing::of(&Proposal {
            id: id(2, 1, 7),
            epoch: Epoch::new(1),
            payload: (),
        })
    }

    #[test]
    fn the_next_version_of_this_attempt_or_a_later_one_continues() {
        for (next, continues) in [
            (id(2, 1, 8), true),
            (id(2, 2, 8), true),
            (id(3, 0, 8), true),
            (id(2, 1, 7), false),
            (id(2, 1, 9), false),
            (id(2, 0, 8), false),
            (id(1, 9, 8), false),
        ] {
            assert_eq!(standing().is_continued_by(next), continues, "{next}");
        }
    }

    #[test]
    fn what_is_skipped_bars_what_may_have_been_built_on_it() {
        // 8 of this attempt is lost, 9 is skipped: a late 8 would be followed by 9 elsewhere only.
        let barred = standing().having_skipped(id(2, 1, 9));
        assert!(!barred.is_continued_by(id(2, 1, 8)));
        assert!(barred.is_continued_by(id(2, 2, 8)));
        let barred = standing().having_skipped(id(3, 4, 20));
        assert!(!barred.is_continued_by(id(3, 4, 8)));
        assert!(barred.is_continued_by(id(3, 5, 8)));
    }

    #[test]
    fn a_repetition_or_an_older_attempt_bars_nothing() {
        for skipped in [id(2, 1, 7), id(2, 1, 3), id(2, 0, 9), id(1, 7, 8)] {
            assert_eq!(standing().having_skipped(skipped), standing(), "{skipped}");
        }
    }
}
