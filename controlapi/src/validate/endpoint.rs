//! The ports of a service: what one spec may say, and what collides with other services.
//!
//! Port numbers are not held against their range: SwarmKit stores 70000, and specs with it exist.

use std::collections::HashSet;

use store_objects::wire::endpoint_spec::ResolutionMode;
use store_objects::wire::port_config::PublishMode;
use store_objects::wire::{EndpointSpec, PortConfig, Service, ServiceSpec};

use super::Invalid;
use super::name::name_of;

/// Checks the ports of one spec, port by port.
///
/// SwarmKit control API, section 4.1.6.
pub(super) fn endpoint(endpoint: &EndpointSpec) -> Result<(), Invalid> {
    let mut published = HashSet::new();
    for (place, port) in endpoint.ports.iter().enumerate() {
        let field = || format!("spec.endpoint.ports[{place}]");
        if endpoint.mode == ResolutionMode::Dnsrr as i32 && is_ingress(port) {
            return Err(Invalid::argument(
                "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
            )
            .at(field())
            .advise("publish_mode HOST, or mode VIP"));
        }
        if port.published_port != 0 && !published.insert(protocol_and_port(port)) {
            return Err(
                Invalid::argument("EndpointSpec: duplicate published ports provided")
                    .at(field())
                    .advise(format!("port {} is there before", port.published_port)),
            );
        }
    }
    Ok(())
}

/// Tells whether a spec publishes a port on the ingress network, and so needs one.
///
/// SwarmKit control API, section 4.2.5.
#[must_use]
pub fn needs_ingress(spec: &ServiceSpec) -> bool {
    ports_of(spec.endpoint.as_ref()).iter().any(is_ingress)
}

/// Checks that the ports of a spec are free, given the services that there are, in the order of their ids.
///
/// SwarmKit control API, section 4.3. `own_id` is that of the service which is updated; its ports are its own.
///
/// # Errors
/// When another service has one of the ports, in its spec or allocated, and one of the two publishes it by ingress.
pub fn ports_free<'a>(
    spec: &ServiceSpec,
    own_id: Option<&str>,
    services: impl IntoIterator<Item = &'a Service>,
) -> Result<(), Invalid> {
    let wanted = |mode: PublishMode| -> HashSet<(i32, u32)> {
        ports_of(spec.endpoint.as_ref())
            .iter()
            .filter(|port| port.published_port != 0 && port.publish_mode == mode as i32)
            .map(protocol_and_port)
            .collect()
    };
    let (ingress, host) = (wanted(PublishMode::Ingress), wanted(PublishMode::Host));
    if ingress.is_empty() && host.is_empty() {
        return Ok(());
    }
    for service in services {
        if own_id == Some(&service.id) {
            continue;
        }
        for port in taken_ports(service) {
            let key = protocol_and_port(port);
            let in_use_as = if is_host(port) && ingress.contains(&key) {
                "a host-published port"
            } else if is_ingress(port) && (ingress.contains(&key) || host.contains(&key)) {
                "an ingress port"
            } else {
                continue;
            };
            let annotations = service
                .spec
                .as_ref()
                .and_then(|spec| spec.annotations.as_ref());
            return Err(Invalid::argument(format!(
                "port '{}' is already in use by service '{}' ({}) as {in_use_as}",
                port.published_port,
                name_of(annotations),
                service.id,
            ))
            .at("spec.endpoint.ports"));
        }
    }
    Ok(())
}

/// Returns the ports that a service has asked for, then those that it was given.
fn taken_ports(service: &Service) -> impl Iterator<Item = &PortConfig> {
    let asked = service
        .spec
        .as_ref()
        .and_then(|spec| spec.endpoint.as_ref());
    let given = service.endpoint.iter().flat_map(|endpoint| &endpoint.ports);
    ports_of(asked)
        .iter()
        .chain(given)
        .filter(|port| port.published_port != 0)
}

fn ports_of(endpoint: Option<&EndpointSpec>) -> &[PortConfig] {
    endpoint.map_or(&[], |endpoint| &endpoint.ports)
}

fn protocol_and_port(port: &PortConfig) -> (i32, u32) {
    (port.protocol, port.published_port)
}

/// A mode that is not known yet is neither ingress nor host.
fn is_ingress(port: &PortConfig) -> bool {
    port.publish_mode == PublishMode::Ingress as i32
}

fn is_host(port: &PortConfig) -> bool {
    port.publish_mode == PublishMode::Host as i32
}

#[cfg(test)]
mod tests {
    use store_objects::wire::port_config::Protocol;
    use store_objects::wire::{Annotations, Endpoint};

    use super::*;

