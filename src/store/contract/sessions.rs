//! Sessions: counted once, in any order, for their release.

use uuid::Uuid;

use super::{SHOP, at, batch, event_with, record};
use crate::model::session::{
    Apart, Health, HealthQuery, SessionCounts, SessionGroup, SessionReport, SessionUpdate, Sessions,
    Standing, UserCounts,
};
use crate::model::{Outcome, TimeRange};
use crate::protocol::ids::ProjectId;
use crate::protocol::session::{SessionId, SessionStatus};
use crate::store::Store;

/// A report on release `version`, received when its session had lasted a minute.
pub(in crate::store) fn report(version: &str, sessions: Sessions) -> SessionReport {
    let started = match &sessions {
        Sessions::One(update) => update.started,
        Sessions::Many(groups) => groups[0].started,
    };
    SessionReport {
        project: SHOP,
        received: started + jiff::SignedDuration::from_secs(60),
        release: version.into(),
        environment: Some("production".into()),
        sessions,
    }
}

/// How session `id` of `user` stands, which began `second` seconds into the day.
pub(in crate::store) fn one(
    id: u64,
    user: Option<&str>,
    second: i64,
    (sequence, status, errors): (u64, SessionStatus, u64),
) -> Sessions {
    Sessions::One(SessionUpdate {
        id: SessionId(Uuid::from_u128(id.into())),
        user: user.map(str::to_owned),
        started: at(second),
        standing: Standing {
            sequence,
            status,
            has_errors: errors > 0,
        },
    })
}

/// Sessions of `user` that began in the minute after `second`: how many, how many of them errored, and crashed.
pub(in crate::store) fn many(
    user: Option<&str>,
    second: i64,
    (started, errored, crashed): (u64, u64, u64),
) -> Sessions {
    Sessions::Many(vec![SessionGroup {
        started: at(second),
        user: user.map(str::to_owned),
        counts: SessionCounts {
            started,
            errored,
            crashed,
            ..SessionCounts::default()
        },
    }])
}

/// Records reports on the shop, which is made when it is not there.
pub(in crate::store) async fn tell(store: &Store, reports: Vec<SessionReport>) {
    record(store, Vec::new()).await;
    let position = store.journal.recorded().await.unwrap();
    let mut told = batch(position.0 + 1, Vec::new());
    told.sessions = reports;
    store.issues.record(told).await.unwrap();
}

fn query(apart: Apart) -> HealthQuery {
    HealthQuery {
        projects: vec![SHOP],
        range: TimeRange {
            start: at(-43_200),
            end: at(172_800),
        },
        releases: Vec::new(),
        environments: Vec::new(),
        apart,
    }
}

async fn health(store: &Store, query: &HealthQuery) -> Vec<Health> {
    store.releases.health(query).await.unwrap()
}

const RELEASES: Apart = Apart {
    projects: false,
    releases: true,
    environments: false,
};

/// A session counts once, whatever is told of it how often and in which order; its end outweighs that it went on.
pub(in crate::store) async fn updates_count_once_in_any_order(store: &Store) {
    use SessionStatus::{Crashed, Exited, Ok, Unhandled};
    let updates = |id, list: &[(u64, SessionStatus, u64)]| -> Vec<SessionReport> {
        let report = |update: &_| report("1.0", one(id, None, 10, *update));
        list.iter().map(report).collect()
    };
    tell(
        store,
        updates(1, &[(0, Ok, 0), (5, Exited, 0), (5, Exited, 0), (0, Ok, 0)]),
    )
    .await;
    tell(store, updates(2, &[(9, Crashed, 1), (0, Ok, 0)])).await;
    tell(store, updates(3, &[(3, Exited, 0)])).await;
    tell(store, updates(3, &[(2, Ok, 1)])).await;
    tell(store, updates(4, &[(2, Unhandled, 1)])).await;
    tell(store, updates(4, &[(1, Ok, 1), (0, Ok, 0)])).await;
    let rows = health(store, &query(RELEASES)).await;
    assert_eq!(rows.len(), 1);
    let sessions = rows[0].total().sessions;
    let expected = SessionCounts {
        started: 4,
        errored: 3,
        crashed: 1,
        abnormal: 0,
        unhandled: 1,
    };
    assert_eq!(sessions, expected);
    assert_eq!((sessions.healthy(), sessions.only_errored()), (1, 1));
    assert_eq!(rows[0].users, UserCounts::default());
    assert_eq!(rows[0].users.crash_free(), None, "nobody said whose they were");
}

