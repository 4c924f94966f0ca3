//! Issues and their events.

use super::{SHOP, at, batch, decide, event, event_id, event_with, hash, issues, record};
use crate::model::{
    Attachment, Issue, IssueFilter, IssueSort, PageRequest, Query, SeenRelease, ShortId, Status, Substatus,
    TimeRange,
};
use crate::store::{CatalogChange, Store, TriageChange};

fn story(issues: &[Issue]) -> Vec<(u32, u64)> {
    issues
        .iter()
        .map(|issue| (issue.number, issue.seen.times_seen))
        .collect()
}

fn release(seen: &Option<SeenRelease>) -> Option<&str> {
    seen.as_ref().map(|release| release.version.as_str())
}

/// Events that share a hash are one issue; the first known hash decides, and the others follow it from then on.
pub(in crate::store) async fn hashes_lead_to_issues(store: &Store) {
    let hashes = |n, list: &[u8]| {
        event_with(n, |record| {
            record.hashes = list.iter().map(|&n| hash(n)).collect()
        })
    };
    record(
        store,
        vec![
            hashes(1, &[1]),
            hashes(2, &[2, 3]),
            hashes(3, &[4, 1]),
            hashes(4, &[3]),
            hashes(5, &[4]),
        ],
    )
    .await;
    assert_eq!(story(&issues(store).await), [(1, 3), (2, 2)]);
    let detail = store
        .issues
        .detail(issues(store).await[0].id)
        .await
        .unwrap()
        .unwrap();
    let hashes: Vec<_> = detail.hashes.iter().map(|it| it.hash).collect();
    assert_eq!(hashes, [hash(1), hash(4)]);
}

/// A batch that is recorded again after a crash changes nothing, nor does an event that a client sends again.
pub(in crate::store) async fn an_event_counts_once(store: &Store) {
    record(store, vec![event(1), event(2)]).await;
    store
        .issues
        .record(batch(1, vec![event(1), event(2)]))
        .await
        .unwrap();
    record(store, vec![event(2), event(3)]).await;
    assert_eq!(story(&issues(store).await), [(1, 3)]);
}

/// An issue shows its latest event, counts users once, and remembers releases, environments and tags.
pub(in crate::store) async fn an_issue_sums_its_events_up(store: &Store) {
    let full = |n: u64, user: &str, release: &str, browser: &str| {
        event_with(n, |record| {
            record.user = Some(user.into());
            record.release = Some(release.into());
            record.environment = Some("production".into());
            record.tags = vec![("browser".into(), browser.into())];
        })
    };
    let (two, three) = (
        full(2, "id:1", "shop@2", "Safari"),
        full(3, "id:2", "shop@3", "Chrome"),
    );
    record(
        store,
        vec![two, three, full(1, "id:1", "shop@1", "Safari"), event(4)],
    )
    .await;
    let issue = issues(store).await.remove(0);
    assert_eq!((issue.seen.first_seen, issue.seen.last_seen), (at(1), at(4)));
    assert_eq!((issue.seen.times_seen, issue.users), (4, 2));
    assert_eq!(issue.seen.title, "ValueError: 4");
    assert_eq!(
        (
            release(&issue.seen.first_release),
            release(&issue.seen.last_release)
        ),
        (Some("shop@1"), Some("shop@3"))
    );
    assert_eq!(issue.seen.environments, ["production"]);
    let tags = store.issues.detail(issue.id).await.unwrap().unwrap().tags;
    assert_eq!(tags[0].0, "browser");
    let counts: Vec<_> = tags[0]
        .1
        .values
        .iter()
        .map(|tag| (tag.value.as_str(), tag.count))
        .collect();
    assert_eq!(counts, [("Safari", 2), ("Chrome", 1)]);
}

