//! Cases that a person can check.

use super::*;
use crate::model::issue::IssueId;
use crate::model::session::UserCounts;

fn side(version: &str, sessions: u64, crashed: u64) -> Side {
    let users = Some(UserCounts {
        all: sessions,
        crashed,
    });
    Side {
        version: version.into(),
        sessions: Some(Sessions {
            started: sessions,
            crashed,
            users,
        }),
        events: 0,
    }
}

/// As many users as events.
fn tally(events: u64) -> Tally {
    Tally {
        events,
        users: Some(events),
    }
}

fn issue(id: u64, past: Past, release: u64, baseline: u64) -> Observed {
    let title = format!("Error{id}");
    Observed {
        id: IssueId(id),
        title,
        past,
        release: tally(release),
        baseline: tally(baseline),
    }
}

fn known(id: u64, release: u64, baseline: u64) -> Observed {
    issue(id, Past::Known, release, baseline)
}

/// Ten thousand sessions each, none of which crashed.
fn compared(issues: &[Observed]) -> Comparison {
    let (release, baseline) = (side("shop@2", 10_000, 0), side("shop@1", 10_000, 0));
    compare(&release, Some(&baseline), issues, Limits::default())
}

fn said(comparison: &Comparison) -> Vec<String> {
    comparison.reasons.iter().map(ToString::to_string).collect()
}

fn ids(changes: &[Change]) -> Vec<u64> {
    changes.iter().map(|it| it.id.0).collect()
}

#[test]
fn each_issue_finds_its_list() {
    let found = compared(&[
        known(1, 210, 100),
        known(2, 100, 210),
        known(3, 0, 100),
        known(4, 100, 100),
        issue(5, Past::New, 1, 0),
        issue(
            6,
            Past::Regressed("seen in shop@2, resolved in shop@1".into()),
            2,
            0,
        ),
    ]);
    assert_eq!(ids(&found.worse), [1]);
    assert_eq!(ids(&found.better), [2]);
    assert_eq!(ids(&found.gone), [3]);
    assert_eq!(ids(&found.new), [5]);
    assert_eq!(ids(&found.regressed), [6]);
    assert_eq!(found.verdict, Verdict::Bad);
    assert_eq!(
        said(&found),
        [
            "Error6 came back: seen in shop@2, resolved in shop@1",
            "Error1 is 2.1 times as frequent: 210 in 10,000 sessions against 100 (more than 99.99 % sure)",
        ]
    );
}

#[test]
fn a_ratio_has_an_exact_interval() {
    let found = compared(&[known(1, 210, 100), known(2, 100, 210)]);
    let (worse, better) = (&found.worse[0], &found.better[0]);
    // Clopper and Pearson's limits for 210 of 310 are 0.6223 and 0.7292.
    let (low, high) = worse.interval.unwrap();
    assert!(
        (low - 1.648).abs() < 0.002 && (high.unwrap() - 2.692).abs() < 0.002,
        "{low} {high:?}"
    );
    let (low, high) = better.interval.unwrap();
    assert!(
        (low - 0.371).abs() < 0.002 && (high.unwrap() - 0.607).abs() < 0.002,
        "{low} {high:?}"
    );
    assert_eq!((worse.ratio, better.ratio), (Some(2.1), Some(100.0 / 210.0)));
    assert_eq!(
        (worse.release.per_thousand, worse.baseline.per_thousand),
        (Some(21.0), Some(10.0))
    );
}

#[test]
fn a_small_change_is_no_news_at_any_volume() {
    let found = compared(&[known(1, 1_400_000, 1_000_000), known(2, 1_000_000, 1_400_000)]);
    assert!(found.worse.is_empty() && found.better.is_empty(), "{found:?}");
}

#[test]
fn one_user_in_a_loop_is_no_regression() {
    let mut looping = known(1, 5_000, 10);
    looping.release.users = Some(1);
    let mut few = known(2, 100, 10);
    few.release.users = Some(5);
    let mut unseen_before = known(3, 100, 0);
    unseen_before.release.users = Some(3);
    assert!(compared(&[looping, few, unseen_before]).worse.is_empty());
}

