//! Selectors and rules of services, volumes, extensions and resources.

mod support;

use store_core::{CreateError, DeleteError, RuleError, UpdateError};
use store_objects::wire::{
    ConfigReference, ContainerSpec, Driver, Extension, GenericRuntimeSpec, NetworkAttachmentConfig,
    Resource, SecretReference, Service, ServiceSpec, Shared, TaskSpec, Volume, task_spec::Runtime,
};
use store_objects::{Id, RuleViolation, StoreObject, resource, service, volume};
use support::*;

#[track_caller]
fn violation(error: &RuleError) -> &RuleViolation {
    error.downcast_ref().unwrap()
}

#[test]
fn services_are_found_by_what_their_spec_uses() {
    let store = store();
    let target = |id: &str| NetworkAttachmentConfig {
        target: id.to_owned(),
        ..Default::default()
    };
    let service = |id: &str, runtime: Option<Runtime>, task: &[&str], own: &[&str]| {
        let mut service = Service::sample(id, id);
        let spec = service.spec.as_mut().unwrap();
        spec.networks = own.iter().copied().map(target).collect();
        spec.task = Some(Shared::new(TaskSpec {
            runtime,
            networks: task.iter().copied().map(target).collect(),
            ..Default::default()
        }));
        service
    };
    let container = ContainerSpec {
        secrets: vec![SecretReference {
            secret_id: "s1".to_owned(),
            ..Default::default()
        }],
        configs: vec![ConfigReference {
            config_id: "c1".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let generic = GenericRuntimeSpec {
        kind: "Job".to_owned(),
        payload: None,
    };
    let mut changed = service("d", None, &[], &[]);
    changed.previous_spec = service("d", None, &["n1"], &[]).spec;
    create(
        &store,
        [
            service(
                "a",
                Some(Runtime::Container(container)),
                &["n1", "n2"],
                &["n3"],
            ),
            service("b", Some(Runtime::Generic(generic)), &[], &["n2", "n3"]),
            Service {
                spec: Some(ServiceSpec::default().into()),
                ..Service::sample("c", "")
            },
            changed,
        ],
    );
    let by_network = |id: &str| ids(&store, service::BY_NETWORK.eq(Id::new(id)));
    assert_eq!(by_network("n1"), ["a"], "the previous spec plays no part");
    assert_eq!(by_network("n2"), ["a", "b"]);
    assert_eq!(
        by_network("n3"),
        ["b"],
        "the service's own list counts only without the tasks'"
    );
    let by_runtime = |runtime: &str| ids(&store, service::BY_RUNTIME.eq(runtime));
    assert_eq!(by_runtime("container"), ["a"]);
    assert_eq!(by_runtime("job"), ["b"]);
    assert_eq!(by_runtime(""), Vec::<String>::new());
    assert_eq!(ids(&store, service::BY_SECRET.eq(Id::new("s1"))), ["a"]);
    assert_eq!(ids(&store, service::BY_CONFIG.eq(Id::new("c1"))), ["a"]);
}

#[test]
fn service_prefixes_unite() {
    let store = populated();
    let both = service::BY_NAME
        .prefix("NAME1")
        .or(service::BY_NAME.prefix("name3"));
    assert_eq!(ids(&store, both), ["id1", "id3"]);
    let one = service::BY_NAME
        .prefix("name2")
        .or(service::BY_NAME.prefix("absent"));
    assert_eq!(ids(&store, one), ["id2"]);
    assert_eq!(ids(&store, service::BY_ID.prefix("id")).len(), 3);
}

#[test]
fn volumes_are_found_by_group_and_driver() {
    let store = store();
    let volume = |id: &str, group: &str, driver: &str| {
        let mut volume = Volume::sample(id, id);
        let spec = volume.spec.as_mut().unwrap();
        spec.group = group.to_owned();
        spec.driver = Some(Driver {
            name: driver.to_owned(),
            ..Default::default()
        });
        volume
    };
    create(
        &store,
        [
            volume("a", "g", "d"),
            volume("b", "", "D"),
            volume("c", "g", ""),
        ],
    );
    let by_group = |group: &str| ids(&store, volume::BY_GROUP.eq(group));
    assert_eq!(by_group("g"), ["a", "c"]);
    assert_eq!(by_group(""), ["b"]);
    let by_driver = |driver: &str| ids(&store, volume::BY_DRIVER.eq(driver));
    assert_eq!(by_driver("d"), ["a"]);
    assert_eq!(by_driver("D"), ["b"]);
    assert_eq!(by_driver(""), ["c"]);
}

#[test]
fn a_volume_has_a_driver() {
    let store = store();
    create(
        &store,
        [
            Volume::sample("id1", "name1"),
            Volume::sample("id2", "name2"),
        ],
    );
    let without = |id: &str, name: &str| {
        let mut volume = Volume::sample(id, name);
        volume.spec.as_mut().unwrap().driver = None;
        volume
    };
    let error = refusal(&store, &without("id3", "name3"));
    assert_eq!(
        error.to_string(),
        "missing value for index 'driver'; volume id3 names no driver"
    );
    let CreateError::Rule(rule) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(
        violation(rule),
        &RuleViolation::DriverMissing {
            volume: "id3".to_owned()
        }
    );
    // Whatever else is wrong comes first.
    assert!(matches!(
        refusal(&store, &without("id3", "NAME1")),
        CreateError::Conflict { .. }
    ));
    assert!(matches!(
        refusal(&store, &without("id1", "free")),
        CreateError::Exists { .. }
    ));

    let drop_driver = |volume: &mut Volume| volume.spec.as_mut().unwrap().driver = None;
    let error = change(&store, "id1", drop_driver).unwrap_err();
    assert!(matches!(error, UpdateError::Rule(_)), "{error}");
    let error = change(&store, "id1", |volume| *volume = without("id1", "name2")).unwrap_err();
    assert!(matches!(error, UpdateError::Conflict { .. }), "{error}");
    let error = rejection(
        store
            .update(|tx| tx.update(without("absent", "free")))
            .unwrap_err(),
    );
    assert!(matches!(error, UpdateError::NotFound { .. }), "{error}");
    store
        .update(|tx| tx.delete::<Volume>(Id::new("id1")))
        .unwrap();
}

#[test]
fn an_extension_is_not_named_like_a_table() {
    let store = store();
    for table in StoreObject::TABLES {
        let error = refusal(&store, &Extension::sample("id", table));
        assert_eq!(
            error.to_string(),
            format!("name conflicts with an existing object; {table} is the name of a table")
        );
    }
    create(&store, [Extension::sample("id", "Task")]);
    // A taken id does not change that, a taken name comes to the same.
    let error = refusal(&store, &Extension::sample("id", "task"));
    assert!(
        error
            .to_string()
            .starts_with("name conflicts with an existing object; "),
        "{error}"
    );
}

#[test]
fn an_extension_never_changes() {
    let store = store();
    create(&store, [Extension::sample("id1", "name1")]);
    for id in ["id1", "absent"] {
        let error = rejection(
            store
                .update(|tx| tx.update(Extension::sample(id, "x")))
                .unwrap_err(),
        );
        assert!(
            error.to_string().starts_with("extensions are immutable; "),
            "{error}"
        );
        let UpdateError::Rule(rule) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(
            violation(rule),
            &RuleViolation::ExtensionImmutable {
                extension: id.to_owned()
            }
        );
    }
}

#[test]
fn an_extension_stays_while_there_are_resources_of_its_kind() {
    let store = store();
    create(
        &store,
        [
            Extension::sample("e", "kind"),
            Extension::sample("f", "other"),
        ],
    );
    create(&store, [Resource::sample("r", "name")]);
    let delete = |id: &str| {
        store
            .update(|tx| tx.delete::<Extension>(Id::new(id)).map(drop))
            .map(drop)
            .map_err(rejection)
    };
    assert!(matches!(
        delete("absent").unwrap_err(),
        DeleteError::NotFound { .. }
    ));
    let error = delete("e").unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot delete extension because objects of this type exist in the data store; resource r is of kind kind"
    );
    delete("f").unwrap();
    store
        .update(|tx| tx.delete::<Resource>(Id::new("r")))
        .unwrap();
    delete("e").unwrap();
}

#[test]
fn a_resource_is_of_a_kind_that_is_registered() {
    let store = store();
    let error = refusal(&store, &Resource::sample("r", "name"));
    assert_eq!(
        error.to_string(),
        "object kind is unregistered; resource r is of kind \"kind\", which no extension is named"
    );
    create(
        &store,
        [
            Extension::sample("e", "Kind"),
            Extension::sample("f", "other"),
        ],
    );
    create(&store, [Resource::sample("r", "name")]);
    // The kind comes before the name.
    let stranger = Resource {
        kind: "absent".to_owned(),
        ..Resource::sample("r", "name")
    };
    assert!(matches!(refusal(&store, &stranger), CreateError::Rule(_)));
    let error = rejection(store.update(|tx| tx.update(stranger.clone())).unwrap_err());
    assert!(matches!(error, UpdateError::Rule(_)), "{error}");
    // It may change, and is found as it is written.
    change::<Resource>(&store, "r", |resource| resource.kind = "OTHER".to_owned()).unwrap();
    assert_eq!(ids(&store, resource::BY_KIND.eq("OTHER")), ["r"]);
    assert_eq!(
        ids(&store, resource::BY_KIND.eq("other")),
        Vec::<String>::new()
    );
    assert_eq!(
        ids(&store, resource::BY_KIND.eq("kind")),
        Vec::<String>::new()
    );
}

#[test]
fn resources_of_all_kinds_share_their_names() {
    let store = store();
    create(
        &store,
        [
            Extension::sample("e", "kind"),
            Extension::sample("f", "other"),
        ],
    );
    create(&store, [Resource::sample("r", "name")]);
    let other = Resource {
        kind: "other".to_owned(),
        ..Resource::sample("s", "NAME")
    };
    assert!(matches!(
        refusal(&store, &other),
        CreateError::Conflict { .. }
    ));
    // SwarmKit lets an update take the name of another resource, which then cannot be found by it.
    create(&store, [Resource::sample("s", "free")]);
    let error = change::<Resource>(&store, "s", |resource| {
        resource.rename("name");
    });
    assert!(matches!(error.unwrap_err(), UpdateError::Conflict { .. }));
}
