//! Sessions are counted for their release: each once, however often and in whatever order it is told of.

use jiff::SignedDuration;

use super::tally::{Placed, Tally};
use crate::model::session::{
    CountedSession, SessionCounts, SessionGroup, SessionReport, SessionUpdate, Sessions,
};
use crate::model::timeline::DAY;
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::session::SessionStatus;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::HealthKind;
use crate::store::embedded::index::rows::Meta;

/// The span in which the first session of a group began.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Counts what an item told.
pub(super) fn apply(
    report: &SessionReport,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    if tally.project(report.project, overlay)?.is_none() {
        // It was removed after the item was accepted.
        tally.count(&outcome(report, Outcome::Invalid, "project_removed"));
        return Ok(());
    }
    match &report.sessions {
        Sessions::One(update) => one(report, update, meta, overlay, tally)?,
        Sessions::Many(groups) => {
            for group in groups {
                many(report, group, meta, overlay, tally)?;
            }
        }
    }
    tally.count(&outcome(report, Outcome::Accepted, ""));
    Ok(())
}

/// Counts the difference that an update makes to what was known of its session.
fn one(
    report: &SessionReport,
    update: &SessionUpdate,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let (project, started) = (report.project, update.started.as_second());
    let user = update.user.as_deref();
    let placed =
        tally
            .releases
            .see_session(report, update.started, user, &mut tally.arrivals, meta, overlay)?;
    let crashed = u64::from(update.standing.status == SessionStatus::Crashed);
    count_user(report, started, (user, crashed), &placed, overlay, tally)?;
    let said = CountedSession {
        standing: update.standing,
        release: placed.release,
        environment: placed.environment,
        started,
    };
    let key = Key::of(Table::CountedSession)
        .signed(started.div_euclid(DAY))
        .number(project.0)
        .bytes(update.id.0.as_bytes());
    let before: Option<CountedSession> = overlay.get(&key)?;
    let after = before.clone().map_or(said.clone(), |before| before.join(said));
    if before.as_ref() == Some(&after) {
        return Ok(());
    }
    let mut learned = after.standing.counts();
    if let Some(before) = &before {
        learned.take(&before.standing.counts());
    }
    tally.pulses.sessions(report, &learned, overlay)?;
    let usage = &mut tally.releases.usage;
    if let Some(before) = before {
        let hour = usage.hour(project, before.started, &place_of(&before), overlay)?;
        hour.sessions.take(&before.standing.counts());
    }
    usage
        .hour(project, after.started, &place_of(&after), overlay)?
        .sessions += after.standing.counts();
    overlay.put(key, &after)
}

/// Counts sessions that their own program counted, and that are told of once.
fn many(
    report: &SessionReport,
    group: &SessionGroup,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let user = group.user.as_deref();
    // Its end: the start may lie before a resolve, and a release that came after that would count as the current one.
    let seen = group.started + MINUTE;
    let placed = tally
        .releases
        .see_session(report, seen, user, &mut tally.arrivals, meta, overlay)?;
    let started = group.started.as_second();
    let SessionCounts { crashed, .. } = group.counts;
    count_user(report, started, (user, crashed), &placed, overlay, tally)?;
    let hour = tally
        .releases
        .usage
        .hour(report.project, started, &placed, overlay)?;
    hour.sessions += group.counts;
    tally.pulses.sessions(report, &group.counts, overlay)
}

/// Counts the user of sessions of which some crashed.
fn count_user(
    report: &SessionReport,
    started: i64,
    (user, crashed): (Option<&str>, u64),
    placed: &Placed,
    overlay: &Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let Some(user) = user else { return Ok(()) };
    let kinds = [(HealthKind::Users, 1), (HealthKind::Crashed, crashed)];
    for (kind, _) in kinds.into_iter().filter(|(_, sessions)| *sessions > 0) {
        tally
            .releases
            .usage
            .user(report.project, started, placed, (kind, user), overlay)?;
    }
    Ok(())
}

fn place_of(session: &CountedSession) -> Placed {
    Placed {
        release: session.release,
        environment: session.environment.clone(),
    }
}

fn outcome(report: &SessionReport, outcome: Outcome, reason: &str) -> OutcomeCount {
    OutcomeCount {
        project: report.project,
        time: report.received,
        category: DataCategory::Session,
        outcome,
        reason: reason.to_owned(),
        quantity: 1,
    }
}
