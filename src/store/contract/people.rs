//! What people do with issues besides deciding where they stand.

use super::{SHOP, at, decide, event_with, hash, issues, record};
use crate::model::{
    Activity, ActivityId, Assignee, Deed, IssueId, Outcome, PageRequest, TimeRange, UserId, Wish,
};
use crate::store::{Error, Store, TriageChange, Triaged};

async fn story(store: &Store, issue: IssueId) -> Vec<Activity> {
    let page = store.decisions.activity(issue, PageRequest::first(100)).await;
    page.unwrap().items
}

async fn only(store: &Store) -> IssueId {
    record(store, vec![event_with(1, |_| ())]).await;
    issues(store).await[0].id
}

/// They are given to somebody, and whoever has to do with one hears of it, unless they do not want to.
pub(in crate::store) async fn issues_are_somebodys(store: &Store) {
    let issue = only(store).await;
    let to = Some(Assignee::User(UserId(9)));
    let assign = |to| TriageChange::Assign {
        issues: vec![issue, issue, IssueId(99)],
        to,
    };
    decide(store, 10, assign(to)).await.unwrap();
    decide(store, 11, assign(to)).await.unwrap();
    let attend = |wish| TriageChange::Attend {
        issues: vec![issue],
        wish,
    };
    decide(store, 12, attend(Wish::Bookmark)).await.unwrap();
    decide(store, 13, attend(Wish::Unsubscribe)).await.unwrap();
    decide(store, 14, assign(Some(Assignee::Team))).await.unwrap();
    let is = store.issues.issue(issue).await.unwrap().unwrap();
    assert_eq!(is.assignee, Some(Assignee::Team));
    let interests: Vec<_> = is
        .interests
        .iter()
        .map(|(who, it)| (who.0, it.is_bookmarked, it.is_subscribed))
        .collect();
    assert_eq!(interests, [(7, true, Some(false)), (9, false, Some(true))]);
    let told: Vec<_> = story(store, issue).await.into_iter().map(|it| it.what).collect();
    assert_eq!(told, [Deed::Assigned(Some(Assignee::Team)), Deed::Assigned(to)]);
    let nobody = Triaged {
        who: None,
        time: at(20),
        change: attend(Wish::Bookmark),
    };
    assert!(matches!(
        store.decisions.triage(nobody).await,
        Err(Error::Missing(_))
    ));
}

/// Only who wrote a comment changes it or takes it back.
pub(in crate::store) async fn issues_are_talked_about(store: &Store) {
    let issue = only(store).await;
    let say = |text: &str| TriageChange::Comment {
        issue,
        text: text.into(),
    };
    for (text, is_fine) in [
        ("  \n ", false),
        (&"x".repeat(TriageChange::MAX_COMMENT + 1), false),
        (&"x".repeat(TriageChange::MAX_COMMENT), true),
        (" It is *the cart*. ", true),
    ] {
        assert_eq!(decide(store, 10, say(text)).await.is_ok(), is_fine, "{text:.9}");
    }
    let said = story(store, issue).await.remove(0);
    let text = |edited: Option<jiff::Timestamp>| Deed::Commented {
        text: if edited.is_none() {
            "It is *the cart*."
        } else {
            "No."
        }
        .into(),
        edited,
    };
    assert_eq!((said.what, said.who), (text(None), Some(UserId(7))));
    let edit = |activity| TriageChange::EditComment {
        issue,
        activity,
        text: "No.".into(),
    };
    let delete = TriageChange::DeleteComment {
        issue,
        activity: said.id,
    };
    let other = |change| Triaged {
        who: Some(UserId(8)),
        time: at(11),
        change,
    };
    for change in [edit(said.id), delete.clone()] {
        let refused = store.decisions.triage(other(change)).await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
    }
    let missing = decide(store, 12, edit(ActivityId(99))).await;
    assert!(matches!(missing, Err(Error::Missing("comment"))));
    decide(store, 12, edit(said.id)).await.unwrap();
    assert_eq!(story(store, issue).await[0].what, text(Some(at(12))));
    let comments = async || store.issues.issue(issue).await.unwrap().unwrap().comments;
    assert_eq!(comments().await, 2);
    decide(store, 13, delete).await.unwrap();
    assert_eq!((comments().await, story(store, issue).await.len()), (1, 1));
}

/// The issue goes with its events, and more of its kind is counted as dropped; a kind that it only met is kept.
pub(in crate::store) async fn what_nobody_wants_is_dropped(store: &Store) {
    let of = |n, kinds: &[u8]| {
        event_with(n, |record| {
            record.hashes = kinds.iter().map(|kind| hash(*kind)).collect()
        })
    };
    record(store, vec![of(1, &[1, 2]), of(2, &[3])]).await;
    let all = issues(store).await;
    let discard = TriageChange::Discard {
        issues: vec![all[1].id],
    };
    decide(store, 10, discard).await.unwrap();
    record(
        store,
        vec![of(3, &[2]), of(4, &[1, 3]), of(5, &[3, 1]), of(6, &[4])],
    )
    .await;
    let all = issues(store).await;
    let counts: Vec<_> = all.iter().map(|it| it.seen.times_seen).collect();
    assert_eq!(counts, [1, 2]);
    let day = TimeRange {
        start: at(-86_400),
        end: at(86_400),
    };
    let outcomes = store.stats.outcomes(&[SHOP], day).await.unwrap();
    let dropped: u64 = outcomes
        .iter()
        .filter(|row| (row.outcome, row.reason.as_str()) == (Outcome::Filtered, "discarded"))
        .flat_map(|row| row.hours.iter().map(|(_, count)| count))
        .sum();
    assert_eq!(dropped, 2);
}
