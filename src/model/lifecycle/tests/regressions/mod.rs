//! What must not be called a regression, and what must: a story a name.

mod versions;

use super::*;

/// Where it stands after the story, and the reason.
fn after(happenings: &[Vec<Happening>]) -> (Status, String) {
    let state = World::told(&happenings.concat()).state(at(9_999));
    let why = state.why.map(|why| why.to_string());
    (state.status, why.unwrap_or_default())
}

/// The story ends resolved, for this reason.
#[track_caller]
fn holds(happenings: &[Vec<Happening>], why: &str) {
    assert_eq!(after(happenings), (Status::Resolved, why.to_owned()));
}

/// The story ends reopened, for this reason.
#[track_caller]
fn reopens(happenings: &[Vec<Happening>], why: &str) {
    assert_eq!(after(happenings), (Status::Unresolved, why.to_owned()));
}

fn now(second: i64) -> Vec<Happening> {
    vec![resolve(ResolvedIn::Now, None, second)]
}

fn next(second: i64) -> Vec<Happening> {
    vec![resolve(ResolvedIn::NextRelease, None, second)]
}

fn release(version: &str, second: i64) -> Vec<Happening> {
    vec![resolve(ResolvedIn::Release(version.into()), None, second)]
}

fn seen(version: &'static str, second: i64) -> Vec<Happening> {
    vec![event(version, "production", second)]
}

fn out(version: &'static str, second: i64) -> Vec<Happening> {
    runs(version, "production", second)
}

#[test]
fn a_newer_release_still_failing_is_a_regression() {
    for resolved in [
        release("shop@2.3.0", 20),
        now(20),
        vec![resolve(ResolvedIn::CurrentRelease, None, 20)],
    ] {
        reopens(
            &[
                seen("shop@2.3.0", 10),
                out("shop@2.3.0", 10),
                resolved,
                seen("shop@2.3.1", 30),
            ],
            "reopened: seen in shop@2.3.1 (production), resolved in shop@2.3.0",
        );
    }
}

#[test]
fn an_old_client_of_an_older_release_is_no_regression() {
    for resolved in [now(20), release("shop@2.3.0", 20)] {
        holds(
            &[
                seen("shop@2.2.0", 10),
                out("shop@2.3.0", 15),
                resolved,
                seen("shop@2.2.0", 30),
            ],
            "not reopened: shop@2.2.0 is older than shop@2.3.0, in which it was resolved",
        );
    }
}

#[test]
fn an_event_that_happened_before_the_resolve_and_arrived_late_is_no_regression() {
    holds(
        &[seen("shop@2.3.0", 10), now(20), seen("shop@2.3.0", 19)],
        "not reopened: what was seen in shop@2.3.0 (production) happened before it was resolved",
    );
}

#[test]
fn resolved_in_the_next_release_the_same_one_may_fail_and_the_next_one_may_not() {
    let begin = [
        seen("shop@2.3.0", 10),
        out("shop@2.3.0", 10),
        next(20),
        seen("shop@2.3.0", 30),
    ];
    holds(
        &begin,
        "not reopened: seen in shop@2.3.0 (production), but it was resolved in the next release after that",
    );
    reopens(
        &[begin.concat(), seen("shop@2.4.0", 40)],
        "reopened: seen in shop@2.4.0 (production), resolved in the next release after shop@2.3.0",
    );
}

#[test]
fn resolved_in_the_next_release_one_that_was_already_out_elsewhere_does_not_count() {
    holds(
        &[
            seen("shop@2.3.0", 10),
            runs("shop@2.4.0", "staging", 15),
            next(20),
            seen("shop@2.4.0", 30),
        ],
        "not reopened: seen in shop@2.4.0 (production), but it was resolved in the next release after that",
    );
}

#[test]
fn resolved_in_the_next_release_one_that_a_single_client_was_first_to_see_does_not_count() {
    let alone = |second| {
        vec![Happening::Event(Event {
            release: Some("shop@2.4.0"),
            environment: Some("production"),
            second,
            client: 7,
        })]
    };
    let begin = [out("shop@2.3.0", 5), alone(10), next(20), alone(30)];
    holds(
        &begin,
        "not reopened: seen in shop@2.4.0 (production), but it was resolved in the next release after that",
    );
    reopens(
        &[begin.concat(), seen("shop@2.5.0", 40)],
        "reopened: seen in shop@2.5.0 (production), resolved in the next release after shop@2.3.0",
    );
}

