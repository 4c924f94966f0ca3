//! Tags: those of the client, and what can be searched besides.

use crate::protocol::event::{Event, Tags};

/// All tags of an event. Where server and client disagree about a member of the event, the member
/// counts; about anything else the client does.
pub(super) fn tags(event: &Event) -> Tags {
    let mut tags = event.tags.clone();
    let user = event.user.as_ref().and_then(|user| user.key());
    let members: [(&str, Option<&str>); 9] = [
        ("level", event.level.map(|level| level.as_str())),
        ("logger", event.logger.as_deref()),
        ("environment", event.environment.as_deref()),
        ("release", event.release.as_deref()),
        ("dist", event.dist.as_deref()),
        ("transaction", event.transaction.as_deref()),
        ("server_name", event.server_name.as_deref()),
        ("site", event.site.as_deref()),
        ("user", user.as_deref()),
    ];
    for (key, value) in members {
        if let Some(value) = value {
            tags.set(key, value);
        }
    }
    for (key, value) in derived(event) {
        if let Some(value) = value {
            tags.set_default(key, &value);
        }
    }
    tags
}

fn derived(event: &Event) -> Vec<(&'static str, Option<String>)> {
    let name = |ty: &str| event.contexts.text(ty, "name").map(str::to_owned);
    let full = |ty: &str| {
        let name = event.contexts.text(ty, "name")?;
        let version = event.contexts.text(ty, "version");
        Some(version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}")))
    };
    let device = |key: &str| event.contexts.text("device", key).map(str::to_owned);
    let mechanism = event
        .exception
        .iter()
        .rev()
        .find_map(|exception| exception.mechanism.as_ref());
    let handled = |handled: bool| if handled { "yes" } else { "no" }.to_owned();
    vec![
        (
            "url",
            event.request.as_ref().and_then(|request| request.url.clone()),
        ),
        ("browser", full("browser")),
        ("browser.name", name("browser")),
        ("os", full("os")),
        ("os.name", name("os")),
        ("client_os", full("client_os")),
        ("client_os.name", name("client_os")),
        ("runtime", full("runtime")),
        ("runtime.name", name("runtime")),
        ("device", device("model")),
        ("device.family", device("family")),
        (
            "handled",
            mechanism
                .and_then(|mechanism| mechanism.handled)
                .map(|_| handled(!event.is_unhandled())),
        ),
        ("mechanism", mechanism.and_then(|mechanism| mechanism.ty.clone())),
    ]
}
