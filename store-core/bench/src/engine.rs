//! What is compared: a table of tasks, and how readers and a writer share it.
//!
//! A [`Table`] is the data structure; an [`Engine`] says what a snapshot and a transaction of it are. Both are known at
//! compile time wherever something is measured.

mod four_maps;
mod in_place;
mod ours;
mod published;

use std::sync::Arc;

use clap::ValueEnum;

use crate::task::Task;

/// Ours: a persistent table, published as a whole.
pub(crate) type Ours = published::Published<store_core::Table<Task>>;

/// The persistent B-tree of `imbl`, four of them.
pub(crate) type Imbl = published::Published<four_maps::FourMaps<four_maps::ImblMap>>;

/// The standard library's B-tree, four of them: the reference, without snapshots.
pub(crate) type BTreeMap = in_place::InPlace<four_maps::FourMaps<four_maps::StdMap>>;

/// Tasks, found by id, name, service and node; the last two in order of the id.
///
/// # Panics
/// Whatever a measurement asks for is there and unique; a table that finds otherwise is wrong, and panics.
pub(crate) trait Table: Send + Sync + 'static {
    fn empty() -> Self;

    fn get(&self, id: &str) -> &Arc<Task>;

    fn find(&self, service: &str) -> impl Iterator<Item = &Arc<Task>>;

    fn scan(&self) -> impl Iterator<Item = &Arc<Task>>;

    fn create(&mut self, task: Arc<Task>);

    fn update(&mut self, task: Arc<Task>);

    fn delete(&mut self, id: &str) -> Arc<Task>;
}

/// A table, and what a snapshot and a transaction of it are.
pub(crate) trait Engine {
    type Table: Table;
    type Shared: Shared<Table = Self::Table>;

    fn new() -> Self;

    /// Reads from a fresh snapshot.
    fn read<R>(&self, read: impl FnOnce(&Self::Table) -> R) -> R;

    /// Makes one transaction.
    fn write<R>(&mut self, change: impl FnOnce(&mut Self::Table) -> R) -> R;

    /// Makes it one that a thread can read while another writes.
    fn share(self) -> Self::Shared;
}

/// An [`Engine`] with any number of readers beside one writer.
pub(crate) trait Shared: Sync {
    type Table: Table;

    /// Reads from a fresh snapshot.
    fn read<R>(&self, read: impl FnOnce(&Self::Table) -> R) -> R;

    /// Makes one transaction; only one thread does.
    fn write<R>(&self, change: impl FnOnce(&mut Self::Table) -> R) -> R;
}

/// The engines by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Name {
    /// The engine of store-core
    Ours,
    /// `std::collections::BTreeMap`, changed in place, without snapshots
    #[value(name = "btreemap")]
    BTreeMap,
    /// `imbl::OrdMap`
    Imbl,
    /// hashicorp/go-memdb, by the Go toolchain in /usr/bin
    GoMemdb,
}

impl Name {
    /// All but ours, in the order in which they are shown.
    pub(crate) const PEERS: [Self; 3] = [Self::BTreeMap, Self::Imbl, Self::GoMemdb];

    /// The name on the command line and in JSON.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::BTreeMap => "btreemap",
            Self::Imbl => "imbl",
            Self::GoMemdb => "go-memdb",
        }
    }

    /// The name that a person reads.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::BTreeMap => "BTreeMap",
            other => other.id(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;

    /// What an engine says after some of everything, read in every way.
    fn outcome<E: Engine>(data: &Dataset) -> (Vec<Task>, Vec<Task>, Task) {
        let mut engine = E::new();
        engine.write(|table| data.tasks().into_iter().for_each(|task| table.create(task)));
        for (number, id) in data.order.iter().enumerate().take(700) {
            engine.write(|table| {
                let mut task = Task::clone(table.get(id));
                task.slot += 1;
                task.node = data.nodes[number % 7].clone();
                task.service = data.services[number % 3].clone();
                task.name = format!("{}-renamed", task.name).into();
                table.update(Arc::new(task));
            });
        }
        for id in &data.order[..300] {
            let task = engine.write(|table| table.delete(id));
            if task.slot % 2 == 0 {
                engine.write(|table| table.create(task));
            }
        }
        let shared = engine.share();
        let owned = |rows: &mut dyn Iterator<Item = &Arc<Task>>| {
            rows.map(|task| Task::clone(task)).collect::<Vec<_>>()
        };
        shared.read(|table| {
            (
                owned(&mut table.scan()),
                owned(&mut table.find(&data.services[1])),
                Task::clone(table.get(&data.order[500])),
            )
        })
    }

    #[test]
    fn all_engines_do_the_same() {
        let data = Dataset::new(2_000);
        let ours = outcome::<Ours>(&data);
        assert!(ours.0.len() < 2_000 && ours.1.len() > 150);
        assert!(ours.0.is_sorted_by_key(|task| task.id.clone()));
        assert!(ours.1.is_sorted_by_key(|task| task.id.clone()));
        assert!(ours == outcome::<BTreeMap>(&data), "btreemap");
        assert!(ours == outcome::<Imbl>(&data), "imbl");
    }

    #[test]
    fn names_on_the_command_line_are_the_ids() {
        for name in Name::value_variants() {
            let value = name.to_possible_value().unwrap();
            assert_eq!(value.get_name(), name.id());
        }
    }
}
