//! History is grouped anew, and back again; what claims a new hash.

use super::merging::{Whole, merge, of_kind, three_kinds, undo, unmerge, whole};
use super::{SHOP, at, batch, decide, event_id, event_with, hash, issues, project, record};
use crate::model::event::EventRecord;
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::{
    Deed, GroupingRules, Issue, IssueFilter, IssueSort, NewEvent, PageRequest, Part, PartId, RegroupEnd,
    Regrouping, UserId,
};
use crate::protocol::ids::ProjectId;
use crate::store::{CatalogChange, Error, Order, Rework, SeenInRelease, Store, TriageChange};

/// How far a regrouping of the shop is that began `second` seconds into the day.
pub(in crate::store) fn how_far(second: i64) -> Regrouping {
    Regrouping {
        project: SHOP,
        started: at(second),
        who: Some(UserId(7)),
        rules: GroupingRules::default(),
        before: GroupingRules::default(),
        total: 0,
        looked: 0,
        moved: 0,
        part: None,
        until: PartId(0),
        end: None,
    }
}

/// Applies what `rules` do to a record to all that the shop has, in slices of two events.
pub(in crate::store) async fn regroup(store: &Store, second: i64, rules: impl Fn(&mut EventRecord)) {
    let mut job = how_far(second);
    let parts: Vec<Part> = all_parts(store).await;
    for part in parts {
        let page = async || {
            let first = PageRequest::first(2);
            store
                .grouping
                .events(part.id, Order::Oldest, first)
                .await
                .unwrap()
        };
        let mut is_remade = false;
        loop {
            let (mut steps, page) = (Vec::new(), page().await);
            if !is_remade {
                steps.push(Rework::Remake(part.id));
                is_remade = true;
            }
            for mut event in page.items {
                job.looked += 1;
                rules(&mut event.record);
                steps.push(Rework::Count(Box::new(event.record)));
            }
            let is_last = page.next.is_none();
            store.grouping.regroup(job.clone(), steps).await.unwrap();
            if is_last {
                break;
            }
        }
        job.part = Some(part.id);
    }
    job.end = Some(RegroupEnd {
        time: at(second + 1),
        failure: None,
    });
    store.grouping.regroup(job, Vec::new()).await.unwrap();
}

async fn all_parts(store: &Store) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut request = PageRequest::first(2);
    loop {
        let page = store.grouping.parts(SHOP, request).await.unwrap();
        parts.extend(page.items);
        let Some(next) = page.next else { return parts };
        request = PageRequest {
            cursor: Some(next),
            limit: 2,
        };
    }
}

/// Kinds 1 and 2 become one; of kind 3 the even ones become a kind of their own.
fn other_rules(record: &mut EventRecord) {
    let second = record.timestamp.as_second() - at(0).as_second();
    let name = match record.hashes[0] {
        first if first == hash(1) || first == hash(2) => 50,
        _ if second % 2 == 0 => 60,
        _ => return,
    };
    record.hashes = vec![hash(name)];
    record.title = format!("kind {name}");
    record.grouping = "v2".into();
}

/// What the events come to, whatever they are called and whenever they came.
fn content(whole: Whole, releases: Vec<SeenInRelease>) -> impl PartialEq + std::fmt::Debug {
    let mut seen = whole.issue.seen;
    seen.environments.sort();
    let mut tags = whole.tags;
    for (_, tag) in &mut tags {
        tag.values.sort_by(|a, b| a.value.cmp(&b.value));
    }
    let hashes: Vec<_> = whole
        .hashes
        .into_iter()
        .filter(|it| it.events.is_some())
        .collect();
    let mut releases: Vec<_> = releases
        .into_iter()
        .map(|it| (it.version, it.sightings.0))
        .collect();
    releases.sort_by(|a, b| a.0.cmp(&b.0));
    (
        seen,
        whole.issue.users,
        tags,
        whole.hours,
        whole.events,
        hashes,
        releases,
    )
}

