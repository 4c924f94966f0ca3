//! Violations of a content security policy: from either spelling of the report to an event.

use serde_json::{Map, Value, json};

/// The spellings of each member: in an event, in a classic report, in the Reporting API.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("effective_directive", "effective-directive", "effectiveDirective"),
    ("violated_directive", "violated-directive", "violatedDirective"),
    ("blocked_uri", "blocked-uri", "blockedURL"),
    ("document_uri", "document-uri", "documentURL"),
    ("referrer", "referrer", "referrer"),
    ("original_policy", "original-policy", "originalPolicy"),
    ("disposition", "disposition", "disposition"),
    ("status_code", "status-code", "statusCode"),
    ("source_file", "source-file", "sourceFile"),
    ("line_number", "line-number", "lineNumber"),
    ("column_number", "column-number", "columnNumber"),
    ("script_sample", "script-sample", "sample"),
];

/// The event of `{"csp-report": …}`.
pub(super) fn from_report(report: &Map<String, Value>) -> Value {
    event(|(_, classic, _)| report.get(classic), None)
}

/// The event of an entry of the Reporting API.
pub(super) fn from_reporting_api(entry: &Value, body: &Map<String, Value>) -> Value {
    event(
        |(_, _, modern)| body.get(modern),
        entry.get("user_agent").and_then(Value::as_str),
    )
}

fn event<'a>(member: impl Fn((&str, &str, &str)) -> Option<&'a Value>, user_agent: Option<&str>) -> Value {
    let csp: Map<String, Value> = MEMBERS
        .iter()
        .filter_map(|names| Some((names.0.to_owned(), member(*names)?.clone())))
        .collect();
    let text = |key: &str| csp.get(key).and_then(Value::as_str).unwrap_or_default();
    let directive = [text("effective_directive"), text("violated_directive")]
        .into_iter()
        .find(|text| !text.is_empty());
    let directive = directive
        .unwrap_or_default()
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let mut headers = Map::new();
    for (name, value) in [
        ("Referer", text("referrer")),
        ("User-Agent", user_agent.unwrap_or_default()),
    ] {
        if !value.is_empty() {
            headers.insert(name.to_owned(), value.into());
        }
    }
    json!({
        "platform": "other",
        "level": "error",
        "logger": "csp",
        "logentry": title(directive, text("blocked_uri")),
        "culprit": directive,
        "tags": [["effective-directive", directive], ["blocked-uri", text("blocked_uri")]],
        "request": {"url": text("document_uri"), "headers": headers},
        "csp": csp,
    })
}

/// What was blocked, in words: `Blocked 'script' from 'evil.example'`.
fn title(directive: &str, blocked: &str) -> String {
    let what = directive.split("-src").next().unwrap_or_default();
    match blocked {
        "inline" | "eval" | "wasm-eval" | "trusted-types-sink" => format!("Blocked {blocked} '{what}'"),
        "" | "self" => format!("Blocked '{what}' from 'self'"),
        uri => {
            let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
            let host = rest
                .split(['/', '?', '#'])
                .next()
                .filter(|host| !host.is_empty())
                .unwrap_or(scheme);
            let host: String = host.chars().take(100).collect();
            format!("Blocked '{what}' from '{host}'")
        }
    }
}
