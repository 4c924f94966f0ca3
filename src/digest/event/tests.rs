//! Whole events through all steps.

use serde_json::{Value, json};

use super::super::tests::{digest, one};
use crate::model::NewEvent;
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{Item, ItemType};
use crate::protocol::event::Event;
use crate::protocol::level::Level;

fn digested(ty: ItemType, payload: &Value) -> NewEvent {
    digest(&one(Item::new(ty, payload.to_string())))
        .unwrap()
        .events
        .remove(0)
}

#[test]
fn an_event_is_recorded_with_all_that_can_be_known() {
    let event = digested(
        ItemType::Event,
        &json!({
            "event_id": "00000000000000000000000000000001", "platform": "python", "timestamp": "2026-11-21T09:59:59Z",
            "release": "tea@1", "environment": "prod", "server_name": "kitchen", "transaction": "/tea", "dist": "7",
            "user": {"id": 42, "ip_address": "{{auto}}"}, "tags": {"level": "nonsense", "shop": "a"},
            "request": {"url": "https://example.com/tea?x=1"},
            "contexts": {"runtime": {"name": "CPython", "version": "3.12"}},
            "exception": {"values": [{"type": "TeaError", "value": "no tea",
                "mechanism": {"type": "flask", "handled": false},
                "stacktrace": {"frames": [{"function": "brew", "filename": "tea/pot.py"}]}}]}
        }),
    );
    let record = &event.record;
    assert_eq!(
        record.id.to_string(),
        "4f1c7ba2d0e34e0f8a6b5c4d3e2f1a09",
        "the header wins"
    );
    assert_eq!(
        (record.category, record.level, record.unhandled),
        (DataCategory::Error, Level::Error, true)
    );
    assert_eq!(
        (record.title.as_str(), record.culprit.as_deref()),
        ("TeaError: no tea", Some("/tea"))
    );
    assert_eq!(
        (record.event_type.as_str(), record.grouping.as_str()),
        ("error", "v1")
    );
    assert_eq!(record.metadata.function.as_deref(), Some("brew"));
    assert_eq!(record.user.as_deref(), Some("id:42"));
    assert_eq!(record.hashes.len(), 1);
    let tag = |key: &str| {
        record
            .tags
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    };
    for (key, value) in [
        ("level", "error"),
        ("shop", "a"),
        ("release", "tea@1"),
        ("environment", "prod"),
        ("server_name", "kitchen"),
        ("transaction", "/tea"),
        ("dist", "7"),
        ("user", "id:42"),
        ("url", "https://example.com/tea"),
        ("runtime", "CPython 3.12"),
        ("runtime.name", "CPython"),
        ("handled", "no"),
        ("mechanism", "flask"),
    ] {
        assert_eq!(tag(key), Some(value), "{key}");
    }
    let kept = Event::parse(&event.payload).unwrap();
    assert_eq!(
        (kept.event_id, kept.received),
        (Some(record.id), Some(record.received))
    );
    assert_eq!(kept.user.unwrap().ip_address.as_deref(), Some("192.0.2.1"));
    // Nobody said that the frame is of the program.
    assert_eq!(
        kept.exception[0].stacktrace.as_ref().unwrap().frames[0].in_app,
        Some(false)
    );
}

#[test]
fn digesting_again_gives_the_same() {
    let payload = json!({"message": "hello", "user": {"email": "ann@example.com"}});
    let (first, second) = (
        digested(ItemType::Event, &payload),
        digested(ItemType::Event, &payload),
    );
    assert_eq!((first.record, first.payload), (second.record, second.payload));
}

#[test]
fn a_browser_report_is_an_event_of_its_own_type() {
    let mut item = Item::new(
        ItemType::RawSecurity,
        r#"{"csp-report":{"document-uri":"https://example.com/","effective-directive":"img-src","blocked-uri":"https://evil.example/a.png"}}"#,
    );
    item.headers
        .other
        .insert("sentry_release".to_owned(), "tea@1".into());
    item.headers
        .other
        .insert("sentry_environment".to_owned(), "none".into());
    let record = digest(&one(item)).unwrap().events.remove(0).record;
    assert_eq!(
        (record.category, record.event_type.as_str()),
        (DataCategory::Security, "csp")
    );
    assert_eq!(
        (record.title.as_str(), record.culprit.as_deref()),
        ("Blocked 'img' from 'evil.example'", Some("img-src"))
    );
    assert_eq!(
        (record.release.as_deref(), record.environment),
        (Some("tea@1"), None)
    );
}

#[test]
fn an_event_that_says_nothing_is_still_an_event() {
    let record = digested(ItemType::Event, &json!({})).record;
    assert_eq!(
        (record.title.as_str(), record.platform.as_str()),
        ("<unlabeled event>", "other")
    );
    assert_eq!((record.timestamp, record.hashes.len()), (record.received, 1));
}
