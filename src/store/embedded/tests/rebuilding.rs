//! The index lags behind, or is lost, and is what it was.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::migrating::set_layout;
use super::{OPTIONS, fresh, open, rows};
use crate::model::alert::{DeliveryState, SigningKey};
use crate::model::lifecycle::archive::{Limit, Until};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::{Assignee, Deed, NewEvent, PageRequest, Status};
use crate::protocol::session::SessionStatus;
use crate::store::embedded::{Embedded, rebuild, verify};
use crate::store::{CatalogChange, Error, Rework, Store, TriageChange, Triaged, contract};

/// An event with all that is counted, of one of five kinds.
fn colourful(n: u64) -> NewEvent {
    contract::event_with(n, |record| {
        record.hashes = vec![contract::hash((n % 5) as u8), contract::hash(100 + n as u8)];
        record.user = Some(format!("id:{}", n % 7));
        record.release = Some(format!("shop@{}", n % 3));
        record.environment = Some("production".into());
        record.tags = vec![
            ("browser".into(), format!("b{}", n % 4)),
            ("level".into(), "error".into()),
        ];
    })
}

/// A little of everything that a store can hold.
pub(super) async fn live(store: &Store) {
    live_releases(store).await;
    contract::record(store, (1..=40).map(contract::event).collect()).await;
    contract::record(store, (41..=60).map(colourful).collect()).await;
    // Two within one microsecond, the later first: which is the latest must not depend on what a frame can say.
    let within = |n: u64, nanosecond| {
        contract::event_with(n, |record| {
            record.timestamp += jiff::SignedDuration::from_nanos(nanosecond);
            record.title = format!("{nanosecond} ns");
            record.hashes = vec![contract::hash(200)];
        })
    };
    let mut twins = vec![within(65, 900), within(66, 100)];
    twins[1].record.timestamp = twins[0].record.timestamp - jiff::SignedDuration::from_nanos(800);
    contract::record(store, twins).await;
    let issues: Vec<_> = contract::issues(store)
        .await
        .iter()
        .map(|issue| issue.id)
        .collect();
    let status = Status::Resolved;
    let resolved = issues[..2].to_vec();
    let changes = [
        TriageChange::Decide {
            issues: resolved,
            ruling: status.into(),
        },
        TriageChange::Merge {
            into: issues[0],
            issues: issues[1..4].to_vec(),
        },
    ];
    for change in changes {
        contract::decide(store, 70, change).await.unwrap();
    }
    contract::record(store, (71..=76).map(colourful).collect()).await;
    let issue = issues[0];
    let hashes = store.issues.detail(issue).await.unwrap().unwrap().hashes;
    let own = hashes.iter().find(|it| it.events.is_some()).unwrap();
    let split = TriageChange::Unmerge {
        issue,
        hashes: vec![own.hash],
    };
    contract::decide(store, 77, split).await.unwrap();
    contract::record(store, (77..=79).map(colourful).collect()).await;
    let story = store
        .decisions
        .activity(issue, PageRequest::first(9))
        .await
        .unwrap();
    let merge = story
        .items
        .iter()
        .find(|entry| matches!(entry.what, Deed::Merged { .. }))
        .unwrap();
    let undo = TriageChange::Undo {
        issue,
        activity: merge.id,
    };
    contract::decide(store, 79, undo).await.unwrap();
    contract::regrouping::regroup(store, 79, |record| {
        if record.timestamp.as_second() % 3 == 0 {
            record.hashes = vec![contract::hash(222)];
        }
    })
    .await;
    let part = store
        .grouping
        .parts(contract::SHOP, PageRequest::first(1))
        .await
        .unwrap();
    let remake = vec![Rework::Remake(part.items[0].id)];
    let how_far = contract::regrouping::how_far(80);
    store.grouping.regroup(how_far, remake).await.unwrap();
    live_decisions(store).await;
    live_alerts(store).await;
    let issues = issues[5..].to_vec();
    contract::decide(store, 79, TriageChange::Delete { issues })
        .await
        .unwrap();
    contract::record(store, vec![contract::event(80)]).await;
    store
        .catalog
        .apply(vec![contract::project(2, "web")])
        .await
        .unwrap();
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(
            crate::protocol::ids::ProjectId(2),
        )])
        .await
        .unwrap();
}

/// Decisions of all kinds, with events that meet them.
async fn live_decisions(store: &Store) {
    let issues: Vec<_> = contract::issues(store)
        .await
        .iter()
        .map(|issue| issue.id)
        .collect();
    let limit = Limit {
        count: 2,
        minutes: Some(60),
    };
    let nanosecond = jiff::SignedDuration::from_nanos(7);
    let rulings = [
        Ruling::Resolve {
            kind: ResolvedIn::NextRelease,
            environment: Some("production".into()),
        },
        Ruling::Archive(Until::Users(limit)),
        Ruling::Archive(Until::Escalating),
        Ruling::Archive(Until::Time(contract::at(82) + nanosecond)),
    ];
    for (issue, ruling) in issues.iter().zip(rulings) {
        let issues = vec![*issue];
        let triaged = Triaged {
            who: None,
            time: contract::at(79) + nanosecond,
            change: TriageChange::Decide { issues, ruling },
        };
        store.decisions.triage(triaged).await.unwrap();
    }
    contract::record(store, (81..=99).map(colourful).collect()).await;
    let wake = issues.clone();
    for change in [
        TriageChange::Wake { issues: wake },
        TriageChange::Assign {
            issues: issues.clone(),
            to: Some(Assignee::Team),
        },
        TriageChange::Comment {
            issue: issues[0],
            text: "Seen.".into(),
        },
        TriageChange::Discard {
            issues: issues[4..].to_vec(),
        },
    ] {
        contract::decide(store, 90, change).await.unwrap();
    }
    contract::record(store, (100..=110).map(colourful).collect()).await;
}

