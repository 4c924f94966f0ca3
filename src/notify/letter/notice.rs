//! The letter that tells an owner what ails the installation.

use serde::Serialize;

use super::render::{Template, render};
use super::{Choices, Error, Letter, Reader};
use crate::model::Project;
use crate::model::alert::{Mailing, Notice};
use crate::notify::Message;
use crate::notify::message::text::{line, many};

const TEMPLATE: Template = Template {
    subject: include_str!("../templates/notice/subject.txt"),
    text: include_str!("../templates/notice/body.txt"),
    html: include_str!("../templates/notice/body.html"),
};

/// What the templates are given.
#[derive(Serialize)]
struct Shown<'a> {
    title: String,
    lines: [&'static str; 2],
    action: &'static str,
    url: String,
    choices: Option<Choices<'a>>,
}

impl Letter {
    /// Tells of `notice`, and of the `project` that it is about, if any. `id` is the delivery's number; `base` the
    /// server's address.
    pub fn notice(
        notice: Notice,
        project: Option<&Project>,
        base: &str,
        id: &str,
        reader: Reader<'_>,
    ) -> Result<Self, Error> {
        let rendered = render(&TEMPLATE, shown(notice, project, base, &reader))?;
        let mut headers = reader.headers(Mailing::Alerts);
        headers.push(("X-Tripline-Delivery", id.to_owned()));
        Ok(Self {
            to: reader.addresses(),
            id: format!("tripline-delivery-{id}"),
            thread: None,
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            headers,
        })
    }
}

fn shown<'a>(notice: Notice, project: Option<&Project>, base: &str, reader: &'a Reader<'a>) -> Shown<'a> {
    let storage = || format!("{base}/settings/storage");
    let (title, lines, action, url) = match notice {
        Notice::FillsUp { days } => (
            match days {
                0 => "Your data has reached its limit".to_owned(),
                days => format!("Your data reaches its limit in {}", many(days, "day")),
            },
            [
                "From then on, payloads that matter least are no longer kept: the oldest of the loudest issues first. Everything is still counted.",
                "You can give it more space, or keep payloads for fewer days.",
            ],
            "Storage",
            storage(),
        ),
        Notice::Thinned => (
            "The disk fills: some payloads are no longer kept".to_owned(),
            [
                "Those that matter least went, the oldest of the loudest issues first. Counts, users and tags are as they were, and the first and latest events of an issue stay longest.",
                "You can give it more space, or keep payloads for fewer days.",
            ],
            "Storage",
            storage(),
        ),
        Notice::SpikeHeld { .. } => {
            let name = project.map_or_else(|| "A project".to_owned(), |it| line(&it.name, Message::NAME));
            let slug = project.map_or("", |it| &it.slug);
            (
                format!("{name} sends far more than usual"),
                [
                    "More than its usual hours allow is refused until the hour is over, and counted as refused, so that one program in a loop does not fill the disk.",
                    "If this is what it should send from now on, switch the protection off, or wait: it learns what is usual within days.",
                ],
                "Limits",
                format!("{base}/settings/projects/{slug}"),
            )
        }
    };
    Shown {
        title,
        lines,
        action,
        url,
        choices: reader.choices(),
    }
}
