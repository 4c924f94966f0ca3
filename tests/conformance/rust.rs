//! What crates.io's `sentry` raises in `rust/main.rs`, read back from the web API.

use serde_json::json;

use crate::look::{assert_annotated, assert_one_issue, entry, exceptions, issue, mechanism, tag};
use crate::sdk::{Sdk, raise};

#[test]
fn sdk_rust_handled() {
    let raised = raise(Sdk::Rust, "handled", 1);
    let event = &raised.events[0];
    assert_annotated(&raised);
    assert_eq!(event["title"], "BrokenCart: the cart is broken");
    assert_eq!(
        (&event["platform"], &event["sdk"]["name"]),
        (&json!("native"), &json!("sentry.rust"))
    );
    assert_eq!(event["context"]["note"], json!([1, "two"]));
    assert_eq!(event["contexts"]["rust"]["name"], "rustc");
    assert_eq!(tag(event, "server_name"), "till-1");

    let [cause, thrown] = exceptions(event) else {
        panic!("a chain of two: {event:#}")
    };
    assert_eq!(
        (&cause["type"], &cause["value"]),
        (&json!("ParseIntError"), &json!("invalid digit found in string"))
    );
    assert_eq!(
        (&thrown["type"], &thrown["value"]),
        (&json!("BrokenCart"), &json!("the cart is broken"))
    );
    assert!(!entry(event, "debugmeta")["images"].as_array().unwrap().is_empty());
}

#[test]
fn sdk_rust_unhandled() {
    let raised = raise(Sdk::Rust, "unhandled", 1);
    assert_eq!(raised.exit, 101);
    let event = &raised.events[0];
    let thrown = &exceptions(event)[0];
    assert_eq!(thrown["type"], "panic");
    assert!(
        thrown["value"]
            .as_str()
            .unwrap()
            .starts_with("apples are counted"),
        "{thrown:#}"
    );
    assert_eq!(mechanism(thrown), ("panic", Some(false)));
    assert_eq!(event["level"], "fatal");
    let frames = thrown["stacktrace"]["frames"].as_array().unwrap();
    let ours = frames.iter().find(|frame| {
        frame["function"]
            .as_str()
            .is_some_and(|it| it.contains("failing_shop::unhandled"))
    });
    let ours = ours.unwrap_or_else(|| panic!("{thrown:#}"));
    assert_eq!(ours["inApp"], true);
    assert!(ours["lineNo"].as_u64().is_some_and(|line| line > 0), "{ours:#}");
    assert_eq!(issue(&raised, event)["isUnhandled"], true);
}

#[test]
fn sdk_rust_fail_twice() {
    let raised = raise(Sdk::Rust, "fail_twice", 2);
    assert_one_issue(&raised, [&raised.events[0], &raised.events[1]]);
}

#[test]
fn sdk_rust_message() {
    let raised = raise(Sdk::Rust, "message", 1);
    assert_eq!(raised.events[0]["title"], "the till is open");
    assert_eq!(raised.events[0]["level"], "warning");
    assert_eq!(tag(&raised.events[0], "level"), "warning");
}
