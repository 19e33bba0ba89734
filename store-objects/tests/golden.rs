//! Messages that SwarmKit wrote are read, and written as it writes them.
//!
//! What a file means is looked up with descriptors (`prost-reflect`), so the comparison knows nothing
//! of our structs: a field missing in a `.proto` file would be an unknown field there, a field lost by
//! a struct would be missing after the message went through it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use prost_reflect::{
    Cardinality, DescriptorPool, DynamicMessage, Kind, MapKey, ReflectMessage, Value as Reflected,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use store_objects::wire;

/// Files with a service's or a task's spec, whose bytes we write in another order (see
/// `golden/README.md`).
const OTHER_ORDER: &[&str] = &[
    "create_service_request",
    "create_service_response",
    "get_task_response",
    "service",
    "service_spec_2",
    "service_spec_3",
    "service_spec_4",
    "service_spec_5",
    "store_snapshot",
    "task",
    "update_service_request",
];

/// Files with an empty message as the value of a map, which we leave out, and how often. (The last
/// two have specs, too.)
const EMPTY_MAP_VALUES: &[(&str, usize)] = &[
    ("get_cluster_response", 1),
    ("internal_raft_request", 3),
    ("watch_message", 2),
];

/// One file of `tests/golden`.
struct Golden {
    name: String,
    message: String,
    bytes: Vec<u8>,
    value: Value,
}

/// What a message type of ours makes of bytes.
struct Ours {
    /// Decodes and encodes.
    again: fn(&[u8]) -> Vec<u8>,
    /// Decodes, writes JSON, reads it, encodes.
    through_json: fn(&[u8]) -> Vec<u8>,
    /// Decodes and writes JSON.
    json: fn(&[u8]) -> Value,
}

fn ours<T: Message + Default + Serialize + DeserializeOwned>() -> Ours {
    Ours {
        again: |bytes| T::decode(bytes).unwrap().encode_to_vec(),
        through_json: |bytes| {
            let text = serde_json::to_string(&T::decode(bytes).unwrap()).unwrap();
            serde_json::from_str::<T>(&text).unwrap().encode_to_vec()
        },
        json: |bytes| serde_json::to_value(T::decode(bytes).unwrap()).unwrap(),
    }
}

/// Our types by their protobuf names.
fn types() -> BTreeMap<String, Ours> {
    macro_rules! types {
        ($($message:ident),* $(,)?) => {
            [$((format!("docker.swarmkit.v1.{}", stringify!($message)), ours::<wire::$message>())),*]
        };
    }
    types![
        Cluster,
        Config,
        CreateExtensionRequest,
        CreateNetworkRequest,
        CreateResourceRequest,
        CreateSecretRequest,
        CreateServiceRequest,
        CreateServiceResponse,
        CreateVolumeRequest,
        Extension,
        GetClusterResponse,
        GetServiceRequest,
        GetTaskResponse,
        InternalRaftRequest,
        ListNodesRequest,
        ListNodesResponse,
        ListResourcesRequest,
        ListSecretsRequest,
        ListSecretsResponse,
        ListServicesRequest,
        ListServicesResponse,
        ListTasksRequest,
        ListVolumesRequest,
        Network,
        Node,
        RemoveNodeRequest,
        Resource,
        Secret,
        Service,
        ServiceSpec,
        Snapshot,
        StoreSnapshot,
        Task,
        UpdateClusterRequest,
        UpdateNodeRequest,
        UpdateServiceRequest,
        Volume,
        WatchMessage,
        WatchRequest,
    ]
    .into()
}

