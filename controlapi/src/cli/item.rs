//! Values of flags that may be given many times, and stand for a whole list.
//!
//! The values given replace the list; one empty value, as in `--label ''`, makes it empty.

use std::collections::BTreeMap;
use std::str::FromStr;

/// A value of a flag, or its emptiness.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item<T> {
    /// Nothing; the list has no values but those that others give.
    Empty,
    /// One of the list's values.
    One(T),
}

impl<T: FromStr> FromStr for Item<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text.is_empty() {
            Ok(Self::Empty)
        } else {
            text.parse().map(Self::One)
        }
    }
}

/// Returns the list that the values of a flag stand for; `None` if the flag was not given.
pub(super) fn given<T: Clone>(items: &[Item<T>]) -> Option<Vec<T>> {
    let value = |item: &Item<T>| match item {
        Item::Empty => None,
        Item::One(value) => Some(value.clone()),
    };
    (!items.is_empty()).then(|| items.iter().filter_map(value).collect())
}

/// Returns the map that the values of a flag stand for; `None` if the flag was not given.
pub(super) fn given_map(items: &[Item<Pair>]) -> Option<BTreeMap<String, String>> {
    given(items).map(|pairs| {
        pairs
            .into_iter()
            .map(|Pair(key, value)| (key, value))
            .collect()
    })
}

/// A `KEY=VALUE`; without `=`, the value is empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair(String, String);

impl FromStr for Pair {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=').unwrap_or((text, "")) {
            ("", _) => Err("the key is missing"),
            (key, value) => Ok(Self(key.into(), value.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(texts: &[&str]) -> Vec<Item<Pair>> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_flag_that_is_not_given_stands_for_nothing() {
        assert_eq!(given_map(&[]), None);
    }

    #[test]
    fn an_empty_value_makes_the_list_empty() {
        assert_eq!(given_map(&items(&[""])), Some(BTreeMap::new()));
    }

    #[test]
    fn a_value_may_be_empty_or_hold_an_equals_sign() {
        let expected =
            [("a", "1=2"), ("b", ""), ("c", "")].map(|(key, value)| (key.into(), value.into()));
        assert_eq!(
            given_map(&items(&["a=1=2", "b=", "c"])),
            Some(expected.into())
        );
        assert_eq!("=1".parse::<Item<Pair>>(), Err("the key is missing"));
    }
}
