//! Releases: who makes them, what is said of them, where issues were seen in them.

use super::shipping::commit;
use super::{SHOP, at, batch, decide, event_with, hash, issues, record, sessions};
use crate::model::release::{Release, ReleaseId, ReleaseStatus, Sightings};
use crate::model::{IssueId, NewEvent, PageRequest};
use crate::protocol::session::SessionStatus;
use crate::store::{
    Error, ReleaseChange, ReleaseCommand, ReleaseFilter, ReleaseUpdate, Result, Store, TriageChange,
};

/// Says something of a release of the shop.
pub(in crate::store) async fn say(store: &Store, version: &str, change: ReleaseChange) -> Result<()> {
    let command = ReleaseCommand {
        project: SHOP,
        version: version.into(),
        who: None,
        time: at(50),
        change,
    };
    store.releases.change(command).await
}

/// Event `n` with hash `group`, of a release in an environment.
pub(in crate::store) fn of(n: u64, group: u8, version: &str, environment: &str) -> NewEvent {
    event_with(n, |record| {
        record.hashes = vec![hash(group)];
        record.release = Some(version.into()).filter(|it: &String| !it.is_empty());
        record.environment = Some(environment.into()).filter(|it: &String| !it.is_empty());
    })
}

/// A release of the shop.
pub(in crate::store) async fn release(store: &Store, version: &str) -> Option<Release> {
    store.releases.release(SHOP, version).await.unwrap()
}

async fn list(store: &Store, filter: ReleaseFilter) -> Vec<String> {
    let filter = ReleaseFilter {
        projects: vec![SHOP],
        ..filter
    };
    let page = store
        .releases
        .list(&filter, PageRequest::first(100))
        .await
        .unwrap();
    page.items.into_iter().map(|it| it[0].version.clone()).collect()
}

/// `environment count first last`, in order.
fn told(sightings: &Sightings) -> Vec<(&str, u64, i64, i64)> {
    let second = |time: jiff::Timestamp| time.as_second() - at(0).as_second();
    let mut told: Vec<_> = sightings
        .0
        .iter()
        .map(|it| {
            let environment = it.environment.as_deref().unwrap_or_default();
            (environment, it.count, second(it.first), second(it.last))
        })
        .collect();
    told.sort_unstable();
    told
}

/// An event makes its release; later ones add to it, whatever their order.
pub(in crate::store) async fn events_make_releases(store: &Store) {
    let user = |n, name: &str| {
        let mut event = of(n, 1, "shop@1.0", "production");
        event.record.user = Some(name.into());
        event
    };
    record(
        store,
        vec![user(20, "id:1"), user(10, "id:1"), of(30, 2, "shop@1.0", "")],
    )
    .await;
    record(
        store,
        vec![
            user(15, "id:2"),
            of(40, 1, "shop@2.0", "staging"),
            of(41, 3, "", ""),
        ],
    )
    .await;
    let one = release(store, "shop@1.0").await.unwrap();
    assert_eq!((one.first_seen, one.last_seen), (Some(at(10)), Some(at(30))));
    assert_eq!((one.events, one.new_issues, one.clients.len()), (4, 2, 2));
    assert!(one.is_credible() && one.declared.is_none());
    assert_eq!(told(&one.seen), [("", 1, 30, 30), ("production", 3, 10, 20)]);
    let two = release(store, "shop@2.0").await.unwrap();
    assert_eq!((two.events, two.new_issues), (1, 0));
    assert!(!two.is_credible());
    assert_eq!(
        list(store, ReleaseFilter::default()).await,
        ["shop@2.0", "shop@1.0"]
    );
    assert_eq!(release(store, "shop@3.0").await, None);
}

/// Releases are found by what they are called, where they were and how they stand, page by page.
pub(in crate::store) async fn the_list_of_releases_is_filtered(store: &Store) {
    record(
        store,
        vec![
            of(1, 1, "shop@1.0", "production"),
            of(2, 1, "shop@2.0", "staging"),
            of(3, 1, "web@1.0", "production"),
        ],
    )
    .await;
    say(
        store,
        "shop@2.0",
        ReleaseChange::Update(ReleaseUpdate {
            status: Some(ReleaseStatus::Archived),
            ..ReleaseUpdate::default()
        }),
    )
    .await
    .unwrap();
    let text = ReleaseFilter {
        text: "SHOP".into(),
        ..ReleaseFilter::default()
    };
    assert_eq!(list(store, text).await, ["shop@2.0", "shop@1.0"]);
    let open = ReleaseFilter {
        status: Some(ReleaseStatus::Open),
        environments: vec!["production".into()],
        ..ReleaseFilter::default()
    };
    assert_eq!(list(store, open.clone()).await, ["web@1.0", "shop@1.0"]);
    let filter = ReleaseFilter {
        projects: vec![SHOP],
        ..ReleaseFilter::default()
    };
    let mut page = store.releases.list(&filter, PageRequest::first(2)).await.unwrap();
    let mut versions: Vec<_> = page.items.iter().map(|it| it[0].version.clone()).collect();
    assert!(page.previous.is_none());
    let next = PageRequest {
        cursor: page.next.take(),
        limit: 2,
    };
    page = store.releases.list(&filter, next).await.unwrap();
    versions.extend(page.items.iter().map(|it| it[0].version.clone()));
    assert_eq!(versions, ["web@1.0", "shop@2.0", "shop@1.0"]);
    assert!(page.next.is_none() && page.previous.is_some());
}

