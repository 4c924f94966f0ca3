//! What fired is kept once, and what is to be told of it goes its way.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{SHOP, at, event, issues, project, record};
use crate::model::alert::delivery::Cargo;
use crate::model::alert::firing::Cause;
use crate::model::alert::happening::Spike;
use crate::model::alert::{
    Attempt, Delivery, DeliveryId, DeliveryState, DestinationId, Firing, FiringId, Happened, HappeningId,
    Minute, Reason, Recipient, RuleId, Subject, When,
};
use crate::model::{IssueId, PageRequest, UserId};
use crate::protocol::ids::ProjectId;
use crate::store::{
    AlertStep, CatalogChange, Deliveries, FiringFilter, NewDelivery, NewHappening, Progress, Store, Tried,
};

/// That rule `rule` fired for an issue and for the project as a whole.
fn firing(rule: u64, second: i64, project: ProjectId, issue: u64) -> Firing {
    let spike = Spike {
        since: at(second),
        observed: 90,
        minutes: 5,
        expected_milli: 2_500,
        baseline: "median of this hour on the last 7 days".into(),
    };
    let subject = Subject {
        title: "ValueError".into(),
        tags: vec![("browser".into(), "x".repeat(100))],
        ..Subject::default()
    };
    let spiking = Cause {
        when: When::IssueSpike,
        issue: Some(IssueId(issue)),
        subject: subject.clone(),
        reason: Reason::Happened {
            id: HappeningId(1),
            what: Happened::Spiking(spike),
        },
    };
    let counted = Cause {
        when: When::CrashFree {
            below: 9_950,
            minutes: 60,
            sessions: 100,
        },
        issue: None,
        subject,
        reason: Reason::Counted {
            observed: 9_800,
            of: Some(200),
        },
    };
    Firing {
        id: FiringId(0),
        rule: RuleId(rule),
        rule_name: format!("rule {rule}"),
        time: at(second),
        project,
        causes: vec![spiking, counted],
        total: 2,
        released: Some(("shop@1".into(), None)),
        silent: None,
        held: None,
    }
}

pub(super) fn to(destination: u64, firings: &[u64], second: i64) -> NewDelivery {
    NewDelivery {
        to: Recipient::Destination(DestinationId(destination)),
        cargo: Cargo::Firings(firings.iter().map(|index| FiringId(*index)).collect()),
        caused: at(second),
        created: at(second),
    }
}

/// A step of judging happening `n`, with a little of everything.
pub(in crate::store) fn step(n: u64) -> AlertStep {
    let second = n as i64;
    let bad = NewHappening {
        time: at(second),
        project: SHOP,
        issue: None,
        what: Happened::BadRelease {
            version: "shop@2".into(),
            environment: Some("production".into()),
            baseline: "shop@1".into(),
            reasons: vec!["twice as many crashes".into()],
        },
        subject: Subject::default(),
    };
    let mail = NewDelivery {
        to: Recipient::Member(UserId(7)),
        cargo: Cargo::Digest {
            since: at(0),
            until: at(second),
        },
        ..to(0, &[], second)
    };
    AlertStep {
        progress: Progress {
            happening: HappeningId(n),
            minute: Some(Minute::of(at(second * 60))),
            steps: n,
        },
        memory: BTreeMap::from([
            (format!("fired:{n}"), Some("{}".into())),
            (format!("fired:{}", n - 1), None),
        ]),
        happenings: vec![bad],
        firings: vec![firing(1, second, SHOP, 1), firing(2, second, SHOP, n)],
        outbox: vec![to(1, &[0, 1], second), mail],
    }
}

/// What became of delivery `id`, which was made at `created` and tried `second` seconds into the day.
pub(in crate::store) fn tried(id: u64, created: Timestamp, second: i64, state: DeliveryState) -> Tried {
    Tried {
        delivery: DeliveryId(id),
        created,
        attempt: Some(Attempt {
            time: at(second),
            millis: 12,
            status: Some(503),
            answer: "é".repeat(Attempt::MAX_ANSWER),
        }),
        state,
    }
}

async fn fired(store: &Store, filter: FiringFilter) -> Vec<u64> {
    let page = store.alerts.firings(&filter, PageRequest::first(100)).await;
    page.unwrap().items.iter().map(|it| it.id.0).collect()
}

pub(super) async fn due(store: &Store, second: i64) -> Vec<u64> {
    let (due, _) = store.outbox.due(at(second), 100).await.unwrap();
    due.iter().map(|it| it.id.0).collect()
}

