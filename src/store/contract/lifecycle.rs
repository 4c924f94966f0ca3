//! Where issues stand follows from the last decision and from what was seen, whatever the order in which it arrives.

use super::releases::{of, say};
use super::{at, decide, event_with, hash, issues, record, sessions};
use crate::model::lifecycle::archive::{Limit, Until};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::release::{Commit, Deploy, ReleaseStatus};
use crate::model::{Deed, NewEvent, PageRequest, Status, Substatus};
use crate::store::{ReleaseChange, ReleaseUpdate, Store, TriageChange, Triaged};

async fn rule(store: &Store, second: i64, ruling: Ruling) {
    let issues = issues(store).await.iter().map(|issue| issue.id).collect();
    decide(store, second, TriageChange::Decide { issues, ruling })
        .await
        .unwrap();
}

pub(super) fn resolve(kind: ResolvedIn) -> Ruling {
    Ruling::Resolve {
        kind,
        environment: None,
    }
}

pub(super) fn archive(count: u64, minutes: Option<u32>) -> Ruling {
    Ruling::Archive(Until::Events(Limit { count, minutes }))
}

/// Status, substatus and reason of the shop's only issue.
async fn stands(store: &Store) -> (Status, Substatus, String) {
    let issue = issues(store).await.remove(0);
    let why = issue.why.map(|why| why.to_string());
    (issue.status, issue.substatus, why.unwrap_or_default())
}

/// What its story tells, latest first, in short.
async fn told(store: &Store) -> Vec<String> {
    let issue = issues(store).await[0].id;
    let page = store.decisions.activity(issue, PageRequest::first(100)).await;
    let entries = page.unwrap().items.into_iter();
    entries
        .map(|entry| match entry.what {
            Deed::Decided(it) => it.to_string(),
            Deed::Regressed { why, .. } => why.to_string(),
            Deed::Returned(why) => why.to_string(),
            Deed::Reconsidered { status, why, .. } => {
                let why = why.map(|why| why.to_string());
                format!("{status:?}: {}", why.unwrap_or_default())
            }
            other => format!("{other:?}"),
        })
        .collect()
}

fn seen(n: u64, version: &str) -> NewEvent {
    of(n, 1, version, "production")
}

fn deploy(second: i64) -> ReleaseChange {
    ReleaseChange::Deploy(Deploy {
        id: 0,
        environment: "production".into(),
        name: None,
        url: None,
        started: None,
        finished: at(second),
    })
}

/// What a deploy shows to be older was no regression, and the story says so.
pub(in crate::store) async fn a_regression_says_why_and_is_withdrawn_when_it_was_none(store: &Store) {
    record(store, vec![seen(10, "shop@beef")]).await;
    rule(store, 20, resolve(ResolvedIn::Now)).await;
    record(store, vec![seen(30, "shop@f00d")]).await;
    let back = "reopened: seen in shop@f00d (production), resolved in shop@beef";
    assert_eq!(
        stands(store).await,
        (Status::Unresolved, Substatus::Regressed, back.into())
    );
    for (version, second) in [("shop@f00d", 5), ("shop@beef", 9)] {
        say(store, version, ReleaseChange::Declare).await.unwrap();
        say(store, version, deploy(second)).await.unwrap();
    }
    let held =
        |by| format!("not reopened: shop@f00d is older by its {by} than shop@beef, in which it was resolved");
    assert_eq!(
        stands(store).await,
        (Status::Resolved, Substatus::Ongoing, held("deploy"))
    );
    let story = told(store).await;
    assert_eq!(story[story.len() - 2..], [back, "resolved"]);
    // The first deploy alone showed it.
    assert_eq!(story[0], format!("Resolved: {}", held("date")));
}

