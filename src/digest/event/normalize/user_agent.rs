//! Browser, operating system and device, by the `User-Agent` of the request.

use serde_json::{Map, Value};
use woothee::parser::Parser;

use crate::protocol::event::Event;

/// What woothee says when it does not know.
const UNKNOWN: &str = "UNKNOWN";

/// Adds contexts that the client did not send itself.
pub(super) fn normalize(event: &mut Event) {
    let Some(user_agent) = event
        .request
        .as_ref()
        .and_then(|request| request.header("User-Agent"))
    else {
        return;
    };
    let Some(agent) = Parser::new().parse(user_agent) else {
        return;
    };
    // Behind a server the request comes from another machine than the event.
    let is_same_machine = matches!(event.platform.as_deref(), Some("javascript")) || event.csp.is_some();
    let os = if is_same_machine { "os" } else { "client_os" };
    let is_phone = matches!(agent.category, "smartphone" | "mobilephone");
    let device = if is_phone { agent.os } else { UNKNOWN };
    let found = [
        ("browser", "browser", context("name", agent.name, agent.version)),
        (os, "os", context("name", agent.os, &agent.os_version)),
        ("device", "device", context("family", device, "")),
    ];
    for (name, ty, context) in found {
        if let Some(mut context) = context {
            context.insert("type".to_owned(), ty.into());
            event.contexts.set_default(name, context);
        }
    }
}

fn context(key: &str, name: &str, version: &str) -> Option<Map<String, Value>> {
    let known = |text: &str| !text.is_empty() && text != UNKNOWN;
    if !known(name) {
        return None;
    }
    let mut context = Map::from_iter([(key.to_owned(), name.into())]);
    if known(version) {
        context.insert("version".to_owned(), version.into());
    }
    Some(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(platform: &str, user_agent: &str) -> Event {
        let mut event = Event::from_value(
            json!({"platform": platform, "request": {"headers": {"user-agent": user_agent}}}),
        )
        .unwrap();
        normalize(&mut event);
        event
    }

    #[test]
    fn browsers_are_recognised() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.1.2 Safari/537.36";
        let event = read("javascript", chrome);
        let texts = ["browser", "os"].map(|ty| {
            (
                event.contexts.text(ty, "name"),
                event.contexts.text(ty, "version"),
            )
        });
        assert_eq!(
            texts,
            [(Some("Chrome"), Some("120.0.1.2")), (Some("Linux"), None)]
        );

        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1";
        let event = read("python", iphone);
        assert_eq!(event.contexts.text("browser", "name"), Some("Safari"));
        assert_eq!(event.contexts.text("client_os", "name"), Some("iPhone"));
        assert_eq!(event.contexts.text("device", "family"), Some("iPhone"));
    }

    #[test]
    fn the_unknown_adds_nothing() {
        for user_agent in ["", "tea/1.0", "\u{0}ü"] {
            assert!(read("javascript", user_agent).contexts.is_empty(), "{user_agent}");
        }
    }
}
