//! Many clients meet the same error at the same moment.

use std::sync::Barrier;
use std::thread;

use serde_json::json;

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

const CONNECTIONS: usize = 32;

#[test]
fn a_new_error_that_all_see_at_once_is_one_issue() {
    let server = Server::start();
    let ready = Barrier::new(CONNECTIONS);
    for kind in ["First", "Second", "Third"] {
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let envelope = with_event(&error_event(&new_id(), kind, "all at once"));
                    ready.wait();
                    server.api.send(&envelope).expect(200);
                });
            }
        });
    }
    server.api.digested();
    let issues = server.api.issues("");
    let counts: Vec<_> = issues
        .iter()
        .map(|issue| issue["count"].as_str().unwrap())
        .collect();
    assert_eq!(counts, ["32", "32", "32"]);
    let mut short_ids: Vec<_> = issues
        .iter()
        .map(|issue| issue["shortId"].as_str().unwrap())
        .collect();
    short_ids.sort_unstable();
    assert_eq!(short_ids, ["SHOP-1", "SHOP-2", "SHOP-3"]);
}

#[test]
fn one_event_that_is_sent_by_all_counts_once() {
    let server = Server::start();
    let envelope = with_event(&error_event(&new_id(), "Kind", "again and again"));
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| server.api.send(&envelope).expect(200));
        }
    });
    server.api.digested();
    let issues = server.api.issues("");
    assert_eq!((issues.len(), &issues[0]["count"]), (1, &json!("1")));
    let path =
        "/organizations/default/stats_v2/?field=sum(quantity)&groupBy=outcome&category=error&statsPeriod=24h";
    let stats = server.api.get(path);
    let quantity = |outcome: &str| {
        let mut groups = stats["groups"].as_array().unwrap().iter();
        groups
            .find(|it| it["by"]["outcome"] == outcome)
            .map(|it| it["totals"]["sum(quantity)"].clone())
    };
    assert_eq!(
        (quantity("accepted"), quantity("invalid")),
        (Some(json!(1)), Some(json!(31))),
        "{stats}"
    );
}