/// However often it comes.
pub(in crate::store) async fn an_old_client_is_no_regression_and_the_issue_says_why(store: &Store) {
    record(
        store,
        vec![seen(10, "shop@2.2.0"), of(11, 2, "shop@2.3.0", "production")],
    )
    .await;
    rule(store, 20, resolve(ResolvedIn::CurrentRelease)).await;
    let first = async || {
        let mut all = issues(store).await;
        all.sort_by_key(|issue| issue.number);
        all.remove(0)
    };
    for n in 30..34 {
        record(store, vec![seen(n, "shop@2.2.0")]).await;
        let issue = first().await;
        assert_eq!(issue.status, Status::Resolved);
        assert_eq!(
            issue.why.unwrap().to_string(),
            "not reopened: shop@2.2.0 is older than shop@2.3.0, in which it was resolved"
        );
    }
    record(store, vec![seen(40, "shop@2.3.1")]).await;
    assert_eq!(
        first().await.why.unwrap().to_string(),
        "reopened: seen in shop@2.3.1 (production), resolved in shop@2.3.0"
    );
}

/// It is remembered with the decision.
pub(in crate::store) async fn a_deleted_release_still_resolves(store: &Store) {
    record(store, vec![seen(5, "shop@aaaa"), seen(10, "shop@bbbb")]).await;
    rule(store, 20, resolve(ResolvedIn::NextRelease)).await;
    say(store, "shop@bbbb", ReleaseChange::Delete).await.unwrap();
    record(store, vec![seen(30, "shop@aaaa")]).await;
    assert_eq!(stands(store).await.0, Status::Resolved);
    record(store, vec![seen(40, "shop@cccc")]).await;
    assert_eq!(
        stands(store).await.2,
        "reopened: seen in shop@cccc (production), resolved in the next release after shop@bbbb"
    );
}

/// A release turns out to have been out when the issue was resolved.
pub(in crate::store) async fn a_late_release_is_taken_into_account(store: &Store) {
    record(store, vec![seen(10, "shop@2.3.0")]).await;
    rule(store, 20, resolve(ResolvedIn::NextRelease)).await;
    record(store, vec![seen(30, "shop@2.4.0")]).await;
    assert_eq!(stands(store).await.1, Substatus::Regressed);
    let late = event_with(50, |record| {
        record.hashes = vec![hash(2)];
        record.timestamp = at(15);
        record.release = Some("shop@2.4.0".into());
        record.environment = Some("production".into());
    });
    record(store, vec![late]).await;
    let mut all = issues(store).await;
    all.sort_by_key(|issue| issue.number);
    assert_eq!(
        (all[0].status, all[0].why.as_ref().unwrap().to_string()),
        (
            Status::Resolved,
            "not reopened: seen in shop@2.4.0 (production), but it was resolved in the next release after that"
                .into()
        )
    );
}

/// Builds of one release, told apart by `dist` or by build metadata, are not newer than each other.
pub(in crate::store) async fn another_dist_is_no_newer_release(store: &Store) {
    let built = |n, version, dist: &str| {
        let mut event = seen(n, version);
        event.record.tags.push(("dist".to_owned(), dist.to_owned()));
        event
    };
    record(store, vec![built(10, "shop@2.3.0", "45")]).await;
    rule(store, 20, resolve(ResolvedIn::NextRelease)).await;
    record(
        store,
        vec![built(30, "shop@2.3.0", "46"), built(31, "shop@2.3.0+47", "47")],
    )
    .await;
    assert_eq!(stands(store).await.0, Status::Resolved);
    record(store, vec![built(40, "shop@2.3.1", "45")]).await;
    assert_eq!(stands(store).await.1, Substatus::Regressed, "a newer version is");
}

/// Programs that count their sessions tell the minute in which they began, which may have begun before the resolve.
pub(in crate::store) async fn counted_sessions_make_the_next_release_no_older(store: &Store) {
    record(store, vec![seen(10, "shop@2.3.0")]).await;
    rule(store, 20, resolve(ResolvedIn::NextRelease)).await;
    say(store, "shop@2.4.0", ReleaseChange::Declare).await.unwrap();
    let counted = sessions::report("shop@2.4.0", sessions::many(None, 0, (9, 1, 0)));
    sessions::tell(store, vec![counted]).await;
    record(store, vec![seen(30, "shop@2.4.0")]).await;
    assert_eq!(
        stands(store).await.2,
        "reopened: seen in shop@2.4.0 (production), resolved in the next release after shop@2.3.0"
    );
}

