//! Keys: their encoded forms compare as they do, and none begins another.

use proptest::prelude::*;
use store_core::{Key, KeyBuf, PrefixKey};

fn form<K: Key + ?Sized>(key: &K) -> Vec<u8> {
    KeyBuf::of(key).as_slice().to_vec()
}

/// Strings with NUL and 0xff bytes, empty ones, long ones.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(
            prop_oneof![Just(0_u8), Just(1), Just(0xfe), Just(0xff)],
            0..6
        ),
        prop::collection::vec(any::<u8>(), 0..300),
    ]
}

fn check<K: Key + Ord + std::fmt::Debug>(a: &K, b: &K) -> Result<(), TestCaseError> {
    let (form_a, form_b) = (form(a), form(b));
    prop_assert_eq!(a.cmp(b), form_a.cmp(&form_b), "{:?} and {:?}", a, b);
    prop_assert!(
        a == b || !form_a.starts_with(&form_b),
        "{:?} begins with {:?}",
        a,
        b
    );
    Ok(())
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bytes(Vec<u8>);

impl Key for Bytes {
    fn encode(&self, out: &mut KeyBuf) {
        self.0.as_slice().encode(out);
    }
}

proptest! {
    #[test]
    fn byte_strings(a in bytes(), b in bytes()) {
        check(&Bytes(a), &Bytes(b))?;
    }

    #[test]
    fn strings(a in ".{0,20}", b in ".{0,20}") {
        check(&a, &b)?;
    }

    #[test]
    fn signed(a in any::<i64>(), b in any::<i64>()) {
        check(&a, &b)?;
        check(&i32::try_from(a >> 40).unwrap(), &i32::try_from(b >> 40).unwrap())?;
    }

    #[test]
    fn unsigned(a in any::<u64>(), b in any::<u64>()) {
        check(&a, &b)?;
    }

    #[test]
    fn tuples(a in (bytes(), any::<i32>(), bytes()), b in (bytes(), any::<i32>(), bytes())) {
        let of = |(first, second, third): (Vec<u8>, i32, Vec<u8>)| (Bytes(first), second, Bytes(third));
        check(&of(a.clone()), &of(b.clone()))?;
        check(&(Bytes(a.0), Bytes(a.2)), &(Bytes(b.0), Bytes(b.2)))?;
    }

    #[test]
    fn a_prefix_is_what_exactly_the_strings_with_it_begin_with(prefix in bytes(), other in bytes()) {
        let mut open = KeyBuf::new();
        <[u8]>::encode_prefix(&prefix, &mut open);
        let longer = [prefix.as_slice(), &other].concat();
        prop_assert!(form(longer.as_slice()).starts_with(open.as_slice()));
        prop_assert_eq!(form(other.as_slice()).starts_with(open.as_slice()), other.starts_with(&prefix));
    }
}

#[test]
fn a_buffer_spills_and_is_used_again() {
    let mut buf = KeyBuf::new();
    buf.push_raw(&[7; 100]);
    buf.push_raw(&[8; 100]);
    assert_eq!(buf.as_slice(), [[7; 100], [8; 100]].concat());
    buf.push_raw(&[9]);
    assert_eq!(buf.as_slice().len(), 201);
    buf.clear();
    buf.push_raw(&[1; 120]);
    assert_eq!(buf.as_slice(), [1; 120]);
}
