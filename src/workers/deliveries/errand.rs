//! What a delivery brings, and how: its recipient's channel, and the message with all that is known of what it tells.
//! Sends nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::letters;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Channel, Delivery, Recipient};
use crate::model::timeline::{DAY, HOUR};
use crate::model::{EventRef, IssueId, TimeRange, Timeline};
use crate::notify::message::top_frames;
use crate::notify::{Letter, Message, letter};
use crate::store::{Result, Store};
use crate::workers::recaps::Recaps;

/// What is told, and how.
pub(super) enum Errand {
    /// To a place that was set up.
    Tell(Channel, Box<Message>),
    /// To a member.
    Write(std::result::Result<Letter, letter::Error>),
}

impl Errand {
    /// The name of its channel.
    pub(super) fn channel(&self) -> &'static str {
        match self {
            Self::Tell(channel, _) => channel.name(),
            Self::Write(_) => "email",
        }
    }
}

/// What `delivery` brings, as of `now`. None when there is nobody, or nothing, any more, or they do not want it.
pub(super) async fn errand(
    store: &Store,
    base: &str,
    recaps: &Recaps,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<Option<Errand>> {
    match delivery.to {
        Recipient::Member(member) => {
            let letter = letters::letter(store, base, recaps, delivery, member, now).await?;
            Ok(letter.map(Errand::Write))
        }
        Recipient::Destination(id) => {
            let destinations = store.alerting.destinations().await?;
            let Some(destination) = destinations.into_iter().find(|it| it.id == id) else {
                return Ok(None);
            };
            let message = message(store, base, delivery, None, now).await?;
            Ok(message.map(|message| Errand::Tell(destination.channel, Box::new(message))))
        }
    }
}

/// The message that `delivery` brings; none when what it tells of is gone, or when it brings no message. Times are by the
/// clock of `zone`; without one, as to a place that is nowhere, by that of the rule's quiet hours.
pub(super) async fn message(
    store: &Store,
    base: &str,
    delivery: &Delivery,
    zone: Option<&str>,
    now: Timestamp,
) -> Result<Option<Message>> {
    let Cargo::Firings(ids) = &delivery.cargo else {
        return Ok(None);
    };
    let firings = store.alerts.firing(ids).await?;
    let rules = store.alerting.rules().await?;
    let rule = firings
        .first()
        .and_then(|firing| rules.iter().find(|rule| rule.id == firing.rule));
    let quiet = rule.and_then(|rule| rule.quiet.as_ref());
    let zone = zone.or(quiet.map(|quiet| quiet.zone.as_str()));
    let zone = zone.and_then(|name| TimeZone::get(name).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let projects = store.catalog.projects().await?;
    let project = firings
        .first()
        .and_then(|firing| projects.iter().find(|it| it.id == firing.project));
    let message =
        project.and_then(|project| Message::of(delivery.id.0.to_string(), &firings, project, base, &zone));
    let Some(mut message) = message else {
        return Ok(None);
    };
    fill(store, &mut message, now).await;
    Ok(Some(message))
}

/// Adds what stands elsewhere. What cannot be read is left out: the message is worth more than its ornaments.
async fn fill(store: &Store, message: &mut Message, now: Timestamp) {
    let issues: Vec<IssueId> = message.causes.iter().filter_map(|told| told.issue).collect();
    let day = TimeRange::last(DAY, HOUR, now);
    let mut hours = store
        .stats
        .issue_hours(&issues, day)
        .await
        .unwrap_or_default()
        .into_iter();
    for told in message.causes.iter_mut().filter(|told| told.issue.is_some()) {
        let buckets = Timeline::new(&hours.next().unwrap_or_default(), day, HOUR).buckets;
        told.hours = buckets.into_iter().map(|(_, count)| count).collect();
    }
    let project = message.project;
    if let [told] = message.causes.as_mut_slice() {
        let payload = match (told.event, told.issue) {
            (Some(event), _) => store
                .issues
                .event(project, event)
                .await
                .map(|it| it.map(|it| it.payload)),
            (None, Some(issue)) => latest(store, issue).await,
            (None, None) => Ok(None),
        };
        if let Ok(Some(payload)) = payload {
            told.frames = top_frames(&payload);
        }
    }
}

async fn latest(store: &Store, issue: IssueId) -> Result<Option<bytes::Bytes>> {
    let placed = store.issues.event_of(issue, EventRef::Latest).await?;
    Ok(placed.map(|it| it.event.payload))
}
