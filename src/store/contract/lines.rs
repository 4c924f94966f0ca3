//! Who is told next: nobody waits for another one, nor an alert for a recap; and how places fare.

use std::time::{Duration, Instant};

use super::outbox::{due, step, to, tried};
use super::{at, event, record};
use crate::model::UserId;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Channel, DeliveryState, Destination, DestinationId, Fared, FiringId, Recipient};
use crate::store::{CatalogChange, NewDelivery, Store, Tried};

/// A recap, of which many are due at once, is not in the way of an alert to the same member, nor the other way round.
pub(in crate::store) async fn alerts_and_recaps_do_not_wait_for_each_other(store: &Store) {
    record(store, vec![event(1)]).await;
    let ann = |cargo, second| NewDelivery {
        to: Recipient::Member(UserId(7)),
        cargo,
        ..to(0, &[], second)
    };
    let recap = Cargo::Digest {
        since: at(0),
        until: at(1),
    };
    let mut first = step(10);
    first.outbox = vec![
        ann(recap.clone(), 10),
        ann(recap, 11),
        ann(Cargo::Firings(vec![FiringId(0)]), 12),
        ann(Cargo::Firings(vec![FiringId(1)]), 13),
    ];
    store.alerts.keep(first).await.unwrap();
    assert_eq!(due(store, 20).await, [1, 3]);
    let told = tried(3, at(12), 20, DeliveryState::Delivered);
    store.outbox.tried(vec![told]).await.unwrap();
    assert_eq!(due(store, 20).await, [1, 4]);
}

/// However much waits for somebody who is not there, a look takes no longer for it.
pub(in crate::store) async fn a_long_line_is_not_walked_along(store: &Store) {
    record(store, vec![event(1)]).await;
    // The fastest of some looks: others have the processor in between.
    let look = async || {
        let mut fastest = Duration::MAX;
        for _ in 0..20 {
            let begun = Instant::now();
            assert_eq!(due(store, 1_000).await, [1, 2]);
            fastest = fastest.min(begun.elapsed());
        }
        fastest
    };
    let mut first = step(1);
    first.outbox = vec![to(1, &[0], 1), to(2, &[0], 2)];
    store.alerts.keep(first).await.unwrap();
    let short = look().await;
    let mut many = step(2);
    many.outbox = (0..10_000).map(|n| to(1 + n % 2, &[0], 3)).collect();
    store.alerts.keep(many).await.unwrap();
    let long = look().await;
    assert!(long < short * 10, "{short:?}, {long:?}");
}

/// A destination that takes nothing is known to, with what waits for it, until it takes something or is changed.
pub(in crate::store) async fn destinations_say_how_they_fare(store: &Store) {
    record(store, vec![event(1)]).await;
    let place = Destination {
        id: DestinationId(1),
        name: "ops".into(),
        channel: Channel::Email { to: Vec::new() },
        created: at(1),
    };
    let save = CatalogChange::SaveDestination(place);
    store.catalog.apply(vec![save.clone()]).await.unwrap();
    let mut first = step(10);
    first.outbox = vec![to(1, &[0], 10), to(1, &[1], 11), to(2, &[0], 12)];
    store.alerts.keep(first).await.unwrap();
    let fares = async || {
        let ids = [DestinationId(1), DestinationId(2)];
        store.outbox.fared(&ids).await.unwrap()
    };
    let fared = |took: Option<i64>, failing: Option<i64>| Fared {
        took: took.map(at),
        failing: failing.map(at),
    };
    assert_eq!(fares().await, [(fared(None, None), 2), (fared(None, None), 1)]);

    let later = DeliveryState::Waiting { next: at(50) };
    let keep = async |tries: Vec<Tried>| store.outbox.tried(tries).await.unwrap();
    keep(vec![tried(1, at(10), 20, later), tried(1, at(10), 25, later)]).await;
    // Of one that is gone nothing is kept.
    keep(vec![tried(3, at(12), 20, later)]).await;
    assert_eq!(
        fares().await,
        [(fared(None, Some(20)), 2), (fared(None, None), 1)]
    );
    keep(vec![tried(1, at(10), 30, DeliveryState::Delivered)]).await;
    assert_eq!(fares().await[0], (fared(Some(30), None), 1));
    keep(vec![tried(2, at(11), 40, DeliveryState::Dead)]).await;
    assert_eq!(fares().await[0], (fared(Some(30), Some(40)), 0));
    store.catalog.apply(vec![save.clone()]).await.unwrap();
    assert_eq!(fares().await[0], (fared(Some(30), None), 0));
    let delete = CatalogChange::DeleteDestination(DestinationId(1));
    store.catalog.apply(vec![delete]).await.unwrap();
    store.catalog.apply(vec![save]).await.unwrap();
    assert_eq!(fares().await[0], (fared(None, None), 0));
}
