//! Payloads go, their space comes back, and what was counted stays: live, after a rebuild, and wherever it is cut short.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::{OPTIONS, rows, segments_of};
use crate::model::event::EventRecord;
use crate::model::retention::Thinning;
use crate::model::{Attachment, NewEvent};
use crate::store::contract::{self, SHOP};
use crate::store::embedded::segments::Form;
use crate::store::embedded::{Embedded, Options, rebuild, verify};
use crate::store::{Batch, Error, Eviction, Retention, Store, TriageChange};

const DAY: i64 = 86_400;
/// Segments of the least length.
const SMALL: Options = Options {
    max_disk: 32 << 20,
    ..OPTIONS
};

/// A store whose clock is set by hand.
struct Lived {
    data: TempDir,
    engine: Embedded,
    store: Store,
    second: Arc<AtomicI64>,
}

fn begin(options: Options) -> Lived {
    let data = TempDir::new().unwrap();
    let second = Arc::new(AtomicI64::new(0));
    let (engine, store) = open(data.path(), options, &second);
    Lived {
        data,
        engine,
        store,
        second,
    }
}

fn open(data: &Path, options: Options, second: &Arc<AtomicI64>) -> (Embedded, Store) {
    let now = second.clone();
    let clock = Arc::new(move || contract::at(now.load(Ordering::Relaxed)));
    let engine = Embedded::open(data, options, clock).unwrap();
    let store = engine.store();
    (engine, store)
}

impl Lived {
    fn retention(&self) -> &dyn Retention {
        self.store.retention.as_ref()
    }

    /// Events of a day, each with a payload that does not pack well.
    async fn day(&self, day: i64, of: std::ops::Range<u64>) {
        self.second.store(day * DAY, Ordering::Relaxed);
        contract::record(&self.store, of.map(|n| large(n, day)).collect()).await;
    }

    async fn checkpoints(&self) {
        for _ in 0..2 {
            self.retention().checkpoint().await.unwrap();
        }
    }

    async fn sweep_all(&self) -> u64 {
        let mut freed = 0;
        while let Some(swept) = self.retention().sweep().await.unwrap() {
            freed += swept.before - swept.after;
        }
        freed
    }

    /// Closes it; everything holds together, and the index made anew is the one that was.
    fn check(self) -> TempDir {
        drop(self.store);
        self.engine.close();
        let data = self.data;
        let report = verify(data.path(), OPTIONS).unwrap();
        assert!(report.is_clean(), "{report}");
        let before = rows(data.path());
        rebuild(data.path(), OPTIONS).unwrap();
        let after = rows(data.path());
        let differing: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
        assert!(
            differing.is_empty() && after.len() == before.len(),
            "{differing:?}"
        );
        data
    }
}

fn large(n: u64, day: i64) -> NewEvent {
    let mut chance = StdRng::seed_from_u64(n);
    let mut event = contract::event_with(n, |record: &mut EventRecord| {
        record.hashes = vec![contract::hash((n % 3) as u8)];
        record.timestamp = contract::at(day * DAY + n as i64);
        record.received = record.timestamp;
    });
    let text: String = (0..3_000).map(|_| chance.random_range('a'..='z')).collect();
    event.payload = format!("{{\"message\":\"{text}\"}}").into();
    event
}

fn eviction(of: impl IntoIterator<Item = u64>, known_since: i32) -> Eviction {
    Eviction {
        project: SHOP,
        events: of.into_iter().map(contract::event_id).collect(),
        known_since,
        thinned: None,
    }
}

