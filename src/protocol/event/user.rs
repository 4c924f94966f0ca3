//! Users: who was affected.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::read::{Place, bag, interface, scalar, text};

/// What a client writes when it wants the address of the connection to be filled in.
pub const AUTO_IP: &str = "{{auto}}";

interface! {
    /// The user that was affected.
    pub struct User {
        /// The identifier in the program.
        id: Option<String> = "id" => scalar::<128>;
        /// The name to sign in with.
        username: Option<String> = "username" => scalar::<128>;
        /// The e-mail address.
        email: Option<String> = "email" => text::<75>;
        /// The name for people.
        name: Option<String> = "name" => scalar::<128>;
        /// An IP address, or [`AUTO_IP`].
        ip_address: Option<String> = "ip_address" => ip_address;
        /// A group of users; obsolete.
        segment: Option<String> = "segment" => scalar::<128>;
        /// Where in the world.
        geo: Map<String, Value> = "geo" => bag::<2, 2048>;
        /// Everything else that the program says about the user.
        data: Map<String, Value> = "data" => bag::<6, { 16 * 1024 }>;
    }
}

impl User {
    /// Reads a user. Members without a field of their own are put into `data`.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let mut user = Self::read_members(value, at)?;
        for (key, value) in std::mem::take(&mut user.other) {
            user.data.entry(key).or_insert(value);
        }
        user.data = bag::<6, { 16 * 1024 }>(Value::Object(user.data), at)?;
        Some(user)
    }

    /// What makes two events those of the same user: `id:…`, else `username:…`, `email:…`, `ip:…`.
    pub fn key(&self) -> Option<String> {
        let parts = [
            ("id", &self.id),
            ("username", &self.username),
            ("email", &self.email),
            ("ip", &self.ip_address),
        ];
        let mut known = parts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        known
            .find(|(_, value)| !value.is_empty() && *value != AUTO_IP)
            .map(|(name, value)| format!("{name}:{value}"))
    }
}

fn ip_address(value: Value, at: &mut Place) -> Option<String> {
    match value.as_str().map(str::trim) {
        Some("") => None,
        Some(AUTO_IP) => Some(AUTO_IP.to_owned()),
        Some(text) if text.parse::<IpAddr>().is_ok() => Some(text.to_owned()),
        _ => at.invalid("expected an IP address"),
    }
}
