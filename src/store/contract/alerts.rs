//! What happens is told once, whatever else is done; what is received is counted by the minute.

use super::lifecycle::{archive, resolve};
use super::releases::{of, say};
use super::sessions::{many, one, report, tell};
use super::shipping::deploy;
use super::{SHOP, at, batch, decide, event, event_id, event_with, hash, issues, record, regrouping};
use crate::model::alert::{Happened, Happening, HappeningId, Minute};
use crate::model::lifecycle::archive::Until;
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::session::SessionReport;
use crate::model::{Assignee, Deed, NewEvent, PageRequest, UserId};
use crate::protocol::session::SessionStatus;
use crate::store::{AlertStep, Position, Progress, ReleaseChange, Store, TriageChange};

/// All that happened, oldest first.
pub(in crate::store) async fn all(store: &Store) -> Vec<Happening> {
    store.alerts.happenings(HappeningId(0), 1_000).await.unwrap()
}

/// The same in short: when (in seconds into the day), to which issue, what.
async fn told(store: &Store) -> Vec<(i64, Option<u64>, &'static str)> {
    let happenings = all(store).await.into_iter();
    happenings
        .map(|it| {
            let what = match it.what {
                Happened::New => "new",
                Happened::Regressed(_) => "regressed",
                Happened::Escalated { .. } => "escalated",
                Happened::Released { .. } => "released",
                Happened::Spiking(_)
                | Happened::Recovered(_)
                | Happened::Unwatched { .. }
                | Happened::BadRelease { .. } => "found out",
            };
            let second = it.time.duration_since(at(0)).as_secs();
            (second, it.issue.map(|issue| issue.0), what)
        })
        .collect()
}

fn kind(n: u64, kind: u8) -> NewEvent {
    event_with(n, |record| record.hashes = vec![hash(kind)])
}

async fn rule(store: &Store, second: i64, ruling: Ruling) {
    let issues = issues(store).await.iter().map(|issue| issue.id).collect();
    let decided = decide(store, second, TriageChange::Decide { issues, ruling });
    decided.await.unwrap();
}

/// An issue begins once, with what its first event said; events that come twice, and what is done to history, begin none.
pub(in crate::store) async fn an_issue_begins_once(store: &Store) {
    let first = event_with(1, |record| {
        record.user = Some("id:7".into());
        record.environment = Some("production".into());
        record.tags = (0..60).map(|n| (format!("tag-{n}"), "x".repeat(n * 3))).collect();
    });
    record(store, vec![first.clone(), event(2), kind(3, 2)]).await;
    assert_eq!(told(store).await, [(1, Some(1), "new"), (3, Some(2), "new")]);
    let begun = all(store).await.remove(0);
    let subject = &begun.subject;
    assert_eq!((begun.id, begun.project), (HappeningId(1), SHOP));
    assert_eq!(
        (
            subject.number,
            subject.title.as_str(),
            subject.events,
            subject.users
        ),
        (1, "ValueError: 1", 1, 1)
    );
    assert_eq!(
        (subject.event, subject.environment.as_deref(), subject.first_seen),
        (Some(event_id(1)), Some("production"), Some(at(1)))
    );
    assert!(
        (20..60).contains(&subject.tags.len()),
        "{} tags",
        subject.tags.len()
    );

    record(store, vec![first.clone(), kind(3, 2)]).await;
    let recorded = store.journal.recorded().await.unwrap();
    let again = batch(recorded.0, vec![kind(9, 9)]);
    store.issues.record(again).await.unwrap();
    history_is_changed(store).await;
    assert_eq!(told(store).await.len(), 2, "nothing happened");

    let other = batch(recorded.0 + 1_000, vec![kind(40, 40), kind(39, 39)]);
    store.issues.record(other).await.unwrap();
    let later: Vec<_> = told(store).await[2..].iter().map(|it| it.0).collect();
    assert_eq!(later, [39, 40], "in order of time");
    let of_day = async |start, end, limit| {
        let happened = store
            .alerts
            .happened(SHOP, at(start), at(end), limit)
            .await
            .unwrap();
        happened.into_iter().map(|it| it.id.0).collect::<Vec<_>>()
    };
    assert_eq!(of_day(1, 40, 10).await, [1, 2, 3]);
    assert_eq!(of_day(2, 41, 2).await, [2, 3]);
    assert!(of_day(9, 2, 2).await.is_empty());
    let behind = store.alerts.happenings(HappeningId(2), 1).await.unwrap();
    assert_eq!(behind[0].id, HappeningId(3));
}

