//! Objects for tests, and the comparison of what is printed of them with golden files.
//!
//! The files are in `tests/fixtures/cli`; with `UPDATE_EXPECT=1` in the environment they are written anew.

use std::path::Path;
use std::{env, fs};

use prost_types::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use store_objects::wire::{
    Cluster, Config, Network, Node, Secret, Service, Task, TaskState, Volume,
};

use super::kind::View;

/// 2026-01-31T12:00:00Z.
const NOW: Timestamp = Timestamp {
    seconds: 1_769_860_800,
    nanos: 0,
};

/// A narrow view.
pub(super) const VIEW: View = View {
    now: NOW,
    wide: false,
    headers: true,
};

/// A wide view.
pub(super) const WIDE: View = View {
    now: NOW,
    wide: true,
    headers: true,
};

/// Checks that a message has this form in JSON.
#[track_caller]
pub(super) fn assert_json<T: Serialize>(message: &T, expected: &str) {
    let expected: Value = serde_json::from_str(expected).unwrap();
    assert_eq!(serde_json::to_value(message).unwrap(), expected);
}

/// Checks that a text is what a golden file has.
#[track_caller]
pub(super) fn assert_golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/cli")
        .join(name);
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        actual,
        expected,
        "{} differs; UPDATE_EXPECT=1 writes it anew",
        path.display()
    );
}

fn message<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn meta() -> Value {
    json!({"version": {"index": 7}, "createdAt": "2026-01-31T10:00:00Z", "updatedAt": "2026-01-31T11:57:00Z"})
}

/// A service of three tasks.
pub(super) fn service(id: &str, name: &str) -> Service {
    message(json!({
        "id": id,
        "meta": meta(),
        "spec": {
            "annotations": {"name": name},
            "task": {"container": {"image": "nginx:1.27"}, "restart": {"condition": "ANY"}},
            "replicated": {"replicas": 3},
            "endpoint": {"ports": [{"name": "http", "targetPort": 80, "publishedPort": 8080, "publishMode": "HOST"}]}
        },
        "specVersion": {}
    }))
}

/// A service with everything that details can show.
pub(super) fn full_service(id: &str) -> Service {
    message(json!({
        "id": id,
        "meta": meta(),
        "spec": {
            "annotations": {"name": "web", "labels": {"tier": "front", "zone": "east"}},
            "task": {
                "container": {
                    "image": "nginx:1.27",
                    "command": ["nginx"],
                    "args": ["-g", "daemon off;"],
                    "hostname": "{{.Node.Hostname}}",
                    "dir": "/srv",
                    "user": "www",
                    "env": ["A=1", "B=2"],
                    "mounts": [
                        {"type": "BIND", "source": "/etc/hosts", "target": "/etc/hosts", "readonly": true},
                        {"type": "TMPFS", "target": "/tmp"}
                    ],
                    "secrets": [{"secretId": "x1", "secretName": "password", "file": {"name": "password"}}],
                    "configs": [{"configId": "c1", "configName": "motd", "file": {"name": "motd"}}]
                },
                "resources": {
                    "limits": {"nanoCpus": 500_000_000, "memoryBytes": 67_108_864},
                    "reservations": {"memoryBytes": 33_554_432}
                },
                "restart": {"condition": "ON_FAILURE", "delay": "5s", "maxAttempts": 3, "window": "60s"},
                "placement": {"constraints": ["node.role == worker", "node.labels.zone == east"], "maxReplicas": 2},
                "logDriver": {"name": "json-file", "options": {"max-size": "10m"}},
                "networks": [{"target": "w1"}]
            },
            "replicated": {"replicas": 3},
            "update": {"parallelism": 1, "delay": "10s", "failureAction": "ROLLBACK", "order": "START_FIRST"},
            "rollback": {"parallelism": 2, "monitor": "5s"},
            "endpoint": {
                "mode": "DNSRR",
                "ports": [
                    {"name": "http", "targetPort": 80, "publishedPort": 8080, "publishMode": "HOST"},
                    {"targetPort": 53, "protocol": "UDP"}
                ]
            }
        },
        "specVersion": {"index": 4},
        "previousSpec": {"annotations": {"name": "web"}},
        "updateStatus": {"state": "ROLLBACK_STARTED", "message": "manually requested rollback"}
    }))
}

