//! Whatever people do to issues in whatever order: every sum is right, every way arrives, and a rebuild comes to the same.

use std::path::Path;
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::{OPTIONS, rows};
use crate::model::alert::DeliveryState;
use crate::model::lifecycle::archive::{Limit, Until};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::{Issue, IssueFilter, IssueId, IssueSort, PageRequest, Part};
use crate::store::contract::{self, SHOP};
use crate::store::embedded::{Embedded, Options, rebuild, verify};
use crate::store::{Error, Order, Rework, Store, TriageChange};

/// How many things happen in a run.
const STEPS: u64 = 150;

/// One of several; none of none.
fn pick<T: Clone>(of: &[T], chance: &mut StdRng) -> Option<T> {
    (!of.is_empty()).then(|| of[chance.random_range(0..of.len())].clone())
}

/// An event with one to three of few hashes.
async fn record(store: &Store, n: u64, chance: &mut StdRng) {
    let hashes = (0..chance.random_range(1..4)).map(|_| contract::hash(chance.random_range(0..15)));
    let hashes = hashes.collect();
    let user = Some(format!("id:{}", chance.random_range(0..9)));
    let event = contract::event_with(n, |record| {
        record.hashes = hashes;
        record.release = user.clone();
        record.user = user;
        record.tags = vec![("n".into(), (n % 3).to_string())];
    });
    contract::record(store, vec![event]).await;
}

/// What rules come to, and what becomes of telling it.
async fn alert(store: &Store, n: u64, chance: &mut StdRng) {
    store.alerts.keep(contract::outbox::step(n)).await.unwrap();
    let (due, _) = store.outbox.due(contract::at(n as i64), 9).await.unwrap();
    let states = [
        DeliveryState::Delivered,
        DeliveryState::Dead,
        DeliveryState::Waiting {
            next: contract::at(n as i64 + 9),
        },
    ];
    let mut tries = Vec::new();
    for delivery in due {
        let state = pick(&states, chance).unwrap_or(DeliveryState::Dropped);
        tries.push(contract::outbox::tried(
            delivery.id.0,
            delivery.created,
            n as i64,
            state,
        ));
    }
    store.outbox.tried(tries).await.unwrap();
}

/// Something that somebody might do; much of it makes no sense and is refused.
async fn change(store: &Store, issues: &[Issue], chance: &mut StdRng) -> Option<TriageChange> {
    let issue = pick(issues, chance)?.id;
    Some(match chance.random_range(0..10) {
        0..4 => TriageChange::Merge {
            into: issue,
            issues: (0..2)
                .filter_map(|_| pick(issues, chance))
                .map(|it| it.id)
                .collect(),
        },
        4..6 => {
            let hashes = store.issues.detail(issue).await.unwrap().unwrap().hashes;
            let hashes = (0..2).filter_map(|_| pick(&hashes, chance));
            let hashes = hashes.map(|it| it.hash).collect();
            TriageChange::Unmerge { issue, hashes }
        }
        6..8 => {
            let story = store.decisions.activity(issue, PageRequest::first(20)).await;
            let activity = pick(&story.unwrap().items, chance)?.id;
            TriageChange::Undo { issue, activity }
        }
        8 => {
            let (kind, environment) = (ResolvedIn::Now, None);
            let resolve = Ruling::Resolve { kind, environment };
            let soon = Until::Events(Limit {
                count: 2,
                minutes: None,
            });
            let rulings = [resolve, Ruling::Unresolve, Ruling::Archive(soon)];
            TriageChange::Decide {
                issues: vec![issue],
                ruling: pick(&rulings, chance)?,
            }
        }
        _ if chance.random_bool(0.1) => TriageChange::Delete { issues: vec![issue] },
        _ => return None,
    })
}