/// Merges, splits, undoes and groups anew.
async fn history_is_changed(store: &Store) {
    let all = issues(store).await;
    let (into, other) = (all[1].id, all[0].id);
    let merge = TriageChange::Merge {
        into,
        issues: vec![other],
    };
    decide(store, 10, merge).await.unwrap();
    let story = store.decisions.activity(into, PageRequest::first(9)).await;
    let merged = story
        .unwrap()
        .items
        .into_iter()
        .find(|entry| matches!(entry.what, Deed::Merged { .. }));
    let undo = TriageChange::Undo {
        issue: into,
        activity: merged.unwrap().id,
    };
    decide(store, 11, undo).await.unwrap();
    regrouping::regroup(store, 20, |record| record.hashes = vec![hash(77)]).await;
    regrouping::regroup(store, 21, |record| {
        record.hashes = vec![hash(record.timestamp.as_second() as u8)]
    })
    .await;
}

/// What was resolved and comes back is told each time it does; that somebody says where an issue stands is not.
pub(in crate::store) async fn what_comes_back_is_told_each_time(store: &Store) {
    record(store, vec![event(1)]).await;
    let issue = issues(store).await[0].id;
    let to = Some(Assignee::User(UserId(9)));
    decide(
        store,
        2,
        TriageChange::Assign {
            issues: vec![issue],
            to,
        },
    )
    .await
    .unwrap();
    for round in [10, 20] {
        rule(store, round, resolve(ResolvedIn::Now)).await;
        let back = |n: i64| {
            event_with((round + n) as u64, |record| {
                record.level = crate::protocol::level::Level::Fatal
            })
        };
        record(store, vec![back(1), back(2)]).await;
        record(store, vec![back(3)]).await;
    }
    rule(store, 30, Ruling::Unresolve).await;
    rule(store, 31, archive(2, None)).await;
    record(store, vec![event(32)]).await;
    record(store, vec![event(33)]).await;
    rule(store, 34, Ruling::Archive(Until::Time(at(35)))).await;
    record(store, vec![event(35)]).await;
    let wake = TriageChange::Wake { issues: vec![issue] };
    decide(store, 36, wake).await.unwrap();
    rule(store, 40, Ruling::Archive(Until::Forever)).await;
    record(store, vec![event(41)]).await;
    let id = Some(issue.0);
    assert_eq!(
        told(store).await,
        [
            (1, id, "new"),
            (11, id, "regressed"),
            (21, id, "regressed"),
            (33, id, "escalated")
        ]
    );
    let subject = all(store).await.remove(1).subject;
    assert_eq!(
        (subject.event, subject.assignee, subject.events),
        (Some(event_id(11)), to, 3)
    );
    assert_eq!(subject.level, Some(crate::protocol::level::Level::Fatal));
}