/// What was seen where is known of the issue and of the release.
pub(in crate::store) async fn sightings_are_read_both_ways(store: &Store) {
    record(
        store,
        vec![
            of(10, 1, "1.0", "production"),
            of(20, 1, "1.0", "staging"),
            of(30, 1, "2.0", "production"),
            of(40, 1, "1.0", "production"),
            of(50, 2, "2.0", "production"),
            of(60, 1, "", "production"),
        ],
    )
    .await;
    // The clock of a client that is ahead of ours proves nothing.
    let mut ahead = of(70, 2, "1.0", "");
    ahead.record.timestamp = at(7_000);
    record(store, vec![ahead]).await;
    let [first, second] = [1, 2].map(IssueId);
    let seen = store.releases.releases_of(first).await.unwrap();
    let seen: Vec<_> = seen
        .iter()
        .map(|it| (it.version.as_deref(), told(&it.sightings)))
        .collect();
    assert_eq!(
        seen,
        [
            (
                Some("1.0"),
                vec![("production", 2, 10, 40), ("staging", 1, 20, 20)]
            ),
            (Some("2.0"), vec![("production", 1, 30, 30)]),
            (None, vec![("production", 1, 60, 60)]),
        ]
    );
    let of_one = store.releases.issues_of(SHOP, "1.0").await.unwrap();
    let of_one: Vec<_> = of_one.iter().map(|it| (it.issue, told(&it.sightings))).collect();
    assert_eq!(
        of_one,
        [
            (first, vec![("production", 2, 10, 40), ("staging", 1, 20, 20)]),
            (second, vec![("", 1, 70, 70)]),
        ]
    );
    let gone = TriageChange::Delete { issues: vec![first] };
    decide(store, 500, gone).await.unwrap();
    let left: Vec<_> = store.releases.issues_of(SHOP, "1.0").await.unwrap();
    assert_eq!(left.iter().map(|it| it.issue).collect::<Vec<_>>(), [second]);
}

/// A deleted release is gone from lists; what was seen in it is still known by its name, and an event brings it back.
pub(in crate::store) async fn a_deleted_release_is_still_a_place(store: &Store) {
    record(store, vec![of(10, 1, "1.0", "production")]).await;
    say(store, "1.0", ReleaseChange::SetCommits(vec![commit(1)]))
        .await
        .unwrap();
    say(store, "1.0", ReleaseChange::Delete).await.unwrap();
    assert_eq!(release(store, "1.0").await, None);
    assert!(list(store, ReleaseFilter::default()).await.is_empty());
    assert!(store.releases.all(SHOP).await.unwrap().is_empty());
    let again = say(store, "1.0", ReleaseChange::Delete).await;
    assert!(matches!(again, Err(Error::Missing("release"))));
    let issue = issues(store).await[0].id;
    let seen = store.releases.releases_of(issue).await.unwrap();
    assert_eq!(seen[0].version.as_deref(), Some("1.0"));
    record(store, vec![of(20, 1, "1.0", "production")]).await;
    let back = release(store, "1.0").await.unwrap();
    assert_eq!(
        (back.id, back.events, back.commits, back.declared),
        (ReleaseId(1), 2, 0, None)
    );
    let seen = store.releases.issues_of(SHOP, "1.0").await.unwrap();
    assert_eq!(told(&seen[0].sightings), [("production", 2, 10, 20)]);
}

/// A client that makes up a release, or an environment, with each event does not grow the store without bound.
pub(in crate::store) async fn made_up_releases_are_bounded(store: &Store) {
    record(
        store,
        (0..100)
            .map(|n| of(n + 1, 1, "1.0", &format!("{n:x>60}")))
            .collect(),
    )
    .await;
    let one = release(store, "1.0").await.unwrap();
    assert_eq!(one.seen.0.len(), Sightings::MAX_ENVIRONMENTS + 1);
    let session = |n: u64| {
        let exited = (0, SessionStatus::Exited, 0);
        sessions::report(&format!("v{n}"), sessions::one(n, None, 0, exited))
    };
    sessions::tell(store, (2..=10_000).map(session).collect()).await;
    record(
        store,
        (1..=3).map(|n| of(1_000 + n, 1, &format!("w{n}"), "")).collect(),
    )
    .await;
    assert_eq!(store.releases.all(SHOP).await.unwrap().len(), 10_000);
    assert_eq!(release(store, "w1").await, None);
    let issue = issues(store).await[0].id;
    let seen = store.releases.releases_of(issue).await.unwrap();
    let unnamed = seen.iter().find(|it| it.version.is_none()).unwrap();
    assert_eq!(told(&unnamed.sightings), [("", 3, 1_001, 1_003)]);
    // A person's word makes room.
    say(store, "w2", ReleaseChange::Declare).await.unwrap();
    store
        .issues
        .record(batch(99, vec![of(90_000, 1, "w2", "")]))
        .await
        .unwrap();
    assert_eq!(release(store, "w2").await.unwrap().events, 1);
}
