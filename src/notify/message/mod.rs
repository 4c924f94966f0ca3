//! What is told: a message, the same for all channels, made from firings alone. Plain data of bounded size and harmless
//! characters; each channel escapes what has a meaning to it. Reads no store and no clock.

mod frames;
mod sample;
#[cfg(test)]
pub(crate) mod tests;
pub mod text;
mod why;

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::model::alert::firing::Cause;
use crate::model::alert::{Firing, Held, Reason};
use crate::model::{IssueId, Project, ShortId};
use crate::protocol::ids::{EventId, ProjectId};
use crate::protocol::level::Level;
pub use frames::top_frames;
use text::{cut, line, many, moment, number};

/// Something to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The idempotency key: whoever gets it twice was told once.
    pub id: String,
    /// Which story it belongs to: the same for a problem and its end.
    pub key: String,
    /// Whether something broke or is well again.
    pub kind: Kind,
    /// When it happened, by the clock of whoever is told.
    pub time: Zoned,
    /// Where.
    pub project: ProjectId,
    /// That project's slug.
    pub slug: String,
    /// Its name, at most [`Message::NAME`] characters.
    pub project_name: String,
    /// The subject: one line of at most [`Message::TITLE`] characters.
    pub title: String,
    /// Why it is told: one sentence with the numbers, and the rule, at most [`Message::HEADLINE`] characters.
    pub headline: String,
    /// The most severe level of what it is about.
    pub level: Level,
    /// The name of the rule that fired, at most [`Message::NAME`] characters.
    pub rule: String,
    /// Its page.
    pub rule_url: String,
    /// Names of other rules that fired for the same, at most [`Message::ALSO`].
    pub also: Vec<String>,
    /// What was released shortly before: `the release of shop@2 in production`.
    pub released: Option<String>,
    /// That it was told later than it could have been.
    pub held: Option<Held>,
    /// What it is about, at most [`Firing::MAX_CAUSES`].
    pub causes: Vec<Told>,
    /// How many things happened; `causes` may be fewer.
    pub total: u64,
    /// Where to look: the issue if there is one, the firing with all its issues if there are several, else the issues of
    /// the project.
    pub url: String,
}

/// Whether something broke or is well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody should look.
    Problem,
    /// It is over.
    Recovered,
}

/// One thing that a message is about. What is not known is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// Why, in a sentence without a full stop.
    pub why: String,
    /// Which story it belongs to: the same for a problem and its end.
    pub key: String,
    /// Which issue; none for the project as a whole.
    pub issue: Option<IssueId>,
    /// Its name, `SHOP-12`; the project's name without an issue.
    pub name: String,
    /// Type and value, at most [`Message::TITLE`] characters.
    pub title: String,
    /// Where in the program, at most [`Message::TITLE`] characters.
    pub culprit: Option<String>,
    /// The event that made it so.
    pub event: Option<EventId>,
    /// How severe that is.
    pub level: Option<Level>,
    /// From which release it came.
    pub release: Option<String>,
    /// From which environment it came.
    pub environment: Option<String>,
    /// When the issue was first seen, by the clock of whoever is told.
    pub first_seen: Option<Zoned>,
    /// How many events it had.
    pub events: u64,
    /// How many users it had.
    pub users: u64,
    /// The frames nearest to the failure, for whoever loads the event to fill in: see [`top_frames`].
    pub frames: Vec<String>,
    /// Events by hour over the last day, oldest first, for whoever loads them to fill in.
    pub hours: Vec<u64>,
    /// Its pages; none without an issue.
    pub links: Option<Links>,
}

/// The pages of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The issue.
    pub open: String,
    /// The same, asking whether it is resolved.
    pub resolve: String,
    /// The same, asking for whom it is.
    pub assign: String,
    /// The same, asking for how long it is to be archived.
    pub archive: String,
}

impl Message {
    /// Longest title and culprit, in characters.
    pub const TITLE: usize = 200;
    /// Longest headline, in characters.
    pub const HEADLINE: usize = 1_000;
    /// Longest name of a project, rule, release or environment, in characters.
    pub const NAME: usize = 100;
    /// The most other rules that are named.
    pub const ALSO: usize = 5;