fn golden() -> Vec<Golden> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<_> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bin"))
        .map(|path| {
            let text = fs::read_to_string(path.with_extension("json")).unwrap();
            let mut description: Value = serde_json::from_str(&text).unwrap();
            Golden {
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                message: description["message"].as_str().unwrap().to_owned(),
                bytes: fs::read(path).unwrap(),
                value: description["value"].take(),
            }
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(files.len(), 44, "every golden file is there");
    files
}

fn pool() -> DescriptorPool {
    DescriptorPool::decode(wire::FILE_DESCRIPTOR_SET).unwrap()
}

fn reflect(pool: &DescriptorPool, message: &str, bytes: &[u8]) -> DynamicMessage {
    let descriptor = pool.get_message_by_name(message).unwrap();
    DynamicMessage::decode(descriptor, bytes).unwrap()
}

/// The value of a message in the form of the golden files.
fn described(message: &DynamicMessage) -> Value {
    assert_eq!(
        message.unknown_fields().count(),
        0,
        "{}",
        message.descriptor().full_name()
    );
    let mut fields = Map::new();
    for field in message.descriptor().fields() {
        if message.has_field(&field) {
            let value = message.get_field(&field);
            fields.insert(field.name().to_owned(), described_value(&value));
        }
    }
    Value::Object(fields)
}

fn described_value(value: &Reflected) -> Value {
    match value {
        Reflected::Bool(value) => json!(value),
        Reflected::I32(value) | Reflected::EnumNumber(value) => json!(value),
        Reflected::I64(value) => json!(value),
        Reflected::U32(value) => json!(value),
        Reflected::U64(value) => json!(value),
        // As text: the shortest form that reads as this number, as a number with 64 bits.
        Reflected::F32(value) => json!(value.to_string().parse::<f64>().unwrap()),
        Reflected::F64(value) => json!(value),
        Reflected::String(value) => json!(value),
        Reflected::Bytes(value) => json!(STANDARD.encode(value)),
        Reflected::Message(message) => described(message),
        Reflected::List(list) => list.iter().map(described_value).collect(),
        Reflected::Map(entries) => entries
            .iter()
            .map(|(key, value)| {
                let MapKey::String(key) = key else {
                    panic!("{key:?} is not text")
                };
                (key.clone(), described_value(value))
            })
            .collect(),
    }
}

#[test]
fn golden_files_decode_to_their_values() {
    let pool = pool();
    for file in golden() {
        let message = reflect(&pool, &file.message, &file.bytes);
        assert_eq!(described(&message), file.value, "{}", file.name);
    }
}

#[test]
fn golden_values_survive_our_structs() {
    let (pool, types) = (pool(), types());
    for file in golden() {
        let again = (types[&file.message].again)(&file.bytes);
        let message = reflect(&pool, &file.message, &again);
        assert_eq!(described(&message), file.value, "{}", file.name);
    }
}

#[test]
fn golden_bytes_are_written_again() {
    let types = types();
    for file in golden() {
        let again = (types[&file.message].again)(&file.bytes);
        let name = file.name.as_str();
        if OTHER_ORDER.contains(&name) {
            assert_ne!(again, file.bytes, "{name} need not be an exception");
            assert_eq!(sorted(&again), sorted(&file.bytes), "{name}");
        } else if let Some((_, values)) = EMPTY_MAP_VALUES.iter().find(|(file, _)| *file == name) {
            // A tag and a length.
            assert_eq!(again.len(), file.bytes.len() - 2 * values, "{name}");
        } else {
            assert_eq!(again, file.bytes, "{name}");
        }
    }
}

fn sorted(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.sort_unstable();
    bytes
}

#[test]
fn golden_values_survive_json() {
    let types = types();
    for file in golden() {
        let ours = &types[&file.message];
        assert_eq!(
            (ours.through_json)(&file.bytes),
            (ours.again)(&file.bytes),
            "{}",
            file.name
        );
    }
}

#[test]
fn golden_json_means_the_same_to_another_reader() {
    let (pool, types) = (pool(), types());
    let mut compared = 0;
    for file in golden() {
        // The other reader knows no `Any` of an unknown type.
        if file.value.to_string().contains("type_url") {
            continue;
        }
        let descriptor = pool.get_message_by_name(&file.message).unwrap();
        let json = (types[&file.message].json)(&file.bytes);
        let read = DynamicMessage::deserialize(descriptor, json).unwrap();
        assert_eq!(described(&read), file.value, "{}", file.name);
        compared += 1;
    }
    assert!(compared >= 20, "{compared} files are compared");
}

#[test]
fn golden_files_declare_numbers_unpacked_where_swarmkit_does() {
    let mut unpacked: Vec<_> = pool()
        .all_messages()
        .flat_map(|message| message.fields().collect::<Vec<_>>())
        .filter(|field| field.cardinality() == Cardinality::Repeated && !field.is_packed())
        .filter(|field| !matches!(field.kind(), Kind::String | Kind::Bytes | Kind::Message(_)))
        .filter(|field| field.full_name().starts_with("docker.swarmkit"))
        .map(|field| {
            field
                .full_name()
                .trim_start_matches("docker.swarmkit.v1.")
                .to_owned()
        })
        .collect();
    unpacked.sort();
    assert_eq!(
        unpacked,
        [
            "ClusterSnapshot.removed",
            "JoinResponse.removed_members",
            "ListNodesRequest.Filters.memberships",
            "ListNodesRequest.Filters.roles",
            "ListTasksRequest.Filters.desired_states",
        ]
    );
}
