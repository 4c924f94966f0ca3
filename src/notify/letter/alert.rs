//! The letter that tells of an alert.

use serde::Serialize;

use super::bars::{Bar, bars};
use super::render::{Template, render};
use super::{Choices, Error, Letter, Reader};
use crate::model::alert::Mailing;
use crate::notify::message::text::{many, moment, number};
use crate::notify::{Kind, Message, Told};
use crate::protocol::level::Level;

const TEMPLATE: Template = Template {
    subject: include_str!("../templates/alert/subject.txt"),
    text: include_str!("../templates/alert/body.txt"),
    html: include_str!("../templates/alert/body.html"),
};

/// What the templates are given.
#[derive(Serialize)]
struct Shown<'a> {
    title: &'a str,
    headline: &'a str,
    /// The name of the mail's colour: see `frame.html`.
    tone: &'static str,
    time: String,
    project: &'a str,
    rule: &'a str,
    rule_url: &'a str,
    also: Option<String>,
    released: Option<String>,
    held: Option<String>,
    /// The one thing that it is about; none for several.
    single: Option<Cause<'a>>,
    causes: Vec<Cause<'a>>,
    more: Option<String>,
    total: String,
    url: &'a str,
    choices: Option<Choices<'a>>,
}

#[derive(Serialize)]
struct Cause<'a> {
    name: &'a str,
    title: &'a str,
    culprit: Option<&'a str>,
    why: &'a str,
    facts: Vec<(&'static str, String)>,
    counts: Option<String>,
    frames: &'a [String],
    day: Option<String>,
    bars: Vec<Bar>,
    in_a_day: String,
    links: Option<Pages<'a>>,
    tone: &'static str,
}

#[derive(Serialize)]
struct Pages<'a> {
    open: &'a str,
    resolve: &'a str,
    assign: &'a str,
    archive: &'a str,
}

impl Letter {
    /// Tells `reader` of an alert.
    pub fn alert(message: &Message, reader: Reader<'_>) -> Result<Self, Error> {
        let rendered = render(&TEMPLATE, shown(message, &reader))?;
        let mut headers = reader.headers(Mailing::Alerts);
        headers.push(("X-Tripline-Delivery", message.id.clone()));
        headers.push(("X-Tripline-Project", message.slug.clone()));
        headers.push(("X-Tripline-Rule", message.rule.clone()));
        headers.push(("X-Tripline-Level", message.level.to_string()));
        if let Some(issue) = message.single().filter(|told| told.issue.is_some()) {
            headers.push(("X-Tripline-Issue", issue.name.clone()));
        }
        Ok(Self {
            to: reader.addresses(),
            id: format!("tripline-delivery-{}", message.id),
            thread: Some(thread(message)),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            headers,
        })
    }
}

/// All that is told of one issue is one thread; of other things, what has the same key. The first letter answers one that
/// nobody ever got: mail programs find the others by it, in whichever order they come.
fn thread(message: &Message) -> String {
    match message.single().and_then(|told| told.issue) {
        Some(issue) => format!("tripline-issue-{}", issue.0),
        None => message.key.replace('/', "-"),
    }
}

fn shown<'a>(message: &'a Message, reader: &'a Reader<'a>) -> Shown<'a> {
    let single = message.single();
    let causes = if single.is_some() {
        &[][..]
    } else {
        &message.causes
    };
    Shown {
        title: &message.title,
        headline: &message.headline,
        tone: match message.kind {
            Kind::Recovered => "good",
            Kind::Problem => tone(message.level),
        },
        time: moment(&message.time),
        project: &message.project_name,
        rule: &message.rule,
        rule_url: &message.rule_url,
        also: message.also_said(),
        released: message.released.clone(),
        held: message.held_said(),
        single: single.map(cause),
        causes: causes.iter().map(cause).collect(),
        more: message.more(message.causes.len()),
        total: number(message.total),
        url: &message.url,
        choices: reader.choices(),
    }
}

fn cause(told: &Told) -> Cause<'_> {
    Cause {
        name: &told.name,
        title: &told.title,
        culprit: told.culprit.as_deref(),
        why: &told.why,
        facts: told.facts(),
        counts: told.counts(),
        frames: &told.frames,
        day: told.day(),
        bars: bars(&told.hours),
        in_a_day: in_a_day(&told.hours),
        links: told.links.as_ref().map(|links| Pages {
            open: &links.open,
            resolve: &links.resolve,
            assign: &links.assign,
            archive: &links.archive,
        }),
        tone: told.level.map_or("info", tone),
    }
}

/// What the bars add up to.
fn in_a_day(hours: &[u64]) -> String {
    let total = hours.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
    format!("{} in the last 24 hours", many(total, "event"))
}

fn tone(level: Level) -> &'static str {
    match level {
        Level::Fatal => "fatal",
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Debug => "info",
    }
}
