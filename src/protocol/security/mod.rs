//! Security reports, which browsers send by themselves, and the events they become.
//!
//! ```json
//! {"csp-report":{"document-uri":"https://example.com/","effective-directive":"script-src",
//!                "blocked-uri":"https://evil.example/x.js","disposition":"enforce"}}
//! ```
//!
//! Content security policy comes as above or in lists of the Reporting API; Expect-CT, Expect-Staple
//! and public key pinning have one object each. Who may send, and with which media type, is decided
//! by the endpoint.

mod csp;

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::event::Event;
use super::json;

/// Reports of one list that are looked at. Browsers batch what happened within a minute or so.
const MAX_REPORTS: usize = 100;

/// Why a body is no security report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON.
    #[error(transparent)]
    Json(#[from] json::Error),
    /// JSON of some other kind.
    #[error("not a security report")]
    Unknown,
}

/// The reports of a list of the Reporting API that are violations of a policy, each as the payload of an item of its
/// own; at most [`MAX_REPORTS`]. Browsers put reports about other matters in the same list: those are left out.
pub fn violations(list: &[u8]) -> Result<Vec<Bytes>, Error> {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow, rename = "type")]
        name: Cow<'a, str>,
    }
    let reports: Vec<&RawValue> = serde_json::from_slice(list).map_err(json::Error::from)?;
    let is_violation = |report: &&&RawValue| {
        serde_json::from_str::<Kind<'_>>(report.get()).is_ok_and(|kind| kind.name == "csp-violation")
    };
    Ok(reports
        .iter()
        .filter(is_violation)
        .take(MAX_REPORTS)
        .map(|report| Bytes::copy_from_slice(report.get().as_bytes()))
        .collect())
}

/// The event that a report is, with what the address says that the browser reports to.
pub fn event(report: &[u8], release: Option<&str>, environment: Option<&str>) -> Result<Event, Error> {
    let report = json::read(report)?;
    let mut event = match kind(&report).ok_or(Error::Unknown)? {
        Kind::Csp(report) => csp::from_report(report),
        Kind::CspViolation(body) => csp::from_reporting_api(&report, body),
        Kind::Host {
            interface,
            title,
            report,
        } => about_host(interface, title, report),
    };
    event["release"] = release.into();
    event["environment"] = environment.into();
    Event::from_value(event).map_err(|_| Error::Unknown)
}

enum Kind<'a> {
    Csp(&'a Map<String, Value>),
    CspViolation(&'a Map<String, Value>),
    Host {
        interface: &'static str,
        title: &'static str,
        report: &'a Map<String, Value>,
    },
}

fn kind(report: &Value) -> Option<Kind<'_>> {
    let member = |name: &str| report.get(name).and_then(Value::as_object);
    if let Some(report) = member("csp-report") {
        return Some(Kind::Csp(report));
    }
    if report.get("type").and_then(Value::as_str) == Some("csp-violation") {
        return member("body").map(Kind::CspViolation);
    }
    if let Some(report) = member("expect-ct-report") {
        return Some(Kind::Host {
            interface: "expectct",
            title: "Expect-CT failed for",
            report,
        });
    }
    if let Some(report) = member("expect-staple-report") {
        return Some(Kind::Host {
            interface: "expectstaple",
            title: "Expect-Staple failed for",
            report,
        });
    }
    let report = report
        .as_object()
        .filter(|report| report.contains_key("known-pins"))?;
    Some(Kind::Host {
        interface: "hpkp",
        title: "Public key pinning failed for",
        report,
    })
}

