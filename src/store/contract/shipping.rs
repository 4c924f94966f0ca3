//! What build machines say of releases: deploys and commits, and how many there may be.

use super::releases::{release, say};
use super::{SHOP, at, record};
use crate::model::PageRequest;
use crate::model::release::{ChangedFile, Commit, Deploy, FileChange, Release};
use crate::store::{Error, ReleaseChange, ReleaseUpdate, Store};

/// That a release was deployed so many seconds into the day.
pub(in crate::store) fn deploy(environment: &str, second: i64) -> ReleaseChange {
    ReleaseChange::Deploy(Deploy {
        id: 0,
        environment: environment.into(),
        name: None,
        url: Some("https://ci.example/7".into()),
        started: None,
        finished: at(second),
    })
}

/// People declare, finish, deploy and put aside a release; what they say twice counts once.
pub(in crate::store) async fn a_release_is_declared_and_deployed(store: &Store) {
    record(store, Vec::new()).await;
    assert!(matches!(
        say(store, "shop@1.0", deploy("production", 1)).await,
        Err(Error::Missing(_))
    ));
    for _ in 0..2 {
        say(store, "shop@1.0", ReleaseChange::Declare).await.unwrap();
        say(store, "shop@1.0", deploy("production", 60)).await.unwrap();
        say(store, "shop@1.0", deploy("staging", 55)).await.unwrap();
    }
    let update = ReleaseUpdate {
        released: Some(at(70)),
        reference: Some("deadbeef".into()),
        ..ReleaseUpdate::default()
    };
    say(store, "shop@1.0", ReleaseChange::Update(update))
        .await
        .unwrap();
    let url = ReleaseUpdate {
        url: Some("https://shop.example/1.0".into()),
        ..ReleaseUpdate::default()
    };
    say(store, "shop@1.0", ReleaseChange::Update(url)).await.unwrap();
    let release = release(store, "shop@1.0").await.unwrap();
    assert_eq!(
        (release.created, release.declared, release.released),
        (at(50), Some(at(50)), Some(at(70)))
    );
    assert_eq!(
        (release.reference.as_deref(), release.first_seen),
        (Some("deadbeef"), None)
    );
    let deploys: Vec<_> = release
        .deploys
        .iter()
        .map(|it| (it.id, it.environment.as_str()))
        .collect();
    assert_eq!(deploys, [(2, "staging"), (1, "production")]);
    for wrong in ["latest", "a/b", " 1", ""] {
        let refused = say(store, wrong, ReleaseChange::Declare).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{wrong}");
    }
    let long = ReleaseUpdate {
        url: Some("x".repeat(301)),
        ..ReleaseUpdate::default()
    };
    assert!(matches!(
        say(store, "shop@1.0", ReleaseChange::Update(long)).await,
        Err(Error::Conflict(_))
    ));
}

/// However often a release is deployed, the newest deploys and the first of each environment are known.
pub(in crate::store) async fn deploys_are_bounded(store: &Store) {
    record(store, Vec::new()).await;
    say(store, "1.0", ReleaseChange::Declare).await.unwrap();
    for n in 0..70 {
        let deploy = Deploy {
            id: 0,
            environment: "production".into(),
            name: Some("n".repeat(64)),
            url: Some("u".repeat(300)),
            started: None,
            finished: at(n),
        };
        say(store, "1.0", ReleaseChange::Deploy(deploy)).await.unwrap();
    }
    let deploys = release(store, "1.0").await.unwrap().deploys;
    assert_eq!(deploys.len(), Release::MAX_DEPLOYS);
    assert_eq!((deploys[0].finished, deploys[49].finished), (at(0), at(69)));
}

/// Commit number `n`, which touched up to two files.
pub(in crate::store) fn commit(n: usize) -> Commit {
    let file = |name: usize| ChangedFile {
        path: format!("src/{n}/{name}.rs"),
        change: FileChange::Added,
    };
    Commit {
        sha: format!("{n:0>40}"),
        repository: Some("acme/shop".into()),
        author_name: Some("Ann".into()),
        author_email: Some("ann@acme.example".into()),
        time: Some(at(n as i64)),
        message: Some(format!("Change {n}")),
        files: (0..n % 3).map(file).collect(),
    }
}

/// A release has all its commits, and no more than can be.
pub(in crate::store) async fn ten_thousand_commits_and_not_one_more(store: &Store) {
    record(store, Vec::new()).await;
    say(store, "1.0", ReleaseChange::Declare).await.unwrap();
    let mut commits: Vec<_> = (0..10_000).map(commit).collect();
    commits[7].files = (0..300).flat_map(|n| commit(n * 3 + 2).files).collect();
    say(store, "1.0", ReleaseChange::SetCommits(commits.clone()))
        .await
        .unwrap();
    commits.push(commit(10_000));
    let refused = say(store, "1.0", ReleaseChange::SetCommits(commits.clone())).await;
    assert!(matches!(
        refused,
        Err(Error::Conflict("a release has at most 10,000 commits"))
    ));
    commits.pop();
    let page = store
        .releases
        .commits(SHOP, "1.0", PageRequest::first(10_000))
        .await
        .unwrap();
    assert_eq!(page.items, commits);
    assert!(page.next.is_none());
    assert_eq!(release(store, "1.0").await.unwrap().commits, 10_000);
    say(store, "1.0", ReleaseChange::SetCommits(vec![commit(3)]))
        .await
        .unwrap();
    let page = store
        .releases
        .commits(SHOP, "1.0", PageRequest::first(2))
        .await
        .unwrap();
    assert_eq!(page.items, [commit(3)]);
    let unknown = store.releases.commits(SHOP, "9.9", PageRequest::first(2)).await;
    assert!(matches!(unknown, Err(Error::Missing("release"))));
}