    fn port(published_port: u32, protocol: Protocol, mode: PublishMode) -> PortConfig {
        PortConfig {
            target_port: 80,
            published_port,
            protocol: protocol.into(),
            publish_mode: mode.into(),
            ..PortConfig::default()
        }
    }

    fn ingress(published_port: u32) -> PortConfig {
        port(published_port, Protocol::Tcp, PublishMode::Ingress)
    }

    fn host(published_port: u32) -> PortConfig {
        port(published_port, Protocol::Tcp, PublishMode::Host)
    }

    fn spec(ports: Vec<PortConfig>) -> ServiceSpec {
        ServiceSpec {
            annotations: Some(Annotations {
                name: "web".to_owned(),
                ..Annotations::default()
            }),
            endpoint: Some(EndpointSpec { mode: 0, ports }),
            ..ServiceSpec::default()
        }
    }

    fn service(ports: Vec<PortConfig>) -> Service {
        Service {
            id: "svc".to_owned(),
            spec: Some(spec(ports).into()),
            ..Service::default()
        }
    }

    fn conflict(wanted: PortConfig, taken: PortConfig) -> Option<String> {
        ports_free(&spec(vec![wanted]), None, &[service(vec![taken])])
            .err()
            .map(|refusal| refusal.text().to_owned())
    }

    #[test]
    fn one_spec_publishes_a_port_once() {
        let ports = |ports| EndpointSpec { mode: 0, ports };
        for good in [
            vec![ingress(8001), ingress(8000)],
            vec![ingress(80), port(80, Protocol::Udp, PublishMode::Ingress)],
            vec![ingress(0), ingress(0), ingress(0)],
            vec![ingress(70_000)],
        ] {
            assert_eq!(endpoint(&ports(good)), Ok(()));
        }
        for bad in [vec![ingress(80), ingress(80)], vec![ingress(80), host(80)]] {
            assert_eq!(
                endpoint(&ports(bad)).unwrap_err().text(),
                "EndpointSpec: duplicate published ports provided"
            );
        }
    }

    #[test]
    fn dns_round_robin_has_no_ingress_ports() {
        let ports = |ports| EndpointSpec {
            mode: ResolutionMode::Dnsrr.into(),
            ports,
        };
        assert_eq!(endpoint(&ports(vec![host(80)])), Ok(()));
        let dnsrr = "EndpointSpec: port published with ingress mode can't be used with dnsrr mode";
        assert_eq!(
            endpoint(&ports(vec![ingress(0)])).unwrap_err().text(),
            dnsrr
        );
        // The first port at fault decides.
        let refusal = endpoint(&ports(vec![host(80), host(80), ingress(0)])).unwrap_err();
        assert_eq!(
            refusal.text(),
            "EndpointSpec: duplicate published ports provided"
        );
    }

    #[test]
    fn ingress_collides_and_host_does_not_with_itself() {
        let as_ingress = "port '80' is already in use by service 'web' (svc) as an ingress port";
        let as_host = "port '80' is already in use by service 'web' (svc) as a host-published port";
        assert_eq!(
            conflict(ingress(80), ingress(80)).as_deref(),
            Some(as_ingress)
        );
        assert_eq!(conflict(host(80), ingress(80)).as_deref(), Some(as_ingress));
        assert_eq!(conflict(ingress(80), host(80)).as_deref(), Some(as_host));
        assert_eq!(conflict(host(80), host(80)), None);
        assert_eq!(conflict(ingress(80), ingress(81)), None);
        assert_eq!(conflict(ingress(0), ingress(0)), None);
        let udp = port(80, Protocol::Udp, PublishMode::Ingress);
        assert_eq!(conflict(udp, ingress(80)), None);
        let unknown = PortConfig {
            publish_mode: 7,
            ..ingress(80)
        };
        assert_eq!(conflict(unknown.clone(), ingress(80)), None);
        assert_eq!(conflict(ingress(80), unknown), None);
    }

    #[test]
    fn allocated_ports_are_taken_and_ones_own_are_free() {
        let mut taken = service(vec![ingress(0)]);
        taken.endpoint = Some(Endpoint {
            ports: vec![ingress(30_001)],
            ..Endpoint::default()
        });
        let wanted = spec(vec![ingress(30_001)]);
        assert!(ports_free(&wanted, None, [&taken]).is_err());
        assert_eq!(ports_free(&wanted, Some("svc"), [&taken]), Ok(()));
    }

    #[test]
    fn only_ingress_ports_need_an_ingress_network() {
        assert!(needs_ingress(&spec(vec![host(80), ingress(0)])));
        assert!(!needs_ingress(&spec(vec![host(80)])));
        assert!(!needs_ingress(&ServiceSpec::default()));
    }
}
