//! Ranges of addresses in CIDR form, for constraints on `node.ip` and for the settings of networks.

use std::net::IpAddr;

/// The addresses that share their first bits; bits after those do not count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subnet {
    address: IpAddr,
    prefix_bits: u32,
}

impl Subnet {
    /// Reads `192.168.0.0/16`, `2001:db8::/32`, and the like. Leading zeros in an address are refused.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix_bits) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        if !prefix_bits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let prefix_bits: u32 = prefix_bits.parse().ok()?;
        (prefix_bits <= width(address)).then_some(Self {
            address,
            prefix_bits,
        })
    }

    /// Returns the address before the slash, as written.
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }

    /// Tells whether an address of the same family lies within.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if width(self.address) != width(address) {
            return false;
        }
        let host_bits = width(address) - self.prefix_bits;
        let network = |address| bits(address).checked_shr(host_bits).unwrap_or(0);
        network(self.address) == network(address)
    }
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_contain_what_shares_their_prefix() {
        for (subnet, inside, outside) in [
            ("192.168.0.5/16", "192.168.255.255", "192.169.0.0"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "11.0.0.0"),
            ("10.0.0.7/32", "10.0.0.7", "10.0.0.8"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("2001:db8::/32", "2001:db8:1::1", "2001:db9::"),
            ("::/0", "ffff::", "1.2.3.4"),
        ] {
            let subnet = Subnet::parse(subnet).unwrap();
            assert!(subnet.contains(inside.parse().unwrap()), "{subnet:?}");
            assert!(!subnet.contains(outside.parse().unwrap()), "{subnet:?}");
        }
    }

    #[test]
    fn what_is_no_cidr_is_refused() {
        for text in [
            "",
            "bad",
            "10.0.0.1",
            "010.0.0.0/8",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "::/129",
            "10.0.0.0/8/8",
        ] {
            assert!(Subnet::parse(text).is_none(), "{text}");
        }
    }
}
