//! One check for each obligation of a proposer.

use std::sync::Arc;
use std::thread;

use crate::testing::{Blob, End, Recorder};
use crate::{
    AbortReason, Epoch, HistoryError, Incarnation, Proposal, ProposalId, Proposer, Replica,
    StartError, Term, Version,
};

/// Proposals of one check: enough for several groups, files and saved states of a log with small limits.
const COUNT: u64 = 200;

/// A check of a fresh proposer, and its name.
type Check<P> = (&'static str, fn(P));

/// Checks a proposer against its contract.
///
/// `make` returns a proposer whose log is empty, which leads when it has been started. What it drops or refuses is allowed
/// by the contract, so that a proposer that injects faults passes as well.
///
/// # Panics
/// When an obligation is broken; the message names it.
pub fn conformance<P: Proposer<Blob>>(make: impl Fn() -> P) {
    let checks: [Check<P>; 10] = [
        (
            "nothing is taken before the start",
            nothing_before_the_start,
        ),
        ("a second start is refused", a_second_start_is_refused),
        (
            "it leads under a term from the start",
            it_leads_from_the_start,
        ),
        (
            "every proposal ends once, in order",
            every_proposal_ends_once,
        ),
        ("calls do not overlap", calls_do_not_overlap),
        (
            "what does not continue is never accepted",
            what_does_not_continue,
        ),
        (
            "the history is what was applied",
            the_history_is_what_was_applied,
        ),
        ("a stretch out of order is refused", a_stretch_out_of_order),
        ("an epoch goes through the log", an_epoch_goes_through),
        ("stop ends everything that was taken", stop_ends_everything),
    ];
    for (name, check) in checks {
        eprintln!("conformance: {name}");
        check(make());
    }
}

/// Checks a proposer whose log outlives it: what was applied is there when it is opened again.
///
/// `make` opens the same log each time, empty at first. The proposer of before is gone by then.
///
/// # Panics
/// When an obligation is broken; the message names it.
pub fn durability<P: Proposer<Blob>>(make: impl Fn() -> P) {
    let mut before: Option<Arc<Recorder>> = None;
    for round in 0..4 {
        let (proposer, recorder) = start(make());
        if let Some(before) = &before {
            assert_eq!(
                recorder.payloads(),
                before.payloads(),
                "the state of before"
            );
            assert_eq!(
                recorder.standing(),
                before.standing(),
                "the standing of before"
            );
            assert!(recorder.leading() > before.leading(), "a greater term");
        }
        check_history(&proposer, &recorder);
        submit(&proposer, &recorder, round * COUNT);
        check_history(&proposer, &recorder);
        if round % 2 == 0 {
            proposer.stop();
        }
        drop(proposer);
        assert_eq!(recorder.in_flight(), 0, "all that was taken has ended");
        recorder.assert_kept();
        before = Some(recorder);
    }
}

fn start<P: Proposer<Blob>>(proposer: P) -> (P, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::new());
    proposer
        .start(Arc::clone(&recorder) as Arc<dyn Replica<Blob>>)
        .expect("a start because the log is in order");
    (proposer, recorder)
}

fn submit(proposer: &impl Proposer<Blob>, recorder: &Recorder, seed: u64) -> Vec<ProposalId> {
    (seed..seed + COUNT)
        .filter_map(|seed| recorder.submit(proposer, Blob::new(seed, 40)).ok())
        .collect()
}

fn nothing_before_the_start<P: Proposer<Blob>>(proposer: P) {
    let id = ProposalId {
        term: Term::new(1),
        incarnation: Incarnation::ZERO,
        version: Version::new(1),
    };
    let proposal = Proposal {
        id,
        epoch: Epoch::new(1),
        payload: Blob::new(1, 10),
    };
    let refused = proposer
        .propose(proposal.clone())
        .expect_err("refused: nothing is taken before the start");
    assert_eq!(refused.proposal, proposal, "refused: handed back");
    let (proposer, recorder) = start(proposer);
    assert!(recorder.payloads().is_empty(), "refused: not in the log");
    proposer.stop();
    recorder.assert_kept();
}

