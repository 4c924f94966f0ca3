//! What npm's `@sentry/browser` raises in a page that Debian's Chromium shows, read back from the web API.

use serde_json::json;

use crate::harness::eventually;
use crate::look::{assert_annotated, assert_one_issue, entry, exceptions, issue, last_frame, mechanism, tag};
use crate::sdk::{Sdk, raise};

#[test]
fn sdk_browser_handled() {
    let raised = raise(Sdk::Browser, "handled", 1);
    let event = &raised.events[0];
    assert_annotated(&raised);
    assert_eq!(event["title"], "RangeError: the cart is broken");
    assert_eq!(
        (&event["platform"], &event["type"]),
        (&json!("javascript"), &json!("error"))
    );
    assert_eq!(
        (&event["dist"], &event["sdk"]["name"]),
        (&json!("42"), &json!("sentry.javascript.browser"))
    );
    assert_eq!(event["contexts"]["browser"]["type"], "browser");
    assert!(
        tag(event, "browser").starts_with("HeadlessChrome") || tag(event, "browser").starts_with("Chrome")
    );

    let [cause, thrown] = exceptions(event) else {
        panic!("a chain of two: {event:#}")
    };
    assert_eq!(cause["type"], "TypeError");
    assert_eq!(
        (&thrown["type"], &thrown["value"]),
        (&json!("RangeError"), &json!("the cart is broken"))
    );
    assert_eq!(mechanism(thrown), ("generic", Some(true)));
    let crash = last_frame(cause);
    assert_eq!(
        (&crash["function"], &crash["inApp"]),
        (&json!("price"), &json!(true))
    );
    assert!(
        crash["absPath"].as_str().unwrap().ends_with("/shop.js"),
        "{crash:#}"
    );
    assert!(
        crash["lineNo"].as_u64().is_some() && crash["colNo"].as_u64().is_some(),
        "{crash:#}"
    );

    let request = entry(event, "request");
    assert!(
        request["url"].as_str().unwrap().starts_with("http://127.0.0.1:"),
        "{request:#}"
    );
    assert!(request["headers"].to_string().contains("Chrome"), "{request:#}");
}

#[test]
fn sdk_browser_unhandled() {
    let raised = raise(Sdk::Browser, "unhandled", 1);
    let [cause, thrown] = exceptions(&raised.events[0]) else {
        panic!("a chain of two")
    };
    assert_eq!(
        (&cause["type"], &thrown["type"]),
        (&json!("TypeError"), &json!("RangeError"))
    );
    // The SDK says it of the cause: that is the first one it writes.
    assert_eq!(
        mechanism(cause),
        ("auto.browser.browserapierrors.setTimeout", Some(false))
    );
    assert_eq!(tag(&raised.events[0], "handled"), "no");
    assert_eq!(issue(&raised, &raised.events[0])["isUnhandled"], true);
}

#[test]
fn sdk_browser_rejection() {
    let raised = raise(Sdk::Browser, "rejection", 1);
    let thrown = &exceptions(&raised.events[0])[0];
    assert_eq!(
        (&thrown["type"], &thrown["value"]),
        (&json!("TypeError"), &json!("nobody waits for me"))
    );
    assert_eq!(
        mechanism(thrown),
        ("auto.browser.global_handlers.onunhandledrejection", Some(false))
    );
}

#[test]
fn sdk_browser_fail_twice() {
    let raised = raise(Sdk::Browser, "fail_twice", 4);
    assert_one_issue(&raised, [&raised.events[0], &raised.events[2]]);
}

#[test]
fn sdk_browser_group() {
    let raised = raise(Sdk::Browser, "group", 1);
    let values = exceptions(&raised.events[0]);
    let thrown: Vec<_> = values.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(thrown, ["TypeError", "Error", "AggregateError"]);
}

#[test]
fn sdk_browser_message() {
    let raised = raise(Sdk::Browser, "message", 1);
    assert_eq!(raised.events[0]["title"], "the till is open");
    assert_eq!(raised.events[0]["level"], "warning");
}

#[test]
fn sdk_browser_policy() {
    let raised = raise(Sdk::Browser, "policy", 0);
    let issue = eventually("the browser's report", || {
        raised.program.api.issues("type:csp").pop()
    });
    assert!(
        issue["title"].as_str().unwrap().contains("elsewhere.example.com"),
        "{issue:#}"
    );
    let event = raised.program.api.get(&format!(
        "/organizations/default/issues/{}/events/latest/",
        issue["id"].as_str().unwrap()
    ));
    let report = entry(&event, "csp");
    assert_eq!(report["effective_directive"], "img-src", "{event:#}");
    assert_eq!(report["blocked_uri"], "http://elsewhere.example.com/logo.png");
    assert_eq!(
        (&event["release"]["version"], &event["environment"]),
        (&json!("shop@1.2.3"), &json!("staging"))
    );
}