#[test]
fn a_long_baseline_whose_users_came_back_does_not_look_better() {
    // Each of a hundred users met it in one session of ten: on one day, and on fourteen.
    let (release, baseline) = (side("shop@2", 1_000, 0), side("shop@1", 14_000, 0));
    let release_tally = Tally {
        events: 100,
        users: Some(65),
    };
    let baseline_tally = Tally {
        events: 1_400,
        users: Some(100),
    };
    let often = Observed {
        release: release_tally,
        baseline: baseline_tally,
        ..known(1, 0, 0)
    };
    let found = compare(&release, Some(&baseline), &[often], Limits::default());
    assert!(found.worse.is_empty() && found.better.is_empty());
}

#[test]
fn a_new_issue_counts_when_it_is_frequent_or_one_too_many() {
    let new = |events| [known(1, 2_000, 2_000), issue(2, Past::New, events, 0)];
    let (release, baseline) = (side("shop@2", 10_000, 0), side("shop@1", 10_000, 0));
    let with = |events, max_new| compare(&release, Some(&baseline), &new(events), Limits { max_new });
    assert_eq!(with(3, None).verdict, Verdict::Good);
    assert_eq!(with(3, Some(1)).verdict, Verdict::Good);
    assert_eq!(
        said(&with(3, Some(0))),
        ["1 issue is new, where at most 0 may be"]
    );
    let frequent = with(60, Some(1));
    assert_eq!(frequent.verdict, Verdict::Bad);
    assert_eq!(
        said(&frequent),
        ["Error2 is new and frequent: 60 in 10,000 sessions (more than 99.99 % sure)"]
    );
}

#[test]
fn an_issue_that_the_baseline_had_none_of_has_no_ratio() {
    let found = compared(&[known(1, 40, 0)]);
    let worse = &found.worse[0];
    assert_eq!(worse.ratio, None);
    assert!(
        worse
            .interval
            .is_some_and(|(low, high)| low > 5.0 && high.is_none())
    );
    assert_eq!(
        said(&found),
        ["Error1 is back: 40 in 10,000 sessions against none (more than 99.99 % sure)"]
    );
}

#[test]
fn more_crashes_are_bad_unless_one_user_has_them_all() {
    let baseline = side("shop@1", 10_000, 100);
    let mut release = side("shop@2", 10_000, 250);
    let found = compare(&release, Some(&baseline), &[], Limits::default());
    assert_eq!(
        said(&found),
        ["97.50 % of sessions are free of crashes, where 99.00 % were (more than 99.99 % sure)"]
    );
    release.sessions = Some(Sessions {
        started: 10_000,
        crashed: 250,
        users: Some(UserCounts {
            all: 9_000,
            crashed: 4,
        }),
    });
    let found = compare(&release, Some(&baseline), &[], Limits::default());
    assert!(
        found.crash_free.is_some_and(|it| !it.fell) && found.verdict != Verdict::Bad,
        "{found:?}"
    );
}

#[test]
fn sessions_that_name_nobody_do_not_make_a_burst_of_the_others() {
    let side = |version: &str, crashed| Side {
        sessions: Some(Sessions {
            started: 10_000,
            crashed,
            users: Some(UserCounts { all: 90, crashed: 2 }),
        }),
        ..side(version, 0, 0)
    };
    let found = compare(
        &side("shop@2", 250),
        Some(&side("shop@1", 100)),
        &[],
        Limits::default(),
    );
    assert!(found.crash_free.is_some_and(|it| it.fell), "{found:?}");
}

