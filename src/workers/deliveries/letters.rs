//! Letters to members: what they want to hear of when it is brought, and how they stop it. Sends nothing.

use jiff::Timestamp;

use super::errand::message;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Delivery, DigestEvery, Mailing, Preferences, Unsubscribe, WantedAlerts};
use crate::model::attention::Assignee;
use crate::model::{Issue, Role, TimeRange, User, UserId};
use crate::notify::letter::Error;
use crate::notify::{Letter, Message, Reader};
use crate::store::{self, Store};
use crate::workers::recaps::Recaps;

/// The letter that brings `delivery` to a member. None when they are gone, want no such letter (any more), or when there
/// is nothing to tell.
pub(super) async fn letter(
    store: &Store,
    base: &str,
    recaps: &Recaps,
    delivery: &Delivery,
    member: UserId,
    now: Timestamp,
) -> store::Result<Option<Result<Letter, Error>>> {
    let users = store.catalog.users().await?;
    let Some(user) = users.into_iter().find(|user| user.id == member) else {
        return Ok(None);
    };
    let wanted = store.alerting.preferences(member).await?;
    match delivery.cargo {
        Cargo::Firings(_) => {
            let Some(message) = message(store, base, delivery, Some(&wanted.zone), now).await? else {
                return Ok(None);
            };
            if !wants(store, &wanted, member, &message).await? {
                return Ok(None);
            }
            to(store, base, &user, Mailing::Alerts, |reader| {
                Letter::alert(&message, reader)
            })
            .await
        }
        // Whoever owns it no longer need not know.
        Cargo::Notice(_) if wanted.alerts == WantedAlerts::None || user.role != Role::Owner => Ok(None),
        Cargo::Notice(notice) => {
            let projects = store.catalog.projects().await?;
            let project = projects.iter().find(|it| Some(it.id) == notice.project());
            if project.is_none() && notice.project().is_some() {
                return Ok(None);
            }
            let id = delivery.id.0.to_string();
            to(store, base, &user, Mailing::Alerts, |reader| {
                Letter::notice(notice, project, base, &id, reader)
            })
            .await
        }
        Cargo::Digest { .. } if wanted.digest == DigestEvery::Off => Ok(None),
        Cargo::Digest { since, until } => {
            let range = TimeRange {
                start: since,
                end: until,
            };
            let recap = recaps.of(store, base, range, &wanted.zone).await?;
            if recap.is_empty() {
                return Ok(None);
            }
            let id = delivery.id.0.to_string();
            to(store, base, &user, Mailing::Digest, |reader| {
                Letter::recap(&recap, &id, reader)
            })
            .await
        }
    }
}

/// A letter to a member, with the links by which they stop such letters.
async fn to(
    store: &Store,
    base: &str,
    user: &User,
    mailing: Mailing,
    write: impl FnOnce(Reader<'_>) -> Result<Letter, Error>,
) -> store::Result<Option<Result<Letter, Error>>> {
    let key = store.alerting.signing_key().await?;
    let key = key.ok_or(store::Error::Missing("signing key"))?;
    let token = Unsubscribe {
        user: user.id,
        from: mailing,
    }
    .token(&key);
    Ok(Some(write(Reader::Member {
        email: &user.email,
        unsubscribe: &format!("{base}/unsubscribe/{token}"),
        settings: &format!("{base}/settings/account"),
    })))
}

/// Whether a member wants to be told of what a message is about.
async fn wants(
    store: &Store,
    wanted: &Preferences,
    member: UserId,
    message: &Message,
) -> store::Result<bool> {
    match wanted.alerts {
        WantedAlerts::All => return Ok(true),
        WantedAlerts::None => return Ok(false),
        // What is behind the causes that are kept may be theirs.
        WantedAlerts::Mine if message.total > message.causes.len() as u64 => return Ok(true),
        WantedAlerts::Mine => {}
    }
    for id in message.causes.iter().filter_map(|told| told.issue) {
        if store
            .issues
            .issue(id)
            .await?
            .is_some_and(|issue| is_theirs(&issue, member))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an issue is given to them, or they want to hear of it.
fn is_theirs(issue: &Issue, member: UserId) -> bool {
    let interest = issue.interests.get(&member);
    issue.assignee == Some(Assignee::User(member)) || interest.and_then(|it| it.is_subscribed) == Some(true)
}
