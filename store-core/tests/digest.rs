//! Digests of states: equal for equal content, whatever came before, and read from no table that is what it was.

use std::cell::Cell;

use proposer::Loopback;
use store_core::{DecodeError, Digest, Indexes, Meta, Object, Schema, Store, schema};

thread_local! {
    /// Objects that this thread has encoded.
    static ENCODED: Cell<usize> = const { Cell::new(0) };
}

/// A kind of objects that are an id and a number.
macro_rules! kind {
    ($kind:ident, $table:literal) => {
        #[derive(Clone, Debug, Default)]
        struct $kind {
            id: String,
            number: u8,
        }

        impl Object for $kind {
            type Key = String;
            const TABLE: &'static str = $table;

            fn key(&self) -> &String {
                &self.id
            }
            fn meta(&self) -> Meta {
                Meta::default()
            }
            fn set_meta(&mut self, _: Meta) {}
            fn indexes(_: &mut Indexes<Self>) {}
            fn encode(&self, out: &mut Vec<u8>) {
                ENCODED.set(ENCODED.get() + 1);
                out.push(self.number);
                out.extend_from_slice(self.id.as_bytes());
            }
            fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
                let (number, id) = bytes.split_first().ok_or("no number")?;
                let id = String::from_utf8(id.to_vec())?;
                let number = *number;
                Ok(Self { id, number })
            }
        }
    };
}

kind!(Apple, "apple");
kind!(Pear, "pear");

#[derive(Debug)]
struct Orchard;

schema! {
    /// A fruit.
    enum Fruit for Orchard { Apple, Pear }
}

impl Schema for Orchard {
    type Any = Fruit;
}

type Fruits = Store<Orchard, Loopback<store_core::Changes<Orchard>>>;

fn apple(number: u8) -> Apple {
    let id = "an apple".to_owned();
    Apple { id, number }
}

/// A store with one apple, and as many pears.
fn store(pears: u8) -> Fruits {
    let store = Fruits::open(Loopback::new()).unwrap();
    store
        .update(|tx| {
            for number in 0..pears {
                let id = number.to_string();
                tx.create(Pear { id, number })?;
            }
            tx.create(apple(0)).map(drop)
        })
        .unwrap();
    store
}

/// The digest of what is committed, and how many objects were encoded for it.
fn digest(store: &Fruits) -> (Digest, usize) {
    let before = ENCODED.get();
    let digest = store.view().digest();
    (digest, ENCODED.get() - before)
}

#[test]
fn a_digest_reads_the_tables_that_have_changed() {
    let store = store(100);
    let (first, read) = digest(&store);
    assert_eq!(read, 101);
    assert_eq!(digest(&store), (first, 0), "nothing has changed");

    let set = |number| store.update(|tx| tx.update(apple(number)).map(drop));
    set(1).unwrap();
    let (second, read) = digest(&store);
    assert_eq!(read, 1, "no pear has changed");
    assert_ne!(first, second);
    set(0).unwrap();
    assert_eq!(digest(&store), (first, 1), "it is what it was");
}

#[test]
fn a_transaction_that_is_given_up_leaves_digests_as_they_are() {
    let store = store(10);
    let (first, _) = digest(&store);
    let end = store.update(|tx| {
        tx.update(apple(9)).map_err(|error| error.to_string())?;
        Err::<(), _>("on second thought".to_owned())
    });
    assert!(end.is_err());
    assert_eq!(digest(&store), (first, 0));
}

/// Also where a snapshot that was taken before is asked after the store has gone on.
#[test]
fn a_digest_is_that_of_its_snapshot() {
    let store = store(10);
    let view = store.view();
    store.update(|tx| tx.update(apple(1)).map(drop)).unwrap();
    let (now, _) = digest(&store);
    let copy = Fruits::open(Loopback::new()).unwrap();
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    copy.restore(saved.as_slice()).unwrap();
    assert_eq!(digest(&copy).0, now, "another store with the same content");
    assert_ne!(view.digest(), now);
    assert_eq!(view.digest(), self::store(10).view().digest());
}
