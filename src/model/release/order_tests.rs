//! Which release is newer and which one was current, a row a case.

use super::*;
use crate::model::release::{Deploy, ReleaseId};
use crate::protocol::ids::ProjectId;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn release(version: &str) -> Release {
    Release::begin(ReleaseId(1), ProjectId(1), version, at(0))
}

/// Seen by two clients in `environment` from `second` on.
fn seen(version: &str, environment: &str, second: i64) -> Release {
    let mut release = release(version);
    for client in [1, 2] {
        release.see(Some(environment), at(second), Some(client), 1);
    }
    release
}

fn deployed(mut release: Release, environment: &str, second: i64) -> Release {
    release.deploy(Deploy {
        id: 1,
        environment: environment.into(),
        name: None,
        url: None,
        started: None,
        finished: at(second),
    });
    release
}

fn history(releases: &[Release]) -> History {
    let mut history = History::default();
    releases.iter().for_each(|release| history.add(release.into()));
    history
}

fn compare(one: &Release, other: &Release, environment: Option<&str>) -> Option<(Ordering, By)> {
    ReleaseDates::from(one).compare(&other.into(), environment)
}

fn current(history: &History, environment: Option<&str>, second: i64) -> Option<String> {
    let current = history.current(Some("shop"), environment, at(second), &[]);
    current.map(|release| release.version)
}

#[test]
fn semantic_versions_decide_whenever_they_were_seen() {
    let (old, new) = (
        seen("shop@2.2.0", "production", 90),
        seen("shop@2.3.0", "production", 10),
    );
    assert_eq!(
        compare(&old, &new, Some("production")),
        Some((Ordering::Less, By::Version))
    );
}

#[test]
fn without_versions_the_deploy_in_the_environment_decides_then_any_deploy_then_the_date() {
    let first = deployed(seen("shop@aaaa", "production", 50), "production", 40);
    let second = deployed(
        deployed(seen("shop@bbbb", "production", 5), "production", 60),
        "staging",
        30,
    );
    let third = seen("shop@cccc", "production", 45);
    assert_eq!(
        compare(&first, &second, Some("production")),
        Some((Ordering::Less, By::Deploy))
    );
    assert_eq!(
        compare(&first, &second, None),
        Some((Ordering::Greater, By::Deploy))
    );
    assert_eq!(
        compare(&first, &third, Some("production")),
        Some((Ordering::Less, By::Date))
    );
    assert_eq!(
        compare(&release("shop@dddd"), &first, None),
        None,
        "nothing tells"
    );
}

#[test]
fn packages_are_never_compared() {
    let (one, other) = (
        seen("ios@2.0", "production", 1),
        seen("backend@1.0", "production", 2),
    );
    assert_eq!(compare(&one, &other, None), None);
}

#[test]
fn the_current_release_is_the_newest_that_was_out_then_and_there() {
    let history = history(&[
        seen("shop@2.2.0", "production", 10),
        deployed(seen("shop@2.3.0", "production", 22), "production", 20),
        seen("shop@2.4.0", "staging", 30),
        seen("ios@9.0", "production", 1),
    ]);
    for (environment, second, expected) in [
        (Some("production"), 9, None),
        (Some("production"), 10, Some("shop@2.2.0")),
        (Some("production"), 20, Some("shop@2.3.0")),
        (Some("production"), 99, Some("shop@2.3.0")),
        (Some("staging"), 99, Some("shop@2.4.0")),
        (Some("qa"), 99, None),
        (None, 29, Some("shop@2.3.0")),
        (None, 30, Some("shop@2.4.0")),
    ] {
        assert_eq!(
            current(&history, environment, second).as_deref(),
            expected,
            "{environment:?} {second}"
        );
    }
}

#[test]
fn what_one_client_says_is_current_only_if_nothing_else_is_known() {
    let mut bogus = release("shop@999.9.9");
    bogus.see(Some("production"), at(5), Some(1), 1);
    let alone = history(std::slice::from_ref(&bogus));
    assert_eq!(
        current(&alone, Some("production"), 9).as_deref(),
        Some("shop@999.9.9")
    );
    let among_others = history(&[bogus, seen("shop@2.3.0", "production", 1)]);
    assert_eq!(
        current(&among_others, Some("production"), 9).as_deref(),
        Some("shop@2.3.0")
    );
}

#[test]
fn a_release_that_is_only_declared_is_not_out_until_it_is_released() {
    let mut declared = release("shop@3.0.0");
    declared.declared = Some(at(1));
    let mut history = history(&[declared.clone(), seen("shop@2.3.0", "production", 1)]);
    assert_eq!(current(&history, None, 99).as_deref(), Some("shop@2.3.0"));
    declared.released = Some(at(50));
    history.add((&declared).into());
    assert_eq!(current(&history, None, 99).as_deref(), Some("shop@3.0.0"));
}

#[test]
fn a_deleted_release_is_still_remembered() {
    let mut history = history(&[
        seen("shop@2.2.0", "production", 1),
        seen("shop@2.3.0", "production", 2),
    ]);
    let remembered = history.release("shop@2.3.0").unwrap();
    history.remove("shop@2.3.0");
    let current = history.current(Some("shop"), None, at(9), &[remembered]).unwrap();
    assert_eq!(current.version, "shop@2.3.0");
}

#[test]
fn a_commit_is_first_in_the_oldest_release_that_has_it() {
    let mut history = history(&[
        seen("shop@2.10.0", "production", 1),
        seen("shop@2.9.0", "production", 2),
        seen("ios@1.0", "production", 3),
    ]);
    let versions = ["shop@2.10.0", "shop@2.9.0", "ios@1.0", "shop@gone"];
    history.set_commit("ABC123", &versions.map(str::to_owned));
    let first = |package| {
        history
            .first_with("abc123", Some(package))
            .map(|release| release.version)
    };
    assert_eq!(first("shop").as_deref(), Some("shop@2.9.0"));
    assert_eq!(first("ios").as_deref(), Some("ios@1.0"));
    assert_eq!(first("android"), None);
}

#[test]
fn versions_and_hashes_side_by_side_have_one_newest() {
    let history = history(&[
        seen("shop@2.2.0", "production", 30),
        seen("shop@2.3.0", "production", 10),
        seen("shop@aaaa", "production", 20),
    ]);
    assert_eq!(
        current(&history, Some("production"), 99).as_deref(),
        Some("shop@aaaa"),
        "2.3.0 is the newest by version, and it came out before aaaa"
    );
}
