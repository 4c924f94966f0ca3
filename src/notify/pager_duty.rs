//! PagerDuty, by the Events API v2: a problem triggers, its end resolves the same alert. Sends nothing.
//!
//! Source: the reference of "Send an event to PagerDuty" and "PD-CEF".

use serde_json::{Value, json};

use super::http::Request;
use super::layout::chosen;
use super::message::text::cut;
use super::message::{Kind, Message, Told};
use crate::protocol::level::Level;

const API: &str = "https://events.pagerduty.com/v2/enqueue";
/// Longest summary, in characters.
const SUMMARY: usize = 1_024;
/// Causes that are told one by one.
const CAUSES: usize = 10;

/// The events for the service that the key belongs to: one, but for ends that are told together. Each of those was a
/// problem of its own, and an event resolves only one.
pub(super) fn requests(routing_key: &str, message: &Message) -> Vec<Request> {
    match (message.kind, message.causes.as_slice()) {
        (Kind::Problem, _) => vec![request(routing_key, message, "trigger", dedup_key(message))],
        (Kind::Recovered, ends) => ends
            .iter()
            .map(|told| request(routing_key, message, "resolve", told.key.clone()))
            .collect(),
    }
}

fn request(routing_key: &str, message: &Message, action: &str, dedup_key: String) -> Request {
    let body = json!({
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": dedup_key,
        "client": "Tripline",
        "client_url": message.url,
        "links": links(message),
        "payload": payload(message),
    });
    Request {
        url: API.to_owned(),
        headers: Vec::new(),
        body: body.to_string(),
    }
}

/// The alert that a problem is. What is told at once is one of its own, which nothing but a person resolves: each of those
/// problems ends for itself, and the others may go on.
fn dedup_key(message: &Message) -> String {
    match message.single() {
        Some(told) => told.key.clone(),
        None => format!("{}/{}", message.key, message.id),
    }
}

fn payload(message: &Message) -> Value {
    let severity = match message.level {
        Level::Fatal => "critical",
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Debug => "info",
    };
    json!({
        "summary": cut(&message.title, SUMMARY),
        "source": message.project_name,
        "severity": severity,
        "timestamp": message.time.timestamp().to_string(),
        "group": message.slug,
        "component": message.single().and_then(|told| told.culprit.clone()),
        "custom_details": details(message),
    })
}

fn details(message: &Message) -> Value {
    let mut details = json!({
        "why": message.headline,
        "rule": message.rule,
        "also matched": message.also,
        "released before": message.released,
        "held": message.held_said(),
    });
    match message.single() {
        Some(told) => {
            for (label, value) in told.facts() {
                details[label] = json!(value);
            }
            details["issue"] = json!(told.name);
            details["frames"] = json!(told.frames);
            details["last day"] = json!(told.day());
        }
        None => {
            let (causes, more) = chosen(message, CAUSES);
            let causes = causes
                .iter()
                .map(|told: &Told| format!("{}: {}", told.name, told.title))
                .chain(more);
            details["issues"] = causes.collect();
        }
    }
    details
}

fn links(message: &Message) -> Vec<Value> {
    let link = |text: &str, href: &str| json!({"text": text, "href": href});
    let mut all = vec![link("Open", &message.url), link("Rule", &message.rule_url)];
    if let Some(links) = message.single().and_then(|told| told.links.as_ref()) {
        all.extend([
            link("Resolve", &links.resolve),
            link("Assign", &links.assign),
            link("Archive", &links.archive),
        ]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alert::happening::Spike;
    use crate::model::alert::{Happened, When};
    use crate::notify::message::tests::{cause, firing, hostile, hostile_single, message, new, spike};

    #[test]
    fn whatever_is_told_is_within_the_limits_of_an_event() {
        for message in [
            hostile(),
            hostile_single(),
            message(firing(vec![new(1)])),
            message(firing(Vec::new())),
        ] {
            let body = requests("key", &message).remove(0).body;
            assert!(body.len() < 512 * 1024);
            let body: Value = serde_json::from_str(&body).unwrap();
            assert!((1..=1_024).contains(&body["payload"]["summary"].as_str().unwrap().chars().count()));
            assert!((1..=255).contains(&body["dedup_key"].as_str().unwrap().len()));
        }
    }

    fn bodies(message: &Message) -> Vec<Value> {
        let requests = requests("key", message).into_iter();
        requests
            .map(|it| serde_json::from_str(&it.body).unwrap())
            .collect()
    }

    #[test]
    fn ends_that_are_told_together_resolve_each_of_their_problems() {
        let spiking =
            |number, what: fn(Spike) -> Happened| cause(number, When::IssueSpike, what(spike(90, 2_500)));
        let begins = [12, 13].map(|it| message(firing(vec![spiking(it, Happened::Spiking)])));
        let ends = vec![spiking(12, Happened::Recovered), spiking(13, Happened::Recovered)];
        let ends = bodies(&message(firing(ends)));
        let key = |body: &Value| body["dedup_key"].as_str().unwrap().to_owned();
        assert!(ends.iter().all(|end| end["event_action"] == "resolve"));
        assert_eq!(
            ends.iter().map(key).collect::<Vec<_>>(),
            begins.map(|begin| key(&bodies(&begin)[0]))
        );
    }

    #[test]
    fn a_problem_triggers_and_its_end_resolves_the_same() {
        let mut told = message(firing(vec![new(12)]));
        let body = |message: &Message| bodies(message).remove(0);
        let triggered = body(&told);
        told.kind = Kind::Recovered;
        let resolved = body(&told);
        assert_eq!(
            (
                triggered["event_action"].as_str(),
                resolved["event_action"].as_str()
            ),
            (Some("trigger"), Some("resolve"))
        );
        assert_eq!(triggered["dedup_key"], resolved["dedup_key"]);
        insta::assert_json_snapshot!(triggered);
    }

    #[test]
    fn what_is_told_at_once_is_ended_by_nothing_else_that_is() {
        let key = |id: &str| {
            let many = message(firing(vec![new(12), new(13)]));
            dedup_key(&Message {
                id: id.into(),
                ..many
            })
        };
        assert_eq!(key("5"), key("5"), "tried again");
        assert_ne!(key("5"), key("6"));
    }
}
