//! Security reports, and the template errors of old Django clients.

use serde_json::{Map, Value};

use crate::grouping::Component;
use crate::protocol::event::{Csp, Event};

/// The file and the line of a template.
pub(super) fn template(event: &Event) -> Option<Component> {
    let part = |id: &'static str, key: &str| Some(Component::leaf(id, event.template.get(key)?.as_str()?));
    let parts = [part("filename", "filename"), part("context-line", "context_line")];
    Some(Component::branch(
        "template",
        parts.into_iter().flatten().collect(),
    ))
}

/// The directive and what was blocked; not the page.
pub(super) fn csp(event: &Event) -> Option<Component> {
    let csp = event.csp.as_ref()?;
    let parts = vec![
        Component::leaf("directive", csp.directive()),
        Component::leaf("blocked", blocked(csp)),
    ];
    Some(Component::branch("csp", parts))
}

/// The host of what was blocked, or the word for it.
fn blocked(csp: &Csp) -> String {
    let uri = csp.blocked_uri.as_deref().unwrap_or_default();
    match uri.split_once("://") {
        None if uri.is_empty() => "self".to_owned(),
        None => uri.split(':').next().unwrap_or(uri).to_owned(),
        Some((scheme, rest)) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            if matches!(scheme, "http" | "https") {
                host.to_owned()
            } else {
                format!("{scheme}://{host}")
            }
        }
    }
}

/// The host of the other kinds of reports.
pub(super) fn about_host(event: &Event) -> Option<Component> {
    let kinds: [(&'static str, &Map<String, Value>); 3] = [
        ("hpkp", &event.hpkp),
        ("expectstaple", &event.expectstaple),
        ("expectct", &event.expectct),
    ];
    let (id, report) = kinds.into_iter().find(|(_, report)| !report.is_empty())?;
    let host = report.get("hostname").and_then(Value::as_str).unwrap_or_default();
    Some(Component::branch(
        "security-report",
        vec![Component::leaf(id, host)],
    ))
}
