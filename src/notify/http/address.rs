//! Which addresses may be told something: those of the public internet, and what the settings allow. Resolves nothing.
//!
//! Who may set up a destination must not thereby reach what only this machine can: its own ports, its neighbours, the
//! metadata of a cloud. Source: the special-purpose registries of IANA for IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::config::Networks;

/// Why nothing is sent to an address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{address} is {kind} address; notify.allow_private in the settings can allow its network")]
pub(super) struct Refusal {
    address: IpAddr,
    kind: &'static str,
}

/// Whether something may be sent to `address`.
pub(super) fn check(address: IpAddr, allowed: &Networks) -> Result<(), Refusal> {
    if allowed.contain(address) {
        return Ok(());
    }
    let kind = match address.to_canonical() {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    };
    kind.map_or(Ok(()), |kind| Err(Refusal { address, kind }))
}

/// What an address is, if it is not one of the public internet.
fn v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("an unspecified"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("a private"),
        [100, 64..=127, ..] => Some("a carrier's private"),
        [127, ..] => Some("a loopback"),
        [169, 254, ..] => Some("a link-local"),
        [224..=239, ..] => Some("a multicast"),
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => Some("a reserved"),
        [198, 51, 100, _] | [203, 0, 113, _] | [240..=255, ..] => Some("a reserved"),
        _ => None,
    }
}

/// Addresses with one of IPv4 in them are what that one is.
fn v6(address: Ipv6Addr) -> Option<&'static str> {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback"),
        // NAT64 of RFC 6052, 6to4 of RFC 3056.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        [0xfc00..=0xfdff, ..] => Some("a private"),
        [0xfe80..=0xfebf, ..] => Some("a link-local"),
        [0xff00..=0xffff, ..] => Some("a multicast"),
        // Protocol assignments (Teredo among them), documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("a reserved"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(address: &str) -> Option<&'static str> {
        check(address.parse().unwrap(), &Networks::default())
            .err()
            .map(|refusal| refusal.kind)
    }

    #[test]
    fn only_the_public_internet_is_told() {
        for public in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "169.253.1.1",
            "192.0.1.1",
            "2606:4700::1111",
        ] {
            assert_eq!(kind(public), None, "{public}");
        }
        for public in ["::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"] {
            assert_eq!(kind(public), None, "{public}");
        }
        for (address, expected) in [
            ("0.0.0.0", "an unspecified"),
            ("10.1.2.3", "a private"),
            ("172.31.255.255", "a private"),
            ("192.168.0.1", "a private"),
            ("100.64.0.1", "a carrier's private"),
            ("127.0.0.1", "a loopback"),
            ("127.8.9.1", "a loopback"),
            ("169.254.169.254", "a link-local"),
            ("224.0.0.1", "a multicast"),
            ("255.255.255.255", "a reserved"),
            ("198.18.0.1", "a reserved"),
            ("203.0.113.7", "a reserved"),
            ("::", "an unspecified"),
            ("::1", "a loopback"),
            ("::ffff:127.0.0.1", "a loopback"),
            ("::ffff:10.0.0.1", "a private"),
            ("::7f00:1", "a reserved"),
            ("64:ff9b::7f00:1", "a loopback"),
            ("64:ff9b::a9fe:a9fe", "a link-local"),
            ("64:ff9b:1::1", "a reserved"),
            ("2002:7f00:1::", "a loopback"),
            ("2001::1", "a reserved"),
            ("2001:db8::1", "a reserved"),
            ("fc00::1", "a private"),
            ("fd00:ec2::254", "a private"),
            ("fe80::1", "a link-local"),
            ("fec0::1", "a reserved"),
            ("ff02::1", "a multicast"),
        ] {
            assert_eq!(kind(address), Some(expected), "{address}");
        }
    }

    #[test]
    fn what_the_settings_allow_may_be_told() {
        let allowed = "10.0.0.0/8, fd00::/8".parse::<Networks>().unwrap();
        let allows = |address: &str| check(address.parse().unwrap(), &allowed).is_ok();
        assert!(allows("10.9.9.9") && allows("::ffff:10.9.9.9") && allows("fd00::7") && allows("1.1.1.1"));
        assert!(!allows("192.168.0.1") && !allows("::1"));
    }
}
