//! Flags about the ports under which a service is reached.

use std::str::FromStr;

use store_objects::wire::port_config::{Protocol, PublishMode};
use store_objects::wire::{PortConfig, ServiceSpec};

use crate::cli::item::{Item, given};

/// Which ports a service has.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Endpoint")]
pub(super) struct PortFlags {
    /// A port of the tasks, and the port of their nodes under which it is published.
    #[arg(
        long = "publish",
        visible_alias = "ports",
        value_name = "NAME:PORT[/PROTOCOL][:PUBLISHED]"
    )]
    ports: Vec<Item<Port>>,
}

impl PortFlags {
    pub(super) fn apply(&self, spec: &mut ServiceSpec) {
        if let Some(ports) = given(&self.ports) {
            spec.endpoint.get_or_insert_default().ports =
                ports.into_iter().map(|Port(port)| port).collect();
        }
    }
}

/// A port: `web:80/tcp:8080`. It is published on the nodes that run a task.
#[derive(Clone, Debug, PartialEq)]
struct Port(PortConfig);

impl FromStr for Port {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let (name, target, published) =
            (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let (Some(target), None) = (target, parts.next()) else {
            return Err(format!(
                "{text:?} is not of the form NAME:PORT[/PROTOCOL][:PUBLISHED]"
            ));
        };
        let (target_port, protocol) = number_and_protocol(target)?;
        let (published_port, other) = published.map_or(Ok((0, None)), number_and_protocol)?;
        if other.is_some() && other.unwrap_or(Protocol::Tcp) != protocol.unwrap_or(Protocol::Tcp) {
            return Err(format!("{text:?} has two protocols"));
        }
        Ok(Self(PortConfig {
            name: name.into(),
            protocol: protocol.unwrap_or(Protocol::Tcp).into(),
            target_port,
            published_port,
            publish_mode: PublishMode::Host.into(),
        }))
    }
}

fn number_and_protocol(text: &str) -> Result<(u32, Option<Protocol>), String> {
    let (number, protocol) = match text.split_once('/') {
        Some((number, protocol)) => (number, Some(protocol)),
        None => (text, None),
    };
    let number: u16 = number
        .parse()
        .map_err(|_| format!("{number:?} is no port"))?;
    let protocol = protocol.map(|name| {
        Protocol::from_str_name(&name.to_uppercase())
            .ok_or_else(|| format!("{name:?} is no protocol, only tcp, udp and sctp are"))
    });
    Ok((number.into(), protocol.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(text: &str) -> Result<PortConfig, String> {
        text.parse().map(|Port(port)| port)
    }

    #[test]
    fn a_port_is_published_on_its_nodes() {
        let expected = PortConfig {
            name: "web".into(),
            protocol: Protocol::Udp.into(),
            target_port: 80,
            published_port: 8080,
            publish_mode: PublishMode::Host.into(),
        };
        assert_eq!(port("web:80/udp:8080"), Ok(expected.clone()));
        assert_eq!(port("web:80/udp:8080/udp"), Ok(expected.clone()));
        assert_eq!(
            port("web:80/udp"),
            Ok(PortConfig {
                published_port: 0,
                ..expected.clone()
            })
        );
        assert_eq!(
            port("web:80:8080"),
            Ok(PortConfig {
                protocol: Protocol::Tcp.into(),
                ..expected
            })
        );
    }

    #[test]
    fn what_is_no_port_is_refused() {
        assert_eq!(
            port("80").unwrap_err(),
            "\"80\" is not of the form NAME:PORT[/PROTOCOL][:PUBLISHED]"
        );
        assert_eq!(port("web:http").unwrap_err(), "\"http\" is no port");
        assert_eq!(
            port("web:80/icmp").unwrap_err(),
            "\"icmp\" is no protocol, only tcp, udp and sctp are"
        );
        assert_eq!(
            port("web:80/udp:80/tcp").unwrap_err(),
            "\"web:80/udp:80/tcp\" has two protocols"
        );
        for text in ["web:70000", "web:80:", "web:80:1:2", "web:", ":"] {
            assert!(port(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ports_keep_how_the_name_is_resolved() {
        let mut spec = ServiceSpec::default();
        spec.endpoint.get_or_insert_default().mode = 1;
        PortFlags {
            ports: vec!["web:80".parse().unwrap()],
        }
        .apply(&mut spec);
        let endpoint = spec.endpoint.unwrap();
        assert_eq!((endpoint.mode, endpoint.ports.len()), (1, 1));
    }
}