/// The rates are those that are computed by hand: of 200 sessions 3 crashed, of 5 users 2 met it.
pub(in crate::store) async fn crash_free_rates_are_those_by_hand(store: &Store) {
    use SessionStatus::{Crashed, Exited};
    tell(
        store,
        vec![
            report("1.0", many(None, 0, (190, 5, 1))),
            report("1.0", many(Some("ann"), 3_600, (5, 1, 1))),
            report("1.0", many(Some("bob"), 3_600, (2, 0, 0))),
            report("1.0", one(1, Some("ann"), 7_200, (0, Exited, 0))),
            report("1.0", one(2, Some("cid"), 90_000, (0, Crashed, 1))),
            report("1.0", one(3, Some("dan"), 90_000, (0, Exited, 0))),
            report("2.0", one(4, Some("eve"), 90_000, (0, Exited, 0))),
        ],
    )
    .await;
    let rows = health(store, &query(RELEASES)).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.release.as_deref().unwrap(),
                row.total().sessions.started,
                row.users,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("1.0", 200, UserCounts { all: 4, crashed: 2 }),
            ("2.0", 1, UserCounts { all: 1, crashed: 0 })
        ]
    );
    let sessions = rows[0].total().sessions;
    assert_eq!(sessions.crashed, 3);
    assert_eq!(sessions.crash_free(), Some(1.0 - 3.0 / 200.0));
    assert_eq!(rows[0].users.crash_free(), Some(0.5));
    let hours: Vec<_> = rows[0]
        .hours
        .iter()
        .map(|(hour, used)| (hour - at(0).as_second(), used.sessions.started))
        .collect();
    assert_eq!(hours, [(0, 190), (3_600, 7), (7_200, 1), (90_000, 2)]);
    assert_eq!(
        rows[0]
            .days
            .iter()
            .map(|(_, users)| users.all)
            .collect::<Vec<_>>(),
        [2, 2]
    );
    // All releases together: everybody once.
    let all = health(store, &query(Apart::default())).await;
    assert_eq!(all[0].users, UserCounts { all: 5, crashed: 2 });
    let one = HealthQuery {
        releases: vec!["2.0".into(), "3.0".into()],
        ..query(RELEASES)
    };
    assert_eq!(health(store, &one).await, rows[1..]);
    let nowhere = HealthQuery {
        environments: vec!["staging".into()],
        ..query(RELEASES)
    };
    assert_eq!(health(store, &nowhere).await, []);
}

/// Sessions make releases, and events count as use of theirs; what names none is counted beside.
pub(in crate::store) async fn sessions_make_releases(store: &Store) {
    let reports = vec![
        report("1.0", one(1, Some("ann"), 10, (0, SessionStatus::Exited, 0))),
        report("1.0", one(2, Some("bob"), 20, (0, SessionStatus::Exited, 0))),
    ];
    tell(store, reports).await;
    let release = store.releases.release(SHOP, "1.0").await.unwrap().unwrap();
    assert_eq!(
        (release.first_seen, release.last_seen),
        (Some(at(10)), Some(at(20)))
    );
    assert_eq!((release.events, release.clients.len()), (0, 2));
    let event = |n, version: Option<&str>| {
        event_with(n, |record| {
            record.release = version.map(str::to_owned);
            record.environment = Some("staging".into());
        })
    };
    record(store, vec![event(30, Some("1.0")), event(40, None)]).await;
    let apart = Apart {
        environments: true,
        ..RELEASES
    };
    let rows = health(store, &query(apart)).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let used = row.total();
            (
                row.release.as_deref(),
                row.environment.as_deref(),
                used.sessions.started,
                used.events,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (None, Some("staging"), 0, 1),
            (Some("1.0"), Some("production"), 2, 0),
            (Some("1.0"), Some("staging"), 0, 1),
        ]
    );
}

/// An item is one outcome, and one of a project that is gone is invalid.
pub(in crate::store) async fn sessions_have_outcomes(store: &Store) {
    let mut foreign = report("1.0", many(None, 30, (3, 0, 0)));
    foreign.project = ProjectId(9);
    tell(
        store,
        vec![
            report("1.0", one(1, None, 10, (0, SessionStatus::Ok, 0))),
            report("1.0", one(1, None, 10, (1, SessionStatus::Exited, 0))),
            report("1.0", many(None, 30, (500, 0, 0))),
            foreign,
        ],
    )
    .await;
    let range = query(RELEASES).range;
    let projects = [SHOP, ProjectId(9)];
    let rows = store.stats.outcomes(&projects, range).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.project.0,
                row.outcome,
                row.reason.as_str(),
                row.hours.iter().map(|(_, count)| count).sum(),
            )
        })
        .collect();
    let expected: [(u64, Outcome, &str, u64); 2] = [
        (1, Outcome::Accepted, "", 3),
        (9, Outcome::Invalid, "project_removed", 1),
    ];
    assert_eq!(told, expected);
}
