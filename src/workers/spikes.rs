//! Works out now and then how much each project usually sends, so that one that suddenly sends far more can be held to it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Stop;
use crate::ingest::Meter;
use crate::model::TimeRange;
use crate::model::quota::Spike;
use crate::model::timeline::Hours;
use crate::store::{self, Clock, Store};

/// How often it is worked out.
const PERIOD: Duration = Duration::from_secs(600);

/// Tells `meter` how much projects may send until it is asked to stop.
pub async fn spikes_loop(
    store: Store,
    meter: Arc<Meter>,
    clock: Clock,
    mut stop: Stop,
) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(PERIOD);
    loop {
        tokio::select! {
            _ = ticks.tick() => protect(&store, &meter, clock()).await?,
            () = stop.asked() => return Ok(()),
        }
    }
}

/// Looks at what every project received until `now`.
pub async fn protect(store: &Store, meter: &Meter, now: Timestamp) -> store::Result<()> {
    let start = now - SignedDuration::from_hours(24 * (Spike::DAYS + 1));
    let range = TimeRange { start, end: now };
    for project in store.catalog.projects().await? {
        let mut hours = Hours::new();
        for row in store.stats.outcomes(&[project.id], range).await? {
            if Spike::counts(row.category, row.outcome) {
                add(&mut hours, &row.hours);
            }
        }
        let began = store.stats.activity(project.id).await?.first_event;
        meter.protect(project.id, Spike::allowance(&hours, began, now));
    }
    Ok(())
}

fn add(sums: &mut Hours, more: &Hours) {
    for &(hour, count) in more {
        match sums.binary_search_by_key(&hour, |(known, _)| *known) {
            Ok(at) => sums[at].1 += count,
            Err(at) => sums.insert(at, (hour, count)),
        }
    }
}
