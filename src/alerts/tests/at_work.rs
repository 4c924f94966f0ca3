//! What the engine does on a store: it goes on where it was, makes up for what it missed, finds spikes.

use super::*;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Happened, HappeningId, Reason, When};
use crate::store::Deliveries;

#[tokio::test]
async fn a_new_issue_is_told_once_across_a_crash() {
    let mut world = World::new(vec![rule(1, |_| ())]).await;
    world.pass(5_000);
    let event = world.event(1, 1, |_| ());
    world.record(vec![event], Vec::new()).await;
    world.step().await;
    assert!(world.fired().await.is_empty());
    world.crash().await;
    world.pass(1_250);
    world.step().await;
    world.restart().await;
    world.pass(120_000);
    world.step().await;
    let fired = world.fired().await;
    assert_eq!(fired.len(), 1);
    assert_eq!(fired[0].causes[0].when, When::NewIssue);
    let deliveries = world
        .store
        .outbox
        .deliveries(Deliveries::All, PageRequest::first(10))
        .await;
    let deliveries = deliveries.unwrap().items;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].cargo, Cargo::Firings(vec![fired[0].id]));
    assert_eq!(deliveries[0].caused, timeline::at(START + 5));
}

#[tokio::test]
async fn what_was_missed_is_made_up_for() {
    let counting = |rule: &mut AlertRule| {
        rule.when = vec![When::Events {
            count: 10,
            minutes: 5,
        }]
    };
    let mut world = World::new(vec![rule(1, counting)]).await;
    world.step().await;
    world.pass(3_600_000);
    let events = (0..10).map(|_| world.event(1, 1, |_| ())).collect();
    world.record(events, Vec::new()).await;
    world.pass(5 * 3_600_000);
    world.crash().await;
    world.step().await;
    let fired = world.fired().await;
    assert_eq!(fired.len(), 1);
    assert_eq!(fired[0].time, timeline::at(START + 3_660));
}

#[tokio::test]
async fn a_rule_counts_what_was_before_it() {
    let mut world = World::new(Vec::new()).await;
    let events = (0..9).map(|_| world.event(1, 1, |_| ())).collect();
    world.record(events, Vec::new()).await;
    world.pass(120_000);
    world.step().await;
    let counting = rule(5, |rule| {
        rule.when = vec![When::Events {
            count: 10,
            minutes: 60,
        }]
    });
    world
        .store
        .catalog
        .apply(vec![CatalogChange::SaveRule(counting)])
        .await
        .unwrap();
    let event = world.event(1, 1, |_| ());
    world.record(vec![event], Vec::new()).await;
    world.pass(120_000);
    world.step().await;
    // As far as the others only now.
    world.pass(60_000);
    world.step().await;
    let fired = world.fired().await;
    assert_eq!(fired.len(), 1);
    let counted = Reason::Counted {
        observed: 10,
        of: None,
    };
    assert_eq!(fired[0].causes[0].reason, counted);
}

#[tokio::test]
async fn a_rule_that_counts_anew_delays_no_other_alert() {
    let mut world = World::new(vec![rule(1, |_| ())]).await;
    for _ in 0..20 {
        let event = world.event(1, 1, |_| ());
        world.record(vec![event], Vec::new()).await;
        world.pass(3_600_000);
    }
    world.step().await;
    assert_eq!(world.fired().await.len(), 1);
    let counting = rule(5, |rule| {
        rule.when = vec![When::Events {
            count: 21,
            minutes: 1_440,
        }]
    });
    let save = CatalogChange::SaveRule(counting);
    world.store.catalog.apply(vec![save]).await.unwrap();
    let event = world.event(1, 2, |_| ());
    world.record(vec![event], Vec::new()).await;
    world.pass(1_300);
    let next = world.step_once().await;
    assert_eq!(world.fired().await.len(), 2);
    assert_eq!(next, world.now, "there is a day to be counted");

    let event = world.event(1, 1, |_| ());
    world.record(vec![event], Vec::new()).await;
    world.pass(62_000);
    for _ in 0..2 {
        world.step().await;
        world.pass(62_000);
    }
    let counted = world.fired().await.remove(2).causes.remove(0).reason;
    let observed = Reason::Counted {
        observed: 21,
        of: None,
    };
    assert_eq!(counted, observed);
}

#[tokio::test]
async fn a_spike_is_found_and_its_end_is_told() {
    let mut world = World::new(vec![rule(1, |_| ())]).await;
    // Three hours of an event every two minutes.
    for n in 0..90 {
        let event = world.event(1, 1, |_| ());
        world.record(vec![event], Vec::new()).await;
        world.pass(120_000);
        if n % 7 == 0 {
            world.step().await;
        }
    }
    let spike = (0..200).map(|_| world.event(1, 1, |_| ())).collect();
    world.record(spike, Vec::new()).await;
    world.pass(61_000);
    world.step().await;
    world.restart().await;
    world.step().await;
    for _ in 0..60 {
        world.pass(120_000);
        let event = world.event(1, 1, |_| ());
        world.record(vec![event], Vec::new()).await;
        world.step().await;
    }
    let happened = world.store.alerts.happenings(HappeningId(0), 100).await.unwrap();
    let kinds: Vec<_> = happened
        .iter()
        .map(|it| match &it.what {
            Happened::New => "new",
            Happened::Spiking(_) => "spiking",
            Happened::Recovered(_) => "recovered",
            _ => "?",
        })
        .collect();
    assert_eq!(kinds, ["new", "spiking", "spiking", "recovered", "recovered"]);
    // The issue and the project: one message at the beginning, and one at the end.
    let fired: Vec<_> = world.fired().await.iter().map(|it| it.causes.len()).collect();
    assert_eq!(fired, [1, 2, 2]);
}

