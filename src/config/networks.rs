//! Networks: addresses that belong together. Looks at no request.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{AddrParseError, IpNet};
use serde::Deserialize;

/// Addresses and prefixes such as `10.0.0.5` and `192.168.0.0/16`: a list, or one text with commas as in the
/// environment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Networks(Vec<IpNet>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    List(Vec<String>),
    Line(String),
}

impl Networks {
    /// Whether `address` is in one of them; an IPv4 address in the form of IPv6 is the IPv4 address.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl TryFrom<Written> for Networks {
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

impl FromStr for Networks {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        Written::Line(line.to_owned()).try_into()
    }
}

fn network(text: &str) -> Result<IpNet, AddrParseError> {
    let text = text.trim();
    IpAddr::from_str(text).map_or_else(|_| text.parse(), |address| Ok(address.into()))
}
