//! Telegram, by a bot: the message as its HTML. Sends nothing.
//!
//! Links stand in the text: a button whose address is not of the public internet has the whole message refused.
//!
//! Source: the Bot API, `sendMessage` and "HTML style".

use jiff::SignedDuration;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use super::http::{Answer, Request};
use super::layout::{chosen, footer};
use super::message::text::escaped;
use super::message::{Message, Told};
use super::policy::Verdict;

const API: &str = "https://api.telegram.org/bot";
/// What a token is made of stays as it is; anything else does not lead to another place.
const TOKEN: &AsciiSet = &NON_ALPHANUMERIC.remove(b':').remove(b'_').remove(b'-');

/// Room for parts of the text: 4,096 characters are the most, those of the markup itself not counted.
const TITLE: usize = 300;
const HEADLINE: usize = 800;
const LINE: usize = 160;
/// Causes that are told one by one.
const CAUSES: usize = 5;

/// The message for a chat that the bot is in.
pub(super) fn request(token: &str, chat: &str, message: &Message) -> Request {
    let body = json!({
        "chat_id": chat,
        "parse_mode": "HTML",
        "text": text(message),
        "link_preview_options": {"is_disabled": true},
    });
    Request {
        url: format!("{API}{}/sendMessage", utf8_percent_encode(token, TOKEN)),
        headers: Vec::new(),
        body: body.to_string(),
    }
}

/// What was answered: for how long there is to be peace stands in the body (`ResponseParameters`), not in a header.
pub(super) fn verdict(answer: &Answer, by_status: Verdict) -> Verdict {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Refusal {
        parameters: Parameters,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Parameters {
        retry_after: u32,
    }
    let Verdict::Later(asked) = by_status else {
        return by_status;
    };
    let refusal: Refusal = serde_json::from_str(&answer.body).unwrap_or_default();
    let said = SignedDuration::from_secs(refusal.parameters.retry_after.into());
    Verdict::Later(asked.max(Some(said).filter(|said| said.is_positive())))
}

fn text(message: &Message) -> String {
    let mut lines = vec![
        format!("<b>{}</b>", escape(&message.title, TITLE)),
        escape(&message.headline, HEADLINE),
    ];
    match message.single() {
        Some(told) => lines.extend(single(told)),
        None => {
            let (causes, more) = chosen(message, CAUSES);
            lines.extend(
                causes
                    .iter()
                    .map(|told| format!("{}: {}", name(told), escape(&told.title, LINE))),
            );
            lines.extend(more);
        }
    }
    lines.extend(footer(message).iter().map(|line| escape(line, 2 * LINE)));
    lines.push(format!(
        "{} · {}",
        link("Open", &message.url),
        link("Rule", &message.rule_url)
    ));
    lines.join("\n")
}

fn single(told: &Told) -> Vec<String> {
    let mut lines = vec![name(told)];
    lines.extend(
        told.culprit
            .as_ref()
            .map(|it| format!("<code>{}</code>", escape(it, LINE))),
    );
    let facts = told.facts();
    lines.extend(
        facts
            .iter()
            .map(|(label, value)| format!("{label}: {}", escape(value, LINE))),
    );
    if !told.frames.is_empty() {
        let frames: Vec<_> = told.frames.iter().map(|frame| escape(frame, LINE)).collect();
        lines.push(format!("<pre>{}</pre>", frames.join("\n")));
    }
    lines.extend(told.day());
    if let Some(links) = &told.links {
        let can = [
            ("Resolve", &links.resolve),
            ("Assign", &links.assign),
            ("Archive", &links.archive),
        ];
        lines.push(can.map(|(text, url)| link(text, url)).join(" · "));
    }
    lines
}

fn name(told: &Told) -> String {
    let name = escape(&told.name, LINE);
    match &told.links {
        Some(links) => format!("<a href=\"{}\">{name}</a>", attribute(&links.open)),
        None => name,
    }
}

fn link(text: &str, url: &str) -> String {
    format!("<a href=\"{}\">{text}</a>", attribute(url))
}

fn attribute(url: &str) -> String {
    url.replace('&', "&amp;").replace('"', "&quot;")
}

fn escape(text: &str, most: usize) -> String {
    escaped(text, most, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::message::tests::{firing, hostile, hostile_single, message, new};

    #[test]
    fn whatever_is_told_fits_and_is_only_our_own_markup() {
        for message in [
            hostile(),
            hostile_single(),
            message(firing(vec![new(1)])),
            message(firing(Vec::new())),
        ] {
            let (mut shown, mut open) = (String::new(), Vec::new());
            let text = text(&message);
            for piece in text.split('<') {
                let (tag, rest) = piece.split_once('>').unwrap_or(("", piece));
                match tag.strip_prefix('/') {
                    Some(tag) => assert_eq!(open.pop(), Some(tag), "{text}"),
                    None if tag.is_empty() => {}
                    None => open.push(tag.split(' ').next().unwrap()),
                }
                assert!(
                    ["", "b", "a", "code", "pre"].contains(open.last().unwrap_or(&"")),
                    "{open:?}"
                );
                shown.push_str(rest);
            }
            assert!(open.is_empty());
            let shown = shown
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
            let most = shown.encode_utf16().count();
            assert!(most <= 4_096, "{most}");
        }
    }

    #[test]
    fn one_issue_as_html() {
        let request = request("123:AB-c_d", "@shop", &message(firing(vec![new(12)])));
        assert_eq!(request.url, "https://api.telegram.org/bot123:AB-c_d/sendMessage");
        insta::assert_snapshot!(text(&message(firing(vec![new(12)]))));
    }

    #[test]
    fn for_how_long_it_wants_peace_stands_in_the_body() {
        let later = |seconds| Verdict::Later(Some(SignedDuration::from_secs(seconds)));
        let flood = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#;
        for (body, by_status, verdict) in [
            (flood, Verdict::Later(None), later(35)),
            (flood, later(60), later(60)),
            (flood, Verdict::Never, Verdict::Never),
            (r#"{"ok":false}"#, Verdict::Later(None), Verdict::Later(None)),
            (r#"{"parameters":{"retry_after":-1}}"#, later(7), later(7)),
            ("<html>", Verdict::Later(None), Verdict::Later(None)),
        ] {
            let answer = Answer {
                status: 429,
                body: body.into(),
                ..Answer::default()
            };
            assert_eq!(super::verdict(&answer, by_status), verdict, "{body}");
        }
    }

    #[test]
    fn a_token_does_not_lead_elsewhere() {
        let url = request("1/../../evil?x=#", "@shop", &message(firing(Vec::new()))).url;
        assert_eq!(
            url,
            "https://api.telegram.org/bot1%2F%2E%2E%2F%2E%2E%2Fevil%3Fx%3D%23/sendMessage"
        );
    }
}