async fn delivery(store: &Store, id: u64) -> Delivery {
    store.outbox.delivery(DeliveryId(id)).await.unwrap().unwrap()
}

/// A step is kept as a whole, and once: whoever was interrupted may keep it again.
pub(in crate::store) async fn a_step_is_kept_once(store: &Store) {
    record(store, vec![event(1)]).await;
    assert_eq!(store.alerts.progress().await.unwrap(), Default::default());
    for step in [step(1), step(1), step(2), step(1)] {
        store.alerts.keep(step).await.unwrap();
    }
    let (progress, memory) = store.alerts.progress().await.unwrap();
    assert_eq!(progress, step(2).progress);
    assert_eq!(memory, BTreeMap::from([("fired:2".to_owned(), "{}".to_owned())]));
    let happenings = super::alerts::all(store).await;
    let found_out: Vec<_> = happenings[1..].iter().map(|it| it.what.clone()).collect();
    assert_eq!(
        found_out,
        [step(1), step(2)].map(|step| step.happenings[0].what.clone())
    );
    let firings = store
        .alerts
        .firing(&[FiringId(4), FiringId(9), FiringId(1)])
        .await
        .unwrap();
    let numbered = |id, firing: Firing| Firing {
        id: FiringId(id),
        ..firing
    };
    assert_eq!(
        firings,
        [
            numbered(4, firing(2, 2, SHOP, 2)),
            numbered(1, firing(1, 1, SHOP, 1))
        ]
    );
    let told = delivery(store, 3).await;
    assert_eq!(told.cargo, Cargo::Firings(vec![FiringId(3), FiringId(4)]));
    assert_eq!(told.state, DeliveryState::Waiting { next: at(2) });
    let of_firing = store
        .outbox
        .deliveries_of(&[FiringId(4), FiringId(3)])
        .await
        .unwrap();
    assert_eq!(of_firing, [told]);
    // As when the index is made again over damage, and there are fewer happenings than the step knew.
    let mut ahead = step(3);
    ahead.progress.happening = HappeningId(99);
    store.alerts.keep(ahead).await.unwrap();
    let (progress, _) = store.alerts.progress().await.unwrap();
    assert_eq!(progress.happening, happenings.last().unwrap().id);
    let name = AlertStep {
        memory: BTreeMap::from([("x".repeat(65), Some(String::new()))]),
        ..step(4)
    };
    assert!(store.alerts.keep(name).await.is_err());
}

/// What fired is found by rule, project and issue, page by page.
pub(in crate::store) async fn the_history_is_filtered_and_has_pages(store: &Store) {
    record(store, vec![event(1)]).await;
    store.catalog.apply(vec![project(2, "web")]).await.unwrap();
    let mut steps = [step(1), step(2), step(3)];
    steps[1].firings[1].project = ProjectId(2);
    for step in steps {
        store.alerts.keep(step).await.unwrap();
    }
    let by = |projects: &[u64], rule: Option<u64>, issue: Option<u64>| FiringFilter {
        projects: projects.iter().map(|id| ProjectId(*id)).collect(),
        rule: rule.map(RuleId),
        issue: issue.map(IssueId),
    };
    for (filter, expected) in [
        (by(&[], None, None), &[6, 5, 4, 3, 2, 1][..]),
        (by(&[1, 2], None, None), &[6, 5, 4, 3, 2, 1]),
        (by(&[2], None, None), &[4]),
        (by(&[1], Some(2), None), &[6, 2]),
        (by(&[], None, Some(1)), &[5, 3, 2, 1]),
        (by(&[], Some(2), Some(1)), &[2]),
        (by(&[2], Some(1), Some(1)), &[]),
    ] {
        assert_eq!(fired(store, filter.clone()).await, expected, "{filter:?}");
    }
    let filter = by(&[1], None, None);
    let page = async |cursor| {
        store
            .alerts
            .firings(&filter, PageRequest { cursor, limit: 2 })
            .await
            .unwrap()
    };
    let first = page(None).await;
    let second = page(first.next.clone()).await;
    let last = page(second.next.clone()).await;
    let ids = |page: &crate::model::Page<Firing>| page.items.iter().map(|it| it.id.0).collect::<Vec<_>>();
    assert_eq!(
        [ids(&first), ids(&second), ids(&last)],
        [vec![6, 5], vec![3, 2], vec![1]]
    );
    assert!(first.previous.is_none() && last.next.is_none());
    assert_eq!(ids(&page(second.previous).await), [6, 5]);
}