/// What a deploy shows to be a regression is told, though no event came.
pub(in crate::store) async fn an_order_of_releases_may_bring_an_issue_back(store: &Store) {
    record(store, vec![of(1, 1, "shop@dad", "production")]).await;
    for version in ["shop@beef", "shop@dad"] {
        say(store, version, ReleaseChange::Declare).await.unwrap();
    }
    let kind = ResolvedIn::Release("shop@beef".into());
    rule(store, 20, resolve(kind)).await;
    record(store, vec![of(30, 1, "shop@dad", "production")]).await;
    let came_back = async || {
        let happenings = all(store).await.into_iter();
        happenings
            .filter(|it| matches!(it.what, Happened::Regressed(_)))
            .collect::<Vec<_>>()
    };
    assert!(came_back().await.is_empty());
    say(store, "shop@beef", deploy("production", 5)).await.unwrap();
    say(store, "shop@dad", deploy("production", 25)).await.unwrap();
    let regressed = came_back().await;
    assert_eq!(regressed.len(), 1);
    let subject = &regressed[0].subject;
    assert_eq!(subject.event, None);
    assert_eq!(
        (subject.release.as_deref(), subject.environment.as_deref()),
        (Some("shop@dad"), Some("production"))
    );
}

/// A release goes out to an environment once: when somebody says so, or when it is first seen there.
pub(in crate::store) async fn a_release_goes_out_once(store: &Store) {
    record(store, Vec::new()).await;
    say(store, "shop@1", ReleaseChange::Declare).await.unwrap();
    for second in [3, 4] {
        say(store, "shop@1", deploy("production", second)).await.unwrap();
    }
    record(store, vec![of(60, 1, "shop@1", "production")]).await;
    record(
        store,
        vec![of(61, 1, "shop@1", "staging"), of(62, 1, "shop@1", "staging")],
    )
    .await;
    say(store, "shop@1", deploy("staging", 63)).await.unwrap();
    tell(store, vec![report("shop@2", many(None, 70, (1, 0, 0)))]).await;
    tell(store, vec![report("shop@2", many(None, 71, (1, 0, 0)))]).await;
    let out: Vec<_> = all(store)
        .await
        .into_iter()
        .filter_map(|it| match it.what {
            Happened::Released { version, environment } => Some((
                it.time.duration_since(at(0)).as_secs(),
                version,
                environment.unwrap(),
            )),
            _ => None,
        })
        .collect();
    let was = |second, version: &str, environment: &str| (second, version.to_owned(), environment.to_owned());
    assert_eq!(
        out,
        [
            was(50, "shop@1", "production"),
            was(61, "shop@1", "staging"),
            was(130, "shop@2", "production")
        ]
    );
}

/// Events count for the minute in which they were received, sessions for that in which something was learned of them.
pub(in crate::store) async fn what_is_received_is_counted_by_the_minute(store: &Store) {
    let received = |n: u64, second: i64, kind: u8, environment: Option<&str>| {
        event_with(n, |record| {
            record.received = at(second);
            record.hashes = vec![hash(kind)];
            record.environment = environment.map(str::to_owned);
            record.user = Some(format!("id:{}", n % 2));
        })
    };
    record(
        store,
        vec![
            received(1, 0, 1, None),
            received(2, 59, 1, None),
            received(3, 60, 1, Some("production")),
            received(4, 61, 2, None),
            received(5, 3_600, 1, None),
        ],
    )
    .await;
    record(store, vec![received(6, 59, 1, None), received(6, 59, 1, None)]).await;
    let begun = one(1, None, 10, (0, SessionStatus::Ok, 0));
    let crashed = one(1, None, 10, (1, SessionStatus::Crashed, 1));
    tell(
        store,
        vec![report("shop@1", begun), report("shop@1", crashed.clone())],
    )
    .await;
    tell(
        store,
        vec![
            report("shop@1", crashed),
            report("shop@1", many(None, 9, (5, 2, 1))),
        ],
    )
    .await;
    let pulse = async |first: i64, last: i64| {
        let minute = |n| Minute(Minute::of(at(0)).0 + n);
        let pulses = store
            .alerts
            .pulse(SHOP, minute(first), minute(last))
            .await
            .unwrap();
        pulses
            .into_iter()
            .map(|it| {
                let minute = it.minute.0 - minute(0).0;
                let issue = it.issue.map(|issue| issue.0);
                (
                    minute,
                    issue,
                    it.environment,
                    it.events,
                    it.users.len(),
                    (it.sessions, it.errored, it.crashed),
                )
            })
            .collect::<Vec<_>>()
    };
    let production = || Some("production".to_owned());
    let none = (0, 0, 0);
    assert_eq!(
        pulse(0, 60).await,
        [
            (0, Some(1), None, 3, 2, none),
            (1, None, production(), 0, 0, (6, 3, 2)),
            (1, Some(1), production(), 1, 1, none),
            (1, Some(2), None, 1, 1, none),
            (60, Some(1), None, 1, 1, none),
        ]
    );
    let merge = TriageChange::Merge {
        into: issues(store).await[0].id,
        issues: vec![issues(store).await[1].id],
    };
    decide(store, 70, merge).await.unwrap();
    assert_eq!(pulse(1, 1).await.len(), 3, "what is over never changes");
    assert!(pulse(61, 60).await.is_empty());
    assert_eq!(pulse(-1_000_000_000_000, 1_000_000_000_000).await.len(), 5);
}