#[tokio::test]
async fn a_spike_whose_end_nobody_can_know_is_said_not_to_be_watched_any_more() {
    let spikes = |rule: &mut AlertRule| rule.when = vec![When::IssueSpike];
    let mut world = World::new(vec![rule(1, spikes)]).await;
    for _ in 0..60 {
        let event = world.event(1, 1, |_| ());
        world.record(vec![event], Vec::new()).await;
        world.pass(180_000);
    }
    world.step().await;
    let spike = (0..200).map(|_| world.event(1, 1, |_| ())).collect();
    world.record(spike, Vec::new()).await;
    for _ in 0..2 {
        world.pass(61_000);
        world.step().await;
    }
    assert_eq!(world.fired().await.len(), 1);
    // The server is away for longer than spikes are watched.
    world.pass(15 * 24 * 3_600_000);
    world.crash().await;
    for _ in 0..3 {
        world.pass(61_000);
        world.step().await;
    }
    let fired = world.fired().await;
    let said: Vec<_> = fired.iter().map(|it| &it.causes[0].reason).collect();
    assert!(
        matches!(
            said[..],
            [
                Reason::Happened {
                    what: Happened::Spiking(_),
                    ..
                },
                Reason::Happened {
                    what: Happened::Unwatched { .. },
                    ..
                }
            ]
        ),
        "{said:?}"
    );
}

#[tokio::test]
async fn what_lies_in_the_future_holds_nothing_up() {
    let mut world = World::new(vec![rule(1, |_| ())]).await;
    let now = world.now;
    world.now += SignedDuration::from_hours(1_000);
    let future = world.event(1, 1, |_| ());
    world.now = now;
    let event = world.event(1, 2, |_| ());
    world.record(vec![future, event], Vec::new()).await;
    for _ in 0..2 {
        world.pass(10_000);
        world.step().await;
    }
    let fired = world.fired().await;
    assert_eq!(fired.iter().map(|it| it.total).sum::<u64>(), 2);
}

#[tokio::test]
async fn a_server_that_was_away_does_not_take_that_for_silence() {
    let silence = |rule: &mut AlertRule| rule.when = vec![When::Silence { minutes: 30 }];
    let mut world = World::new(vec![rule(1, silence)]).await;
    let event = world.event(1, 1, |_| ());
    world.record(vec![event], Vec::new()).await;
    world.pass(5 * 60_000);
    world.step().await;
    world.pass(2 * 3_600_000);
    world.crash().await;
    world.step().await;
    assert!(world.fired().await.is_empty());
    world.pass(31 * 60_000);
    world.step().await;
    world.pass(60_000);
    world.step().await;
    assert_eq!(world.fired().await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_was_ahead_silences_nothing() {
    let mut world = World::new(vec![rule(1, |_| ())]).await;
    let now = world.now;
    world.pass(3_600_000_000);
    world.crash().await;
    let event = world.event(1, 1, |_| ());
    world.record(vec![event], Vec::new()).await;
    world.step().await;
    // The clock is right again, while the engine goes on or after a restart.
    for hash in 2..4 {
        world.now = now + SignedDuration::from_mins(10 * i64::from(hash));
        let event = world.event(1, hash, |_| ());
        world.record(vec![event], Vec::new()).await;
        for _ in 0..2 {
            world.step().await;
            world.pass(61_000);
        }
        world.crash().await;
    }
    world.pass(61_000);
    world.step().await;
    assert_eq!(world.fired().await.iter().map(|it| it.total).sum::<u64>(), 3);
}

#[tokio::test]
async fn old_news_are_not_told() {
    let mut world = World::new(vec![rule(1, |_| ())]).await;
    let old = world.event(1, 1, |_| ());
    world.pass(25 * 3_600_000);
    world.restart().await;
    let new = world.event(1, 2, |_| ());
    world.record(vec![old, new], Vec::new()).await;
    world.pass(120_000);
    world.step().await;
    let fired = world.fired().await;
    let told: Vec<_> = fired
        .iter()
        .flat_map(|it| &it.causes)
        .map(|it| it.subject.title.as_str())
        .collect();
    assert_eq!(told, ["Error2: no tea"]);
}

#[tokio::test]
async fn what_happened_before_there_were_alerts_is_not_told() {
    let mut other = World::new(Vec::new()).await;
    let before = other.event(1, 1, |event| event.received -= jiff::SignedDuration::from_secs(9));
    let mut world = World::after(vec![before], vec![rule(1, |_| ())]).await;
    world.pass(120_000);
    world.step().await;
    assert!(world.fired().await.is_empty());
}
