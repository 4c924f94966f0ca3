//! Lets issues stand where the rules say, after events came, people decided, or something was learned of releases.
//!
//! Reads the evidence, asks `model::lifecycle`, writes what it says and tells the issue's story. Decides nothing.

mod arrivals;
mod decide;
mod evidence;
mod hear;
mod release;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::alert;
use super::story::{self, By};
use super::sum;
use super::tally::put;
use crate::model::lifecycle::archive::{Counted, Limit, Until};
use crate::model::lifecycle::decision::{Decision, ResolvedIn};
use crate::model::lifecycle::{State, Why, state};
use crate::model::release::Sightings;
use crate::model::release::order::History;
use crate::model::{Deed, Issue, IssueId, ReleaseId};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::lifecycle::{
    Period, Standing, Watch, periods_key, standing_key, watch_key,
};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::version_key;
use crate::store::embedded::index::rows::{self, Meta};
use arrivals::{Arrived, places};

pub(super) use arrivals::Arrivals;
pub(super) use decide::{decide, forget, hide, rejoin, split, wake};
pub(super) use evidence::Histories;
use hear::hear;
pub(super) use release::told;

/// Judges what a command's events may have changed, when all of them are counted.
pub(super) fn arrive(arrivals: Arrivals, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    let mut histories = Histories::default();
    let mut judged = arrivals.moved;
    for id in judged.clone() {
        judged.extend(sum::find(id, overlay)?.map(|issue| issue.id));
    }
    for id in &judged {
        if let Some(mut issue) = sum::find_itself(*id, overlay)? {
            let by = By {
                who: None,
                time: arrivals.time,
            };
            rejoin(&mut issue, by, &mut histories, meta, overlay)?;
        }
    }
    let mut news = arrivals.happenings;
    for (id, events) in &arrivals.issues {
        if let Some(mut issue) = sum::find_itself(*id, overlay)?
            && may_change(&issue, events, overlay)?
        {
            judged.insert(*id);
            let received = events.iter().map(|it| it.event.received);
            let by = By {
                who: None,
                time: received.max().unwrap_or(arrivals.time),
            };
            news.extend(hear(&mut issue, events, by, &mut histories, meta, overlay)?);
        }
    }
    for (project, since) in &arrivals.releases {
        for id in watched(*project, *since, overlay)? {
            if let Some(mut issue) = sum::find_itself(id, overlay)?
                && !judged.contains(&id)
            {
                let by = By {
                    who: None,
                    time: arrivals.time,
                };
                news.extend(hear(&mut issue, &[], by, &mut histories, meta, overlay)?);
            }
        }
    }
    news.sort_by_key(|it| it.time);
    news.into_iter()
        .try_for_each(|it| alert::happen(it, meta, overlay))
}

/// Whether events can change how an issue stands; those that count towards a number are counted.
fn may_change(issue: &Issue, events: &[Arrived], overlay: &mut Overlay<'_>) -> Result<bool> {
    let Some((owner, standing)) = standing(issue, overlay)? else {
        return Ok(false);
    };
    let (until, archived) = match &standing.decision {
        Decision::Unresolve(_) => return Ok(false),
        Decision::Resolve(resolution) => {
            let places = places(events, resolution.time);
            let is_elsewhere = places.iter().any(|place| !standing.held.contains(place));
            // Where it was seen before tells which packages it is resolved in.
            let is_late =
                resolution.is_by_package() && events.iter().any(|it| it.happened <= resolution.time);
            return Ok(is_elsewhere || is_late);
        }
        Decision::Archive(archive) => (&archive.until, archive.time),
    };
    match *until {
        Until::Forever | Until::Time(_) => Ok(false),
        Until::Escalating => Ok(true),
        Until::Events(limit) | Until::Users(limit) => {
            let standing = count(owner, standing, limit, archived, events, overlay)?;
            overlay.put(standing_key(owner), &standing)?;
            Ok(true)
        }
    }
}

/// Counts events in their periods.
fn count(
    owner: IssueId,
    mut standing: Standing,
    limit: Limit,
    archived: Timestamp,
    events: &[Arrived],
    overlay: &mut Overlay<'_>,
) -> Result<Standing> {
    for Arrived { event, happened, .. } in events {
        let Some(number) = limit.period(archived, *happened) else {
            continue;
        };
        let key = periods_key(owner).number(number);
        let mut period: Period = overlay.get(&key)?.unwrap_or_default();
        period.events += 1;
        event.user.iter().for_each(|user| period.users.insert(user));
        let (events, users) = standing.most;
        standing.most = (events.max(period.events), users.max(period.users.estimate()));
        overlay.put(key, &period)?;
    }
    Ok(standing)
}

/// What is decided of an issue, and of which of the issues that are one it was.
fn standing(issue: &Issue, overlay: &Overlay<'_>) -> Result<Option<(IssueId, Standing)>> {
    match issue.decided {
        Some(owner) => Ok(overlay
            .get(&standing_key(owner))?
            .map(|standing| (owner, standing))),
        None => Ok(None),
    }
}

