//! Slack, by an incoming webhook or by a bot: the message in Block Kit. Knows Slack's limits and what its markup takes
//! for markup; sends nothing.
//!
//! Sources: the references of Block Kit (blocks, composition objects) and of `chat.postMessage`.

use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::layout::{chosen, footer};
use super::message::text::escaped;
use super::message::{Message, Told};
use super::policy::Verdict;

const API: &str = "https://slack.com/api/chat.postMessage";

/// Limits of Block Kit, in characters.
const HEADER: usize = 150;
const TEXT: usize = 3_000;
const FIELD: usize = 2_000;
/// Room for the title in the text of a link.
const TITLE: usize = 1_200;
/// Room for a culprit, a sentence or a frame.
const LINE: usize = 500;
/// Causes that are told one by one; Block Kit has 50 blocks, and people less patience.
const CAUSES: usize = 10;

/// The message for an incoming webhook.
pub(super) fn webhook(url: &str, message: &Message) -> Request {
    Request {
        url: url.to_owned(),
        headers: Vec::new(),
        body: json!({"text": escape(&message.headline, TEXT), "blocks": blocks(message)}).to_string(),
    }
}

/// The message for a channel that a bot is in.
pub(super) fn bot(token: &str, channel: &str, message: &Message) -> Request {
    let body = json!({
        "channel": channel,
        "text": escape(&message.headline, TEXT),
        "blocks": blocks(message),
        "unfurl_links": false,
        "unfurl_media": false,
    });
    Request {
        url: API.to_owned(),
        headers: vec![("authorization", format!("Bearer {token}"))],
        body: body.to_string(),
    }
}

/// What a bot was answered: 200 says nothing, `ok` in the body does.
pub(super) fn bot_verdict(answer: &Answer, by_status: Verdict) -> Verdict {
    if by_status != Verdict::Taken {
        return by_status;
    }
    let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let error = said["error"].as_str().unwrap_or_default();
    match said["ok"].as_bool() {
        Some(true) => Verdict::Taken,
        Some(false) if !is_passing(error) => Verdict::Never,
        _ => Verdict::Later(None),
    }
}

/// Errors that are not about what was sent.
fn is_passing(error: &str) -> bool {
    matches!(
        error,
        "ratelimited"
            | "rate_limited"
            | "internal_error"
            | "fatal_error"
            | "service_unavailable"
            | "request_timeout"
            | "message_limit_exceeded"
    )
}

fn blocks(message: &Message) -> Vec<Value> {
    let header = json!({"type": "header", "text": {"type": "plain_text", "emoji": false, "text": escape(&message.title, HEADER)}});
    let mut blocks = vec![header, section(escape(&message.headline, TEXT))];
    match message.single() {
        Some(told) => blocks.extend(single(told)),
        None => blocks.extend(several(message)),
    }
    let rule = format!("<{}|Rule: {}>", message.rule_url, escape(&message.rule, LINE));
    let footer = footer(message).into_iter().map(|line| escape(&line, TEXT));
    blocks.push(context([rule].into_iter().chain(footer)));
    blocks
}

fn single(told: &Told) -> Vec<Value> {
    let mut blocks = vec![section(lines(told))];
    let fields: Vec<_> = told
        .facts()
        .iter()
        .map(|(label, value)| mrkdwn(format!("*{label}*\n{}", escape(value, FIELD - 100))))
        .collect();
    if !fields.is_empty() {
        blocks.push(json!({"type": "section", "fields": fields}));
    }
    if !told.frames.is_empty() {
        let frames: Vec<_> = told.frames.iter().map(|frame| code(frame, LINE)).collect();
        blocks.push(section(format!("```{}```", frames.join("\n"))));
    }
    blocks.extend(told.day().map(|day| context([day])));
    if let Some(links) = &told.links {
        let button = |text: &str, url: &str, id: &str| json!({"type": "button", "action_id": id, "url": url, "text": {"type": "plain_text", "text": text}});
        let mut open = button("Open issue", &links.open, "open");
        open["style"] = json!("primary");
        let elements = [
            open,
            button("Resolve", &links.resolve, "resolve"),
            button("Assign", &links.assign, "assign"),
            button("Archive", &links.archive, "archive"),
        ];
        blocks.push(json!({"type": "actions", "elements": elements}));
    }
    blocks
}

fn several(message: &Message) -> Vec<Value> {
    let (told, more) = chosen(message, CAUSES);
    let mut blocks: Vec<_> = told
        .iter()
        .map(|told| section(format!("{}\n{}", lines(told), escape(&told.why, LINE))))
        .collect();
    blocks.push(context([match more {
        Some(more) => format!("<{}|{more}: look at all>", message.url),
        None => format!("<{}|Look at all>", message.url),
    }]));
    blocks
}

/// The linked title, and below it the culprit.
fn lines(told: &Told) -> String {
    let title = match &told.links {
        Some(links) => format!(
            "*<{}|{}>* {}",
            links.open,
            escape(&told.name, LINE),
            escape(&told.title, TITLE)
        ),
        None => format!("*{}* {}", escape(&told.name, LINE), escape(&told.title, TITLE)),
    };
    match &told.culprit {
        Some(culprit) => format!("{title}\n`{}`", code(culprit, LINE)),
        None => title,
    }
}

