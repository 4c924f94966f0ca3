//! Works out now and then how much each project usually sends, so that one that suddenly sends far more can be held to it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Stop;
use super::troubles::Troubles;
use crate::ingest::Meter;
use crate::model::TimeRange;
use crate::model::alert::Notice;
use crate::model::quota::Spike;
use crate::model::timeline::{HOUR, Hours};
use crate::store::{self, Clock, Store};

/// How often it is worked out.
const PERIOD: Duration = Duration::from_secs(600);

/// Tells `meter` how much projects may send, and `troubles` who is held to it, until it is asked to stop.
pub async fn spikes_loop(
    store: Store,
    meter: Arc<Meter>,
    troubles: Troubles,
    clock: Clock,
    mut stop: Stop,
) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(PERIOD);
    loop {
        tokio::select! {
            _ = ticks.tick() => troubles.of_spikes(protect(&store, &meter, clock()).await?),
            () = stop.asked() => return Ok(()),
        }
    }
}

/// Looks at what every project received until `now`. Answers of which some was refused, in this hour or the one before.
pub async fn protect(store: &Store, meter: &Meter, now: Timestamp) -> store::Result<Vec<Notice>> {
    let start = now - SignedDuration::from_hours(24 * (Spike::DAYS + 1));
    let range = TimeRange { start, end: now };
    let lately = now.as_second() / HOUR - 1;
    let mut held = Vec::new();
    for project in store.catalog.projects().await? {
        let project = project.id;
        let mut hours = Hours::new();
        for row in store.stats.outcomes(&[project], range).await? {
            let is_recent = row
                .hours
                .iter()
                .any(|(hour, count)| *hour >= lately && *count > 0);
            if row.reason == Spike::REASON && is_recent && !held.contains(&Notice::SpikeHeld { project }) {
                held.push(Notice::SpikeHeld { project });
            }
            if Spike::counts(row.category, row.outcome) {
                add(&mut hours, &row.hours);
            }
        }
        let began = store.stats.activity(project).await?.first_event;
        meter.protect(project, Spike::allowance(&hours, began, now));
    }
    Ok(held)
}

fn add(sums: &mut Hours, more: &Hours) {
    for &(hour, count) in more {
        match sums.binary_search_by_key(&hour, |(known, _)| *known) {
            Ok(at) => sums[at].1 += count,
            Err(at) => sums.insert(at, (hour, count)),
        }
    }
}
