//! What queries find, and in which order.

mod support;

use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use proposer::Loopback;
use proptest::prelude::*;
use store_core::{PageError, PageToken, Query, Read, Store, Watch};
use support::*;

fn sample() -> LocalStore {
    let store = store();
    let of = |id: &str, worker: Option<&str>, tags: &[&str], priority| Job {
        worker: worker.map(str::to_owned),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        priority,
        ..job(id)
    };
    create(
        &store,
        [
            of("d", Some("w1"), &["blue", "blue-green"], -5),
            of("a", Some("w1"), &["red"], 10),
            of("c", Some("w2"), &["blue"], 2),
            of("b", None, &[], 2),
            of("e", Some("w10"), &["red", "blue"], 300),
        ],
    );
    store
}

#[test]
fn exact_matches_come_in_order_of_the_primary_key() {
    let view = sample().view();
    assert_eq!(ids(view.find(BY_WORKER.eq("w1"))), ["a", "d"]);
    assert_eq!(ids(view.find(BY_WORKER.eq("w"))), [""; 0]);
    assert_eq!(ids(view.find(BY_TAG.eq("blue"))), ["c", "d", "e"]);
    assert_eq!(ids(view.find(BY_NAME.eq("name-c"))), ["c"]);
}

#[test]
fn objects_without_a_key_are_absent_from_the_index() {
    assert_eq!(
        ids(sample().view().find(BY_WORKER.all())),
        ["a", "d", "e", "c"]
    );
}

#[test]
fn a_prefix_gives_an_object_once_however_many_keys_match() {
    let view = sample().view();
    assert_eq!(ids(view.find(BY_TAG.prefix("blue"))), ["c", "d", "e"]);
    assert_eq!(ids(view.find(BY_TAG.prefix("blue").rev())), ["e", "d", "c"]);
    assert_eq!(ids(view.find(BY_TAG.prefix(""))), ["c", "d", "e", "a"]);
}

#[test]
fn integers_sort_as_numbers() {
    let view = sample().view();
    assert_eq!(ids(view.find(BY_PRIORITY.all())), ["d", "b", "c", "a", "e"]);
    assert_eq!(ids(view.find(BY_PRIORITY.range(&2..&300))), ["b", "c", "a"]);
    assert_eq!(
        ids(view.find(BY_PRIORITY.range(&2..=&300).rev())),
        ["e", "a", "c", "b"]
    );
    assert_eq!(ids(view.find(BY_PRIORITY.range(..&2))), ["d"]);
    assert_eq!(
        ids(view.find(BY_PRIORITY.range((Excluded(&2), Unbounded)))),
        ["a", "e"]
    );
    assert_eq!(
        ids(view.find(BY_PRIORITY.range(&300..=&i64::MAX))),
        ["e"],
        "no key is behind the greatest"
    );
    assert_eq!(
        ids(view.find(BY_PRIORITY.range((Excluded(&i64::MAX), Unbounded)))),
        [""; 0]
    );
}

#[test]
fn the_primary_key_is_an_index_too() {
    let view = sample().view();
    let key = |key: &str| key.to_owned();
    assert_eq!(ids(view.find(Query::key(&key("c")))), ["c"]);
    assert_eq!(ids(view.find(Query::key(&key("")))), [""; 0]);
    assert_eq!(
        ids(view.find(Query::key_prefix("").rev())),
        ["e", "d", "c", "b", "a"]
    );
    assert_eq!(
        ids(view.find(Query::key_range(&key("b")..&key("d")))),
        ["b", "c"]
    );
    assert_eq!(
        ids(view.find(BY_TAG.eq("blue").and(Query::key(&key("d"))))),
        ["d"]
    );
}

/// A query that was made from the right was as deep as it has operands: reading it, or dropping it, overflowed the stack.
#[test]
fn how_many_operands_are_joined_in_which_order_does_not_matter() {
    const OPERANDS: usize = 50_000;
    let view = sample().view();
    let joined = |join: fn(Query<Job>, Query<Job>) -> Query<Job>, operand: fn() -> Query<Job>| {
        let operands = || (0..OPERANDS).map(|_| operand());
        let of_pairs = || operands().map(|query| join(query, operand()));
        let from_the_left = operands().reduce(join).unwrap();
        let from_the_right = operands().reduce(|last, query| join(query, last)).unwrap();
        let pairs_from_the_right = of_pairs().reduce(|last, query| join(query, last)).unwrap();
        [from_the_left, from_the_right, pairs_from_the_right]
    };
    let blue = || BY_TAG.eq("blue").filter(|_| true);
    for query in joined(Query::and, blue) {
        assert_eq!(ids(view.find(query.clone())), ["c", "d", "e"]);
        assert_eq!(view.count(query), 3);
    }
    for query in joined(Query::or, || BY_WORKER.eq("w2")) {
        assert_eq!(ids(view.find(query.clone())), ["c"]);
        // Beside an operand that names keys, it is checked.
        assert_eq!(ids(view.find(BY_TAG.eq("blue").and(query))), ["c"]);
    }
    let nested = (0..OPERANDS).fold(blue(), |query, _| Query::any_of([query]));
    assert_eq!(ids(view.find(nested)), ["c", "d", "e"]);
}