#[test]
fn the_resolving_release_may_be_deleted_later() {
    let deleted = |version| vec![Happening::Delete(version)];
    for (resolved, older, newer) in [
        (
            now(20),
            "not reopened: shop@aaaa is older by its date than shop@bbbb, in which it was resolved",
            "reopened: seen in shop@cccc (production), resolved in shop@bbbb",
        ),
        (
            release("shop@bbbb", 20),
            "not reopened: shop@aaaa is older by its date than shop@bbbb, in which it was resolved",
            "reopened: seen in shop@cccc (production), resolved in shop@bbbb",
        ),
        (
            next(20),
            "not reopened: shop@aaaa is older by its date than shop@bbbb; it was resolved in the next release after shop@bbbb",
            "reopened: seen in shop@cccc (production), resolved in the next release after shop@bbbb",
        ),
    ] {
        let begin = [
            seen("shop@aaaa", 5),
            out("shop@aaaa", 5),
            out("shop@bbbb", 10),
            resolved,
            deleted("shop@bbbb"),
            seen("shop@aaaa", 30),
        ];
        holds(&begin, older);
        reopens(&[begin.concat(), seen("shop@cccc", 40)], newer);
    }
}

#[test]
fn the_environment_decides_and_says_so() {
    let production = vec![resolve(ResolvedIn::Now, Some("production"), 20)];
    let begin = [
        seen("shop@2.3.0", 10),
        out("shop@2.3.0", 10),
        production,
        vec![event("shop@2.4.0", "staging", 30)],
    ];
    holds(
        &begin,
        "not reopened: seen in shop@2.4.0 (staging), but it was resolved for production only",
    );
    reopens(
        &[begin.concat(), seen("shop@2.4.0", 40)],
        "reopened: seen in shop@2.4.0 (production), resolved in shop@2.3.0",
    );
}

#[test]
fn a_newer_build_in_staging_does_not_excuse_what_runs_in_production() {
    reopens(
        &[
            seen("shop@2.3.0", 10),
            out("shop@2.3.0", 10),
            runs("shop@2.4.0", "staging", 15),
            now(20),
            seen("shop@2.3.0", 30),
        ],
        "reopened: seen in shop@2.3.0 (production), resolved in shop@2.3.0",
    );
}

#[test]
fn resolved_by_a_commit_nothing_reopens_it_until_a_release_has_the_commit() {
    let commit = "4f3c2b1d5e6f708192a3b4c5d6e7f8091a2b3c4d";
    let begin = [
        seen("shop@2.3.0", 10),
        vec![resolve(ResolvedIn::Commit(commit.into()), None, 20)],
        seen("shop@2.4.0", 30),
    ];
    holds(
        &begin,
        "not reopened: seen in shop@2.4.0 (production), and no release has the commit 4f3c2b1 yet",
    );
    let released = [begin.concat(), vec![Happening::Commit(commit, "shop@2.5.0")]];
    holds(
        &released,
        "not reopened: shop@2.4.0 is older than shop@2.5.0; it was resolved by commit 4f3c2b1, first in shop@2.5.0",
    );
    let again = [released.concat(), seen("shop@2.5.0", 40)];
    let back = "reopened: seen in shop@2.5.0 (production), resolved by commit 4f3c2b1, first in shop@2.5.0";
    reopens(&again, back);
    reopens(&[again.concat(), vec![Happening::Delete("shop@2.5.0")]], back);
}

#[test]
fn merged_issues_of_which_one_was_resolved_are_judged_by_the_resolve() {
    let (mut one, other) = (
        World::told(&[seen("shop@2.2.0", 10), out("shop@2.3.0", 15), now(20)].concat()),
        World::told(&seen("shop@2.2.0", 30)),
    );
    let merge = |one: &mut World, other: &World| {
        if let Some(decision) = &other.decision
            && one.decision.as_ref().is_none_or(|own| decision.prevails(own))
        {
            one.decision = Some(decision.clone());
        }
        for (release, sightings) in &other.seen {
            one.seen.entry(*release).or_default().join(sightings);
        }
    };
    merge(&mut one, &other);
    let state = one.state(at(9_999));
    assert_eq!(
        (state.status, state.why.unwrap().to_string()),
        (
            Status::Resolved,
            "not reopened: shop@2.2.0 is older than shop@2.3.0, in which it was resolved".into()
        )
    );
    merge(&mut one, &World::told(&seen("shop@2.3.0", 31)));
    assert_eq!(
        one.state(at(9_999)).why.unwrap().to_string(),
        "reopened: seen in shop@2.3.0 (production), resolved in shop@2.3.0"
    );
}

#[test]
fn a_client_whose_clock_is_ahead_proves_nothing() {
    let (said, received) = (at(1_000), at(15));
    let second = happened(said, received).as_second();
    holds(
        &[seen("shop@2.3.0", 10), now(20), seen("shop@2.3.0", second)],
        "not reopened: what was seen in shop@2.3.0 (production) happened before it was resolved",
    );
}

#[test]
fn events_without_a_release_are_judged_by_time_unless_the_resolve_names_a_release() {
    let nowhere = |second| {
        vec![Happening::Event(Event {
            second,
            ..Event::default()
        })]
    };
    reopens(
        &[nowhere(10), now(20), nowhere(30)],
        "reopened: seen in no release, resolved",
    );
    holds(
        &[nowhere(10), release("shop@2.3.0", 20), nowhere(30)],
        "not reopened: the events name no release, and it was resolved in shop@2.3.0",
    );
}
