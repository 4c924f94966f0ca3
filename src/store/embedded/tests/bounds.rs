//! One user, enough room, and what was removed.

use std::fs;
use std::sync::Arc;

use tempfile::TempDir;

use super::{OPTIONS, fresh, open, rows};
use crate::store::embedded::{Embedded, Options, verify};
use crate::store::{Batch, CatalogChange, Error, TriageChange, contract};

#[tokio::test]
async fn a_directory_has_one_user_and_no_newer_data() {
    let ((engine, data), _store) = fresh();
    let second = Embedded::open(data.path(), OPTIONS, Arc::new(|| contract::at(0)));
    assert!(matches!(second.err(), Some(Error::Locked(_))));
    engine.close();
    fs::write(data.path().join("schema"), "99\n").unwrap();
    let newer = Embedded::open(data.path(), OPTIONS, Arc::new(|| contract::at(0)));
    assert!(matches!(newer.err(), Some(Error::Newer(what)) if what.contains("99")));
}

#[tokio::test]
async fn a_disk_at_its_floor_takes_nothing_and_still_reads() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();
    let full = Options {
        disk_floor: u64::MAX / 2,
        ..OPTIONS
    };
    let engine = Embedded::open(data.path(), full, Arc::new(|| contract::at(0))).unwrap();
    let store = engine.store();
    assert!(matches!(
        store.journal.append(contract::entry("more")).await,
        Err(Error::Full(_))
    ));
    assert!(matches!(store.stats.writable().await, Err(Error::Full(_))));
    assert_eq!(contract::issues(&store).await.len(), 1);
    engine.close();
}

#[tokio::test]
async fn a_full_journal_takes_nothing_until_it_is_digested() {
    let data = TempDir::new().unwrap();
    let small = Options {
        max_journal: 200,
        ..OPTIONS
    };
    let engine = Embedded::open(data.path(), small, Arc::new(|| contract::at(0))).unwrap();
    let store = engine.store();
    store.journal.append(contract::entry("one")).await.unwrap();
    let refused = store.journal.append(contract::entry("two")).await;
    assert!(matches!(refused, Err(Error::Full(_))));
    let spans = store.journal.next(9, 9_999).await.unwrap().spans;
    store
        .issues
        .record(Batch {
            spans,
            ..Batch::default()
        })
        .await
        .unwrap();
    store.journal.append(contract::entry("two")).await.unwrap();
    engine.close();
}

#[tokio::test]
async fn one_project_does_not_fill_the_journal_of_all() {
    let data = TempDir::new().unwrap();
    let small = Options {
        max_journal: 4_000,
        ..OPTIONS
    };
    let engine = Embedded::open(data.path(), small, Arc::new(|| contract::at(0))).unwrap();
    let store = engine.store();
    let mut loud = 0;
    while store.journal.append(contract::entry("more")).await.is_ok() {
        loud += 1;
    }
    assert!((5..15).contains(&loud), "{loud}");
    let mut quiet = contract::entry("one");
    quiet.head.project = crate::protocol::ids::ProjectId(2);
    store.journal.append(quiet).await.unwrap();
    engine.close();
}

#[tokio::test]
async fn what_was_removed_is_cleared_away_bit_by_bit() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=1_200).map(contract::event).collect()).await;
    let issue = contract::issues(&store).await[0].id;
    contract::decide(&store, 0, TriageChange::Delete { issues: vec![issue] })
        .await
        .unwrap();
    drop(store);
    engine.close();
    let left = |table: u8| {
        rows(data.path())
            .iter()
            .filter(|(key, _)| key[0] == table)
            .count()
    };
    let marks = || left(b'X');
    // The writer clears away while nothing else waits, also after a restart.
    while marks() > 0 {
        let engine = open(data.path());
        let store = engine.store();
        contract::decide(&store, 0, TriageChange::Delete { issues: Vec::new() })
            .await
            .unwrap();
        drop(store);
        engine.close();
    }
    assert_eq!((left(b'e'), left(b'E'), left(b'H')), (0, 0, 0));
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

