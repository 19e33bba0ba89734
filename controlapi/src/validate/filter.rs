//! Which objects a list request means.
//!
//! Within one field of a filter any value will do, the fields must all be met, an empty field asks for nothing. Names
//! and prefixes are compared byte by byte, though an index may have found more.
//!
//! Secrets, configs and resources have another rule (names, prefixes and ids are alternatives there) that an index
//! answers alone; of it only [`labels`] is here. Nor does anything here decide on the order of a list.

use std::collections::BTreeMap;

use store_objects::wire::{
    Annotations, Cluster, Network, Node, Service, Task, Volume, list_clusters_request,
    list_networks_request, list_nodes_request, list_services_request, list_tasks_request,
    list_volumes_request,
};

use super::name::name_of;
use super::runtime_name;
use super::task::task_name;

type Labels = BTreeMap<String, String>;

/// Tells whether a node is meant: by hostname, labels of its engine and of its spec, observed role and membership.
///
/// SwarmKit control API, section 1.5.
#[must_use]
pub fn node(filters: &list_nodes_request::Filters, node: &Node) -> bool {
    let description = node.description.as_ref();
    let engine = description.and_then(|description| description.engine.as_ref());
    let spec = node.spec.as_ref();
    let annotations = spec.and_then(|spec| spec.annotations.as_ref());
    let membership = spec.map_or(0, |spec| spec.membership);
    named(
        &filters.names,
        &filters.name_prefixes,
        description.map(|description| description.hostname.as_str()),
    ) && starts(&filters.id_prefixes, Some(&node.id))
        && labels(&filters.labels, engine.map(|engine| &engine.labels))
        && labels(&filters.node_labels, labels_of(annotations))
        && number(&filters.roles, node.role)
        && number(&filters.memberships, membership)
}

/// Tells whether a task is meant, but for `up_to_date`, which takes its service and node: see [`super::is_dirty`].
///
/// SwarmKit control API, section 1.5.
#[must_use]
pub fn task(filters: &list_tasks_request::Filters, task: &Task) -> bool {
    named(
        &filters.names,
        &filters.name_prefixes,
        Some(&task_name(task)),
    ) && starts(&filters.id_prefixes, Some(&task.id))
        && labels(
            &filters.labels,
            labels_of(task.service_annotations.as_ref()),
        )
        && equal(&filters.service_ids, Some(&task.service_id))
        && equal(&filters.node_ids, Some(&task.node_id))
        && equal(
            &filters.runtimes,
            task.spec.as_ref().and_then(runtime_name).as_deref(),
        )
        && number(&filters.desired_states, task.desired_state)
}

/// Tells whether a service is meant.
///
/// SwarmKit control API, section 1.5.
#[must_use]
pub fn service(filters: &list_services_request::Filters, service: &Service) -> bool {
    let spec = service.spec.as_ref();
    let annotations = spec.and_then(|spec| spec.annotations.as_ref());
    let task = spec.and_then(|spec| spec.task.as_ref());
    named(
        &filters.names,
        &filters.name_prefixes,
        Some(name_of(annotations)),
    ) && starts(&filters.id_prefixes, Some(&service.id))
        && labels(&filters.labels, labels_of(annotations))
        && equal(&filters.runtimes, task.and_then(runtime_name).as_deref())
}

/// Tells whether a network is meant.
///
/// SwarmKit control API, section 1.5.
#[must_use]
pub fn network(filters: &list_networks_request::Filters, network: &Network) -> bool {
    let annotations = network
        .spec
        .as_ref()
        .and_then(|spec| spec.annotations.as_ref());
    named(
        &filters.names,
        &filters.name_prefixes,
        Some(name_of(annotations)),
    ) && starts(&filters.id_prefixes, Some(&network.id))
        && labels(&filters.labels, labels_of(annotations))
}

/// Tells whether a cluster is meant.
///
/// SwarmKit control API, section 1.5.
#[must_use]
pub fn cluster(filters: &list_clusters_request::Filters, cluster: &Cluster) -> bool {
    let annotations = cluster
        .spec
        .as_ref()
        .and_then(|spec| spec.annotations.as_ref());
    named(
        &filters.names,
        &filters.name_prefixes,
        Some(name_of(annotations)),
    ) && starts(&filters.id_prefixes, Some(&cluster.id))
        && labels(&filters.labels, labels_of(annotations))
}

