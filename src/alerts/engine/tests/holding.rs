//! What is not told at once: how long it is held, why, and what may pass.

use super::*;
use crate::model::alert::QuietHours;
use crate::protocol::level::Level;

#[test]
fn after_three_messages_the_rest_comes_together() {
    let mut world = World::new([rule(1, |_| ())]);
    for (n, second) in [(1, 1), (2, 4), (3, 8), (4, 12), (5, 50)] {
        world.happens(second * 1_000, n, Happened::New);
    }
    world.until(59_000);
    let singles = ["rule 1 at 1: 1", "rule 1 at 4: 2", "rule 1 at 8: 3"];
    assert_eq!(world.fired(), singles);
    // Just after the first minute, then every ten minutes while it goes on.
    world.until(62_000);
    let held = "held 12 to 62 after 3 messages in 10 minutes";
    assert_eq!(world.fired(), [format!("rule 1 at 50: 4+5, {held}")]);
    world.happens(70_000, 6, Happened::New);
    world.happens(500_000, 7, Happened::New);
    world.until(661_999);
    assert_eq!(world.fired(), [""; 0]);
    world.until(662_000);
    let held = "held 70 to 662 after 3 messages in 10 minutes";
    assert_eq!(world.fired(), [format!("rule 1 at 500: 6+7, {held}")]);
    // Ten minutes without anything, and it is told at once again.
    world.happens(1_300_000, 8, Happened::New);
    world.until(1_301_000);
    assert_eq!(world.fired(), ["rule 1 at 1300: 8"]);
}

#[test]
fn what_is_about_the_whole_project_is_never_held_and_takes_along_what_is() {
    let both = |rule: &mut AlertRule| rule.when = vec![When::NewIssue, When::ProjectSpike];
    let mut world = World::new([rule(1, both)]);
    for n in 1..=6 {
        world.happens(n * 5_000, n as u64, Happened::New);
    }
    world.until(59_000);
    assert_eq!(world.fired().len(), 3);
    world.happens(60_000, 0, Happened::Spiking(spike()));
    world.until(61_000);
    let held = "held 20 to 61 after 3 messages in 10 minutes";
    assert_eq!(world.fired(), [format!("rule 1 at 60: all+4+5+6, {held}")]);
    world.until(3_600_000);
    assert_eq!(world.fired(), [""; 0]);
}

#[test]
fn quiet_hours_end_with_one_message() {
    let quiet = |rule: &mut AlertRule| {
        rule.quiet = Some(QuietHours {
            from: 13 * 60,
            until: 15 * 60,
            zone: "Europe/Berlin".into(),
        });
    };
    // Noon of UTC is one o'clock there.
    let mut world = World::new([rule(1, quiet)]);
    world.happens(-500, 1, Happened::New);
    world.happens(30_000, 2, Happened::New);
    for n in 0..30 {
        world.happens(3_600_000 + n, 100 + n as u64, Happened::New);
    }
    world.until(7_199_999);
    assert_eq!(world.fired(), [""; 0]);
    world.until(7_200_000);
    let fired = world.fired();
    assert_eq!(fired.len(), 1);
    assert!(
        fired[0].contains(": 1+2+100+101") || fired[0].contains(": 2+100+101"),
        "{fired:?}"
    );
    assert!(
        fired[0].ends_with(" of 32, held -0.5 to 7200 for quiet hours"),
        "{fired:?}"
    );
}

#[test]
fn quiet_hours_that_are_over_or_changed_let_go_what_they_held() {
    let quiet = |from: u16, until: u16| {
        move |rule: &mut AlertRule| {
            let zone = "UTC".to_owned();
            rule.quiet = Some(QuietHours { from, until, zone });
        }
    };
    let held = |change: AlertRule| {
        let mut world = World::new([rule(1, quiet(720, 840))]);
        world.happens(30_000, 1, Happened::New);
        world.rules = rules([change]);
        crate::alerts::engine::let_go(&world.rules, &mut world.memory, at(60_000));
        world.until(60_000);
        let at_once = world.fired();
        world.until(3_600_000);
        (at_once.len(), world.fired().len())
    };
    assert_eq!(held(rule(1, |_| ())), (1, 0));
    // They end after half of the time, or later.
    assert_eq!(held(rule(1, quiet(720, 780))), (0, 1));
    assert_eq!(held(rule(1, quiet(720, 900))), (0, 0));
}

#[test]
fn what_is_held_is_known_with_its_end() {
    let said = rule(1, |_| ());
    let mut world = World::new([said.clone()]);
    for n in 1..=5 {
        world.happens(n * 5_000, n as u64, Happened::New);
    }
    let kept = world.memory.changes().into_iter();
    let kept: std::collections::BTreeMap<_, _> = kept.filter_map(|(key, row)| Some((key, row?))).collect();
    let held = crate::alerts::engine::held(kept.clone(), &[said]);
    let held: Vec<_> = held.iter().map(say).collect();
    let why = "held 20 to 62 after 3 messages in 10 minutes";
    assert_eq!(held, [format!("rule 1 at 25: 4+5, {why}")]);
    assert_eq!(crate::alerts::engine::held(kept, &[]), []);
}

#[test]
fn what_comes_of_one_second_is_one_message() {
    let mut world = World::new([rule(1, |_| ())]);
    for n in 0..4 {
        world.happens(n * 5_000, 10 + n as u64, Happened::New);
        world.happens(n * 5_000, 20 + n as u64, Happened::New);
    }
    world.until(59_000);
    let told = [
        "rule 1 at 0: 10",
        "rule 1 at 0: 20",
        "rule 1 at 5: 11",
        "rule 1 at 5: 21",
        "rule 1 at 10: 12+22",
    ];
    assert_eq!(world.fired(), told);
    world.until(62_000);
    assert_eq!(world.fired().len(), 1);
}

#[test]
fn what_is_urgent_does_not_wait_unless_there_is_very_much_of_it() {
    let spikes = |rule: &mut AlertRule| rule.when = vec![When::NewIssue, When::IssueSpike];
    let mut world = World::new([rule(1, spikes)]);
    let new = |n: u64, level| {
        let mut new = happening(100 + n, n as i64 * 5_000, n, Happened::New);
        new.subject.level = Some(level);
        new
    };
    (1..=4).for_each(|n| world.hears(&new(n, Level::Error)));
    world.until(24_000);
    assert_eq!(world.fired().len(), 3);
    world.happens(25_000, 5, Happened::Spiking(spike()));
    world.hears(&new(6, Level::Fatal));
    world.until(31_000);
    assert_eq!(world.fired(), ["rule 1 at 25: 5", "rule 1 at 30: 6"]);
    (7..=100).for_each(|n| world.hears(&new(n, Level::Fatal)));
    world.until(501_000);
    let fired = world.fired();
    let alone = fired.iter().filter(|it| !it.contains('+')).count();
    // Thirty in ten minutes: eight came before or count as what was held, which is one of them.
    assert_eq!(alone, 23, "{fired:?}");
}
