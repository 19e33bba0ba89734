//! The `docker.swarmkit.v1.Control` service, over a store.
//!
//! One file for each kind of object holds the handlers; the table at the end of this one says which RPC is served by
//! which. A handler takes the plain request and returns the plain response or a [`Refusal`]: it knows no gRPC. It never
//! waits for the log on a thread of the runtime, see `admission.rs`.

mod admission;
mod backend;
mod clusters;
mod configs;
mod data;
mod extensions;
mod list;
mod networks;
mod nodes;
mod resources;
mod secrets;
mod services;
mod tasks;
mod volumes;

use std::fmt;
use std::sync::Arc;

use proposer::Proposer;
use store_core::{Changes, Store};
use store_objects::{Orchestration, wire};
use tonic::{Request, Response, Status};

use self::backend::Backend;
use crate::refusal::Refusal;
use crate::rpc::control_server::Control;

/// Serves `docker.swarmkit.v1.Control` from a store. Cloning gives another handle of the same service.
pub struct ControlService<P: Proposer<Changes<Orchestration>>> {
    backend: Arc<Backend<P>>,
}

impl<P: Proposer<Changes<Orchestration>>> ControlService<P> {
    /// Returns the service of a store.
    #[must_use]
    pub fn new(store: Store<Orchestration, P>) -> Self {
        Self {
            backend: Arc::new(Backend::new(store)),
        }
    }
}

impl<P: Proposer<Changes<Orchestration>>> Clone for ControlService<P> {
    fn clone(&self) -> Self {
        Self {
            backend: Arc::clone(&self.backend),
        }
    }
}

impl<P: Proposer<Changes<Orchestration>>> fmt::Debug for ControlService<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlService")
            .field("store", self.backend.store())
            .finish()
    }
}

/// Says how an RPC ended.
fn answer<T>(rpc: &'static str, result: Result<T, Refusal>) -> Result<Response<T>, Status> {
    result.map(Response::new).map_err(|refusal| {
        let status = Status::from(refusal);
        tracing::debug!(rpc, code = ?status.code(), message = status.message(), "refused");
        status
    })
}

/// Implements [`Control`] from a table of its RPCs. A line of it,
///
/// `GetNode get_node(GetNodeRequest) -> GetNodeResponse = nodes::get;`
///
/// becomes
///
/// `async fn get_node(&self, request: Request<..>) -> .. { answer("GetNode", nodes::get(&self.backend, &request)) }`
///
/// where the other sections of the table differ in how the handler is called.
macro_rules! control {
    (
        get { $($get:ident $get_fn:ident($get_request:ident) -> $get_response:ident = $get_by:path;)* }
        list { $($list:ident $list_fn:ident($list_request:ident) -> $list_response:ident = $list_by:path;)* }
        write { $($write:ident $write_fn:ident($write_request:ident) -> $write_response:ident = $write_by:path;)* }
    ) => {
        #[tonic::async_trait]
        impl<P: Proposer<Changes<Orchestration>>> Control for ControlService<P> {
            $(async fn $get_fn(&self, request: Request<wire::$get_request>) -> Result<Response<wire::$get_response>, Status> {
                answer(stringify!($get), $get_by(&self.backend, request.get_ref()))
            })*
            $(async fn $list_fn(&self, request: Request<wire::$list_request>) -> Result<Response<wire::$list_response>, Status> {
                answer(stringify!($list), Ok($list_by(&self.backend, request.into_inner())))
            })*
            $(async fn $write_fn(&self, request: Request<wire::$write_request>) -> Result<Response<wire::$write_response>, Status> {
                answer(stringify!($write), $write_by(&self.backend, request.into_inner()).await)
            })*
        }
    };
}