/// Tells whether a volume is meant.
///
/// SwarmKit control API, section 1.5.
#[must_use]
pub fn volume(filters: &list_volumes_request::Filters, volume: &Volume) -> bool {
    let spec = volume.spec.as_ref();
    let annotations = spec.and_then(|spec| spec.annotations.as_ref());
    let driver = spec.and_then(|spec| spec.driver.as_ref());
    named(
        &filters.names,
        &filters.name_prefixes,
        Some(name_of(annotations)),
    ) && starts(&filters.id_prefixes, Some(&volume.id))
        && labels(&filters.labels, labels_of(annotations))
        && equal(&filters.groups, Some(spec.map_or("", |spec| &spec.group)))
        && equal(&filters.drivers, driver.map(|driver| driver.name.as_str()))
}

/// Tells whether labels have all keys that are asked for, with the values that are asked for if any are.
///
/// SwarmKit control API, section 1.5. Where there can be no labels, none are found.
#[must_use]
pub fn labels(wanted: &Labels, actual: Option<&Labels>) -> bool {
    wanted.iter().all(|(key, value)| {
        actual
            .and_then(|actual| actual.get(key))
            .is_some_and(|actual| value.is_empty() || value == actual)
    })
}

/// Two fields of a filter that look at the same name.
fn named(names: &[String], prefixes: &[String], name: Option<&str>) -> bool {
    equal(names, name) && starts(prefixes, name)
}

fn equal(wanted: &[String], actual: Option<&str>) -> bool {
    any(wanted, |wanted| actual == Some(wanted.as_str()))
}

fn starts(prefixes: &[String], actual: Option<&str>) -> bool {
    any(prefixes, |prefix| {
        actual.is_some_and(|actual| actual.starts_with(prefix.as_str()))
    })
}

fn number(wanted: &[i32], actual: i32) -> bool {
    any(wanted, |wanted| *wanted == actual)
}

fn any<T>(wanted: &[T], is_met: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is_met)
}

fn labels_of(annotations: Option<&Annotations>) -> Option<&Labels> {
    annotations.map(|annotations| &annotations.labels)
}