/// Groups some events of a part anew, by rules that change with every slice.
async fn regroup(store: &Store, chance: &mut StdRng) {
    let parts = store
        .grouping
        .parts(SHOP, PageRequest::first(100))
        .await
        .unwrap()
        .items;
    let Some(Part { id, .. }) = pick(&parts, chance) else {
        return;
    };
    let few = PageRequest::first(chance.random_range(1..6));
    let events = store.grouping.events(id, Order::Oldest, few).await.unwrap().items;
    let mut steps = vec![Rework::Remake(id)];
    for mut event in events {
        if chance.random_bool(0.5) {
            event.record.hashes = vec![contract::hash(chance.random_range(0..20))];
        }
        steps.push(Rework::Count(Box::new(event.record)));
    }
    let how_far = contract::regrouping::how_far(0);
    store.grouping.regroup(how_far, steps).await.unwrap();
}

/// What searches find, in every order; not by text alone, which is also looked for in events, some time after them.
async fn lists(store: &Store) -> Vec<Vec<IssueId>> {
    let mut lists = Vec::new();
    for text in [
        "",
        "n:0",
        "!n:1 has:release",
        "is:resolved",
        "title:*1* is:unresolved",
        "title:*value*",
        "n:3",
        "release:\"id:4\"",
    ] {
        let filter = IssueFilter {
            projects: vec![SHOP],
            query: text.parse().unwrap(),
            ..IssueFilter::default()
        };
        for sort in [
            IssueSort::LastSeen,
            IssueSort::FirstSeen,
            IssueSort::Events,
            IssueSort::Users,
            IssueSort::Priority,
        ] {
            let page = store.issues.list(&filter, sort, PageRequest::first(100)).await;
            lists.push(page.unwrap().items.into_iter().map(|issue| issue.id).collect());
        }
    }
    lists
}

/// The same after a restart, with room for so many issues in memory.
async fn listed(data: &Path, most_listed: usize) -> Vec<Vec<IssueId>> {
    let options = Options {
        most_listed,
        ..OPTIONS
    };
    let engine = Embedded::open(data, options, Arc::new(|| contract::at(0))).unwrap();
    let lists = lists(&engine.store()).await;
    engine.close();
    lists
}

#[tokio::test]
async fn whatever_is_done_the_sums_and_lists_are_right() {
    for seed in 0..4 {
        let chance = &mut StdRng::seed_from_u64(seed);
        let data = TempDir::new().unwrap();
        // In every second one most events are only counted.
        let options = Options {
            sample_above: seed % 2,
            ..OPTIONS
        };
        let engine = Embedded::open(data.path(), options, Arc::new(|| contract::at(0))).unwrap();
        let store = engine.store();
        for n in 1..=STEPS {
            let issues = contract::issues(&store).await;
            if n % 10 == 0 {
                lists(&store).await;
            }
            match chance.random_range(0..10) {
                0..5 => record(&store, n, chance).await,
                5 => regroup(&store, chance).await,
                // Together they may be one commit, which a rebuild applies in one go.
                6 => {
                    let mut second = StdRng::seed_from_u64(seed * STEPS + n);
                    tokio::join!(record(&store, n, chance), regroup(&store, &mut second));
                    let mut third = StdRng::seed_from_u64(n);
                    tokio::join!(record(&store, n + STEPS, chance), alert(&store, n, &mut third));
                }
                _ => {
                    if let Some(change) = change(&store, &issues, chance).await {
                        let done = contract::decide(&store, n as i64, change.clone()).await;
                        let is_answer = matches!(done, Ok(()) | Err(Error::Conflict(_) | Error::Missing(_)));
                        assert!(is_answer, "seed {seed}, {n}: {change:?}: {done:?}");
                    }
                }
            }
        }
        let told = lists(&store).await;
        drop(store);
        engine.close();
        for most_listed in [OPTIONS.most_listed, 2] {
            assert_eq!(
                listed(data.path(), most_listed).await,
                told,
                "seed {seed}, {most_listed}"
            );
        }
        let report = verify(data.path(), OPTIONS).unwrap();
        assert!(report.is_clean() && report.events > 0, "seed {seed}: {report}");
        let before = rows(data.path());
        rebuild(data.path(), OPTIONS).unwrap();
        let after = rows(data.path());
        let differing: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
        assert!(
            differing.is_empty() && after.len() == before.len(),
            "seed {seed}: {differing:?}"
        );
    }
}