/// One of each recipient is due at a time; what is tried waits, goes its way, or is given up, and can be sent again.
pub(in crate::store) async fn deliveries_wait_for_their_turn(store: &Store) {
    record(store, vec![event(1)]).await;
    let mut first = step(10);
    first.outbox = vec![
        to(1, &[0], 10),
        to(1, &[1], 11),
        to(2, &[0, 1], 12),
        to(3, &[7], 12),
    ];
    store.alerts.keep(first).await.unwrap();
    let (none, next) = store.outbox.due(at(9), 9).await.unwrap();
    assert!(none.is_empty() && next == Some(at(10)));
    assert_eq!(
        due(store, 20).await,
        [1, 3],
        "nothing is told of a firing that is not there"
    );
    assert_eq!(store.outbox.due(at(20), 1).await.unwrap().0.len(), 1);

    let later = DeliveryState::Waiting { next: at(30) };
    for _ in 0..2 {
        let tries = vec![
            tried(1, at(10), 20, later),
            tried(3, at(12), 20, DeliveryState::Dead),
            tried(9, at(12), 20, later),
            // Another one had this number.
            tried(2, at(9), 20, DeliveryState::Delivered),
        ];
        store.outbox.tried(tries).await.unwrap();
    }
    assert_eq!(due(store, 29).await, [2]);
    store
        .outbox
        .tried(vec![tried(2, at(11), 21, DeliveryState::Delivered)])
        .await
        .unwrap();
    let (_, next) = store.outbox.due(at(29), 9).await.unwrap();
    assert_eq!(next, Some(at(30)));
    let known = delivery(store, 1).await;
    assert_eq!((known.tries, known.attempts.len(), known.state), (1, 1, later));
    assert_eq!(known.attempts[0].answer, "é".repeat(Attempt::MAX_ANSWER / 2));

    let page = async |which| {
        let page = store
            .outbox
            .deliveries(which, PageRequest::first(9))
            .await
            .unwrap();
        page.items.iter().map(|it| it.id.0).collect::<Vec<_>>()
    };
    assert_eq!(
        (page(Deliveries::All).await, page(Deliveries::Undelivered).await),
        (vec![3, 2, 1], vec![3])
    );
    let newest = store.alerts.newer(Default::default()).await.unwrap();
    let again = Tried {
        delivery: DeliveryId(3),
        created: at(12),
        attempt: None,
        state: DeliveryState::Waiting { next: at(40) },
    };
    store.outbox.tried(vec![again]).await.unwrap();
    let woken = store.alerts.newer(newest).await.unwrap();
    assert_eq!(woken.posted, newest.posted + 1);
    assert_eq!(
        (
            delivery(store, 3).await.tries,
            page(Deliveries::Undelivered).await
        ),
        (0, vec![])
    );
    assert_eq!(due(store, 40).await, [1, 3]);
    for second in 41..60 {
        store
            .outbox
            .tried(vec![tried(3, at(12), second, later)])
            .await
            .unwrap();
    }
    let known = delivery(store, 3).await;
    assert_eq!((known.tries, known.attempts.len()), (19, Delivery::MAX_ATTEMPTS));
    assert_eq!(known.attempts[9].time, at(59));
}

/// What happened and fired in a project goes with it, and nothing of it is kept any more.
pub(in crate::store) async fn a_removed_project_takes_its_alerts_along(store: &Store) {
    record(store, vec![event(1)]).await;
    store.catalog.apply(vec![project(2, "web")]).await.unwrap();
    let mut mixed = step(1);
    mixed.firings[1].project = ProjectId(2);
    store.alerts.keep(mixed).await.unwrap();
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(SHOP)])
        .await
        .unwrap();
    store.alerts.keep(step(2)).await.unwrap();
    while !issues(store).await.is_empty() || fired(store, FiringFilter::default()).await.len() > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(fired(store, FiringFilter::default()).await, [2]);
    assert!(super::alerts::all(store).await.is_empty());
    let minute = Minute::of(at(0));
    while !store.alerts.pulse(SHOP, minute, minute).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let waiting = store
        .outbox
        .deliveries(Deliveries::All, PageRequest::first(9))
        .await
        .unwrap();
    let cargo: Vec<_> = waiting.items.into_iter().map(|it| it.cargo).collect();
    assert!(matches!(
        &cargo[..],
        [Cargo::Digest { .. }, Cargo::Digest { .. }, Cargo::Firings(_)]
    ));
    assert_eq!(
        store.alerts.firing(&[FiringId(1), FiringId(3)]).await.unwrap(),
        []
    );
}