async fn contents(store: &Store, project: ProjectId) -> Vec<impl PartialEq + std::fmt::Debug> {
    let filter = IssueFilter {
        projects: vec![project],
        ..IssueFilter::default()
    };
    let first = PageRequest::first(100);
    let page = store.issues.list(&filter, IssueSort::LastSeen, first).await;
    let mut contents = Vec::new();
    for Issue { id, .. } in page.unwrap().items {
        let releases = store.releases.releases_of(id).await.unwrap();
        contents.push(content(whole(store, id).await, releases));
    }
    contents
}

/// Kinds 1, 2 and 3, twelve events; some of another project, grouped by the other rules from the beginning.
async fn shop_and_mirror(store: &Store) {
    three_kinds(store).await;
    record(store, (10..=12).map(|n| of_kind(n, (n % 3) as u8 + 1)).collect()).await;
    let mirror = |n: u64| -> NewEvent {
        let mut event = of_kind(n, (n % 3) as u8 + 1);
        other_rules(&mut event.record);
        event.record.project = ProjectId(2);
        event
    };
    store.catalog.apply(vec![project(2, "mirror")]).await.unwrap();
    store
        .issues
        .record(batch(50, (1..=12).map(mirror).collect()))
        .await
        .unwrap();
}

fn claims(claims: Vec<(u8, &Issue)>) -> CatalogChange {
    let claims = claims.into_iter().map(|(name, issue)| (hash(name), issue.id));
    CatalogChange::ClaimHashes {
        project: SHOP,
        claims: claims.collect(),
    }
}

/// Everything is as if the events had come under the new rules; back again, as if nothing had been.
pub(in crate::store) async fn history_is_grouped_anew_and_back(store: &Store) {
    shop_and_mirror(store).await;
    let mut before = issues(store).await;
    before.sort_by_key(|issue| issue.id);
    let first = contents(store, SHOP).await;
    let claim = claims(vec![(50, &before[0])]);
    store.catalog.apply(vec![claim]).await.unwrap();
    regroup(store, 100, other_rules).await;
    assert_eq!(contents(store, SHOP).await, contents(store, ProjectId(2)).await);
    let after = issues(store).await;
    let numbers: Vec<_> = after.iter().map(|issue| issue.number).collect();
    assert_eq!(numbers, [1, 2, 4], "claimed, kept and new");
    let gone = store.issues.issue(before[2].id).await.unwrap().unwrap();
    assert_eq!(gone.id, before[0].id, "an issue that is empty leads on");
    let event = store.issues.event(SHOP, event_id(1)).await.unwrap().unwrap();
    assert_eq!(
        (event.record.title.as_str(), event.issue),
        ("kind 50", before[0].id)
    );
    assert_eq!(event.payload, of_kind(1, 2).payload);

    regroup(store, 200, |record| {
        let n = record.timestamp.as_second() - at(0).as_second();
        *record = of_kind(n as u64, (n % 3) as u8 + 1).record;
    })
    .await;
    assert_eq!(contents(store, SHOP).await, first);
    let mut again = issues(store).await;
    again.sort_by_key(|issue| issue.id);
    let stands = |issues: &[Issue]| -> Vec<_> { issues.iter().map(|it| (it.id, it.stand())).collect() };
    assert_eq!(
        stands(&again),
        stands(&before),
        "the same issues, standing as they did"
    );
}

