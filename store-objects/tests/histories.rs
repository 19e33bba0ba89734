//! Whatever was done to objects of any kind: every index is what a scan gives, a saved state is the state, and a replica
//! that repeats the actions of the log comes to the same.

mod support;

use std::borrow::Cow;

use proposer::{Journal, JournalOptions, Loopback};
use proptest::prelude::*;
use store_core::{Changes, Query, Read, Snapshot, Store, WriteTx};
use store_objects::wire::{
    Cluster, Config, Extension, Network, Node, Resource, Secret, Service, Task, Volume,
};
use store_objects::{Annotated, Id, Orchestration, task};
use support::*;

/// What to do with the object of a kind: delete it, or put one there.
#[derive(Clone, Debug)]
struct Step {
    kind: usize,
    id: &'static str,
    put: Option<(&'static str, Vec<&'static str>)>,
}

const IDS: [&str; 4] = ["a", "b", "a\0", ""];
const NAMES: [&str; 6] = ["", "kind", "Kind", "x", "Σ", "x\0y"];
const KINDS: usize = 10;

fn step() -> impl Strategy<Value = Step> {
    use prop::sample::select;
    let put = (
        select(&NAMES[..]),
        prop::collection::vec(select(&NAMES[..]), 0..3),
    );
    let put = prop::option::weighted(0.8, put);
    (0..KINDS, select(&IDS[..]), put).prop_map(|(kind, id, put)| Step { kind, id, put })
}

/// Does a step; what a rule refuses leaves everything as it was.
fn apply(tx: &mut WriteTx<'_, Orchestration>, step: &Step) {
    fn one<O: Sample>(tx: &mut WriteTx<'_, Orchestration>, step: &Step) {
        let Some((name, entries)) = &step.put else {
            let _ = tx.delete::<O>(Id::new(step.id)).is_ok();
            return;
        };
        let mut object = O::sample(step.id, name);
        object.annotations_mut().indices = entries.iter().map(|val| entry("key", val)).collect();
        match tx.get::<O>(Id::new(step.id)).map(|stored| stored.meta()) {
            None => drop(tx.create(object)),
            Some(meta) => {
                object.set_meta(meta);
                drop(tx.update(object));
            }
        }
    }
    let kinds: [fn(&mut WriteTx<'_, Orchestration>, &Step); KINDS] = [
        one::<Cluster>,
        one::<Config>,
        one::<Extension>,
        one::<Network>,
        one::<Node>,
        one::<Resource>,
        one::<Secret>,
        one::<Service>,
        one::<Task>,
        one::<Volume>,
    ];
    kinds[step.kind](tx, step);
}

/// Asserts that names and custom entries find what reading everything finds.
fn assert_scans<O: Sample + Annotated>(
    view: &Snapshot<Orchestration>,
    known_as: fn(&O) -> Cow<'_, str>,
) {
    let ids = |query: Query<O>| -> Vec<String> {
        view.find(query)
            .map(|object| object.id().to_owned())
            .collect()
    };
    let scan = |has: &dyn Fn(&O) -> bool| -> Vec<String> {
        let all = view.find(Query::<O>::all()).filter(|object| has(object));
        all.map(|object| object.id().to_owned()).collect()
    };
    for text in NAMES {
        let folded = |object: &O| name(&known_as(object)) == name(text);
        assert_eq!(
            ids(O::BY_NAME.eq(name(text))),
            scan(&folded),
            "{} {text:?}",
            O::TABLE
        );
        let has = |object: &O| object.indices().iter().any(|entry| entry.val == text);
        assert_eq!(
            ids(O::BY_CUSTOM.eq(&entry("key", text))),
            scan(&has),
            "{} {text:?}",
            O::TABLE
        );
    }
    for id in IDS {
        let is = |object: &O| object.id() == id;
        assert_eq!(
            ids(O::BY_ID.eq(Id::new(id))),
            scan(&is),
            "{} {id:?}",
            O::TABLE
        );
    }
}

fn assert_all_scans(view: &Snapshot<Orchestration>) {
    fn in_annotations<O: Annotated>(object: &O) -> Cow<'_, str> {
        Annotated::name(object).into()
    }
    assert_scans::<Cluster>(view, in_annotations);
    assert_scans::<Config>(view, in_annotations);
    assert_scans::<Extension>(view, in_annotations);
    assert_scans::<Network>(view, in_annotations);
    assert_scans::<Node>(view, |node| {
        let description = node.description.as_ref();
        (&*description.expect("all samples have one").hostname).into()
    });
    assert_scans::<Resource>(view, in_annotations);
    assert_scans::<Secret>(view, in_annotations);
    assert_scans::<Service>(view, in_annotations);
    assert_scans::<Task>(view, task::name);
    assert_scans::<Volume>(view, in_annotations);
}

type Loop = Loopback<Changes<Orchestration>>;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn of_any_kind(transactions in prop::collection::vec(prop::collection::vec(step(), 1..20), 1..6)) {
        let dir = tempfile::tempdir().unwrap();
        let open = || {
            let journal = Journal::open(dir.path(), JournalOptions::default()).unwrap();
            Store::<Orchestration, _>::open(journal).unwrap()
        };
        let store = open();
        for steps in &transactions {
            store
                .update(|tx| {
                    for step in steps {
                        apply(tx, step);
                    }
                    Ok::<_, std::convert::Infallible>(())
                })
                .unwrap();
        }
        let view = store.view();
        store.check_invariants();
        assert_all_scans(&view);

        // Saved and restored, it is the same, also over something else; saved again, it is the same bytes but for the header.
        let mut saved = Vec::new();
        store.save(&mut saved).unwrap();
        let copy = Store::<Orchestration, Loop>::open(Loopback::new()).unwrap();
        copy.update(|tx| {
            transactions.iter().flatten().rev().for_each(|step| apply(tx, step));
            Ok::<_, std::convert::Infallible>(())
        })
        .unwrap();
        copy.restore(saved.as_slice()).unwrap();
        copy.check_invariants();
        prop_assert_eq!(copy.view().digest(), view.digest());
        assert_all_scans(&copy.view());
        let mut again = Vec::new();
        copy.save(&mut again).unwrap();
        prop_assert_eq!(&again[HEADER..], &saved[HEADER..]);

        // Another that reads the actions from the log comes to the same.
        let (version, digest) = (view.version(), view.digest());
        drop((view, store));
        let replica = open();
        replica.check_invariants();
        prop_assert_eq!((replica.view().version(), replica.view().digest()), (version, digest));
    }
}

/// As many bytes say where a saved state stands in its history.
const HEADER: usize = 48;
