//! A flood is counted to the last event, and kept in a sample.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::{OPTIONS, rows};
use crate::model::{EventRef, Issue, NewEvent, PageRequest, TimeRange};
use crate::store::contract::{self, SHOP, at, event_id};
use crate::store::embedded::{Embedded, Options, rebuild, verify};
use crate::store::{Order, Rework, Store};

const FLOOD: u64 = 10_000;

fn open(data: &Path) -> Embedded {
    let options = Options {
        sample_above: 100,
        ..OPTIONS
    };
    Embedded::open(data, options, Arc::new(|| at(0))).unwrap()
}

/// One of ten thousand, all received within a minute: some things are new now and then.
fn drop_of(n: u64) -> NewEvent {
    contract::event_with(n, |record| {
        record.received = at(0);
        record.user = Some(format!("id:{}", n % 50));
        record.release = Some(if n < 7_777 { "shop@1" } else { "shop@2" }.into());
        record.environment = Some(if n == 5_555 { "staging" } else { "production" }.into());
        record.tags = vec![
            ("browser".into(), ["Safari", "Chrome"][(n % 2) as usize].into()),
            // More values than are told apart.
            ("cart".into(), n.to_string()),
            ("release".into(), record.release.clone().unwrap()),
            ("environment".into(), record.environment.clone().unwrap()),
        ];
    })
}

async fn flood(store: &Store) -> Issue {
    for from in (1..=FLOOD).step_by(250) {
        contract::record(store, (from..from + 250).map(drop_of).collect()).await;
    }
    contract::issues(store).await.remove(0)
}

async fn is_kept(store: &Store, n: u64) -> bool {
    store.issues.event(SHOP, event_id(n)).await.unwrap().is_some()
}

/// How many events of an issue its pages show.
async fn shown(store: &Store, issue: &Issue) -> u64 {
    let mut page = PageRequest::first(100);
    let mut shown = 0;
    loop {
        let found = store.issues.events(issue.id, None, page).await.unwrap();
        shown += found.items.len() as u64;
        let Some(next) = found.next else { return shown };
        page = PageRequest {
            cursor: Some(next),
            limit: 100,
        };
    }
}

#[tokio::test]
async fn a_flood_is_counted_to_the_last_event_and_kept_in_a_sample() {
    let data = TempDir::new().unwrap();
    let engine = open(data.path());
    let store = engine.store();
    let issue = flood(&store).await;

    assert_eq!((issue.seen.times_seen, issue.users), (FLOOD, 50));
    assert_eq!(
        (issue.seen.first_seen, issue.seen.last_seen),
        (at(1), at(FLOOD as i64))
    );
    assert_eq!(issue.seen.environments, ["production", "staging"]);
    assert_eq!(issue.seen.last_release.as_ref().unwrap().version, "shop@2");
    let tags = store.issues.detail(issue.id).await.unwrap().unwrap().tags;
    let counts = |key: &str| {
        let tag = &tags.iter().find(|(known, _)| known == key).unwrap().1;
        let values = tag.values.iter().map(|it| (it.value.clone(), it.count));
        (tag.total, values.collect::<Vec<_>>())
    };
    let releases = vec![("shop@1".into(), 7_776), ("shop@2".into(), 2_224)];
    assert_eq!(counts("release"), (FLOOD, releases));
    assert_eq!(counts("cart").0, FLOOD);
    let day = TimeRange {
        start: at(-90_000),
        end: at(90_000),
    };
    let hours = store.stats.issue_hours(&[issue.id], day).await.unwrap().remove(0);
    assert_eq!(hours.iter().map(|(_, count)| count).sum::<u64>(), FLOOD);
    let outcomes = store.stats.outcomes(&[SHOP], day).await.unwrap();
    assert_eq!(
        outcomes[0].hours.iter().map(|(_, count)| count).sum::<u64>(),
        FLOOD
    );

    // A hundred, ninety of the next nine hundred, ninety of the rest; what is new; the latest.
    let kept = shown(&store, &issue).await;
    assert_eq!(kept, issue.seen.kept());
    assert!((280..=340).contains(&kept), "{kept}");
    for n in [1, 5_555, 7_777, FLOOD] {
        assert!(is_kept(&store, n).await, "{n}");
    }
    let latest = store
        .issues
        .event_of(issue.id, EventRef::Latest)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((latest.event.record.id, latest.next), (event_id(FLOOD), None));

    // One that is not kept is known all the same, and does not count again.
    assert!(!is_kept(&store, 9_999).await);
    assert!(store.issues.is_counted(SHOP, event_id(9_999)).await.unwrap());
    assert!(!store.issues.is_counted(SHOP, event_id(99_999)).await.unwrap());
    contract::record(&store, vec![drop_of(9_999), drop_of(9_750), drop_of(FLOOD)]).await;
    assert_eq!(contract::issues(&store).await[0].seen.times_seen, FLOOD);

    // Where the latest went on, the one before is let go.
    contract::record(&store, vec![drop_of(FLOOD + 1)]).await;
    assert!(is_kept(&store, FLOOD + 1).await && !is_kept(&store, FLOOD - 250).await);
    drop(store);
    engine.close();
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean(), "{report}");
    let before = rows(data.path());
    rebuild(data.path(), OPTIONS).unwrap();
    assert!(before == rows(data.path()), "a rebuild comes to the same");
}