#[cfg(test)]
mod tests {
    use store_objects::wire::node_spec::Membership;
    use store_objects::wire::{
        Driver, EngineDescription, NodeDescription, NodeRole, NodeSpec, ServiceSpec, TaskState,
        VolumeSpec,
    };

    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn map(entries: &[(&str, &str)]) -> Labels {
        entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn annotations(name: &str, labels: &[(&str, &str)]) -> Annotations {
        Annotations {
            name: name.to_owned(),
            labels: map(labels),
            ..Annotations::default()
        }
    }

    #[test]
    fn no_filter_asks_for_nothing() {
        assert!(node(
            &list_nodes_request::Filters::default(),
            &Node::default()
        ));
        assert!(task(
            &list_tasks_request::Filters::default(),
            &Task::default()
        ));
        assert!(service(
            &list_services_request::Filters::default(),
            &Service::default()
        ));
        assert!(network(
            &list_networks_request::Filters::default(),
            &Network::default()
        ));
        assert!(cluster(
            &list_clusters_request::Filters::default(),
            &Cluster::default()
        ));
        assert!(volume(
            &list_volumes_request::Filters::default(),
            &Volume::default()
        ));
    }

    #[test]
    fn fields_are_all_met_each_by_any_value() {
        type Filters = list_services_request::Filters;
        let web = Service {
            id: "id1".to_owned(),
            spec: Some(ServiceSpec {
                annotations: Some(annotations("web", &[("tier", "front"), ("env", "")])),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        };
        for (names, name_prefixes, id_prefixes, is_meant) in [
            (vec!["web"], vec![], vec![], true),
            (vec!["api", "web"], vec![], vec![], true),
            (vec!["WEB"], vec![], vec![], false),
            (vec![""], vec![], vec![], false),
            (vec![], vec!["we"], vec![], true),
            (vec![], vec!["We"], vec![], false),
            (vec![], vec![""], vec!["id"], true),
            (vec!["web"], vec![], vec!["ID"], false),
            (vec!["web"], vec!["api"], vec![], false),
        ] {
            let filters = Filters {
                names: strings(&names),
                name_prefixes: strings(&name_prefixes),
                id_prefixes: strings(&id_prefixes),
                ..Filters::default()
            };
            assert_eq!(service(&filters, &web), is_meant, "{filters:?}");
        }
        for (labels, is_meant) in [
            (map(&[("tier", "front"), ("env", "")]), true),
            (map(&[("tier", "")]), true),
            (map(&[("tier", "back")]), false),
            (map(&[("env", "prod")]), false),
            (map(&[("tier", ""), ("none", "")]), false),
        ] {
            let filters = Filters {
                labels,
                ..Filters::default()
            };
            assert_eq!(service(&filters, &web), is_meant, "{filters:?}");
        }
    }

    #[test]
    fn nodes_that_have_not_reported_have_no_name_and_no_engine() {
        type Filters = list_nodes_request::Filters;
        let silent = Node::default();
        let any_name = Filters {
            name_prefixes: strings(&[""]),
            ..Filters::default()
        };
        let any_os = Filters {
            labels: map(&[("os", "")]),
            ..Filters::default()
        };
        assert!(!node(&any_name, &silent));
        assert!(!node(&any_os, &silent));
        let reported = Node {
            description: Some(NodeDescription {
                engine: Some(EngineDescription {
                    labels: map(&[("os", "linux")]),
                    ..EngineDescription::default()
                }),
                ..NodeDescription::default()
            }),
            ..Node::default()
        };
        assert!(node(&any_name, &reported));
        assert!(node(&any_os, &reported));
    }

    #[test]
    fn nodes_are_found_by_what_they_are_and_not_by_what_they_shall_be() {
        type Filters = list_nodes_request::Filters;
        let demoted = Node {
            role: NodeRole::Manager.into(),
            spec: Some(NodeSpec {
                desired_role: NodeRole::Worker.into(),
                membership: Membership::Accepted.into(),
                annotations: Some(annotations("", &[("zone", "b")])),
                ..NodeSpec::default()
            }),
            ..Node::default()
        };
        let by_role = |role: NodeRole| Filters {
            roles: vec![role.into()],
            ..Filters::default()
        };
        assert!(node(&by_role(NodeRole::Manager), &demoted));
        assert!(!node(&by_role(NodeRole::Worker), &demoted));
        let by_membership = |membership: Membership| Filters {
            memberships: vec![membership.into()],
            node_labels: map(&[("zone", "b")]),
            ..Filters::default()
        };
        assert!(node(&by_membership(Membership::Accepted), &demoted));
        assert!(!node(&by_membership(Membership::Pending), &demoted));
        assert!(!node(
            &Filters {
                roles: vec![7],
                ..Filters::default()
            },
            &demoted
        ));
    }

    #[test]
    fn tasks_are_found_by_their_computed_name_and_by_what_they_lack() {
        type Filters = list_tasks_request::Filters;
        let unassigned = Task {
            id: "t".to_owned(),
            slot: 1,
            service_annotations: Some(annotations("web", &[("tier", "front")])),
            service_id: "s".to_owned(),
            desired_state: TaskState::Running.into(),
            ..Task::default()
        };
        for (filters, is_meant) in [
            (
                Filters {
                    names: strings(&["web.1.t"]),
                    ..Filters::default()
                },
                true,
            ),
            (
                Filters {
                    name_prefixes: strings(&["WEB."]),
                    ..Filters::default()
                },
                false,
            ),
            (
                Filters {
                    labels: map(&[("tier", "")]),
                    ..Filters::default()
                },
                true,
            ),
            (
                Filters {
                    node_ids: strings(&[""]),
                    ..Filters::default()
                },
                true,
            ),
            (
                Filters {
                    node_ids: strings(&["n"]),
                    ..Filters::default()
                },
                false,
            ),
            (
                Filters {
                    service_ids: strings(&["r", "s"]),
                    ..Filters::default()
                },
                true,
            ),
            (
                Filters {
                    runtimes: strings(&["container"]),
                    ..Filters::default()
                },
                false,
            ),
            (
                Filters {
                    desired_states: vec![TaskState::Running.into()],
                    ..Filters::default()
                },
                true,
            ),
            (
                Filters {
                    desired_states: vec![TaskState::New.into()],
                    ..Filters::default()
                },
                false,
            ),
        ] {
            assert_eq!(task(&filters, &unassigned), is_meant, "{filters:?}");
        }
    }

    #[test]
    fn volumes_are_found_by_group_and_driver() {
        type Filters = list_volumes_request::Filters;
        let stored = Volume {
            spec: Some(VolumeSpec {
                group: "g".to_owned(),
                driver: Some(Driver {
                    name: "d".to_owned(),
                    ..Driver::default()
                }),
                ..VolumeSpec::default()
            }),
            ..Volume::default()
        };
        let filters = |groups: &[&str], drivers: &[&str]| Filters {
            groups: strings(groups),
            drivers: strings(drivers),
            ..Filters::default()
        };
        assert!(volume(&filters(&["g"], &["c", "d"]), &stored));
        assert!(!volume(&filters(&["g"], &["c"]), &stored));
        assert!(!volume(&filters(&["G"], &[]), &stored));
    }
}
