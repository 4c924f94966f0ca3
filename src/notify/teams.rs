//! Microsoft Teams, by the webhook of a workflow: the message as an Adaptive Card. Knows the card's shape and what its
//! text takes for Markdown; sends nothing.
//!
//! Sources: "Create incoming webhooks with Workflows" and the schema of Adaptive Cards 1.4.

use serde_json::{Value, json};

use super::http::Request;
use super::layout::{chosen, footer};
use super::message::text::escaped;
use super::message::{Kind, Message, Told};
use crate::protocol::level::Level;

/// Room for parts of the text, in characters: a message may have 28 KB, and one character up to 4 bytes.
const LONG: usize = 800;
const LINE: usize = 200;
/// Causes that are told one by one.
const CAUSES: usize = 5;

/// The message for a workflow that posts cards.
pub(super) fn request(url: &str, message: &Message) -> Request {
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body(message),
        "actions": actions(message),
    });
    let attachment = json!({
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": null,
        "content": card,
    });
    Request {
        url: url.to_owned(),
        headers: Vec::new(),
        body: json!({"type": "message", "attachments": [attachment]}).to_string(),
    }
}

fn body(message: &Message) -> Vec<Value> {
    let color = match (message.kind, message.level) {
        (Kind::Recovered, _) => "Good",
        (Kind::Problem, Level::Fatal | Level::Error) => "Attention",
        (Kind::Problem, Level::Warning) => "Warning",
        (Kind::Problem, Level::Info | Level::Debug) => "Accent",
    };
    let title = json!({"type": "TextBlock", "wrap": true, "size": "Large", "weight": "Bolder", "color": color, "text": escape(&message.title, LONG)});
    let mut body = vec![title, text(escape(&message.headline, LONG))];
    match message.single() {
        Some(told) => body.extend(single(told)),
        None => {
            let (causes, more) = chosen(message, CAUSES);
            body.extend(
                causes
                    .iter()
                    .map(|told| text(format!("{} {}", name(told), escape(&told.title, LINE)))),
            );
            body.extend(more.map(text));
        }
    }
    let rule = format!("[Rule: {}]({})", escape(&message.rule, LINE), message.rule_url);
    let footer = footer(message).into_iter().map(|line| escape(&line, LONG));
    let below: Vec<_> = [rule].into_iter().chain(footer).collect();
    let mut below = text(below.join(" · "));
    below["isSubtle"] = json!(true);
    body.push(below);
    body
}

fn single(told: &Told) -> Vec<Value> {
    let mut body = vec![text(format!("**{}**", name(told)))];
    body.extend(told.culprit.as_ref().map(|it| text(escape(it, LINE))));
    let facts: Vec<_> = told
        .facts()
        .iter()
        .map(|(label, value)| json!({"title": label, "value": escape(value, LINE)}))
        .collect();
    if !facts.is_empty() {
        body.push(json!({"type": "FactSet", "facts": facts}));
    }
    for frame in &told.frames {
        let mut frame = text(escape(frame, LINE));
        frame["fontType"] = json!("Monospace");
        frame["spacing"] = json!("None");
        body.push(frame);
    }
    body.extend(told.day().map(text));
    body
}

fn actions(message: &Message) -> Vec<Value> {
    let action = |title: &str, url: &str| json!({"type": "Action.OpenUrl", "title": title, "url": url});
    match message.single().and_then(|told| told.links.as_ref()) {
        Some(links) => vec![
            action("Open issue", &links.open),
            action("Resolve", &links.resolve),
            action("Assign", &links.assign),
            action("Archive", &links.archive),
        ],
        None => vec![action("Look at all", &message.url)],
    }
}

fn name(told: &Told) -> String {
    match &told.links {
        Some(links) => format!("[{}]({})", escape(&told.name, LINE), links.open),
        None => escape(&told.name, LINE),
    }
}

fn text(text: String) -> Value {
    json!({"type": "TextBlock", "wrap": true, "text": text})
}

/// Escapes the Markdown of text blocks and facts. Mentions need an entity of their own, and there is none.
fn escape(text: &str, most: usize) -> String {
    escaped(text, most, |c| match c {
        '\\' => Some("\\\\"),
        '*' => Some("\\*"),
        '_' => Some("\\_"),
        '~' => Some("\\~"),
        '`' => Some("\\`"),
        '[' => Some("\\["),
        ']' => Some("\\]"),
        '(' => Some("\\("),
        ')' => Some("\\)"),
        '#' => Some("\\#"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::message::tests::{firing, hostile, hostile_single, message, new};

    #[test]
    fn whatever_is_told_fits_into_a_message() {
        for message in [
            hostile(),
            hostile_single(),
            message(firing(vec![new(1)])),
            message(firing(Vec::new())),
        ] {
            let body = request("https://t", &message).body;
            assert!(body.len() < 28_000, "{}", body.len());
            assert!(!body.contains("[x](http") && !body.contains("<script>") && !body.contains("<at>"));
        }
    }

    #[test]
    fn one_issue_as_a_card() {
        let mut told = message(firing(vec![new(12)]));
        told.causes[0].frames = vec!["pot.py:7 in __init__".to_owned()];
        let body: Value = serde_json::from_str(&request("https://t", &told).body).unwrap();
        insta::assert_json_snapshot!(body);
    }
}
