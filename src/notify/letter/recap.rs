//! The letter that sums up a day or a week for a member. What happened is counted elsewhere.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::render::{Template, render};
use super::{Choices, Error, Letter, Reader};
use crate::model::alert::Mailing;
use crate::notify::Message;
use crate::notify::message::text::{line, many, number, share};

const TEMPLATE: Template = Template {
    subject: include_str!("../templates/recap/subject.txt"),
    text: include_str!("../templates/recap/body.txt"),
    html: include_str!("../templates/recap/body.html"),
};

/// What happened in a day or a week.
#[derive(Debug, Clone, PartialEq)]
pub struct Recap {
    /// The first moment that is in it.
    pub since: Timestamp,
    /// The first moment that is not.
    pub until: Timestamp,
    /// Where the reader's days begin and end.
    pub zone: TimeZone,
    /// How many events there were.
    pub events: u64,
    /// How many in as long a time before.
    pub events_before: u64,
    /// Issues of one kind each, none of them empty.
    pub sections: Vec<Section>,
    /// Releases that were used, most used first.
    pub releases: Vec<ReleaseUse>,
    /// The page of all issues.
    pub url: String,
}

/// Issues of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What they have in common: `New`.
    pub title: &'static str,
    /// How many there are; `entries` may be fewer.
    pub total: u64,
    /// The loudest of them, loudest first.
    pub entries: Vec<Entry>,
}

/// An issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `SHOP-12`.
    pub name: String,
    /// Type and value.
    pub title: String,
    /// Where in the program.
    pub culprit: Option<String>,
    /// Events in that time.
    pub events: u64,
    /// Its page.
    pub url: String,
}

/// How a release was used.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseUse {
    /// Its version.
    pub version: String,
    /// The name of its project.
    pub project: String,
    /// Sessions that began.
    pub sessions: u64,
    /// How many of these did not crash, in hundredths of a percent.
    pub crash_free: u64,
    /// Its page.
    pub url: String,
}

impl Recap {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.events == 0 && self.sections.is_empty() && self.releases.is_empty()
    }
}

/// What the templates are given.
#[derive(Serialize)]
struct Shown<'a> {
    title: String,
    span: &'static str,
    events: String,
    compared: String,
    sections: Vec<ShownSection>,
    releases: Vec<ShownRelease>,
    url: &'a str,
    choices: Option<Choices<'a>>,
}

#[derive(Serialize)]
struct ShownSection {
    title: &'static str,
    /// None when all are shown.
    total: Option<String>,
    entries: Vec<ShownEntry>,
    more: Option<String>,
}

#[derive(Serialize)]
struct ShownEntry {
    name: String,
    title: String,
    culprit: Option<String>,
    events: String,
    url: String,
}

#[derive(Serialize)]
struct ShownRelease {
    version: String,
    project: String,
    sessions: String,
    crash_free: String,
    /// The name of a colour: see `frame.html`.
    tone: &'static str,
    url: String,
}

impl Letter {
    /// Sums up a day or a week. `id` is the delivery's number.
    pub fn recap(recap: &Recap, id: &str, reader: Reader<'_>) -> Result<Self, Error> {
        let rendered = render(&TEMPLATE, shown(recap, &reader))?;
        let mut headers = reader.headers(Mailing::Digest);
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

fn shown<'a>(recap: &'a Recap, reader: &'a Reader<'a>) -> Shown<'a> {
    let is_day = recap.until.duration_since(recap.since).as_hours() <= 36;
    let span = if is_day { "day" } else { "week" };
    Shown {
        title: format!(
            "{}: {}",
            if is_day { "Your day" } else { "Your week" },
            dates(recap)
        ),
        span,
        events: many(recap.events, "event"),
        compared: compared(recap.events, recap.events_before, span),
        sections: recap.sections.iter().map(section).collect(),
        releases: recap.releases.iter().map(release).collect(),
        url: &recap.url,
        choices: reader.choices(),
    }
}

/// `2 March`, `23 February to 1 March`: the days that begin in it, where the reader is.
fn dates(recap: &Recap) -> String {
    let day = |time: Timestamp| time.to_zoned(recap.zone.clone()).strftime("%-d %B").to_string();
    // What ends on a morning is about the days before it.
    let last = recap
        .until
        .checked_sub(jiff::SignedDuration::from_hours(24))
        .unwrap_or(recap.since);
    let (first, last) = (day(recap.since), day(last));
    if first == last {
        first
    } else {
        format!("{first} to {last}")
    }
}

fn compared(now: u64, before: u64, span: &str) -> String {
    if before == 0 {
        return format!("there were none in the {span} before");
    }
    let (more, less) = (now.saturating_sub(before), before.saturating_sub(now));
    let percent = |difference: u64| {
        let percent = u128::from(difference) * 100 / u128::from(before);
        number(u64::try_from(percent).unwrap_or(u64::MAX))
    };
    match (more, less) {
        (0, 0) => format!("as many as in the {span} before"),
        (more, 0) => format!("{} % more than in the {span} before", percent(more)),
        (_, less) => format!("{} % fewer than in the {span} before", percent(less)),
    }
}

fn section(section: &Section) -> ShownSection {
    let left = section.total.saturating_sub(section.entries.len() as u64);
    let entry = |entry: &Entry| ShownEntry {
        name: entry.name.clone(),
        title: line(&entry.title, Message::TITLE),
        culprit: entry
            .culprit
            .as_deref()
            .map(|it| line(it, Message::TITLE))
            .filter(|it| !it.is_empty()),
        events: many(entry.events, "event"),
        url: entry.url.clone(),
    };
    ShownSection {
        title: section.title,
        total: (left > 0).then(|| number(section.total)),
        entries: section.entries.iter().map(entry).collect(),
        more: (left > 0).then(|| format!("and {} more", number(left))),
    }
}

/// From here on a release is called sound, and below that shaky, in hundredths of a percent.
const SOUND: u64 = 9_950;
const SHAKY: u64 = 9_800;

fn release(release: &ReleaseUse) -> ShownRelease {
    ShownRelease {
        version: line(&release.version, Message::NAME),
        project: line(&release.project, Message::NAME),
        sessions: many(release.sessions, "session"),
        crash_free: share(release.crash_free),
        tone: match release.crash_free {
            SOUND.. => "good",
            SHAKY.. => "warning",
            _ => "error",
        },
        url: release.url.clone(),
    }
}
