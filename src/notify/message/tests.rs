//! What messages say, and that whatever comes from outside stays bounded and harmless.

use jiff::Timestamp;

use super::*;
use crate::model::GroupingRules;
use crate::model::alert::happening::Spike;
use crate::model::alert::{FiringId, Happened, HappeningId, HeldBy, RuleId, Subject, When};
use crate::model::lifecycle::archive::Returned;
use crate::model::lifecycle::regression::Regression;

pub(crate) const BASE: &str = "https://errors.example.com";

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(crate) fn shop() -> Project {
    Project {
        id: ProjectId(4),
        slug: "shop".to_owned(),
        name: "Shop".to_owned(),
        platform: None,
        created: at("2026-01-01T00:00:00Z"),
        grouping: GroupingRules::default(),
        retention_days: None,
    }
}

fn subject(number: u32) -> Subject {
    Subject {
        number,
        title: "TeaError: no tea".to_owned(),
        culprit: Some("pot in brew".to_owned()),
        level: Some(Level::Fatal),
        release: Some("shop@2".to_owned()),
        environment: Some("production".to_owned()),
        first_seen: Some(at("2026-03-01T10:00:00Z")),
        events: 1_200,
        users: 3,
        ..Subject::default()
    }
}

pub(crate) fn cause(number: u32, when: When, what: Happened) -> Cause {
    let reason = Reason::Happened {
        id: HappeningId(1),
        what,
    };
    Cause {
        when,
        issue: Some(IssueId(100 + u64::from(number))),
        subject: subject(number),
        reason,
    }
}

pub(crate) fn new(number: u32) -> Cause {
    cause(number, When::NewIssue, Happened::New)
}

pub(crate) fn firing(causes: Vec<Cause>) -> Firing {
    Firing {
        id: FiringId(1),
        rule: RuleId(9),
        rule_name: "Tea".to_owned(),
        time: at("2026-03-01T10:14:00Z"),
        project: ProjectId(4),
        total: causes.len() as u64,
        causes,
        released: None,
        silent: None,
        held: None,
    }
}

pub(crate) fn message(firing: Firing) -> Message {
    Message::of("5".to_owned(), &[firing], &shop(), BASE, &TimeZone::UTC).unwrap()
}

/// Everything from outside is as long and as evil as it can be.
pub(crate) fn hostile() -> Message {
    const EVIL: &str = "<!channel> @everyone </b>&amp;<script>*_~`|[x](http://evil) \u{202e}\0\r\nBcc: a@b ";
    let evil = EVIL.repeat(2_000);
    let mut causes: Vec<_> = (1..=60).map(new).collect();
    for cause in &mut causes {
        cause.subject.title = evil.clone();
        cause.subject.culprit = Some(evil.clone());
        cause.subject.release = Some(evil.clone());
        cause.subject.environment = Some(evil.clone());
        (cause.subject.events, cause.subject.users) = (u64::MAX, u64::MAX);
    }
    let mut firing = firing(causes);
    firing.rule_name = evil.clone();
    firing.total = u64::MAX;
    firing.released = Some((evil.clone(), Some(evil.clone())));
    let mut firings = vec![firing];
    for at in 0..200 {
        let mut other = self::firing(Vec::new());
        other.rule_name = format!("{at}{evil}");
        firings.push(other);
    }
    let project = Project { name: evil, ..shop() };
    let mut message = Message::of("5".to_owned(), &firings, &project, BASE, &TimeZone::UTC).unwrap();
    for told in &mut message.causes {
        told.frames = vec![line(EVIL.repeat(9).as_str(), 160); 5];
        told.hours = vec![u64::MAX; 24];
    }
    message
}

/// A hostile message about one thing only.
pub(crate) fn hostile_single() -> Message {
    let mut message = hostile();
    message.causes.truncate(1);
    message.total = 1;
    message
}

pub(crate) fn spike(observed: u64, expected_milli: u64) -> Spike {
    Spike {
        since: at("2026-03-01T10:00:00Z"),
        observed,
        minutes: 5,
        expected_milli,
        baseline: "median of this hour on the last 7 days".to_owned(),
    }
}

