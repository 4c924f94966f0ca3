//! What alerts are judged by is kept for thirty days.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tempfile::TempDir;

use super::{OPTIONS, rows};
use crate::model::alert::{HappeningId, Minute};
use crate::model::{GroupHash, IssueId, PageRequest};
use crate::store::alerts::RETENTION_DAYS;
use crate::store::contract::{self, SHOP};
use crate::store::embedded::{Embedded, rebuild, verify};
use crate::store::{Deliveries, FiringFilter, Store};

/// What is kept: happenings, firings, deliveries and minutes.
async fn kept(store: &Store, last: Minute) -> [usize; 4] {
    let page = PageRequest::first(1_000);
    let happenings = store.alerts.happenings(HappeningId(0), 1_000).await.unwrap();
    let firings = store
        .alerts
        .firings(&FiringFilter::default(), page.clone())
        .await
        .unwrap();
    let deliveries = store.outbox.deliveries(Deliveries::All, page).await.unwrap();
    let first = Minute::of(contract::at(0));
    let pulse = store.alerts.pulse(SHOP, first, last).await.unwrap();
    [
        happenings.len(),
        firings.items.len(),
        deliveries.items.len(),
        pulse.len(),
    ]
}

#[tokio::test]
async fn what_is_thirty_days_old_is_cleared_away() {
    const DAY: i64 = 86_400;
    let data = TempDir::new().unwrap();
    let second = Arc::new(AtomicI64::new(0));
    let now = second.clone();
    let clock = Arc::new(move || contract::at(now.load(Ordering::Relaxed)));
    let engine = Embedded::open(data.path(), OPTIONS, clock.clone()).unwrap();
    let store = engine.store();
    let last = Minute::of(contract::at(RETENTION_DAYS * DAY));
    for n in 1..=600 {
        let kind = |record: &mut crate::model::event::EventRecord| {
            record.hashes = vec![contract::hash((n % 250) as u8)];
        };
        contract::record(&store, vec![contract::event_with(n, kind)]).await;
    }
    for n in 1..=3 {
        store.alerts.keep(contract::outbox::step(n)).await.unwrap();
    }
    let before = kept(&store, last).await;
    assert_eq!((before[0], before[1], before[2]), (253, 6, 6));

    second.store((RETENTION_DAYS - 1) * DAY, Ordering::Relaxed);
    let recent = contract::event_with(9_999, |record| {
        record.received = contract::at((RETENTION_DAYS - 1) * DAY);
        record.hashes = vec![contract::hash(251)];
    });
    contract::record(&store, vec![recent]).await;
    assert_eq!(kept(&store, last).await[..3], [254, 6, 6]);

    second.store(RETENTION_DAYS * DAY + 7_200, Ordering::Relaxed);
    contract::record(&store, Vec::new()).await;
    while kept(&store, last).await != [1, 0, 0, 1] {
        tokio::task::yield_now().await;
    }
    assert!(store.issues.issue(IssueId(1)).await.unwrap().is_some());
    drop(store);
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
    let before = rows(data.path());
    rebuild(data.path(), OPTIONS).unwrap();
    assert!(before == rows(data.path()));
}

/// A clock that was ahead for a while: what it stamped would otherwise be in the way of all that came later.
#[tokio::test]
async fn what_is_stamped_in_the_future_does_not_hold_up_the_clearing_away() {
    const DAY: i64 = 86_400;
    let data = TempDir::new().unwrap();
    let second = Arc::new(AtomicI64::new(0));
    let now = second.clone();
    let clock = Arc::new(move || contract::at(now.load(Ordering::Relaxed)));
    let engine = Embedded::open(data.path(), OPTIONS, clock).unwrap();
    let store = engine.store();
    let mut events = 1..;
    let mut new = |received: i64| {
        let n = events.next().unwrap();
        contract::event_with(n, |record| {
            record.received = contract::at(received);
            record.hashes = vec![GroupHash((n as u128).to_be_bytes())];
        })
    };
    // More of the future than go in a slice, and more behind them.
    let ahead = (0..700).map(|_| new(1_000 * DAY)).collect();
    contract::record(&store, ahead).await;
    let after = (0..900).map(|_| new(60)).collect();
    contract::record(&store, after).await;
    let recent = new((RETENTION_DAYS - 1) * DAY);
    contract::record(&store, vec![recent]).await;
    let kept = async || {
        let all = store.alerts.happenings(HappeningId(0), 9_999).await.unwrap();
        all.iter().map(|it| it.id.0).collect::<Vec<_>>()
    };
    second.store((RETENTION_DAYS - 1) * DAY, Ordering::Relaxed);
    contract::record(&store, Vec::new()).await;
    assert_eq!(kept().await.len(), 1_601, "nothing is old yet");
    second.store(RETENTION_DAYS * DAY + 120, Ordering::Relaxed);
    contract::record(&store, Vec::new()).await;
    let cleared = async {
        while kept().await != [1_601] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), cleared)
        .await
        .unwrap();
}
