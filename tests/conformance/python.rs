//! What PyPI's `sentry-sdk` raises in `python/shop.py`, read back from the web API.

use serde_json::json;

use crate::look::{
    assert_annotated, assert_one_issue, assert_shows, entry, exceptions, issue, last_frame, mechanism, tag,
};
use crate::sdk::{Sdk, raise};

#[test]
fn sdk_python_handled() {
    let raised = raise(Sdk::Python, "handled", 1);
    let event = &raised.events[0];
    assert_annotated(&raised);
    assert_eq!(event["title"], "ValueError: the cart is broken");
    assert_eq!(
        (&event["platform"], &event["type"]),
        (&json!("python"), &json!("error"))
    );
    assert_eq!(
        (&event["dist"], &event["sdk"]["name"]),
        (&json!("42"), &json!("sentry.python"))
    );
    assert_eq!(event["user"]["ip_address"], "203.0.113.7");
    assert_eq!(event["context"]["note"]["deep"], json!([1, "two"]));
    assert_eq!(event["contexts"]["runtime"]["name"], "CPython");
    assert_eq!(tag(event, "server_name"), "till-1");
    assert_eq!(event["packages"]["sentry-sdk"], event["sdk"]["version"]);

    let [cause, thrown] = exceptions(event) else {
        panic!("a chain of two: {event:#}")
    };
    assert_eq!(
        (&cause["type"], &cause["value"]),
        (&json!("KeyError"), &json!("'apples'"))
    );
    assert_eq!(
        (&thrown["type"], &thrown["value"]),
        (&json!("ValueError"), &json!("the cart is broken"))
    );
    assert_eq!(mechanism(thrown), ("generic", Some(true)));
    assert_eq!(mechanism(cause), ("generic", Some(true)));

    let crash = last_frame(cause);
    assert_eq!(
        (&crash["function"], &crash["inApp"]),
        (&json!("price"), &json!(true))
    );
    assert_shows(crash, "python/shop.py", "return cart[\"apples\"]");
    assert_eq!(crash["vars"], json!({"cart": {"pears": "1"}, "discount": "0.5"}));
    let issue = issue(&raised, event);
    assert_eq!(issue["culprit"], "__main__ in checkout");
    assert_eq!(issue["metadata"]["type"], "ValueError");
    assert_eq!(issue["metadata"]["function"], "checkout");
}

#[test]
fn sdk_python_unhandled() {
    let raised = raise(Sdk::Python, "unhandled", 1);
    assert_eq!(raised.exit, 1);
    let [_, thrown] = exceptions(&raised.events[0]) else {
        panic!("a chain of two")
    };
    assert_eq!(mechanism(thrown), ("excepthook", Some(false)));
    assert_eq!(tag(&raised.events[0], "handled"), "no");
    assert_eq!(issue(&raised, &raised.events[0])["isUnhandled"], true);
}

#[test]
fn sdk_python_fail_twice() {
    let raised = raise(Sdk::Python, "fail_twice", 2);
    assert_one_issue(&raised, [&raised.events[0], &raised.events[1]]);
    assert!(
        raised.sent.iter().all(|sent| sent.encoding == "br"),
        "Brotli is installed, so the SDK uses it"
    );
}

#[test]
fn sdk_python_group() {
    let raised = raise(Sdk::Python, "group", 1);
    let values = exceptions(&raised.events[0]);
    let thrown: Vec<_> = values.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(
        thrown,
        ["TypeError", "ExceptionGroup", "OSError", "ExceptionGroup"]
    );
    let links: Vec<_> = values
        .iter()
        .map(|it| (&it["mechanism"]["exception_id"], &it["mechanism"]["parent_id"]))
        .collect();
    assert_eq!(
        links,
        [
            (&json!(3), &json!(2)),
            (&json!(2), &json!(0)),
            (&json!(1), &json!(0)),
            (&json!(0), &json!(null))
        ]
    );
    assert_eq!(values[3]["mechanism"]["is_exception_group"], true);
    assert_eq!(values[2]["mechanism"]["source"], "exceptions[0]");
    assert_eq!(raised.events[0]["title"], "ExceptionGroup: two went wrong");
}

#[test]
fn sdk_python_message() {
    let raised = raise(Sdk::Python, "message", 2);
    let [captured, logged] = raised.events.as_slice() else {
        panic!("two events")
    };
    assert_eq!(
        (&captured["title"], &captured["level"]),
        (&json!("the till is open"), &json!("warning"))
    );
    assert_eq!(
        (&captured["message"], &captured["type"]),
        (&json!("the till is open"), &json!("default"))
    );
    let message = entry(logged, "message");
    assert_eq!(message["formatted"], "till left lost 7 coins");
    assert_eq!(message["message"], "till %s lost %d coins");
    assert_eq!(message["params"], json!(["left", 7]));
    assert_eq!(tag(logged, "logger"), "shop.till");
    assert_eq!(issue(&raised, logged)["title"], "till left lost 7 coins");
    assert_ne!(captured["groupID"], logged["groupID"]);
}

#[test]
fn sdk_python_request() {
    let raised = raise(Sdk::Python, "request", 1);
    let event = &raised.events[0];
    let request = entry(event, "request");
    assert_eq!(
        (&request["url"], &request["method"]),
        (&json!("http://shop.example.com/cart"), &json!("POST"))
    );
    assert_eq!(request["query"], json!([["page", "2"], ["sort", "name"]]));
    assert!(
        request["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["Host", "shop.example.com"])),
        "{request:#}"
    );
    assert_eq!(request["env"]["REMOTE_ADDR"], "198.51.100.9");
    assert_eq!(event["user"]["ip_address"], "198.51.100.9");
    assert_eq!(tag(event, "url"), "http://shop.example.com/cart");
    assert_eq!(event["contexts"]["browser"]["name"], "Firefox");
    assert_eq!(mechanism(&exceptions(event)[0]), ("wsgi", Some(false)));
}

#[test]
fn sdk_python_big() {
    let raised = raise(Sdk::Python, "big", 1);
    let ledger = raised.events[0]["context"]["ledger"].as_str().unwrap();
    assert!(
        ledger.starts_with("line 0\nline 1\n") && ledger.len() > 8_000,
        "{}",
        ledger.len()
    );
}

#[test]
fn sdk_python_gzip() {
    let raised = raise(Sdk::Python, "gzip", 1);
    assert_eq!(raised.events[0]["title"], "without brotli");
    assert!(raised.sent.iter().all(|sent| sent.encoding == "gzip"));
}
