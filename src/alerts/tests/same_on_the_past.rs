//! A rule that is tried on the past fires for what it fired for, whatever happened and however the steps were taken.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use tokio::runtime::Runtime;

use super::*;
use crate::alerts::backtest::Backtest;
use crate::model::alert::firing::Cause;
use crate::model::alert::{Condition, QuietHours, Reason, Test, When};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::release::Deploy;
use crate::model::{IssueFilter, IssueSort, TimeRange};
use crate::store::{ReleaseChange, ReleaseCommand, TriageChange, Triaged};

/// Something that is done.
#[derive(Debug, Clone)]
enum Deed {
    /// Events: project, hash, how many, of which environment, release and user.
    Events(u64, u8, u64, u8, u8),
    /// Sessions: how many, and of them crashed.
    Sessions(u64, u64, u64),
    /// All issues are resolved.
    Resolve,
    Deploy(u64, u8),
    /// The engine goes on, or begins anew from what was kept.
    Step,
    Restart,
    /// Time goes by, in milliseconds.
    Pass(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let project = 1_u64..3;
    let events = (project.clone(), 0_u8..12, 1_u64..8, 0_u8..3, 0_u8..3);
    let deed = prop_oneof![
        8 => events.prop_map(|(p, h, n, e, r)| Deed::Events(p, h, n, e, r)),
        2 => (project.clone(), 1_u64..40, 0_u64..10).prop_map(|(p, n, c)| Deed::Sessions(p, n, c)),
        1 => Just(Deed::Resolve),
        1 => (project, 0_u8..3).prop_map(|(p, r)| Deed::Deploy(p, r)),
        4 => Just(Deed::Step),
        1 => Just(Deed::Restart),
        8 => prop_oneof![1_i64..900, 900_i64..20_000, 20_000_i64..900_000].prop_map(Deed::Pass),
    ];
    prop::collection::vec(deed, 20..100)
}

fn said() -> Vec<AlertRule> {
    let condition = |test, negated| Condition { test, negated };
    vec![
        rule(1, |_| ()),
        rule(2, |rule| {
            rule.project = Some(ProjectId(1));
            rule.when = vec![
                When::NewIssue,
                When::Regressed,
                When::Events { count: 5, minutes: 3 },
            ];
            rule.at_most_every = 5;
            let names = vec!["e1".to_owned()];
            rule.conditions = vec![condition(Test::Environment { names }, true)];
            rule.quiet = Some(QuietHours {
                from: 12 * 60 + 20,
                until: 13 * 60,
                zone: "UTC".into(),
            });
        }),
        rule(3, |rule| {
            rule.when = vec![
                When::Events { count: 4, minutes: 2 },
                When::Users {
                    count: 3,
                    minutes: 10,
                },
            ];
            let pattern = "r[12]".replace("[12]", "?");
            rule.conditions = vec![
                condition(Test::Release { pattern }, false),
                condition(
                    Test::Tag {
                        key: "n".into(),
                        pattern: "1*".into(),
                    },
                    true,
                ),
            ];
            rule.at_most_every = 0;
        }),
        rule(4, |rule| {
            let (minutes, sessions) = (10, 5);
            rule.when = vec![
                When::CrashFree {
                    below: 9_000,
                    minutes,
                    sessions,
                },
                When::ErrorRate {
                    above: 2_000,
                    minutes: 2,
                    sessions,
                },
                When::Silence { minutes: 7 },
            ];
        }),
        rule(5, |rule| {
            let (below, minutes, sessions) = (9_500, 3, 2);
            rule.when = vec![
                When::CrashFree {
                    below,
                    minutes,
                    sessions,
                },
                When::Silence { minutes: 2 },
            ];
            rule.at_most_every = 0;
        }),
    ]
}

async fn act(world: &mut World, deed: &Deed) {
    match *deed {
        Deed::Events(project, hash, count, environment, release) => {
            let events = (0..count).map(|n| {
                world.event(project, hash, |record| {
                    record.environment = (environment > 0).then(|| format!("e{environment}"));
                    record.release = (release > 0).then(|| format!("r{release}"));
                    record.user = Some(format!("id:{n}"));
                    record.tags = vec![("n".into(), n.to_string())];
                })
            });
            let events = events.collect();
            world.record(events, Vec::new()).await;
        }
        Deed::Sessions(project, started, crashed) => {
            let sessions = world.sessions(project, started, crashed.min(started));
            world.record(Vec::new(), vec![sessions]).await;
        }
        Deed::Resolve => {
            let all = PageRequest::first(100);
            let issues = world
                .store
                .issues
                .list(&IssueFilter::default(), IssueSort::LastSeen, all)
                .await;
            let issues = issues.unwrap().items.iter().map(|issue| issue.id).collect();
            let (kind, environment) = (ResolvedIn::Now, None);
            let ruling = Ruling::Resolve { kind, environment };
            let change = TriageChange::Decide { issues, ruling };
            let (who, time) = (Some(UserId(1)), world.now);
            world
                .store
                .decisions
                .triage(Triaged { who, time, change })
                .await
                .unwrap();
        }
        Deed::Deploy(project, release) => {
            for change in [ReleaseChange::Declare, deploy(world.now)] {
                let command = ReleaseCommand {
                    project: ProjectId(project),
                    version: format!("r{release}"),
                    who: None,
                    time: world.now,
                    change,
                };
                world.store.releases.change(command).await.unwrap();
            }
        }
        Deed::Step => world.step().await,
        Deed::Restart => world.restart().await,
        Deed::Pass(millis) => world.pass(millis),
    }
}

fn deploy(finished: Timestamp) -> ReleaseChange {
    ReleaseChange::Deploy(Deploy {
        id: 0,
        environment: "production".into(),
        name: None,
        url: None,
        started: None,
        finished,
    })
}

/// What has to be the same: all but how many events an issue has meanwhile.
fn essence(firing: &Firing) -> String {
    let cause = |cause: &Cause| match &cause.reason {
        Reason::Happened { id, .. } => format!("{:?} by {}", cause.when, id.0),
        counted => format!(
            "{:?} of {:?} by {counted:?}, {:?}",
            cause.when, cause.issue, cause.subject.event
        ),
    };
    let causes: Vec<_> = firing.causes.iter().map(cause).collect();
    let Firing {
        time,
        project,
        total,
        released,
        ..
    } = firing;
    format!("{time} {project} {total} {released:?} {causes:?}")
}

async fn compare(deeds: Vec<Deed>) -> Result<(), TestCaseError> {
    let mut world = World::new(said()).await;
    for deed in &deeds {
        act(&mut world, deed).await;
    }
    // Until nothing waits any more.
    world.pass(3_600_000);
    world.step().await;
    let past_hour = world.now.as_second().div_euclid(60) * 60;
    let range = TimeRange {
        start: timeline::at(START),
        end: timeline::at(past_hour),
    };
    let live = world.fired().await;
    let backtest = Backtest::new(world.store.clone());
    for rule in said() {
        let (id, mut fired) = (
            rule.id,
            live.iter()
                .filter(|it| it.rule == rule.id)
                .map(essence)
                .collect::<Vec<_>>(),
        );
        let tried = backtest.over(rule, range, None).await.unwrap();
        let mut would_have: Vec<_> = tried.firings.iter().map(essence).collect();
        fired.sort();
        would_have.sort();
        prop_assert_eq!(tried.until, None);
        prop_assert_eq!(fired, would_have, "rule {}", id.0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_backtest_is_what_the_engine_did(deeds in deeds()) {
        Runtime::new().unwrap().block_on(compare(deeds))?;
    }
}