/// A client that makes up tag keys does not grow an issue without bound; what is counted stays counted.
pub(in crate::store) async fn made_up_tag_keys_are_bounded(store: &Store) {
    let long = |n: u64| format!("{n:0>150}");
    let tagged = |n| {
        event_with(n, |record| {
            record.tags = vec![("browser".into(), "Safari".into()), (long(n), "x".into())];
        })
    };
    record(store, (1..=300).map(tagged).collect()).await;
    record(store, (301..=310).map(tagged).collect()).await;
    let issue = issues(store).await[0].id;
    let tags = store.issues.detail(issue).await.unwrap().unwrap().tags;
    assert!(tags.len() < 30, "{} keys", tags.len());
    assert_eq!((tags[0].0.as_str(), tags[0].1.total), ("browser", 310));
}

/// An issue is found by its number and by the name that people say, also after its project was renamed.
pub(in crate::store) async fn an_issue_has_two_names(store: &Store) {
    record(store, vec![event(1)]).await;
    let issue = issues(store).await.remove(0);
    assert_eq!(store.issues.issue(issue.id).await.unwrap().as_ref(), Some(&issue));
    let mut shop = store.catalog.projects().await.unwrap().remove(0);
    shop.slug = "new".into();
    store
        .catalog
        .apply(vec![CatalogChange::UpdateProject(shop)])
        .await
        .unwrap();
    for (slug, number, found) in [("new", 1, Some(issue)), ("shop", 1, None), ("new", 2, None)] {
        let name = ShortId {
            slug: slug.into(),
            number,
        };
        assert_eq!(store.issues.by_short_id(&name).await.unwrap(), found, "{name}");
    }
}

/// Pages of the list meet without a gap and without a repetition, in both directions and in every order.
pub(in crate::store) async fn the_list_has_pages(store: &Store) {
    let events = (1..=7).map(|n| event_with(n, |record| record.hashes = vec![hash(n as u8)]));
    record(store, events.collect()).await;
    record(store, vec![event_with(8, |record| record.hashes = vec![hash(2)])]).await;
    let filter = IssueFilter {
        projects: vec![SHOP],
        ..IssueFilter::default()
    };
    for (sort, order) in [
        (IssueSort::LastSeen, [2, 7, 6, 5, 4, 3, 1]),
        (IssueSort::FirstSeen, [7, 6, 5, 4, 3, 2, 1]),
        (IssueSort::Events, [2, 7, 6, 5, 4, 3, 1]),
        (IssueSort::Users, [7, 6, 5, 4, 3, 2, 1]),
        (IssueSort::Priority, [2, 7, 6, 5, 4, 3, 1]),
    ] {
        let mut request = PageRequest::first(3);
        let mut numbers = Vec::new();
        let mut last = None;
        loop {
            let page = store.issues.list(&filter, sort, request).await.unwrap();
            numbers.extend(page.items.iter().map(|issue| issue.number));
            assert_eq!(page.previous.is_some(), last.is_some());
            last = Some(page.previous.clone());
            let Some(next) = page.next else { break };
            request = PageRequest {
                cursor: Some(next),
                limit: 3,
            };
        }
        assert_eq!(numbers, order, "{sort:?}");
        let back = PageRequest {
            cursor: last.flatten(),
            limit: 3,
        };
        let back = store.issues.list(&filter, sort, back).await.unwrap();
        assert_eq!(
            back.items.iter().map(|issue| issue.number).collect::<Vec<_>>(),
            order[3..6]
        );
    }
}