#[test]
fn without_sessions_the_mix_of_issues_is_compared() {
    // The release has a tenth of the volume; one issue kept its number, and is ten times as frequent.
    let issues: Vec<_> = (1..=9)
        .map(|id| known(id, 100, 1_000))
        .chain([known(10, 1_000, 1_000)])
        .collect();
    let side = |version: &str, events| Side {
        version: version.into(),
        sessions: None,
        events,
    };
    let found = compare(
        &side("shop@2", 1_900),
        Some(&side("shop@1", 10_000)),
        &issues,
        Limits::default(),
    );
    assert_eq!((found.unit, found.crash_free), (Unit::Events, None));
    assert_eq!(ids(&found.worse), [10]);
    assert!(
        found.better.is_empty(),
        "the others did not change: {:?}",
        found.better
    );
    assert!(
        found.worse[0]
            .ratio
            .is_some_and(|ratio| (ratio - 10.0).abs() < 0.1)
    );
}

#[test]
fn little_data_have_no_verdict() {
    let (release, baseline) = (side("shop@2", 400, 0), side("shop@1", 10_000, 0));
    let verdict = |release: &Side, baseline: Option<&Side>| {
        let found = compare(release, baseline, &[known(1, 4, 100)], Limits::default());
        assert_eq!(found.verdict, Verdict::TooLittleData);
        said(&found).remove(0)
    };
    let early = verdict(&release, Some(&baseline));
    assert!(
        early.starts_with("no harm shows in 400 sessions, but it takes about "),
        "{early}"
    );
    let old = verdict(&release, Some(&side("shop@1", 50, 0)));
    assert_eq!(
        old,
        "no harm shows in 400 sessions, but the baseline has too few to compare with"
    );
    assert_eq!(
        verdict(&release, None),
        "there is no older release to compare with"
    );
    assert_eq!(
        verdict(&side("shop@2", 0, 0), Some(&baseline)),
        "shop@2 has not been seen yet"
    );
    assert_eq!(
        verdict(&side("shop@2", 0, 0), None),
        "shop@2 has not been seen yet"
    );
}

#[test]
fn without_a_baseline_new_issues_are_counted_all_the_same() {
    let issues = [issue(1, Past::New, 3, 0)];
    let found = compare(
        &side("shop@1", 100, 0),
        None,
        &issues,
        Limits { max_new: Some(0) },
    );
    assert_eq!(found.verdict, Verdict::Bad);
    assert!(!found.new[0].sure);
}

#[test]
fn impossible_counts_do_no_harm() {
    let most = Tally {
        events: u64::MAX,
        users: Some(u64::MAX),
    };
    let odd = [
        Observed {
            release: most,
            baseline: most,
            ..known(1, 0, 0)
        },
        Observed {
            release: most,
            baseline: Tally::default(),
            ..known(2, 0, 0)
        },
        Observed {
            release: Tally {
                events: 0,
                users: Some(9),
            },
            baseline: most,
            ..known(3, 0, 0)
        },
        Observed {
            release: Tally {
                events: 9,
                users: Some(0),
            },
            ..known(4, 0, 0)
        },
        known(5, 0, 0),
    ];
    for sessions in [
        None,
        Some(Sessions {
            started: 1,
            crashed: u64::MAX,
            users: Some(UserCounts { all: 1, crashed: 0 }),
        }),
    ] {
        let side = Side {
            version: String::new(),
            sessions,
            events: u64::MAX,
        };
        let found = compare(&side, Some(&side), &odd, Limits { max_new: Some(0) });
        let rates = found.worse.iter().filter_map(|it| it.release.per_thousand);
        assert!(rates.into_iter().all(f64::is_finite));
        assert!(found.reasons.iter().all(|it| !it.to_string().is_empty()));
    }
}

#[test]
fn the_default_baseline_is_the_newest_credible_release_with_data() {
    let release = |version: &str, is_credible, exposure| Candidate {
        version: version.into(),
        is_credible,
        exposure,
    };
    let older = [
        release("shop@1", true, 5_000),
        release("shop@2", true, 900),
        release("shop@3", true, 12),
        release("shop@999", false, 4_000),
        release("shop@4", true, 0),
    ];
    let version = |older: &[Candidate]| predecessor(older).map(|it| it.version.clone());
    assert_eq!(version(&older).as_deref(), Some("shop@2"));
    assert_eq!(version(&older[2..]).as_deref(), Some("shop@3"));
    assert_eq!(version(&older[4..]), None);
    assert_eq!(version(&[]), None);
}