/// Else the rest of the removal would take what the new project has by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_taken_again_only_when_its_former_project_is_gone() {
    let ((engine, _data), store) = fresh();
    store
        .catalog
        .apply(vec![contract::project(1, "shop")])
        .await
        .unwrap();
    store
        .issues
        .record(contract::batch(1, vec![contract::event(1)]))
        .await
        .unwrap();
    let again = vec![
        CatalogChange::DeleteProject(contract::SHOP),
        contract::project(1, "shop"),
    ];
    assert!(matches!(
        store.catalog.apply(again).await,
        Err(Error::Conflict(_))
    ));
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(contract::SHOP)])
        .await
        .unwrap();
    while let Err(error) = store.catalog.apply(vec![contract::project(1, "shop")]).await {
        assert!(matches!(error, Error::Conflict(_)), "{error}");
    }
    store
        .issues
        .record(contract::batch(2, vec![contract::event(2)]))
        .await
        .unwrap();
    assert!(
        store
            .issues
            .event(contract::SHOP, contract::event_id(2))
            .await
            .unwrap()
            .is_some()
    );
    engine.close();
}

/// What is remembered of single sessions goes when no update of them can come any more.
#[tokio::test]
async fn sessions_are_forgotten_when_they_are_over() {
    use crate::protocol::session::SessionStatus::Exited;
    use crate::store::contract::sessions;
    let data = TempDir::new().unwrap();
    let told = |id| sessions::report("1.0", sessions::one(id, None, 0, (0, Exited, 0)));
    let at_day = |day: i64| {
        let clock = Arc::new(move || contract::at(day * 86_400));
        Embedded::open(data.path(), OPTIONS, clock).unwrap()
    };
    let left = || rows(data.path()).iter().filter(|(key, _)| key[0] == b'z').count();
    let engine = at_day(0);
    sessions::tell(&engine.store(), (0..1_500).map(told).collect()).await;
    engine.close();
    assert_eq!(left(), 1_500);
    let engine = at_day(6);
    contract::record(&engine.store(), Vec::new()).await;
    engine.close();
    assert_eq!(left(), 1_500, "an update may still come");
    while left() > 0 {
        let engine = at_day(7);
        contract::record(&engine.store(), Vec::new()).await;
        engine.close();
    }
    let before = rows(data.path());
    crate::store::embedded::rebuild(data.path(), OPTIONS).unwrap();
    assert_eq!(rows(data.path()), before);
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

/// Whatever clients and people say of releases, no row grows beyond what the index takes well.
#[tokio::test]
async fn rows_of_releases_stay_small() {
    use crate::store::contract::{releases, sessions};
    use crate::store::{ReleaseChange, ReleaseUpdate};
    let ((engine, data), store) = fresh();
    let version = "v".repeat(200);
    let events = (1..200).map(|n| releases::of(n, 1, &version, &format!("{n:e>64}")));
    contract::record(&store, events.collect()).await;
    let user = |n: u64| Some(format!("{n:u>200}"));
    let crashed = crate::protocol::session::SessionStatus::Crashed;
    let told = |n: u64| {
        let session = sessions::one(n, user(n).as_deref(), n as i64 * 40, (n, crashed, 9));
        sessions::report(&version, session)
    };
    sessions::tell(&store, (1..2_000).map(told).collect()).await;
    let update = ReleaseUpdate {
        url: Some("u".repeat(ReleaseUpdate::MAX_URL)),
        reference: Some("r".repeat(ReleaseUpdate::MAX_REFERENCE)),
        released: Some(contract::at(9)),
        status: None,
    };
    releases::say(&store, &version, ReleaseChange::Update(update))
        .await
        .unwrap();
    drop(store);
    engine.close();
    for (key, value) in rows(data.path()) {
        assert!(
            value.len() < 4_096,
            "{} bytes in a row of {:?}",
            value.len(),
            key[0] as char
        );
    }
}