/// A query of alternating operators, each an operand of the next: on its right, or on its left.
fn alternating(levels: usize, on_the_right: bool) -> Query<Job> {
    let blue = || BY_TAG.eq("blue");
    (0..levels).fold(blue(), |query, level| {
        let join = [Query::and, Query::or][level % 2];
        if on_the_right {
            join(blue(), query)
        } else {
            join(query, blue())
        }
    })
}

fn of_nots(levels: usize) -> Query<Job> {
    (0..levels).fold(Query::none(), |query, _| BY_TAG.eq("blue").and_not(query))
}

#[test]
fn a_query_as_deep_as_it_may_be_is_read_on_a_quarter_of_a_stack() {
    let view = sample().view();
    let play = move || {
        for query in [
            alternating(64, true),
            alternating(64, false),
            of_nots(31).or(BY_TAG.eq("blue")),
        ] {
            let _watch = Watch::<Runner>::query(query.clone());
            assert!(!format!("{query:?}").is_empty());
            assert_eq!(ids(view.find(query.clone())), ["c", "d", "e"]);
            assert_eq!(view.count(query), 3);
        }
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread.spawn(play).unwrap().join().unwrap();
}

#[test]
#[should_panic(expected = "a query is nested more than 64 deep; join its operands on fewer levels")]
fn a_query_that_is_nested_deeper_is_a_mistake() {
    drop(alternating(65, true));
}

#[test]
#[should_panic(expected = "a query is nested more than 64 deep")]
fn nots_are_levels_too() {
    drop(of_nots(33));
}

#[test]
fn queries_combine() {
    let view = sample().view();
    let blue = || BY_TAG.eq("blue");
    assert_eq!(ids(view.find(blue().and(BY_WORKER.eq("w1")))), ["d"]);
    assert_eq!(
        ids(view.find(BY_WORKER.eq("w1").or(blue()))),
        ["a", "d", "c", "e"]
    );
    assert_eq!(ids(view.find(Query::all().and_not(blue()))), ["a", "b"]);
    assert_eq!(
        ids(view.find(blue().filter(|job| job.priority > 0).rev())),
        ["e", "c"]
    );
    assert_eq!(
        ids(view.find(BY_WORKER.any_of(["w2", "w1", "w2"]))),
        ["c", "a", "d"]
    );
    assert_eq!(
        ids(view.find(BY_WORKER.any_of(["w2", "w1"]).rev())),
        ["d", "a", "c"]
    );
    assert_eq!(ids(view.find(Query::none())), [""; 0]);
    assert_eq!(ids(view.find(Query::all().limit(2))), ["a", "b"]);
    assert_eq!(
        ids(view.find(Query::all().and(BY_WORKER.eq("w1").or(blue())))),
        ["a", "d", "c", "e"]
    );
}

#[test]
#[should_panic(expected = "table worker has no index nowhere")]
fn an_index_that_is_not_listed_is_a_mistake() {
    const NOWHERE: store_core::Index<Worker, str> =
        store_core::Index::non_unique("nowhere", |_, _| {});
    sample().view().count(NOWHERE.eq("x"));
}

#[test]
fn a_page_token_belongs_to_its_version() {
    let store = sample();
    let page = store.view().page(Query::<Job>::all(), 2, None).unwrap();
    let token = page.next.unwrap();
    assert_eq!(token.to_string().parse::<PageToken>().unwrap(), token);
    create(&store, [job("z")]);
    let other = store
        .view()
        .page(Query::<Job>::all(), 2, Some(&token))
        .unwrap_err();
    assert!(matches!(other, PageError::OtherVersion { .. }), "{other}");

    // The same version of another history is another state.
    let mut options = options();
    options.clock = Arc::new(|| SystemTime::UNIX_EPOCH + Duration::from_hours(1));
    let stranger = Store::open_with(Loopback::new(), options).unwrap();
    create(&stranger, ["a", "b", "c"].map(job));
    let view = stranger.view();
    assert_eq!(view.version(), token.version());
    let other = view.page(Query::<Job>::all(), 2, Some(&token)).unwrap_err();
    assert!(matches!(other, PageError::OtherVersion { .. }), "{other}");

    for text in [
        "",
        "1-2",
        "1-2-3-4-5",
        "1-2-3-4-zz",
        "x-2-3-4-44",
        "1-2-3-4-44-5",
        "+1-2-3-4-44",
        "01-2-3-4-44",
        "1-2-3-4-+4",
        "1-2-3-4-4A",
        "1-2-3-\u{e9}\u{e9}",
    ] {
        assert_eq!(
            text.parse::<PageToken>(),
            Err(PageError::Malformed(text.to_owned()))
        );
    }
}

/// A token is text that a client hands back: one that was tampered with gave objects that the query does not find.
#[test]
fn a_page_token_leads_nowhere_outside_of_its_query() {
    let view = sample().view();
    let begun = |query: &Query<Job>| {
        let token = view.page(query.clone(), 1, None).unwrap().next.unwrap();
        let text = token.to_string();
        text[..=text.rfind('-').unwrap()].to_owned()
    };
    for (query, key) in [
        (BY_WORKER.eq("w1"), ""),
        (BY_WORKER.eq("w1").rev(), "ff"),
        (Query::key_range(&"b".to_owned()..=&"c".to_owned()), ""),
        (
            Query::key_range(&"b".to_owned()..=&"c".to_owned()).rev(),
            "ff",
        ),
    ] {
        let token: PageToken = (begun(&query) + key).parse().unwrap();
        let page = view.page(query.clone(), 9, Some(&token)).unwrap();
        let mut found: Vec<_> = page.objects.iter().map(|job| job.id.as_str()).collect();
        let inside = ids(view.find(query));
        found.retain(|id| !inside.contains(id));
        assert_eq!(found, [""; 0]);
    }
}

/// A query and the predicate that says the same.
type Sample = (Query<Job>, Box<dyn Fn(&Job) -> bool>);

fn query() -> impl Strategy<Value = u32> {
    any::<u32>()
}

/// Builds a query of a few operands from a number.
fn build(seed: u32, depth: u32) -> Sample {
    let tag = ["blue", "red", "blue-green", "none"][(seed >> 3 & 3) as usize];
    let worker = ["w1", "w2", "w10", ""][(seed >> 5 & 3) as usize];
    let number = i64::from(seed >> 7 & 7) - 3;
    match (seed & 7, depth) {
        (0, _) => (
            BY_TAG.eq(tag),
            Box::new(move |job| job.tags.iter().any(|own| own == tag)),
        ),
        (1, _) => (
            BY_TAG.prefix(&tag[..2]),
            Box::new(move |job| job.tags.iter().any(|own| own.starts_with(&tag[..2]))),
        ),
        (2, _) => (
            BY_WORKER.eq(worker),
            Box::new(move |job| job.worker.as_deref() == Some(worker)),
        ),
        (3, _) => (
            BY_PRIORITY.range(&number..),
            Box::new(move |job| job.priority >= number),
        ),
        (4, _) | (_, 0) => (Query::all(), Box::new(|_| true)),
        (operator, _) => {
            let (left, left_says) = build(seed.rotate_right(10) ^ 0x5bd1, depth - 1);
            let (right, right_says) = build(seed.rotate_right(17) ^ 0x1b87, depth - 1);
            match operator {
                5 => (
                    left.and(right),
                    Box::new(move |job| left_says(job) && right_says(job)),
                ),
                6 => (
                    left.or(right),
                    Box::new(move |job| left_says(job) || right_says(job)),
                ),
                _ => (
                    left.and_not(right),
                    Box::new(move |job| left_says(job) && !right_says(job)),
                ),
            }
        }
    }
}

fn jobs() -> impl Strategy<Value = Vec<Job>> {
    let one = (
        0_u8..60,
        0_usize..4,
        prop::collection::vec(0_usize..3, 0..3),
        -4_i64..5,
    );
    prop::collection::btree_map(0_u8..60, one, 0..40).prop_map(|jobs| {
        jobs.into_iter()
            .map(|(id, (_, worker, tags, priority))| Job {
                worker: ["w1", "w2", "w10"]
                    .get(worker)
                    .map(|worker| (*worker).to_owned()),
                tags: tags
                    .into_iter()
                    .map(|tag| ["blue", "red", "blue-green"][tag].to_owned())
                    .collect(),
                priority,
                ..job(&format!("{id:02}"))
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(200), ..ProptestConfig::default() })]

    /// A query finds what its predicate accepts, each object once; backwards gives the same in the opposite order; and
    /// pages of any size, put together, are the whole.
    #[test]
    fn a_query_is_its_predicate(jobs in jobs(), seed in query(), size in 1_usize..7) {
        let store = store();
        create(&store, jobs.clone());
        let view = store.view();
        let (query, says) = build(seed, 3);
        let found: Vec<String> = ids(view.find(query.clone())).into_iter().map(str::to_owned).collect();

        let mut sorted = found.clone();
        sorted.sort();
        let expected: Vec<String> = jobs.iter().filter(|job| says(job)).map(|job| job.id.clone()).collect();
        prop_assert_eq!(&sorted, &expected, "{:?}", query);

        for (query, expected) in [
            (query.clone(), found.clone()),
            (query.rev(), found.iter().rev().cloned().collect()),
        ] {
            prop_assert_eq!(ids(view.find(query.clone())), expected.clone(), "{:?}", query);
            let mut paged = Vec::new();
            let mut token = None;
            loop {
                let page = view.page(query.clone(), size, token.as_ref()).unwrap();
                prop_assert!(page.objects.len() <= size);
                paged.extend(page.objects.iter().map(|job| job.id.clone()));
                match page.next {
                    Some(next) => token = Some(next.to_string().parse().unwrap()),
                    None => break,
                }
            }
            prop_assert_eq!(paged, expected, "{:?} in pages of {}", query, size);
        }
    }
}
