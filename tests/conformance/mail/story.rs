//! What a member gets in their first days: alerts that are one thread an issue, and a digest on Monday.

use jiff::SignedDuration;
use serde_json::Value;

use super::header;
use super::server::{Encryption, MailServer};
use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::{EMAIL, eventually};
use crate::in_process::Server;

/// Sends an event of this type, and lets so much time pass that it is told.
fn fail(server: &Server, kind: &str) {
    let event = error_event(&new_id(), kind, "the pot is <empty>");
    server.api.send(&with_event(&event)).expect(200);
    server.api.digested();
    server.pass(SignedDuration::from_secs(3));
}

fn text(mail: &Value) -> &str {
    mail["bodies"]["text/plain"].as_str().unwrap()
}

#[test]
fn a_member_hears_of_new_issues_and_of_the_week() {
    let mails = MailServer::start(Encryption::StartTls);
    // It is Saturday noon.
    let server = Server::start_with(|config| config.mail = mails.settings());
    fail(&server, "TeaError");
    let tea = mails.mail();
    assert_eq!(tea["to"][0], EMAIL);
    assert_eq!(
        header(&tea, "Subject"),
        "[shop] New: TeaError: the pot is <empty>"
    );
    assert_eq!(header(&tea, "X-Tripline-Issue"), "SHOP-1");
    let issue = server.api.issues("")[0]["id"].as_str().unwrap().to_owned();
    let page = format!("{}/issues/{issue}", server.api.url);
    for part in [
        &page,
        &format!("{page}?do=archive"),
        "SHOP-1 is new",
        "Where it failed:",
    ] {
        assert!(text(&tea).contains(part), "{part} in {}", text(&tea));
    }
    assert!(
        tea["bodies"]["text/html"]
            .as_str()
            .unwrap()
            .contains("the pot is &lt;empty&gt;")
    );

    fail(&server, "CakeError");
    let cake = mails.mail();
    assert_eq!(header(&cake, "X-Tripline-Issue"), "SHOP-2");
    assert_ne!(header(&cake, "References"), header(&tea, "References"));
    assert_ne!(header(&cake, "Message-ID"), header(&tea, "Message-ID"));

    server.pass(SignedDuration::from_hours(45));
    let week = mails.mail();
    assert_eq!(
        header(&week, "Subject"),
        "[Tripline] Your week: 16 November to 22 November"
    );
    assert_eq!(header(&week, "X-Tripline"), "digest");
    for part in [
        "2 events, there were none in the week before.",
        "New",
        "SHOP-1: TeaError",
        "SHOP-2: CakeError",
    ] {
        assert_eq!(text(&week).matches(part).count(), 1, "{part} in {}", text(&week));
    }
    let token = |mail: &Value| {
        header(mail, "List-Unsubscribe")
            .rsplit('/')
            .next()
            .unwrap()
            .trim_end_matches('>')
            .to_owned()
    };
    assert!(token(&week).contains(".digest.") && token(&tea).contains(".alerts."));

    stop(&server, &token(&tea));
    fail(&server, "BunError");
    let path = "/organizations/default/alerts/deliveries/";
    eventually("the delivery to be dropped", || {
        let deliveries = server.api.get(path);
        (deliveries[0]["state"] == "dropped").then_some(())
    });
}

/// What a mail program does when somebody clicks on "unsubscribe" (RFC 8058).
fn stop(server: &Server, token: &str) {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = server.api.ask(
        "POST",
        &format!("/unsubscribe/{token}"),
        &form,
        b"List-Unsubscribe=One-Click",
    );
    assert_eq!(answer.status, 200);
}
