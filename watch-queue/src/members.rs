//! The map from a key to its members: `dashmap`, or a map behind one of loom's locks where `tests/loom.rs` tries every order.
//!
//! `dashmap` has locks of its own that loom does not know. One lock around the whole map allows fewer orders than one a shard;
//! what the registry does with a key is atomic under either.

use std::hash::Hash;

#[cfg(not(all(loom, test)))]
mod map {
    use super::Hash;
    use dashmap::DashMap;

    /// What is under each key, and never nothing.
    pub(crate) struct Members<K: Eq + Hash, V>(DashMap<K, Vec<V>>);

    impl<K: Eq + Hash, V> Members<K, V> {
        pub(crate) fn new() -> Self {
            Self(DashMap::new())
        }

        /// Changes what is under a key, which is made if it is not there, and goes if nothing is left.
        pub(crate) fn change<T>(&self, key: &K, change: impl FnOnce(&mut Vec<V>) -> T) -> T
        where
            K: Clone,
        {
            let mut members = self.0.entry(key.clone()).or_default();
            let result = change(&mut members);
            let is_empty = members.is_empty();
            drop(members);
            if is_empty {
                self.0.remove_if(key, |_, members| members.is_empty());
            }
            result
        }

        /// Reads what is under a key, if it is there.
        pub(crate) fn read(&self, key: &K, read: impl FnOnce(&[V])) {
            if let Some(members) = self.0.get(key) {
                read(&members);
            }
        }

        pub(crate) fn contains(&self, key: &K) -> bool {
            self.0.contains_key(key)
        }

        /// Reads what is under each key.
        pub(crate) fn for_each(&self, mut read: impl FnMut(&[V])) {
            for members in &self.0 {
                read(&members);
            }
        }
    }
}

#[cfg(all(loom, test))]
mod map {
    use super::Hash;
    use crate::sync::{Mutex, lock};
    use std::collections::HashMap;

    pub(crate) struct Members<K: Eq + Hash, V>(Mutex<HashMap<K, Vec<V>>>);

    impl<K: Eq + Hash, V> Members<K, V> {
        pub(crate) fn new() -> Self {
            Self(Mutex::new(HashMap::new()))
        }

        pub(crate) fn change<T>(&self, key: &K, change: impl FnOnce(&mut Vec<V>) -> T) -> T
        where
            K: Clone,
        {
            let mut map = lock(&self.0);
            let result = change(map.entry(key.clone()).or_default());
            if map[key].is_empty() {
                map.remove(key);
            }
            result
        }

        pub(crate) fn read(&self, key: &K, read: impl FnOnce(&[V])) {
            if let Some(members) = lock(&self.0).get(key) {
                read(members);
            }
        }

        pub(crate) fn contains(&self, key: &K) -> bool {
            lock(&self.0).contains_key(key)
        }

        pub(crate) fn for_each(&self, mut read: impl FnMut(&[V])) {
            for members in lock(&self.0).values() {
                read(members);
            }
        }
    }
}

pub(crate) use map::Members;
