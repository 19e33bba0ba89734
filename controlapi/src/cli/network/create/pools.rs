//! The address pools of a network, from flags: each gateway and range goes to the subnet that contains it.

use std::net::IpAddr;

use store_objects::wire::IpamConfig;
use store_objects::wire::ipam_config::AddressFamily;

use crate::cli::error::Error;

/// The flags; each may be given once a subnet.
#[derive(Debug, clap::Args)]
pub(super) struct Pools {
    /// A subnet in CIDR form.
    #[arg(long = "subnet", value_name = "CIDR")]
    subnets: Vec<String>,
    /// The gateway of the subnet that contains it.
    #[arg(long = "gateway", value_name = "ADDRESS")]
    gateways: Vec<String>,
    /// Addresses are taken from this part of the subnet that contains it.
    #[arg(long = "ip-range", value_name = "CIDR")]
    ranges: Vec<String>,
}

impl Pools {
    /// Returns a pool for each subnet.
    ///
    /// # Errors
    /// When something is no address, or a gateway or range is in none of the subnets.
    pub(super) fn configs(&self) -> Result<Vec<IpamConfig>, Error> {
        let mut gateways = self.gateways.clone();
        let mut ranges = self.ranges.clone();
        let mut configs = Vec::new();
        for subnet in &self.subnets {
            let block = Block::parse("--subnet", subnet)?;
            let family = if block.address.is_ipv4() {
                AddressFamily::Ipv4
            } else {
                AddressFamily::Ipv6
            };
            configs.push(IpamConfig {
                family: family.into(),
                subnet: subnet.clone(),
                gateway: take_inside(&block, "--gateway", &mut gateways)?,
                range: take_inside(&block, "--ip-range", &mut ranges)?,
                ..Default::default()
            });
        }
        match gateways.first().or(ranges.first()) {
            Some(left) => Err(Error::Usage(format!(
                "no --subnet contains {left}, or it has one already"
            ))),
            None => Ok(configs),
        }
    }
}

/// Takes the first address or range that is inside of a subnet out of a list; empty if there is none.
fn take_inside(subnet: &Block, flag: &str, candidates: &mut Vec<String>) -> Result<String, Error> {
    for (at, candidate) in candidates.iter().enumerate() {
        if subnet.contains(Block::parse(flag, candidate)?.address) {
            return Ok(candidates.remove(at));
        }
    }
    Ok(String::new())
}

/// Addresses with equal leading bits.
struct Block {
    address: IpAddr,
    bits: u32,
}

impl Block {
    fn parse(flag: &str, text: &str) -> Result<Self, Error> {
        let error = || {
            Error::Usage(format!(
                "{flag} {text:?} is no address such as 10.1.0.1, and no block of them such as 10.1.0.0/16"
            ))
        };
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| error())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| error()))?;
        if bits <= width {
            Ok(Self { address, bits })
        } else {
            Err(error())
        }
    }

    fn contains(&self, other: IpAddr) -> bool {
        // Both shifted so that only the leading bits are left; a shift by the whole width leaves none.
        match (self.address, other) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let shift = 32 - self.bits;
                a.to_bits().checked_shr(shift) == b.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                let shift = 128 - self.bits;
                a.to_bits().checked_shr(shift) == b.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools(
        subnets: &[&str],
        gateways: &[&str],
        ranges: &[&str],
    ) -> Result<Vec<[String; 3]>, String> {
        let list = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        let pools = Pools {
            subnets: list(subnets),
            gateways: list(gateways),
            ranges: list(ranges),
        };
        let configs = pools.configs().map_err(|error| error.to_string())?;
        Ok(configs
            .into_iter()
            .map(|config| [config.subnet, config.gateway, config.range])
            .collect())
    }

    #[test]
    fn each_gateway_goes_to_its_subnet() {
        let found = pools(
            &["10.1.0.0/16", "fd00::/64"],
            &["fd00::1", "10.1.0.1"],
            &["10.1.2.0/24"],
        )
        .unwrap();
        assert_eq!(found[0], ["10.1.0.0/16", "10.1.0.1", "10.1.2.0/24"]);
        assert_eq!(found[1], ["fd00::/64", "fd00::1", ""]);
    }

    #[test]
    fn a_subnet_may_be_everything() {
        assert_eq!(
            pools(&["0.0.0.0/0"], &["9.9.9.9"], &[]).unwrap()[0][1],
            "9.9.9.9"
        );
    }

    #[test]
    fn what_is_outside_of_all_subnets_is_refused() {
        let error = pools(&["10.1.0.0/16"], &["10.2.0.1"], &[]).unwrap_err();
        assert_eq!(
            error,
            "no --subnet contains 10.2.0.1, or it has one already"
        );
        assert!(pools(&[], &["10.2.0.1"], &[]).is_err());
        for (pools, flag) in [
            (
                pools(&["10.1.0.0/33"], &[], &[]),
                "--subnet \"10.1.0.0/33\"",
            ),
            (pools(&["10.1.0.0/16"], &["web"], &[]), "--gateway \"web\""),
            (pools(&["10.1.0.0/16"], &[], &["/24"]), "--ip-range \"/24\""),
        ] {
            let error = pools.unwrap_err();
            assert!(
                error.starts_with(&format!("{flag} is no address")),
                "{error}"
            );
        }
    }
}