fn size(directory: &Path) -> u64 {
    let files = fs::read_dir(directory).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

async fn counts(store: &Store) -> Vec<(u64, u64, i64)> {
    let issues = contract::issues(store).await;
    let mut counts: Vec<_> = issues
        .iter()
        .map(|it| (it.id.0, it.seen.times_seen, it.seen.last_seen.as_second()))
        .collect();
    counts.sort_unstable();
    counts
}

#[tokio::test]
async fn payloads_go_and_counts_stay() {
    let lived = begin(OPTIONS);
    lived.day(0, 1..301).await;
    lived.day(2, 301..311).await;
    let before = counts(&lived.store).await;
    let segments = lived.data.path().join("segments");
    let full = size(&segments);
    assert_eq!(lived.sweep_all().await, 0, "there are no two checkpoints");
    lived.checkpoints().await;
    lived.retention().evict(eviction(1..291, i32::MAX)).await.unwrap();
    assert!(lived.sweep_all().await > full / 2);
    assert!(size(&segments) < full / 5, "{} of {full}", size(&segments));

    assert_eq!(counts(&lived.store).await, before);
    let gone = lived
        .store
        .issues
        .event(SHOP, contract::event_id(5))
        .await
        .unwrap();
    assert!(gone.is_none());
    let kept = lived
        .store
        .issues
        .event(SHOP, contract::event_id(295))
        .await
        .unwrap();
    assert_eq!(kept.unwrap().payload, large(295, 0).payload);
    let kept = lived.retention().kept().await.unwrap();
    assert_eq!(kept.iter().map(|it| it.events).collect::<Vec<_>>(), [10, 10]);
    let data = lived.check();

    // Both checkpoints are needed now: without one that is sound nothing can be made of what is left.
    for checkpoint in fs::read_dir(data.path().join("checkpoints")).unwrap() {
        fs::write(checkpoint.unwrap().path(), b"damaged").unwrap();
    }
    assert!(matches!(rebuild(data.path(), OPTIONS), Err(Error::Damaged(_))));
}

#[tokio::test]
async fn an_event_counts_once_when_it_is_repeated_after_its_payload_went() {
    let lived = begin(OPTIONS);
    lived.day(0, 1..10).await;
    let today = (contract::at(0).as_second() / DAY) as i32;
    lived.retention().evict(eviction(1..10, today)).await.unwrap();
    let before = counts(&lived.store).await;
    lived.day(0, 1..10).await;
    assert_eq!(counts(&lived.store).await, before);
    lived.check();
}

#[tokio::test]
async fn what_people_removed_leaves_the_disk() {
    let lived = begin(OPTIONS);
    lived.day(0, 1..200).await;
    let issues = contract::issues(&lived.store)
        .await
        .iter()
        .map(|it| it.id)
        .collect();
    contract::decide(&lived.store, 0, TriageChange::Delete { issues })
        .await
        .unwrap();
    while !lived.retention().kept().await.unwrap().is_empty() {
        contract::record(&lived.store, Vec::new()).await;
    }
    lived.day(2, 200..202).await;
    lived.checkpoints().await;
    lived.sweep_all().await;
    let data = lived.check();
    let segments = segments_of(data.path());
    assert_eq!(segments.all().len(), 1, "of the first day nothing is left");
}

#[tokio::test]
async fn a_segment_is_swept_again_and_all_that_is_left_is_found() {
    let lived = begin(SMALL);
    lived.day(0, 1..1_500).await;
    for n in 1..40 {
        lived.day(0, 1_500 + n..1_501 + n).await;
    }
    lived.day(2, 1_600..1_601).await;
    lived.checkpoints().await;
    for round in [2, 3, 5, 7] {
        let gone: Vec<u64> = (1..1_540).filter(|n| n % round == 0).collect();
        for some in gone.chunks(Eviction::MOST) {
            lived
                .retention()
                .evict(eviction(some.to_vec(), i32::MAX))
                .await
                .unwrap();
        }
        lived.sweep_all().await;
    }
    let of_day = lived
        .retention()
        .part_day(SHOP, lived.retention().kept().await.unwrap()[0].day, None);
    let of_day = of_day.await.unwrap().unwrap();
    assert!(of_day.ends.first && !of_day.events.is_empty());
    for n in [11, 13, 1_537] {
        let kept = lived
            .store
            .issues
            .event(SHOP, contract::event_id(n))
            .await
            .unwrap();
        assert_eq!(kept.unwrap().payload, large(n, 0).payload);
    }
    let data = lived.check();
    let all = segments_of(data.path()).all();
    assert!(
        all.len() > 2 && all.iter().filter(|it| it.form == Form::Swept).count() > 1,
        "{all:?}"
    );
}

#[tokio::test]
async fn wherever_sweeping_is_cut_short_nothing_is_lost() {
    let lived = begin(OPTIONS);
    lived.day(0, 1..100).await;
    lived.day(2, 100..101).await;
    lived.checkpoints().await;
    lived.retention().evict(eviction(1..90, i32::MAX)).await.unwrap();
    let data = lived.data.path().to_owned();
    let segments = data.join("segments");
    let log = segments_of(&data).all()[0];
    let log = segments.join(segments_of(&data).path(log));
    let whole = fs::read(&log).unwrap();
    lived.sweep_all().await;
    let data = lived.check();
    // While it was written; when it had its name and the other still stood there.
    fs::write(segments.join("unfinished"), &whole[..50]).unwrap();
    fs::write(&log, &whole).unwrap();
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean() && report.events == 11, "{report}");
    // A byte of the map.
    let swept = log.with_extension("swept");
    let mut bytes = fs::read(&swept).unwrap();
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    fs::write(&swept, bytes).unwrap();
    assert!(!verify(data.path(), OPTIONS).unwrap().is_clean());
}

