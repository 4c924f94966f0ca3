//! The proxies in front of us, by address. Looks at no request.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{AddrParseError, IpNet};
use serde::Deserialize;

/// Addresses and prefixes such as `10.0.0.5` and `192.168.0.0/16`: a list, or one text with commas as in the
/// environment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Proxies(Vec<IpNet>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    List(Vec<String>),
    Line(String),
}

impl Proxies {
    /// Whether `address` is that of a proxy.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl TryFrom<Written> for Proxies {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let networks: Result<_, _> = match &written {
            Written::List(list) => list.iter().map(|text| network(text)).collect(),
            Written::Line(line) => line.split(',').map(network).collect(),
        };
        let wrong = |_| "expected addresses and prefixes such as 10.0.0.5 and 192.168.0.0/16".to_owned();
        networks.map(Self).map_err(wrong)
    }
}

fn network(text: &str) -> Result<IpNet, AddrParseError> {
    let text = text.trim();
    IpAddr::from_str(text).map_or_else(|_| text.parse(), |address| Ok(address.into()))
}
