//! Events that are one issue, and events that are not.

use serde_json::{Value, json};

use crate::grouping::{Rules, VariantName};
use crate::protocol::event::Event;

fn hashes(event: &Value) -> Vec<String> {
    let mut event = Event::from_value(event.clone()).unwrap();
    let grouping = Rules::default().classify_and_group(&mut event);
    grouping.hashes().iter().map(ToString::to_string).collect()
}

fn names(event: &Value) -> Vec<VariantName> {
    let mut event = Event::from_value(event.clone()).unwrap();
    let grouping = Rules::default().classify_and_group(&mut event);
    grouping.variants.iter().map(|variant| variant.name).collect()
}

fn crash() -> Value {
    json!({"platform": "python", "exception": {"values": [{"type": "TeaError", "value": "no tea for guest 7", "stacktrace": {"frames": [
        {"function": "run", "filename": "flask/app.py", "in_app": false, "lineno": 1},
        {"function": "brew", "filename": "tea/pot.py", "in_app": true, "lineno": 7, "context_line": "  pour( cup )"},
    ]}}]}})
}

/// A copy of an event with the value at a pointer replaced.
fn with(event: &Value, pointer: &str, value: Value) -> Value {
    let mut copy = event.clone();
    match copy.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            copy.pointer_mut(parent).unwrap()[key] = value;
        }
    }
    copy
}

const FRAMES: &str = "/exception/values/0/stacktrace/frames";

#[test]
fn what_changes_between_builds_and_runs_does_not_count() {
    let crash = crash();
    assert_eq!(names(&crash), [VariantName::App, VariantName::System]);
    for (pointer, value) in [
        ("/exception/values/0/value", json!("no tea for guest 8")),
        (&format!("{FRAMES}/1/lineno"), json!(99)),
        (&format!("{FRAMES}/1/vars"), json!({"x": 1})),
        (&format!("{FRAMES}/1/context_line"), json!("pour( cup )\n")),
        (&format!("{FRAMES}/1/filename"), json!("/other/TEA/Pot.py")),
        ("/release", json!("2.0")),
        ("/transaction", json!("/tea")),
    ] {
        assert_eq!(hashes(&with(&crash, pointer, value)), hashes(&crash), "{pointer}");
    }
}

#[test]
fn what_the_problem_is_counts() {
    let crash = crash();
    for (pointer, value) in [
        ("/exception/values/0/type", json!("CoffeeError")),
        (&format!("{FRAMES}/1/function"), json!("boil")),
        (&format!("{FRAMES}/1/filename"), json!("tea/kettle.py")),
        (&format!("{FRAMES}/1/context_line"), json!("stir(cup)")),
    ] {
        let changed = hashes(&with(&crash, pointer, value));
        assert!(
            changed.iter().all(|hash| !hashes(&crash).contains(hash)),
            "{pointer}"
        );
    }
}

#[test]
fn another_library_changes_only_the_system_hash() {
    let crash = crash();
    let changed = with(&crash, &format!("{FRAMES}/0/function"), json!("call"));
    assert_eq!(hashes(&changed)[0], hashes(&crash)[0]);
    assert_ne!(hashes(&changed)[1], hashes(&crash)[1]);
}

#[test]
fn without_frames_of_the_program_all_frames_decide() {
    let crash = with(&crash(), &format!("{FRAMES}/1/in_app"), json!(false));
    assert_eq!(names(&crash), [VariantName::System]);
    let bare = with(&crash, "/exception/values/0/stacktrace", Value::Null);
    assert_eq!(
        hashes(&bare),
        hashes(&with(
            &bare,
            "/exception/values/0/value",
            json!("no tea for guest 8")
        ))
    );
    assert_ne!(
        hashes(&bare),
        hashes(&with(&bare, "/exception/values/0/value", json!("no coffee")))
    );
}

#[test]
fn every_exception_of_a_chain_counts() {
    let crash = crash();
    let mut chain = crash.clone();
    let cause = json!({"type": "KeyError", "value": "pot"});
    chain["exception"]["values"]
        .as_array_mut()
        .unwrap()
        .insert(0, cause);
    assert!(hashes(&chain).iter().all(|hash| !hashes(&crash).contains(hash)));
}

