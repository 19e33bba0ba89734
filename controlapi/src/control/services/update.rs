//! What an update makes of a service.

use std::mem;

use prost_types::Timestamp;
use store_core::Read;
use store_objects::Orchestration;
use store_objects::wire::update_service_request::Rollback;
use store_objects::wire::update_status::UpdateState;
use store_objects::wire::{
    NetworkAttachmentConfig, Service, ServiceSpec, Shared, UpdateStatus, Version,
};

use super::{checks, name};
use crate::refusal::Refusal;

/// An update that was asked for.
pub(super) struct Change {
    /// The version that the client saw.
    pub(super) seen: Version,
    pub(super) spec: Shared<ServiceSpec>,
    /// See [`Rollback`].
    pub(super) rollback: i32,
    pub(super) now: Timestamp,
}

impl Change {
    /// Returns the service as it will be, with the version that the client saw: the store compares it with the stored
    /// one, after everything that is checked here.
    pub(super) fn apply(
        &self,
        state: &impl Read<Schema = Orchestration>,
        stored: &Service,
    ) -> Result<Service, Refusal> {
        let empty = ServiceSpec::default();
        self.check(state, &stored.id, stored.spec.as_deref().unwrap_or(&empty))?;
        let mut service = stored.clone();
        service.meta.get_or_insert_default().version = Some(self.seen);
        if let Some(job) = &mut service.job_status {
            job.job_iteration.get_or_insert_default().index += 1;
            job.last_execution = Some(self.now);
        }
        if self.rollback == i32::from(Rollback::Previous) {
            self.roll_back(&mut service)?;
        } else {
            service.previous_spec = service.spec.replace(self.spec.clone());
            service.previous_spec_version = service.spec_version.replace(self.seen);
            service.update_status = None;
        }
        checks::ingress(state, service.spec.as_deref().unwrap_or(&empty))?;
        Ok(service)
    }

    fn check(
        &self,
        state: &impl Read<Schema = Orchestration>,
        id: &str,
        stored: &ServiceSpec,
    ) -> Result<(), Refusal> {
        if self.spec.networks != stored.networks
            && task_networks(&self.spec) == task_networks(stored)
        {
            return Err(Refusal::NetworksNotMigrated);
        }
        checks::references(state, &self.spec)?;
        if self.spec.mode.as_ref().map(mem::discriminant)
            != stored.mode.as_ref().map(mem::discriminant)
        {
            return Err(Refusal::ModeChange { id: id.to_owned() });
        }
        if name(&self.spec) != name(stored) {
            let (name, given) = (name(stored).to_owned(), name(&self.spec).to_owned());
            return Err(Refusal::Rename {
                id: id.to_owned(),
                name,
                given,
            });
        }
        Ok(())
    }

    /// Swaps the spec and the one before.
    fn roll_back(&self, service: &mut Service) -> Result<(), Refusal> {
        if service.previous_spec.is_none() {
            return Err(Refusal::NoPreviousSpec {
                id: service.id.clone(),
            });
        }
        mem::swap(&mut service.spec, &mut service.previous_spec);
        mem::swap(
            &mut service.spec_version,
            &mut service.previous_spec_version,
        );
        service.update_status = Some(UpdateStatus {
            state: UpdateState::RollbackStarted.into(),
            message: "manually requested rollback".to_owned(),
            started_at: Some(self.now),
            completed_at: None,
        });
        Ok(())
    }
}

fn task_networks(spec: &ServiceSpec) -> &[NetworkAttachmentConfig] {
    spec.task.as_ref().map_or(&[], |task| &task.networks)
}

#[cfg(test)]
mod tests {
    use proposer::Loopback;
    use store_core::Store;

    use super::*;

    /// A spec may be large, and a service has two: they are moved, not copied.
    #[test]
    fn a_spec_becomes_the_previous_one_and_comes_back_as_it_is() {
        let same = |a: Option<&Shared<_>>, b: &Shared<_>| Shared::is_same(a.unwrap(), b);
        let store: Store<Orchestration, _> = Store::open(Loopback::new()).unwrap();
        let first = Shared::new(ServiceSpec::default());
        let stored = Service {
            id: "a".to_owned(),
            spec: Some(first.clone()),
            ..Service::default()
        };
        let mut change = Change {
            seen: Version::default(),
            spec: Shared::new(ServiceSpec::default()),
            rollback: Rollback::None.into(),
            now: Timestamp::default(),
        };
        let updated = change.apply(&store.view(), &stored).unwrap();
        assert!(same(updated.spec.as_ref(), &change.spec));
        assert!(same(updated.previous_spec.as_ref(), &first));

        change.rollback = Rollback::Previous.into();
        let back = change.apply(&store.view(), &updated).unwrap();
        assert!(same(back.spec.as_ref(), &first));
        assert!(same(back.previous_spec.as_ref(), &change.spec));
    }
}
