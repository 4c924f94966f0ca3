//! Trying before relying on it: a rule on the past, and a channel on its other side.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{DESTINATIONS, fields};
use crate::http::api::tests::{Api, event};

const BACKTEST: &str = "/organizations/default/alerts/backtest/";
const TEST: &str = "/organizations/default/alerts/test/";

/// A receiver that takes one request, answers it, and says what it was.
fn receiver(status: &'static str, body: &'static str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let receiver = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut chunk = [0; 4_096];
        while !is_whole(&request) {
            let read = socket.read(&mut chunk).unwrap();
            assert!(read > 0, "the request broke off");
            request.extend_from_slice(&chunk[..read]);
        }
        let length = body.len();
        write!(
            socket,
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, receiver)
}

/// Whether head and body are there.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| body.len() >= length.trim().parse::<usize>().unwrap())
}

fn hook(url: &str) -> Value {
    json!({"type": "webhook", "url": url, "secret": "0123456789abcdef"})
}

#[actix_web::test]
async fn a_rule_is_tried_on_the_past() {
    let api = Api::new().await;
    api.record((1..=5).map(|n| event(n * 60, n as u8, |_| ())).collect())
        .await;
    let rule = json!({"when": [{"type": "new_issue"}], "project": "shop", "atMostEvery": 0});
    let answer = api.change(Method::POST, BACKTEST, rule.clone()).await.expect(200);
    assert_eq!(
        (&answer["days"], &answer["end"]),
        (&json!(14), &json!("2026-03-01T10:20:00Z"))
    );
    assert_eq!(answer["start"], "2026-02-15T10:20:00Z");
    let moments = answer["moments"].as_array().unwrap();
    assert!(!moments.is_empty());
    assert_eq!(answer["fired"], moments.len());
    let told: u64 = moments
        .iter()
        .map(|moment| moment["total"].as_u64().unwrap())
        .sum();
    assert_eq!(told, 5);
    assert_eq!(moments[0]["causes"][0]["reason"]["type"], "new");
    assert_eq!(moments[0]["project"]["slug"], "shop");
    let hours = answer["hours"].as_array().unwrap();
    assert_eq!(hours.len(), 14 * 24 + 1);
    assert_eq!(hours.iter().map(|hour| hour[1].as_u64().unwrap()).sum::<u64>(), 5);

    let mut other = rule.clone();
    other["days"] = json!(1);
    other["conditions"] = json!([{"type": "platform", "names": ["java"]}]);
    let member = api.member("member").await;
    let answer = api.by(&member, Method::POST, BACKTEST, other).await.expect(200);
    assert_eq!((&answer["fired"], &answer["moments"]), (&json!(0), &json!([])));
    // Nothing came of it.
    assert_eq!(
        api.get("/organizations/default/alerts/history/")
            .await
            .expect(200),
        json!([])
    );
    for (change, expected) in [
        (json!({"days": 0}), "days"),
        (json!({"days": 15}), "days"),
        (json!({"when": []}), "when"),
        (
            json!({"when": [{"type": "events", "count": 1, "minutes": 9999}]}),
            "when[0].minutes",
        ),
        (json!({"project": "nothing"}), "project"),
    ] {
        let mut body = rule.clone();
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        let refusal = api.change(Method::POST, BACKTEST, body).await.expect(400);
        assert_eq!(fields(&refusal), [expected], "{refusal}");
    }
}

#[actix_web::test]
async fn a_test_shows_what_the_other_side_said() {
    let api = Api::new().await;
    for (status, body, delivered) in [("200 OK", "thanks", true), ("404 Not Found", "no_service", false)] {
        let (url, receiver) = receiver(status, body);
        let answer = api
            .change(Method::POST, TEST, json!({"channel": hook(&url)}))
            .await
            .expect(200);
        assert_eq!(
            (&answer["delivered"], &answer["answer"]),
            (&json!(delivered), &json!(body))
        );
        assert!(
            status.starts_with(&answer["status"].to_string()) && answer["millis"].is_u64(),
            "{answer}"
        );
        let request = receiver.join().unwrap();
        assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let answer = api
        .change(Method::POST, TEST, json!({"channel": hook(&nowhere)}))
        .await
        .expect(200);
    assert_eq!(
        (&answer["delivered"], &answer["status"]),
        (&json!(false), &json!(null))
    );
}

#[actix_web::test]
async fn what_is_saved_lends_its_secret_to_a_test() {
    let api = Api::new().await;
    let (url, first) = receiver("200 OK", "");
    let body = json!({"name": "Hook", "channel": hook(&url)});
    let made = api.change(Method::POST, DESTINATIONS, body).await.expect(201);
    let saved = json!({"destination": made["id"]});
    assert_eq!(
        api.change(Method::POST, TEST, saved).await.expect(200)["delivered"],
        true
    );
    assert!(first.join().unwrap().contains("signature"));
    let (url, second) = receiver("200 OK", "");
    let edited = json!({"destination": made["id"], "channel": {"type": "webhook", "url": url}});
    assert_eq!(
        api.change(Method::POST, TEST, edited).await.expect(200)["delivered"],
        true
    );
    second.join().unwrap();
    // Testing saves nothing.
    let path = format!("{DESTINATIONS}{}/", made["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await.expect(200), made);
}

#[actix_web::test]
async fn nothing_is_sent_to_where_nothing_may_be_sent() {
    let api = Api::new().await;
    for url in [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://0.0.0.0/",
    ] {
        let answer = api
            .change(Method::POST, TEST, json!({"channel": hook(url)}))
            .await
            .expect(200);
        assert_eq!(
            (&answer["delivered"], &answer["status"]),
            (&json!(false), &json!(null)),
            "{url}"
        );
    }
    for body in [
        json!({}),
        json!({"destination": "1", "mail": true}),
        json!({"channel": hook("nonsense")}),
        json!({"channel": {"type": "webhook", "url": "http://127.0.0.1/"}}),
        json!({"channel": {"type": "pigeon"}}),
        json!({"mail": "yes"}),
    ] {
        api.change(Method::POST, TEST, body).await.expect(400);
    }
    api.change(Method::POST, TEST, json!({"destination": "99"}))
        .await
        .expect(404);
}

#[actix_web::test]
async fn members_try_mail_to_themselves_only() {
    let api = Api::new().await;
    let member = api.member("member").await;
    let body = json!({"channel": hook("https://example.com/")});
    api.by(&member, Method::POST, TEST, body).await.expect(403);
    api.by(&member, Method::POST, TEST, json!({"destination": "1"}))
        .await
        .expect(403);
    let answer = api
        .by(&member, Method::POST, TEST, json!({"mail": true}))
        .await
        .expect(200);
    assert_eq!(
        (&answer["delivered"], &answer["status"]),
        (&json!(false), &json!(null))
    );
    assert!(answer["answer"].as_str().unwrap().contains("mail"), "{answer}");
}