#[test]
fn recursion_counts_once() {
    let crash = crash();
    let mut deep = crash.clone();
    let frames = deep.pointer_mut(FRAMES).unwrap().as_array_mut().unwrap();
    let last = frames[1].clone();
    frames.extend([last.clone(), last]);
    assert_eq!(hashes(&deep), hashes(&crash));
}

#[test]
fn fingerprints_replace_or_extend() {
    let crash = crash();
    let printed = |fingerprint: Value| with(&crash, "/fingerprint", fingerprint);
    assert_eq!(hashes(&printed(json!(["{{ default }}"]))), hashes(&crash));
    assert_eq!(names(&printed(json!(["mine"]))), [VariantName::CustomFingerprint]);
    assert_eq!(
        hashes(&printed(json!(["mine"]))),
        hashes(&json!({"message": "x", "fingerprint": ["mine"]}))
    );
    let hybrid = printed(json!(["{{default}}", "shop"]));
    assert_eq!(names(&hybrid), names(&crash));
    assert!(hashes(&hybrid).iter().all(|hash| !hashes(&crash).contains(hash)));
    assert_eq!(
        hashes(&printed(json!(["{{ type }}"]))),
        hashes(&printed(json!(["TeaError"])))
    );
    assert_eq!(
        hashes(&printed(json!(["no tea for guest 7"]))),
        hashes(&printed(json!(["{{ value }}"])))
    );
    assert_eq!(
        hashes(&printed(json!(["{{ tags.x }}"]))),
        hashes(&printed(json!(["<no-tags-x>"])))
    );
}

#[test]
fn a_checksum_is_the_hash() {
    let event = json!({"checksum": "4f1c7ba2d0e34e0f8a6b5c4d3e2f1a09", "fingerprint": ["x"]});
    assert_eq!(hashes(&event), ["4f1c7ba2d0e34e0f8a6b5c4d3e2f1a09"]);
    assert_eq!(names(&json!({"checksum": "short"})), [VariantName::Checksum]);
}

#[test]
fn messages_go_by_their_template() {
    let template = json!({"logentry": {"message": "user %s left", "params": ["ann"]}});
    let other = json!({"logentry": {"message": "user %s left", "params": ["bob"]}});
    assert_eq!(hashes(&template), hashes(&other));
    assert_eq!(
        hashes(&json!({"message": "took 12ms"})),
        hashes(&json!({"message": "took 9000ms"}))
    );
    assert_ne!(
        hashes(&json!({"message": "took tea"})),
        hashes(&json!({"message": "took cake"}))
    );
}

#[test]
fn security_reports_go_by_directive_and_host() {
    let csp = |directive: &str, uri: &str| json!({"csp": {"effective_directive": directive, "blocked_uri": uri, "document_uri": uri}});
    let one = hashes(&csp("img-src", "https://evil.example/a.png"));
    assert_eq!(one, hashes(&csp("img-src", "http://evil.example/b.png?c")));
    assert_ne!(one, hashes(&csp("script-src", "https://evil.example/a.png")));
    assert_ne!(one, hashes(&csp("img-src", "https://good.example/a.png")));
}

#[test]
fn threads_and_loose_stacks_are_grouped_by_their_frames() {
    let stack = json!({"frames": [{"function": "brew", "filename": "a.py"}]});
    let threads =
        json!({"threads": [{"id": 1, "stacktrace": null}, {"id": 2, "crashed": true, "stacktrace": stack}]});
    assert_eq!(names(&threads), [VariantName::System]);
    assert_eq!(
        names(&json!({"stacktrace": stack, "message": "x"})),
        [VariantName::System]
    );
}

#[test]
fn events_that_say_nothing_are_one_issue() {
    assert_eq!(names(&json!({})), [VariantName::Fallback]);
    assert_eq!(
        hashes(&json!({})),
        hashes(&json!({"level": "info", "logger": "x"}))
    );
}