/// Releases that people and sessions tell of.
async fn live_releases(store: &Store) {
    use crate::store::ReleaseChange;
    use crate::store::contract::{releases, sessions, shipping};
    for (sequence, status) in [
        (0, SessionStatus::Ok),
        (7, SessionStatus::Crashed),
        (3, SessionStatus::Ok),
    ] {
        let told = |id: u64, release: &str| {
            let user = format!("{}", id % 5);
            let session = sessions::one(id, Some(&user), 10, (sequence, status, 1));
            let mut report = sessions::report(release, session);
            report.received += jiff::SignedDuration::from_nanos(77);
            report
        };
        sessions::tell(
            store,
            (0..40)
                .map(|id| told(id, ["shop@1", "shop@7"][id as usize % 2]))
                .collect(),
        )
        .await;
    }
    let deploy = shipping::deploy("production", 60);
    for change in [
        ReleaseChange::Declare,
        deploy.clone(),
        ReleaseChange::SetCommits((0..30).map(shipping::commit).collect()),
        ReleaseChange::Delete,
        ReleaseChange::Declare,
        deploy,
    ] {
        releases::say(store, "shop@8", change).await.unwrap();
    }
}

#[tokio::test]
async fn a_rebuilt_index_equals_the_lost_one() {
    let ((engine, data), store) = fresh();
    live(&store).await;
    drop(store);
    engine.close();
    let before = rows(data.path());
    assert!(
        before.len() > 100,
        "there is something to lose: {} rows",
        before.len()
    );
    fs::remove_dir_all(data.path().join("index")).unwrap();
    let replayed = rebuild(data.path(), OPTIONS).unwrap();
    assert!(replayed.commits > 5 && replayed.damaged == 0);
    let after = rows(data.path());
    let differing: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
    assert!(
        differing.is_empty() && after.len() == before.len(),
        "{differing:?}"
    );
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

#[tokio::test]
async fn an_index_that_lags_behind_catches_up() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();
    // What a crash leaves when the index was not written any more: an older index beside newer segments.
    let old_index = data.path().join("index.kept");
    copy(&data.path().join("index"), &old_index);
    let engine = open(data.path());
    contract::record(&engine.store(), vec![contract::event(2)]).await;
    engine.close();
    fs::remove_dir_all(data.path().join("index")).unwrap();
    fs::rename(&old_index, data.path().join("index")).unwrap();

    let engine = open(data.path());
    assert_eq!(contract::issues(&engine.store()).await[0].seen.times_seen, 2);
    assert_eq!(engine.store().journal.recorded().await.unwrap().0, 2);
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

/// Rules, what fired by them, and messages in all states.
async fn live_alerts(store: &Store) {
    let changes = vec![
        CatalogChange::SaveDestination(contract::alerting::destination(50)),
        CatalogChange::SaveRule(contract::alerting::rule(60, None)),
        CatalogChange::SetSigningKey(SigningKey([7; 32])),
    ];
    store.catalog.apply(changes).await.unwrap();
    for n in 1..=4 {
        let mut step = contract::outbox::step(n);
        let nanosecond = jiff::SignedDuration::from_nanos(7);
        step.outbox[0].created += nanosecond;
        step.firings[0].time += nanosecond;
        store.alerts.keep(step).await.unwrap();
    }
    let later = DeliveryState::Waiting {
        next: contract::at(90) + jiff::SignedDuration::from_nanos(7),
    };
    for (id, state) in [
        (1, DeliveryState::Delivered),
        (2, DeliveryState::Dead),
        (3, later),
    ] {
        let made = store
            .outbox
            .delivery(crate::model::alert::DeliveryId(id))
            .await
            .unwrap()
            .unwrap();
        let tried = contract::outbox::tried(id, made.created, 80, state);
        store.outbox.tried(vec![tried]).await.unwrap();
    }
}

#[tokio::test]
async fn an_index_of_an_older_layout_is_made_anew() {
    let ((engine, data), store) = fresh();
    live(&store).await;
    drop(store);
    engine.close();
    // What was removed is cleared away while nothing waits: the rest of it would be, when the index is made anew.
    while rows(data.path()).iter().any(|(key, _)| key[0] == b'X') {
        let engine = open(data.path());
        contract::record(&engine.store(), Vec::new()).await;
        engine.close();
    }
    let before = rows(data.path());
    set_layout(data.path(), 1);
    let engine = open(data.path());
    engine.close();
    assert!(before == rows(data.path()));
    assert!(
        data.path().join("before/index").exists(),
        "the older version can go on with it"
    );

    set_layout(data.path(), 99);
    let newer = Embedded::open(data.path(), OPTIONS, Arc::new(|| contract::at(0)));
    assert!(matches!(newer.err(), Some(Error::Newer(what)) if what.contains("99")));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
