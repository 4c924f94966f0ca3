//! ntfy: the message as a notification for phones, published as JSON. Plain text; sends nothing.
//!
//! Source: "Publish as JSON" and "Action buttons" of its documentation.

use serde_json::{Value, json};

use super::http::Request;
use super::layout::{chosen, footer};
use super::message::text::cut;
use super::message::{Kind, Message};
use crate::protocol::level::Level;

/// Longest title, in characters.
const TITLE: usize = 200;
/// Longest message, in bytes: what is longer becomes an attachment.
const MOST_BYTES: usize = 4_096;
/// Causes that are told one by one.
const CAUSES: usize = 5;

/// The notification for a topic of the server at `url`.
pub(super) fn request(url: &str, topic: &str, token: Option<&str>, message: &Message) -> Request {
    let tag = match message.kind {
        Kind::Problem => "rotating_light",
        Kind::Recovered => "white_check_mark",
    };
    let body = json!({
        "topic": topic,
        "title": cut(&message.title, TITLE),
        "message": text(message),
        "priority": priority(message),
        "tags": [tag],
        "click": message.url,
        "actions": actions(message),
    });
    Request {
        url: url.to_owned(),
        headers: token
            .map(|token| ("authorization", format!("Bearer {token}")))
            .into_iter()
            .collect(),
        body: body.to_string(),
    }
}

fn text(message: &Message) -> String {
    let mut lines = vec![message.headline.clone()];
    match message.single() {
        Some(told) => {
            lines.extend(told.culprit.clone());
            lines.extend(
                told.facts()
                    .iter()
                    .map(|(label, value)| format!("{label}: {value}")),
            );
            lines.extend(told.frames.iter().take(3).cloned());
            lines.extend(told.day());
        }
        None => {
            let (causes, more) = chosen(message, CAUSES);
            lines.extend(causes.iter().map(|told| format!("{}: {}", told.name, told.title)));
            lines.extend(more);
        }
    }
    lines.extend(footer(message));
    let text = lines.join("\n");
    let end = text.floor_char_boundary(MOST_BYTES);
    text[..end].to_owned()
}

/// 1 to 5: what wakes somebody up is fatal.
fn priority(message: &Message) -> u8 {
    match (message.kind, message.level) {
        (Kind::Recovered, _) | (_, Level::Info | Level::Debug) => 3,
        (_, Level::Warning | Level::Error) => 4,
        (_, Level::Fatal) => 5,
    }
}

/// At most three are shown.
fn actions(message: &Message) -> Vec<Value> {
    let action = |label: &str, url: &str| json!({"action": "view", "label": label, "url": url});
    match message.single().and_then(|told| told.links.as_ref()) {
        Some(links) => vec![
            action("Open", &links.open),
            action("Resolve", &links.resolve),
            action("Archive", &links.archive),
        ],
        None => vec![action("Open", &message.url)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::message::tests::{firing, hostile, hostile_single, message, new};

    #[test]
    fn whatever_is_told_fits_into_a_notification() {
        for message in [
            hostile(),
            hostile_single(),
            message(firing(vec![new(1)])),
            message(firing(Vec::new())),
        ] {
            let body: Value = serde_json::from_str(&request("https://n", "t", None, &message).body).unwrap();
            assert!((1..=MOST_BYTES).contains(&body["message"].as_str().unwrap().len()));
            assert!((1..=250).contains(&body["title"].as_str().unwrap().chars().count()));
            assert!((1..=3).contains(&body["actions"].as_array().unwrap().len()));
        }
    }

    #[test]
    fn one_issue_as_a_notification() {
        let request = request(
            "https://n",
            "alerts",
            Some("tk_1"),
            &message(firing(vec![new(12)])),
        );
        assert_eq!(request.headers, [("authorization", "Bearer tk_1".to_owned())]);
        let body: Value = serde_json::from_str(&request.body).unwrap();
        insta::assert_json_snapshot!(body);
    }
}
