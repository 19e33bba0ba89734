//! A cluster in memory, as one case finds it.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use controlapi::ControlService;
use controlapi::rpc::control_server::Control as _;
use proposer::Loopback;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store_core::{Changes, Kind, Object, Store};
use store_objects::wire::{
    self, Cluster as ClusterObject, Config, Extension, Network, Node, Resource, Secret, Service,
    Task, Volume,
};
use store_objects::{Id, Orchestration};
use tonic::{Request, Status};

use super::compare::ANY_CERTIFICATE;
use super::{Fixture, roots};

/// A store that holds what the case's fixtures put there, and the service over it.
pub struct Cluster {
    store: Store<Orchestration, Loopback<Changes<Orchestration>>>,
    service: ControlService<Loopback<Changes<Orchestration>>>,
    /// Id and version of the object that a fixture made.
    made: HashMap<String, (String, String)>,
}

/// Calls an RPC with a request in JSON, and returns the response in JSON; reads a response in JSON and writes it again.
macro_rules! rpcs {
    ($($rpc:ident $method:ident($request:ident) -> $response:ident;)+) => {
        impl Cluster {
            pub async fn call(&self, rpc: &str, request: &str) -> Result<Value, Status> {
                match rpc {
                    $(stringify!($rpc) => {
                        let request = Request::new(parse::<wire::$request>(request));
                        let response = self.service.$method(request).await?.into_inner();
                        Ok(serde_json::to_value(response).expect("a response has a form in JSON"))
                    })+
                    _ => panic!("{rpc} is not an RPC"),
                }
            }
        }

        pub fn reread(rpc: &str, response: &str) -> serde_json::Result<Value> {
            match rpc {
                $(stringify!($rpc) => serde_json::to_value(serde_json::from_str::<wire::$response>(response)?),)+
                _ => panic!("{rpc} is not an RPC"),
            }
        }
    };
}

rpcs! {
    GetNode get_node(GetNodeRequest) -> GetNodeResponse;
    ListNodes list_nodes(ListNodesRequest) -> ListNodesResponse;
    UpdateNode update_node(UpdateNodeRequest) -> UpdateNodeResponse;
    RemoveNode remove_node(RemoveNodeRequest) -> RemoveNodeResponse;
    GetTask get_task(GetTaskRequest) -> GetTaskResponse;
    ListTasks list_tasks(ListTasksRequest) -> ListTasksResponse;
    RemoveTask remove_task(RemoveTaskRequest) -> RemoveTaskResponse;
    GetService get_service(GetServiceRequest) -> GetServiceResponse;
    ListServices list_services(ListServicesRequest) -> ListServicesResponse;
    CreateService create_service(CreateServiceRequest) -> CreateServiceResponse;
    UpdateService update_service(UpdateServiceRequest) -> UpdateServiceResponse;
    RemoveService remove_service(RemoveServiceRequest) -> RemoveServiceResponse;
    ListServiceStatuses list_service_statuses(ListServiceStatusesRequest) -> ListServiceStatusesResponse;
    GetNetwork get_network(GetNetworkRequest) -> GetNetworkResponse;
    ListNetworks list_networks(ListNetworksRequest) -> ListNetworksResponse;
    CreateNetwork create_network(CreateNetworkRequest) -> CreateNetworkResponse;
    RemoveNetwork remove_network(RemoveNetworkRequest) -> RemoveNetworkResponse;
    GetCluster get_cluster(GetClusterRequest) -> GetClusterResponse;
    ListClusters list_clusters(ListClustersRequest) -> ListClustersResponse;
    UpdateCluster update_cluster(UpdateClusterRequest) -> UpdateClusterResponse;
    GetSecret get_secret(GetSecretRequest) -> GetSecretResponse;
    UpdateSecret update_secret(UpdateSecretRequest) -> UpdateSecretResponse;
    ListSecrets list_secrets(ListSecretsRequest) -> ListSecretsResponse;
    CreateSecret create_secret(CreateSecretRequest) -> CreateSecretResponse;
    RemoveSecret remove_secret(RemoveSecretRequest) -> RemoveSecretResponse;
    GetConfig get_config(GetConfigRequest) -> GetConfigResponse;
    UpdateConfig update_config(UpdateConfigRequest) -> UpdateConfigResponse;
    ListConfigs list_configs(ListConfigsRequest) -> ListConfigsResponse;
    CreateConfig create_config(CreateConfigRequest) -> CreateConfigResponse;
    RemoveConfig remove_config(RemoveConfigRequest) -> RemoveConfigResponse;
    GetExtension get_extension(GetExtensionRequest) -> GetExtensionResponse;
    CreateExtension create_extension(CreateExtensionRequest) -> CreateExtensionResponse;
    RemoveExtension remove_extension(RemoveExtensionRequest) -> RemoveExtensionResponse;
    GetResource get_resource(GetResourceRequest) -> GetResourceResponse;
    UpdateResource update_resource(UpdateResourceRequest) -> UpdateResourceResponse;
    ListResources list_resources(ListResourcesRequest) -> ListResourcesResponse;
    CreateResource create_resource(CreateResourceRequest) -> CreateResourceResponse;
    RemoveResource remove_resource(RemoveResourceRequest) -> RemoveResourceResponse;
    CreateVolume create_volume(CreateVolumeRequest) -> CreateVolumeResponse;
    GetVolume get_volume(GetVolumeRequest) -> GetVolumeResponse;
    UpdateVolume update_volume(UpdateVolumeRequest) -> UpdateVolumeResponse;
    ListVolumes list_volumes(ListVolumesRequest) -> ListVolumesResponse;
    RemoveVolume remove_volume(RemoveVolumeRequest) -> RemoveVolumeResponse;
}