/// The list is narrowed by period, environment and what the search box says.
pub(in crate::store) async fn the_list_is_filtered(store: &Store) {
    let one = event_with(1, |record| {
        record.environment = Some("staging".into());
        record.tags = vec![("browser".into(), "Safari".into())];
    });
    record(
        store,
        vec![one, event_with(9_000, |record| record.hashes = vec![hash(2)])],
    )
    .await;
    let count = async |change: &dyn Fn(&mut IssueFilter)| {
        let mut filter = IssueFilter {
            projects: vec![SHOP],
            ..IssueFilter::default()
        };
        change(&mut filter);
        let page = store
            .issues
            .list(&filter, IssueSort::LastSeen, PageRequest::first(9))
            .await
            .unwrap();
        page.items.iter().map(|issue| issue.number).collect::<Vec<_>>()
    };
    assert_eq!(count(&|_| {}).await, [2, 1]);
    assert_eq!(
        count(&|filter| filter.environments = vec!["staging".into()]).await,
        [1]
    );
    assert_eq!(
        count(&|filter| filter.range = Some(TimeRange {
            start: at(8_000),
            end: at(9_999)
        }))
        .await,
        [2]
    );
    assert_eq!(
        count(&|filter| filter.query = "browser:Safari".parse::<Query>().unwrap()).await,
        [1]
    );
    assert!(count(&|filter| filter.projects.clear()).await.is_empty());
}

/// A resolved issue is reopened by what happens afterwards, not by what was late; an archived one stays.
pub(in crate::store) async fn a_resolved_issue_comes_back(store: &Store) {
    let set = async |status: Status, second| {
        let issues = vec![issues(store).await[0].id];
        decide(
            store,
            second,
            TriageChange::Decide {
                issues,
                ruling: status.into(),
            },
        )
        .await
        .unwrap();
    };
    record(store, vec![event(10)]).await;
    set(Status::Resolved, 20).await;
    record(store, vec![event_with(15, |record| record.received = at(25))]).await;
    assert_eq!(
        issues(store).await[0].status,
        Status::Resolved,
        "it happened before the resolve"
    );
    record(store, vec![event(30)]).await;
    let issue = issues(store).await.remove(0);
    assert_eq!(
        (issue.status, issue.substatus),
        (Status::Unresolved, Substatus::Regressed)
    );
    set(Status::Archived, 40).await;
    record(store, vec![event(50)]).await;
    assert_eq!(issues(store).await[0].status, Status::Archived);
}

/// A removed issue is gone at once with its events, and its kind begins anew.
pub(in crate::store) async fn a_removed_issue_begins_anew(store: &Store) {
    record(store, vec![event(1), event(2)]).await;
    let old = issues(store).await[0].id;
    decide(store, 2, TriageChange::Delete { issues: vec![old] })
        .await
        .unwrap();
    assert!(issues(store).await.is_empty());
    assert!(store.issues.event(SHOP, event_id(1)).await.unwrap().is_none());
    assert!(store.issues.detail(old).await.unwrap().is_none());
    record(store, vec![event(3)]).await;
    assert_eq!(
        story(&issues(store).await),
        [(2, 1)],
        "numbers are not given twice"
    );
}

/// Events of a project that was removed since they were accepted are counted, not kept.
pub(in crate::store) async fn a_removed_project_takes_nothing(store: &Store) {
    record(store, vec![event(1)]).await;
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(SHOP)])
        .await
        .unwrap();
    store.issues.record(batch(9, vec![event(2)])).await.unwrap();
    assert!(store.issues.event(SHOP, event_id(2)).await.unwrap().is_none());
}

/// Files come before or after their event, and are counted from 1.
pub(in crate::store) async fn files_stay_with_their_event(store: &Store) {
    record(store, Vec::new()).await;
    let blob = store.blobs.put("text".into()).await.unwrap();
    let file = |name: &str| Attachment {
        project: SHOP,
        event: event_id(1),
        number: 0,
        name: name.into(),
        kind: "event.attachment".into(),
        content_type: Some("text/plain".into()),
        size: 4,
        blob,
        received: at(0),
    };
    for (position, name) in [(10, "a.txt"), (11, "b.txt"), (12, "a.txt")] {
        let mut one = batch(position, Vec::new());
        one.attachments = vec![file(name)];
        store.issues.record(one).await.unwrap();
    }
    let files = store.issues.attachments(SHOP, event_id(1)).await.unwrap();
    let named: Vec<_> = files
        .iter()
        .map(|file| (file.number, file.name.as_str()))
        .collect();
    assert_eq!(named, [(1, "a.txt"), (2, "b.txt")], "the same file twice is one");
}
