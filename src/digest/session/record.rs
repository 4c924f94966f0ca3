//! Record: what the model keeps of sessions.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::expand::Sent;
use crate::model::session::{SessionCounts, SessionGroup, SessionReport, SessionUpdate, Sessions, Standing};
use crate::model::timeline::HOUR;
use crate::protocol::envelope::Item;
use crate::protocol::session::{self, SessionId};
use crate::store::journal::Head;

/// The report of what was sent.
pub(super) fn record(sent: Sent, item: &Item, head: &Head) -> SessionReport {
    let (sessions, attributes) = match sent {
        Sent::One(update) => (
            Sessions::One(SessionUpdate {
                id: update.id.unwrap_or_else(|| id_of(item, head)),
                standing: Standing {
                    sequence: update.sequence.unwrap_or_default(),
                    status: update.status,
                    has_errors: update.errors > 0,
                },
                user: update.user,
                started: update.started,
            }),
            update.attributes,
        ),
        Sent::Many(groups, attributes) => (Sessions::Many(by_hour(groups)), attributes),
    };
    SessionReport {
        project: head.project,
        received: head.received,
        release: attributes.release,
        environment: attributes.environment,
        sessions,
    }
}

/// The groups that began in one hour are one group, as they are counted: it began with the first of them.
fn by_hour(groups: Vec<session::SessionGroup>) -> Vec<SessionGroup> {
    let mut hours: BTreeMap<(i64, Option<String>), (Timestamp, SessionCounts)> = BTreeMap::new();
    for group in groups {
        let errored = group.errored + group.unhandled + group.abnormal + group.crashed;
        let hour = group.started.as_second().div_euclid(HOUR);
        let (started, counts) = hours
            .entry((hour, group.user))
            .or_insert((group.started, SessionCounts::default()));
        *started = group.started.min(*started);
        *counts += SessionCounts {
            started: group.exited + errored,
            errored,
            crashed: group.crashed,
            abnormal: group.abnormal,
            unhandled: group.unhandled,
        };
    }
    let group = |((_, user), (started, counts))| SessionGroup {
        started,
        user,
        counts,
    };
    hours.into_iter().map(group).collect()
}

/// An identifier for a session that has none: the same when the same item is digested again.
fn id_of(item: &Item, head: &Head) -> SessionId {
    SessionId::of(&[&head.received.as_nanosecond().to_be_bytes(), &item.payload[..]].concat())
}
