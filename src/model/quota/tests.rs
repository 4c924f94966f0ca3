//! Windows, limits and what is left of them.

use proptest::prelude::*;

use super::*;
use crate::model::timeline::at as unix;
use crate::protocol::ids::ProjectId;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key() -> PublicKey {
    PublicKey::from_bytes([1; 16])
}

fn limit(categories: &[DataCategory], window: Window, count: u64) -> Limit {
    Limit {
        categories: categories.to_vec(),
        window,
        count,
    }
}

fn rules(key_limits: Vec<Limit>, project: Vec<Limit>) -> Rules {
    let mut limits = ProjectLimits {
        project,
        ..ProjectLimits::default()
    };
    limits.set_key(key(), key_limits);
    Rules::new(&limits, key(), None)
}

const ERROR: &[(DataCategory, u64)] = &[(DataCategory::Error, 1)];
const FILE: &[(DataCategory, u64)] = &[(DataCategory::Attachment, 700), (DataCategory::AttachmentItem, 1)];
const REPORT: &[(DataCategory, u64)] = &[(DataCategory::Internal, 1)];

#[test]
fn windows_end_with_the_calendar() {
    for (window, time, end) in [
        (Window::Minute, "2026-02-28T23:59:59.9Z", "2026-03-01T00:00:00Z"),
        (Window::Hour, "2026-02-28T22:00:00Z", "2026-02-28T23:00:00Z"),
        (Window::Day, "2026-02-28T22:00:00Z", "2026-03-01T00:00:00Z"),
        (Window::Month, "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        (Window::Month, "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
        (Window::Month, "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
    ] {
        let (time, end) = (at(time), at(end));
        assert_eq!(window.end(time), end, "{window:?} of {time}");
        assert_eq!(
            window.number(end),
            window.number(time) + 1,
            "{window:?} of {time}"
        );
    }
}

#[test]
fn a_limit_counts_what_it_names_or_every_item_once() {
    let all = limit(&[], Window::Hour, 9);
    let bytes = limit(&[DataCategory::Attachment], Window::Hour, 9);
    for (limit, amounts, measure) in [
        (&all, ERROR, 1),
        (&all, FILE, 1),
        (&all, REPORT, 0),
        (&bytes, FILE, 700),
        (&bytes, ERROR, 0),
    ] {
        assert_eq!(limit.measure(amounts), measure, "{limit:?} of {amounts:?}");
    }
}

#[test]
fn what_is_too_much_is_forbidden_by_the_rule_that_says_so() {
    let rules = rules(
        vec![limit(&[DataCategory::Error], Window::Minute, 2)],
        vec![
            limit(&[], Window::Month, 4),
            limit(&[DataCategory::Attachment], Window::Day, 1_000),
        ],
    );
    let time = at("2026-11-30T20:00:30Z");
    let mut used = Usage::default();
    let verdict = |used: &Usage, time, amounts: &[_]| {
        let rule = rules.forbids(amounts, used, used, time);
        rule.map(|rule| (rule.reason, rule.told(time).retry_after))
    };
    for (amounts, expected) in [
        (ERROR, None),
        (FILE, None),
        (FILE, Some(("project_per_day", 300))),
        (ERROR, None),
        (ERROR, Some(("key_per_minute", 30))),
        (REPORT, None),
    ] {
        assert_eq!(verdict(&used, time, amounts), expected);
        if expected.is_none() {
            used.add(time, amounts);
        }
    }
    // The next minute has its own two errors, but the month has one item left.
    let next = at("2026-11-30T20:01:00Z");
    assert_eq!(verdict(&used, next, ERROR), None);
    used.add(next, ERROR);
    assert_eq!(verdict(&used, next, ERROR), Some(("project_per_month", 300)));
    assert_eq!(verdict(&used, next, REPORT), Some(("project_per_month", 300)));
    assert_eq!(rules.exhausted(&used, &used, next).count(), 1);
    assert_eq!(verdict(&used, at("2026-12-01T00:00:00Z"), ERROR), None);
}

#[test]
fn what_was_not_accepted_after_all_is_given_back() {
    let mut used = Usage::default();
    let time = unix(90);
    used.add(time, ERROR);
    used.add(time, ERROR);
    used.take_back(time, ERROR);
    let per_hour = limit(&[], Window::Hour, 9);
    assert_eq!(used.of(&per_hour, time), 1);
}

/// A clock that jumps ahead and back again must not leave the present without a count.
#[test]
fn a_clock_that_jumps_counts_on() {
    let mut used = Usage::default();
    let per_minute = limit(&[], Window::Minute, 9);
    for second in [0, 1_000_000, 1_000_060, 1_000_120, 1_000_180, 60, 60, 120, 120] {
        used.add(unix(second), ERROR);
    }
    assert_eq!([60, 120].map(|second| used.of(&per_minute, unix(second))), [2, 2]);
}

#[test]
fn a_project_is_held_to_a_multiple_of_what_is_usual() {
    const DAY: i64 = 86_400;
    let now = unix(100 * DAY + 3_600);
    let old = Some(unix(0));
    let busy = |count: u64, days: &[i64]| -> Vec<(i64, u64)> {
        days.iter()
            .map(|day| ((100 - day) * DAY + 7_200, count))
            .collect()
    };
    for (what, hours, began, expected) in [
        ("nothing is known", vec![], None, None),
        ("it is young", busy(50, &[1]), Some(unix(99 * DAY)), None),
        ("it is small", busy(50, &[1, 2, 3]), old, Some(10_000)),
        ("it is silent", vec![], old, Some(10_000)),
        (
            "it is large",
            busy(40_000, &[1, 2, 3, 4, 5, 6, 7]),
            old,
            Some(400_000),
        ),
        ("a nightly job", busy(5_000, &[1, 2]), old, Some(50_000)),
        (
            "one day of spikes makes nothing usual",
            busy(90_000, &[1]),
            old,
            Some(10_000),
        ),
        ("today says nothing", busy(90_000, &[0, 0]), old, Some(10_000)),
        (
            "long ago says nothing",
            busy(90_000, &[8, 9, 10]),
            old,
            Some(10_000),
        ),
    ] {
        assert_eq!(Spike::allowance(&hours, began, now), expected, "{what}");
    }
}

/// What happens to a program that accepts: something arrives, time goes by, or it starts again with what is on disk.
#[derive(Debug, Clone)]
enum Step {
    Arrives(u64),
    Waits(i64),
    Starts,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1_u64..4).prop_map(Step::Arrives),
        2 => (0_i64..50).prop_map(Step::Waits),
        1 => Just(Step::Starts),
    ];
    proptest::collection::vec(step, 0..200)
}

