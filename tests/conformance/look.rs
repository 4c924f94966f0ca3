//! Looks at an event as the web API shows it.

use serde_json::{Value, json};

use crate::harness::repository;
use crate::sdk::Raised;

/// The data of an entry: `exception`, `breadcrumbs`, `request` …; `null` when the event has none.
pub(crate) fn entry<'a>(event: &'a Value, kind: &str) -> &'a Value {
    let entries = event["entries"].as_array().unwrap();
    entries
        .iter()
        .find(|entry| entry["type"] == kind)
        .map_or(&Value::Null, |entry| &entry["data"])
}

/// The exceptions, the oldest cause first.
#[track_caller]
pub(crate) fn exceptions(event: &Value) -> &[Value] {
    entry(event, "exception")["values"]
        .as_array()
        .expect("an event with exceptions")
}

/// The frame of the crash.
#[track_caller]
pub(crate) fn last_frame(exception: &Value) -> &Value {
    exception["stacktrace"]["frames"]
        .as_array()
        .and_then(|frames| frames.last())
        .expect("a stack trace")
}

/// The value of a tag; empty when the event has no such tag.
pub(crate) fn tag<'a>(event: &'a Value, key: &str) -> &'a str {
    let mut tags = event["tags"].as_array().unwrap().iter();
    tags.find(|tag| tag["key"] == key)
        .and_then(|tag| tag["value"].as_str())
        .unwrap_or_default()
}

/// The issue of an event.
#[track_caller]
pub(crate) fn issue(raised: &Raised, event: &Value) -> Value {
    raised.program.api.get(&format!(
        "/organizations/default/issues/{}/",
        event["groupID"].as_str().unwrap()
    ))
}

/// That the last frame stands where a text is in a file below `tests/conformance/`, and shows the lines around it.
#[track_caller]
pub(crate) fn assert_shows(frame: &Value, file: &str, text: &str) {
    let source = std::fs::read_to_string(repository("tests/conformance").join(file)).unwrap();
    let lines: Vec<_> = source.lines().collect();
    let number = 1 + lines.iter().position(|line| line.contains(text)).unwrap();
    assert_eq!(frame["lineNo"], number, "{frame:#}");
    let shown = frame["context"].as_array().unwrap();
    assert!(shown.len() > 5, "{frame:#}");
    for line in shown {
        let number = line[0].as_u64().unwrap() as usize;
        assert_eq!(
            line[1].as_str().unwrap().trim_end(),
            lines[number - 1].trim_end(),
            "line {number}"
        );
    }
}

/// What the scenario `handled` says of itself in every SDK.
#[track_caller]
pub(crate) fn assert_annotated(raised: &Raised) {
    let event = &raised.events[0];
    assert_eq!(tag(event, "till"), "left");
    assert_eq!(tag(event, "attempt"), "3");
    assert_eq!(tag(event, "environment"), "staging");
    assert_eq!(tag(event, "release"), "shop@1.2.3");
    assert_eq!(event["environment"], "staging");
    assert_eq!(event["release"]["version"], "shop@1.2.3");
    assert_eq!(event["level"], tag(event, "level"));

    let user = &event["user"];
    assert_eq!(user["id"], "42");
    assert_eq!(user["email"], "eve@example.com");
    assert_eq!(user["username"], "eve");
    assert_eq!(user["data"]["plan"], "gold");
    assert_eq!(tag(event, "user"), "id:42");

    assert_eq!(event["contexts"]["cart"]["items"], 2);
    assert_eq!(
        event["contexts"]["trace"]["trace_id"].as_str().map(str::len),
        Some(32)
    );

    let crumbs = entry(event, "breadcrumbs")["values"].as_array().unwrap();
    let steps: Vec<_> = crumbs
        .iter()
        .map(|it| (it["category"].as_str(), it["message"].as_str()))
        .collect();
    let expected = ["step 2", "step 3", "step 4"].map(|step| (Some("cart"), Some(step)));
    assert_eq!(steps, expected);
    assert_eq!(crumbs[2]["level"], "info");
    assert_eq!(crumbs[2]["data"]["number"], 4);
    assert!(
        crumbs[2]["timestamp"]
            .as_str()
            .is_some_and(|time| time.ends_with('Z')),
        "{}",
        crumbs[2]
    );

    let issue = issue(raised, event);
    assert_eq!((&issue["count"], &issue["userCount"]), (&json!("1"), &json!(1)));
    assert_eq!(
        (&issue["level"], &issue["isUnhandled"]),
        (&json!("error"), &json!(false))
    );
    assert_eq!(
        (&issue["status"], &issue["project"]["slug"]),
        (&json!("unresolved"), &json!("shop"))
    );
    assert_eq!(issue["firstRelease"]["version"], "shop@1.2.3");
    assert_eq!(issue["title"], event["title"]);
    assert_attachment(raised);
}

/// That the attachment of the scenario `handled` comes back as it was sent.
#[track_caller]
fn assert_attachment(raised: &Raised) {
    let attachments = format!(
        "/projects/default/shop/events/{}/attachments/",
        raised.events[0]["id"].as_str().unwrap()
    );
    let list = raised.program.api.get(&attachments);
    assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
    assert_eq!(
        (&list[0]["name"], &list[0]["size"]),
        (&json!("cart.csv"), &json!(18))
    );
    assert_eq!(list[0]["mimetype"], "text/csv");
    let path = format!("{attachments}{}/?download=1", list[0]["id"].as_str().unwrap());
    let download = raised.program.api.call("GET", &path, &Value::Null);
    assert_eq!(download.body, b"apples,2\npears,\x001\n");
    assert!(download.header("content-disposition").starts_with("attachment"));
    assert_eq!(download.header("x-content-type-options"), "nosniff");
}

/// That the scenario `fail_twice` made one issue that counts two.
#[track_caller]
pub(crate) fn assert_one_issue(raised: &Raised, events: [&Value; 2]) {
    assert_eq!(events[0]["groupID"], events[1]["groupID"]);
    assert_eq!(issue(raised, events[0])["count"], "2");
    assert_eq!(events[0]["nextEventID"], events[1]["id"]);
    assert_eq!(events[1]["previousEventID"], events[0]["id"]);
}

/// The type of a mechanism, and whether it says that the program handled the exception.
pub(crate) fn mechanism(exception: &Value) -> (&str, Option<bool>) {
    (
        exception["mechanism"]["type"].as_str().unwrap_or_default(),
        exception["mechanism"]["handled"].as_bool(),
    )
}
