//! Has alerts judged: whenever something happens, and every minute.
//!
//! What a rule means is not known here, nor how anybody is told.

use std::time::{Duration, Instant};

use super::Stop;
use super::troubles::Troubles;
use super::verdicts::Finds;
use crate::alerts::live::Live;
use crate::store::{Clock, Newest, Store};

/// What waits for a time is looked at this often.
const PERIOD: Duration = Duration::from_millis(200);
/// And not more often than this.
const SHORTEST: Duration = Duration::from_millis(5);

/// Judges what happens in `store`, and what `finds` adds to it, and has owners told of `troubles`, until it is asked to stop.
pub async fn alerts_loop(
    store: Store,
    finds: Finds,
    troubles: Troubles,
    clock: Clock,
    mut stop: Stop,
) -> anyhow::Result<()> {
    let mut live = Live::open(store.clone(), clock()).await?;
    let mut newest = Newest::default();
    loop {
        let started = Instant::now();
        live.find(troubles.all());
        let next = live.step(clock(), |minute| finds.take(minute)).await?;
        metrics::histogram!("tripline_alert_step_seconds").record(started.elapsed());
        let pause = Duration::try_from(next.duration_since(clock())).unwrap_or_default();
        tokio::select! {
            newer = store.alerts.newer(newest) => newest = newer?,
            () = tokio::time::sleep(pause.clamp(SHORTEST, PERIOD)) => {}
            () = stop.asked() => return Ok(()),
        }
    }
}
