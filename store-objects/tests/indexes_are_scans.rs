//! Whatever was done to tasks and services, an index finds what reading all of them finds.

mod support;

use proptest::prelude::*;
use store_core::{Index, Key, Query, Read};
use store_objects::wire::{
    ContainerSpec, GenericRuntimeSpec, IndexEntry, NetworkAttachmentConfig, SecretReference,
    Service, Task, TaskSpec, TaskStatus, VolumeAttachment, task_spec::Runtime,
};
use store_objects::{Annotated, FoldedName, Id, service, task};
use support::*;

/// One thing to do: delete the object with the id, or put this there.
type Step<O> = (String, Option<O>);

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "a", "A", "ab", "b", "Σ", "a\0"]).prop_map(str::to_owned)
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(word(), 0..3)
}

fn spec() -> impl Strategy<Value = TaskSpec> {
    let runtime = prop_oneof![
        Just(None),
        word().prop_map(|kind| Some(Runtime::Generic(GenericRuntimeSpec {
            kind,
            payload: None
        }))),
        words().prop_map(|ids| {
            let secrets = ids.into_iter().map(|secret_id| SecretReference {
                secret_id,
                ..Default::default()
            });
            Some(Runtime::Container(ContainerSpec {
                secrets: secrets.collect(),
                ..Default::default()
            }))
        }),
    ];
    (runtime, words()).prop_map(|(runtime, targets)| TaskSpec {
        runtime,
        networks: targets
            .into_iter()
            .map(|target| NetworkAttachmentConfig {
                target,
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    })
}

fn a_task() -> impl Strategy<Value = Task> {
    (
        word(),
        word(),
        word(),
        0..2_u64,
        0..3,
        words(),
        words(),
        prop::option::of(spec()),
    )
        .prop_map(
            |(name, service_id, node_id, slot, state, volumes, indices, spec)| {
                let mut task = Task {
                    service_id,
                    node_id,
                    slot,
                    desired_state: state,
                    status: Some(TaskStatus {
                        state: 2 - state,
                        ..Default::default()
                    }),
                    volumes: volumes
                        .into_iter()
                        .map(|id| VolumeAttachment {
                            id,
                            ..Default::default()
                        })
                        .collect(),
                    spec: spec.map(Into::into),
                    ..Task::sample("", &name)
                };
                task.annotations_mut().indices =
                    indices.iter().map(|val| entry("key", val)).collect();
                task
            },
        )
}

fn a_service() -> impl Strategy<Value = Service> {
    (word(), prop::option::of(spec()), words()).prop_map(|(name, task, own)| {
        let mut service = Service::sample("", &name);
        let spec = service.spec.as_mut().unwrap();
        spec.task = task.map(Into::into);
        spec.networks = own
            .into_iter()
            .map(|target| NetworkAttachmentConfig {
                target,
                ..Default::default()
            })
            .collect();
        service
    })
}

fn steps<O: std::fmt::Debug>(
    object: impl Strategy<Value = O>,
) -> impl Strategy<Value = Vec<Step<O>>> {
    let id = prop::sample::select(vec!["1", "2", "3", "4"]).prop_map(str::to_owned);
    prop::collection::vec((id, prop::option::weighted(0.8, object)), 1..30)
}

fn run<O: Sample>(steps: &[Step<O>], set_id: impl Fn(&mut O, &str)) -> LocalStore {
    let store = store();
    store
        .update(|tx| {
            for (id, object) in steps {
                let stored = tx.get::<O>(Id::new(id)).map(|object| object.meta());
                // What a rule refuses leaves everything as it was.
                let _ = match (object, stored) {
                    (None, _) => tx.delete::<O>(Id::new(id)).is_ok(),
                    (Some(object), stored) => {
                        let mut object = object.clone();
                        set_id(&mut object, id);
                        match stored {
                            None => tx.create(object).is_ok(),
                            Some(meta) => {
                                object.set_meta(meta);
                                tx.update(object).is_ok()
                            }
                        }
                    }
                };
            }
            Ok::<_, std::convert::Infallible>(())
        })
        .unwrap();
    store.check_invariants();
    store
}

/// Asserts that an index finds with a key what has the key, in order of id.
fn assert_finds<O: Sample, K: Key + ?Sized>(
    store: &LocalStore,
    index: Index<O, K>,
    key: &K,
    has: impl Fn(&O) -> bool,
) {
    let scan: Vec<_> = store
        .view()
        .find(Query::<O>::all())
        .filter(|object| has(object))
        .map(|object| object.id().to_owned())
        .collect();
    assert_eq!(ids(store, index.eq(key)), scan, "{index:?}");
}

const WORDS: [&str; 7] = ["", "a", "A", "ab", "b", "Σ", "a\0"];

fn runtime(spec: Option<&TaskSpec>) -> Option<String> {
    match spec?.runtime.as_ref()? {
        Runtime::Container(_) => Some("container".to_owned()),
        Runtime::Attachment(_) => Some("attachment".to_owned()),
        Runtime::Generic(generic) => Some(FoldedName::new(&generic.kind).to_string()),
    }
}

fn targets(networks: &[NetworkAttachmentConfig], word: &str) -> bool {
    networks.iter().any(|network| network.target == word)
}

fn secret(spec: Option<&TaskSpec>, word: &str) -> bool {
    let Some(Runtime::Container(container)) = spec.and_then(|spec| spec.runtime.as_ref()) else {
        return false;
    };
    container
        .secrets
        .iter()
        .any(|secret| secret.secret_id == word)
}

proptest! {
    #[test]
    fn of_tasks(steps in steps(a_task())) {
        let store = run(&steps, |task, id| task.id = id.to_owned());
        for word in WORDS {
            let id = Id::new(word);
            assert_finds(&store, task::BY_NAME, name(word), |task| name(&task::name(task)) == name(word));
            assert_finds(&store, task::BY_SERVICE, id, |task| task.service_id == word);
            assert_finds(&store, task::BY_NODE, Id::new(word), |task| task.node_id == word);
            assert_finds(&store, task::BY_RUNTIME, word, |task| runtime(task.spec.as_deref()).as_deref() == Some(word));
            assert_finds(&store, task::BY_SECRET, Id::new(word), |task| secret(task.spec.as_deref(), word));
            assert_finds(&store, task::BY_NETWORK, Id::new(word), |task| {
                task.spec.as_ref().is_some_and(|spec| targets(&spec.networks, word))
            });
            assert_finds(&store, task::BY_VOLUME, Id::new(word), |task| {
                task.volumes.iter().any(|volume| volume.id == word)
            });
            assert_finds::<_, IndexEntry>(&store, task::BY_CUSTOM, &entry("key", word), |task| {
                task.indices().iter().any(|entry| entry.val == word)
            });
            for slot in 0..2 {
                let key = task::Slot { service: word.to_owned(), slot };
                assert_finds(&store, task::BY_SLOT, &key, |task| task.service_id == word && task.slot == slot);
            }
        }
        for state in 0..3 {
            assert_finds(&store, task::BY_DESIRED_STATE, &state, |task| task.desired_state == state);
            assert_finds(&store, task::BY_STATE, &state, |task| task.status.as_ref().unwrap().state == state);
        }
    }

    #[test]
    fn of_services(steps in steps(a_service())) {
        let store = run(&steps, |service, id| service.id = id.to_owned());
        for word in WORDS {
            let task = |service: &Service| service.spec.as_ref().unwrap().task.clone();
            assert_finds(&store, service::BY_NAME, name(word), |service| name(service.name()) == name(word));
            assert_finds(&store, service::BY_RUNTIME, word, |service| {
                runtime(task(service).as_deref()).as_deref() == Some(word)
            });
            assert_finds(&store, service::BY_SECRET, Id::new(word), |service| secret(task(service).as_deref(), word));
            assert_finds(&store, service::BY_NETWORK, Id::new(word), |service| match task(service) {
                Some(task) if !task.networks.is_empty() => targets(&task.networks, word),
                _ => targets(&service.spec.as_ref().unwrap().networks, word),
            });
        }
    }
}