/// Their rows are millions: they are over at once, and no commit walks past them.
#[tokio::test]
async fn the_ids_of_a_flood_are_forgotten_when_no_client_repeats_them() {
    let data = TempDir::new().unwrap();
    let engine = open(data.path());
    flood(&engine.store()).await;
    engine.close();
    let at_day = |day: i64| {
        let clock = Arc::new(move || at(day * 86_400));
        Embedded::open(data.path(), OPTIONS, clock).unwrap()
    };
    for (day, is_known) in [(2, true), (3, false)] {
        let engine = at_day(day);
        let store = engine.store();
        let mut found = true;
        // The writer forgets between two commits, now and then.
        for _ in 0..200 {
            contract::record(&store, Vec::new()).await;
            found = store.issues.is_counted(SHOP, event_id(9_999)).await.unwrap();
            if !found {
                break;
            }
        }
        assert_eq!(found, is_known, "{day} days later");
        drop(store);
        engine.close();
    }
    assert!(rows(data.path()).iter().all(|(key, _)| key[0] != b'+'));
    let before = rows(data.path());
    rebuild(data.path(), OPTIONS).unwrap();
    assert!(before == rows(data.path()), "a rebuild comes to the same");
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

#[tokio::test]
async fn history_that_is_grouped_anew_leaves_what_was_only_counted_where_it_was() {
    let data = TempDir::new().unwrap();
    let engine = open(data.path());
    let store = engine.store();
    let issue = flood(&store).await;
    let part = store
        .grouping
        .parts(SHOP, PageRequest::first(9))
        .await
        .unwrap()
        .items[0]
        .id;
    let kept = store
        .grouping
        .events(part, Order::Oldest, PageRequest::first(1_000))
        .await;
    let mut steps = vec![Rework::Remake(part)];
    for mut event in kept.unwrap().items {
        event.record.hashes = vec![contract::hash(9)];
        steps.push(Rework::Count(Box::new(event.record)));
    }
    let moved = steps.len() as u64 - 1;
    let how_far = contract::regrouping::how_far(0);
    store.grouping.regroup(how_far, steps).await.unwrap();

    let issues = contract::issues(&store).await;
    let counts = |of: &Issue| (of.seen.times_seen, of.seen.kept());
    let before = issues.iter().find(|it| it.id == issue.id).unwrap();
    let after = issues.iter().find(|it| it.id != issue.id).unwrap();
    assert_eq!(counts(before), (FLOOD - moved, 0));
    assert_eq!(counts(after), (moved, moved));
    drop(store);
    engine.close();
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean(), "{report}");
}