/// The issues of a project that are to be judged again, if something was learned of releases that were out at `since`
/// or later.
fn watched(project: ProjectId, since: Timestamp, overlay: &Overlay<'_>) -> Result<Vec<IssueId>> {
    let mut issues = Vec::new();
    for (key, row) in overlay.scan(&Key::of(Table::Watch).number(project.0), usize::MAX)? {
        let is_meant = match rows::decode(&row)? {
            Watch::Always => true,
            Watch::Since(time) => time >= since,
        };
        let mut pieces = Pieces::of(&key);
        if let (true, Some(_), Some(issue)) = (is_meant, pieces.number(), pieces.number()) {
            issues.push(IssueId(issue));
        }
    }
    Ok(issues)
}

/// Keeps in mind whether an issue is to be judged again when something is learned of releases.
fn watch(issue: &Issue, standing: Option<&Standing>, overlay: &mut Overlay<'_>) -> Result<()> {
    let key = watch_key(issue.project, issue.id);
    match standing.map(|standing| &standing.decision) {
        Some(Decision::Resolve(resolution)) if issue.merged_into.is_none() => {
            let watch = match resolution.kind {
                ResolvedIn::Release(_) | ResolvedIn::Commit(_) => Watch::Always,
                ResolvedIn::Now | ResolvedIn::CurrentRelease | ResolvedIn::NextRelease => {
                    Watch::Since(resolution.time)
                }
            };
            overlay.put(key, &watch)
        }
        _ => {
            overlay.remove(key);
            Ok(())
        }
    }
}

/// Lets an issue stand where the rules say, and tells why if that is elsewhere than it stood. `events` are those that
/// gave reason to look.
fn settle(
    issue: &mut Issue,
    events: &[Arrived],
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let decided = standing(issue, overlay)?;
    watch(issue, decided.as_ref().map(|(_, standing)| standing), overlay)?;
    let Some((owner, mut standing)) = decided else {
        issue.decision = None;
        let undecided = state(None, &[], &History::default(), &Counted::default(), by.time);
        return stand(issue, &undecided, None, by, meta, overlay);
    };
    let sightings = match standing.decision {
        Decision::Resolve(_) => evidence::sightings(issue.id, overlay)?,
        _ => Default::default(),
    };
    let seen = evidence::seen(issue.project, &sightings, overlay)?;
    let counted = match &standing.decision {
        Decision::Archive(archive) => evidence::counted(issue.id, archive, &standing, overlay)?,
        _ => Default::default(),
    };
    let history = histories.of(issue.project, &standing, overlay)?;
    // No event tells that a time has come: that is said by a fact of its own.
    let state = state(Some(&standing.decision), &seen, history, &counted, Timestamp::MIN);
    let event = brought(issue.project, state.why.as_ref(), events, overlay)?.map(|it| it.event.id);
    standing.held = held(&standing.decision, &state, sightings);
    issue.decision = Some(standing.decision.clone());
    overlay.put(standing_key(owner), &standing)?;
    stand(issue, &state, event, by, meta, overlay)
}

/// Where a resolved issue was seen without that being a regression.
fn held(
    decision: &Decision,
    state: &State,
    sightings: BTreeMap<ReleaseId, Sightings>,
) -> Vec<(ReleaseId, Option<String>)> {
    if matches!(state.why, Some(Why::Regressed(_))) {
        return Vec::new();
    }
    let time = decision.time();
    let places = sightings.into_iter().flat_map(|(release, sightings)| {
        let after = sightings.0.into_iter().filter(move |it| it.last > time);
        after.map(move |it| (it.last, release, it.environment))
    });
    // Of too many, those that events are most likely to come from.
    let mut places: Vec<_> = places.collect();
    places.sort_unstable_by(|left, right| right.cmp(left));
    places.truncate(Standing::MAX_HELD);
    places
        .into_iter()
        .map(|(_, release, environment)| (release, environment))
        .collect()
}

/// The first of the events that is of where the issue came back.
fn brought<'a>(
    project: ProjectId,
    why: Option<&Why>,
    events: &'a [Arrived],
    overlay: &Overlay<'_>,
) -> Result<Option<&'a Arrived>> {
    let Some(Why::Regressed(why)) = why else {
        return Ok(None);
    };
    for arrived in events.iter().filter(|it| it.event.environment == why.environment) {
        let version: Option<String> = match arrived.release {
            ReleaseId::NONE => None,
            release => overlay.get(&version_key(project, release))?,
        };
        if version == why.release {
            return Ok(Some(arrived));
        }
    }
    Ok(None)
}

/// Writes where an issue stands.
fn stand(
    issue: &mut Issue,
    state: &State,
    event: Option<EventId>,
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if (issue.status, issue.substatus) != (state.status, state.substatus) {
        issue.status = state.status;
        issue.substatus = state.substatus;
        issue.status_changed = by.time;
        let deed = match &state.why {
            Some(Why::Regressed(why)) => Deed::Regressed {
                why: why.clone(),
                event,
            },
            Some(Why::Returned(why)) => Deed::Returned(why.clone()),
            why => Deed::Reconsidered {
                status: state.status,
                substatus: state.substatus,
                why: why.clone(),
            },
        };
        story::tell(issue.id, deed, by, meta, overlay)?;
    }
    issue.why.clone_from(&state.why);
    put(issue, overlay)
}
