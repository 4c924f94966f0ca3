//! From where to where: each state with each thing that can happen.

use super::*;
use crate::model::Substatus;

const HOUR: i64 = 3_600;

fn standing(happenings: &[Happening]) -> (Status, Substatus) {
    let state = World::told(happenings).state(at(1_000_000));
    (state.status, state.substatus)
}

fn some(count: u64) -> Limit {
    Limit { count, minutes: None }
}

/// What brings an issue into each state: all of it happens before second 500,000.
fn states() -> Vec<((Status, Substatus), Vec<Happening>)> {
    use Status::{Archived, Resolved, Unresolved};
    let release = ResolvedIn::Release("shop@1.1.0".into());
    let begin = event("shop@1.0.0", "production", 10);
    let spike = || (0..11).map(|_| event("shop@1.1.0", "production", 400_000));
    let with = |more: Vec<Happening>| [vec![begin.clone()], more].concat();
    let spiked = |decision| [vec![begin.clone(), decision], spike().collect()].concat();
    vec![
        ((Unresolved, Substatus::New), with(vec![])),
        ((Unresolved, Substatus::Ongoing), with(vec![unresolve(20)])),
        (
            (Unresolved, Substatus::Regressed),
            spiked(resolve(release.clone(), None, 20)),
        ),
        (
            (Unresolved, Substatus::Escalating),
            spiked(archive(Until::Escalating, 20)),
        ),
        (
            (Resolved, Substatus::Ongoing),
            with(vec![resolve(release, None, 20)]),
        ),
        (
            (Archived, Substatus::ArchivedForever),
            spiked(archive(Until::Forever, 20)),
        ),
        (
            (Archived, Substatus::ArchivedUntilConditionMet),
            spiked(archive(Until::Events(some(12)), 20)),
        ),
        (
            (Archived, Substatus::ArchivedUntilEscalating),
            with(vec![archive(Until::Escalating, 20)]),
        ),
    ]
}

#[test]
fn each_state_is_what_its_story_says() {
    for (expected, story) in states() {
        assert_eq!(standing(&story), expected);
    }
}

#[test]
fn from_every_state_a_decision_leads_to_the_same_place() {
    use Status::{Archived, Resolved, Unresolved};
    let second = 500_000;
    for (from, story) in states() {
        for (decision, expected) in [
            (unresolve(second), (Unresolved, Substatus::Ongoing)),
            (
                resolve(ResolvedIn::Now, None, second),
                (Resolved, Substatus::Ongoing),
            ),
            (
                resolve(ResolvedIn::NextRelease, None, second),
                (Resolved, Substatus::Ongoing),
            ),
            (
                archive(Until::Forever, second),
                (Archived, Substatus::ArchivedForever),
            ),
            (
                archive(Until::Escalating, second),
                (Archived, Substatus::ArchivedUntilEscalating),
            ),
            (
                archive(Until::Events(some(1)), second),
                (Archived, Substatus::ArchivedUntilConditionMet),
            ),
            (
                archive(Until::Users(some(1)), second),
                (Archived, Substatus::ArchivedUntilConditionMet),
            ),
            (
                archive(Until::Time(at(2_000_000)), second),
                (Archived, Substatus::ArchivedUntilConditionMet),
            ),
        ] {
            let story = [story.clone(), vec![decision.clone()]].concat();
            assert_eq!(standing(&story), expected, "{from:?}, {decision:?}");
        }
    }
}

#[test]
fn from_every_state_an_event_leads_where_it_must() {
    use Substatus::*;
    for (from, story) in states() {
        let story = [story, vec![event("shop@1.2.0", "production", 600_000)]].concat();
        let expected = match from {
            // It is the twelfth.
            (_, ArchivedUntilConditionMet) => (Status::Unresolved, Ongoing),
            (Status::Resolved, _) => (Status::Unresolved, Regressed),
            other => other,
        };
        assert_eq!(standing(&story), expected, "{from:?}");
    }
}

#[test]
fn from_no_state_does_an_event_of_before_the_decision_lead_away() {
    for (from, story) in states() {
        let story = [story, vec![event("shop@1.2.0", "production", 15)]].concat();
        assert_eq!(standing(&story), from);
    }
}

#[test]
fn archived_until_so_many_users_it_counts_each_once() {
    let by = |client, second| {
        Happening::Event(Event {
            second,
            client,
            ..Event::default()
        })
    };
    let limit = Limit {
        count: 2,
        minutes: Some(60),
    };
    let begin = vec![by(1, 0), archive(Until::Users(limit), 20), by(1, 30), by(1, 31)];
    assert_eq!(standing(&begin).0, Status::Archived);
    let too_late = [begin.clone(), vec![by(2, 20 + HOUR)]].concat();
    assert_eq!(standing(&too_late).0, Status::Archived);
    let in_time = [begin, vec![by(2, 19 + HOUR)]].concat();
    assert_eq!(standing(&in_time), (Status::Unresolved, Substatus::Ongoing));
}

#[test]
fn archived_until_a_time_it_is_back_when_the_time_has_come() {
    let story = [
        event("1.0.0", "production", 10),
        archive(Until::Time(at(1_000)), 20),
    ];
    let world = World::told(&story);
    assert_eq!(world.state(at(999)).status, Status::Archived);
    let back = world.state(at(1_000));
    assert_eq!(
        (back.status, back.substatus),
        (Status::Unresolved, Substatus::Ongoing)
    );
}

#[test]
fn an_escalation_is_withdrawn_when_late_events_show_that_it_was_so_before() {
    let (_, story) = states().swap_remove(3);
    let before = (0..10).map(|_| event("1.0.0", "production", 11));
    let story: Vec<_> = story.into_iter().chain(before).collect();
    assert_eq!(
        standing(&story),
        (Status::Archived, Substatus::ArchivedUntilEscalating)
    );
}