/// A task of a service, on the node n1 if it has got that far.
pub(super) fn task(id: &str, service: &str, slot: u64, state: TaskState) -> Task {
    let failed = state == TaskState::Failed;
    message(json!({
        "id": id,
        "meta": meta(),
        "spec": {"container": {"image": "nginx:1.27"}},
        "serviceId": "s1",
        "slot": slot,
        "nodeId": if state == TaskState::Pending { "" } else { "n1" },
        "serviceAnnotations": {"name": service},
        "status": {
            "timestamp": "2026-01-31T11:57:00Z",
            "state": state.as_str_name(),
            "message": "started",
            "err": if failed { "exit code 1" } else { "" }
        },
        "desiredState": if failed { "SHUTDOWN" } else { "RUNNING" }
    }))
}

/// A worker that has not said much.
pub(super) fn node(id: &str, hostname: &str) -> Node {
    message(json!({
        "id": id,
        "meta": meta(),
        "spec": {},
        "description": {"hostname": hostname},
        "status": {"state": "DOWN"}
    }))
}

/// The leader.
pub(super) fn manager(id: &str, hostname: &str) -> Node {
    message(json!({
        "id": id,
        "meta": meta(),
        "spec": {
            "annotations": {"labels": {"zone": "east"}},
            "desiredRole": "MANAGER",
            "membership": "ACCEPTED",
            "availability": "DRAIN"
        },
        "description": {
            "hostname": hostname,
            "platform": {"os": "linux", "architecture": "x86_64"},
            "resources": {"nanoCpus": 4_000_000_000_i64, "memoryBytes": 8_589_934_592_i64},
            "engine": {
                "engineVersion": "27.1",
                "labels": {"disk": "ssd"},
                "plugins": [{"type": "Network", "name": "overlay"}, {"type": "Volume", "name": "local"}]
            }
        },
        "status": {"state": "READY", "addr": "10.0.0.1"},
        "managerStatus": {"raftId": 26, "addr": "10.0.0.1:4242", "leader": true, "reachability": "REACHABLE"},
        "role": "MANAGER"
    }))
}

/// A network that was allocated.
pub(super) fn network() -> Network {
    message(json!({
        "id": "w1",
        "meta": meta(),
        "spec": {"annotations": {"name": "back", "labels": {"tier": "back"}}, "internal": true, "attachable": true},
        "driverState": {"name": "overlay", "options": {"vni": "4097"}},
        "ipam": {"configs": [{"subnet": "10.1.0.0/16", "gateway": "10.1.0.1"}, {"subnet": "fd00::/64"}]}
    }))
}

/// A secret, as the server gives it back: without data.
pub(super) fn secret() -> Secret {
    message(json!({"id": "x1", "meta": meta(), "spec": {"annotations": {"name": "password"}}}))
}

/// A config.
pub(super) fn config() -> Config {
    message(
        json!({"id": "c1", "meta": meta(), "spec": {"annotations": {"name": "motd"}, "data": "aGVsbG8="}}),
    )
}

/// A volume that is published on one node.
pub(super) fn volume() -> Volume {
    message(json!({
        "id": "v1",
        "meta": meta(),
        "spec": {
            "annotations": {"name": "data"},
            "group": "fast",
            "driver": {"name": "csi.example", "options": {"pool": "a"}},
            "availability": "PAUSE"
        },
        "publishStatus": [{"nodeId": "n1", "state": "PUBLISHED"}],
        "volumeInfo": {"capacityBytes": 1_073_741_824, "volumeId": "vol-7"}
    }))
}

/// The cluster.
pub(super) fn cluster() -> Cluster {
    message(json!({
        "id": "k1",
        "meta": meta(),
        "spec": {
            "annotations": {"name": "default"},
            "orchestration": {"taskHistoryRetentionLimit": 5},
            "dispatcher": {"heartbeatPeriod": "5s"},
            "caConfig": {"nodeCertExpiry": "7776000s", "externalCas": [{"url": "https://ca.example"}]},
            "taskDefaults": {"logDriver": {"name": "json-file"}},
            "encryptionConfig": {"autoLockManagers": true}
        },
        "rootCa": {"joinTokens": {"worker": "SWMTKN-1-w", "manager": "SWMTKN-1-m"}},
        "defaultAddressPool": ["10.0.0.0/8"]
    }))
}
