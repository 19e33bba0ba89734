//! The log as one store sees it.

use std::sync::Arc;

use proposer::{
    AbortReason, Change, HistoryError, Proposal, Proposer, Refused, Replica, StartError, Version,
};

use crate::log::{Log, Payload, Role};

/// One member's side of the log.
pub(crate) struct Membership {
    pub(crate) log: Arc<Log>,
    pub(crate) at: usize,
}

impl Proposer<Payload> for Membership {
    fn start(&self, replica: Arc<dyn Replica<Payload>>) -> Result<(), StartError> {
        self.log.start(self.at, &replica)
    }

    fn propose(&self, proposal: Proposal<Payload>) -> Result<(), Refused<Payload>> {
        let refused = |proposal, reason| Err(Refused { proposal, reason });
        let at_once = {
            let mut state = self.log.state();
            let overloaded = state.random.one_in(40);
            let member = &mut state.members[self.at];
            if member.role != Role::Leading(proposal.id.term) {
                return refused(proposal, AbortReason::NotLeader { leader: None });
            }
            if overloaded {
                let queued = member.pending.len();
                return refused(proposal, AbortReason::Overloaded { queued });
            }
            member.own.push_back(proposal.id);
            let id = proposal.id;
            member.pending.push_back(proposal);
            state.taken.push(id);
            state.at_once == Some(self.at)
        };
        if at_once {
            let mut state = self.log.state();
            let pending = std::mem::take(&mut state.members[self.at].pending);
            let entries = pending.len();
            for entry in pending {
                state.push(entry);
            }
            drop(state);
            self.log.apply(self.at, entries);
        }
        Ok(())
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<Payload>>, HistoryError> {
        let state = self.log.state();
        let applied = state.members[self.at].applied;
        let known = state.accepted.partition_point(|entry| *entry < applied);
        let current = Version::new(known as u64);
        if after > through || through > current {
            return Err(HistoryError::OutOfOrder {
                after,
                through,
                current,
            });
        }
        let gone = state.accepted.partition_point(|entry| *entry < state.floor);
        let (from, to) = (place(after), place(through));
        if from < gone && from < to {
            return Err(HistoryError::Compacted {
                asked: after,
                oldest: Version::new(gone as u64),
                current,
                epoch: state.entries[state.accepted[known - 1]].proposal.epoch,
            });
        }
        let changes = state.accepted[from..to].iter().map(|entry| {
            let proposal = &state.entries[*entry].proposal;
            Change {
                version: proposal.id.version,
                epoch: proposal.epoch,
                payload: proposal.payload.clone(),
            }
        });
        Ok(changes.collect())
    }

    /// Three at once, whatever they have.
    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        _: usize,
    ) -> Result<Vec<Change<Payload>>, HistoryError> {
        let most = Version::new(after.get() + 3);
        self.changes_between(after, through.min(most))
    }

    fn stop(&self) {
        self.log.stop(self.at);
    }
}

fn place(version: Version) -> usize {
    usize::try_from(version.get()).expect("a version of a test is small")
}
