//! Clears away what was removed, a slice a commit, so that removing a million events holds nobody up.

use jiff::Timestamp;

use super::held::Held;
use super::{alert, attachment, counted, release, sum, triage};
use crate::model::timeline::DAY;
use crate::model::{Issue, IssueId, PartId};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::facts::Doomed;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{self, EventRow, Meta, PurgeRow, TimeRow};

/// How many events go in a slice.
const EVENTS: usize = 500;
/// How many issues of a removed project go in a slice: each has some dozens of rows.
const ISSUES: usize = 20;

/// How many sessions go in a slice.
const SESSIONS: usize = 1_000;
/// Days after which no update of a session is taken any more, and it may be forgotten.
const SESSION_DAYS: i64 = 6;

/// What is to be cleared away next at `now`, if anything.
pub(in crate::store::embedded) fn next_doomed(
    overlay: &Overlay<'_>,
    meta: &Meta,
    now: Timestamp,
) -> Result<Option<Doomed>> {
    if let Some((_, row)) = overlay.scan(&Key::of(Table::Purge), 1)?.first() {
        return rows::decode(row).map(|row: PurgeRow| Some(row.doomed));
    }
    let oldest = overlay.scan(&Key::of(Table::CountedSession), 1)?;
    let day = oldest.first().and_then(|(key, _)| Pieces::of(key).signed());
    let today = now.as_second().div_euclid(DAY);
    if let Some(day) = day.filter(|day| day + SESSION_DAYS < today) {
        return Ok(Some(Doomed::Sessions(day)));
    }
    if let Some(day) = counted::overdue(meta, now) {
        return Ok(Some(Doomed::Counted(day)));
    }
    Ok(alert::overdue(overlay, now)?.map(Doomed::Alerts))
}

/// Clears one slice away, and the mark with the last one.
pub(super) fn apply(doomed: Doomed, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    let done = match doomed {
        Doomed::Issue(project, issue) => return purge_issue(project, issue, overlay),
        Doomed::Project(project) => purge_project(project, overlay)?,
        Doomed::Sessions(day) => purge_sessions(day, overlay)?,
        // Of these nothing is marked.
        Doomed::Counted(day) => {
            counted::forget(day, meta);
            return Ok(());
        }
        Doomed::Alerts(before) => return alert::purge(before, overlay),
    };
    if done {
        overlay.remove(mark(doomed));
    }
    Ok(())
}

/// Writes down that something is to be cleared away.
pub(super) fn doom(doomed: Doomed, overlay: &mut Overlay<'_>) -> Result<()> {
    overlay.put(mark(doomed), &PurgeRow { doomed, behind: None })
}

/// Where that is written.
pub(super) fn mark(doomed: Doomed) -> Key {
    match doomed {
        Doomed::Issue(_, issue) => Key::of(Table::Purge).bytes(b"i").number(issue.0),
        Doomed::Project(project) => Key::of(Table::Purge).bytes(b"p").number(project.0),
        // Nobody writes that days go by.
        Doomed::Sessions(day) => Key::of(Table::Purge).bytes(b"s").signed(day),
        Doomed::Counted(day) => Key::of(Table::Purge).bytes(b"c").signed(day),
        Doomed::Alerts(before) => Key::of(Table::Purge).bytes(b"a").signed(before.as_microsecond()),
    }
}

/// The parts of a removed issue go one by one, each with its last event, and the mark with the last one.
fn purge_issue(project: ProjectId, issue: IssueId, overlay: &mut Overlay<'_>) -> Result<()> {
    let doomed = Doomed::Issue(project, issue);
    let row: Option<PurgeRow> = overlay.get(&mark(doomed))?;
    let mut behind = row.and_then(|row| row.behind);
    let mut room = EVENTS;
    for part in sum::parts_of(issue, overlay)? {
        let slice = purge_events(project, part, behind.take(), room, overlay)?;
        if slice.len() == room {
            let behind = slice.into_iter().last().map(|(key, _)| key);
            return overlay.put(mark(doomed), &PurgeRow { doomed, behind });
        }
        room -= slice.len();
        overlay.remove(Key::of(Table::Part).number(part.0));
        overlay.remove(Key::of(Table::IssuePart).number(issue.0).number(part.0));
    }
    overlay.remove(mark(doomed));
    Ok(())
}

/// Removes the next `limit` events of a part, those `behind` a key. Answers which they were.
fn purge_events(
    project: ProjectId,
    part: PartId,
    behind: Option<Vec<u8>>,
    limit: usize,
    overlay: &mut Overlay<'_>,
) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let prefix = Key::of(Table::EventTime).number(part.0);
    let slice = overlay.scan_behind(&prefix, behind.as_deref(), limit)?;
    let mut held = Held::default();
    for (key, row) in &slice {
        let mut pieces = Pieces::of(key);
        let (Some(_), Some(time), Some(event)) = (pieces.number(), pieces.signed(), pieces.array::<16>())
        else {
            continue;
        };
        let by_id = Key::of(Table::Event).number(project.0).bytes(&event);
        // A client may have sent the event again since: then its row is another part's.
        if overlay
            .get::<EventRow>(&by_id)?
            .is_some_and(|row| row.part == part)
        {
            overlay.remove(by_id);
            attachment::forget(project, Some(&event), &mut held, overlay)?;
        }
        held.forget_payload(project, time, rows::decode::<TimeRow>(row)?.bytes);
        let by_time = Key::of(Table::EventTime).number(part.0).signed(time);
        overlay.remove(by_time.bytes(&event));
    }
    held.write(overlay)?;
    Ok(slice)
}

fn purge_sessions(day: i64, overlay: &mut Overlay<'_>) -> Result<bool> {
    let slice = overlay.scan(&Key::of(Table::CountedSession).signed(day), SESSIONS)?;
    for (key, _) in &slice {
        overlay.remove(Key::of(Table::CountedSession).bytes(key.get(1..).unwrap_or_default()));
    }
    Ok(slice.len() < SESSIONS)
}

fn purge_project(project: ProjectId, overlay: &mut Overlay<'_>) -> Result<bool> {
    let slice = overlay.scan(&Key::of(Table::Issue).number(project.0), ISSUES)?;
    for (_, row) in &slice {
        triage::remove(&rows::decode::<Issue>(row)?, overlay)?;
    }
    let done =
        slice.len() < ISSUES && release::purge(project, overlay)? && alert::purge_project(project, overlay)?;
    if done {
        attachment::forget(project, None, &mut Held::default(), overlay)?;
        for table in [
            Table::Activity,
            Table::ProjectHours,
            Table::Outcomes,
            Table::Kept,
            Table::Regrouping,
            Table::Usage,
        ] {
            overlay.remove_all(&Key::of(table).number(project.0))?;
        }
    }
    Ok(done)
}
