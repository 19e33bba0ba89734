//! Saving and restoring: the identity, or a clear refusal.

mod support;

use proposer::{Loopback, RestoreError};
use proptest::prelude::*;
use store_core::{Query, Read, RestoreStateError, Store, Version};
use support::*;

fn filled(jobs: usize) -> LocalStore {
    let store = store();
    create(
        &store,
        (0..jobs).map(|number| Job {
            tags: vec![format!("t{}", number % 7)],
            ..job(&format!("{number:05}"))
        }),
    );
    store.update(|tx| tx.create(worker("w"))).unwrap();
    store
}

fn saved(store: &LocalStore) -> Vec<u8> {
    let mut out = Vec::new();
    let standing = store.save(&mut out).unwrap();
    assert_eq!(standing.version, store.view().version());
    out
}

#[test]
fn a_restored_state_is_the_saved_one() {
    let source = filled(3_000);
    let bytes = saved(&source);
    let target = store();
    create(
        &target,
        [
            job("foreign"),
            Job {
                priority: 9,
                ..job("00001")
            },
        ],
    );
    let mut events = target.watch(store_core::Watch::everything());
    let (before, epoch) = (target.view().version(), target.view().epoch());

    let version = target.restore(bytes.as_slice()).unwrap();

    assert_eq!(version, before.next());
    assert!(target.view().epoch() > epoch && target.view().epoch() > source.view().epoch());
    assert_eq!(target.view().digest(), source.view().digest());
    assert_eq!(
        target
            .view()
            .get::<Job>(&"00001".into())
            .unwrap()
            .meta
            .version,
        Version::new(1)
    );
    let batch = events.recv().unwrap();
    assert_eq!(batch.version(), version);
    let mut counts = [0; 3];
    for event in &batch {
        counts[match event {
            store_core::Event::Created(_) => 0,
            store_core::Event::Updated { .. } => 1,
            store_core::Event::Deleted(_) => 2,
        }] += 1;
    }
    assert_eq!(counts, [3_000, 1, 1], "the events are the difference");
    target.check_invariants();
}

/// The reference loses an entry of its name index here: it creates and updates before it deletes.
#[test]
fn names_that_moved_between_objects_are_found_after_a_restore() {
    let source = store();
    create(
        &source,
        [
            Job {
                name: "x".into(),
                ..job("new")
            },
            Job {
                name: "p".into(),
                ..job("2")
            },
            Job {
                name: "q".into(),
                ..job("1")
            },
        ],
    );
    let target = store();
    create(
        &target,
        [
            Job {
                name: "x".into(),
                ..job("old")
            },
            Job {
                name: "p".into(),
                ..job("1")
            },
            Job {
                name: "q".into(),
                ..job("2")
            },
        ],
    );
    target.restore(saved(&source).as_slice()).unwrap();
    for (name, id) in [("x", "new"), ("p", "2"), ("q", "1")] {
        assert_eq!(ids(target.view().find(BY_NAME.eq(name))), [id]);
    }
    target.check_invariants();
}

#[test]
fn a_replica_that_is_restored_stands_where_the_saved_state_stood() {
    let source = filled(10);
    let bytes = saved(&source);
    let log = support::manual::Manual::new();
    let replica: Store<Runner, _> = Store::open_with(log.clone(), options()).unwrap();
    let standing = log.replica().restore(&mut bytes.as_slice()).unwrap();
    assert_eq!(
        (replica.view().version(), replica.view().epoch()),
        (standing.version, standing.epoch)
    );
    assert_eq!(standing.version, source.view().version());
    assert_eq!(replica.view().digest(), source.view().digest());
    replica.check_invariants();
}

