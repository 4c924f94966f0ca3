//! When what happens is told, and to whom.

use super::*;
use crate::model::Assignee;
use crate::model::alert::{Action, Condition, DestinationId, Test, Whom};
use crate::protocol::level::Level;

#[test]
fn a_new_issue_is_told_within_a_second() {
    let mut world = World::new([rule(1, |_| ())]);
    world.happens(200, 7, Happened::New);
    // A minute that ended just before began the second.
    world.until(999);
    assert_eq!(world.fired(), [""; 0]);
    world.until(1_000);
    assert_eq!(world.fired(), ["rule 1 at 0.2: 7"]);
    world.happens(30_000, 8, Happened::New);
    world.until(30_999);
    assert_eq!(world.fired(), [""; 0]);
    world.until(31_000);
    assert_eq!(world.told(), ["member 1: 1", "member 2: 1"]);
}

#[test]
fn a_deploy_that_begins_fifty_issues_is_one_message() {
    let mut world = World::new([rule(1, |_| ())]);
    world.happens(-1_800_000, 0, released("v1"));
    world.happens(10_000, 0, released("v2"));
    for n in 0..50 {
        world.hears(&of_release(
            "v2",
            None,
            happening(100 + n as u64, 10_010 + n, 100 + n as u64, Happened::New),
        ));
    }
    world.until(20_000);
    let fired = world.fired();
    assert_eq!(fired.len(), 1);
    assert!(fired[0].starts_with("rule 1 at 10.029: 100+101+"), "{fired:?}");
    assert!(fired[0].ends_with("+119 of 50 after v2"), "{fired:?}");
}

/// The same, by an event of a release.
fn of_release(version: &str, environment: Option<&str>, mut happening: Happening) -> Happening {
    happening.subject.release = Some(version.to_owned());
    happening.subject.environment = environment.map(str::to_owned);
    happening
}

#[test]
fn a_release_is_named_when_it_went_out_before_where_most_comes_from_it() {
    let production = Some("production");
    let went = |millis, version: &str, environment: Option<&str>| {
        let what = Happened::Released {
            version: version.to_owned(),
            environment: environment.map(str::to_owned),
        };
        happening(1, millis, 0, what)
    };
    let new = |n: u64, version: &str| {
        let new = happening(10 + n, 10_000 + n as i64, n, Happened::New);
        of_release(version, production, new)
    };
    let canaries = || (1..5).map(|n| new(n, "canary"));
    let canary = || went(-60_000, "canary", production);
    let after = |went: Happening| [went].into_iter().chain(canaries()).collect::<Vec<_>>();
    let mixed = (1..5).map(|n| new(n, if n < 3 { "canary" } else { "stable" }));
    let mixed = [canary()].into_iter().chain(mixed).collect();
    let mut too_late = after(canary());
    too_late[0].time = at(10_002);
    too_late.swap(0, 1);
    let mut stable_later = after(canary());
    stable_later.insert(1, went(-30_000, "stable", production));
    for (why, happened, named) in [
        ("another one went out later", stable_later, true),
        ("it went out wherever", after(went(-60_000, "canary", None)), true),
        (
            "it went out elsewhere",
            after(went(-60_000, "canary", Some("staging"))),
            false,
        ),
        (
            "it went out long ago",
            after(went(-3_600_000, "canary", production)),
            false,
        ),
        ("it went out behind the first of it", too_late, false),
        ("half of it comes from others", mixed, false),
    ] {
        let mut world = World::new([rule(1, |_| ())]);
        happened.iter().for_each(|it| world.hears(it));
        world.until(20_000);
        let fired = world.fired();
        assert_eq!(fired.len(), 1, "{why}");
        assert_eq!(fired[0].ends_with(" after canary"), named, "{why}: {fired:?}");
    }
}

#[test]
fn a_spike_that_begins_with_others_is_told_with_them() {
    let spikes = |rule: &mut AlertRule| rule.when = vec![When::IssueSpike, When::ProjectSpike];
    let mut world = World::new([rule(1, spikes)]);
    for issue in [5, 0, 6] {
        world.happens(60_000, issue, Happened::Spiking(spike()));
    }
    world.until(61_000);
    assert_eq!(world.fired(), ["rule 1 at 60: all+5+6"]);
}

#[test]
fn who_heard_of_a_spike_hears_of_its_end() {
    let spikes = |rule: &mut AlertRule| rule.when = vec![When::NewIssue, When::IssueSpike];
    let mut world = World::new([rule(1, spikes)]);
    world.happens(10_000, 5, Happened::Spiking(spike()));
    world.happens(12_000, 6, Happened::New);
    world.happens(120_000, 6, Happened::Recovered(spike()));
    world.happens(120_000, 5, Happened::Recovered(spike()));
    // The rule just spoke of its spike: nothing is told of this one, nor of its end.
    world.happens(150_000, 5, Happened::Spiking(spike()));
    world.happens(180_000, 5, Happened::Recovered(spike()));
    world.until(200_000);
    let fired = ["rule 1 at 10: 5", "rule 1 at 12: 6", "rule 1 at 120: 5"];
    assert_eq!(world.fired(), fired);
}

