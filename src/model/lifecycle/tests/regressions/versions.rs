//! Stories in which it matters which release is newer, and which of them was the current one.

use super::*;

#[test]
fn versions_without_a_package_are_compared_as_versions() {
    let begin = [seen("2.9.0", 10), out("2.10.0", 12), now(20), seen("2.9.0", 30)];
    holds(
        &begin,
        "not reopened: 2.9.0 is older than 2.10.0, in which it was resolved",
    );
    reopens(
        &[begin.concat(), seen("2.11.0", 40)],
        "reopened: seen in 2.11.0 (production), resolved in 2.10.0",
    );
}

#[test]
fn git_shas_are_compared_by_deploy() {
    let deploy = |sha, second| vec![Happening::Deploy(sha, "production", second)];
    // The second one was tried out before the first one was deployed.
    let begin = [
        seen("shop@f00d", 3),
        deploy("shop@f00d", 5),
        out("shop@beef", 2),
        deploy("shop@beef", 12),
        now(20),
        seen("shop@f00d", 30),
    ];
    holds(
        &begin,
        "not reopened: shop@f00d is older by its deploy than shop@beef, in which it was resolved",
    );
    reopens(
        &[begin.concat(), deploy("shop@abcd", 35), seen("shop@abcd", 40)],
        "reopened: seen in shop@abcd (production), resolved in shop@beef",
    );
}

#[test]
fn git_shas_are_compared_by_first_seen() {
    let begin = [
        seen("f00d", 3),
        out("f00d", 3),
        out("beef", 12),
        now(20),
        seen("f00d", 30),
    ];
    holds(
        &begin,
        "not reopened: f00d is older by its date than beef, in which it was resolved",
    );
    reopens(
        &[begin.concat(), seen("aaaa", 40)],
        "reopened: seen in aaaa (production), resolved in beef",
    );
}

#[test]
fn a_bogus_version_of_one_client_does_not_become_the_latest() {
    let bogus = vec![Happening::Elsewhere(Event {
        release: Some("shop@999.9.9"),
        environment: Some("production"),
        second: 5,
        client: 666,
    })];
    for resolved in [
        now(20),
        next(20),
        vec![resolve(ResolvedIn::CurrentRelease, None, 20)],
    ] {
        let told = after(&[
            seen("shop@2.3.0", 10),
            out("shop@2.3.0", 10),
            bogus.clone(),
            resolved,
            seen("shop@2.4.0", 30),
        ]);
        assert_eq!(told.0, Status::Unresolved);
        assert!(told.1.ends_with("shop@2.3.0"), "{}", told.1);
    }
}

#[test]
fn two_packages_in_one_project_are_never_compared() {
    for resolved in [release("backend@1.0", 20), next(20)] {
        holds(
            &[
                seen("backend@1.0", 10),
                out("backend@1.0", 10),
                out("ios@1.0", 10),
                resolved,
                seen("ios@2.0", 30),
            ],
            "not reopened: ios@2.0 is another package than backend@1.0, in which it was resolved",
        );
    }
    // Each is compared with its own.
    let begin = [
        seen("ios@1.9", 10),
        seen("backend@1.0", 10),
        out("ios@2.0", 10),
        out("backend@1.0", 10),
    ];
    holds(
        &[begin.concat(), now(20), seen("ios@1.9", 30)],
        "not reopened: ios@1.9 is older than ios@2.0, in which it was resolved",
    );
    reopens(
        &[begin.concat(), now(20), seen("backend@1.0", 30)],
        "reopened: seen in backend@1.0 (production), resolved in backend@1.0",
    );
}

#[test]
fn a_package_that_was_unknown_when_it_was_resolved_is_judged_by_time() {
    reopens(
        &[
            seen("backend@1.0", 10),
            out("backend@1.0", 10),
            now(20),
            seen("ios@1.0", 30),
        ],
        "reopened: seen in ios@1.0 (production), resolved",
    );
}

#[test]
fn a_pre_release_comes_before_its_release() {
    holds(
        &[
            seen("shop@2.0.0-rc.1", 10),
            release("shop@2.0.0", 20),
            seen("shop@2.0.0-rc.2", 30),
        ],
        "not reopened: shop@2.0.0-rc.2 is older than shop@2.0.0, in which it was resolved",
    );
    reopens(
        &[
            seen("shop@2.0.0-rc.1", 10),
            release("shop@2.0.0-rc.2", 20),
            seen("shop@2.0.0", 30),
        ],
        "reopened: seen in shop@2.0.0 (production), resolved in shop@2.0.0-rc.2",
    );
}

#[test]
fn build_metadata_makes_no_newer_release() {
    holds(
        &[
            seen("shop@2.0.0+45", 10),
            out("shop@2.0.0+45", 10),
            next(20),
            seen("shop@2.0.0+46", 30),
        ],
        "not reopened: shop@2.0.0+46 is not newer than shop@2.0.0+45, and it was resolved in the next release after that",
    );
}

#[test]
fn a_release_first_seen_before_its_predecessor_is_newer_all_the_same() {
    holds(
        &[
            out("shop@2.3.0", 5),
            out("shop@2.2.0", 10),
            seen("shop@2.2.0", 10),
            now(20),
            seen("shop@2.2.0", 30),
        ],
        "not reopened: shop@2.2.0 is older than shop@2.3.0, in which it was resolved",
    );
}

#[test]
fn a_regression_is_withdrawn_when_a_deploy_shows_that_the_release_was_older() {
    let begin = [
        seen("shop@beef", 10),
        out("shop@beef", 10),
        now(20),
        seen("shop@f00d", 30),
    ];
    reopens(
        &begin,
        "reopened: seen in shop@f00d (production), resolved in shop@beef",
    );
    holds(
        &[
            begin.concat(),
            vec![
                Happening::Deploy("shop@f00d", "production", 5),
                Happening::Deploy("shop@beef", "production", 9),
            ],
        ],
        "not reopened: shop@f00d is older by its deploy than shop@beef, in which it was resolved",
    );
}