proptest! {
    /// Whatever arrives and however often it starts again, never more than the limit is accepted in a window, what is
    /// refused would have been too much, and everything is one or the other.
    #[test]
    fn no_more_than_the_limit_is_accepted(steps in steps(), count in 0_u64..9) {
        let rules = rules(vec![], vec![limit(&[DataCategory::Error], Window::Minute, count)]);
        let (mut memory, mut durable) = (Usage::default(), Vec::new());
        let (mut now, mut arrived, mut refused) = (0, 0, 0);
        for step in steps {
            match step {
                Step::Waits(seconds) => now += seconds,
                Step::Starts => {
                    memory = Usage::default();
                    for Charge { time, amounts, .. } in coalesced(durable.clone()) {
                        memory.add(time, &amounts);
                    }
                }
                Step::Arrives(quantity) => {
                    let (time, amounts) = (unix(now), vec![(DataCategory::Error, quantity)]);
                    let minute = Window::Minute.number(time);
                    let same = |it: &&Charge| Window::Minute.number(it.time) == minute;
                    let accepted: u64 = durable.iter().filter(same).map(|it: &Charge| it.amounts[0].1).sum();
                    let is_refused = rules.forbids(&amounts, &memory, &memory, time).is_some();
                    prop_assert_eq!(is_refused, accepted >= count || accepted + quantity > count);
                    arrived += quantity;
                    if is_refused {
                        refused += quantity;
                    } else {
                        memory.add(time, &amounts);
                        durable.push(Charge { project: ProjectId(1), key: key(), time, amounts });
                    }
                }
            }
        }
        let accepted: u64 = durable.iter().map(|it| it.amounts[0].1).sum();
        prop_assert_eq!(arrived, accepted + refused);
    }
}