#[tokio::test]
async fn files_go_with_the_last_who_names_them() {
    let lived = begin(OPTIONS);
    lived.day(0, 1..3).await;
    let blob = lived.store.blobs.put("the same bytes".into()).await.unwrap();
    let unnamed = lived.store.blobs.put("nobody names these".into()).await.unwrap();
    let file = |n: u64| Attachment {
        project: SHOP,
        event: contract::event_id(n),
        number: 0,
        name: "a.txt".into(),
        kind: "event.attachment".into(),
        content_type: None,
        size: 14,
        blob,
        received: contract::at(0),
    };
    let mut batch = contract::batch(900, Vec::new());
    batch.attachments = vec![file(1), file(2)];
    lived.store.issues.record(batch).await.unwrap();
    let later = "2999-01-01T00:00:00Z".parse().unwrap();
    let sweep = || lived.retention().sweep_blobs(later);
    assert_eq!(
        lived.retention().sweep_blobs(contract::at(0)).await.unwrap(),
        0,
        "they are fresh"
    );
    assert_eq!(sweep().await.unwrap(), 18);
    assert!(lived.store.blobs.get(unnamed).await.unwrap().is_none());
    lived.retention().evict(eviction([1], i32::MAX)).await.unwrap();
    assert_eq!(sweep().await.unwrap(), 0, "another one names it");
    lived.retention().evict(eviction([2], i32::MAX)).await.unwrap();
    assert_eq!(sweep().await.unwrap(), 14);
    let files: u64 = lived
        .retention()
        .kept()
        .await
        .unwrap()
        .iter()
        .map(|it| it.files)
        .sum();
    assert_eq!(files, 0);
    lived.check();
}

#[tokio::test]
async fn a_thinned_day_remembers_it() {
    let lived = begin(OPTIONS);
    lived.day(0, 1..9).await;
    let day = lived.retention().kept().await.unwrap()[0].day;
    let thinned = Eviction {
        thinned: Some((day, Thinning::Ten)),
        ..eviction([1], i32::MAX)
    };
    lived.retention().evict(thinned).await.unwrap();
    let kept = lived.retention().kept().await.unwrap();
    assert_eq!((kept[0].events, kept[0].thinning), (7, Thinning::Ten));
    lived.check();
}

#[tokio::test]
async fn above_the_budget_nothing_is_accepted_until_there_is_room_again() {
    const BUDGET: u64 = 8 << 20;
    let data = TempDir::new().unwrap();
    let small = Options {
        max_disk: BUDGET,
        ..OPTIONS
    };
    let second = Arc::new(AtomicI64::new(0));
    let (engine, store) = open(data.path(), small, &second);
    contract::record(&store, Vec::new()).await;
    let mut rounds = 0;
    let refused = loop {
        let entry = contract::entry(&"x".repeat(100_000));
        if let Err(error) = store.journal.append(entry).await {
            break error;
        }
        rounds += 1;
        assert!(rounds < 1_000, "the budget is not kept");
        let spans = store.journal.next(9, 1 << 20).await.unwrap().spans;
        let events = (0..40).map(|n| large(rounds * 100 + n, 0)).collect();
        let batch = Batch {
            events,
            spans,
            ..Batch::default()
        };
        store.issues.record(batch).await.unwrap();
        store.journal.release().await.unwrap();
    };
    assert!(matches!(refused, Error::Full(_)));
    let usage = store.retention.usage().await.unwrap();
    assert!(usage.total() < BUDGET && usage.total() > BUDGET / 3, "{usage:?}");
    assert_eq!(contract::issues(&store).await.len(), 3, "reads go on");
    // What frees space is let through.
    for _ in 0..2 {
        store.retention.checkpoint().await.unwrap();
    }
    for first in 1..=rounds {
        let gone = eviction((0..40).map(|n| first * 100 + n), i32::MAX);
        store.retention.evict(gone).await.unwrap();
    }
    while store.retention.sweep().await.unwrap().is_some() {
        let usage = store.retention.usage().await.unwrap();
        assert!(usage.total() <= BUDGET, "{usage:?}");
    }
    store
        .journal
        .append(contract::entry("there is room"))
        .await
        .unwrap();
    engine.close();
}
