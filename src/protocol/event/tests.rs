//! Events in all shapes: what comes out, that reading is stable, and that nothing panics.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Event, EventType, RemarkKind};
use crate::protocol::level::Level;

fn read(value: Value) -> Event {
    Event::from_value(value).unwrap()
}

fn written(event: &Event) -> Value {
    serde_json::from_slice(&event.to_vec()).unwrap()
}

/// An event that uses everything at least once.
fn rich() -> Value {
    json!({
        "event_id": "4f1c7ba2-d0e3-4e0f-8a6b-5c4d3e2f1a09", "timestamp": 1_795_220_040.25, "platform": "python",
        "level": 40, "logger": "tea.pot", "transaction": " /tea ", "server_name": "kitchen", "release": "tea@1.0",
        "dist": 7, "environment": "production", "modules": {"flask": "3.0", "": ""}, "checksum": "abc",
        "fingerprint": ["{{ default }}", 2.5, true, null, "x"], "type": "event",
        "tags": [["a", "1"], ["b c", 2], ["n", null], ["bad key!", "x"], ["a", "3"], ["f", 2.75], ["t", true]],
        "extra": {"deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}, "list": [1, "two", null]},
        "contexts": {"trace": {"trace_id": "1", "span_id": "2"}, "rust": {"type": "runtime", "name": "rustc"}, "os": null},
        "user": {"id": 42, "email": "ann@example.com", "ip_address": "{{auto}}", "plan": "gold", "data": {"x": 1}},
        "request": {
            "url": "https://example.com/tea?sugar=2&milk#top", "method": "GET", "cookies": "a=b; c=d",
            "headers": {"user-agent": "curl/8", "accept": ["a", "b"]}, "data": {"x": [1]}, "env": {"REMOTE_ADDR": "1.2.3.4"}
        },
        "breadcrumbs": [{"timestamp": "2026-11-21T00:14:00", "level": "log", "type": null, "message": "boil", "data": {"x": 1}}],
        "exception": {"values": [
            {"type": "KeyError", "value": "pot", "module": null, "mechanism": {"type": "chained", "exception_id": 1, "parent_id": 0}},
            null,
            {
                "type": "TeaError", "value": {"no": "tea"}, "thread_id": 7,
                "mechanism": {"type": "generic", "handled": false, "meta": {"errno": {"number": 2}}},
                "stacktrace": {"frames": [
                    {"function": "?", "abs_path": "https://example.com/app.js?v=1", "lineno": "7", "in_app": true},
                    {"function": "brew", "filename": "tea/pot.py", "vars": [1, 2], "pre_context": ["a"], "context_line": "b",
                     "instruction_addr": 4096, "project_root": "/src"}
                ], "registers": {"rip": "0x1"}}
            }
        ]},
        "threads": [{"id": 7, "crashed": true, "stacktrace": null}],
        "logentry": {"message": "no %s left", "params": ["tea"]},
        "debug_meta": {"images": [{"type": "symbolic", "id": "a-b", "name": "tea", "image_addr": "0x10", "arch": null}]},
        "sdk": {"name": "sentry.python", "version": "2", "packages": [{"name": "pypi:x", "version": "2"}],
                "integrations": ["flask"], "settings": {"infer_ip": "auto"}},
        "csp": {"effective_directive": "script-src", "blocked_uri": "inline"},
        "_meta": {"extra": {"x": {"": {"rem": [["!config", "s"]]}}}}, "brand_new": {"in": 2030},
    })
}

#[test]
fn a_rich_event_keeps_everything() {
    let event = read(rich());
    assert_eq!(
        (event.ty, event.level),
        (Some(EventType::Error), Some(Level::Error))
    );
    assert_eq!(event.fingerprint, ["{{ default }}", "2", "True", "x"]);
    let tags: Vec<_> = event.tags.iter().collect();
    assert_eq!(tags, [("a", "1"), ("b-c", "2"), ("f", "2"), ("t", "True")]);
    assert_eq!(event.contexts.text("runtime", "name"), Some("rustc"));
    assert!(event.is_unhandled());
    let thrown = event.thrown().unwrap();
    assert_eq!(thrown.value.as_deref(), Some("{\"no\":\"tea\"}"));
    let frames = &thrown.stacktrace.as_ref().unwrap().frames;
    assert_eq!(
        (frames[0].filename.as_deref(), frames[0].function.as_deref()),
        (Some("/app.js"), None)
    );
    assert_eq!(
        (frames[0].lineno, frames[1].abs_path.as_deref()),
        (Some(7), Some("tea/pot.py"))
    );
    assert_eq!(frames[1].other["project_root"], "/src");
    assert_eq!(event.logentry.as_ref().unwrap().text(), "no tea left");
    assert_eq!(event.other["brand_new"], json!({"in": 2030}));
    let names: Vec<_> = event
        .errors
        .iter()
        .map(|remark| (remark.kind, remark.path.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            (RemarkKind::Invalid, "tags.bad key!"),
            (RemarkKind::Limit, "extra.deep.a.b.c.d.e.f")
        ]
    );
}

#[test]
fn canonical_json_reads_back_unchanged() {
    let event = read(rich());
    assert_eq!(Event::parse(&event.to_vec()).unwrap(), event);
    assert_eq!(written(&event)["user"]["data"], json!({"plan": "gold", "x": 1}));
    assert_eq!(
        written(&event)["request"]["query_string"],
        json!([["sugar", "2"], ["milk", ""]])
    );
    assert_eq!(
        written(&event)["request"]["headers"],
        json!([["Accept", "a,b"], ["User-Agent", "curl/8"]])
    );
}

#[test]
fn one_bad_field_costs_only_itself() {
    let bad = |key: &str| {
        let mut value = rich();
        value[key] = json!(false);
        if key == "exception" {
            value[key] = json!("x")
        }
        value
    };
    for key in [
        "event_id",
        "timestamp",
        "level",
        "tags",
        "user",
        "request",
        "exception",
        "threads",
        "sdk",
        "fingerprint",
    ] {
        let event = read(bad(key));
        assert!(written(&event)[key].is_null(), "{key}");
        assert!(
            event
                .errors
                .iter()
                .any(|remark| remark.path == key && remark.kind == RemarkKind::Invalid),
            "{key}"
        );
        assert_eq!(event.server_name.as_deref(), Some("kitchen"));
    }
}

#[test]
fn levels_have_many_names() {
    for (value, level) in [
        (json!("log"), Some(Level::Info)),
        (json!("Critical"), Some(Level::Fatal)),
        (json!(30), Some(Level::Warning)),
        (json!("bad"), None),
        (json!(7), None),
        (json!(true), None),
    ] {
        assert_eq!(read(json!({"level": value})).level, level, "{value}");
    }
}

#[test]
fn names_that_mean_nothing_are_removed() {
    for release in ["latest", "Latest", ".", "a/b", "a\\b", "a\nb", &"x".repeat(201)] {
        assert_eq!(read(json!({"release": release})).release, None, "{release}");
    }
    assert_eq!(read(json!({"release": 1.5})).release.as_deref(), Some("1.5"));
    assert_eq!(read(json!({"environment": "none"})).environment, None);
    assert_eq!(
        read(json!({"tags": {"environment": "prod"}}))
            .environment
            .as_deref(),
        Some("prod")
    );
    assert_eq!(read(json!({"dist": "a b"})).dist, None);
    assert!(
        read(json!({"tags": {"release": "1", "user": "2"}}))
            .tags
            .is_empty()
    );
}

#[test]
fn every_shape_of_an_exception_is_read() {
    for value in [
        json!([{"type": "A", "value": "b"}]),
        json!({"values": [null, {"type": "A", "value": "b"}]}),
        json!({"type": "A", "value": "b"}),
        json!([{"value": "A: b"}]),
    ] {
        let event = read(json!({"exception": value}));
        let thrown = event.thrown().unwrap();
        assert_eq!(
            (thrown.ty.as_deref(), thrown.value.as_deref()),
            (Some("A"), Some("b")),
            "{value}"
        );
    }
    for value in [json!({}), json!([]), json!({"values": []}), json!([{}]), json!(7)] {
        let event = read(json!({"sentry.interfaces.Exception": value}));
        assert_eq!(
            (event.thrown(), event.ty),
            (None, Some(EventType::Default)),
            "{value}"
        );
    }
}

#[test]
fn a_loose_stack_trace_belongs_to_the_only_exception() {
    let event = read(json!({"exception": {"type": "A"}, "stacktrace": {"frames": [{"function": "f"}]}}));
    assert!(event.stacktrace.is_none() && event.thrown().unwrap().stacktrace.is_some());
}

#[test]
fn long_stacks_keep_both_ends_and_their_details() {
    let frame = |line: usize| json!({"function": "f", "lineno": line, "context_line": "x", "in_app": line.is_multiple_of(2)});
    let frames: Vec<_> = (0..1000).map(frame).collect();
    let event = read(json!({"exception": {"type": "A", "stacktrace": {"frames": frames}}}));
    let frames = &event.thrown().unwrap().stacktrace.as_ref().unwrap().frames;
    assert_eq!(
        (frames.len(), frames[0].lineno, frames[249].lineno),
        (250, Some(0), Some(999))
    );
    assert_eq!(
        frames.iter().filter(|frame| frame.context_line.is_some()).count(),
        50
    );
    assert!(frames[249].context_line.is_some());
    assert_eq!(event.errors.len(), 2);
}

#[test]
fn only_what_is_no_object_is_refused() {
    for bytes in [&b""[..], b"[]", b"7", b"{", b"null"] {
        assert!(Event::parse(bytes).is_err());
    }
    assert!(Event::parse(b"{}").is_ok());
}

/// Paths to every value in a JSON tree.
fn pointers(value: &Value, path: String, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| pointers(value, format!("{path}/{key}"), into)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(at, value)| pointers(value, format!("{path}/{at}"), into)),
        _ => {}
    }
    into.push(path);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[a-z]{200,600}".prop_map(Value::from),
        Just(Value::from("x".repeat(20_000))),
        Just(Value::from("%s {0} http://a/b?c#d\r\n: ")),
    ];
    leaf.prop_recursive(12, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,8}|values|type|value|frames|name", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_change_of_an_event_reads_back_unchanged(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any_json()), 1..6),
    ) {
        let mut value = rich();
        for (which, change) in changes {
            let mut paths = Vec::new();
            pointers(&value, String::new(), &mut paths);
            paths.retain(|path| !path.is_empty());
            if let Some(place) = value.pointer_mut(which.get::<String>(&paths)) {
                *place = change;
            }
        }
        let event = read(value);
        prop_assert_eq!(Event::parse(&event.to_vec()).unwrap(), event);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Event::parse(&bytes);
    }
}