/// Expect-CT, Expect-Staple and HPKP differ in details that nobody computes with: they are kept as
/// they are, with underscores in their names.
fn about_host(interface: &str, title: &str, report: &Map<String, Value>) -> Value {
    let host = report.get("hostname").and_then(Value::as_str).unwrap_or_default();
    let members: Map<String, Value> = report
        .iter()
        .map(|(key, value)| (key.replace('-', "_"), value.clone()))
        .collect();
    json!({
        "platform": "other",
        "level": "error",
        "logger": interface,
        "logentry": format!("{title} '{host}'"),
        "culprit": host,
        "tags": [["hostname", host]],
        interface: members,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::event::EventType;

    const CLASSIC: &str = r#"{"csp-report":{"document-uri":"https://example.com/shop?x=1","referrer":"",
        "violated-directive":"script-src-elem 'self'","effective-directive":"script-src-elem",
        "original-policy":"script-src 'self'","disposition":"enforce","blocked-uri":"https://evil.example/x.js",
        "status-code":200,"script-sample":"","source-file":"https://example.com/shop","line-number":7}}"#;

    const REPORTING_API: &str = r#"[
        {"type":"deprecation","url":"https://example.com/","body":{}},
        {"type":"csp-violation","age":10,"url":"https://example.com/shop","user_agent":"Mozilla/5.0",
         "body":{"documentURL":"https://example.com/shop","effectiveDirective":"script-src-elem","blockedURL":"inline",
                 "originalPolicy":"script-src 'self'","disposition":"report","statusCode":200,"sample":"alert("}}]"#;

    #[test]
    fn a_classic_report_becomes_an_event() {
        let event = event(CLASSIC.as_bytes(), Some("tea@1"), None).unwrap();
        assert_eq!(
            (event.ty, event.release.as_deref()),
            (Some(EventType::Csp), Some("tea@1"))
        );
        assert_eq!(
            event.logentry.as_ref().unwrap().text(),
            "Blocked 'script' from 'evil.example'"
        );
        assert_eq!(
            event.request.as_ref().unwrap().url.as_deref(),
            Some("https://example.com/shop")
        );
        let csp = event.csp.as_ref().unwrap();
        assert_eq!((csp.directive(), csp.line_number), ("script-src-elem", Some(7)));
        assert_eq!(event.tags.get("blocked-uri"), Some("https://evil.example/x.js"));
    }

    #[test]
    fn a_list_of_the_reporting_api_holds_several() {
        let payloads = violations(REPORTING_API.as_bytes()).unwrap();
        assert_eq!(payloads.len(), 1);
        let event = event(&payloads[0], Some("tea@1"), None).unwrap();
        assert_eq!(event.logentry.as_ref().unwrap().text(), "Blocked inline 'script'");
        assert_eq!(
            event.request.as_ref().unwrap().header("user-agent"),
            Some("Mozilla/5.0")
        );
        assert_eq!(
            event.csp.as_ref().unwrap().script_sample.as_deref(),
            Some("alert(")
        );
    }

    #[test]
    fn reports_about_hosts_become_events() {
        for (report, ty, title) in [
            (
                r#"{"expect-ct-report":{"hostname":"a.example","scts":[]}}"#,
                EventType::ExpectCt,
                "Expect-CT failed for 'a.example'",
            ),
            (
                r#"{"expect-staple-report":{"hostname":"a.example"}}"#,
                EventType::ExpectStaple,
                "Expect-Staple failed for 'a.example'",
            ),
            (
                r#"{"hostname":"a.example","known-pins":["x"]}"#,
                EventType::Hpkp,
                "Public key pinning failed for 'a.example'",
            ),
        ] {
            let event = event(report.as_bytes(), None, None).unwrap();
            assert_eq!(
                (event.ty, event.logentry.as_ref().unwrap().text()),
                (Some(ty), title)
            );
        }
    }

    #[test]
    fn a_list_is_read_up_to_its_hundredth_violation() {
        let reports = |count| vec![r#"{"type":"csp-violation","body":{}}"#; count].join(",");
        for count in [0, 1, MAX_REPORTS] {
            let list = format!(r#"[{{"type":"deprecation"}},7,{}]"#, reports(count + 1));
            let found = violations(list.as_bytes()).unwrap().len();
            assert_eq!(found, (count + 1).min(MAX_REPORTS));
        }
        assert!(violations(b"{}").is_err());
    }

    #[test]
    fn other_json_is_refused() {
        for body in [
            "",
            "7",
            "{}",
            "[]",
            r#"{"csp-report":7}"#,
            r#"{"type":"csp-violation"}"#,
        ] {
            assert!(event(body.as_bytes(), None, None).is_err(), "{body}");
        }
    }
}