#[test]
fn a_rule_is_silent_about_an_issue_for_a_while() {
    let back = |rule: &mut AlertRule| {
        rule.when = vec![When::Escalated];
        rule.at_most_every = 10;
    };
    let mut world = World::new([rule(1, back)]);
    let escalated = || Happened::Escalated {
        why: crate::model::lifecycle::archive::Returned::Time(at(0)),
    };
    world.happens(0, 5, escalated());
    world.happens(599_999, 5, escalated());
    world.happens(599_999, 6, escalated());
    world.happens(1_200_000, 5, escalated());
    world.until(2_000_000);
    let fired = ["rule 1 at 0: 5", "rule 1 at 599.999: 6", "rule 1 at 1200: 5"];
    assert_eq!(world.fired(), fired);
}

#[test]
fn what_one_trigger_said_does_not_silence_another() {
    let many = |rule: &mut AlertRule| rule.when = vec![When::NewIssue, When::IssueSpike, When::BadRelease];
    let mut world = World::new([rule(1, many)]);
    let bad = |environment: &str| Happened::BadRelease {
        version: "v2".into(),
        environment: Some(environment.into()),
        baseline: "v1".into(),
        reasons: Vec::new(),
    };
    world.happens(5_000, 5, Happened::New);
    world.happens(120_000, 5, Happened::Spiking(spike()));
    world.happens(240_000, 0, bad("staging"));
    world.happens(300_000, 0, bad("production"));
    world.until(400_000);
    let issues = ["rule 1 at 5: 5", "rule 1 at 120: 5"];
    let releases = ["rule 1 at 240: all", "rule 1 at 300: all"];
    assert_eq!(world.fired(), [issues, releases].concat());
}

#[test]
fn a_muted_rule_fires_and_nobody_is_told() {
    let mut world = World::new([rule(1, |rule| rule.muted_until = Some(at(60_000)))]);
    for n in 1..=5 {
        world.happens(n * 10_000, n as u64, Happened::New);
    }
    world.until(70_000);
    let fired = world.fired();
    assert_eq!(fired.len(), 5);
    assert_eq!(fired[0], "rule 1 at 10: 1 (muted until 2025-11-21T12:01:00Z)");
    world.happens(70_000, 9, Happened::New);
    world.until(80_000);
    assert_eq!(world.told(), ["member 1: 1", "member 2: 1"]);
}

#[test]
fn latency_counts_from_what_was_received_first() {
    let counts = |rule: &mut AlertRule| {
        rule.when.push(When::Events { count: 4, minutes: 1 });
        rule.when.push(When::Silence { minutes: 1 });
    };
    let mut world = World::new([rule(1, counts)]);
    let caused = |world: &mut World, until: i64| {
        world.until(until);
        let outbox = std::mem::take(&mut world.judged).outbox;
        let caused = outbox.iter().map(|it| it.caused.duration_since(at(0)).as_secs());
        caused.collect::<std::collections::BTreeSet<_>>()
    };
    (1..=5).for_each(|n| world.happens(n * 5_000, n as u64, Happened::New));
    assert_eq!(caused(&mut world, 59_000), [5, 10, 15].into());
    // What was held has waited, too; what was counted came in the minute.
    assert_eq!(caused(&mut world, 63_000), [20].into());
    let mut world = World::new([rule(1, counts)]);
    world.minute(0, &[pulse(0, 9, 4)]);
    assert_eq!(caused(&mut world, 61_000), [0].into());
    world.minute(1, &[]);
    assert_eq!(caused(&mut world, 121_000), [120].into());
}

#[test]
fn two_rules_that_say_the_same_send_one_message() {
    let to = |actions: &[Action]| {
        let actions = actions.to_vec();
        move |rule: &mut AlertRule| rule.actions = actions
    };
    let place = |id| Action::Send {
        destination: DestinationId(id),
    };
    let first = Action::Mail {
        to: Whom::Members(vec![UserId(1), UserId(99)]),
    };
    let mut world = World::new([
        rule(1, to(&[place(5), first])),
        rule(2, to(&[place(5), place(6)])),
        rule(3, |rule| {
            to(&[place(5)])(rule);
            rule.when = vec![When::Regressed];
        }),
    ]);
    world.happens(10_000, 7, Happened::New);
    world.until(11_000);
    assert_eq!(world.told(), ["member 1: 1", "place 5: 1+2", "place 6: 2"]);
}