/// By number, by number in a period, by users, by time.
pub(in crate::store) async fn an_archived_issue_comes_back_when_it_was_to(store: &Store) {
    let by = |n: u64, user: u64| event_with(n, |record| record.user = Some(format!("id:{user}")));
    record(store, vec![by(1, 1)]).await;
    rule(store, 10, archive(2, None)).await;
    let late = event_with(11, |record| record.timestamp = at(9));
    record(store, vec![late, by(12, 1)]).await;
    assert_eq!(stands(store).await.1, Substatus::ArchivedUntilConditionMet);
    record(store, vec![by(13, 1)]).await;
    let (status, substatus, why) = stands(store).await;
    assert_eq!((status, substatus), (Status::Unresolved, Substatus::Ongoing));
    assert_eq!(why, "reopened: it was archived until 2 more events");
    rule(store, 20, archive(2, Some(1))).await;
    record(store, vec![by(79, 1), by(81, 1)]).await;
    assert_eq!(stands(store).await.0, Status::Archived, "they are in two periods");
    record(store, vec![by(82, 1)]).await;
    assert_eq!(stands(store).await.0, Status::Unresolved);
    let users = Limit {
        count: 2,
        minutes: None,
    };
    rule(store, 100, Ruling::Archive(Until::Users(users))).await;
    record(store, vec![by(101, 1), by(102, 1)]).await;
    assert_eq!(stands(store).await.0, Status::Archived);
    record(store, vec![by(103, 2)]).await;
    assert_eq!(stands(store).await.0, Status::Unresolved);
    rule(store, 200, Ruling::Archive(Until::Time(at(300)))).await;
    record(store, vec![by(400, 1)]).await;
    let issues = issues(store)
        .await
        .iter()
        .map(|issue| issue.id)
        .collect::<Vec<_>>();
    assert_eq!(store.decisions.due(at(299)).await.unwrap(), []);
    assert_eq!(store.decisions.due(at(300)).await.unwrap(), issues);
    let wake = |second| Triaged {
        who: None,
        time: at(second),
        change: TriageChange::Wake {
            issues: issues.clone(),
        },
    };
    store.decisions.triage(wake(299)).await.unwrap();
    assert_eq!(stands(store).await.0, Status::Archived);
    store.decisions.triage(wake(300)).await.unwrap();
    assert_eq!(stands(store).await.0, Status::Unresolved);
    assert_eq!(store.decisions.due(at(999)).await.unwrap(), []);
    assert_eq!(
        told(store).await[0],
        format!("reopened: it was archived until {:.0}", at(300))
    );
}

/// More in an hour than the week before lets expect.
pub(in crate::store) async fn an_archived_issue_escalates(store: &Store) {
    record(store, vec![event_with(1, |_| ())]).await;
    rule(store, 10, Ruling::Archive(Until::Escalating)).await;
    let hour = 3_600;
    record(store, (0..10).map(|n| event_with(hour + n, |_| ())).collect()).await;
    assert_eq!(stands(store).await.1, Substatus::ArchivedUntilEscalating);
    record(store, vec![event_with(hour + 10, |_| ())]).await;
    let (status, substatus, why) = stands(store).await;
    assert_eq!((status, substatus), (Status::Unresolved, Substatus::Escalating));
    assert!(why.starts_with("escalating: 11 events in an hour"), "{why}");
}