fn section(text: String) -> Value {
    json!({"type": "section", "text": mrkdwn(text)})
}

fn context(texts: impl IntoIterator<Item = String>) -> Value {
    let elements: Vec<_> = texts.into_iter().map(mrkdwn).collect();
    json!({"type": "context", "elements": elements})
}

/// What is shown as it stands is not searched for names of people and channels.
fn mrkdwn(text: String) -> Value {
    json!({"type": "mrkdwn", "verbatim": true, "text": text})
}

/// Escapes what begins markup that does something: links, mentions, entities.
fn escape(text: &str, most: usize) -> String {
    escaped(text, most, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

/// The same for what stands between backticks.
fn code(text: &str, most: usize) -> String {
    escape(&text.replace('`', "'"), most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::message::tests::{firing, hostile, hostile_single, message, new};

    /// Checks what Slack publishes of Block Kit, and panics with what is over.
    fn validate(blocks: &Value) {
        let blocks = blocks.as_array().unwrap();
        assert!((1..=50).contains(&blocks.len()), "{} blocks", blocks.len());
        for block in blocks {
            let list = |key: &str, most: usize| {
                let list = block[key].as_array().unwrap();
                assert!((1..=most).contains(&list.len()), "{key}: {}", list.len());
                list.clone()
            };
            match block["type"].as_str().unwrap() {
                "header" => text(&block["text"], "plain_text", 150),
                "section" if block["fields"].is_array() => {
                    list("fields", 10).iter().for_each(|it| text(it, "mrkdwn", 2_000))
                }
                "section" => text(&block["text"], "mrkdwn", 3_000),
                "context" => list("elements", 10)
                    .iter()
                    .for_each(|it| text(it, "mrkdwn", 3_000)),
                "actions" => list("elements", 25).iter().for_each(button),
                other => panic!("no block of type {other}"),
            }
        }
    }

    fn button(button: &Value) {
        assert_eq!(button["type"], "button");
        text(&button["text"], "plain_text", 75);
        assert!(button["url"].as_str().unwrap().len() <= 3_000);
        assert!((1..=255).contains(&button["action_id"].as_str().unwrap().len()));
    }

    fn text(object: &Value, kind: &str, most: usize) {
        assert_eq!(object["type"], kind);
        let text = object["text"].as_str().unwrap();
        assert!(
            (1..=most).contains(&text.chars().count()),
            "{} of {most}: {text}",
            text.len()
        );
        assert!(
            !text.contains("<!") && !text.contains("<@") && !text.contains("<script"),
            "{text}"
        );
    }

    #[test]
    fn whatever_is_told_is_within_the_limits_of_block_kit() {
        let mut one = message(firing(vec![new(1)]));
        one.causes[0].frames = vec!["a.py:1 in f".to_owned()];
        one.causes[0].hours = vec![1, 2, 3];
        for message in [
            hostile(),
            hostile_single(),
            one,
            message(firing(Vec::new())),
            Message::sample("https://errors.example.com", jiff::Timestamp::UNIX_EPOCH),
        ] {
            for request in [webhook("https://hooks", &message), bot("t", "#c", &message)] {
                let body: Value = serde_json::from_str(&request.body).unwrap();
                validate(&body["blocks"]);
                assert!(body["text"].as_str().unwrap().chars().count() <= 4_000);
                assert!(!body["text"].as_str().unwrap().contains("<!"));
            }
        }
    }

    #[test]
    fn one_issue_has_its_facts_and_buttons() {
        let mut told = message(firing(vec![new(12)]));
        told.causes[0].frames = vec!["pot.py:7 in `brew`".to_owned()];
        told.causes[0].hours = vec![0, 1];
        let request = bot("xoxb-1", "C1", &told);
        assert_eq!(request.headers, [("authorization", "Bearer xoxb-1".to_owned())]);
        let body: Value = serde_json::from_str(&request.body).unwrap();
        insta::assert_json_snapshot!(body);
    }

    #[test]
    fn a_bot_is_answered_in_the_body() {
        for (status, body, expected) in [
            (200, r#"{"ok":true}"#, Verdict::Taken),
            (200, r#"{"ok":false,"error":"channel_not_found"}"#, Verdict::Never),
            (
                200,
                r#"{"ok":false,"error":"internal_error"}"#,
                Verdict::Later(None),
            ),
            (200, "<html>", Verdict::Later(None)),
            (500, r#"{"ok":true}"#, Verdict::Later(None)),
            (403, "", Verdict::Never),
        ] {
            let answer = Answer {
                status,
                retry_after: None,
                body: body.to_owned(),
            };
            let by_status = Verdict::of_status(status, None, jiff::Timestamp::UNIX_EPOCH);
            assert_eq!(bot_verdict(&answer, by_status), expected, "{status} {body}");
        }
    }
}
