//! A table of tasks from four ordered maps, as one would write it without a store: each from a key to the object.
//!
//! A map for an index that is not unique has the key, a zero byte and the id as its key. An update replaces the object in
//! all four, in place where the key has not changed.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use imbl::OrdMap;

use super::Table;
use crate::task::Task;

/// Keys are boxed: each lies once in the map.
pub(crate) type StdMap = BTreeMap<Box<str>, Arc<Task>>;

/// Keys are counted: a node that is copied clones its keys, and boxes would be allocated anew.
pub(crate) type ImblMap = OrdMap<Arc<str>, Arc<Task>>;

#[derive(Clone, Default)]
pub(crate) struct FourMaps<M> {
    ids: M,
    names: M,
    services: M,
    nodes: M,
}

/// What [`FourMaps`] needs of a map.
pub(crate) trait Map: Default + Send + Sync + 'static {
    fn get(&self, key: &str) -> Option<&Arc<Task>>;
    fn get_mut(&mut self, key: &str) -> Option<&mut Arc<Task>>;
    fn insert(&mut self, key: &str, task: Arc<Task>);
    fn remove(&mut self, key: &str) -> Option<Arc<Task>>;
    fn values(&self) -> impl Iterator<Item = &Arc<Task>>;
    fn range<'a>(
        &'a self,
        from: &str,
        to: &str,
    ) -> impl Iterator<Item = &'a Arc<Task>> + use<'a, Self>;
}

impl<M: Map> Table for FourMaps<M> {
    fn empty() -> Self {
        Self::default()
    }

    fn get(&self, id: &str) -> &Arc<Task> {
        self.ids.get(id).expect("it was created")
    }

    fn find(&self, service: &str) -> impl Iterator<Item = &Arc<Task>> {
        let (from, to) = (format!("{service}\0"), format!("{service}\u{1}"));
        self.services.range(&from, &to)
    }

    fn scan(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.ids.values()
    }

    fn create(&mut self, task: Arc<Task>) {
        assert!(self.ids.get(&task.id).is_none(), "its id is new");
        assert!(self.names.get(&task.name).is_none(), "its name is new");
        let mut key = String::with_capacity(64);
        let (service, node) = (&task.service, &task.node);
        self.ids.insert(&task.id, Arc::clone(&task));
        self.names.insert(&task.name, Arc::clone(&task));
        self.services
            .insert(pair(&mut key, service, &task.id), Arc::clone(&task));
        self.nodes
            .insert(pair(&mut key, node, &task.id), Arc::clone(&task));
    }

    fn update(&mut self, task: Arc<Task>) {
        if let Some(holder) = self.names.get(&task.name) {
            assert_eq!(holder.id, task.id, "its name is its own");
        }
        let stored = self.ids.get_mut(&task.id).expect("it was created");
        let old = std::mem::replace(stored, Arc::clone(&task));
        replace(&mut self.names, &old.name, &task.name, &task);

        let (mut was, mut is) = (String::with_capacity(64), String::with_capacity(64));
        let was_service = pair(&mut was, &old.service, &task.id);
        let is_service = pair(&mut is, &task.service, &task.id);
        replace(&mut self.services, was_service, is_service, &task);
        let was_node = pair(&mut was, &old.node, &task.id);
        let is_node = pair(&mut is, &task.node, &task.id);
        replace(&mut self.nodes, was_node, is_node, &task);
    }

    fn delete(&mut self, id: &str) -> Arc<Task> {
        let mut key = String::with_capacity(64);
        let old = self.ids.remove(id).expect("it was created");
        self.names.remove(&old.name);
        self.services.remove(pair(&mut key, &old.service, id));
        self.nodes.remove(pair(&mut key, &old.node, id));
        old
    }
}

/// Puts an object where the old one was, or under its new key.
fn replace<M: Map>(map: &mut M, was: &str, is: &str, task: &Arc<Task>) {
    if was == is {
        *map.get_mut(is).expect("every index has the object") = Arc::clone(task);
    } else {
        map.remove(was);
        map.insert(is, Arc::clone(task));
    }
}

/// The key of an index that is not unique, in a buffer that is used again.
fn pair<'a>(buffer: &'a mut String, key: &str, id: &str) -> &'a str {
    buffer.clear();
    buffer.push_str(key);
    buffer.push('\0');
    buffer.push_str(id);
    buffer
}

impl Map for StdMap {
    fn get(&self, key: &str) -> Option<&Arc<Task>> {
        self.get(key)
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut Arc<Task>> {
        self.get_mut(key)
    }

    fn insert(&mut self, key: &str, task: Arc<Task>) {
        self.insert(key.into(), task);
    }

    fn remove(&mut self, key: &str) -> Option<Arc<Task>> {
        self.remove(key)
    }

    fn values(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.values()
    }

    fn range<'a>(&'a self, from: &str, to: &str) -> impl Iterator<Item = &'a Arc<Task>> + use<'a> {
        let bounds = (Bound::Included(from), Bound::Excluded(to));
        self.range::<str, _>(bounds).map(|(_, task)| task)
    }
}

impl Map for ImblMap {
    fn get(&self, key: &str) -> Option<&Arc<Task>> {
        self.get(key)
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut Arc<Task>> {
        self.get_mut(key)
    }

    fn insert(&mut self, key: &str, task: Arc<Task>) {
        self.insert(key.into(), task);
    }

    fn remove(&mut self, key: &str) -> Option<Arc<Task>> {
        self.remove(key)
    }

    fn values(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.values()
    }

    fn range<'a>(&'a self, from: &str, to: &str) -> impl Iterator<Item = &'a Arc<Task>> + use<'a> {
        let bounds = (Bound::Included(from), Bound::Excluded(to));
        self.range::<_, str>(bounds).map(|(_, task)| task)
    }
}
