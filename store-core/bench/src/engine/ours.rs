//! The table of `store-core`.

use std::sync::Arc;

use store_core::{Query, Table};

use crate::engine;
use crate::task::{BY_SERVICE, Task};

impl engine::Table for Table<Task> {
    fn empty() -> Self {
        Self::new()
    }

    fn get(&self, id: &str) -> &Arc<Task> {
        self.get(id).expect("it was created")
    }

    fn find(&self, service: &str) -> impl Iterator<Item = &Arc<Task>> {
        self.find(BY_SERVICE.eq(service))
    }

    fn scan(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.find(Query::all())
    }

    fn create(&mut self, task: Arc<Task>) {
        self.create(task).expect("its id and name are new");
    }

    fn update(&mut self, task: Arc<Task>) {
        self.update(task)
            .expect("it was created, and its name is its own");
    }

    fn delete(&mut self, id: &str) -> Arc<Task> {
        self.delete(id).expect("it was created")
    }
}
