//! What a person decided of an issue is written down, and holds for those that are one with it.

use jiff::Timestamp;

use super::evidence::{self, Histories};
use super::{settle, standing};
use crate::model::lifecycle::archive::{Counted, Until};
use crate::model::lifecycle::decision::{Decision, Unresolve};
use crate::model::lifecycle::{State, state};
use crate::model::release::order::History;
use crate::model::{Deed, Issue, IssueId};
use crate::store::Result;
use crate::store::embedded::index::apply::story::{By, tell};
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::lifecycle::{Standing, alarm_key, periods_key, standing_key, watch_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;

/// Lets `decision` hold for the issue.
pub(in crate::store::embedded::index::apply) fn decide(
    issue: &mut Issue,
    decision: Decision,
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut standing = Standing::new(decision);
    if let Decision::Resolve(resolution) = &standing.decision
        && let Some(commit) = resolution.commit()
    {
        standing.released_in = histories.having(issue.project, commit, overlay)?;
    }
    remember(issue, &mut standing, histories, overlay)?;
    clear(issue.id, overlay)?;
    overlay.put(standing_key(issue.id), &standing)?;
    if let Some(time) = alarm(&standing.decision) {
        overlay.put(alarm_key(time, issue.id), &())?;
    }
    issue.decided = Some(issue.id);
    let said = unseen(&standing.decision, by.time);
    let stood = (issue.status, issue.substatus);
    let said_before = issue.decision.as_ref().map(Decision::to_string);
    if stood != (said.status, said.substatus) || said_before != Some(standing.decision.to_string()) {
        issue.status_changed = by.time;
        tell(issue.id, Deed::Decided(standing.decision), by, meta, overlay)?;
    }
    (issue.status, issue.substatus) = (said.status, said.substatus);
    settle(issue, &[], by, histories, meta, overlay)
}

/// A resolve remembers the releases of the moment.
fn remember(
    issue: &Issue,
    standing: &mut Standing,
    histories: &mut Histories,
    overlay: &Overlay<'_>,
) -> Result<()> {
    let sightings = evidence::sightings(issue.id, overlay)?;
    let seen = evidence::seen(issue.project, &sightings, overlay)?;
    let history = histories.of(issue.project, standing, overlay)?;
    if let Decision::Resolve(resolution) = &mut standing.decision {
        resolution.remember(&seen, history);
    }
    Ok(())
}

/// The time has come until which `owner` was archived.
pub(in crate::store::embedded::index::apply) fn wake(
    owner: IssueId,
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let Some(standing): Option<Standing> = overlay.get(&standing_key(owner))? else {
        return Ok(());
    };
    let Some(time) = alarm(&standing.decision).filter(|time| *time <= by.time) else {
        return Ok(());
    };
    overlay.remove(alarm_key(time, owner));
    let Decision::Archive(archive) = standing.decision else {
        return Ok(());
    };
    let returned = archive.returned(&Counted::default(), by.time);
    let standing = Standing::new(Decision::Unresolve(Unresolve::known(archive.time, None)));
    overlay.put(standing_key(owner), &standing)?;
    if let Some(mut issue) = sum::find(owner, overlay)?
        && issue.decided == Some(owner)
    {
        if let Some(returned) = returned {
            tell(issue.id, Deed::Returned(returned), by, meta, overlay)?;
        }
        issue.status_changed = by.time;
        let woken = unseen(&standing.decision, by.time);
        (issue.status, issue.substatus) = (woken.status, woken.substatus);
        settle(&mut issue, &[], by, histories, meta, overlay)?;
    }
    Ok(())
}

/// Where an issue stands by a decision alone.
fn unseen(decision: &Decision, now: Timestamp) -> State {
    state(Some(decision), &[], &History::default(), &Counted::default(), now)
}

/// After issues became one, or one became several: the last decision on any of those that are one holds.
pub(in crate::store::embedded::index::apply) fn rejoin(
    issue: &mut Issue,
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if issue.merged_into.is_some() {
        hide(issue, overlay);
        return Ok(());
    }
    let mut prevailing: Option<(IssueId, Decision)> = None;
    let mut one = vec![issue.id];
    while let Some(id) = one.pop() {
        one.extend(sum::decided_in(id, overlay)?);
        let standing: Option<Standing> = overlay.get(&standing_key(id))?;
        let Some(decision) = standing.map(|standing| standing.decision) else {
            continue;
        };
        let is_later = prevailing
            .as_ref()
            .is_none_or(|(_, known)| Decision::prevails(&decision, known));
        if is_later {
            prevailing = Some((id, decision));
        }
    }
    issue.decided = prevailing.map(|(owner, _)| owner);
    settle(issue, &[], by, histories, meta, overlay)
}

/// What was decided of an issue holds for the one that was split out of it, too.
pub(in crate::store::embedded::index::apply) fn split(
    from: &Issue,
    new: &mut Issue,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if let Some((_, known)) = standing(from, overlay)? {
        let mut own = Standing::new(known.decision);
        own.released_in = known.released_in;
        overlay.put(standing_key(new.id), &own)?;
        if let Some(time) = alarm(&own.decision) {
            overlay.put(alarm_key(time, new.id), &())?;
        }
        new.decided = Some(new.id);
    }
    Ok(())
}

/// An issue that was merged into another one is not judged by itself any more.
pub(in crate::store::embedded::index::apply) fn hide(issue: &Issue, overlay: &mut Overlay<'_>) {
    overlay.remove(watch_key(issue.project, issue.id));
}

/// Forgets what was decided of an issue that is removed.
pub(in crate::store::embedded::index::apply) fn forget(
    issue: &Issue,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    clear(issue.id, overlay)?;
    overlay.remove(standing_key(issue.id));
    overlay.remove(watch_key(issue.project, issue.id));
    overlay.remove_all(&Key::of(Table::Mended).number(issue.project.0).number(issue.id.0))
}

/// Forgets what belongs to the decision that was in force.
fn clear(owner: IssueId, overlay: &mut Overlay<'_>) -> Result<()> {
    let before: Option<Standing> = overlay.get(&standing_key(owner))?;
    if let Some(time) = before.and_then(|standing| alarm(&standing.decision)) {
        overlay.remove(alarm_key(time, owner));
    }
    overlay.remove_all(&periods_key(owner))
}

/// When a decision ends by itself.
fn alarm(decision: &Decision) -> Option<Timestamp> {
    match decision {
        Decision::Archive(archive) => match archive.until {
            Until::Time(time) => Some(time),
            _ => None,
        },
        _ => None,
    }
}