control! {
    get {
        GetNode get_node(GetNodeRequest) -> GetNodeResponse = nodes::get;
        GetTask get_task(GetTaskRequest) -> GetTaskResponse = tasks::get;
        GetService get_service(GetServiceRequest) -> GetServiceResponse = services::get;
        GetNetwork get_network(GetNetworkRequest) -> GetNetworkResponse = networks::get;
        GetCluster get_cluster(GetClusterRequest) -> GetClusterResponse = clusters::get;
        GetSecret get_secret(GetSecretRequest) -> GetSecretResponse = secrets::get;
        GetConfig get_config(GetConfigRequest) -> GetConfigResponse = configs::get;
        GetResource get_resource(GetResourceRequest) -> GetResourceResponse = resources::get;
        GetVolume get_volume(GetVolumeRequest) -> GetVolumeResponse = volumes::get;
        GetExtension get_extension(GetExtensionRequest) -> GetExtensionResponse = extensions::get;
    }
    list {
        ListNodes list_nodes(ListNodesRequest) -> ListNodesResponse = nodes::list;
        ListTasks list_tasks(ListTasksRequest) -> ListTasksResponse = tasks::list;
        ListServices list_services(ListServicesRequest) -> ListServicesResponse = services::list;
        ListNetworks list_networks(ListNetworksRequest) -> ListNetworksResponse = networks::list;
        ListClusters list_clusters(ListClustersRequest) -> ListClustersResponse = clusters::list;
        ListServiceStatuses list_service_statuses(ListServiceStatusesRequest) -> ListServiceStatusesResponse = services::statuses;
        ListSecrets list_secrets(ListSecretsRequest) -> ListSecretsResponse = secrets::list;
        ListConfigs list_configs(ListConfigsRequest) -> ListConfigsResponse = configs::list;
        ListResources list_resources(ListResourcesRequest) -> ListResourcesResponse = resources::list;
        ListVolumes list_volumes(ListVolumesRequest) -> ListVolumesResponse = volumes::list;
    }
    write {
        CreateService create_service(CreateServiceRequest) -> CreateServiceResponse = services::create;
        UpdateService update_service(UpdateServiceRequest) -> UpdateServiceResponse = services::update;
        RemoveService remove_service(RemoveServiceRequest) -> RemoveServiceResponse = services::remove;
        RemoveTask remove_task(RemoveTaskRequest) -> RemoveTaskResponse = tasks::remove;
        CreateNetwork create_network(CreateNetworkRequest) -> CreateNetworkResponse = networks::create;
        RemoveNetwork remove_network(RemoveNetworkRequest) -> RemoveNetworkResponse = networks::remove;
        CreateSecret create_secret(CreateSecretRequest) -> CreateSecretResponse = secrets::create;
        UpdateSecret update_secret(UpdateSecretRequest) -> UpdateSecretResponse = secrets::update;
        RemoveSecret remove_secret(RemoveSecretRequest) -> RemoveSecretResponse = secrets::remove;
        CreateConfig create_config(CreateConfigRequest) -> CreateConfigResponse = configs::create;
        UpdateConfig update_config(UpdateConfigRequest) -> UpdateConfigResponse = configs::update;
        RemoveConfig remove_config(RemoveConfigRequest) -> RemoveConfigResponse = configs::remove;
        CreateResource create_resource(CreateResourceRequest) -> CreateResourceResponse = resources::create;
        UpdateResource update_resource(UpdateResourceRequest) -> UpdateResourceResponse = resources::update;
        RemoveResource remove_resource(RemoveResourceRequest) -> RemoveResourceResponse = resources::remove;
        CreateVolume create_volume(CreateVolumeRequest) -> CreateVolumeResponse = volumes::create;
        UpdateVolume update_volume(UpdateVolumeRequest) -> UpdateVolumeResponse = volumes::update;
        RemoveVolume remove_volume(RemoveVolumeRequest) -> RemoveVolumeResponse = volumes::remove;
        CreateExtension create_extension(CreateExtensionRequest) -> CreateExtensionResponse = extensions::create;
        RemoveExtension remove_extension(RemoveExtensionRequest) -> RemoveExtensionResponse = extensions::remove;
        UpdateNode update_node(UpdateNodeRequest) -> UpdateNodeResponse = nodes::update;
        RemoveNode remove_node(RemoveNodeRequest) -> RemoveNodeResponse = nodes::remove;
        UpdateCluster update_cluster(UpdateClusterRequest) -> UpdateClusterResponse = clusters::update;
    }
}
