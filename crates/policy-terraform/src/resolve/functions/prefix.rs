//! Address prefixes: the arithmetic behind Terraform's `cidr*` functions.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address prefix, such as `10.0.0.0/8`. Invariant: the bits of `network` below the prefix are zero, and
/// `length <= width`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    network: u128,
    length: u32,
    width: u32,
}

impl Prefix {
    /// Reads `10.0.0.0/8` or `fd00::/8`. Bits below the prefix are dropped.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let invalid = || format!("invalid CIDR expression: {text}");
        let (address, length) = text.split_once('/').ok_or_else(invalid)?;
        let (address, width) = if address.contains(':') {
            (address.parse::<Ipv6Addr>().map_err(|_| invalid())?.to_bits(), 128)
        } else {
            (u128::from(parse_v4(address).ok_or_else(invalid)?), 32)
        };
        let digits =
            length.len() <= 3 && !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let length = length.parse().ok().filter(|&length| digits && length <= width).ok_or_else(invalid)?;
        Ok(Self::new(address, length, width))
    }

    fn new(address: u128, length: u32, width: u32) -> Self {
        Self { network: address & !low_bits(width - length), length, width }
    }

    /// The address of one host; negative numbers count from the last address.
    pub(super) fn host(self, number: i128) -> Result<String, String> {
        let last = low_bits(self.width - self.length);
        let offset = number.unsigned_abs();
        let host = if number < 0 { last.checked_sub(offset - 1) } else { (offset <= last).then_some(offset) };
        let host = host.ok_or_else(|| {
            format!("prefix of {} does not accommodate a host numbered {number}", self.length)
        })?;
        Ok(address(self.network | host, self.width).to_string())
    }

    /// The mask in dotted form, for IPv4.
    pub(super) fn netmask(self) -> Result<String, String> {
        if self.width == 128 {
            return Err("IPv6 addresses cannot have a netmask".to_owned());
        }
        let mask = !low_bits(self.width - self.length) & low_bits(32);
        Ok(address(mask, 32).to_string())
    }

    /// The subnet numbered `number` among those with `new_bits` more bits.
    pub(super) fn subnet(self, new_bits: u32, number: u128) -> Result<Self, String> {
        let length = self.extended(new_bits)?;
        if number > low_bits(new_bits) {
            return Err(format!(
                "prefix extension of {new_bits} does not accommodate a subnet numbered {number}"
            ));
        }
        let shifted = number.checked_shl(self.width - length).unwrap_or(0);
        Ok(Self { network: self.network | shifted, length, width: self.width })
    }

    /// Consecutive subnets, each with its own number of more bits, each at the first place it fits.
    pub(super) fn subnets(self, new_bits: &[u32]) -> Result<Vec<Self>, String> {
        if self.network == 0 && !new_bits.is_empty() {
            // Terraform looks for the first subnet after the one before the prefix, and there is none before zero.
            return Err("not enough remaining address space".to_owned());
        }
        let mut subnets = Vec::with_capacity(new_bits.len());
        let mut next = Some(self.network);
        for &bits in new_bits {
            if bits == 0 {
                return Err("must extend prefix by at least one bit".to_owned());
            }
            if bits > 32 {
                return Err("may not extend prefix by more than 32 bits".to_owned());
            }
            let length = self.extended(bits)?;
            let size = low_bits(self.width - length);
            let start = next.and_then(|next| Some(next.checked_add(size)? & !size));
            let start = start.filter(|start| start & !low_bits(self.width - self.length) == self.network);
            let start = start.ok_or_else(|| {
                format!("not enough remaining address space for a subnet with a prefix of {length} bits")
            })?;
            next = (start | size).checked_add(1).filter(|&next| self.width == 128 || next <= low_bits(32));
            subnets.push(Self::new(start, length, self.width));
        }
        Ok(subnets)
    }

    fn extended(self, new_bits: u32) -> Result<u32, String> {
        let length = self.length.saturating_add(new_bits);
        if length > self.width {
            return Err(format!(
                "insufficient address space to extend prefix of {} by {new_bits}",
                self.length
            ));
        }
        Ok(length)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", address(self.network, self.width), self.length)
    }
}

/// Leading zeros are allowed and decimal, as Terraform has them.
fn parse_v4(text: &str) -> Option<u32> {
    let mut parts = text.split('.');
    let mut address = 0;
    for _ in 0..4 {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 6 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        address = address << 8 | u32::from(part.parse::<u8>().ok()?);
    }
    parts.next().is_none().then_some(address)
}

fn low_bits(count: u32) -> u128 {
    1u128.checked_shl(count).map_or(u128::MAX, |bit| bit - 1)
}

fn address(bits: u128, width: u32) -> IpAddr {
    if width == 32 {
        IpAddr::V4(Ipv4Addr::from_bits(bits as u32))
    } else {
        let address = Ipv6Addr::from_bits(bits);
        address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> Prefix {
        Prefix::parse(text).unwrap()
    }

    #[test]
    fn subnets_are_cut_as_terraform_documents() {
        assert_eq!(prefix("172.16.0.0/12").subnet(4, 2).unwrap().to_string(), "172.18.0.0/16");
        assert_eq!(
            prefix("fd00:fd12:3456:7890::/56").subnet(16, 162).unwrap().to_string(),
            "fd00:fd12:3456:7800:a200::/72"
        );
        let subnets = prefix("10.1.0.0/16").subnets(&[4, 4, 8, 4]).unwrap();
        let subnets: Vec<String> = subnets.iter().map(Prefix::to_string).collect();
        assert_eq!(subnets, ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(prefix("10.0.0.0/30").subnet(3, 0).is_err());
        assert!(prefix("10.0.0.0/8").subnet(2, 4).is_err());
        assert!(prefix("255.255.255.252/30").subnets(&[1, 1, 1]).is_err());
        assert!(prefix("::/0").subnet(128, u128::MAX).is_ok());
        assert!(prefix("10.0.0.0/8").host(1 << 24).is_err());
        assert!(prefix("10.0.0.0/8").host(i128::MIN).is_err());
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/+8", "::1/129", "a/8"] {
            assert!(Prefix::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hosts_count_from_both_ends() {
        assert_eq!(prefix("10.12.112.0/20").host(16).unwrap(), "10.12.112.16");
        assert_eq!(prefix("10.12.112.0/20").host(-1).unwrap(), "10.12.127.255");
        assert_eq!(prefix("172.16.0.0/12").netmask().unwrap(), "255.240.0.0");
    }
}