fn parse<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

impl Cluster {
    pub fn new() -> Self {
        let store = Store::open(Loopback::new()).expect("a loopback begins");
        let cluster = Self {
            service: ControlService::new(store.clone()),
            store,
            made: HashMap::new(),
        };
        // Two transactions, so that no object has version 0 or 1: cases use those as versions that are not current.
        cluster.put(&Node {
            id: "burnt".into(),
            ..Node::default()
        });
        cluster.delete::<Node>("burnt");
        cluster
    }

    /// Runs fixtures in order.
    pub async fn set_up(&mut self, fixtures: &HashMap<String, Fixture>, names: &[String]) {
        for name in names {
            let fixture = fixtures
                .get(name)
                .unwrap_or_else(|| panic!("there is a fixture {name}"));
            let json = self.fill(&fixture.json);
            let made = if fixture.is_rpc {
                self.run(&fixture.kind, &json).await
            } else {
                self.put_kind(&fixture.kind, &json)
            };
            self.made.insert(name.clone(), made);
        }
    }

    /// Runs an RPC of a fixture, and returns id and version of the object in its response.
    async fn run(&self, rpc: &str, json: &str) -> (String, String) {
        let response = self
            .call(rpc, json)
            .await
            .unwrap_or_else(|status| panic!("{rpc} {json}: {status}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let object = response
            .as_object()
            .and_then(|fields| fields.values().next());
        let made = |object: &Value| {
            (
                text(&object["id"]),
                text(&object["meta"]["version"]["index"]),
            )
        };
        object.map(made).unwrap_or_default()
    }

    fn put_kind(&self, kind: &str, json: &str) -> (String, String) {
        match kind {
            "Cluster" => self.put(&parse::<ClusterObject>(json)),
            "Config" => self.put(&parse::<Config>(json)),
            "Extension" => self.put(&parse::<Extension>(json)),
            "Network" => self.put(&parse::<Network>(json)),
            "Node" => self.put(&parse::<Node>(json)),
            "Resource" => self.put(&parse::<Resource>(json)),
            "Secret" => self.put(&parse::<Secret>(json)),
            "Service" => self.put(&parse::<Service>(json)),
            "Task" => self.put(&parse::<Task>(json)),
            "Volume" => self.put(&parse::<Volume>(json)),
            _ => panic!("{kind} is not a kind"),
        }
    }

    fn put<O: Kind<Orchestration> + Clone + Object<Key = Id<O>>>(
        &self,
        object: &O,
    ) -> (String, String) {
        let done = self
            .store
            .update(|tx| tx.create(object.clone()))
            .unwrap_or_else(|error| panic!("{object:?}: {error}"));
        (object.key().to_string(), done.version.to_string())
    }

    fn delete<O: Kind<Orchestration> + Object<Key = Id<O>>>(&self, id: &str) {
        self.store
            .update(|tx| tx.delete::<O>(Id::new(id)))
            .expect("the object is there");
    }

    /// Replaces the placeholders of a text, but for those that stand for what an answer holds.
    pub fn fill(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once('{') else {
            return text.to_owned();
        };
        let Some((placeholder, after)) = rest.split_once('}') else {
            return text.to_owned();
        };
        match self.value(placeholder) {
            Some(value) => format!("{before}{value}{}", self.fill(after)),
            None => format!("{before}{{{}", self.fill(rest)),
        }
    }

    fn value(&self, placeholder: &str) -> Option<String> {
        let (kind, argument) = placeholder.split_once(':')?;
        let made = || {
            self.made
                .get(argument)
                .unwrap_or_else(|| panic!("fixture {argument} ran before"))
        };
        match kind {
            "id" => Some(made().0.clone()),
            "ver" => Some(made().1.clone()),
            "rep" => {
                let (text, times) = argument.rsplit_once('*')?;
                Some(text.repeat(times.parse().ok()?))
            }
            "pem" if argument == "other" => Some(ANY_CERTIFICATE.to_owned()),
            "pem" => Some(base64(roots::pem(argument).as_bytes())),
            "b64" => Some(base64(argument.as_bytes())),
            "b64rep" => Some(base64(&vec![b'x'; argument.parse().ok()?])),
            "time" => Some(time(argument)),
            _ => None,
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    let wrapped = wire::SecretSpec {
        data: bytes.to_vec(),
        ..wire::SecretSpec::default()
    };
    let json = serde_json::to_value(wrapped).expect("a spec has a form in JSON");
    json["data"]
        .as_str()
        .expect("bytes are text in JSON")
        .to_owned()
}

/// Returns now plus so many hours, `-169h`.
fn time(offset: &str) -> String {
    let hours: i64 = offset
        .trim_end_matches('h')
        .parse()
        .expect("an offset is a number of hours");
    let distance = Duration::from_secs(hours.unsigned_abs() * 3_600);
    let now = SystemTime::now();
    let time = if hours < 0 {
        now - distance
    } else {
        now + distance
    };
    let meta = wire::Meta {
        created_at: Some(time.into()),
        ..wire::Meta::default()
    };
    let json = serde_json::to_value(meta).expect("metadata has a form in JSON");
    json["createdAt"]
        .as_str()
        .expect("a time is text in JSON")
        .to_owned()
}
