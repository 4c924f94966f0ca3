//! Events and the files that came with them.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Api, event, event_id};
use crate::model::{Attachment, NewEvent};
use crate::protocol::event::Event;
use crate::protocol::ids::ProjectId;

/// An event with something in every part, normalised as digest does.
fn rich() -> NewEvent {
    let sent = json!({
        "event_id": event_id(1).to_string(), "platform": "python", "level": "error",
        "logentry": {"message": "hello %s", "params": ["you"]},
        "exception": {"values": [{"type": "ValueError", "value": "no tea", "module": "tea",
            "mechanism": {"type": "generic", "handled": false},
            "stacktrace": {"frames": [
                {"function": "main", "filename": "lib.py", "lineno": 1, "in_app": false},
                {"function": "brew", "filename": "pot.py", "abs_path": "/tea/pot.py", "lineno": 7, "colno": 3,
                 "in_app": true, "vars": {"cups": 2}, "pre_context": ["a", "b"], "context_line": "c",
                 "post_context": ["d"]}]}}]},
        "threads": {"values": [{"id": 1, "name": "main", "crashed": true}]},
        "breadcrumbs": {"values": [{"timestamp": 1772360000, "category": "ui.click", "message": "pour"}]},
        "request": {"url": "https://example.com/tea?a=1", "method": "GET", "headers": {"accept": "*/*"}},
        "user": {"id": "42", "email": "ann@example.com", "plan": "gold"},
        "contexts": {"runtime": {"name": "CPython", "version": "3.13"}},
        "extra": {"cups": 2}, "modules": {"flask": "3.0"}, "dist": "7",
        "sdk": {"name": "sentry.python", "version": "2.0"},
        "debug_meta": {"images": [{"type": "sourcemap", "code_file": "a.js", "debug_id": "x"}]},
        "fingerprint": 5,
    });
    let normalised = Event::from_value(sent).unwrap();
    NewEvent {
        payload: normalised.to_vec().into(),
        ..event(1, 1, |_| {})
    }
}

async fn issue_path(api: &Api) -> String {
    let list = api.get("/organizations/default/issues/").await.expect(200);
    format!(
        "/organizations/default/issues/{}",
        list[0]["id"].as_str().unwrap()
    )
}

#[actix_web::test]
async fn an_event_is_shown_whole() {
    let api = Api::new().await;
    api.record(vec![rich()]).await;
    let path = format!("{}/events/latest/", issue_path(&api).await);
    let event = api.get(&path).await.expect(200);
    let project_path = format!("/projects/default/shop/events/{}/", event_id(1));
    assert_eq!(api.get(&project_path).await.expect(200), event);
    let lookup = api
        .get(&format!("/organizations/default/eventids/{}/", event_id(1)))
        .await
        .expect(200);
    assert_eq!(
        (&lookup["event"], &lookup["projectSlug"]),
        (&event, &json!("shop"))
    );
    let raw = api.get(&format!("{project_path}json/")).await;
    assert_eq!(raw.bytes, rich().payload);
    insta::assert_json_snapshot!(event);
}

#[actix_web::test]
async fn the_events_of_an_issue_are_walked_in_both_directions() {
    let api = Api::new().await;
    let staging = |n| event(n, 1, |record| record.environment = Some("staging".to_owned()));
    api.record(vec![
        event(1, 1, |_| {}),
        staging(2),
        event(3, 1, |_| {}),
        event(4, 2, |_| {}),
    ])
    .await;
    let path = issue_path(&api).await;
    let latest = api.get(&format!("{path}/events/recommended/")).await.expect(200);
    assert_eq!(
        (&latest["id"], &latest["nextEventID"]),
        (&json!(event_id(1).to_string()), &Value::Null)
    );
    let before = format!("{path}/events/{}/", latest["previousEventID"].as_str().unwrap());
    let before = api.get(&before).await.expect(200);
    assert_eq!(before["nextEventID"], latest["id"]);
    let oldest = api.get(&format!("{path}/events/oldest/")).await.expect(200);
    assert_eq!(
        (&oldest["id"], &oldest["previousEventID"]),
        (&before["previousEventID"], &Value::Null)
    );
    api.get(&format!("{path}/events/{}/", event_id(4)))
        .await
        .expect(404);

    let listed = format!("{path}/events/");
    assert_eq!(api.get(&listed).await.expect(200).as_array().unwrap().len(), 3);
    let filtered = api
        .get(&format!("{listed}?environment=staging"))
        .await
        .expect(200);
    assert_eq!(
        (&filtered[0]["eventID"], filtered.as_array().unwrap().len()),
        (&before["id"], 1)
    );
    let page = api.get(&format!("{listed}?per_page=2")).await;
    assert!(
        page.header("link").contains("rel=\"next\"; results=\"true\""),
        "{}",
        page.header("link")
    );
}

#[actix_web::test]
async fn the_latest_events_of_a_project_are_those_of_all_its_issues() {
    let api = Api::new().await;
    api.record((1..=12).map(|n| event(n, (n % 4) as u8 + 1, |_| {})).collect())
        .await;
    let listed = api
        .get("/projects/default/shop/events/?per_page=7")
        .await
        .expect(200);
    let ids: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["id"].clone())
        .collect();
    let newest: Vec<_> = (1..=7).map(|n| json!(event_id(n).to_string())).collect();
    assert_eq!(ids, newest);
}

#[actix_web::test]
async fn a_file_comes_back_as_a_file() {
    let api = Api::new().await;
    let script = Bytes::from_static(b"<script>alert(1)</script>");
    let file = Attachment {
        project: ProjectId(7),
        event: event_id(1),
        number: 0,
        name: "lög\"\r\n.html".to_owned(),
        kind: "event.attachment".to_owned(),
        content_type: Some("text/html".to_owned()),
        size: script.len() as u64,
        blob: api.store.blobs.put(script.clone()).await.unwrap(),
        received: api.now(),
    };
    api.record_with(vec![event(1, 1, |_| {})], vec![file], Vec::new())
        .await;
    let path = format!("/projects/default/shop/events/{}/attachments/", event_id(1));
    let listed = api.get(&path).await.expect(200);
    assert_eq!(
        (&listed[0]["mimetype"], &listed[0]["size"]),
        (&json!("text/html"), &json!(25))
    );
    let path = format!("{path}{}/", listed[0]["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await.expect(200), listed[0]);

    let download = api.get(&format!("{path}?download=1")).await;
    assert_eq!((download.status, &download.bytes), (200, &script));
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("content-security-policy", "sandbox"),
        ("x-content-type-options", "nosniff"),
        (
            "content-disposition",
            "attachment; filename*=UTF-8''l%C3%B6g___.html",
        ),
    ] {
        assert_eq!(download.header(name), value);
    }
}