    /// The message that tells of these firings in `project`: of the first one, and which other rules fired with it.
    /// `base` is the address of this installation without a slash at the end, `zone` the one by whose clock times are said.
    /// None without firings.
    pub fn of(
        id: String,
        firings: &[Firing],
        project: &Project,
        base: &str,
        zone: &TimeZone,
    ) -> Option<Self> {
        let (first, others) = firings.split_first()?;
        let place = Place { project, base, zone };
        let rule = line(&first.rule_name, Self::NAME);
        let causes: Vec<_> = first
            .causes
            .iter()
            .take(Firing::MAX_CAUSES)
            .map(|it| place.told(it, first))
            .collect();
        let recovered = !first.causes.is_empty() && first.causes.iter().all(Cause::is_end);
        Some(Self {
            id,
            key: key(first),
            kind: if recovered { Kind::Recovered } else { Kind::Problem },
            time: first.time.to_zoned(zone.clone()),
            project: project.id,
            slug: project.slug.clone(),
            project_name: line(&project.name, Self::NAME),
            title: cut(&place.title(first), Self::TITLE),
            headline: {
                // On a locked telephone only the beginning is seen, and a rule's name helps nobody there.
                let why = cut(&place.why(first, &causes), Self::HEADLINE - Self::NAME - 20);
                format!("{why} (rule “{rule}”).")
            },
            level: first
                .causes
                .iter()
                .filter_map(|it| it.subject.level)
                .max()
                .unwrap_or_default(),
            also: others_named(&rule, others),
            rule,
            rule_url: format!("{base}/alerts/rules/{}", first.rule.0),
            released: why::after_release(first),
            held: first.held,
            total: first.total.max(causes.len() as u64),
            url: place.url(first, &causes),
            causes,
        })
    }

    /// The one thing that it is about, if it is one.
    pub fn single(&self) -> Option<&Told> {
        self.causes.first().filter(|_| self.total <= 1)
    }

    /// What is behind the first `shown` causes: `and 12 more`.
    pub fn more(&self, shown: usize) -> Option<String> {
        let left = self.total.saturating_sub(shown as u64);
        (left > 0).then(|| format!("and {} more", number(left)))
    }

    /// Until when it was held, and why, by the clock of whoever is told.
    pub fn held_said(&self) -> Option<String> {
        let held = self.held?;
        let until = held.until.to_zoned(self.time.time_zone().clone());
        Some(format!("Held until {}, {}", moment(&until), held.by.why()))
    }

    /// Which other rules fired for the same, in a sentence.
    pub fn also_said(&self) -> Option<String> {
        (!self.also.is_empty()).then(|| format!("Also matched: {}", self.also.join(", ")))
    }
}

impl Told {
    /// What is known of it, each with its label.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if self.issue.is_some() {
            facts.push(("Events", number(self.events)));
            facts.push(("Users", number(self.users)));
        }
        let known = [
            ("Level", self.level.map(|it| it.to_string())),
            ("Release", self.release.clone()),
            ("Environment", self.environment.clone()),
            ("First seen", self.first_seen.as_ref().map(moment)),
        ];
        facts.extend(
            known
                .into_iter()
                .filter_map(|(label, value)| Some((label, value?))),
        );
        facts
    }

    /// How many events and users it had, in a line; none without an issue.
    pub fn counts(&self) -> Option<String> {
        self.issue?;
        Some(format!(
            "{}, {}",
            many(self.events, "event"),
            many(self.users, "user")
        ))
    }

    /// The last day as a row of bars and a number; none if nothing is known of it.
    pub fn day(&self) -> Option<String> {
        let bars = text::sparkline(&self.hours);
        let total = self.hours.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
        (!bars.is_empty()).then(|| format!("{bars} {} in 24 hours", many(total, "event")))
    }
}

/// Where something happened.
struct Place<'a> {
    project: &'a Project,
    base: &'a str,
    zone: &'a TimeZone,
}

