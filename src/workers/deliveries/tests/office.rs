//! The loop at work on a store of its own, with a clock that the test moves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::model::ProjectKey;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Channel, Delivery, DeliveryId, Destination, DestinationId, FiringId, Recipient};
use crate::model::alert::{Firing, HappeningId, Minute};
use crate::notify::Notify;
use crate::notify::message::tests::{BASE, firing, new, shop};
use crate::protocol::ids::PublicKey;
use crate::store::embedded::{Embedded, Options};
use crate::store::{AlertStep, CatalogChange, Clock, NewDelivery, Progress, Store};
use crate::workers::{Workers, deliveries_loop};

const OPTIONS: Options = Options {
    cache: 1 << 20,
    disk_floor: 0,
    max_journal: 1 << 30,
    max_disk: 0,
    most_listed: 1_000,
    sample_above: 0,
};

/// A store with a project, and perhaps the loop on it.
pub(super) struct Office {
    pub(super) store: Store,
    steps: u64,
    clock: Arc<Mutex<Timestamp>>,
    workers: Workers,
    engine: Embedded,
    data: TempDir,
}

impl Office {
    /// One where nobody works yet.
    pub(super) async fn closed() -> Self {
        let begin = "2026-11-21T12:00:00Z".parse().unwrap();
        let office = Self::on(TempDir::new().unwrap(), Arc::new(Mutex::new(begin)), 0);
        let key = ProjectKey {
            public: PublicKey::from_bytes([1; 16]),
            project: shop().id,
            label: String::new(),
            active: true,
            created: begin,
        };
        office.apply(CatalogChange::CreateProject(shop(), key)).await;
        office
    }

    /// One at work.
    pub(super) async fn open() -> Self {
        let mut office = Self::closed().await;
        office.work();
        office
    }

    fn on(data: TempDir, clock: Arc<Mutex<Timestamp>>, steps: u64) -> Self {
        let told = clock.clone();
        let engine = Embedded::open(data.path(), OPTIONS, Arc::new(move || *told.lock().unwrap())).unwrap();
        Self {
            store: engine.store(),
            steps,
            clock,
            workers: Workers::default(),
            engine,
            data,
        }
    }

    /// Begins to work.
    pub(super) fn work(&mut self) {
        let told = self.clock.clone();
        let clock: Clock = Arc::new(move || *told.lock().unwrap());
        let store = self.store.clone();
        let settings = crate::config::Notify {
            allow_private: "127.0.0.1".parse().unwrap(),
        };
        let mail = crate::config::Config::default().mail;
        self.workers.supervise("deliveries", move |stop| {
            let notify = Notify::new(&settings, &mail).unwrap();
            deliveries_loop(store.clone(), notify, BASE.to_owned(), clock.clone(), stop)
        });
    }

    /// Breaks off whatever is under way, and opens again on the same data.
    pub(super) async fn crash(mut self) -> Self {
        self.workers.loops.shutdown().await;
        let (data, clock, steps) = (self.data, self.clock, self.steps);
        drop(self.store);
        drop(self.engine);
        Self::on(data, clock, steps)
    }

    pub(super) async fn apply(&self, change: CatalogChange) {
        self.store.catalog.apply(vec![change]).await.unwrap();
    }

    /// Sets up a place.
    pub(super) async fn place(&self, id: u64, channel: Channel) -> Recipient {
        let destination = Destination {
            id: DestinationId(id),
            name: id.to_string(),
            channel,
            created: self.now(),
        };
        self.apply(CatalogChange::SaveDestination(destination)).await;
        Recipient::Destination(DestinationId(id))
    }

    /// Puts a message into the outbox of each of them: their ids follow each other.
    pub(super) async fn post(&mut self, to: &[&Recipient]) -> DeliveryId {
        self.steps += 1;
        let now = self.now();
        let outbox = to.iter().map(|to| NewDelivery {
            to: (*to).clone(),
            cargo: Cargo::Firings(vec![FiringId(0)]),
            caused: now,
            created: now,
        });
        let step = AlertStep {
            progress: Progress {
                happening: HappeningId(0),
                minute: Some(Minute(i64::try_from(self.steps).unwrap())),
                steps: self.steps,
            },
            firings: vec![Firing {
                time: now,
                ..firing(vec![new(12)])
            }],
            outbox: outbox.collect(),
            ..AlertStep::default()
        };
        self.store.alerts.keep(step).await.unwrap();
        let page = crate::model::PageRequest {
            cursor: None,
            limit: 1,
        };
        let last = self
            .store
            .outbox
            .deliveries(crate::store::Deliveries::All, page)
            .await
            .unwrap();
        DeliveryId(last.items[0].id.0 + 1 - to.len() as u64)
    }

    pub(super) fn now(&self) -> Timestamp {
        *self.clock.lock().unwrap()
    }

    /// Lets time pass.
    pub(super) fn pass(&self, seconds: i64) {
        *self.clock.lock().unwrap() += SignedDuration::from_secs(seconds);
    }

    pub(super) fn set(&self, now: Timestamp) {
        *self.clock.lock().unwrap() = now;
    }

    /// A delivery, once `is` says so.
    pub(super) async fn once(&self, id: DeliveryId, is: impl Fn(&Delivery) -> bool) -> Delivery {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        let found = async {
            loop {
                ticks.tick().await;
                let delivery = self.store.outbox.delivery(id).await.unwrap().unwrap();
                if is(&delivery) {
                    return delivery;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), found)
            .await
            .unwrap()
    }

    /// Ends the work, with what is under way.
    pub(super) async fn close(self) {
        self.workers.stop().await;
    }
}
