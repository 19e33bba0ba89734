//! Names and forms of fields in JSON, for `docker.swarmkit.v1`.
//!
//! Made by `cargo xtask codegen` from the `.proto` files of `store-objects`; do not edit.

use serde::de::MapAccess;
use serde::ser::SerializeMap;

use crate::wire::json::*;
use crate::wire::*;

messages! {
    Version,
    IndexEntry,
    Annotations,
    NamedGenericResource,
    DiscreteGenericResource,
    GenericResource,
    Resources,
    ResourceRequirements,
    Platform,
    PluginDescription,
    EngineDescription,
    NodeDescription,
    NodeTlsInfo,
    NodeCsiInfo,
    RaftMemberStatus,
    NodeStatus,
    Image,
    Mount,
    mount::BindOptions,
    mount::VolumeOptions,
    mount::TmpfsOptions,
    RestartPolicy,
    UpdateConfig,
    UpdateStatus,
    ContainerStatus,
    PortStatus,
    TaskStatus,
    NetworkAttachmentConfig,
    IpamConfig,
    PortConfig,
    Driver,
    IpamOptions,
    Peer,
    WeightedPeer,
    IssuanceStatus,
    AcceptancePolicy,
    acceptance_policy::RoleAdmissionPolicy,
    acceptance_policy::role_admission_policy::Secret,
    ExternalCa,
    CaConfig,
    OrchestrationConfig,
    TaskDefaults,
    DispatcherConfig,
    RaftConfig,
    EncryptionConfig,
    SpreadOver,
    PlacementPreference,
    Placement,
    JoinTokens,
    RootCa,
    Certificate,
    EncryptionKey,
    ManagerStatus,
    FileTarget,
    RuntimeTarget,
    SecretReference,
    ConfigReference,
    BlacklistedCertificate,
    HealthConfig,
    MaybeEncryptedRecord,
    RootRotation,
    Privileges,
    privileges::CredentialSpec,
    privileges::SeLinuxContext,
    privileges::SeccompOpts,
    privileges::AppArmorOpts,
    JobStatus,
    VolumeAccessMode,
    volume_access_mode::BlockVolume,
    volume_access_mode::MountVolume,
    VolumeSecret,
    VolumePublishStatus,
    VolumeInfo,
    CapacityRange,
    VolumeAssignment,
    VolumeAttachment,
    TopologyRequirement,
    Topology,
    VolumeCapability,
    volume_capability::BlockVolume,
    volume_capability::MountVolume,
    volume_capability::AccessMode,
    NodeSpec,
    ServiceSpec,
    ReplicatedService,
    GlobalService,
    ReplicatedJob,
    GlobalJob,
    TaskSpec,
    ResourceReference,
    GenericRuntimeSpec,
    NetworkAttachmentSpec,
    ContainerSpec,
    container_spec::PullOptions,
    container_spec::DnsConfig,
    container_spec::Ulimit,
    EndpointSpec,
    NetworkSpec,
    ClusterSpec,
    SecretSpec,
    ConfigSpec,
    VolumeSpec,
    Meta,
    Node,
    Service,
    Endpoint,
    endpoint::VirtualIp,
    Task,
    NetworkAttachment,
    Network,
    Cluster,
    Secret,
    Config,
    Resource,
    Extension,
    Volume,
    GetNodeRequest,
    GetNodeResponse,
    ListNodesRequest,
    list_nodes_request::Filters,
    ListNodesResponse,
    UpdateNodeRequest,
    UpdateNodeResponse,
    RemoveNodeRequest,
    RemoveNodeResponse,
    GetTaskRequest,
    GetTaskResponse,
    RemoveTaskRequest,
    RemoveTaskResponse,
    ListTasksRequest,
    list_tasks_request::Filters,
    ListTasksResponse,
    CreateServiceRequest,
    CreateServiceResponse,
    GetServiceRequest,
    GetServiceResponse,
    UpdateServiceRequest,
    UpdateServiceResponse,
    RemoveServiceRequest,
    RemoveServiceResponse,
    ListServicesRequest,
    list_services_request::Filters,
    ListServicesResponse,
    ListServiceStatusesRequest,
    ListServiceStatusesResponse,
    list_service_statuses_response::ServiceStatus,
    CreateNetworkRequest,
    CreateNetworkResponse,
    GetNetworkRequest,
    GetNetworkResponse,
    RemoveNetworkRequest,
    RemoveNetworkResponse,
    ListNetworksRequest,
    list_networks_request::Filters,
    ListNetworksResponse,
    GetClusterRequest,
    GetClusterResponse,
    ListClustersRequest,
    list_clusters_request::Filters,
    ListClustersResponse,
    KeyRotation,
    UpdateClusterRequest,
    UpdateClusterResponse,
    GetSecretRequest,
    GetSecretResponse,
    UpdateSecretRequest,
    UpdateSecretResponse,
    ListSecretsRequest,
    list_secrets_request::Filters,
    ListSecretsResponse,
    CreateSecretRequest,
    CreateSecretResponse,
    RemoveSecretRequest,
    RemoveSecretResponse,
    GetConfigRequest,
    GetConfigResponse,
    UpdateConfigRequest,
    UpdateConfigResponse,
    ListConfigsRequest,
    list_configs_request::Filters,
    ListConfigsResponse,
    CreateConfigRequest,
    CreateConfigResponse,
    RemoveConfigRequest,
    RemoveConfigResponse,
    CreateExtensionRequest,
    CreateExtensionResponse,
    RemoveExtensionRequest,
    RemoveExtensionResponse,
    GetExtensionRequest,
    GetExtensionResponse,
    CreateResourceRequest,
    CreateResourceResponse,
    RemoveResourceRequest,
    RemoveResourceResponse,
    UpdateResourceRequest,
    UpdateResourceResponse,
    GetResourceRequest,
    GetResourceResponse,
    ListResourcesRequest,
    list_resources_request::Filters,
    ListResourcesResponse,
    CreateVolumeRequest,
    CreateVolumeResponse,
    GetVolumeRequest,
    GetVolumeResponse,
    UpdateVolumeRequest,
    UpdateVolumeResponse,
    ListVolumesRequest,
    list_volumes_request::Filters,
    ListVolumesResponse,
    RemoveVolumeRequest,
    RemoveVolumeResponse,
    HealthCheckRequest,
    HealthCheckResponse,
    RaftMember,
    JoinRequest,
    JoinResponse,
    LeaveRequest,
    LeaveResponse,
    ProcessRaftMessageRequest,
    ProcessRaftMessageResponse,
    StreamRaftMessageRequest,
    StreamRaftMessageResponse,
    ResolveAddressRequest,
    ResolveAddressResponse,
    InternalRaftRequest,
    StoreAction,
    AttachNetworkRequest,
    AttachNetworkResponse,
    DetachNetworkRequest,
    DetachNetworkResponse,
    StoreSnapshot,
    ClusterSnapshot,
    Snapshot,
    Object,
    SelectBySlot,
    SelectByCustom,
    SelectBy,
    WatchRequest,
    watch_request::WatchEntry,
    WatchMessage,
    watch_message::Event,
}

enumerations! {
    raft_member_status::Reachability,
    node_status::State,
    mount::bind_options::Propagation,
    mount::Type,
    mount::Consistency,
    restart_policy::RestartCondition,
    update_config::FailureAction,
    update_config::UpdateOrder,
    update_status::UpdateState,
    ipam_config::AddressFamily,
    port_config::Protocol,
    port_config::PublishMode,
    issuance_status::State,
    external_ca::CaProtocol,
    encryption_key::Algorithm,
    maybe_encrypted_record::Algorithm,
    privileges::seccomp_opts::SeccompMode,
    privileges::app_armor_opts::AppArmorMode,
    volume_access_mode::Scope,
    volume_access_mode::Sharing,
    volume_publish_status::State,
    volume_capability::access_mode::Mode,
    ResourceType,
    TaskState,
    NodeRole,
    node_spec::Membership,
    node_spec::Availability,
    container_spec::Isolation,
    endpoint_spec::ResolutionMode,
    volume_spec::VolumeAvailability,
    update_service_request::Rollback,
    health_check_response::ServingStatus,
    StoreActionKind,
    snapshot::Version,
    WatchActionKind,
}

