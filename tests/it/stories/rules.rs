//! Somebody says how the events of a project are grouped.

use serde_json::json;

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

const SHOP: &str = "/projects/default/shop/";

fn fail(server: &Server, kind: &str, value: &str) -> String {
    let id = new_id();
    server
        .api
        .send(&with_event(&error_event(&id, kind, value)))
        .expect(200);
    server.api.digested();
    id
}

#[test]
fn a_rule_holds_from_the_next_event_on() {
    let server = Server::start();
    fail(&server, "ReadTimeout", "no answer from db-1");
    fail(&server, "WriteTimeout", "no answer from db-1");
    assert_eq!(server.api.issues("").len(), 2);

    let rule = r#"type:*Timeout -> database title="The database is slow""#;
    server
        .api
        .call("PUT", SHOP, &json!({"fingerprintingRules": rule}))
        .expect(200);
    fail(&server, "ReadTimeout", "no answer from db-1");
    fail(&server, "WriteTimeout", "no answer from db-2");
    let slow = server.api.issues("\"The database is slow\"");
    assert_eq!((slow.len(), &slow[0]["count"]), (1, &json!("2")));
    assert_eq!(server.api.issues("").len(), 3);

    server
        .api
        .call("PUT", SHOP, &json!({"fingerprintingRules": ""}))
        .expect(200);
    fail(&server, "ReadTimeout", "no answer from db-1");
    assert_eq!(server.api.issues("").len(), 3, "the issue of before goes on");
}