impl Place<'_> {
    fn told(&self, cause: &Cause, firing: &Firing) -> Told {
        let subject = &cause.subject;
        let name = self.name(cause);
        let short = |text: &Option<String>, most| {
            text.as_deref()
                .map(|it| line(it, most))
                .filter(|it| !it.is_empty())
        };
        Told {
            why: why::sentence(&name, cause, &firing.time.to_zoned(self.zone.clone())),
            key: story(firing, cause),
            issue: cause.issue,
            name,
            title: line(&subject.title, Message::TITLE),
            culprit: short(&subject.culprit, Message::TITLE),
            event: subject.event,
            level: subject.level,
            release: short(&subject.release, Message::NAME),
            environment: short(&subject.environment, Message::NAME),
            first_seen: subject.first_seen.map(|it| it.to_zoned(self.zone.clone())),
            events: subject.events,
            users: subject.users,
            frames: Vec::new(),
            hours: Vec::new(),
            links: cause.issue.map(|issue| self.links(issue)),
        }
    }

    /// What people call it: the issue's short id, else the project's name.
    fn name(&self, cause: &Cause) -> String {
        let (slug, number) = (self.project.slug.clone(), cause.subject.number);
        match cause.issue {
            Some(_) => ShortId { slug, number }.to_string(),
            None => line(&self.project.name, Message::NAME),
        }
    }

    fn links(&self, issue: IssueId) -> Links {
        let open = format!("{}/issues/{}", self.base, issue.0);
        let asking = |what: &str| format!("{open}?do={what}");
        Links {
            resolve: asking("resolve"),
            assign: asking("assign"),
            archive: asking("archive"),
            open,
        }
    }

    /// Where to look: see [`Message::url`].
    fn url(&self, firing: &Firing, causes: &[Told]) -> String {
        let only = causes.first().filter(|_| causes.len() == 1 && firing.total <= 1);
        match only.map(|told| &told.links) {
            Some(Some(links)) => links.open.clone(),
            Some(None) => format!("{}/issues?project={}", self.base, self.project.id.0),
            None => format!("{}/alerts/history?firing={}", self.base, firing.id.0),
        }
    }

    fn title(&self, firing: &Firing) -> String {
        let project = line(&self.project.name, Message::NAME);
        match firing.causes.as_slice() {
            [] => format!("[{project}] {}", line(&firing.rule_name, Message::NAME)),
            [cause] if firing.total <= 1 => {
                let head = why::headword(cause);
                let about = match cause.issue {
                    Some(_) => line(&cause.subject.title, Message::TITLE),
                    None => why::sentence(&project, cause, &firing.time.to_zoned(self.zone.clone())),
                };
                format!("[{project}] {head}: {about}")
            }
            _ => {
                let after = why::after_release(firing).map(|it| format!(" after {it}"));
                format!(
                    "[{project}] {}{}",
                    why::roll_up(firing),
                    after.unwrap_or_default()
                )
            }
        }
    }

    fn why(&self, firing: &Firing, causes: &[Told]) -> String {
        let after = why::after_release(firing).map(|it| format!(", shortly after {it}"));
        let what = match causes {
            [] => "something happened".to_owned(),
            [only] if firing.total <= 1 => only.why.clone(),
            _ => format!(
                "{} in {}",
                why::roll_up(firing),
                line(&self.project.name, Message::NAME)
            ),
        };
        what + &after.unwrap_or_default()
    }
}

/// One story; of many things at once, the rule.
fn key(firing: &Firing) -> String {
    match firing.causes.as_slice() {
        [cause] if firing.total <= 1 => story(firing, cause),
        _ => format!("tripline/{}/rule/{}", firing.project.0, firing.rule.0),
    }
}

/// An issue (or a project) and a trigger; of what is counted of a project also the rule, since it says when that is over.
fn story(firing: &Firing, cause: &Cause) -> String {
    let about = match (cause.issue, &cause.reason) {
        (Some(issue), _) => issue.0.to_string(),
        (None, Reason::Happened { .. }) => "all".to_owned(),
        (None, Reason::Counted { .. } | Reason::Ended { .. }) => format!("all/{}", firing.rule.0),
    };
    format!(
        "tripline/{}/{about}/{}",
        firing.project.0,
        why::trigger(&cause.when)
    )
}

fn others_named(rule: &str, others: &[Firing]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in others.iter().map(|it| line(&it.rule_name, Message::NAME)) {
        if names.len() < Message::ALSO && name != rule && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