#[test]
fn saving_and_restoring_tell_how_far_they_have_come() {
    let source = filled(30_000);
    let (mut told, mut bytes) = (Vec::new(), Vec::new());
    source
        .save_with(&mut bytes, |progress| told.push(progress))
        .unwrap();
    assert!(told.len() > 1, "{told:?}");
    assert!(told.is_sorted_by_key(|progress| (progress.objects, progress.bytes)));
    let last = told.pop().unwrap();
    assert_eq!(
        (last.objects, last.percent()),
        (30_001, Some(100)),
        "a worker, too"
    );
    assert_eq!(last.bytes, bytes.len() as u64);
    assert!(told[0].percent() < Some(100), "{told:?}");

    let mut read = Vec::new();
    store()
        .restore_with(bytes.as_slice(), |progress| read.push(progress))
        .unwrap();
    assert_eq!(read.last(), Some(&last));
    assert_eq!(read[0].objects, told[0].objects);
    assert_eq!(read[0].percent(), None);

    let mut told = Vec::new();
    store()
        .save_with(Vec::new(), |progress| told.push(progress.percent()))
        .unwrap();
    assert_eq!(told, [Some(100)], "of nothing, everything is done");
}

#[test]
fn an_empty_state_is_saved_and_restored() {
    let target = filled(3);
    target.restore(saved(&store()).as_slice()).unwrap();
    assert_eq!(
        (target.view().len::<Job>(), target.view().len::<Worker>()),
        (0, 0)
    );
    assert_eq!(target.view().count(Query::<Job>::all()), 0);
}

#[test]
fn a_saved_state_of_a_later_format_is_refused_as_such() {
    let mut bytes = saved(&filled(3));
    bytes[8] = 9;
    let checksum = crc32fast::hash(&bytes[..44]).to_le_bytes();
    bytes[44..48].copy_from_slice(&checksum);
    let error = store().restore(bytes.as_slice()).unwrap_err();
    assert!(
        matches!(
            error,
            RestoreStateError::Saved(RestoreError::Format {
                found: 9,
                supported: 1
            })
        ),
        "{error}"
    );
}

#[test]
fn a_saved_state_that_names_an_object_twice_is_refused() {
    let bytes = saved(&filled(1));
    let (header, rest) = bytes.split_at(48);
    let len = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
    let records = rest[8..8 + len].repeat(2);
    let objects = 2 * u64::from_le_bytes(bytes[bytes.len() - 12..][..8].try_into().unwrap());
    let mut twice = header.to_vec();
    for (body, counted) in [
        (records.as_slice(), true),
        (&[], true),
        (&objects.to_le_bytes(), false),
    ] {
        if counted {
            twice.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
            twice.extend(crc32fast::hash(body).to_le_bytes());
            twice.extend(body);
        } else {
            twice.extend(body);
            twice.extend(crc32fast::hash(body).to_le_bytes());
        }
    }
    refused(&twice, "every object twice");
}

fn refused(bytes: &[u8], what: impl std::fmt::Display) {
    let target = filled(2);
    let before = (target.view().digest(), target.view().version());
    let error = target.restore(bytes).expect_err(&what.to_string());
    assert!(error.to_string().contains("saved state"), "{what}: {error}");
    assert_eq!(
        (target.view().digest(), target.view().version()),
        before,
        "{what}: the state is as it was"
    );
}

#[test]
fn a_saved_state_that_is_cut_off_anywhere_is_refused() {
    let bytes = saved(&filled(20));
    for end in 0..bytes.len() {
        refused(&bytes[..end], format!("cut at {end}"));
    }
}

#[test]
fn a_saved_state_with_any_byte_flipped_is_refused() {
    let bytes = saved(&filled(5));
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        refused(&damaged, format!("bit {} of byte {at} flipped", at % 8));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), with_header in any::<bool>()) {
        let mut input = if with_header { saved(&store())[..48].to_vec() } else { Vec::new() };
        input.extend_from_slice(&bytes);
        let target: LocalStore = Store::open(Loopback::new()).unwrap();
        let _ = target.restore(input.as_slice());
        target.check_invariants();
    }
}
