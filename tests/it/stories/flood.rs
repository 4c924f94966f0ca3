//! A release fails in a loop: the numbers are right, and what is worth reading is there.

use jiff::SignedDuration;
use serde_json::json;

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

#[test]
fn a_flood_is_counted_and_the_page_says_what_is_kept() {
    let server = Server::start_with(|config| config.storage.sample_above = 10);
    let send = |release: &str| {
        server.pass(SignedDuration::from_secs(1));
        let id = new_id();
        let mut event = error_event(&id, "Loop", "again");
        event["release"] = json!(release);
        server.api.send(&with_event(&event)).expect(200);
        server.api.digested();
        id
    };
    let ids: Vec<String> = (0..60).map(|_| send("shop@1")).collect();
    let other_release = send("shop@2");
    let last = send("shop@1");

    let issue = server.api.issues("").remove(0);
    assert_eq!(issue["count"], "62");
    let kept: u64 = issue["keptCount"].as_str().unwrap().parse().unwrap();
    assert!((15..=20).contains(&kept), "{issue}");
    let at = |event: &str| format!("/issues/{}/events/{event}/", issue["id"].as_str().unwrap());
    assert_eq!(server.api.get(&at("latest"))["eventID"], json!(last));
    assert_eq!(server.api.get(&at("oldest"))["eventID"], json!(ids[0]));
    server.api.get(&at(&other_release));

    let gone = server.api.call("GET", &at(&ids[55]), &json!(null)).expect(404);
    assert!(
        gone["detail"]
            .as_str()
            .unwrap()
            .contains("was counted, but it is not kept"),
        "{gone}"
    );
}