fn a_second_start_is_refused<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    let other = Arc::new(Recorder::new());
    let error = proposer.start(Arc::clone(&other) as Arc<dyn Replica<Blob>>);
    assert!(matches!(error, Err(StartError::Started)), "{error:?}");
    assert_eq!(other.leading(), None);
    submit(&proposer, &recorder, 0);
    proposer.stop();
    assert!(other.payloads().is_empty(), "a proposer serves one replica");
    recorder.assert_kept();
}

fn it_leads_from_the_start<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    assert!(
        recorder.leading() > Some(Term::ZERO),
        "lead: before start returns"
    );
    proposer.stop();
    recorder.assert_kept();
}

fn every_proposal_ends_once<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    let taken = submit(&proposer, &recorder, 0);
    proposer.stop();
    recorder.assert_kept();
    assert_eq!(
        recorder.in_flight(),
        0,
        "ends once: all that was taken has ended"
    );
    let ends = recorder.ends();
    let ended: Vec<_> = ends
        .iter()
        .filter(|(_, end)| !matches!(end, End::Refused(_) | End::AppliedLate))
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(ended, taken, "ends once, in the order of handing over");
    let applied = ends
        .iter()
        .filter(|(_, end)| matches!(end, End::Applied | End::AppliedLate))
        .count();
    let kept = recorder.payloads().len();
    assert_eq!(applied, kept, "applied: what ended so, and nothing else");
}

fn calls_do_not_overlap<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    thread::scope(|scope| {
        for seed in 0..4 {
            let (proposer, recorder) = (&proposer, &recorder);
            scope.spawn(move || submit(proposer, recorder, seed * COUNT));
        }
    });
    proposer.stop();
    assert_eq!(
        recorder.in_flight(),
        0,
        "ends once: all that was taken has ended"
    );
    recorder.assert_kept();
}

fn what_does_not_continue<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    submit(&proposer, &recorder, 0);
    let term = recorder.leading().expect("a term because it leads");
    let version = Version::new(COUNT * 2);
    let stranger = |term, version| Proposal {
        id: ProposalId {
            term,
            incarnation: Incarnation::ZERO,
            version,
        },
        epoch: Epoch::new(1),
        payload: Blob::from(&b"a stranger"[..]),
    };
    // Taken or not: no replica may accept them, and what follows must not suffer.
    for proposal in [
        stranger(term, version),
        stranger(term, Version::new(1)),
        stranger(term.next(), version),
        stranger(Term::ZERO, Version::new(1)),
    ] {
        let handed_over = proposal.clone();
        if let Err(refused) = proposer.propose(proposal) {
            assert_eq!(refused.proposal, handed_over, "refused: handed back");
        }
    }
    submit(&proposer, &recorder, COUNT);
    proposer.stop();
    let payloads = recorder.payloads();
    assert!(
        payloads
            .iter()
            .all(|payload| payload.as_ref() != b"a stranger")
    );
    recorder.assert_kept();
}

fn the_history_is_what_was_applied<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    for round in 0..4 {
        submit(&proposer, &recorder, round * COUNT);
        check_history(&proposer, &recorder);
    }
    proposer.stop();
    recorder.assert_kept();
}

/// Reads the history back, in stretches, as far as it reaches; which may be less far at the second look, since commits go on,
/// and a log is compacted while it is in use.
fn check_history(proposer: &impl Proposer<Blob>, recorder: &Recorder) {
    let mut oldest = Version::ZERO;
    loop {
        let (current, payloads) = (recorder.standing().version, recorder.payloads());
        let Err(reached) = check_history_after(oldest, current, proposer, &payloads) else {
            return;
        };
        let current = recorder.standing().version;
        assert!(
            oldest < reached && reached <= current,
            "history: how far it reaches: {oldest} < {reached} <= {current}"
        );
        oldest = reached;
    }
}

