//! The spec of a network, where no driver is: the server manages specs and leaves networks to the nodes.

use std::net::IpAddr;

use store_objects::wire::{IpamConfig, NetworkSpec};

use super::subnet::Subnet;
use super::{Code, Invalid, name, request};

/// The label of networks that exist before any user.
const PREDEFINED_LABEL: &str = "com.docker.swarm.predefined";

/// Checks the spec of a network that is to be created, and returns it.
///
/// SwarmKit control API, section 7, `CreateNetwork` 1 to 6, with the inert network provider.
///
/// # Errors
/// With the first rule that the spec breaks.
pub fn network_spec(spec: Option<&NetworkSpec>) -> Result<&NetworkSpec, Invalid> {
    let spec = request::part(spec, "spec")?;
    if spec.attachable && spec.ingress {
        return Err(Invalid::argument("ingress network cannot be attachable").at("spec.attachable"));
    }
    name::dns_name(spec.annotations.as_ref())?;
    let annotations = spec.annotations.as_ref();
    if annotations.is_some_and(|annotations| annotations.labels.contains_key(PREDEFINED_LABEL)) {
        return Err(Invalid::new(
            Code::PermissionDenied,
            format!(
                "label {PREDEFINED_LABEL} is for internally created predefined networks \
                 and cannot be applied by users"
            ),
        )
        .at("spec.annotations.labels"));
    }
    if spec.driver_config.is_some() {
        return Err(Invalid::argument("ingress network drivers are unavailable")
            .at("spec.driver_config")
            .advise("this server has no network drivers; leave it out"));
    }
    if let Some(ipam) = &spec.ipam {
        if ipam.driver.is_some() {
            return Err(Invalid::argument("IPAM drivers are unavailable")
                .at("spec.ipam.driver")
                .advise("this server has no network drivers; leave it out"));
        }
        for (place, config) in ipam.configs.iter().enumerate() {
            ipam_config(config)
                .map_err(|refusal| refusal.at(format!("spec.ipam.configs[{place}]")))?;
        }
    }
    Ok(spec)
}

/// Of the range only the first address is held against the subnet, and host bits may be set in both.
fn ipam_config(config: &IpamConfig) -> Result<(), Invalid> {
    let refuse = |text: String| Err(Invalid::argument(format!("ipam configuration: {text}")));
    let IpamConfig {
        subnet,
        range,
        gateway,
        ..
    } = config;
    let Some(parsed) = Subnet::parse(subnet) else {
        return refuse(format!("invalid subnet {subnet}"));
    };
    if !range.is_empty() {
        let Some(parsed_range) = Subnet::parse(range) else {
            return refuse(format!("invalid range {range}"));
        };
        if !parsed.contains(parsed_range.address()) {
            return refuse(format!("subnet {subnet} does not contain range {range}"));
        }
    }
    if !gateway.is_empty() {
        let Ok(parsed_gateway) = gateway.parse::<IpAddr>() else {
            return refuse(format!("invalid gateway {gateway}"));
        };
        if !parsed.contains(parsed_gateway) {
            return refuse(format!(
                "subnet {subnet} does not contain gateway {gateway}"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use store_objects::wire::{Annotations, Driver, IpamOptions};

    use super::*;

    fn named() -> NetworkSpec {
        NetworkSpec {
            annotations: Some(Annotations {
                name: "n".to_owned(),
                ..Annotations::default()
            }),
            ..NetworkSpec::default()
        }
    }

    fn fault(spec: &NetworkSpec) -> String {
        network_spec(Some(spec)).unwrap_err().text().to_owned()
    }

    #[test]
    fn the_first_fault_is_reported() {
        assert_eq!(network_spec(None).unwrap_err().text(), "invalid argument");
        let mut spec = NetworkSpec {
            attachable: true,
            ingress: true,
            driver_config: Some(Driver::default()),
            ipam: Some(IpamOptions {
                driver: Some(Driver::default()),
                ..IpamOptions::default()
            }),
            ..NetworkSpec::default()
        };
        assert_eq!(fault(&spec), "ingress network cannot be attachable");
        spec.attachable = false;
        assert_eq!(fault(&spec), "meta: name must be provided");
        spec.annotations = named().annotations;
        assert_eq!(fault(&spec), "ingress network drivers are unavailable");
        spec.driver_config = None;
        assert_eq!(fault(&spec), "IPAM drivers are unavailable");
        spec.ipam = Some(IpamOptions::default());
        assert_eq!(network_spec(Some(&spec)), Ok(&spec));
    }

    #[test]
    fn nobody_takes_the_label_of_predefined_networks() {
        let mut spec = named();
        let annotations = spec.annotations.as_mut().unwrap();
        annotations.labels = [(PREDEFINED_LABEL.to_owned(), String::new())].into();
        let refusal = network_spec(Some(&spec)).unwrap_err();
        assert_eq!(refusal.code(), Code::PermissionDenied);
        assert!(
            refusal
                .text()
                .starts_with("label com.docker.swarm.predefined is for")
        );
    }

    #[test]
    fn addresses_lie_in_their_subnet() {
        let config = |(subnet, range, gateway): (&str, &str, &str)| IpamConfig {
            subnet: subnet.to_owned(),
            range: range.to_owned(),
            gateway: gateway.to_owned(),
            ..IpamConfig::default()
        };
        for good in [
            ("192.168.0.0/16", "", ""),
            ("192.168.0.5/16", "192.168.1.0/8", "192.168.255.255"),
            ("fd00::/8", "fd12::/64", "fd00::1"),
        ] {
            assert_eq!(ipam_config(&config(good)), Ok(()));
        }
        for (bad, text) in [
            (("", "", ""), "invalid subnet "),
            (("bad", "", ""), "invalid subnet bad"),
            (("192.168.0.0", "", ""), "invalid subnet 192.168.0.0"),
            (("010.0.0.0/8", "", ""), "invalid subnet 010.0.0.0/8"),
            (("192.168.0.0/16", "bad", ""), "invalid range bad"),
            (
                ("192.168.0.0/16", "192.169.1.0/24", ""),
                "subnet 192.168.0.0/16 does not contain range 192.169.1.0/24",
            ),
            (("192.168.0.0/16", "", "bad"), "invalid gateway bad"),
            (
                ("192.168.0.0/16", "", "10.0.0.1"),
                "subnet 192.168.0.0/16 does not contain gateway 10.0.0.1",
            ),
        ] {
            let refusal = ipam_config(&config(bad)).unwrap_err();
            assert_eq!(refusal.text(), format!("ipam configuration: {text}"));
        }
    }
}
