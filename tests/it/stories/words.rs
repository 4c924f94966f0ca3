//! What events say is found: breadcrumbs, frames and causes, not only titles.

use serde_json::{Value, json};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::eventually;
use crate::server::Server;

/// An event of a chain with frames and breadcrumbs, as SDKs send it.
fn event(kind: &str, crumb: &str, function: &str) -> Value {
    let mut event = error_event(&new_id(), kind, "it failed");
    event["breadcrumbs"] = json!({"values": [{"category": "ui", "message": crumb}]});
    let thrown = event["exception"]["values"][0].take();
    event["exception"]["values"] = json!([
        {"type": "SocketTimeout", "value": "no answer from upstream in 30 s", "stacktrace": {"frames": [
            {"function": function, "module": "shop.wire", "filename": "shop/wire.py", "lineno": 3, "in_app": true}
        ]}},
        thrown
    ]);
    event
}

fn titles(server: &Server, query: &str) -> Vec<String> {
    let issues = server.api.issues(query);
    let mut titles: Vec<String> = issues
        .iter()
        .map(|issue| issue["metadata"]["type"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    titles
}

#[test]
fn what_events_say_is_found() {
    let server = Server::start();
    for (kind, crumb, function) in [
        ("PaymentError", "clicked the blue teapot", "sendToLedger"),
        ("CartError", "clicked a teapot, blue", "refreshCart"),
    ] {
        let event = event(kind, crumb, function);
        server.api.send(&with_event(&event)).expect(200);
    }
    server.api.digested();
    eventually("both events are indexed", || {
        (titles(&server, "teapot").len() == 2).then_some(())
    });
    for (query, expected) in [
        (r#""blue teapot""#, &["PaymentError"][..]),
        ("blue teapot", &["CartError", "PaymentError"]),
        ("TEAPOT ledger", &["PaymentError"]),
        ("sendtoledger", &["PaymentError"]),
        ("refresh*", &["CartError"]),
        ("shop/wire.py", &["CartError", "PaymentError"]),
        (r#""no answer from upstream""#, &["CartError", "PaymentError"]),
        ("teapot !refreshCart", &["PaymentError"]),
        ("Payment*ror is:unresolved", &["PaymentError"]),
        ("kettle", &[]),
    ] {
        assert_eq!(titles(&server, query), expected, "{query}");
    }

    let ids: Vec<String> = server
        .api
        .issues("")
        .iter()
        .map(|issue| issue["id"].as_str().unwrap().to_owned())
        .collect();
    let path = format!("/organizations/default/issues/?id={}&id={}", ids[0], ids[1]);
    server.api.call("PUT", &path, &json!({"merge": 1})).expect(200);
    for query in ["sendToLedger", "refreshCart"] {
        assert_eq!(server.api.issues(query).len(), 1, "{query}");
    }
}