/// A part that is remade is whole all the time; what comes in the middle counts.
pub(in crate::store) async fn events_come_while_history_is_grouped_anew(store: &Store) {
    let [a, b, _] = three_kinds(store).await;
    let part = all_parts(store).await.remove(0);
    assert_eq!((part.issue, part.hash), (a, hash(2)));
    let step = vec![Rework::Remake(part.id)];
    store.grouping.regroup(how_far(100), step).await.unwrap();
    record(store, vec![of_kind(10, 2)]).await;
    let oldest = store
        .grouping
        .events(part.id, Order::Oldest, PageRequest::first(1))
        .await
        .unwrap();
    let steps = oldest
        .items
        .into_iter()
        .map(|event| Rework::Count(Box::new(event.record)));
    store
        .grouping
        .regroup(how_far(100), steps.collect())
        .await
        .unwrap();
    let half = whole(store, a).await;
    assert_eq!((half.issue.seen.times_seen, half.hours[0].1), (4, 4));
    let own: Vec<_> = half.hashes.iter().filter_map(|it| it.events.as_ref()).collect();
    assert_eq!(
        (own.len(), own[0].seen.times_seen, own[0].latest),
        (1, 4, Some(event_id(10)))
    );
    let newest = PageRequest::first(9);
    let newest = store
        .grouping
        .events(part.id, Order::Newest, newest)
        .await
        .unwrap();
    let left: Vec<_> = newest.items.iter().map(|event| event.record.id).collect();
    assert_eq!(left, [event_id(7), event_id(4)]);

    merge(store, b, &[a]).await.unwrap();
    unmerge(store, b, &[hash(2)]).await.unwrap();
    let split = store
        .issues
        .event(SHOP, event_id(1))
        .await
        .unwrap()
        .unwrap()
        .issue;
    let whole = whole(store, split).await;
    assert_eq!(whole.issue.seen.times_seen, 4, "both go");
    let story = store.decisions.activity(b, PageRequest::first(1)).await.unwrap();
    assert!(matches!(&story.items[0].what, Deed::Unmerged { hashes, .. } if *hashes == [hash(2)]));
    undo(store, b, story.items[0].id).await.unwrap();
    assert_eq!(issues(store).await.len(), 2);
}

/// One regrouping a project at a time, of a project that is there; it is remembered.
pub(in crate::store) async fn one_regrouping_runs_at_a_time(store: &Store) {
    assert!(matches!(
        store.grouping.regroup(how_far(100), Vec::new()).await,
        Err(Error::Missing("project"))
    ));
    three_kinds(store).await;
    store.grouping.regroup(how_far(100), Vec::new()).await.unwrap();
    let second = store.grouping.regroup(how_far(101), Vec::new()).await;
    assert!(matches!(second, Err(Error::Conflict(_))));
    let mut done = how_far(100);
    done.end = Some(RegroupEnd {
        time: at(110),
        failure: Some("stopped".into()),
    });
    store.grouping.regroup(done.clone(), Vec::new()).await.unwrap();
    assert_eq!(store.grouping.regrouping(SHOP).await.unwrap(), Some(done));
    store.grouping.regroup(how_far(101), Vec::new()).await.unwrap();
}

/// A hash that was claimed leads to its issue, as a part of its own; one that leads somewhere keeps its way.
pub(in crate::store) async fn a_new_hash_can_be_claimed(store: &Store) {
    three_kinds(store).await;
    let mut known = issues(store).await;
    known.sort_by_key(|issue| issue.id);
    let gone = Issue {
        id: crate::model::IssueId(99),
        ..known[0].clone()
    };
    let change = claims(vec![(50, &known[0]), (1, &known[0]), (51, &gone)]);
    store.catalog.apply(vec![change]).await.unwrap();
    let events = [(20, 50), (21, 1), (22, 51)];
    let events = events.map(|(n, name)| event_with(n, |record| record.hashes = vec![hash(name)]));
    record(store, events.to_vec()).await;
    let issue_of = async |n| {
        store
            .issues
            .event(SHOP, event_id(n))
            .await
            .unwrap()
            .unwrap()
            .issue
    };
    assert_eq!(issue_of(20).await, known[0].id);
    assert_eq!(issue_of(21).await, known[2].id);
    assert_eq!(issues(store).await.len(), 4);
    unmerge(store, known[0].id, &[hash(50)]).await.unwrap();
    assert_eq!(issues(store).await.len(), 5);
}

