//! Security reports, and the template errors of old Django clients.

use serde_json::{Map, Value};

use crate::grouping::Component;
use crate::protocol::event::{Csp, Event};

/// The file and the line of a template.
pub(super) fn template(event: &Event) -> Option<Component<'_>> {
    let part = |id: &'static str, key: &str| Some(Component::leaf(id, event.template.get(key)?.as_str()?));
    let parts = [part("filename", "filename"), part("context-line", "context_line")];
    Some(Component::branch(
        "template",
        parts.into_iter().flatten().collect(),
    ))
}

/// The directive and what was blocked; not the page.
pub(super) fn csp(event: &Event) -> Option<Component<'_>> {
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
    let is_script = csp.directive().starts_with("script-src");
    match uri.split_once("://") {
        _ if is_own(uri) && is_script => loophole(csp).unwrap_or("'self'").to_owned(),
        _ if is_own(uri) => "'self'".to_owned(),
        None if matches!(uri, "inline" | "eval" | "wasm-eval") => format!("'unsafe-{uri}'"),
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

/// Whether what was blocked is a part of the page itself.
fn is_own(uri: &str) -> bool {
    matches!(uri, "" | "self" | "'self'")
}

/// Which way of running scripts the policy does not allow, as older browsers tell by what it has.
fn loophole(csp: &Csp) -> Option<&'static str> {
    let violated = csp.violated_directive.as_deref()?;
    ["'unsafe-inline'", "'unsafe-eval'"]
        .into_iter()
        .find(|word| violated.contains(word))
}

/// The host of a report about public key pinning.
pub(super) fn hpkp(event: &Event) -> Option<Component<'_>> {
    about_host("hpkp", &event.hpkp)
}

/// The host of a report about certificate stapling.
pub(super) fn expect_staple(event: &Event) -> Option<Component<'_>> {
    about_host("expect-staple", &event.expectstaple)
}

/// The host of a report about certificate transparency.
pub(super) fn expect_ct(event: &Event) -> Option<Component<'_>> {
    about_host("expect-ct", &event.expectct)
}

fn about_host<'e>(id: &'static str, report: &'e Map<String, Value>) -> Option<Component<'e>> {
    if report.is_empty() {
        return None;
    }
    let host = report.get("hostname").and_then(Value::as_str).unwrap_or_default();
    Some(Component::branch(id, vec![Component::leaf(id, host)]))
}