impl Message for Version {
    const NAME: &str = "docker.swarmkit.v1.Version";
    const FIELDS: &[(&str, &str)] = &[
        ("index", "index"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("index", &self.index)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.index = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for IndexEntry {
    const NAME: &str = "docker.swarmkit.v1.IndexEntry";
    const FIELDS: &[(&str, &str)] = &[
        ("key", "key"),
        ("val", "val"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("key", &self.key)?;
        out.put::<Plain, _>("val", &self.val)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.key = value.take::<Plain, _>()?,
            1 => self.val = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Annotations {
    const NAME: &str = "docker.swarmkit.v1.Annotations";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("labels", "labels"),
        ("indices", "indices"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("indices", &self.indices)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.labels = value.take::<Map<Plain>, _>()?,
            2 => self.indices = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NamedGenericResource {
    const NAME: &str = "docker.swarmkit.v1.NamedGenericResource";
    const FIELDS: &[(&str, &str)] = &[
        ("kind", "kind"),
        ("value", "value"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Plain, _>("value", &self.value)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.kind = value.take::<Plain, _>()?,
            1 => self.value = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for DiscreteGenericResource {
    const NAME: &str = "docker.swarmkit.v1.DiscreteGenericResource";
    const FIELDS: &[(&str, &str)] = &[
        ("kind", "kind"),
        ("value", "value"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Wide, _>("value", &self.value)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.kind = value.take::<Plain, _>()?,
            1 => self.value = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GenericResource {
    const NAME: &str = "docker.swarmkit.v1.GenericResource";
    const FIELDS: &[(&str, &str)] = &[
        ("namedResourceSpec", "named_resource_spec"),
        ("discreteResourceSpec", "discrete_resource_spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(generic_resource::Resource::NamedResourceSpec(branch)) = &self.resource {
            out.set::<Plain, _>("namedResourceSpec", branch)?;
        }
        if let Some(generic_resource::Resource::DiscreteResourceSpec(branch)) = &self.resource {
            out.set::<Plain, _>("discreteResourceSpec", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.resource, generic_resource::Resource::NamedResourceSpec)?,
            1 => value.branch::<Plain, _, _>(&mut self.resource, generic_resource::Resource::DiscreteResourceSpec)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Resources {
    const NAME: &str = "docker.swarmkit.v1.Resources";
    const FIELDS: &[(&str, &str)] = &[
        ("nanoCpus", "nano_cpus"),
        ("memoryBytes", "memory_bytes"),
        ("generic", "generic"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("nanoCpus", &self.nano_cpus)?;
        out.put::<Wide, _>("memoryBytes", &self.memory_bytes)?;
        out.put::<List<Plain>, _>("generic", &self.generic)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.nano_cpus = value.take::<Wide, _>()?,
            1 => self.memory_bytes = value.take::<Wide, _>()?,
            2 => self.generic = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ResourceRequirements {
    const NAME: &str = "docker.swarmkit.v1.ResourceRequirements";
    const FIELDS: &[(&str, &str)] = &[
        ("limits", "limits"),
        ("reservations", "reservations"),
        ("swapBytes", "swap_bytes"),
        ("memorySwappiness", "memory_swappiness"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("limits", &self.limits)?;
        out.put::<Maybe<Plain>, _>("reservations", &self.reservations)?;
        out.put::<Maybe<Wide>, _>("swapBytes", &self.swap_bytes)?;
        out.put::<Maybe<Wide>, _>("memorySwappiness", &self.memory_swappiness)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.limits = value.take::<Maybe<Plain>, _>()?,
            1 => self.reservations = value.take::<Maybe<Plain>, _>()?,
            2 => self.swap_bytes = value.take::<Maybe<Wide>, _>()?,
            3 => self.memory_swappiness = value.take::<Maybe<Wide>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Platform {
    const NAME: &str = "docker.swarmkit.v1.Platform";
    const FIELDS: &[(&str, &str)] = &[
        ("architecture", "architecture"),
        ("os", "os"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("architecture", &self.architecture)?;
        out.put::<Plain, _>("os", &self.os)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.architecture = value.take::<Plain, _>()?,
            1 => self.os = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for PluginDescription {
    const NAME: &str = "docker.swarmkit.v1.PluginDescription";
    const FIELDS: &[(&str, &str)] = &[
        ("type", "type"),
        ("name", "name"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("type", &self.r#type)?;
        out.put::<Plain, _>("name", &self.name)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.r#type = value.take::<Plain, _>()?,
            1 => self.name = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for EngineDescription {
    const NAME: &str = "docker.swarmkit.v1.EngineDescription";
    const FIELDS: &[(&str, &str)] = &[
        ("engineVersion", "engine_version"),
        ("labels", "labels"),
        ("plugins", "plugins"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("engineVersion", &self.engine_version)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("plugins", &self.plugins)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.engine_version = value.take::<Plain, _>()?,
            1 => self.labels = value.take::<Map<Plain>, _>()?,
            2 => self.plugins = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NodeDescription {
    const NAME: &str = "docker.swarmkit.v1.NodeDescription";
    const FIELDS: &[(&str, &str)] = &[
        ("hostname", "hostname"),
        ("platform", "platform"),
        ("resources", "resources"),
        ("engine", "engine"),
        ("tlsInfo", "tls_info"),
        ("fips", "fips"),
        ("csiInfo", "csi_info"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("hostname", &self.hostname)?;
        out.put::<Maybe<Plain>, _>("platform", &self.platform)?;
        out.put::<Maybe<Plain>, _>("resources", &self.resources)?;
        out.put::<Maybe<Plain>, _>("engine", &self.engine)?;
        out.put::<Maybe<Plain>, _>("tlsInfo", &self.tls_info)?;
        out.put::<Plain, _>("fips", &self.fips)?;
        out.put::<List<Plain>, _>("csiInfo", &self.csi_info)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.hostname = value.take::<Plain, _>()?,
            1 => self.platform = value.take::<Maybe<Plain>, _>()?,
            2 => self.resources = value.take::<Maybe<Plain>, _>()?,
            3 => self.engine = value.take::<Maybe<Plain>, _>()?,
            4 => self.tls_info = value.take::<Maybe<Plain>, _>()?,
            5 => self.fips = value.take::<Plain, _>()?,
            6 => self.csi_info = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NodeTlsInfo {
    const NAME: &str = "docker.swarmkit.v1.NodeTLSInfo";
    const FIELDS: &[(&str, &str)] = &[
        ("trustRoot", "trust_root"),
        ("certIssuerSubject", "cert_issuer_subject"),
        ("certIssuerPublicKey", "cert_issuer_public_key"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Base64, _>("trustRoot", &self.trust_root)?;
        out.put::<Base64, _>("certIssuerSubject", &self.cert_issuer_subject)?;
        out.put::<Base64, _>("certIssuerPublicKey", &self.cert_issuer_public_key)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.trust_root = value.take::<Base64, _>()?,
            1 => self.cert_issuer_subject = value.take::<Base64, _>()?,
            2 => self.cert_issuer_public_key = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NodeCsiInfo {
    const NAME: &str = "docker.swarmkit.v1.NodeCSIInfo";
    const FIELDS: &[(&str, &str)] = &[
        ("pluginName", "plugin_name"),
        ("nodeId", "node_id"),
        ("maxVolumesPerNode", "max_volumes_per_node"),
        ("accessibleTopology", "accessible_topology"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("pluginName", &self.plugin_name)?;
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Wide, _>("maxVolumesPerNode", &self.max_volumes_per_node)?;
        out.put::<Maybe<Plain>, _>("accessibleTopology", &self.accessible_topology)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.plugin_name = value.take::<Plain, _>()?,
            1 => self.node_id = value.take::<Plain, _>()?,
            2 => self.max_volumes_per_node = value.take::<Wide, _>()?,
            3 => self.accessible_topology = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RaftMemberStatus {
    const NAME: &str = "docker.swarmkit.v1.RaftMemberStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("leader", "leader"),
        ("reachability", "reachability"),
        ("message", "message"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("leader", &self.leader)?;
        out.put::<Named<raft_member_status::Reachability>, _>("reachability", &self.reachability)?;
        out.put::<Plain, _>("message", &self.message)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.leader = value.take::<Plain, _>()?,
            1 => self.reachability = value.take::<Named<raft_member_status::Reachability>, _>()?,
            2 => self.message = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NodeStatus {
    const NAME: &str = "docker.swarmkit.v1.NodeStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("state", "state"),
        ("message", "message"),
        ("addr", "addr"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<node_status::State>, _>("state", &self.state)?;
        out.put::<Plain, _>("message", &self.message)?;
        out.put::<Plain, _>("addr", &self.addr)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.state = value.take::<Named<node_status::State>, _>()?,
            1 => self.message = value.take::<Plain, _>()?,
            2 => self.addr = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Image {
    const NAME: &str = "docker.swarmkit.v1.Image";
    const FIELDS: &[(&str, &str)] = &[
        ("reference", "reference"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("reference", &self.reference)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.reference = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Mount {
    const NAME: &str = "docker.swarmkit.v1.Mount";
    const FIELDS: &[(&str, &str)] = &[
        ("type", "type"),
        ("source", "source"),
        ("target", "target"),
        ("readonly", "readonly"),
        ("consistency", "consistency"),
        ("bindOptions", "bind_options"),
        ("volumeOptions", "volume_options"),
        ("tmpfsOptions", "tmpfs_options"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<mount::Type>, _>("type", &self.r#type)?;
        out.put::<Plain, _>("source", &self.source)?;
        out.put::<Plain, _>("target", &self.target)?;
        out.put::<Plain, _>("readonly", &self.readonly)?;
        out.put::<Named<mount::Consistency>, _>("consistency", &self.consistency)?;
        out.put::<Maybe<Plain>, _>("bindOptions", &self.bind_options)?;
        out.put::<Maybe<Plain>, _>("volumeOptions", &self.volume_options)?;
        out.put::<Maybe<Plain>, _>("tmpfsOptions", &self.tmpfs_options)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.r#type = value.take::<Named<mount::Type>, _>()?,
            1 => self.source = value.take::<Plain, _>()?,
            2 => self.target = value.take::<Plain, _>()?,
            3 => self.readonly = value.take::<Plain, _>()?,
            4 => self.consistency = value.take::<Named<mount::Consistency>, _>()?,
            5 => self.bind_options = value.take::<Maybe<Plain>, _>()?,
            6 => self.volume_options = value.take::<Maybe<Plain>, _>()?,
            7 => self.tmpfs_options = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for mount::BindOptions {
    const NAME: &str = "docker.swarmkit.v1.Mount.BindOptions";
    const FIELDS: &[(&str, &str)] = &[
        ("propagation", "propagation"),
        ("nonrecursive", "nonrecursive"),
        ("createmountpoint", "createmountpoint"),
        ("readonlynonrecursive", "readonlynonrecursive"),
        ("readonlyforcerecursive", "readonlyforcerecursive"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<mount::bind_options::Propagation>, _>("propagation", &self.propagation)?;
        out.put::<Plain, _>("nonrecursive", &self.nonrecursive)?;
        out.put::<Plain, _>("createmountpoint", &self.createmountpoint)?;
        out.put::<Plain, _>("readonlynonrecursive", &self.readonlynonrecursive)?;
        out.put::<Plain, _>("readonlyforcerecursive", &self.readonlyforcerecursive)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.propagation = value.take::<Named<mount::bind_options::Propagation>, _>()?,
            1 => self.nonrecursive = value.take::<Plain, _>()?,
            2 => self.createmountpoint = value.take::<Plain, _>()?,
            3 => self.readonlynonrecursive = value.take::<Plain, _>()?,
            4 => self.readonlyforcerecursive = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for mount::VolumeOptions {
    const NAME: &str = "docker.swarmkit.v1.Mount.VolumeOptions";
    const FIELDS: &[(&str, &str)] = &[
        ("nocopy", "nocopy"),
        ("labels", "labels"),
        ("driverConfig", "driver_config"),
        ("subpath", "subpath"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("nocopy", &self.nocopy)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<Maybe<Plain>, _>("driverConfig", &self.driver_config)?;
        out.put::<Plain, _>("subpath", &self.subpath)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.nocopy = value.take::<Plain, _>()?,
            1 => self.labels = value.take::<Map<Plain>, _>()?,
            2 => self.driver_config = value.take::<Maybe<Plain>, _>()?,
            3 => self.subpath = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for mount::TmpfsOptions {
    const NAME: &str = "docker.swarmkit.v1.Mount.TmpfsOptions";
    const FIELDS: &[(&str, &str)] = &[
        ("sizeBytes", "size_bytes"),
        ("mode", "mode"),
        ("options", "options"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("sizeBytes", &self.size_bytes)?;
        out.put::<Number, _>("mode", &self.mode)?;
        out.put::<Plain, _>("options", &self.options)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.size_bytes = value.take::<Wide, _>()?,
            1 => self.mode = value.take::<Number, _>()?,
            2 => self.options = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RestartPolicy {
    const NAME: &str = "docker.swarmkit.v1.RestartPolicy";
    const FIELDS: &[(&str, &str)] = &[
        ("condition", "condition"),
        ("delay", "delay"),
        ("maxAttempts", "max_attempts"),
        ("window", "window"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<restart_policy::RestartCondition>, _>("condition", &self.condition)?;
        out.put::<Maybe<Span>, _>("delay", &self.delay)?;
        out.put::<Wide, _>("maxAttempts", &self.max_attempts)?;
        out.put::<Maybe<Span>, _>("window", &self.window)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.condition = value.take::<Named<restart_policy::RestartCondition>, _>()?,
            1 => self.delay = value.take::<Maybe<Span>, _>()?,
            2 => self.max_attempts = value.take::<Wide, _>()?,
            3 => self.window = value.take::<Maybe<Span>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateConfig {
    const NAME: &str = "docker.swarmkit.v1.UpdateConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("parallelism", "parallelism"),
        ("delay", "delay"),
        ("failureAction", "failure_action"),
        ("monitor", "monitor"),
        ("maxFailureRatio", "max_failure_ratio"),
        ("order", "order"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("parallelism", &self.parallelism)?;
        out.put::<Maybe<Span>, _>("delay", &self.delay)?;
        out.put::<Named<update_config::FailureAction>, _>("failureAction", &self.failure_action)?;
        out.put::<Maybe<Span>, _>("monitor", &self.monitor)?;
        out.put::<Float, _>("maxFailureRatio", &self.max_failure_ratio)?;
        out.put::<Named<update_config::UpdateOrder>, _>("order", &self.order)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.parallelism = value.take::<Wide, _>()?,
            1 => self.delay = value.take::<Maybe<Span>, _>()?,
            2 => self.failure_action = value.take::<Named<update_config::FailureAction>, _>()?,
            3 => self.monitor = value.take::<Maybe<Span>, _>()?,
            4 => self.max_failure_ratio = value.take::<Float, _>()?,
            5 => self.order = value.take::<Named<update_config::UpdateOrder>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateStatus {
    const NAME: &str = "docker.swarmkit.v1.UpdateStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("state", "state"),
        ("startedAt", "started_at"),
        ("completedAt", "completed_at"),
        ("message", "message"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<update_status::UpdateState>, _>("state", &self.state)?;
        out.put::<Maybe<Time>, _>("startedAt", &self.started_at)?;
        out.put::<Maybe<Time>, _>("completedAt", &self.completed_at)?;
        out.put::<Plain, _>("message", &self.message)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.state = value.take::<Named<update_status::UpdateState>, _>()?,
            1 => self.started_at = value.take::<Maybe<Time>, _>()?,
            2 => self.completed_at = value.take::<Maybe<Time>, _>()?,
            3 => self.message = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ContainerStatus {
    const NAME: &str = "docker.swarmkit.v1.ContainerStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("containerId", "container_id"),
        ("pid", "pid"),
        ("exitCode", "exit_code"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("containerId", &self.container_id)?;
        out.put::<Number, _>("pid", &self.pid)?;
        out.put::<Number, _>("exitCode", &self.exit_code)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.container_id = value.take::<Plain, _>()?,
            1 => self.pid = value.take::<Number, _>()?,
            2 => self.exit_code = value.take::<Number, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for PortStatus {
    const NAME: &str = "docker.swarmkit.v1.PortStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("ports", "ports"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("ports", &self.ports)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.ports = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for TaskStatus {
    const NAME: &str = "docker.swarmkit.v1.TaskStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("timestamp", "timestamp"),
        ("state", "state"),
        ("message", "message"),
        ("err", "err"),
        ("container", "container"),
        ("portStatus", "port_status"),
        ("appliedBy", "applied_by"),
        ("appliedAt", "applied_at"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Time>, _>("timestamp", &self.timestamp)?;
        out.put::<Named<TaskState>, _>("state", &self.state)?;
        out.put::<Plain, _>("message", &self.message)?;
        out.put::<Plain, _>("err", &self.err)?;
        if let Some(task_status::RuntimeStatus::Container(branch)) = &self.runtime_status {
            out.set::<Plain, _>("container", branch)?;
        }
        out.put::<Maybe<Plain>, _>("portStatus", &self.port_status)?;
        out.put::<Plain, _>("appliedBy", &self.applied_by)?;
        out.put::<Maybe<Time>, _>("appliedAt", &self.applied_at)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.timestamp = value.take::<Maybe<Time>, _>()?,
            1 => self.state = value.take::<Named<TaskState>, _>()?,
            2 => self.message = value.take::<Plain, _>()?,
            3 => self.err = value.take::<Plain, _>()?,
            4 => value.branch::<Plain, _, _>(&mut self.runtime_status, task_status::RuntimeStatus::Container)?,
            5 => self.port_status = value.take::<Maybe<Plain>, _>()?,
            6 => self.applied_by = value.take::<Plain, _>()?,
            7 => self.applied_at = value.take::<Maybe<Time>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NetworkAttachmentConfig {
    const NAME: &str = "docker.swarmkit.v1.NetworkAttachmentConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("target", "target"),
        ("aliases", "aliases"),
        ("addresses", "addresses"),
        ("driverAttachmentOpts", "driver_attachment_opts"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("target", &self.target)?;
        out.put::<List<Plain>, _>("aliases", &self.aliases)?;
        out.put::<List<Plain>, _>("addresses", &self.addresses)?;
        out.put::<Map<Plain>, _>("driverAttachmentOpts", &self.driver_attachment_opts)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.target = value.take::<Plain, _>()?,
            1 => self.aliases = value.take::<List<Plain>, _>()?,
            2 => self.addresses = value.take::<List<Plain>, _>()?,
            3 => self.driver_attachment_opts = value.take::<Map<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for IpamConfig {
    const NAME: &str = "docker.swarmkit.v1.IPAMConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("family", "family"),
        ("subnet", "subnet"),
        ("range", "range"),
        ("gateway", "gateway"),
        ("reserved", "reserved"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<ipam_config::AddressFamily>, _>("family", &self.family)?;
        out.put::<Plain, _>("subnet", &self.subnet)?;
        out.put::<Plain, _>("range", &self.range)?;
        out.put::<Plain, _>("gateway", &self.gateway)?;
        out.put::<Map<Plain>, _>("reserved", &self.reserved)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.family = value.take::<Named<ipam_config::AddressFamily>, _>()?,
            1 => self.subnet = value.take::<Plain, _>()?,
            2 => self.range = value.take::<Plain, _>()?,
            3 => self.gateway = value.take::<Plain, _>()?,
            4 => self.reserved = value.take::<Map<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for PortConfig {
    const NAME: &str = "docker.swarmkit.v1.PortConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("protocol", "protocol"),
        ("targetPort", "target_port"),
        ("publishedPort", "published_port"),
        ("publishMode", "publish_mode"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Named<port_config::Protocol>, _>("protocol", &self.protocol)?;
        out.put::<Number, _>("targetPort", &self.target_port)?;
        out.put::<Number, _>("publishedPort", &self.published_port)?;
        out.put::<Named<port_config::PublishMode>, _>("publishMode", &self.publish_mode)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.protocol = value.take::<Named<port_config::Protocol>, _>()?,
            2 => self.target_port = value.take::<Number, _>()?,
            3 => self.published_port = value.take::<Number, _>()?,
            4 => self.publish_mode = value.take::<Named<port_config::PublishMode>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Driver {
    const NAME: &str = "docker.swarmkit.v1.Driver";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("options", "options"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Map<Plain>, _>("options", &self.options)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.options = value.take::<Map<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for IpamOptions {
    const NAME: &str = "docker.swarmkit.v1.IPAMOptions";
    const FIELDS: &[(&str, &str)] = &[
        ("driver", "driver"),
        ("configs", "configs"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("driver", &self.driver)?;
        out.put::<List<Plain>, _>("configs", &self.configs)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.driver = value.take::<Maybe<Plain>, _>()?,
            1 => self.configs = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Peer {
    const NAME: &str = "docker.swarmkit.v1.Peer";
    const FIELDS: &[(&str, &str)] = &[
        ("nodeId", "node_id"),
        ("addr", "addr"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Plain, _>("addr", &self.addr)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node_id = value.take::<Plain, _>()?,
            1 => self.addr = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for WeightedPeer {
    const NAME: &str = "docker.swarmkit.v1.WeightedPeer";
    const FIELDS: &[(&str, &str)] = &[
        ("peer", "peer"),
        ("weight", "weight"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("peer", &self.peer)?;
        out.put::<Wide, _>("weight", &self.weight)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.peer = value.take::<Maybe<Plain>, _>()?,
            1 => self.weight = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for IssuanceStatus {
    const NAME: &str = "docker.swarmkit.v1.IssuanceStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("state", "state"),
        ("err", "err"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<issuance_status::State>, _>("state", &self.state)?;
        out.put::<Plain, _>("err", &self.err)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.state = value.take::<Named<issuance_status::State>, _>()?,
            1 => self.err = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for AcceptancePolicy {
    const NAME: &str = "docker.swarmkit.v1.AcceptancePolicy";
    const FIELDS: &[(&str, &str)] = &[
        ("policies", "policies"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("policies", &self.policies)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.policies = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for acceptance_policy::RoleAdmissionPolicy {
    const NAME: &str = "docker.swarmkit.v1.AcceptancePolicy.RoleAdmissionPolicy";
    const FIELDS: &[(&str, &str)] = &[
        ("role", "role"),
        ("autoaccept", "autoaccept"),
        ("secret", "secret"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<NodeRole>, _>("role", &self.role)?;
        out.put::<Plain, _>("autoaccept", &self.autoaccept)?;
        out.put::<Maybe<Plain>, _>("secret", &self.secret)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.role = value.take::<Named<NodeRole>, _>()?,
            1 => self.autoaccept = value.take::<Plain, _>()?,
            2 => self.secret = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for acceptance_policy::role_admission_policy::Secret {
    const NAME: &str = "docker.swarmkit.v1.AcceptancePolicy.RoleAdmissionPolicy.Secret";
    const FIELDS: &[(&str, &str)] = &[
        ("data", "data"),
        ("alg", "alg"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Base64, _>("data", &self.data)?;
        out.put::<Plain, _>("alg", &self.alg)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.data = value.take::<Base64, _>()?,
            1 => self.alg = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ExternalCa {
    const NAME: &str = "docker.swarmkit.v1.ExternalCA";
    const FIELDS: &[(&str, &str)] = &[
        ("protocol", "protocol"),
        ("url", "url"),
        ("options", "options"),
        ("caCert", "ca_cert"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<external_ca::CaProtocol>, _>("protocol", &self.protocol)?;
        out.put::<Plain, _>("url", &self.url)?;
        out.put::<Map<Plain>, _>("options", &self.options)?;
        out.put::<Base64, _>("caCert", &self.ca_cert)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.protocol = value.take::<Named<external_ca::CaProtocol>, _>()?,
            1 => self.url = value.take::<Plain, _>()?,
            2 => self.options = value.take::<Map<Plain>, _>()?,
            3 => self.ca_cert = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CaConfig {
    const NAME: &str = "docker.swarmkit.v1.CAConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("nodeCertExpiry", "node_cert_expiry"),
        ("externalCas", "external_cas"),
        ("signingCaCert", "signing_ca_cert"),
        ("signingCaKey", "signing_ca_key"),
        ("forceRotate", "force_rotate"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Span>, _>("nodeCertExpiry", &self.node_cert_expiry)?;
        out.put::<List<Plain>, _>("externalCas", &self.external_cas)?;
        out.put::<Base64, _>("signingCaCert", &self.signing_ca_cert)?;
        out.put::<Base64, _>("signingCaKey", &self.signing_ca_key)?;
        out.put::<Wide, _>("forceRotate", &self.force_rotate)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node_cert_expiry = value.take::<Maybe<Span>, _>()?,
            1 => self.external_cas = value.take::<List<Plain>, _>()?,
            2 => self.signing_ca_cert = value.take::<Base64, _>()?,
            3 => self.signing_ca_key = value.take::<Base64, _>()?,
            4 => self.force_rotate = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for OrchestrationConfig {
    const NAME: &str = "docker.swarmkit.v1.OrchestrationConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("taskHistoryRetentionLimit", "task_history_retention_limit"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("taskHistoryRetentionLimit", &self.task_history_retention_limit)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.task_history_retention_limit = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for TaskDefaults {
    const NAME: &str = "docker.swarmkit.v1.TaskDefaults";
    const FIELDS: &[(&str, &str)] = &[
        ("logDriver", "log_driver"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("logDriver", &self.log_driver)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.log_driver = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for DispatcherConfig {
    const NAME: &str = "docker.swarmkit.v1.DispatcherConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("heartbeatPeriod", "heartbeat_period"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Span>, _>("heartbeatPeriod", &self.heartbeat_period)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.heartbeat_period = value.take::<Maybe<Span>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RaftConfig {
    const NAME: &str = "docker.swarmkit.v1.RaftConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("snapshotInterval", "snapshot_interval"),
        ("keepOldSnapshots", "keep_old_snapshots"),
        ("logEntriesForSlowFollowers", "log_entries_for_slow_followers"),
        ("heartbeatTick", "heartbeat_tick"),
        ("electionTick", "election_tick"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("snapshotInterval", &self.snapshot_interval)?;
        out.put::<Wide, _>("keepOldSnapshots", &self.keep_old_snapshots)?;
        out.put::<Wide, _>("logEntriesForSlowFollowers", &self.log_entries_for_slow_followers)?;
        out.put::<Number, _>("heartbeatTick", &self.heartbeat_tick)?;
        out.put::<Number, _>("electionTick", &self.election_tick)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.snapshot_interval = value.take::<Wide, _>()?,
            1 => self.keep_old_snapshots = value.take::<Wide, _>()?,
            2 => self.log_entries_for_slow_followers = value.take::<Wide, _>()?,
            3 => self.heartbeat_tick = value.take::<Number, _>()?,
            4 => self.election_tick = value.take::<Number, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for EncryptionConfig {
    const NAME: &str = "docker.swarmkit.v1.EncryptionConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("autoLockManagers", "auto_lock_managers"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("autoLockManagers", &self.auto_lock_managers)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.auto_lock_managers = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for SpreadOver {
    const NAME: &str = "docker.swarmkit.v1.SpreadOver";
    const FIELDS: &[(&str, &str)] = &[
        ("spreadDescriptor", "spread_descriptor"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("spreadDescriptor", &self.spread_descriptor)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spread_descriptor = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for PlacementPreference {
    const NAME: &str = "docker.swarmkit.v1.PlacementPreference";
    const FIELDS: &[(&str, &str)] = &[
        ("spread", "spread"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(placement_preference::Preference::Spread(branch)) = &self.preference {
            out.set::<Plain, _>("spread", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.preference, placement_preference::Preference::Spread)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Placement {
    const NAME: &str = "docker.swarmkit.v1.Placement";
    const FIELDS: &[(&str, &str)] = &[
        ("constraints", "constraints"),
        ("preferences", "preferences"),
        ("platforms", "platforms"),
        ("maxReplicas", "max_replicas"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("constraints", &self.constraints)?;
        out.put::<List<Plain>, _>("preferences", &self.preferences)?;
        out.put::<List<Plain>, _>("platforms", &self.platforms)?;
        out.put::<Wide, _>("maxReplicas", &self.max_replicas)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.constraints = value.take::<List<Plain>, _>()?,
            1 => self.preferences = value.take::<List<Plain>, _>()?,
            2 => self.platforms = value.take::<List<Plain>, _>()?,
            3 => self.max_replicas = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for JoinTokens {
    const NAME: &str = "docker.swarmkit.v1.JoinTokens";
    const FIELDS: &[(&str, &str)] = &[
        ("worker", "worker"),
        ("manager", "manager"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("worker", &self.worker)?;
        out.put::<Plain, _>("manager", &self.manager)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.worker = value.take::<Plain, _>()?,
            1 => self.manager = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RootCa {
    const NAME: &str = "docker.swarmkit.v1.RootCA";
    const FIELDS: &[(&str, &str)] = &[
        ("caKey", "ca_key"),
        ("caCert", "ca_cert"),
        ("caCertHash", "ca_cert_hash"),
        ("joinTokens", "join_tokens"),
        ("rootRotation", "root_rotation"),
        ("lastForcedRotation", "last_forced_rotation"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Base64, _>("caKey", &self.ca_key)?;
        out.put::<Base64, _>("caCert", &self.ca_cert)?;
        out.put::<Plain, _>("caCertHash", &self.ca_cert_hash)?;
        out.put::<Maybe<Plain>, _>("joinTokens", &self.join_tokens)?;
        out.put::<Maybe<Plain>, _>("rootRotation", &self.root_rotation)?;
        out.put::<Wide, _>("lastForcedRotation", &self.last_forced_rotation)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.ca_key = value.take::<Base64, _>()?,
            1 => self.ca_cert = value.take::<Base64, _>()?,
            2 => self.ca_cert_hash = value.take::<Plain, _>()?,
            3 => self.join_tokens = value.take::<Maybe<Plain>, _>()?,
            4 => self.root_rotation = value.take::<Maybe<Plain>, _>()?,
            5 => self.last_forced_rotation = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Certificate {
    const NAME: &str = "docker.swarmkit.v1.Certificate";
    const FIELDS: &[(&str, &str)] = &[
        ("role", "role"),
        ("csr", "csr"),
        ("status", "status"),
        ("certificate", "certificate"),
        ("cn", "cn"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<NodeRole>, _>("role", &self.role)?;
        out.put::<Base64, _>("csr", &self.csr)?;
        out.put::<Maybe<Plain>, _>("status", &self.status)?;
        out.put::<Base64, _>("certificate", &self.certificate)?;
        out.put::<Plain, _>("cn", &self.cn)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.role = value.take::<Named<NodeRole>, _>()?,
            1 => self.csr = value.take::<Base64, _>()?,
            2 => self.status = value.take::<Maybe<Plain>, _>()?,
            3 => self.certificate = value.take::<Base64, _>()?,
            4 => self.cn = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for EncryptionKey {
    const NAME: &str = "docker.swarmkit.v1.EncryptionKey";
    const FIELDS: &[(&str, &str)] = &[
        ("subsystem", "subsystem"),
        ("algorithm", "algorithm"),
        ("key", "key"),
        ("lamportTime", "lamport_time"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("subsystem", &self.subsystem)?;
        out.put::<Named<encryption_key::Algorithm>, _>("algorithm", &self.algorithm)?;
        out.put::<Base64, _>("key", &self.key)?;
        out.put::<Wide, _>("lamportTime", &self.lamport_time)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.subsystem = value.take::<Plain, _>()?,
            1 => self.algorithm = value.take::<Named<encryption_key::Algorithm>, _>()?,
            2 => self.key = value.take::<Base64, _>()?,
            3 => self.lamport_time = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ManagerStatus {
    const NAME: &str = "docker.swarmkit.v1.ManagerStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("raftId", "raft_id"),
        ("addr", "addr"),
        ("leader", "leader"),
        ("reachability", "reachability"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("raftId", &self.raft_id)?;
        out.put::<Plain, _>("addr", &self.addr)?;
        out.put::<Plain, _>("leader", &self.leader)?;
        out.put::<Named<raft_member_status::Reachability>, _>("reachability", &self.reachability)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.raft_id = value.take::<Wide, _>()?,
            1 => self.addr = value.take::<Plain, _>()?,
            2 => self.leader = value.take::<Plain, _>()?,
            3 => self.reachability = value.take::<Named<raft_member_status::Reachability>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for FileTarget {
    const NAME: &str = "docker.swarmkit.v1.FileTarget";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("uid", "uid"),
        ("gid", "gid"),
        ("mode", "mode"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Plain, _>("uid", &self.uid)?;
        out.put::<Plain, _>("gid", &self.gid)?;
        out.put::<Number, _>("mode", &self.mode)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.uid = value.take::<Plain, _>()?,
            2 => self.gid = value.take::<Plain, _>()?,
            3 => self.mode = value.take::<Number, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RuntimeTarget {
    const NAME: &str = "docker.swarmkit.v1.RuntimeTarget";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for SecretReference {
    const NAME: &str = "docker.swarmkit.v1.SecretReference";
    const FIELDS: &[(&str, &str)] = &[
        ("secretId", "secret_id"),
        ("secretName", "secret_name"),
        ("file", "file"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("secretId", &self.secret_id)?;
        out.put::<Plain, _>("secretName", &self.secret_name)?;
        if let Some(secret_reference::Target::File(branch)) = &self.target {
            out.set::<Plain, _>("file", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret_id = value.take::<Plain, _>()?,
            1 => self.secret_name = value.take::<Plain, _>()?,
            2 => value.branch::<Plain, _, _>(&mut self.target, secret_reference::Target::File)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ConfigReference {
    const NAME: &str = "docker.swarmkit.v1.ConfigReference";
    const FIELDS: &[(&str, &str)] = &[
        ("configId", "config_id"),
        ("configName", "config_name"),
        ("file", "file"),
        ("runtime", "runtime"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("configId", &self.config_id)?;
        out.put::<Plain, _>("configName", &self.config_name)?;
        if let Some(config_reference::Target::File(branch)) = &self.target {
            out.set::<Plain, _>("file", branch)?;
        }
        if let Some(config_reference::Target::Runtime(branch)) = &self.target {
            out.set::<Plain, _>("runtime", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config_id = value.take::<Plain, _>()?,
            1 => self.config_name = value.take::<Plain, _>()?,
            2 => value.branch::<Plain, _, _>(&mut self.target, config_reference::Target::File)?,
            3 => value.branch::<Plain, _, _>(&mut self.target, config_reference::Target::Runtime)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for BlacklistedCertificate {
    const NAME: &str = "docker.swarmkit.v1.BlacklistedCertificate";
    const FIELDS: &[(&str, &str)] = &[
        ("expiry", "expiry"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Time>, _>("expiry", &self.expiry)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.expiry = value.take::<Maybe<Time>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for HealthConfig {
    const NAME: &str = "docker.swarmkit.v1.HealthConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("test", "test"),
        ("interval", "interval"),
        ("timeout", "timeout"),
        ("retries", "retries"),
        ("startPeriod", "start_period"),
        ("startInterval", "start_interval"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("test", &self.test)?;
        out.put::<Maybe<Span>, _>("interval", &self.interval)?;
        out.put::<Maybe<Span>, _>("timeout", &self.timeout)?;
        out.put::<Number, _>("retries", &self.retries)?;
        out.put::<Maybe<Span>, _>("startPeriod", &self.start_period)?;
        out.put::<Maybe<Span>, _>("startInterval", &self.start_interval)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.test = value.take::<List<Plain>, _>()?,
            1 => self.interval = value.take::<Maybe<Span>, _>()?,
            2 => self.timeout = value.take::<Maybe<Span>, _>()?,
            3 => self.retries = value.take::<Number, _>()?,
            4 => self.start_period = value.take::<Maybe<Span>, _>()?,
            5 => self.start_interval = value.take::<Maybe<Span>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for MaybeEncryptedRecord {
    const NAME: &str = "docker.swarmkit.v1.MaybeEncryptedRecord";
    const FIELDS: &[(&str, &str)] = &[
        ("algorithm", "algorithm"),
        ("data", "data"),
        ("nonce", "nonce"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<maybe_encrypted_record::Algorithm>, _>("algorithm", &self.algorithm)?;
        out.put::<Base64, _>("data", &self.data)?;
        out.put::<Base64, _>("nonce", &self.nonce)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.algorithm = value.take::<Named<maybe_encrypted_record::Algorithm>, _>()?,
            1 => self.data = value.take::<Base64, _>()?,
            2 => self.nonce = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RootRotation {
    const NAME: &str = "docker.swarmkit.v1.RootRotation";
    const FIELDS: &[(&str, &str)] = &[
        ("caCert", "ca_cert"),
        ("caKey", "ca_key"),
        ("crossSignedCaCert", "cross_signed_ca_cert"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Base64, _>("caCert", &self.ca_cert)?;
        out.put::<Base64, _>("caKey", &self.ca_key)?;
        out.put::<Base64, _>("crossSignedCaCert", &self.cross_signed_ca_cert)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.ca_cert = value.take::<Base64, _>()?,
            1 => self.ca_key = value.take::<Base64, _>()?,
            2 => self.cross_signed_ca_cert = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Privileges {
    const NAME: &str = "docker.swarmkit.v1.Privileges";
    const FIELDS: &[(&str, &str)] = &[
        ("credentialSpec", "credential_spec"),
        ("selinuxContext", "selinux_context"),
        ("seccomp", "seccomp"),
        ("apparmor", "apparmor"),
        ("noNewPrivileges", "no_new_privileges"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("credentialSpec", &self.credential_spec)?;
        out.put::<Maybe<Plain>, _>("selinuxContext", &self.selinux_context)?;
        out.put::<Maybe<Plain>, _>("seccomp", &self.seccomp)?;
        out.put::<Maybe<Plain>, _>("apparmor", &self.apparmor)?;
        out.put::<Plain, _>("noNewPrivileges", &self.no_new_privileges)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.credential_spec = value.take::<Maybe<Plain>, _>()?,
            1 => self.selinux_context = value.take::<Maybe<Plain>, _>()?,
            2 => self.seccomp = value.take::<Maybe<Plain>, _>()?,
            3 => self.apparmor = value.take::<Maybe<Plain>, _>()?,
            4 => self.no_new_privileges = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for privileges::CredentialSpec {
    const NAME: &str = "docker.swarmkit.v1.Privileges.CredentialSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("file", "file"),
        ("registry", "registry"),
        ("config", "config"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(privileges::credential_spec::Source::File(branch)) = &self.source {
            out.set::<Plain, _>("file", branch)?;
        }
        if let Some(privileges::credential_spec::Source::Registry(branch)) = &self.source {
            out.set::<Plain, _>("registry", branch)?;
        }
        if let Some(privileges::credential_spec::Source::Config(branch)) = &self.source {
            out.set::<Plain, _>("config", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.source, privileges::credential_spec::Source::File)?,
            1 => value.branch::<Plain, _, _>(&mut self.source, privileges::credential_spec::Source::Registry)?,
            2 => value.branch::<Plain, _, _>(&mut self.source, privileges::credential_spec::Source::Config)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for privileges::SeLinuxContext {
    const NAME: &str = "docker.swarmkit.v1.Privileges.SELinuxContext";
    const FIELDS: &[(&str, &str)] = &[
        ("disable", "disable"),
        ("user", "user"),
        ("role", "role"),
        ("type", "type"),
        ("level", "level"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("disable", &self.disable)?;
        out.put::<Plain, _>("user", &self.user)?;
        out.put::<Plain, _>("role", &self.role)?;
        out.put::<Plain, _>("type", &self.r#type)?;
        out.put::<Plain, _>("level", &self.level)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.disable = value.take::<Plain, _>()?,
            1 => self.user = value.take::<Plain, _>()?,
            2 => self.role = value.take::<Plain, _>()?,
            3 => self.r#type = value.take::<Plain, _>()?,
            4 => self.level = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for privileges::SeccompOpts {
    const NAME: &str = "docker.swarmkit.v1.Privileges.SeccompOpts";
    const FIELDS: &[(&str, &str)] = &[
        ("mode", "mode"),
        ("profile", "profile"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<privileges::seccomp_opts::SeccompMode>, _>("mode", &self.mode)?;
        out.put::<Base64, _>("profile", &self.profile)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.mode = value.take::<Named<privileges::seccomp_opts::SeccompMode>, _>()?,
            1 => self.profile = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for privileges::AppArmorOpts {
    const NAME: &str = "docker.swarmkit.v1.Privileges.AppArmorOpts";
    const FIELDS: &[(&str, &str)] = &[
        ("mode", "mode"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<privileges::app_armor_opts::AppArmorMode>, _>("mode", &self.mode)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.mode = value.take::<Named<privileges::app_armor_opts::AppArmorMode>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for JobStatus {
    const NAME: &str = "docker.swarmkit.v1.JobStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("jobIteration", "job_iteration"),
        ("lastExecution", "last_execution"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("jobIteration", &self.job_iteration)?;
        out.put::<Maybe<Time>, _>("lastExecution", &self.last_execution)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.job_iteration = value.take::<Maybe<Plain>, _>()?,
            1 => self.last_execution = value.take::<Maybe<Time>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeAccessMode {
    const NAME: &str = "docker.swarmkit.v1.VolumeAccessMode";
    const FIELDS: &[(&str, &str)] = &[
        ("scope", "scope"),
        ("sharing", "sharing"),
        ("block", "block"),
        ("mount", "mount"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<volume_access_mode::Scope>, _>("scope", &self.scope)?;
        out.put::<Named<volume_access_mode::Sharing>, _>("sharing", &self.sharing)?;
        if let Some(volume_access_mode::AccessType::Block(branch)) = &self.access_type {
            out.set::<Plain, _>("block", branch)?;
        }
        if let Some(volume_access_mode::AccessType::Mount(branch)) = &self.access_type {
            out.set::<Plain, _>("mount", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.scope = value.take::<Named<volume_access_mode::Scope>, _>()?,
            1 => self.sharing = value.take::<Named<volume_access_mode::Sharing>, _>()?,
            2 => value.branch::<Plain, _, _>(&mut self.access_type, volume_access_mode::AccessType::Block)?,
            3 => value.branch::<Plain, _, _>(&mut self.access_type, volume_access_mode::AccessType::Mount)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for volume_access_mode::BlockVolume {
    const NAME: &str = "docker.swarmkit.v1.VolumeAccessMode.BlockVolume";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for volume_access_mode::MountVolume {
    const NAME: &str = "docker.swarmkit.v1.VolumeAccessMode.MountVolume";
    const FIELDS: &[(&str, &str)] = &[
        ("fsType", "fs_type"),
        ("mountFlags", "mount_flags"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("fsType", &self.fs_type)?;
        out.put::<List<Plain>, _>("mountFlags", &self.mount_flags)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.fs_type = value.take::<Plain, _>()?,
            1 => self.mount_flags = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeSecret {
    const NAME: &str = "docker.swarmkit.v1.VolumeSecret";
    const FIELDS: &[(&str, &str)] = &[
        ("key", "key"),
        ("secret", "secret"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("key", &self.key)?;
        out.put::<Plain, _>("secret", &self.secret)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.key = value.take::<Plain, _>()?,
            1 => self.secret = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumePublishStatus {
    const NAME: &str = "docker.swarmkit.v1.VolumePublishStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("nodeId", "node_id"),
        ("state", "state"),
        ("publishContext", "publish_context"),
        ("message", "message"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Named<volume_publish_status::State>, _>("state", &self.state)?;
        out.put::<Map<Plain>, _>("publishContext", &self.publish_context)?;
        out.put::<Plain, _>("message", &self.message)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node_id = value.take::<Plain, _>()?,
            1 => self.state = value.take::<Named<volume_publish_status::State>, _>()?,
            2 => self.publish_context = value.take::<Map<Plain>, _>()?,
            3 => self.message = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeInfo {
    const NAME: &str = "docker.swarmkit.v1.VolumeInfo";
    const FIELDS: &[(&str, &str)] = &[
        ("capacityBytes", "capacity_bytes"),
        ("volumeContext", "volume_context"),
        ("volumeId", "volume_id"),
        ("accessibleTopology", "accessible_topology"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("capacityBytes", &self.capacity_bytes)?;
        out.put::<Map<Plain>, _>("volumeContext", &self.volume_context)?;
        out.put::<Plain, _>("volumeId", &self.volume_id)?;
        out.put::<List<Plain>, _>("accessibleTopology", &self.accessible_topology)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.capacity_bytes = value.take::<Wide, _>()?,
            1 => self.volume_context = value.take::<Map<Plain>, _>()?,
            2 => self.volume_id = value.take::<Plain, _>()?,
            3 => self.accessible_topology = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CapacityRange {
    const NAME: &str = "docker.swarmkit.v1.CapacityRange";
    const FIELDS: &[(&str, &str)] = &[
        ("requiredBytes", "required_bytes"),
        ("limitBytes", "limit_bytes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("requiredBytes", &self.required_bytes)?;
        out.put::<Wide, _>("limitBytes", &self.limit_bytes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.required_bytes = value.take::<Wide, _>()?,
            1 => self.limit_bytes = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeAssignment {
    const NAME: &str = "docker.swarmkit.v1.VolumeAssignment";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("volumeId", "volume_id"),
        ("driver", "driver"),
        ("volumeContext", "volume_context"),
        ("publishContext", "publish_context"),
        ("accessMode", "access_mode"),
        ("secrets", "secrets"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Plain, _>("volumeId", &self.volume_id)?;
        out.put::<Maybe<Plain>, _>("driver", &self.driver)?;
        out.put::<Map<Plain>, _>("volumeContext", &self.volume_context)?;
        out.put::<Map<Plain>, _>("publishContext", &self.publish_context)?;
        out.put::<Maybe<Plain>, _>("accessMode", &self.access_mode)?;
        out.put::<List<Plain>, _>("secrets", &self.secrets)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.volume_id = value.take::<Plain, _>()?,
            2 => self.driver = value.take::<Maybe<Plain>, _>()?,
            3 => self.volume_context = value.take::<Map<Plain>, _>()?,
            4 => self.publish_context = value.take::<Map<Plain>, _>()?,
            5 => self.access_mode = value.take::<Maybe<Plain>, _>()?,
            6 => self.secrets = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeAttachment {
    const NAME: &str = "docker.swarmkit.v1.VolumeAttachment";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("source", "source"),
        ("target", "target"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Plain, _>("source", &self.source)?;
        out.put::<Plain, _>("target", &self.target)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.source = value.take::<Plain, _>()?,
            2 => self.target = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for TopologyRequirement {
    const NAME: &str = "docker.swarmkit.v1.TopologyRequirement";
    const FIELDS: &[(&str, &str)] = &[
        ("requisite", "requisite"),
        ("preferred", "preferred"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("requisite", &self.requisite)?;
        out.put::<List<Plain>, _>("preferred", &self.preferred)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.requisite = value.take::<List<Plain>, _>()?,
            1 => self.preferred = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Topology {
    const NAME: &str = "docker.swarmkit.v1.Topology";
    const FIELDS: &[(&str, &str)] = &[
        ("segments", "segments"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Map<Plain>, _>("segments", &self.segments)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.segments = value.take::<Map<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeCapability {
    const NAME: &str = "docker.swarmkit.v1.VolumeCapability";
    const FIELDS: &[(&str, &str)] = &[
        ("block", "block"),
        ("mount", "mount"),
        ("accessMode", "access_mode"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(volume_capability::AccessType::Block(branch)) = &self.access_type {
            out.set::<Plain, _>("block", branch)?;
        }
        if let Some(volume_capability::AccessType::Mount(branch)) = &self.access_type {
            out.set::<Plain, _>("mount", branch)?;
        }
        out.put::<Maybe<Plain>, _>("accessMode", &self.access_mode)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.access_type, volume_capability::AccessType::Block)?,
            1 => value.branch::<Plain, _, _>(&mut self.access_type, volume_capability::AccessType::Mount)?,
            2 => self.access_mode = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for volume_capability::BlockVolume {
    const NAME: &str = "docker.swarmkit.v1.VolumeCapability.BlockVolume";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for volume_capability::MountVolume {
    const NAME: &str = "docker.swarmkit.v1.VolumeCapability.MountVolume";
    const FIELDS: &[(&str, &str)] = &[
        ("fsType", "fs_type"),
        ("mountFlags", "mount_flags"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("fsType", &self.fs_type)?;
        out.put::<List<Plain>, _>("mountFlags", &self.mount_flags)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.fs_type = value.take::<Plain, _>()?,
            1 => self.mount_flags = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for volume_capability::AccessMode {
    const NAME: &str = "docker.swarmkit.v1.VolumeCapability.AccessMode";
    const FIELDS: &[(&str, &str)] = &[
        ("mode", "mode"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<volume_capability::access_mode::Mode>, _>("mode", &self.mode)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.mode = value.take::<Named<volume_capability::access_mode::Mode>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NodeSpec {
    const NAME: &str = "docker.swarmkit.v1.NodeSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("desiredRole", "desired_role"),
        ("membership", "membership"),
        ("availability", "availability"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Named<NodeRole>, _>("desiredRole", &self.desired_role)?;
        out.put::<Named<node_spec::Membership>, _>("membership", &self.membership)?;
        out.put::<Named<node_spec::Availability>, _>("availability", &self.availability)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.desired_role = value.take::<Named<NodeRole>, _>()?,
            2 => self.membership = value.take::<Named<node_spec::Membership>, _>()?,
            3 => self.availability = value.take::<Named<node_spec::Availability>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ServiceSpec {
    const NAME: &str = "docker.swarmkit.v1.ServiceSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("task", "task"),
        ("replicated", "replicated"),
        ("global", "global"),
        ("replicatedJob", "replicated_job"),
        ("globalJob", "global_job"),
        ("update", "update"),
        ("rollback", "rollback"),
        ("networks", "networks"),
        ("endpoint", "endpoint"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Maybe<Plain>, _>("task", &self.task)?;
        if let Some(service_spec::Mode::Replicated(branch)) = &self.mode {
            out.set::<Plain, _>("replicated", branch)?;
        }
        if let Some(service_spec::Mode::Global(branch)) = &self.mode {
            out.set::<Plain, _>("global", branch)?;
        }
        if let Some(service_spec::Mode::ReplicatedJob(branch)) = &self.mode {
            out.set::<Plain, _>("replicatedJob", branch)?;
        }
        if let Some(service_spec::Mode::GlobalJob(branch)) = &self.mode {
            out.set::<Plain, _>("globalJob", branch)?;
        }
        out.put::<Maybe<Plain>, _>("update", &self.update)?;
        out.put::<Maybe<Plain>, _>("rollback", &self.rollback)?;
        out.put::<List<Plain>, _>("networks", &self.networks)?;
        out.put::<Maybe<Plain>, _>("endpoint", &self.endpoint)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.task = value.take::<Maybe<Plain>, _>()?,
            2 => value.branch::<Plain, _, _>(&mut self.mode, service_spec::Mode::Replicated)?,
            3 => value.branch::<Plain, _, _>(&mut self.mode, service_spec::Mode::Global)?,
            4 => value.branch::<Plain, _, _>(&mut self.mode, service_spec::Mode::ReplicatedJob)?,
            5 => value.branch::<Plain, _, _>(&mut self.mode, service_spec::Mode::GlobalJob)?,
            6 => self.update = value.take::<Maybe<Plain>, _>()?,
            7 => self.rollback = value.take::<Maybe<Plain>, _>()?,
            8 => self.networks = value.take::<List<Plain>, _>()?,
            9 => self.endpoint = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ReplicatedService {
    const NAME: &str = "docker.swarmkit.v1.ReplicatedService";
    const FIELDS: &[(&str, &str)] = &[
        ("replicas", "replicas"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("replicas", &self.replicas)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.replicas = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GlobalService {
    const NAME: &str = "docker.swarmkit.v1.GlobalService";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ReplicatedJob {
    const NAME: &str = "docker.swarmkit.v1.ReplicatedJob";
    const FIELDS: &[(&str, &str)] = &[
        ("maxConcurrent", "max_concurrent"),
        ("totalCompletions", "total_completions"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("maxConcurrent", &self.max_concurrent)?;
        out.put::<Wide, _>("totalCompletions", &self.total_completions)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.max_concurrent = value.take::<Wide, _>()?,
            1 => self.total_completions = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GlobalJob {
    const NAME: &str = "docker.swarmkit.v1.GlobalJob";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for TaskSpec {
    const NAME: &str = "docker.swarmkit.v1.TaskSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("attachment", "attachment"),
        ("container", "container"),
        ("generic", "generic"),
        ("resources", "resources"),
        ("restart", "restart"),
        ("placement", "placement"),
        ("logDriver", "log_driver"),
        ("networks", "networks"),
        ("forceUpdate", "force_update"),
        ("resourceReferences", "resource_references"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(task_spec::Runtime::Attachment(branch)) = &self.runtime {
            out.set::<Plain, _>("attachment", branch)?;
        }
        if let Some(task_spec::Runtime::Container(branch)) = &self.runtime {
            out.set::<Plain, _>("container", branch)?;
        }
        if let Some(task_spec::Runtime::Generic(branch)) = &self.runtime {
            out.set::<Plain, _>("generic", branch)?;
        }
        out.put::<Maybe<Plain>, _>("resources", &self.resources)?;
        out.put::<Maybe<Plain>, _>("restart", &self.restart)?;
        out.put::<Maybe<Plain>, _>("placement", &self.placement)?;
        out.put::<Maybe<Plain>, _>("logDriver", &self.log_driver)?;
        out.put::<List<Plain>, _>("networks", &self.networks)?;
        out.put::<Wide, _>("forceUpdate", &self.force_update)?;
        out.put::<List<Plain>, _>("resourceReferences", &self.resource_references)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.runtime, task_spec::Runtime::Attachment)?,
            1 => value.branch::<Plain, _, _>(&mut self.runtime, task_spec::Runtime::Container)?,
            2 => value.branch::<Plain, _, _>(&mut self.runtime, task_spec::Runtime::Generic)?,
            3 => self.resources = value.take::<Maybe<Plain>, _>()?,
            4 => self.restart = value.take::<Maybe<Plain>, _>()?,
            5 => self.placement = value.take::<Maybe<Plain>, _>()?,
            6 => self.log_driver = value.take::<Maybe<Plain>, _>()?,
            7 => self.networks = value.take::<List<Plain>, _>()?,
            8 => self.force_update = value.take::<Wide, _>()?,
            9 => self.resource_references = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ResourceReference {
    const NAME: &str = "docker.swarmkit.v1.ResourceReference";
    const FIELDS: &[(&str, &str)] = &[
        ("resourceId", "resource_id"),
        ("resourceType", "resource_type"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("resourceId", &self.resource_id)?;
        out.put::<Named<ResourceType>, _>("resourceType", &self.resource_type)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource_id = value.take::<Plain, _>()?,
            1 => self.resource_type = value.take::<Named<ResourceType>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GenericRuntimeSpec {
    const NAME: &str = "docker.swarmkit.v1.GenericRuntimeSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("kind", "kind"),
        ("payload", "payload"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Maybe<Typed>, _>("payload", &self.payload)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.kind = value.take::<Plain, _>()?,
            1 => self.payload = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NetworkAttachmentSpec {
    const NAME: &str = "docker.swarmkit.v1.NetworkAttachmentSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("containerId", "container_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("containerId", &self.container_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.container_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ContainerSpec {
    const NAME: &str = "docker.swarmkit.v1.ContainerSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("image", "image"),
        ("labels", "labels"),
        ("command", "command"),
        ("args", "args"),
        ("hostname", "hostname"),
        ("env", "env"),
        ("dir", "dir"),
        ("user", "user"),
        ("groups", "groups"),
        ("privileges", "privileges"),
        ("init", "init"),
        ("tty", "tty"),
        ("openStdin", "open_stdin"),
        ("readOnly", "read_only"),
        ("stopSignal", "stop_signal"),
        ("mounts", "mounts"),
        ("stopGracePeriod", "stop_grace_period"),
        ("pullOptions", "pull_options"),
        ("secrets", "secrets"),
        ("configs", "configs"),
        ("hosts", "hosts"),
        ("dnsConfig", "dns_config"),
        ("healthcheck", "healthcheck"),
        ("isolation", "isolation"),
        ("pidsLimit", "pidsLimit"),
        ("sysctls", "sysctls"),
        ("capabilityAdd", "capability_add"),
        ("capabilityDrop", "capability_drop"),
        ("ulimits", "ulimits"),
        ("oomScoreAdj", "oom_score_adj"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("image", &self.image)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("command", &self.command)?;
        out.put::<List<Plain>, _>("args", &self.args)?;
        out.put::<Plain, _>("hostname", &self.hostname)?;
        out.put::<List<Plain>, _>("env", &self.env)?;
        out.put::<Plain, _>("dir", &self.dir)?;
        out.put::<Plain, _>("user", &self.user)?;
        out.put::<List<Plain>, _>("groups", &self.groups)?;
        out.put::<Maybe<Plain>, _>("privileges", &self.privileges)?;
        out.put::<Maybe<Plain>, _>("init", &self.init)?;
        out.put::<Plain, _>("tty", &self.tty)?;
        out.put::<Plain, _>("openStdin", &self.open_stdin)?;
        out.put::<Plain, _>("readOnly", &self.read_only)?;
        out.put::<Plain, _>("stopSignal", &self.stop_signal)?;
        out.put::<List<Plain>, _>("mounts", &self.mounts)?;
        out.put::<Maybe<Span>, _>("stopGracePeriod", &self.stop_grace_period)?;
        out.put::<Maybe<Plain>, _>("pullOptions", &self.pull_options)?;
        out.put::<List<Plain>, _>("secrets", &self.secrets)?;
        out.put::<List<Plain>, _>("configs", &self.configs)?;
        out.put::<List<Plain>, _>("hosts", &self.hosts)?;
        out.put::<Maybe<Plain>, _>("dnsConfig", &self.dns_config)?;
        out.put::<Maybe<Plain>, _>("healthcheck", &self.healthcheck)?;
        out.put::<Named<container_spec::Isolation>, _>("isolation", &self.isolation)?;
        out.put::<Wide, _>("pidsLimit", &self.pids_limit)?;
        out.put::<Map<Plain>, _>("sysctls", &self.sysctls)?;
        out.put::<List<Plain>, _>("capabilityAdd", &self.capability_add)?;
        out.put::<List<Plain>, _>("capabilityDrop", &self.capability_drop)?;
        out.put::<List<Plain>, _>("ulimits", &self.ulimits)?;
        out.put::<Wide, _>("oomScoreAdj", &self.oom_score_adj)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.image = value.take::<Plain, _>()?,
            1 => self.labels = value.take::<Map<Plain>, _>()?,
            2 => self.command = value.take::<List<Plain>, _>()?,
            3 => self.args = value.take::<List<Plain>, _>()?,
            4 => self.hostname = value.take::<Plain, _>()?,
            5 => self.env = value.take::<List<Plain>, _>()?,
            6 => self.dir = value.take::<Plain, _>()?,
            7 => self.user = value.take::<Plain, _>()?,
            8 => self.groups = value.take::<List<Plain>, _>()?,
            9 => self.privileges = value.take::<Maybe<Plain>, _>()?,
            10 => self.init = value.take::<Maybe<Plain>, _>()?,
            11 => self.tty = value.take::<Plain, _>()?,
            12 => self.open_stdin = value.take::<Plain, _>()?,
            13 => self.read_only = value.take::<Plain, _>()?,
            14 => self.stop_signal = value.take::<Plain, _>()?,
            15 => self.mounts = value.take::<List<Plain>, _>()?,
            16 => self.stop_grace_period = value.take::<Maybe<Span>, _>()?,
            17 => self.pull_options = value.take::<Maybe<Plain>, _>()?,
            18 => self.secrets = value.take::<List<Plain>, _>()?,
            19 => self.configs = value.take::<List<Plain>, _>()?,
            20 => self.hosts = value.take::<List<Plain>, _>()?,
            21 => self.dns_config = value.take::<Maybe<Plain>, _>()?,
            22 => self.healthcheck = value.take::<Maybe<Plain>, _>()?,
            23 => self.isolation = value.take::<Named<container_spec::Isolation>, _>()?,
            24 => self.pids_limit = value.take::<Wide, _>()?,
            25 => self.sysctls = value.take::<Map<Plain>, _>()?,
            26 => self.capability_add = value.take::<List<Plain>, _>()?,
            27 => self.capability_drop = value.take::<List<Plain>, _>()?,
            28 => self.ulimits = value.take::<List<Plain>, _>()?,
            29 => self.oom_score_adj = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for container_spec::PullOptions {
    const NAME: &str = "docker.swarmkit.v1.ContainerSpec.PullOptions";
    const FIELDS: &[(&str, &str)] = &[
        ("registryAuth", "registry_auth"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("registryAuth", &self.registry_auth)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.registry_auth = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for container_spec::DnsConfig {
    const NAME: &str = "docker.swarmkit.v1.ContainerSpec.DNSConfig";
    const FIELDS: &[(&str, &str)] = &[
        ("nameservers", "nameservers"),
        ("search", "search"),
        ("options", "options"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("nameservers", &self.nameservers)?;
        out.put::<List<Plain>, _>("search", &self.search)?;
        out.put::<List<Plain>, _>("options", &self.options)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.nameservers = value.take::<List<Plain>, _>()?,
            1 => self.search = value.take::<List<Plain>, _>()?,
            2 => self.options = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for container_spec::Ulimit {
    const NAME: &str = "docker.swarmkit.v1.ContainerSpec.Ulimit";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("soft", "soft"),
        ("hard", "hard"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Wide, _>("soft", &self.soft)?;
        out.put::<Wide, _>("hard", &self.hard)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.soft = value.take::<Wide, _>()?,
            2 => self.hard = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for EndpointSpec {
    const NAME: &str = "docker.swarmkit.v1.EndpointSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("mode", "mode"),
        ("ports", "ports"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<endpoint_spec::ResolutionMode>, _>("mode", &self.mode)?;
        out.put::<List<Plain>, _>("ports", &self.ports)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.mode = value.take::<Named<endpoint_spec::ResolutionMode>, _>()?,
            1 => self.ports = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NetworkSpec {
    const NAME: &str = "docker.swarmkit.v1.NetworkSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("driverConfig", "driver_config"),
        ("ipv6Enabled", "ipv6_enabled"),
        ("internal", "internal"),
        ("ipam", "ipam"),
        ("attachable", "attachable"),
        ("ingress", "ingress"),
        ("network", "network"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Maybe<Plain>, _>("driverConfig", &self.driver_config)?;
        out.put::<Plain, _>("ipv6Enabled", &self.ipv6_enabled)?;
        out.put::<Plain, _>("internal", &self.internal)?;
        out.put::<Maybe<Plain>, _>("ipam", &self.ipam)?;
        out.put::<Plain, _>("attachable", &self.attachable)?;
        out.put::<Plain, _>("ingress", &self.ingress)?;
        if let Some(network_spec::ConfigFrom::Network(branch)) = &self.config_from {
            out.set::<Plain, _>("network", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.driver_config = value.take::<Maybe<Plain>, _>()?,
            2 => self.ipv6_enabled = value.take::<Plain, _>()?,
            3 => self.internal = value.take::<Plain, _>()?,
            4 => self.ipam = value.take::<Maybe<Plain>, _>()?,
            5 => self.attachable = value.take::<Plain, _>()?,
            6 => self.ingress = value.take::<Plain, _>()?,
            7 => value.branch::<Plain, _, _>(&mut self.config_from, network_spec::ConfigFrom::Network)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ClusterSpec {
    const NAME: &str = "docker.swarmkit.v1.ClusterSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("acceptancePolicy", "acceptance_policy"),
        ("orchestration", "orchestration"),
        ("raft", "raft"),
        ("dispatcher", "dispatcher"),
        ("caConfig", "ca_config"),
        ("taskDefaults", "task_defaults"),
        ("encryptionConfig", "encryption_config"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Maybe<Plain>, _>("acceptancePolicy", &self.acceptance_policy)?;
        out.put::<Maybe<Plain>, _>("orchestration", &self.orchestration)?;
        out.put::<Maybe<Plain>, _>("raft", &self.raft)?;
        out.put::<Maybe<Plain>, _>("dispatcher", &self.dispatcher)?;
        out.put::<Maybe<Plain>, _>("caConfig", &self.ca_config)?;
        out.put::<Maybe<Plain>, _>("taskDefaults", &self.task_defaults)?;
        out.put::<Maybe<Plain>, _>("encryptionConfig", &self.encryption_config)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.acceptance_policy = value.take::<Maybe<Plain>, _>()?,
            2 => self.orchestration = value.take::<Maybe<Plain>, _>()?,
            3 => self.raft = value.take::<Maybe<Plain>, _>()?,
            4 => self.dispatcher = value.take::<Maybe<Plain>, _>()?,
            5 => self.ca_config = value.take::<Maybe<Plain>, _>()?,
            6 => self.task_defaults = value.take::<Maybe<Plain>, _>()?,
            7 => self.encryption_config = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for SecretSpec {
    const NAME: &str = "docker.swarmkit.v1.SecretSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("data", "data"),
        ("templating", "templating"),
        ("driver", "driver"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Base64, _>("data", &self.data)?;
        out.put::<Maybe<Plain>, _>("templating", &self.templating)?;
        out.put::<Maybe<Plain>, _>("driver", &self.driver)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.data = value.take::<Base64, _>()?,
            2 => self.templating = value.take::<Maybe<Plain>, _>()?,
            3 => self.driver = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ConfigSpec {
    const NAME: &str = "docker.swarmkit.v1.ConfigSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("data", "data"),
        ("templating", "templating"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Base64, _>("data", &self.data)?;
        out.put::<Maybe<Plain>, _>("templating", &self.templating)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.data = value.take::<Base64, _>()?,
            2 => self.templating = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for VolumeSpec {
    const NAME: &str = "docker.swarmkit.v1.VolumeSpec";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("group", "group"),
        ("driver", "driver"),
        ("accessMode", "access_mode"),
        ("secrets", "secrets"),
        ("AccessibilityRequirements", "AccessibilityRequirements"),
        ("capacityRange", "capacity_range"),
        ("availability", "availability"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Plain, _>("group", &self.group)?;
        out.put::<Maybe<Plain>, _>("driver", &self.driver)?;
        out.put::<Maybe<Plain>, _>("accessMode", &self.access_mode)?;
        out.put::<List<Plain>, _>("secrets", &self.secrets)?;
        out.put::<Maybe<Plain>, _>("AccessibilityRequirements", &self.accessibility_requirements)?;
        out.put::<Maybe<Plain>, _>("capacityRange", &self.capacity_range)?;
        out.put::<Named<volume_spec::VolumeAvailability>, _>("availability", &self.availability)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.group = value.take::<Plain, _>()?,
            2 => self.driver = value.take::<Maybe<Plain>, _>()?,
            3 => self.access_mode = value.take::<Maybe<Plain>, _>()?,
            4 => self.secrets = value.take::<List<Plain>, _>()?,
            5 => self.accessibility_requirements = value.take::<Maybe<Plain>, _>()?,
            6 => self.capacity_range = value.take::<Maybe<Plain>, _>()?,
            7 => self.availability = value.take::<Named<volume_spec::VolumeAvailability>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Meta {
    const NAME: &str = "docker.swarmkit.v1.Meta";
    const FIELDS: &[(&str, &str)] = &[
        ("version", "version"),
        ("createdAt", "created_at"),
        ("updatedAt", "updated_at"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("version", &self.version)?;
        out.put::<Maybe<Time>, _>("createdAt", &self.created_at)?;
        out.put::<Maybe<Time>, _>("updatedAt", &self.updated_at)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.version = value.take::<Maybe<Plain>, _>()?,
            1 => self.created_at = value.take::<Maybe<Time>, _>()?,
            2 => self.updated_at = value.take::<Maybe<Time>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Node {
    const NAME: &str = "docker.swarmkit.v1.Node";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("description", "description"),
        ("status", "status"),
        ("managerStatus", "manager_status"),
        ("attachment", "attachment"),
        ("certificate", "certificate"),
        ("role", "role"),
        ("attachments", "attachments"),
        ("VXLANUDPPort", "VXLANUDPPort"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Maybe<Plain>, _>("description", &self.description)?;
        out.put::<Maybe<Plain>, _>("status", &self.status)?;
        out.put::<Maybe<Plain>, _>("managerStatus", &self.manager_status)?;
        out.put::<Maybe<Plain>, _>("attachment", &self.attachment)?;
        out.put::<Maybe<Plain>, _>("certificate", &self.certificate)?;
        out.put::<Named<NodeRole>, _>("role", &self.role)?;
        out.put::<List<Plain>, _>("attachments", &self.attachments)?;
        out.put::<Number, _>("VXLANUDPPort", &self.vxlanudp_port)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.description = value.take::<Maybe<Plain>, _>()?,
            4 => self.status = value.take::<Maybe<Plain>, _>()?,
            5 => self.manager_status = value.take::<Maybe<Plain>, _>()?,
            6 => self.attachment = value.take::<Maybe<Plain>, _>()?,
            7 => self.certificate = value.take::<Maybe<Plain>, _>()?,
            8 => self.role = value.take::<Named<NodeRole>, _>()?,
            9 => self.attachments = value.take::<List<Plain>, _>()?,
            10 => self.vxlanudp_port = value.take::<Number, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Service {
    const NAME: &str = "docker.swarmkit.v1.Service";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("specVersion", "spec_version"),
        ("previousSpec", "previous_spec"),
        ("previousSpecVersion", "previous_spec_version"),
        ("endpoint", "endpoint"),
        ("updateStatus", "update_status"),
        ("jobStatus", "job_status"),
        ("pendingDelete", "pending_delete"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Maybe<Plain>, _>("specVersion", &self.spec_version)?;
        out.put::<Maybe<Plain>, _>("previousSpec", &self.previous_spec)?;
        out.put::<Maybe<Plain>, _>("previousSpecVersion", &self.previous_spec_version)?;
        out.put::<Maybe<Plain>, _>("endpoint", &self.endpoint)?;
        out.put::<Maybe<Plain>, _>("updateStatus", &self.update_status)?;
        out.put::<Maybe<Plain>, _>("jobStatus", &self.job_status)?;
        out.put::<Plain, _>("pendingDelete", &self.pending_delete)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.spec_version = value.take::<Maybe<Plain>, _>()?,
            4 => self.previous_spec = value.take::<Maybe<Plain>, _>()?,
            5 => self.previous_spec_version = value.take::<Maybe<Plain>, _>()?,
            6 => self.endpoint = value.take::<Maybe<Plain>, _>()?,
            7 => self.update_status = value.take::<Maybe<Plain>, _>()?,
            8 => self.job_status = value.take::<Maybe<Plain>, _>()?,
            9 => self.pending_delete = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Endpoint {
    const NAME: &str = "docker.swarmkit.v1.Endpoint";
    const FIELDS: &[(&str, &str)] = &[
        ("spec", "spec"),
        ("ports", "ports"),
        ("virtualIps", "virtual_ips"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<List<Plain>, _>("ports", &self.ports)?;
        out.put::<List<Plain>, _>("virtualIps", &self.virtual_ips)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spec = value.take::<Maybe<Plain>, _>()?,
            1 => self.ports = value.take::<List<Plain>, _>()?,
            2 => self.virtual_ips = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for endpoint::VirtualIp {
    const NAME: &str = "docker.swarmkit.v1.Endpoint.VirtualIP";
    const FIELDS: &[(&str, &str)] = &[
        ("networkId", "network_id"),
        ("addr", "addr"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("networkId", &self.network_id)?;
        out.put::<Plain, _>("addr", &self.addr)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.network_id = value.take::<Plain, _>()?,
            1 => self.addr = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Task {
    const NAME: &str = "docker.swarmkit.v1.Task";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("specVersion", "spec_version"),
        ("serviceId", "service_id"),
        ("slot", "slot"),
        ("nodeId", "node_id"),
        ("annotations", "annotations"),
        ("serviceAnnotations", "service_annotations"),
        ("status", "status"),
        ("desiredState", "desired_state"),
        ("networks", "networks"),
        ("endpoint", "endpoint"),
        ("logDriver", "log_driver"),
        ("assignedGenericResources", "assigned_generic_resources"),
        ("jobIteration", "job_iteration"),
        ("volumes", "volumes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Maybe<Plain>, _>("specVersion", &self.spec_version)?;
        out.put::<Plain, _>("serviceId", &self.service_id)?;
        out.put::<Wide, _>("slot", &self.slot)?;
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Maybe<Plain>, _>("serviceAnnotations", &self.service_annotations)?;
        out.put::<Maybe<Plain>, _>("status", &self.status)?;
        out.put::<Named<TaskState>, _>("desiredState", &self.desired_state)?;
        out.put::<List<Plain>, _>("networks", &self.networks)?;
        out.put::<Maybe<Plain>, _>("endpoint", &self.endpoint)?;
        out.put::<Maybe<Plain>, _>("logDriver", &self.log_driver)?;
        out.put::<List<Plain>, _>("assignedGenericResources", &self.assigned_generic_resources)?;
        out.put::<Maybe<Plain>, _>("jobIteration", &self.job_iteration)?;
        out.put::<List<Plain>, _>("volumes", &self.volumes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.spec_version = value.take::<Maybe<Plain>, _>()?,
            4 => self.service_id = value.take::<Plain, _>()?,
            5 => self.slot = value.take::<Wide, _>()?,
            6 => self.node_id = value.take::<Plain, _>()?,
            7 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            8 => self.service_annotations = value.take::<Maybe<Plain>, _>()?,
            9 => self.status = value.take::<Maybe<Plain>, _>()?,
            10 => self.desired_state = value.take::<Named<TaskState>, _>()?,
            11 => self.networks = value.take::<List<Plain>, _>()?,
            12 => self.endpoint = value.take::<Maybe<Plain>, _>()?,
            13 => self.log_driver = value.take::<Maybe<Plain>, _>()?,
            14 => self.assigned_generic_resources = value.take::<List<Plain>, _>()?,
            15 => self.job_iteration = value.take::<Maybe<Plain>, _>()?,
            16 => self.volumes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for NetworkAttachment {
    const NAME: &str = "docker.swarmkit.v1.NetworkAttachment";
    const FIELDS: &[(&str, &str)] = &[
        ("network", "network"),
        ("addresses", "addresses"),
        ("aliases", "aliases"),
        ("driverAttachmentOpts", "driver_attachment_opts"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("network", &self.network)?;
        out.put::<List<Plain>, _>("addresses", &self.addresses)?;
        out.put::<List<Plain>, _>("aliases", &self.aliases)?;
        out.put::<Map<Plain>, _>("driverAttachmentOpts", &self.driver_attachment_opts)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.network = value.take::<Maybe<Plain>, _>()?,
            1 => self.addresses = value.take::<List<Plain>, _>()?,
            2 => self.aliases = value.take::<List<Plain>, _>()?,
            3 => self.driver_attachment_opts = value.take::<Map<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Network {
    const NAME: &str = "docker.swarmkit.v1.Network";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("driverState", "driver_state"),
        ("ipam", "ipam"),
        ("pendingDelete", "pending_delete"),
        ("extra", "extra"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Maybe<Plain>, _>("driverState", &self.driver_state)?;
        out.put::<Maybe<Plain>, _>("ipam", &self.ipam)?;
        out.put::<Plain, _>("pendingDelete", &self.pending_delete)?;
        out.put::<Maybe<Typed>, _>("extra", &self.extra)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.driver_state = value.take::<Maybe<Plain>, _>()?,
            4 => self.ipam = value.take::<Maybe<Plain>, _>()?,
            5 => self.pending_delete = value.take::<Plain, _>()?,
            6 => self.extra = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Cluster {
    const NAME: &str = "docker.swarmkit.v1.Cluster";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("rootCa", "root_ca"),
        ("networkBootstrapKeys", "network_bootstrap_keys"),
        ("encryptionKeyLamportClock", "encryption_key_lamport_clock"),
        ("blacklistedCertificates", "blacklisted_certificates"),
        ("unlockKeys", "unlock_keys"),
        ("fips", "fips"),
        ("defaultAddressPool", "defaultAddressPool"),
        ("subnetSize", "subnetSize"),
        ("VXLANUDPPort", "VXLANUDPPort"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Maybe<Plain>, _>("rootCa", &self.root_ca)?;
        out.put::<List<Plain>, _>("networkBootstrapKeys", &self.network_bootstrap_keys)?;
        out.put::<Wide, _>("encryptionKeyLamportClock", &self.encryption_key_lamport_clock)?;
        out.put::<Map<Plain>, _>("blacklistedCertificates", &self.blacklisted_certificates)?;
        out.put::<List<Plain>, _>("unlockKeys", &self.unlock_keys)?;
        out.put::<Plain, _>("fips", &self.fips)?;
        out.put::<List<Plain>, _>("defaultAddressPool", &self.default_address_pool)?;
        out.put::<Number, _>("subnetSize", &self.subnet_size)?;
        out.put::<Number, _>("VXLANUDPPort", &self.vxlanudp_port)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.root_ca = value.take::<Maybe<Plain>, _>()?,
            4 => self.network_bootstrap_keys = value.take::<List<Plain>, _>()?,
            5 => self.encryption_key_lamport_clock = value.take::<Wide, _>()?,
            6 => self.blacklisted_certificates = value.take::<Map<Plain>, _>()?,
            7 => self.unlock_keys = value.take::<List<Plain>, _>()?,
            8 => self.fips = value.take::<Plain, _>()?,
            9 => self.default_address_pool = value.take::<List<Plain>, _>()?,
            10 => self.subnet_size = value.take::<Number, _>()?,
            11 => self.vxlanudp_port = value.take::<Number, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Secret {
    const NAME: &str = "docker.swarmkit.v1.Secret";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("internal", "internal"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Plain, _>("internal", &self.internal)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.internal = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Config {
    const NAME: &str = "docker.swarmkit.v1.Config";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Resource {
    const NAME: &str = "docker.swarmkit.v1.Resource";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("annotations", "annotations"),
        ("kind", "kind"),
        ("payload", "payload"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Maybe<Typed>, _>("payload", &self.payload)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            3 => self.kind = value.take::<Plain, _>()?,
            4 => self.payload = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Extension {
    const NAME: &str = "docker.swarmkit.v1.Extension";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("annotations", "annotations"),
        ("description", "description"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Plain, _>("description", &self.description)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            3 => self.description = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Volume {
    const NAME: &str = "docker.swarmkit.v1.Volume";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("meta", "meta"),
        ("spec", "spec"),
        ("publishStatus", "publish_status"),
        ("volumeInfo", "volume_info"),
        ("pendingDelete", "pending_delete"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("id", &self.id)?;
        out.put::<Maybe<Plain>, _>("meta", &self.meta)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<List<Plain>, _>("publishStatus", &self.publish_status)?;
        out.put::<Maybe<Plain>, _>("volumeInfo", &self.volume_info)?;
        out.put::<Plain, _>("pendingDelete", &self.pending_delete)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Plain, _>()?,
            1 => self.meta = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.publish_status = value.take::<List<Plain>, _>()?,
            4 => self.volume_info = value.take::<Maybe<Plain>, _>()?,
            5 => self.pending_delete = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetNodeRequest {
    const NAME: &str = "docker.swarmkit.v1.GetNodeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("nodeId", "node_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetNodeResponse {
    const NAME: &str = "docker.swarmkit.v1.GetNodeResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("node", "node"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("node", &self.node)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListNodesRequest {
    const NAME: &str = "docker.swarmkit.v1.ListNodesRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_nodes_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListNodesRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("nodeLabels", "node_labels"),
        ("memberships", "memberships"),
        ("roles", "roles"),
        ("namePrefixes", "name_prefixes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<Map<Plain>, _>("nodeLabels", &self.node_labels)?;
        out.put::<List<Named<node_spec::Membership>>, _>("memberships", &self.memberships)?;
        out.put::<List<Named<NodeRole>>, _>("roles", &self.roles)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.node_labels = value.take::<Map<Plain>, _>()?,
            4 => self.memberships = value.take::<List<Named<node_spec::Membership>>, _>()?,
            5 => self.roles = value.take::<List<Named<NodeRole>>, _>()?,
            6 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListNodesResponse {
    const NAME: &str = "docker.swarmkit.v1.ListNodesResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("nodes", "nodes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("nodes", &self.nodes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.nodes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateNodeRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateNodeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("nodeId", "node_id"),
        ("nodeVersion", "node_version"),
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Maybe<Plain>, _>("nodeVersion", &self.node_version)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node_id = value.take::<Plain, _>()?,
            1 => self.node_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateNodeResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateNodeResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("node", "node"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("node", &self.node)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveNodeRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveNodeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("nodeId", "node_id"),
        ("force", "force"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Plain, _>("force", &self.force)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node_id = value.take::<Plain, _>()?,
            1 => self.force = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveNodeResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveNodeResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetTaskRequest {
    const NAME: &str = "docker.swarmkit.v1.GetTaskRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("taskId", "task_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("taskId", &self.task_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.task_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetTaskResponse {
    const NAME: &str = "docker.swarmkit.v1.GetTaskResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("task", "task"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("task", &self.task)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.task = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveTaskRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveTaskRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("taskId", "task_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("taskId", &self.task_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.task_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveTaskResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveTaskResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListTasksRequest {
    const NAME: &str = "docker.swarmkit.v1.ListTasksRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_tasks_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListTasksRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("serviceIds", "service_ids"),
        ("nodeIds", "node_ids"),
        ("desiredStates", "desired_states"),
        ("namePrefixes", "name_prefixes"),
        ("runtimes", "runtimes"),
        ("upToDate", "up_to_date"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("serviceIds", &self.service_ids)?;
        out.put::<List<Plain>, _>("nodeIds", &self.node_ids)?;
        out.put::<List<Named<TaskState>>, _>("desiredStates", &self.desired_states)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        out.put::<List<Plain>, _>("runtimes", &self.runtimes)?;
        out.put::<Plain, _>("upToDate", &self.up_to_date)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.service_ids = value.take::<List<Plain>, _>()?,
            4 => self.node_ids = value.take::<List<Plain>, _>()?,
            5 => self.desired_states = value.take::<List<Named<TaskState>>, _>()?,
            6 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            7 => self.runtimes = value.take::<List<Plain>, _>()?,
            8 => self.up_to_date = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListTasksResponse {
    const NAME: &str = "docker.swarmkit.v1.ListTasksResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("tasks", "tasks"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("tasks", &self.tasks)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.tasks = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateServiceRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateServiceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateServiceResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateServiceResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("service", "service"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("service", &self.service)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetServiceRequest {
    const NAME: &str = "docker.swarmkit.v1.GetServiceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("serviceId", "service_id"),
        ("insertDefaults", "insert_defaults"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("serviceId", &self.service_id)?;
        out.put::<Plain, _>("insertDefaults", &self.insert_defaults)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service_id = value.take::<Plain, _>()?,
            1 => self.insert_defaults = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetServiceResponse {
    const NAME: &str = "docker.swarmkit.v1.GetServiceResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("service", "service"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("service", &self.service)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateServiceRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateServiceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("serviceId", "service_id"),
        ("serviceVersion", "service_version"),
        ("spec", "spec"),
        ("rollback", "rollback"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("serviceId", &self.service_id)?;
        out.put::<Maybe<Plain>, _>("serviceVersion", &self.service_version)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Named<update_service_request::Rollback>, _>("rollback", &self.rollback)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service_id = value.take::<Plain, _>()?,
            1 => self.service_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.rollback = value.take::<Named<update_service_request::Rollback>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateServiceResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateServiceResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("service", "service"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("service", &self.service)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveServiceRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveServiceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("serviceId", "service_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("serviceId", &self.service_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveServiceResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveServiceResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListServicesRequest {
    const NAME: &str = "docker.swarmkit.v1.ListServicesRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_services_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListServicesRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
        ("runtimes", "runtimes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        out.put::<List<Plain>, _>("runtimes", &self.runtimes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            4 => self.runtimes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListServicesResponse {
    const NAME: &str = "docker.swarmkit.v1.ListServicesResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("services", "services"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("services", &self.services)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.services = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListServiceStatusesRequest {
    const NAME: &str = "docker.swarmkit.v1.ListServiceStatusesRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("services", "services"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("services", &self.services)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.services = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListServiceStatusesResponse {
    const NAME: &str = "docker.swarmkit.v1.ListServiceStatusesResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("statuses", "statuses"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("statuses", &self.statuses)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.statuses = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_service_statuses_response::ServiceStatus {
    const NAME: &str = "docker.swarmkit.v1.ListServiceStatusesResponse.ServiceStatus";
    const FIELDS: &[(&str, &str)] = &[
        ("serviceId", "service_id"),
        ("desiredTasks", "desired_tasks"),
        ("runningTasks", "running_tasks"),
        ("completedTasks", "completed_tasks"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("serviceId", &self.service_id)?;
        out.put::<Wide, _>("desiredTasks", &self.desired_tasks)?;
        out.put::<Wide, _>("runningTasks", &self.running_tasks)?;
        out.put::<Wide, _>("completedTasks", &self.completed_tasks)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service_id = value.take::<Plain, _>()?,
            1 => self.desired_tasks = value.take::<Wide, _>()?,
            2 => self.running_tasks = value.take::<Wide, _>()?,
            3 => self.completed_tasks = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateNetworkRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateNetworkRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateNetworkResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateNetworkResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("network", "network"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("network", &self.network)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.network = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetNetworkRequest {
    const NAME: &str = "docker.swarmkit.v1.GetNetworkRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("networkId", "network_id"),
        ("appdata", "appdata"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Plain, _>("networkId", &self.network_id)?;
        out.put::<Maybe<Typed>, _>("appdata", &self.appdata)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.network_id = value.take::<Plain, _>()?,
            2 => self.appdata = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetNetworkResponse {
    const NAME: &str = "docker.swarmkit.v1.GetNetworkResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("network", "network"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("network", &self.network)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.network = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveNetworkRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveNetworkRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("name", "name"),
        ("networkId", "network_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("name", &self.name)?;
        out.put::<Plain, _>("networkId", &self.network_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.name = value.take::<Plain, _>()?,
            1 => self.network_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveNetworkResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveNetworkResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListNetworksRequest {
    const NAME: &str = "docker.swarmkit.v1.ListNetworksRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
        ("appdata", "appdata"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        out.put::<Maybe<Typed>, _>("appdata", &self.appdata)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            1 => self.appdata = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_networks_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListNetworksRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListNetworksResponse {
    const NAME: &str = "docker.swarmkit.v1.ListNetworksResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("networks", "networks"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("networks", &self.networks)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.networks = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetClusterRequest {
    const NAME: &str = "docker.swarmkit.v1.GetClusterRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("clusterId", "cluster_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("clusterId", &self.cluster_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.cluster_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetClusterResponse {
    const NAME: &str = "docker.swarmkit.v1.GetClusterResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("cluster", "cluster"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("cluster", &self.cluster)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.cluster = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListClustersRequest {
    const NAME: &str = "docker.swarmkit.v1.ListClustersRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_clusters_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListClustersRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListClustersResponse {
    const NAME: &str = "docker.swarmkit.v1.ListClustersResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("clusters", "clusters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("clusters", &self.clusters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.clusters = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for KeyRotation {
    const NAME: &str = "docker.swarmkit.v1.KeyRotation";
    const FIELDS: &[(&str, &str)] = &[
        ("workerJoinToken", "worker_join_token"),
        ("managerJoinToken", "manager_join_token"),
        ("managerUnlockKey", "manager_unlock_key"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("workerJoinToken", &self.worker_join_token)?;
        out.put::<Plain, _>("managerJoinToken", &self.manager_join_token)?;
        out.put::<Plain, _>("managerUnlockKey", &self.manager_unlock_key)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.worker_join_token = value.take::<Plain, _>()?,
            1 => self.manager_join_token = value.take::<Plain, _>()?,
            2 => self.manager_unlock_key = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateClusterRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateClusterRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("clusterId", "cluster_id"),
        ("clusterVersion", "cluster_version"),
        ("spec", "spec"),
        ("rotation", "rotation"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("clusterId", &self.cluster_id)?;
        out.put::<Maybe<Plain>, _>("clusterVersion", &self.cluster_version)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        out.put::<Maybe<Plain>, _>("rotation", &self.rotation)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.cluster_id = value.take::<Plain, _>()?,
            1 => self.cluster_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            3 => self.rotation = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateClusterResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateClusterResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("cluster", "cluster"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("cluster", &self.cluster)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.cluster = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetSecretRequest {
    const NAME: &str = "docker.swarmkit.v1.GetSecretRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("secretId", "secret_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("secretId", &self.secret_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetSecretResponse {
    const NAME: &str = "docker.swarmkit.v1.GetSecretResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("secret", "secret"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("secret", &self.secret)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateSecretRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateSecretRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("secretId", "secret_id"),
        ("secretVersion", "secret_version"),
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("secretId", &self.secret_id)?;
        out.put::<Maybe<Plain>, _>("secretVersion", &self.secret_version)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret_id = value.take::<Plain, _>()?,
            1 => self.secret_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateSecretResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateSecretResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("secret", "secret"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("secret", &self.secret)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListSecretsRequest {
    const NAME: &str = "docker.swarmkit.v1.ListSecretsRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_secrets_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListSecretsRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListSecretsResponse {
    const NAME: &str = "docker.swarmkit.v1.ListSecretsResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("secrets", "secrets"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("secrets", &self.secrets)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secrets = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateSecretRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateSecretRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateSecretResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateSecretResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("secret", "secret"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("secret", &self.secret)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveSecretRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveSecretRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("secretId", "secret_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("secretId", &self.secret_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.secret_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveSecretResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveSecretResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetConfigRequest {
    const NAME: &str = "docker.swarmkit.v1.GetConfigRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("configId", "config_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("configId", &self.config_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetConfigResponse {
    const NAME: &str = "docker.swarmkit.v1.GetConfigResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("config", "config"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("config", &self.config)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateConfigRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateConfigRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("configId", "config_id"),
        ("configVersion", "config_version"),
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("configId", &self.config_id)?;
        out.put::<Maybe<Plain>, _>("configVersion", &self.config_version)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config_id = value.take::<Plain, _>()?,
            1 => self.config_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateConfigResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateConfigResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("config", "config"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("config", &self.config)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListConfigsRequest {
    const NAME: &str = "docker.swarmkit.v1.ListConfigsRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_configs_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListConfigsRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListConfigsResponse {
    const NAME: &str = "docker.swarmkit.v1.ListConfigsResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("configs", "configs"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("configs", &self.configs)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.configs = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateConfigRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateConfigRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateConfigResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateConfigResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("config", "config"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("config", &self.config)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveConfigRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveConfigRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("configId", "config_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("configId", &self.config_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveConfigResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveConfigResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateExtensionRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateExtensionRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("description", "description"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Plain, _>("description", &self.description)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.description = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateExtensionResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateExtensionResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("extension", "extension"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("extension", &self.extension)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.extension = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveExtensionRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveExtensionRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("extensionId", "extension_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("extensionId", &self.extension_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.extension_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveExtensionResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveExtensionResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetExtensionRequest {
    const NAME: &str = "docker.swarmkit.v1.GetExtensionRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("extensionId", "extension_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("extensionId", &self.extension_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.extension_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetExtensionResponse {
    const NAME: &str = "docker.swarmkit.v1.GetExtensionResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("extension", "extension"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("extension", &self.extension)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.extension = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateResourceRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateResourceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("annotations", "annotations"),
        ("kind", "kind"),
        ("payload", "payload"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Maybe<Typed>, _>("payload", &self.payload)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            1 => self.kind = value.take::<Plain, _>()?,
            2 => self.payload = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateResourceResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateResourceResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("resource", "resource"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("resource", &self.resource)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveResourceRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveResourceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("resourceId", "resource_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("resourceId", &self.resource_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveResourceResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveResourceResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateResourceRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateResourceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("resourceId", "resource_id"),
        ("resourceVersion", "resource_version"),
        ("annotations", "annotations"),
        ("payload", "payload"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("resourceId", &self.resource_id)?;
        out.put::<Maybe<Plain>, _>("resourceVersion", &self.resource_version)?;
        out.put::<Maybe<Plain>, _>("annotations", &self.annotations)?;
        out.put::<Maybe<Typed>, _>("payload", &self.payload)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource_id = value.take::<Plain, _>()?,
            1 => self.resource_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.annotations = value.take::<Maybe<Plain>, _>()?,
            3 => self.payload = value.take::<Maybe<Typed>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateResourceResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateResourceResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("resource", "resource"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("resource", &self.resource)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetResourceRequest {
    const NAME: &str = "docker.swarmkit.v1.GetResourceRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("resourceId", "resource_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("resourceId", &self.resource_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetResourceResponse {
    const NAME: &str = "docker.swarmkit.v1.GetResourceResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("resource", "resource"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("resource", &self.resource)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resource = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListResourcesRequest {
    const NAME: &str = "docker.swarmkit.v1.ListResourcesRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_resources_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListResourcesRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
        ("kind", "kind"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        out.put::<Plain, _>("kind", &self.kind)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            4 => self.kind = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListResourcesResponse {
    const NAME: &str = "docker.swarmkit.v1.ListResourcesResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("resources", "resources"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("resources", &self.resources)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.resources = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateVolumeRequest {
    const NAME: &str = "docker.swarmkit.v1.CreateVolumeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for CreateVolumeResponse {
    const NAME: &str = "docker.swarmkit.v1.CreateVolumeResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("volume", "volume"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("volume", &self.volume)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volume = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetVolumeRequest {
    const NAME: &str = "docker.swarmkit.v1.GetVolumeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("volumeId", "volume_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("volumeId", &self.volume_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volume_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for GetVolumeResponse {
    const NAME: &str = "docker.swarmkit.v1.GetVolumeResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("volume", "volume"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("volume", &self.volume)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volume = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateVolumeRequest {
    const NAME: &str = "docker.swarmkit.v1.UpdateVolumeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("volumeId", "volume_id"),
        ("volumeVersion", "volume_version"),
        ("spec", "spec"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("volumeId", &self.volume_id)?;
        out.put::<Maybe<Plain>, _>("volumeVersion", &self.volume_version)?;
        out.put::<Maybe<Plain>, _>("spec", &self.spec)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volume_id = value.take::<Plain, _>()?,
            1 => self.volume_version = value.take::<Maybe<Plain>, _>()?,
            2 => self.spec = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for UpdateVolumeResponse {
    const NAME: &str = "docker.swarmkit.v1.UpdateVolumeResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("volume", "volume"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("volume", &self.volume)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volume = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListVolumesRequest {
    const NAME: &str = "docker.swarmkit.v1.ListVolumesRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.filters = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for list_volumes_request::Filters {
    const NAME: &str = "docker.swarmkit.v1.ListVolumesRequest.Filters";
    const FIELDS: &[(&str, &str)] = &[
        ("names", "names"),
        ("idPrefixes", "id_prefixes"),
        ("labels", "labels"),
        ("namePrefixes", "name_prefixes"),
        ("groups", "groups"),
        ("drivers", "drivers"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("names", &self.names)?;
        out.put::<List<Plain>, _>("idPrefixes", &self.id_prefixes)?;
        out.put::<Map<Plain>, _>("labels", &self.labels)?;
        out.put::<List<Plain>, _>("namePrefixes", &self.name_prefixes)?;
        out.put::<List<Plain>, _>("groups", &self.groups)?;
        out.put::<List<Plain>, _>("drivers", &self.drivers)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.names = value.take::<List<Plain>, _>()?,
            1 => self.id_prefixes = value.take::<List<Plain>, _>()?,
            2 => self.labels = value.take::<Map<Plain>, _>()?,
            3 => self.name_prefixes = value.take::<List<Plain>, _>()?,
            4 => self.groups = value.take::<List<Plain>, _>()?,
            5 => self.drivers = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ListVolumesResponse {
    const NAME: &str = "docker.swarmkit.v1.ListVolumesResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("volumes", "volumes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("volumes", &self.volumes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volumes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveVolumeRequest {
    const NAME: &str = "docker.swarmkit.v1.RemoveVolumeRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("volumeId", "volume_id"),
        ("force", "force"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("volumeId", &self.volume_id)?;
        out.put::<Plain, _>("force", &self.force)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.volume_id = value.take::<Plain, _>()?,
            1 => self.force = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RemoveVolumeResponse {
    const NAME: &str = "docker.swarmkit.v1.RemoveVolumeResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for HealthCheckRequest {
    const NAME: &str = "docker.swarmkit.v1.HealthCheckRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("service", "service"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("service", &self.service)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for HealthCheckResponse {
    const NAME: &str = "docker.swarmkit.v1.HealthCheckResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("status", "status"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<health_check_response::ServingStatus>, _>("status", &self.status)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.status = value.take::<Named<health_check_response::ServingStatus>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for RaftMember {
    const NAME: &str = "docker.swarmkit.v1.RaftMember";
    const FIELDS: &[(&str, &str)] = &[
        ("raftId", "raft_id"),
        ("nodeId", "node_id"),
        ("addr", "addr"),
        ("status", "status"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("raftId", &self.raft_id)?;
        out.put::<Plain, _>("nodeId", &self.node_id)?;
        out.put::<Plain, _>("addr", &self.addr)?;
        out.put::<Maybe<Plain>, _>("status", &self.status)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.raft_id = value.take::<Wide, _>()?,
            1 => self.node_id = value.take::<Plain, _>()?,
            2 => self.addr = value.take::<Plain, _>()?,
            3 => self.status = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for JoinRequest {
    const NAME: &str = "docker.swarmkit.v1.JoinRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("addr", "addr"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("addr", &self.addr)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.addr = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for JoinResponse {
    const NAME: &str = "docker.swarmkit.v1.JoinResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("raftId", "raft_id"),
        ("members", "members"),
        ("removedMembers", "removed_members"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("raftId", &self.raft_id)?;
        out.put::<List<Plain>, _>("members", &self.members)?;
        out.put::<List<Wide>, _>("removedMembers", &self.removed_members)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.raft_id = value.take::<Wide, _>()?,
            1 => self.members = value.take::<List<Plain>, _>()?,
            2 => self.removed_members = value.take::<List<Wide>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for LeaveRequest {
    const NAME: &str = "docker.swarmkit.v1.LeaveRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("node", "node"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("node", &self.node)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.node = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for LeaveResponse {
    const NAME: &str = "docker.swarmkit.v1.LeaveResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ProcessRaftMessageRequest {
    const NAME: &str = "docker.swarmkit.v1.ProcessRaftMessageRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("message", "message"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Base64, _>("message", &self.message)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.message = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ProcessRaftMessageResponse {
    const NAME: &str = "docker.swarmkit.v1.ProcessRaftMessageResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for StreamRaftMessageRequest {
    const NAME: &str = "docker.swarmkit.v1.StreamRaftMessageRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("message", "message"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Base64, _>("message", &self.message)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.message = value.take::<Base64, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for StreamRaftMessageResponse {
    const NAME: &str = "docker.swarmkit.v1.StreamRaftMessageResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ResolveAddressRequest {
    const NAME: &str = "docker.swarmkit.v1.ResolveAddressRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("raftId", "raft_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("raftId", &self.raft_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.raft_id = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ResolveAddressResponse {
    const NAME: &str = "docker.swarmkit.v1.ResolveAddressResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("addr", "addr"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("addr", &self.addr)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.addr = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for InternalRaftRequest {
    const NAME: &str = "docker.swarmkit.v1.InternalRaftRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("action", "action"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Wide, _>("id", &self.id)?;
        out.put::<List<Plain>, _>("action", &self.action)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.id = value.take::<Wide, _>()?,
            1 => self.action = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for StoreAction {
    const NAME: &str = "docker.swarmkit.v1.StoreAction";
    const FIELDS: &[(&str, &str)] = &[
        ("action", "action"),
        ("node", "node"),
        ("service", "service"),
        ("task", "task"),
        ("network", "network"),
        ("cluster", "cluster"),
        ("secret", "secret"),
        ("resource", "resource"),
        ("extension", "extension"),
        ("config", "config"),
        ("volume", "volume"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<StoreActionKind>, _>("action", &self.action)?;
        if let Some(store_action::Target::Node(branch)) = &self.target {
            out.set::<Plain, _>("node", branch)?;
        }
        if let Some(store_action::Target::Service(branch)) = &self.target {
            out.set::<Plain, _>("service", branch)?;
        }
        if let Some(store_action::Target::Task(branch)) = &self.target {
            out.set::<Plain, _>("task", branch)?;
        }
        if let Some(store_action::Target::Network(branch)) = &self.target {
            out.set::<Plain, _>("network", branch)?;
        }
        if let Some(store_action::Target::Cluster(branch)) = &self.target {
            out.set::<Plain, _>("cluster", branch)?;
        }
        if let Some(store_action::Target::Secret(branch)) = &self.target {
            out.set::<Plain, _>("secret", branch)?;
        }
        if let Some(store_action::Target::Resource(branch)) = &self.target {
            out.set::<Plain, _>("resource", branch)?;
        }
        if let Some(store_action::Target::Extension(branch)) = &self.target {
            out.set::<Plain, _>("extension", branch)?;
        }
        if let Some(store_action::Target::Config(branch)) = &self.target {
            out.set::<Plain, _>("config", branch)?;
        }
        if let Some(store_action::Target::Volume(branch)) = &self.target {
            out.set::<Plain, _>("volume", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.action = value.take::<Named<StoreActionKind>, _>()?,
            1 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Node)?,
            2 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Service)?,
            3 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Task)?,
            4 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Network)?,
            5 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Cluster)?,
            6 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Secret)?,
            7 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Resource)?,
            8 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Extension)?,
            9 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Config)?,
            10 => value.branch::<Plain, _, _>(&mut self.target, store_action::Target::Volume)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for AttachNetworkRequest {
    const NAME: &str = "docker.swarmkit.v1.AttachNetworkRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("config", "config"),
        ("containerId", "container_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Maybe<Plain>, _>("config", &self.config)?;
        out.put::<Plain, _>("containerId", &self.container_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.config = value.take::<Maybe<Plain>, _>()?,
            1 => self.container_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for AttachNetworkResponse {
    const NAME: &str = "docker.swarmkit.v1.AttachNetworkResponse";
    const FIELDS: &[(&str, &str)] = &[
        ("attachmentId", "attachment_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("attachmentId", &self.attachment_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.attachment_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for DetachNetworkRequest {
    const NAME: &str = "docker.swarmkit.v1.DetachNetworkRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("attachmentId", "attachment_id"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("attachmentId", &self.attachment_id)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.attachment_id = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for DetachNetworkResponse {
    const NAME: &str = "docker.swarmkit.v1.DetachNetworkResponse";
    const FIELDS: &[(&str, &str)] = &[
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for StoreSnapshot {
    const NAME: &str = "docker.swarmkit.v1.StoreSnapshot";
    const FIELDS: &[(&str, &str)] = &[
        ("nodes", "nodes"),
        ("services", "services"),
        ("networks", "networks"),
        ("tasks", "tasks"),
        ("clusters", "clusters"),
        ("secrets", "secrets"),
        ("resources", "resources"),
        ("extensions", "extensions"),
        ("configs", "configs"),
        ("volumes", "volumes"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("nodes", &self.nodes)?;
        out.put::<List<Plain>, _>("services", &self.services)?;
        out.put::<List<Plain>, _>("networks", &self.networks)?;
        out.put::<List<Plain>, _>("tasks", &self.tasks)?;
        out.put::<List<Plain>, _>("clusters", &self.clusters)?;
        out.put::<List<Plain>, _>("secrets", &self.secrets)?;
        out.put::<List<Plain>, _>("resources", &self.resources)?;
        out.put::<List<Plain>, _>("extensions", &self.extensions)?;
        out.put::<List<Plain>, _>("configs", &self.configs)?;
        out.put::<List<Plain>, _>("volumes", &self.volumes)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.nodes = value.take::<List<Plain>, _>()?,
            1 => self.services = value.take::<List<Plain>, _>()?,
            2 => self.networks = value.take::<List<Plain>, _>()?,
            3 => self.tasks = value.take::<List<Plain>, _>()?,
            4 => self.clusters = value.take::<List<Plain>, _>()?,
            5 => self.secrets = value.take::<List<Plain>, _>()?,
            6 => self.resources = value.take::<List<Plain>, _>()?,
            7 => self.extensions = value.take::<List<Plain>, _>()?,
            8 => self.configs = value.take::<List<Plain>, _>()?,
            9 => self.volumes = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for ClusterSnapshot {
    const NAME: &str = "docker.swarmkit.v1.ClusterSnapshot";
    const FIELDS: &[(&str, &str)] = &[
        ("members", "members"),
        ("removed", "removed"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("members", &self.members)?;
        out.put::<List<Wide>, _>("removed", &self.removed)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.members = value.take::<List<Plain>, _>()?,
            1 => self.removed = value.take::<List<Wide>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Snapshot {
    const NAME: &str = "docker.swarmkit.v1.Snapshot";
    const FIELDS: &[(&str, &str)] = &[
        ("version", "version"),
        ("membership", "membership"),
        ("store", "store"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<snapshot::Version>, _>("version", &self.version)?;
        out.put::<Maybe<Plain>, _>("membership", &self.membership)?;
        out.put::<Maybe<Plain>, _>("store", &self.store)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.version = value.take::<Named<snapshot::Version>, _>()?,
            1 => self.membership = value.take::<Maybe<Plain>, _>()?,
            2 => self.store = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for Object {
    const NAME: &str = "docker.swarmkit.v1.Object";
    const FIELDS: &[(&str, &str)] = &[
        ("node", "node"),
        ("service", "service"),
        ("network", "network"),
        ("task", "task"),
        ("cluster", "cluster"),
        ("secret", "secret"),
        ("resource", "resource"),
        ("extension", "extension"),
        ("config", "config"),
        ("volume", "volume"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(object::Object::Node(branch)) = &self.object {
            out.set::<Plain, _>("node", branch)?;
        }
        if let Some(object::Object::Service(branch)) = &self.object {
            out.set::<Plain, _>("service", branch)?;
        }
        if let Some(object::Object::Network(branch)) = &self.object {
            out.set::<Plain, _>("network", branch)?;
        }
        if let Some(object::Object::Task(branch)) = &self.object {
            out.set::<Plain, _>("task", branch)?;
        }
        if let Some(object::Object::Cluster(branch)) = &self.object {
            out.set::<Plain, _>("cluster", branch)?;
        }
        if let Some(object::Object::Secret(branch)) = &self.object {
            out.set::<Plain, _>("secret", branch)?;
        }
        if let Some(object::Object::Resource(branch)) = &self.object {
            out.set::<Plain, _>("resource", branch)?;
        }
        if let Some(object::Object::Extension(branch)) = &self.object {
            out.set::<Plain, _>("extension", branch)?;
        }
        if let Some(object::Object::Config(branch)) = &self.object {
            out.set::<Plain, _>("config", branch)?;
        }
        if let Some(object::Object::Volume(branch)) = &self.object {
            out.set::<Plain, _>("volume", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Node)?,
            1 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Service)?,
            2 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Network)?,
            3 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Task)?,
            4 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Cluster)?,
            5 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Secret)?,
            6 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Resource)?,
            7 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Extension)?,
            8 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Config)?,
            9 => value.branch::<Plain, _, _>(&mut self.object, object::Object::Volume)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for SelectBySlot {
    const NAME: &str = "docker.swarmkit.v1.SelectBySlot";
    const FIELDS: &[(&str, &str)] = &[
        ("serviceId", "service_id"),
        ("slot", "slot"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("serviceId", &self.service_id)?;
        out.put::<Wide, _>("slot", &self.slot)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.service_id = value.take::<Plain, _>()?,
            1 => self.slot = value.take::<Wide, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for SelectByCustom {
    const NAME: &str = "docker.swarmkit.v1.SelectByCustom";
    const FIELDS: &[(&str, &str)] = &[
        ("kind", "kind"),
        ("index", "index"),
        ("value", "value"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Plain, _>("index", &self.index)?;
        out.put::<Plain, _>("value", &self.value)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.kind = value.take::<Plain, _>()?,
            1 => self.index = value.take::<Plain, _>()?,
            2 => self.value = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for SelectBy {
    const NAME: &str = "docker.swarmkit.v1.SelectBy";
    const FIELDS: &[(&str, &str)] = &[
        ("id", "id"),
        ("idPrefix", "id_prefix"),
        ("name", "name"),
        ("namePrefix", "name_prefix"),
        ("custom", "custom"),
        ("customPrefix", "custom_prefix"),
        ("serviceId", "service_id"),
        ("nodeId", "node_id"),
        ("slot", "slot"),
        ("desiredState", "desired_state"),
        ("role", "role"),
        ("membership", "membership"),
        ("referencedNetworkId", "referenced_network_id"),
        ("referencedSecretId", "referenced_secret_id"),
        ("referencedConfigId", "referenced_config_id"),
        ("kind", "kind"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        if let Some(select_by::By::Id(branch)) = &self.by {
            out.set::<Plain, _>("id", branch)?;
        }
        if let Some(select_by::By::IdPrefix(branch)) = &self.by {
            out.set::<Plain, _>("idPrefix", branch)?;
        }
        if let Some(select_by::By::Name(branch)) = &self.by {
            out.set::<Plain, _>("name", branch)?;
        }
        if let Some(select_by::By::NamePrefix(branch)) = &self.by {
            out.set::<Plain, _>("namePrefix", branch)?;
        }
        if let Some(select_by::By::Custom(branch)) = &self.by {
            out.set::<Plain, _>("custom", branch)?;
        }
        if let Some(select_by::By::CustomPrefix(branch)) = &self.by {
            out.set::<Plain, _>("customPrefix", branch)?;
        }
        if let Some(select_by::By::ServiceId(branch)) = &self.by {
            out.set::<Plain, _>("serviceId", branch)?;
        }
        if let Some(select_by::By::NodeId(branch)) = &self.by {
            out.set::<Plain, _>("nodeId", branch)?;
        }
        if let Some(select_by::By::Slot(branch)) = &self.by {
            out.set::<Plain, _>("slot", branch)?;
        }
        if let Some(select_by::By::DesiredState(branch)) = &self.by {
            out.set::<Named<TaskState>, _>("desiredState", branch)?;
        }
        if let Some(select_by::By::Role(branch)) = &self.by {
            out.set::<Named<NodeRole>, _>("role", branch)?;
        }
        if let Some(select_by::By::Membership(branch)) = &self.by {
            out.set::<Named<node_spec::Membership>, _>("membership", branch)?;
        }
        if let Some(select_by::By::ReferencedNetworkId(branch)) = &self.by {
            out.set::<Plain, _>("referencedNetworkId", branch)?;
        }
        if let Some(select_by::By::ReferencedSecretId(branch)) = &self.by {
            out.set::<Plain, _>("referencedSecretId", branch)?;
        }
        if let Some(select_by::By::ReferencedConfigId(branch)) = &self.by {
            out.set::<Plain, _>("referencedConfigId", branch)?;
        }
        if let Some(select_by::By::Kind(branch)) = &self.by {
            out.set::<Plain, _>("kind", branch)?;
        }
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::Id)?,
            1 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::IdPrefix)?,
            2 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::Name)?,
            3 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::NamePrefix)?,
            4 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::Custom)?,
            5 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::CustomPrefix)?,
            6 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::ServiceId)?,
            7 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::NodeId)?,
            8 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::Slot)?,
            9 => value.branch::<Named<TaskState>, _, _>(&mut self.by, select_by::By::DesiredState)?,
            10 => value.branch::<Named<NodeRole>, _, _>(&mut self.by, select_by::By::Role)?,
            11 => value.branch::<Named<node_spec::Membership>, _, _>(&mut self.by, select_by::By::Membership)?,
            12 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::ReferencedNetworkId)?,
            13 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::ReferencedSecretId)?,
            14 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::ReferencedConfigId)?,
            15 => value.branch::<Plain, _, _>(&mut self.by, select_by::By::Kind)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for WatchRequest {
    const NAME: &str = "docker.swarmkit.v1.WatchRequest";
    const FIELDS: &[(&str, &str)] = &[
        ("entries", "entries"),
        ("resumeFrom", "resume_from"),
        ("includeOldObject", "include_old_object"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("entries", &self.entries)?;
        out.put::<Maybe<Plain>, _>("resumeFrom", &self.resume_from)?;
        out.put::<Plain, _>("includeOldObject", &self.include_old_object)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.entries = value.take::<List<Plain>, _>()?,
            1 => self.resume_from = value.take::<Maybe<Plain>, _>()?,
            2 => self.include_old_object = value.take::<Plain, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for watch_request::WatchEntry {
    const NAME: &str = "docker.swarmkit.v1.WatchRequest.WatchEntry";
    const FIELDS: &[(&str, &str)] = &[
        ("kind", "kind"),
        ("action", "action"),
        ("filters", "filters"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Plain, _>("kind", &self.kind)?;
        out.put::<Named<WatchActionKind>, _>("action", &self.action)?;
        out.put::<List<Plain>, _>("filters", &self.filters)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.kind = value.take::<Plain, _>()?,
            1 => self.action = value.take::<Named<WatchActionKind>, _>()?,
            2 => self.filters = value.take::<List<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for WatchMessage {
    const NAME: &str = "docker.swarmkit.v1.WatchMessage";
    const FIELDS: &[(&str, &str)] = &[
        ("events", "events"),
        ("version", "version"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<List<Plain>, _>("events", &self.events)?;
        out.put::<Maybe<Plain>, _>("version", &self.version)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.events = value.take::<List<Plain>, _>()?,
            1 => self.version = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl Message for watch_message::Event {
    const NAME: &str = "docker.swarmkit.v1.WatchMessage.Event";
    const FIELDS: &[(&str, &str)] = &[
        ("action", "action"),
        ("object", "object"),
        ("oldObject", "old_object"),
    ];

    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {
        out.put::<Named<WatchActionKind>, _>("action", &self.action)?;
        out.put::<Maybe<Plain>, _>("object", &self.object)?;
        out.put::<Maybe<Plain>, _>("oldObject", &self.old_object)?;
        Ok(())
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {
        match field {
            0 => self.action = value.take::<Named<WatchActionKind>, _>()?,
            1 => self.object = value.take::<Maybe<Plain>, _>()?,
            2 => self.old_object = value.take::<Maybe<Plain>, _>()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}
