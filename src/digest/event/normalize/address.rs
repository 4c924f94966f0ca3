//! The address of the user.

use std::net::IpAddr;

use serde_json::Value;

use crate::protocol::event::{AUTO_IP, Event};

/// Platforms whose events come from the user's own device: the connection is theirs. Servers would
/// give their own address.
const ON_THE_DEVICE: &[&str] = &["javascript", "cocoa", "objc"];

/// Fills the address in where the client asks for it, or leaves it to us.
pub(super) fn normalize(event: &mut Event, client: Option<IpAddr>) {
    let client = client.map(|address| address.to_string());
    let remote = remote_address(event, client.as_deref());
    let known = event.user.as_ref().and_then(|user| user.ip_address.as_deref());
    let address = match known {
        Some(AUTO_IP) => client,
        Some(_) => return,
        None => remote.or_else(|| client.filter(|_| is_inferred(event))),
    };
    match (&mut event.user, address) {
        (Some(user), address) => user.ip_address = address,
        (None, None) => {}
        (none, address) => none.get_or_insert_default().ip_address = address,
    }
}

/// The peer of the request in which the event happened, `{{auto}}` resolved.
fn remote_address(event: &mut Event, client: Option<&str>) -> Option<String> {
    let remote = event.request.as_mut()?.env.get_mut("REMOTE_ADDR")?;
    if remote == AUTO_IP {
        *remote = client.map_or(Value::Null, Value::from);
    }
    remote
        .as_str()
        .filter(|text| text.parse::<IpAddr>().is_ok())
        .map(str::to_owned)
}

/// Newer SDKs say whether the address of the connection is that of the user; the others do not.
fn is_inferred(event: &Event) -> bool {
    let setting = event
        .sdk
        .as_ref()
        .and_then(|sdk| sdk.settings.get("infer_ip"))
        .and_then(Value::as_str);
    match setting {
        Some("auto") => true,
        Some("never") => false,
        _ => ON_THE_DEVICE.contains(&event.platform.as_deref().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_address_is_filled_in_where_it_is_wanted() {
        let infer = |setting: &str| json!({"settings": {"infer_ip": setting}});
        for (event, expected) in [
            (json!({"platform": "javascript"}), Some("192.0.2.1")),
            (json!({"platform": "python"}), None),
            (json!({"platform": "javascript", "sdk": infer("never")}), None),
            (
                json!({"platform": "javascript", "sdk": infer("legacy")}),
                Some("192.0.2.1"),
            ),
            (
                json!({"platform": "node", "sdk": infer("auto")}),
                Some("192.0.2.1"),
            ),
            (
                json!({"platform": "python", "user": {"ip_address": "{{auto}}"}}),
                Some("192.0.2.1"),
            ),
            (
                json!({"platform": "javascript", "user": {"ip_address": "::1"}}),
                Some("::1"),
            ),
            (
                json!({"platform": "python", "request": {"env": {"REMOTE_ADDR": "198.51.100.7"}}}),
                Some("198.51.100.7"),
            ),
            (
                json!({"platform": "python", "request": {"env": {"REMOTE_ADDR": "{{auto}}"}}}),
                Some("192.0.2.1"),
            ),
            (
                json!({"platform": "python", "request": {"env": {"REMOTE_ADDR": "somewhere"}}}),
                None,
            ),
        ] {
            let mut read = Event::from_value(event.clone()).unwrap();
            normalize(&mut read, Some([192, 0, 2, 1].into()));
            assert_eq!(
                read.user.and_then(|user| user.ip_address).as_deref(),
                expected,
                "{event}"
            );
        }
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        let mut event = Event::from_value(json!({"user": {"id": 1, "ip_address": "{{auto}}"}})).unwrap();
        normalize(&mut event, None);
        assert_eq!(event.user.unwrap().ip_address, None);
    }
}
