//! What a search finds is what looking at every issue finds.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::{SHOP, event_with, hash, record};
use crate::model::{Issue, IssueFilter, IssueSort, NewEvent, PageRequest, Query};
use crate::protocol::level::Level;
use crate::store::Store;

const ISSUES: u8 = 40;
/// Of which a search is made; not texts, which are also looked for in events, some time after them.
const TERMS: [&str; 15] = [
    "level:fatal",
    "!level:[error, fatal]",
    "browser:Safari",
    "browser:[Safari, Firefox]",
    "!browser:S*i",
    "browser:*",
    "has:plan",
    "plan:\"\"",
    "times_seen:>2",
    "times_seen:<=1",
    "release:>=1.2",
    "!release:<1.1",
    "title:*7",
    "first_seen:<2025-11-21T12:05:00Z",
    "culprit:check*out",
];

fn any_event(n: u64, chance: &mut StdRng) -> NewEvent {
    event_with(n, |event| {
        event.hashes = vec![hash(chance.random_range(0..ISSUES))];
        event.level = *[Level::Error, Level::Fatal, Level::Warning]
            .choose(chance)
            .unwrap();
        let browser = ["Safari", "Firefox", "Chrome"].choose(chance).unwrap();
        let release = ["1.0.0", "1.1.3", "1.2.0", "nightly"].choose(chance).unwrap();
        for (key, value) in [("browser", *browser), ("release", *release), ("plan", "paid")] {
            if chance.random_bool(0.5) {
                event.tags.push((key.into(), value.into()));
            }
        }
    })
}

/// A search of terms, joined as they come.
fn any_search(chance: &mut StdRng, depth: u32) -> String {
    let inner = |chance: &mut StdRng| match depth > 0 && chance.random_bool(0.6) {
        true => format!("({})", any_search(chance, depth - 1)),
        false => (*TERMS.choose(chance).unwrap()).to_owned(),
    };
    let (one, other) = (inner(chance), inner(chance));
    match chance.random_range(0..4) {
        0 => one,
        1 => format!("NOT {one}"),
        2 => format!("{one} OR {other}"),
        _ => format!("{one} {other}"),
    }
}

/// Whatever is asked, in whatever order of searches and new events: what is remembered of issues for the next search
/// leaves none out.
pub(in crate::store) async fn a_search_finds_what_a_look_at_every_issue_does(store: &Store) {
    let chance = &mut StdRng::seed_from_u64(7);
    for round in 0..6 {
        let numbers = round * 40..(round + 1) * 40;
        record(store, numbers.map(|n| any_event(n + 1, chance)).collect()).await;
        let all = found(store, "").await;
        for _ in 0..40 {
            let text = any_search(chance, 2);
            let query: Query = text.parse().unwrap();
            let mut expected = Vec::new();
            for issue in &all {
                let detail = store.issues.detail(issue.id).await.unwrap().unwrap();
                let is_meant = query.matches(issue, &mut |key| {
                    let tags = detail.tags.iter().filter(|(name, _)| name == key);
                    tags.flat_map(|(_, tag)| tag.values.iter().map(|it| it.value.clone()))
                        .collect()
                });
                expected.extend(is_meant.then_some(issue.number));
            }
            let found = found(store, &text).await;
            let found: Vec<u32> = found.iter().map(|issue| issue.number).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}

async fn found(store: &Store, text: &str) -> Vec<Issue> {
    let filter = IssueFilter {
        projects: vec![SHOP],
        query: text.parse().unwrap(),
        ..IssueFilter::default()
    };
    let page = PageRequest::first(ISSUES.into());
    store
        .issues
        .list(&filter, IssueSort::LastSeen, page)
        .await
        .unwrap()
        .items
}
