//! Tables made of many objects at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::Table;
use crate::error::CreateError;
use crate::key::KEY_BYTES_MAX;
use crate::query::Query;

use super::table::{BY_GROUP, BY_NAME, Thing, thing};

/// More than two levels of pages, in no order.
#[test]
fn a_table_of_many_objects_is_as_if_they_had_been_created() {
    const OBJECTS: u32 = 40_009;
    let alive = Arc::new(AtomicUsize::new(0));
    let object = |number: u32| {
        let number = number.wrapping_mul(7_919) % OBJECTS;
        let groups = [(number % 5).to_le_bytes()[0], (number % 3).to_le_bytes()[0]];
        thing(
            &format!("thing-{number}"),
            &format!("n{}", number ^ 0x55),
            &groups,
            &alive,
        )
    };
    let mut filled = Table::from_objects((0..OBJECTS).map(object)).unwrap();
    filled.check_invariants();
    let mut created = Table::new();
    (0..OBJECTS).for_each(|number| created.create(object(number)).unwrap());
    let queries = [
        Query::all,
        || BY_NAME.all(),
        || BY_GROUP.all(),
        || BY_GROUP.eq(&[2]),
    ];
    for query in queries {
        let [one, other] =
            [&filled, &created].map(|table| table.find(query()).map(|thing| &thing.id));
        assert!(one.eq(other));
    }
    let [few, many] = [&filled, &created].map(|table| table.memory().indexes);
    assert!(
        few.iter()
            .zip(many)
            .all(|(few, many)| few.bytes <= many.bytes + many.bytes / 8)
    );

    for number in (0..OBJECTS).step_by(3) {
        filled.delete(&object(number).id).unwrap();
    }
    for number in (0..OBJECTS).step_by(6) {
        filled.create(object(number)).unwrap();
    }
    filled.check_invariants();
    drop((filled, created));
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn keys_of_any_length_and_none() {
    let alive = Arc::new(AtomicUsize::new(0));
    let long = |number: u32| format!("{}{number:02}", "x".repeat(60_000));
    let objects = (0..40).map(|number| match number {
        0 => thing("", "", &[], &alive),
        1 => thing("\0", "\0\0", &[], &alive),
        2..20 => thing(&long(number), &long(number), &[], &alive),
        _ => thing(
            &"y".repeat(number as usize),
            &"y".repeat(number as usize),
            &[0, 0, 1],
            &alive,
        ),
    });
    let mut table = Table::from_objects(objects).unwrap();
    table.check_invariants();
    assert_eq!((table.len(), table.count(BY_GROUP.all())), (40, 20));
    for number in 2..20 {
        assert!(table.delete(&long(number)).is_ok());
        table.check_invariants();
    }
    assert!(Table::<Thing>::from_objects([]).unwrap().is_empty());
}

#[test]
fn keys_as_long_as_they_may_be() {
    let alive = Arc::new(AtomicUsize::new(0));
    let longest = |first: char| format!("{first}{}", "x".repeat(KEY_BYTES_MAX - 3));
    let objects = ['a', 'b'].map(|first| thing(&longest(first), &longest(first), &[1], &alive));
    let table = Table::from_objects(objects).unwrap();
    table.check_invariants();
    assert_eq!(table.find(BY_GROUP.eq(&[1])).count(), 2);
    assert_eq!(table.find(BY_NAME.eq(&longest('b'))).count(), 1);
}

#[test]
fn objects_that_cannot_be_in_one_table_make_none() {
    let alive = Arc::new(AtomicUsize::new(0));
    let others = || {
        (0..20_000).map(|number| thing(&format!("{number}"), &format!("n{number}"), &[1], &alive))
    };
    let with = |one: Arc<Thing>| Table::from_objects(others().chain([one])).unwrap_err();
    assert!(matches!(
        with(thing("77", "other", &[], &alive)),
        CreateError::Exists { key, .. } if key == "77"
    ));
    assert!(matches!(
        with(thing("other", "n9", &[], &alive)),
        CreateError::Conflict { index: "name", holder, .. } if holder == "9"
    ));
    assert!(matches!(
        with(thing("other", &"n".repeat(70_000), &[], &alive)),
        CreateError::KeyTooLong {
            index: "name",
            bytes: 70_002,
            ..
        }
    ));
    assert!(matches!(
        with(thing(&"i".repeat(70_000), "other", &[], &alive)),
        CreateError::KeyTooLong { index: "id", .. }
    ));
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}