/// A minute that was judged does not change any more; what was judged by a wrong clock holds nothing up.
pub(in crate::store) async fn what_comes_late_is_counted_in_a_minute_that_is_open(store: &Store) {
    let first = Minute::of(at(0)).0;
    let step = AlertStep {
        progress: Progress {
            minute: Some(Minute(first + 60)),
            steps: 1,
            ..Progress::default()
        },
        ..AlertStep::default()
    };
    store.alerts.keep(step).await.unwrap();
    let received = |n, minute: i64| event_with(n, |record| record.received = at(minute * 60 + 59));
    let events = [5, 58, 60, 61, 62].into_iter().zip(1..);
    record(store, events.map(|(minute, n)| received(n, minute)).collect()).await;
    let sessions = SessionReport {
        received: at(3_600),
        ..report("shop@1", many(None, 9, (5, 2, 1)))
    };
    tell(store, vec![sessions]).await;
    let pulses = store.alerts.pulse(SHOP, Minute(first), Minute(first + 99)).await;
    let counted: Vec<_> = pulses
        .unwrap()
        .iter()
        .map(|it| (it.minute.0 - first, it.events, it.sessions))
        .collect();
    assert_eq!(counted, [(5, 1, 0), (61, 0, 5), (61, 3, 0), (62, 1, 0)]);
}

/// Whoever waits hears of what happens and of what is put into the outbox, also of what was there before they asked.
pub(in crate::store) async fn who_waits_is_woken(store: &Store) {
    let nothing = Default::default();
    record(store, Vec::new()).await;
    let waiting = store.alerts.newer(nothing);
    let (newest, ()) = tokio::join!(waiting, record(store, vec![event(1)]));
    let newest = newest.unwrap();
    assert_eq!((newest.happening, newest.posted), (HappeningId(1), 0));
    assert_eq!(store.alerts.newer(nothing).await.unwrap(), newest);
    let position = Position(store.journal.recorded().await.unwrap().0 + 1);
    let known = store.issues.record(batch(position.0, vec![event(2)]));
    let (later, _) = tokio::join!(store.alerts.newer(newest), async {
        known.await.unwrap();
        record(store, vec![kind(3, 3)]).await;
    });
    assert_eq!(later.unwrap().happening, HappeningId(2));
}

/// Whoever waits for issues to change hears of events and of decisions, and of nothing else.
pub(in crate::store) async fn who_watches_issues_is_woken(store: &Store) {
    let before = store.issues.changed(None).await.unwrap();
    let (after, ()) = tokio::join!(store.issues.changed(Some(before)), record(store, vec![event(1)]));
    let after = after.unwrap();
    assert_ne!(after, before);
    record(store, Vec::new()).await;
    assert_eq!(
        store.issues.changed(None).await.unwrap(),
        after,
        "nothing happened"
    );
}
