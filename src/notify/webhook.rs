//! Any address: the message as JSON of a documented and versioned shape (`docs/webhooks.md`), signed. Sends nothing.
//!
//! ```text
//! X-Tripline-Delivery: 815
//! X-Tripline-Signature: t=1772360040,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd
//! ```
//!
//! `v1` is the HMAC-SHA256 of `t`, a full stop and the body, under the secret of the destination.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use sha2::Sha256;

use super::http::Request;
use super::message::{Kind, Message, Told};

/// The version of the shape. Members may be added to one; anything else is a new one.
const VERSION: u32 = 1;

/// The message for an address, signed at `now`.
pub(super) fn request(url: &str, secret: &str, message: &Message, now: Timestamp) -> Request {
    let body = body(message).to_string();
    Request {
        url: url.to_owned(),
        headers: vec![
            ("x-tripline-delivery", message.id.clone()),
            ("x-tripline-signature", signature(secret, &body, now)),
        ],
        body,
    }
}

fn signature(secret: &str, body: &str, now: Timestamp) -> String {
    let time = now.as_second();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{time}.{body}").as_bytes());
    format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes()))
}

fn body(message: &Message) -> Value {
    let kind = match message.kind {
        Kind::Problem => "problem",
        Kind::Recovered => "recovered",
    };
    json!({
        "version": VERSION,
        "id": message.id,
        "type": kind,
        "key": message.key,
        "time": message.time.timestamp(),
        "title": message.title,
        "headline": message.headline,
        "level": message.level,
        "url": message.url,
        "project": {"id": message.project.0.to_string(), "slug": message.slug, "name": message.project_name},
        "rule": {"name": message.rule, "url": message.rule_url},
        "alsoMatched": message.also,
        "releasedBefore": message.released,
        "held": message.held.map(|held| json!({"since": held.since, "until": held.until, "why": held.by.why()})),
        "total": message.total,
        "causes": message.causes.iter().map(cause).collect::<Value>(),
    })
}

fn cause(told: &Told) -> Value {
    let issue = told.issue.map(|issue| {
        let url = told.links.as_ref().map(|links| &links.open);
        json!({"id": issue.0.to_string(), "shortId": told.name, "url": url})
    });
    json!({
        "why": told.why,
        "issue": issue,
        "title": told.title,
        "culprit": told.culprit,
        "event": told.event.map(|event| event.to_string()),
        "level": told.level,
        "release": told.release,
        "environment": told.environment,
        "firstSeen": told.first_seen.as_ref().map(Zoned::timestamp),
        "events": told.events,
        "users": told.users,
        "frames": told.frames,
        "lastDay": told.hours,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::message::tests::{firing, hostile, message, new};

    #[test]
    fn the_signature_is_what_the_documentation_says() {
        // By OpenSSL: printf '1000000000.{}' | openssl dgst -sha256 -hmac secret
        let now = Timestamp::from_second(1_000_000_000).unwrap();
        assert_eq!(
            signature("secret", "{}", now),
            "t=1000000000,v1=10447a13c77e61914632c736653543f75b152b77a1573fc15a41baad63fc66a3"
        );
        assert_ne!(signature("secret", "{}", now), signature("other", "{}", now));
    }

    #[test]
    fn one_issue_as_json() {
        let request = request(
            "https://w",
            "s",
            &message(firing(vec![new(12)])),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(request.headers[0], ("x-tripline-delivery", "5".to_owned()));
        let body: Value = serde_json::from_str(&request.body).unwrap();
        insta::assert_json_snapshot!(body);
    }

    #[test]
    fn whatever_is_told_is_bounded() {
        assert!(body(&hostile()).to_string().len() < 300_000);
    }
}
