//! Discord, by a webhook: the message as an embed. Knows Discord's limits and its Markdown; sends nothing.
//!
//! Source: the documentation for developers, "Execute Webhook", "Embed Limits" and "Allowed Mentions".

use serde_json::{Value, json};

use super::http::Request;
use super::layout::{chosen, footer};
use super::message::text::escaped;
use super::message::{Kind, Message, Told};
use crate::protocol::level::Level;

/// Room for parts of the text, in characters: 6,000 are the most of an embed, 4,096 of a description.
const TITLE: usize = 256;
const HEADLINE: usize = 1_200;
const LINE: usize = 200;
const FIELD: usize = 200;
const FOOTER: usize = 500;
/// Causes that are told one by one.
const CAUSES: usize = 5;

/// The message for a webhook.
pub(super) fn request(url: &str, message: &Message) -> Request {
    let mut embed = json!({
        "title": escape(&message.title, TITLE),
        "url": message.url,
        "color": color(message),
        "timestamp": message.time.timestamp().to_string(),
        "description": description(message),
        "footer": {"text": escaped(&below(message), FOOTER, |_| None)},
    });
    if let Some(told) = message.single() {
        let fields = told.facts();
        let fields = fields
            .iter()
            .map(|(label, value)| json!({"name": label, "value": escape(value, FIELD), "inline": true}));
        embed["fields"] = fields.collect();
    }
    // Nobody is called, whatever a title says.
    let body = json!({"embeds": [embed], "allowed_mentions": {"parse": []}});
    Request {
        url: url.to_owned(),
        headers: Vec::new(),
        body: body.to_string(),
    }
}

fn description(message: &Message) -> String {
    let mut lines = vec![escape(&message.headline, HEADLINE)];
    match message.single() {
        Some(told) => lines.extend(single(told)),
        None => {
            let (causes, more) = chosen(message, CAUSES);
            lines.extend(
                causes
                    .iter()
                    .map(|told| format!("{} {}", name(told), escape(&told.title, LINE))),
            );
            lines.extend(more);
        }
    }
    lines.push(format!("[Rule]({})", message.rule_url));
    lines.join("\n")
}

fn single(told: &Told) -> Vec<String> {
    let mut lines = vec![format!("**{}**", name(told))];
    lines.extend(told.culprit.as_ref().map(|it| escape(it, LINE)));
    if !told.frames.is_empty() {
        let frames: Vec<_> = told
            .frames
            .iter()
            .map(|frame| escaped(&frame.replace('`', "'"), LINE, |_| None))
            .collect();
        lines.push(format!("```\n{}\n```", frames.join("\n")));
    }
    lines.extend(told.day());
    if let Some(links) = &told.links {
        lines.push(format!(
            "[Resolve]({}) · [Assign]({}) · [Archive]({})",
            links.resolve, links.assign, links.archive
        ));
    }
    lines
}

fn name(told: &Told) -> String {
    match &told.links {
        Some(links) => format!("[{}]({})", escape(&told.name, LINE), links.open),
        None => escape(&told.name, LINE),
    }
}

fn below(message: &Message) -> String {
    let lines = [format!("Rule: {}", message.rule)]
        .into_iter()
        .chain(footer(message));
    lines.collect::<Vec<_>>().join(" · ")
}

fn color(message: &Message) -> Value {
    let color = match (message.kind, message.level) {
        (Kind::Recovered, _) => 0x2e_a0_43,
        (_, Level::Fatal | Level::Error) => 0xd1_24_2f,
        (_, Level::Warning) => 0xd2_99_22,
        (_, Level::Info | Level::Debug) => 0x1f_6f_eb,
    };
    json!(color)
}

/// Escapes Discord's Markdown. Mentions are allowed to nobody, and call nobody in an embed.
fn escape(text: &str, most: usize) -> String {
    escaped(text, most, |c| match c {
        '\\' => Some("\\\\"),
        '*' => Some("\\*"),
        '_' => Some("\\_"),
        '~' => Some("\\~"),
        '`' => Some("\\`"),
        '|' => Some("\\|"),
        '<' => Some("\\<"),
        '>' => Some("\\>"),
        '[' => Some("\\["),
        ']' => Some("\\]"),
        '(' => Some("\\("),
        ')' => Some("\\)"),
        '#' => Some("\\#"),
        '-' => Some("\\-"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::message::tests::{firing, hostile, hostile_single, message, new};

    #[test]
    fn whatever_is_told_is_within_the_limits_of_an_embed_and_calls_nobody() {
        for message in [
            hostile(),
            hostile_single(),
            message(firing(vec![new(1)])),
            message(firing(Vec::new())),
        ] {
            let body: Value = serde_json::from_str(&request("https://d", &message).body).unwrap();
            assert_eq!(body["allowed_mentions"], json!({"parse": []}));
            let embed = &body["embeds"][0];
            let mut total = 0;
            let mut within = |text: &Value, most: usize| {
                let length = text.as_str().unwrap().encode_utf16().count();
                assert!((1..=most).contains(&length), "{length} of {most}: {text}");
                total += length;
            };
            within(&embed["title"], 256);
            within(&embed["description"], 4_096);
            within(&embed["footer"]["text"], 2_048);
            let fields = embed["fields"].as_array().cloned().unwrap_or_default();
            assert!(fields.len() <= 25);
            for field in fields {
                within(&field["name"], 256);
                within(&field["value"], 1_024);
            }
            assert!(total <= 6_000, "{total}");
            // Between fences nothing is markup.
            let texts = ["title", "description"].map(|text| embed[text].as_str().unwrap());
            for text in texts.iter().flat_map(|text| text.split("```").step_by(2)) {
                assert!(!text.contains("<@") && !text.contains("[x](http"), "{text}");
            }
        }
    }

    #[test]
    fn one_issue_as_an_embed() {
        let body = request("https://d", &message(firing(vec![new(12)]))).body;
        let body: Value = serde_json::from_str(&body).unwrap();
        insta::assert_json_snapshot!(body);
    }
}
