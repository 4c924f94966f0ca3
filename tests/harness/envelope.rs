//! Envelopes as tests need them, written by hand.

use serde_json::{Value, json};
use uuid::Uuid;

/// A new event id, as SDKs write it.
pub(crate) fn new_id() -> String {
    Uuid::new_v4().simple().to_string()
}

/// An error of a program in the only language that everybody reads: `type` and `value` with one frame.
pub(crate) fn error_event(id: &str, kind: &str, value: &str) -> Value {
    json!({
        "event_id": id,
        "platform": "python",
        "level": "error",
        "exception": {"values": [{
            "type": kind,
            "value": value,
            "stacktrace": {"frames": [{
                "filename": "shop/cart.py",
                "module": "shop.cart",
                "function": format!("raise_{kind}"),
                "lineno": 12,
                "in_app": true,
            }]},
        }]},
    })
}

/// An envelope with one event.
pub(crate) fn with_event(event: &Value) -> Vec<u8> {
    with_items(
        event["event_id"].as_str(),
        &[("event", json!({}), event.to_string().into_bytes())],
    )
}

/// An envelope with items: type, further headers, payload.
pub(crate) fn with_items(event_id: Option<&str>, items: &[(&str, Value, Vec<u8>)]) -> Vec<u8> {
    let head = event_id.map_or(json!({}), |id| json!({"event_id": id}));
    let mut envelope = format!("{head}\n").into_bytes();
    for (kind, headers, payload) in items {
        let mut headers = headers.clone();
        headers["type"] = json!(kind);
        headers["length"] = json!(payload.len());
        envelope.extend_from_slice(format!("{headers}\n").as_bytes());
        envelope.extend_from_slice(payload);
        envelope.push(b'\n');
    }
    envelope
}