#[test]
fn what_a_longer_message_says_is_not_said_twice() {
    let fatal = |rule: &mut AlertRule| {
        rule.conditions = vec![Condition {
            test: Test::Level { least: Level::Fatal },
            negated: false,
        }];
    };
    let mut world = World::new([rule(1, fatal), rule(2, |_| ())]);
    for n in 1..=5 {
        let mut new = happening(n, 10_000, n, Happened::New);
        new.subject.level = Some(if n == 3 { Level::Fatal } else { Level::Error });
        world.hears(&new);
    }
    world.until(11_000);
    assert_eq!(world.told(), ["member 1: 2+1", "member 2: 2+1"]);
}

#[test]
fn whoever_an_issue_is_given_to_is_told() {
    let mine = |rule: &mut AlertRule| rule.actions = vec![Action::Mail { to: Whom::Assignee }];
    let cases = [
        (Some(Assignee::User(UserId(2))), vec!["member 2: 1"]),
        (
            Some(Assignee::User(UserId(99))),
            vec!["member 1: 1", "member 2: 1"],
        ),
        (Some(Assignee::Team), vec!["member 1: 1", "member 2: 1"]),
        (None, vec!["member 1: 1", "member 2: 1"]),
    ];
    for (assignee, expected) in cases {
        let mut world = World::new([rule(1, mine)]);
        let mut new = happening(1, 10_000, 7, Happened::New);
        new.subject.assignee = assignee;
        world.hears(&new);
        world.until(11_000);
        assert_eq!(world.told(), expected, "{assignee:?}");
    }
}

#[test]
fn when_everybody_whom_a_rule_told_is_gone_owners_are_told() {
    let only = |members: Vec<UserId>| {
        move |rule: &mut AlertRule| {
            rule.actions = vec![Action::Mail {
                to: Whom::Members(members),
            }]
        }
    };
    for (members, expected) in [
        (vec![], "member 2: 1"),
        (vec![UserId(99)], "member 2: 1"),
        (vec![UserId(99), UserId(1)], "member 1: 1"),
    ] {
        let mut world = World::new([rule(1, only(members))]);
        world.happens(10_000, 7, Happened::New);
        world.until(11_000);
        assert_eq!(world.told(), [expected]);
    }
}

#[test]
fn rules_watch_what_they_say_they_watch() {
    let elsewhere = |rule: &mut AlertRule| rule.project = Some(ProjectId(2));
    let everywhere = |rule: &mut AlertRule| rule.project = None;
    let off = |rule: &mut AlertRule| rule.enabled = false;
    let mut world = World::new([rule(1, elsewhere), rule(2, everywhere), rule(3, off)]);
    world.happens(10_000, 7, Happened::New);
    let mut other = happening(2, 10_000, 8, Happened::New);
    other.project = ProjectId(2);
    world.hears(&other);
    world.until(11_000);
    assert_eq!(
        world.fired(),
        ["rule 2 at 10: 7", "rule 1 at 10: 8", "rule 2 at 10: 8"]
    );
}

#[test]
fn the_rows_of_the_memory_are_what_it_remembers() {
    let spikes = |rule: &mut AlertRule| rule.when = vec![When::NewIssue, When::IssueSpike];
    let mut world = World::new([rule(1, spikes)]);
    world.happens(0, 0, released("v2"));
    for n in 1..=5 {
        world.hears(&of_release(
            "v2",
            None,
            happening(n, n as i64 * 5_000, n, Happened::New),
        ));
    }
    world.happens(30_000, 77, Happened::Spiking(spike()));
    let kept = world.memory.changes();
    assert!(kept.values().flatten().all(|row| row.len() < 4_096));
    let kept: std::collections::BTreeMap<_, _> = kept
        .into_iter()
        .filter_map(|(key, row)| Some((key, row?)))
        .collect();
    world.memory = Memory::read(kept);
    assert!(world.memory.changes().is_empty());
    world.fired();
    world.until(90_000);
    let held = "held 20 to 62 after 3 messages in 10 minutes";
    assert_eq!(
        world.fired(),
        [
            "rule 1 at 30: 77".to_owned(),
            format!("rule 1 at 25: 4+5 after v2, {held}")
        ]
    );
    world.minute(60 * 24 * 15, &[]);
    let gone = world.memory.changes();
    assert!(gone.values().all(Option::is_none), "{gone:?}");
}

#[test]
fn rows_that_cannot_be_read_are_removed() {
    let kept = [("tea/1", "{}"), ("fired/1/1/-", "no")];
    let kept = kept.map(|(key, row)| (key.to_owned(), row.to_owned()));
    let mut memory = Memory::read(kept.into_iter().collect());
    let removed: Vec<_> = memory.changes().into_iter().collect();
    assert_eq!(
        removed,
        [("fired/1/1/-".to_owned(), None), ("tea/1".to_owned(), None)]
    );
}
