//! Somebody wants to be told of what is new, and is; and wants no more mail.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::{PATIENCE, eventually};
use crate::server::Server;

const ALERTS: &str = "/organizations/default/alerts/";

/// Takes requests, each on a connection of its own, and says how each begins.
fn receiver() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut request = [0; 64 * 1024];
            let read = socket.read(&mut request).unwrap();
            // Whoever listens may be gone.
            let _ = tell.send(String::from_utf8_lossy(&request[..read]).into_owned());
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
            // It is read to its end, so that the answer arrives.
            while socket.read(&mut request).is_ok_and(|read| read > 0) {}
        }
    });
    (url, told)
}

#[test]
fn a_new_issue_is_told_and_the_history_says_so() {
    let server = Server::start_with(|config| {
        config.notify.allow_private = serde_json::from_value(json!(["127.0.0.0/8"])).unwrap();
    });
    let api = &server.api;
    let make = |what: &str, body: Value| api.call("POST", &format!("{ALERTS}{what}/"), &body).expect(201);
    let (url, told) = receiver();
    let hook = json!({"type": "webhook", "url": url, "secret": "0123456789abcdef"});
    let place = make("destinations", json!({"name": "Hook", "channel": hook}));
    let rule = json!({
        "name": "New ones",
        "project": "shop",
        "when": [{"type": "new_issue"}],
        "actions": [{"type": "send", "destination": place["id"]}],
    });
    let rule = make("rules", rule);
    api.send(&with_event(&error_event(&new_id(), "TeaError", "no tea")))
        .expect(200);
    api.digested();
    server.pass(SignedDuration::from_secs(5));

    let request = told.recv_timeout(PATIENCE).unwrap();
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    let history = format!("{ALERTS}history/?rule={}", rule["id"].as_str().unwrap());
    let fired = eventually("the delivery to be told", || {
        let fired = api.get(&history)[0].clone();
        (fired["deliveries"][0]["state"] == "delivered").then_some(fired)
    });
    assert_eq!(fired["rule"]["name"], "New ones");
    assert_eq!(fired["causes"][0]["issue"]["title"], "TeaError: no tea");
    assert_eq!(fired["deliveries"][0]["to"]["name"], "Hook");
    assert_eq!(fired["deliveries"][0]["attempts"][0]["answer"], "ok");
    // The rule would have done the same: this is what it is tried for.
    let tried = api
        .call(
            "POST",
            &format!("{ALERTS}backtest/"),
            &json!({"when": rule["when"]}),
        )
        .expect(200);
    assert_eq!(
        (&tried["fired"], &tried["moments"][0]["causes"][0]["issue"]),
        (&json!(1), &fired["causes"][0]["issue"])
    );
}

#[test]
fn the_address_that_stops_mail_is_a_page_and_a_click() {
    let server = Server::start();
    let click = server.api.ask(
        "POST",
        "/unsubscribe/1.alerts.00",
        &[("Content-Type", "application/x-www-form-urlencoded")],
        b"List-Unsubscribe=One-Click",
    );
    assert_eq!(click.expect(404)["detail"], "There is no such link.");
    let page = server
        .api
        .ask("GET", "/unsubscribe/1.alerts.00", &[("Accept", "text/html")], b"");
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
}