#[test]
fn a_message_says_why() {
    let regression = Regression {
        release: Some("shop@2".to_owned()),
        environment: Some("production".to_owned()),
        happened: at("2026-03-01T10:14:00Z"),
        resolved: "resolved in shop@1".to_owned(),
    };
    let counted = |when: When, observed, of| Cause {
        when,
        issue: None,
        subject: Subject::default(),
        reason: Reason::Counted { observed, of },
    };
    for (cause, title, why) in [
        (
            new(12),
            "[Shop] New: TeaError: no tea",
            "SHOP-12 is new, first seen 2026-03-01 10:00 UTC in shop@2 (production)",
        ),
        (
            cause(12, When::Regressed, Happened::Regressed(regression)),
            "[Shop] Regressed: TeaError: no tea",
            "SHOP-12 reopened: seen in shop@2 (production), resolved in shop@1",
        ),
        (
            cause(12, When::IssueSpike, Happened::Spiking(spike(120, 12_000))),
            "[Shop] Spike: TeaError: no tea",
            "SHOP-12 is spiking: 120 events in 5 minutes, 10 times the usual 12 (median of this hour on the last 7 days)",
        ),
        (
            cause(12, When::IssueSpike, Happened::Spiking(spike(80, 250))),
            "[Shop] Spike: TeaError: no tea",
            "SHOP-12 is spiking: 80 events in 5 minutes, usually 3 an hour (median of this hour on the last 7 days)",
        ),
        (
            cause(12, When::IssueSpike, Happened::Recovered(spike(3, 2_500))),
            "[Shop] Calm again: TeaError: no tea",
            "SHOP-12 has calmed down after 14 minutes: 3 events in 5 minutes, where 2.5 are usual (median of this hour on the last 7 days)",
        ),
        (
            cause(
                12,
                When::IssueSpike,
                Happened::Unwatched {
                    since: at("2026-02-14T09:00:00Z"),
                },
            ),
            "[Shop] Not watched any more: TeaError: no tea",
            "SHOP-12 is not watched any more for the end of the spike that began 2026-02-14 09:00 UTC: nothing is known of whether it goes on",
        ),
        (
            counted(
                When::CrashFree {
                    below: 9_950,
                    minutes: 60,
                    sessions: 10,
                },
                9_820,
                Some(1_234),
            ),
            "[Shop] Crashes: 98.2 % of 1,234 sessions of Shop in an hour did not crash, less than 99.5 %",
            "98.2 % of 1,234 sessions of Shop in an hour did not crash, less than 99.5 %",
        ),
        (
            counted(When::Silence { minutes: 30 }, 0, None),
            "[Shop] Silence: Shop had no events for 30 minutes",
            "Shop had no events for 30 minutes",
        ),
    ] {
        let message = message(firing(vec![cause]));
        assert_eq!(message.title, title);
        assert_eq!(message.headline, format!("{why} (rule “Tea”)."));
    }
}

#[test]
fn times_are_said_by_the_clock_of_whoever_is_told() {
    let told = |cause, zone: &str| {
        let zone = TimeZone::get(zone).unwrap();
        let firing = firing(vec![cause]);
        Message::of("5".to_owned(), &[firing], &shop(), BASE, &zone).unwrap()
    };
    let berlin = told(new(12), "Europe/Berlin");
    assert!(
        berlin.headline.contains("first seen 2026-03-01 11:00 CET"),
        "{}",
        berlin.headline
    );
    let first_seen = ("First seen", "2026-03-01 11:00 CET".to_owned());
    assert!(berlin.causes[0].facts().contains(&first_seen));
    assert_eq!(moment(&berlin.time), "2026-03-01 11:14 CET");
    let why = Returned::Time(at("2026-03-01T10:14:00Z"));
    let escalated = told(
        cause(12, When::Escalated, Happened::Escalated { why }),
        "Asia/Kolkata",
    );
    assert!(
        escalated
            .headline
            .ends_with("archived until 2026-03-01 15:44 IST (rule “Tea”)."),
        "{}",
        escalated.headline
    );
}

#[test]
fn much_at_once_is_one_message_that_names_the_release() {
    let mut causes: Vec<_> = (1..=3).map(new).collect();
    let told = |causes: &[Cause], total| {
        let mut firing = firing(causes.to_vec());
        (firing.total, firing.released) = (total, Some(("shop@2".to_owned(), Some("production".to_owned()))));
        message(firing)
    };
    let message = told(&causes, 50);
    assert_eq!(
        message.title,
        "[Shop] 50 new issues after the release of shop@2 in production"
    );
    assert_eq!(message.url, "https://errors.example.com/alerts/history?firing=1");
    assert_eq!(
        (message.more(3).unwrap(), message.single()),
        ("and 47 more".to_owned(), None)
    );
    causes.push(cause(4, When::IssueSpike, Happened::Spiking(spike(9, 0))));
    let message = told(&causes, 6);
    assert_eq!(
        message.headline,
        "3 new issues, 1 spike and 2 more in Shop, shortly after the release of shop@2 in production (rule “Tea”)."
    );
}