/// Once: a build machine that says it again does not resolve it again.
pub(in crate::store) async fn a_commit_says_what_it_mends(store: &Store) {
    record(store, vec![seen(10, "shop@2.3.0")]).await;
    let commits = || {
        ReleaseChange::SetCommits(vec![Commit {
            sha: "4f3c2b1d5e6f708192a3b4c5d6e7f8091a2b3c4d".into(),
            repository: None,
            author_name: None,
            author_email: None,
            time: None,
            message: Some("Mend the cart\n\nFixes SHOP-1 and SHOP-99.".into()),
            files: Vec::new(),
        }])
    };
    say(store, "shop@2.4.0", ReleaseChange::Declare).await.unwrap();
    say(store, "shop@2.4.0", commits()).await.unwrap();
    assert_eq!(stands(store).await.0, Status::Resolved);
    assert_eq!(told(store).await, ["resolved by commit 4f3c2b1"]);
    record(store, vec![seen(60, "shop@2.3.0")]).await;
    assert_eq!(
        stands(store).await.2,
        "not reopened: shop@2.3.0 is older than shop@2.4.0; it was resolved by commit 4f3c2b1, first in shop@2.4.0"
    );
    record(store, vec![seen(70, "shop@2.4.0")]).await;
    assert_eq!(stands(store).await.1, Substatus::Regressed);
    rule(store, 80, Ruling::Unresolve).await;
    say(store, "shop@2.4.0", commits()).await.unwrap();
    assert_eq!(stands(store).await.1, Substatus::Ongoing);
    rule(store, 90, resolve(ResolvedIn::Commit("4F3C2B1".into()))).await;
    record(store, vec![seen(100, "shop@2.4.1")]).await;
    assert_eq!(
        stands(store).await.2,
        "reopened: seen in shop@2.4.1 (production), resolved by commit 4F3C2B1, first in shop@2.4.0"
    );
}

/// Whoever puts the invention of a client aside does not say that there is such a release.
pub(in crate::store) async fn a_made_up_release_that_is_put_aside_is_not_the_latest(store: &Store) {
    record(
        store,
        vec![seen(10, "shop@2.3.0"), of(11, 2, "shop@999.9.9", "production")],
    )
    .await;
    say(store, "shop@2.3.0", ReleaseChange::Declare).await.unwrap();
    let aside = ReleaseUpdate {
        status: Some(ReleaseStatus::Archived),
        ..ReleaseUpdate::default()
    };
    say(store, "shop@999.9.9", ReleaseChange::Update(aside))
        .await
        .unwrap();
    rule(store, 20, resolve(ResolvedIn::Now)).await;
    record(store, vec![seen(30, "shop@2.4.0")]).await;
    assert_eq!(
        stands(store).await.2,
        "reopened: seen in shop@2.4.0 (production), resolved in shop@2.3.0"
    );
}

/// Whoever tells its commits does.
pub(in crate::store) async fn a_release_with_commits_is_taken_into_account(store: &Store) {
    record(
        store,
        vec![seen(10, "shop@2.3.0"), of(11, 2, "shop@2.4.0", "production")],
    )
    .await;
    say(store, "shop@2.3.0", ReleaseChange::Declare).await.unwrap();
    rule(store, 20, resolve(ResolvedIn::Now)).await;
    record(store, vec![seen(30, "shop@2.3.0")]).await;
    assert_eq!(stands(store).await.1, Substatus::Regressed);
    say(store, "shop@2.4.0", ReleaseChange::SetCommits(Vec::new()))
        .await
        .unwrap();
    assert_eq!(
        stands(store).await.2,
        "not reopened: shop@2.3.0 is older than shop@2.4.0, in which it was resolved"
    );
}

/// An issue that many commits mend is resolved once, by the latest of them.
pub(in crate::store) async fn many_commits_mend_an_issue_once(store: &Store) {
    record(store, vec![seen(10, "shop@2.3.0")]).await;
    let commit = |sha: String| Commit {
        sha,
        repository: None,
        author_name: None,
        author_email: None,
        time: None,
        message: Some("Fixes SHOP-1".into()),
        files: Vec::new(),
    };
    let mut commits = vec![commit("f".repeat(1_000))];
    commits.extend((0..300).map(|n| commit(format!("{n:040}"))));
    for version in ["shop@2.4.0", "shop@2.5.0"] {
        say(store, version, ReleaseChange::Declare).await.unwrap();
        say(store, version, ReleaseChange::SetCommits(commits.clone()))
            .await
            .unwrap();
    }
    assert_eq!(told(store).await, ["resolved by commit 0000000"]);
    record(store, vec![seen(60, "shop@2.4.0")]).await;
    assert_eq!(
        stands(store).await.2,
        "reopened: seen in shop@2.4.0 (production), resolved by commit 0000000, first in shop@2.4.0"
    );
}
