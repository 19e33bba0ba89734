//! Protobuf's JSON mapping of the messages, where a reader or a writer could get it wrong.

use serde_json::{Value, json};
use store_objects::wire::{
    ContainerSpec, ListTasksRequest, Node, NodeRole, ReplicatedService, SecretSpec, Service,
    ServiceSpec, Shared, Task, TaskSpec, TaskState, UpdateConfig, list_tasks_request, service_spec,
    task_spec,
};

#[track_caller]
fn assert_json<T>(message: &T, json: &Value)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    assert_eq!(&serde_json::to_value(message).unwrap(), json);
    assert_eq!(&serde_json::from_value::<T>(json.clone()).unwrap(), message);
}

#[track_caller]
fn error<T: serde::de::DeserializeOwned>(json: Value) -> String {
    match serde_json::from_value::<T>(json) {
        Ok(_) => panic!("it was accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn defaults_are_left_out_and_the_branch_of_a_oneof_never() {
    assert_json(&Service::default(), &json!({}));
    let spec = ServiceSpec {
        mode: Some(service_spec::Mode::Replicated(ReplicatedService::default())),
        task: Some(Shared::new(TaskSpec {
            runtime: Some(task_spec::Runtime::Container(ContainerSpec::default())),
            ..Default::default()
        })),
        ..Default::default()
    };
    assert_json(&spec, &json!({"task": {"container": {}}, "replicated": {}}));
}

#[test]
fn integers_of_64_bits_are_text_and_enums_are_names() {
    let task = Task {
        slot: u64::MAX,
        desired_state: TaskState::Running as i32,
        ..Default::default()
    };
    assert_json(
        &task,
        &json!({"slot": "18446744073709551615", "desiredState": "RUNNING"}),
    );
}

#[test]
fn numbers_of_unknown_enum_values_survive() {
    let node = Node {
        role: 7,
        ..Default::default()
    };
    assert_json(&node, &json!({"role": 7}));
    let request = ListTasksRequest {
        filters: Some(list_tasks_request::Filters {
            desired_states: vec![512, 513, -1],
            ..Default::default()
        }),
    };
    assert_json(
        &request,
        &json!({"filters": {"desiredStates": ["RUNNING", 513, -1]}}),
    );
}

#[test]
fn names_of_the_proto_files_numbers_and_null_are_read() {
    let task: Task = serde_json::from_value(json!({
        "service_id": "a", "desired_state": 512, "slot": 3, "nodeId": null, "networks": null,
        "status": null, "spec": {"container": null, "force_update": 1e3},
    }))
    .unwrap();
    let expected = Task {
        service_id: "a".to_owned(),
        desired_state: 512,
        slot: 3,
        spec: Some(
            TaskSpec {
                force_update: 1000,
                ..Default::default()
            }
            .into(),
        ),
        ..Default::default()
    };
    assert_eq!(task, expected);
}

#[test]
fn names_that_are_not_in_camel_case_stay_as_they_are() {
    assert_json(
        &Node {
            vxlanudp_port: 4789,
            ..Default::default()
        },
        &json!({"VXLANUDPPort": 4789}),
    );
    assert_json(
        &ContainerSpec {
            pids_limit: 5,
            ..Default::default()
        },
        &json!({"pidsLimit": "5"}),
    );
}

#[test]
fn wrappers_tell_a_default_from_absence() {
    assert_json(
        &ContainerSpec {
            init: Some(false),
            ..Default::default()
        },
        &json!({"init": false}),
    );
    assert_json(
        &ContainerSpec {
            init: None,
            ..Default::default()
        },
        &json!({}),
    );
}

#[test]
fn what_is_no_number_is_text() {
    for (ratio, json) in [
        (0.25, json!({"maxFailureRatio": 0.25})),
        (f32::INFINITY, json!({"maxFailureRatio": "Infinity"})),
        (f32::NEG_INFINITY, json!({"maxFailureRatio": "-Infinity"})),
    ] {
        assert_json(
            &UpdateConfig {
                max_failure_ratio: ratio,
                ..Default::default()
            },
            &json,
        );
    }
    let config = UpdateConfig {
        max_failure_ratio: f32::NAN,
        ..Default::default()
    };
    let json = serde_json::to_value(config).unwrap();
    assert_eq!(json, json!({"maxFailureRatio": "NaN"}));
    let config: UpdateConfig = serde_json::from_value(json).unwrap();
    assert!(config.max_failure_ratio.is_nan());
}

#[test]
fn bytes_are_read_in_either_alphabet_with_or_without_padding() {
    let secret = SecretSpec {
        data: vec![0xfb, 0xff, 1, 2],
        ..Default::default()
    };
    assert_json(&secret, &json!({"data": "+/8BAg=="}));
    for text in ["+/8BAg", "-_8BAg==", "-_8BAg"] {
        assert_eq!(
            serde_json::from_value::<SecretSpec>(json!({"data": text})).unwrap(),
            secret
        );
    }
}

/// Protobuf's mapping has exponents with quotes and without; quoted ones were refused, as were enums written as `1.0`.
#[test]
fn whole_numbers_are_read_however_they_are_written() {
    for slot in [
        json!(1000),
        json!(1e3),
        json!("1000"),
        json!("1e3"),
        json!("1000.0"),
    ] {
        let task: Task = serde_json::from_value(json!({ "slot": slot })).unwrap();
        assert_eq!(task.slot, 1000, "{slot}");
    }
    for role in [json!(1), json!(1.0), json!("MANAGER")] {
        let node: Node = serde_json::from_value(json!({ "role": role })).unwrap();
        assert_eq!(node.role, 1, "{role}");
    }
    for slot in ["", " 1", "1.5", "1e-1", "1e20", "-1", "NaN", "inf"] {
        error::<Task>(json!({ "slot": slot }));
    }
    for role in [json!(1.5), json!(1e10), json!("1")] {
        error::<Node>(json!({ "role": role }));
    }
}

#[test]
fn mistakes_are_refused_and_named() {
    assert_eq!(
        error::<ServiceSpec>(json!({"replicsa": 1})),
        "docker.swarmkit.v1.ServiceSpec has no field `replicsa`"
    );
    assert_eq!(
        error::<Task>(json!({"service_id": "a", "serviceId": "b"})),
        "duplicate field `serviceId`"
    );
    assert_eq!(
        error::<ServiceSpec>(json!({"replicated": {}, "global": {}})),
        "field `replicated` excludes another one that is given"
    );
    assert_eq!(
        error::<Node>(json!({"role": "BOSS"})),
        "invalid value: string \"BOSS\", expected the name or the number of an enum's value"
    );
    assert_eq!(
        error::<Task>(json!({"slot": -1})),
        "invalid value: integer `-1`, expected an integer that fits u64"
    );
    assert_eq!(
        error::<Task>(json!({"slot": 1.5})),
        "invalid value: floating point `1.5`, expected an integer that fits u64"
    );
    assert_eq!(
        error::<Task>(json!([])),
        "invalid type: sequence, expected the fields of docker.swarmkit.v1.Task"
    );
}

#[test]
fn roles_have_the_names_of_the_proto_file() {
    let node = Node {
        role: NodeRole::Manager as i32,
        ..Default::default()
    };
    assert_json(&node, &json!({"role": "MANAGER"}));
}
