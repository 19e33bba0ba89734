//! What every handler works with: the store, ids for new objects, and a turn to write.

use std::sync::Arc;

use proposer::Proposer;
use store_core::{
    Changes, CreateError, DeleteError, Kind, Object, Query, Read as _, Snapshot, Store,
    StoreOptions, WriteTx,
};
use store_objects::{Id, IdSource, Orchestration};

use super::admission::Admission;
use crate::refusal::Refusal;
use crate::validate::request;

/// The store behind the API, with what handlers need besides.
pub(super) struct Backend<P: Proposer<Changes<Orchestration>>> {
    store: Store<Orchestration, P>,
    pub(super) ids: IdSource,
    admission: Admission,
}

impl<P: Proposer<Changes<Orchestration>>> Backend<P> {
    pub(super) fn new(store: Store<Orchestration, P>) -> Self {
        Self {
            store,
            ids: IdSource::new(),
            admission: Admission::new(&StoreOptions::default()),
        }
    }

    pub(super) const fn store(&self) -> &Store<Orchestration, P> {
        &self.store
    }

    /// Returns the committed state.
    pub(super) fn view(&self) -> Snapshot<Orchestration> {
        self.store.view()
    }

    /// Returns the committed object of an id, which the request gives in `field`.
    pub(super) fn find<O>(&self, id: &str, field: &'static str) -> Result<Arc<O>, Refusal>
    where
        O: Kind<Orchestration> + Object<Key = Id<O>>,
    {
        request::id(id, field)?;
        self.get(id)
    }

    /// Returns the committed object of an id.
    pub(super) fn get<O>(&self, id: &str) -> Result<Arc<O>, Refusal>
    where
        O: Kind<Orchestration> + Object<Key = Id<O>>,
    {
        self.view()
            .get::<O>(Id::new(id))
            .cloned()
            .ok_or_else(|| Refusal::not_found::<O>(id))
    }

    /// Returns copies of the committed objects that a query finds.
    pub(super) fn list<O: Kind<Orchestration> + Clone>(&self, query: Query<O>) -> Vec<O> {
        self.view()
            .find(query)
            .map(|object| O::clone(object))
            .collect()
    }

    /// Deletes the object of an id, which the request gives in `field`.
    pub(super) async fn remove<O>(&self, id: &str, field: &'static str) -> Result<(), Refusal>
    where
        O: Kind<Orchestration> + Object<Key = Id<O>>,
    {
        request::id(id, field)?;
        self.transact(id.len(), |tx| delete::<O>(tx, id)).await
    }

    /// Runs a closure as a transaction of about so many bytes, and returns its value once it is committed.
    ///
    /// The closure runs again when its transaction was dropped because an earlier one was.
    ///
    /// # Cancel safety
    /// Once the closure has run, dropping the future loses the answer, not the transaction.
    pub(super) async fn transact<T: Send>(
        &self,
        bytes: usize,
        transaction: impl FnMut(&mut WriteTx<'_, Orchestration>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let _share = self.admission.share(bytes).await;
        let committed = self.store.update_async(transaction).await?;
        Ok(committed.value)
    }
}

/// Returns the object of an id, as a transaction sees it.
pub(super) fn stored<'a, O>(
    tx: &'a WriteTx<'_, Orchestration>,
    id: &str,
) -> Result<&'a Arc<O>, Refusal>
where
    O: Kind<Orchestration> + Object<Key = Id<O>>,
{
    tx.get::<O>(Id::new(id))
        .ok_or_else(|| Refusal::not_found::<O>(id))
}

/// Creates an object; `text` says in SwarmKit's words that its name is taken.
pub(super) fn create<O>(
    tx: &mut WriteTx<'_, Orchestration>,
    object: O,
    text: impl FnOnce() -> String,
) -> Result<Arc<O>, Refusal>
where
    O: Kind<Orchestration>,
{
    tx.create(object).map_err(|error| match error {
        CreateError::Conflict { table, holder, .. } => Refusal::NameTaken {
            text: text(),
            table,
            holder,
        },
        other => other.into(),
    })
}

/// Deletes the object of an id.
pub(super) fn delete<O>(tx: &mut WriteTx<'_, Orchestration>, id: &str) -> Result<(), Refusal>
where
    O: Kind<Orchestration> + Object<Key = Id<O>>,
{
    match tx.delete::<O>(Id::new(id)) {
        Ok(_) => Ok(()),
        Err(DeleteError::NotFound { .. }) => Err(Refusal::not_found::<O>(id)),
        Err(other) => Err(other.into()),
    }
}
