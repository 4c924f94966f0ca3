//! What npm's `@sentry/node` raises in `node/shop.cjs`, read back from the web API.

use serde_json::json;

use crate::look::{
    assert_annotated, assert_one_issue, assert_shows, entry, exceptions, issue, last_frame, mechanism, tag,
};
use crate::sdk::{Sdk, raise};

#[test]
fn sdk_node_handled() {
    let raised = raise(Sdk::Node, "handled", 1);
    let event = &raised.events[0];
    assert_annotated(&raised);
    assert_eq!(event["title"], "RangeError: the cart is broken");
    assert_eq!(
        (&event["platform"], &event["type"]),
        (&json!("node"), &json!("error"))
    );
    assert_eq!(
        (&event["dist"], &event["sdk"]["name"]),
        (&json!("42"), &json!("sentry.javascript.node"))
    );
    assert_eq!(event["user"]["ip_address"], "203.0.113.7");
    assert_eq!(event["context"]["note"]["deep"], json!([1, "two"]));
    assert_eq!(event["contexts"]["runtime"]["name"], "node");
    assert_eq!(tag(event, "server_name"), "till-1");

    let [cause, thrown] = exceptions(event) else {
        panic!("a chain of two: {event:#}")
    };
    assert_eq!(cause["type"], "TypeError");
    assert!(
        cause["value"].as_str().unwrap().contains("undefined"),
        "{cause:#}"
    );
    assert_eq!(
        (&thrown["type"], &thrown["value"]),
        (&json!("RangeError"), &json!("the cart is broken"))
    );
    assert_eq!(mechanism(thrown), ("generic", Some(true)));
    assert_eq!(cause["mechanism"]["source"], "cause");

    let crash = last_frame(cause);
    assert_eq!(
        (&crash["function"], &crash["inApp"]),
        (&json!("price"), &json!(true))
    );
    assert_shows(crash, "node/shop.cjs", "return cart.apples.count");
    assert_eq!(issue(&raised, event)["metadata"]["function"], "checkout");
}

#[test]
fn sdk_node_unhandled() {
    let raised = raise(Sdk::Node, "unhandled", 1);
    assert_eq!(raised.exit, 1);
    let [cause, thrown] = exceptions(&raised.events[0]) else {
        panic!("a chain of two")
    };
    assert_eq!(mechanism(thrown), ("auto.node.onuncaughtexception", Some(false)));
    assert_eq!(
        (&raised.events[0]["level"], tag(&raised.events[0], "handled")),
        (&json!("fatal"), "no")
    );
    assert_eq!(issue(&raised, &raised.events[0])["isUnhandled"], true);
    assert_eq!(last_frame(cause)["function"], "price");
}

#[test]
fn sdk_node_rejection() {
    let raised = raise(Sdk::Node, "rejection", 1);
    let thrown = &exceptions(&raised.events[0])[0];
    assert_eq!(
        (&thrown["type"], &thrown["value"]),
        (&json!("TypeError"), &json!("nobody waits for me"))
    );
    assert_eq!(mechanism(thrown), ("auto.node.onunhandledrejection", Some(false)));
}

#[test]
fn sdk_node_fail_twice() {
    let raised = raise(Sdk::Node, "fail_twice", 4);
    assert_one_issue(&raised, [&raised.events[0], &raised.events[2]]);
}

#[test]
fn sdk_node_group() {
    let raised = raise(Sdk::Node, "group", 1);
    let values = exceptions(&raised.events[0]);
    let thrown: Vec<_> = values
        .iter()
        .map(|it| (it["type"].as_str().unwrap(), it["value"].as_str().unwrap()))
        .collect();
    assert_eq!(
        thrown,
        [
            ("TypeError", "no type"),
            ("Error", "no disk"),
            ("AggregateError", "two went wrong")
        ]
    );
    let sources: Vec<_> = values
        .iter()
        .map(|it| it["mechanism"]["source"].as_str())
        .collect();
    assert_eq!(sources, [Some("errors[1]"), Some("errors[0]"), None]);
    assert_eq!(values[2]["mechanism"]["is_exception_group"], true);
}

#[test]
fn sdk_node_message() {
    let mut raised = raise(Sdk::Node, "message", 2);
    // Each is a request of its own: they may overtake each other.
    raised.events.sort_by_key(|event| event["title"].to_string());
    let [captured, template] = raised.events.as_slice() else {
        panic!("two events")
    };
    assert_eq!(
        (&captured["title"], &captured["level"]),
        (&json!("the till is open"), &json!("warning"))
    );
    let message = entry(template, "message");
    assert_eq!(message["formatted"], "till left lost 7 coins");
    assert_eq!(message["params"], json!(["left", 7]));
    assert_eq!(template["title"], "till left lost 7 coins");
}

#[test]
fn sdk_node_request() {
    let raised = raise(Sdk::Node, "request", 1);
    let event = &raised.events[0];
    let request = entry(event, "request");
    assert!(request["url"].as_str().unwrap().ends_with("/cart"), "{request:#}");
    assert_eq!(
        (&request["method"], &request["cookies"]),
        (&json!("POST"), &json!([["taste", "sweet"]]))
    );
    assert_eq!(request["query"], json!([["page", "2"], ["sort", "name"]]));
    assert!(
        request["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["User-Agent", "curl/8.0"])),
        "{request:#}"
    );
}

#[test]
fn sdk_node_big() {
    let raised = raise(Sdk::Node, "big", 1);
    assert!(
        raised.sent.iter().any(|sent| sent.encoding == "gzip"),
        "the SDK compresses what is above 32 KiB"
    );
    let ledger = raised.events[0]["context"]["ledger"].as_str().unwrap();
    assert!(
        ledger.starts_with("line 0\nline 1\n") && ledger.len() > 8_000,
        "{}",
        ledger.len()
    );
}