/// What is dropped when it comes anew is not lost when it is here, and no rule claims it back.
pub(in crate::store) async fn what_nobody_wants_is_kept_if_it_is_here(store: &Store) {
    let [a, ..] = three_kinds(store).await;
    let unwanted = async |n| {
        let event = event_with(n, |record| record.hashes = vec![hash(50)]);
        record(store, vec![event]).await;
        store.issues.event(SHOP, event_id(n)).await.unwrap()
    };
    let issues = vec![unwanted(20).await.unwrap().issue];
    decide(store, 90, TriageChange::Discard { issues }).await.unwrap();
    let part = all_parts(store).await.remove(0);
    let first = PageRequest::first(9);
    let events = store.grouping.events(part.id, Order::Oldest, first).await;
    let mut steps = vec![Rework::Remake(part.id)];
    for mut event in events.unwrap().items {
        event.record.hashes = vec![hash(50)];
        steps.push(Rework::Count(Box::new(event.record)));
    }
    store.grouping.regroup(how_far(100), steps).await.unwrap();
    let whole = whole(store, a).await;
    assert_eq!((whole.issue.seen.times_seen, whole.events.len()), (3, 3));
    assert!(all_parts(store).await.iter().all(|known| known.id != part.id));
    store
        .catalog
        .apply(vec![claims(vec![(50, &whole.issue)])])
        .await
        .unwrap();
    assert!(unwanted(21).await.is_none());
}

/// What a merged issue brought may go by another name since: then nothing is left that could come back.
pub(in crate::store) async fn a_merge_is_not_undone_once_rules_made_one_of_both(store: &Store) {
    let [a, b, _] = three_kinds(store).await;
    merge(store, a, &[b]).await.unwrap();
    let story = store.decisions.activity(a, PageRequest::first(1)).await.unwrap();
    regroup(store, 100, |record| {
        if record.hashes[0] == hash(3) {
            record.hashes = vec![hash(2)];
        }
    })
    .await;
    let undone = undo(store, a, story.items[0].id).await;
    assert!(matches!(undone, Err(Error::Conflict(_))));
    assert!(issues(store).await.iter().all(|issue| issue.seen.times_seen > 0));
}

/// What was decided of an issue goes where rules take its events, and back with it.
pub(in crate::store) async fn a_decision_goes_where_the_events_go(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    let (kind, environment) = (ResolvedIn::Now, None);
    let ruling = Ruling::Resolve { kind, environment };
    let resolve = TriageChange::Decide {
        issues: vec![a],
        ruling,
    };
    decide(store, 90, resolve).await.unwrap();
    let decided = async |id| store.issues.issue(id).await.unwrap().unwrap().decision;
    let decision = decided(a).await;
    assert!(decision.is_some());
    // In one commit the first issue becomes the third one, and that the second one.
    let (mut steps, mut counts, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    let parts = all_parts(store).await;
    for (id, name) in [(a, 1), (c, 3)] {
        let part = parts.iter().find(|part| part.issue == id).unwrap().id;
        let events = store.grouping.events(part, Order::Oldest, PageRequest::first(9));
        moved.extend(events.await.unwrap().items.into_iter().map(|event| event.record));
        moved.iter_mut().for_each(|it| it.hashes = vec![hash(name)]);
        steps.push(Rework::Remake(part));
        counts.extend(moved.iter().cloned().map(|it| Rework::Count(Box::new(it))));
    }
    steps.extend(counts);
    store.grouping.regroup(how_far(100), steps).await.unwrap();
    assert_eq!(issues(store).await.len(), 1);
    assert_eq!(decided(b).await, decision);
    // Its kind is seen again by the name that it had.
    record(store, vec![of_kind(1, 2), of_kind(20, 2)]).await;
    assert_eq!(issues(store).await.len(), 2);
    assert_eq!((decided(a).await, decided(b).await), (decision, None));
}