#[test]
fn what_comes_late_on_purpose_says_so() {
    let mut late = firing(vec![new(12)]);
    late.held = Some(Held {
        since: at("2026-03-01T10:06:00Z"),
        until: at("2026-03-01T10:15:00Z"),
        by: HeldBy::Enough,
    });
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let message = Message::of("5".to_owned(), &[late], &shop(), BASE, &berlin).unwrap();
    let said = "Held until 2026-03-01 11:15 CET, after 3 messages in 10 minutes";
    assert_eq!(message.held_said().as_deref(), Some(said));
}

#[test]
fn a_problem_and_its_end_are_one_story() {
    let key = |cause| message(firing(vec![cause])).key;
    let begin = cause(12, When::IssueSpike, Happened::Spiking(spike(120, 0)));
    let end = cause(12, When::IssueSpike, Happened::Recovered(spike(1, 0)));
    assert_eq!(message(firing(vec![end.clone()])).kind, Kind::Recovered);
    assert_eq!(
        message(firing(vec![begin.clone(), end.clone()])).kind,
        Kind::Problem
    );
    assert_eq!(key(begin.clone()), key(end));
    assert_ne!(key(begin.clone()), key(new(12)));
    assert_ne!(
        key(begin),
        key(cause(13, When::IssueSpike, Happened::Spiking(spike(120, 0))))
    );
}

#[test]
fn what_is_counted_of_a_project_has_an_end_for_each_rule() {
    let about = |rule, reason| {
        let when = When::ErrorRate {
            above: 500,
            minutes: 60,
            sessions: 100,
        };
        let mut firing = firing(vec![Cause {
            when,
            issue: None,
            subject: Subject::default(),
            reason,
        }]);
        firing.rule = RuleId(rule);
        message(firing)
    };
    let since = at("2026-03-01T09:30:00Z");
    let bad = Reason::Counted {
        observed: 700,
        of: Some(200),
    };
    let (begin, end) = (about(7, bad.clone()), about(7, Reason::Ended { since }));
    assert_eq!((begin.kind, end.kind), (Kind::Problem, Kind::Recovered));
    assert_eq!(begin.key, end.key);
    assert_ne!(begin.key, about(8, bad).key);
    assert_eq!(
        end.title,
        "[Shop] Well again: Shop had an error in no more than 5 % of its sessions in an hour, 44 minutes after the alert"
    );
}

#[test]
fn links_lead_to_what_can_be_done() {
    let links = message(firing(vec![new(12)])).causes[0].links.clone().unwrap();
    assert_eq!(links.open, "https://errors.example.com/issues/112");
    assert_eq!(links.archive, "https://errors.example.com/issues/112?do=archive");
}

#[test]
fn other_rules_are_named_once() {
    let named = |name: &str| {
        let mut firing = firing(vec![new(1)]);
        firing.rule_name = name.to_owned();
        firing
    };
    let firings = [named("a"), named("b"), named("a"), named("b"), named("c")];
    let message = Message::of("5".to_owned(), &firings, &shop(), BASE, &TimeZone::UTC).unwrap();
    assert_eq!(
        (message.rule.as_str(), message.also_said().unwrap().as_str()),
        ("a", "Also matched: b, c")
    );
    assert_eq!(
        Message::of("5".to_owned(), &[], &shop(), BASE, &TimeZone::UTC),
        None
    );
}

#[test]
fn what_is_hostile_is_bounded_and_harmless() {
    let message = hostile();
    let all = format!("{message:?}");
    assert!(all.len() < 200_000, "{}", all.len());
    assert!(!all.contains("\\r") && !all.contains("\\n") && !all.contains("\\0") && !all.contains("202e"));
    assert!(message.title.chars().count() <= Message::TITLE);
    assert!(message.headline.chars().count() <= Message::HEADLINE);
    assert!((message.causes.len(), message.also.len()) == (Firing::MAX_CAUSES, Message::ALSO));
}