/// Reads the history back from one version through another; fails with the oldest version that it reaches, if that is later.
fn check_history_after(
    oldest: Version,
    current: Version,
    proposer: &impl Proposer<Blob>,
    payloads: &[Blob],
) -> Result<(), Version> {
    let (first, last) = (oldest.get(), current.get());
    let middle = u64::midpoint(first, last);
    for (after, through) in [(first, last), (first, middle), (middle, last), (last, last)] {
        let found = proposer.changes_between(Version::new(after), Version::new(through));
        let changes = match found {
            Err(HistoryError::Compacted { asked, oldest, .. }) => {
                assert_eq!(asked.get(), after, "history: what was asked for");
                return Err(oldest);
            }
            found => found.expect("a history because it reaches that far"),
        };
        let versions: Vec<_> = changes.iter().map(|change| change.version.get()).collect();
        let expected: Vec<_> = (after + 1..=through).collect();
        assert_eq!(versions, expected, "history: ascending, without a gap");
        for change in changes {
            let place = usize::try_from(change.version.get() - 1).expect("a place in memory");
            assert_eq!(change.payload, payloads[place], "history: what was applied");
        }
    }
    let mut reached = oldest;
    while reached < current {
        let first = match proposer.first_changes_between(reached, current, 1) {
            Err(HistoryError::Compacted { oldest, .. }) => return Err(oldest),
            first => first.expect("a history because it reaches that far"),
        };
        let versions = first.iter().map(|change| change.version);
        let expected = std::iter::successors(Some(reached.next()), |last| Some(last.next()));
        assert!(
            !first.is_empty() && versions.eq(expected.take(first.len())),
            "history in parts: the first, without a gap"
        );
        reached = first[first.len() - 1].version;
    }
    Ok(())
}

fn a_stretch_out_of_order<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    submit(&proposer, &recorder, 0);
    let beyond = Version::new(COUNT * 10);
    for (after, through) in [(Version::new(1), Version::ZERO), (Version::ZERO, beyond)] {
        let error = proposer.changes_between(after, through);
        assert!(
            matches!(error, Err(HistoryError::OutOfOrder { .. })),
            "{error:?}"
        );
    }
    proposer.stop();
    recorder.assert_kept();
}

fn an_epoch_goes_through<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    submit(&proposer, &recorder, 0);
    // A proposer that injects faults may drop it; then it is handed over again.
    for _ in 0..COUNT {
        if recorder.standing().epoch == Epoch::new(9) {
            break;
        }
        let epoch = Some(Epoch::new(9));
        let _ = recorder.submit_in(&proposer, epoch, Blob::new(9, 40));
    }
    submit(&proposer, &recorder, COUNT);
    proposer.stop();
    let standing = recorder.standing();
    assert_eq!(standing.epoch, Epoch::new(9));
    let after = standing
        .version
        .previous()
        .expect("a version because some were committed");
    let newest = proposer.changes_between(after, standing.version);
    assert_eq!(newest.expect("the newest change")[0].epoch, Epoch::new(9));
    recorder.assert_kept();
}

fn stop_ends_everything<P: Proposer<Blob>>(proposer: P) {
    let (proposer, recorder) = start(proposer);
    submit(&proposer, &recorder, 0);
    proposer.stop();
    assert_eq!(
        recorder.in_flight(),
        0,
        "stop: all that was taken has ended"
    );
    let before = recorder.ends();
    if recorder.leading().is_some() {
        let reason = recorder.submit(&proposer, Blob::new(1, 10));
        assert_eq!(
            reason,
            Err(AbortReason::Stopped),
            "stop: takes no further proposal"
        );
    }
    proposer.stop();
    let settled = |ends: &[(ProposalId, End)]| {
        ends.iter()
            .filter(|(_, end)| !matches!(end, End::Refused(_)))
            .count()
    };
    assert_eq!(
        settled(&before),
        settled(&recorder.ends()),
        "stop: once is enough"
    );
    let strong = Arc::strong_count(&recorder);
    assert_eq!(strong, 1, "stop: lets go of the replica");
    recorder.assert_kept();
}
