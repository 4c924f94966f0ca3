//! Gives space back in the background: what is beyond its time goes, and under pressure what matters least.
//!
//! `model::retention` says what goes next, the store carries it out in small commits, and between two of them this rests
//! for as long as they took. Nothing is remembered here that a crash could lose: a day that was half thinned is thinned
//! again, to the same.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::Stop;
use super::troubles::Troubles;
use crate::model::PartId;
use crate::model::alert::Notice;
use crate::model::retention::{
    Days, Thin, Thinning, UsualDays, days_until_full, next_thin, overdue, surplus,
};
use crate::model::timeline::DAY;
use crate::protocol::ids::EventId;
use crate::store::{Clock, DiskUse, Error, Eviction, Store};

/// How often it is looked whether the disk fills.
const GLANCE: Duration = Duration::from_secs(5);
/// How often everything is looked after, when it does not.
const ROUND: Duration = Duration::from_secs(300);
/// Files of attachments that nobody names are removed when they have not been written for so long: they are written
/// before they are named.
const UNNAMED: SignedDuration = SignedDuration::from_hours(24);
/// Pressure begins when less than a tenth, or this, is left until nothing is accepted any more.
const MARGIN: u64 = 2 << 30;

/// Looks after the space of `store` until it is asked to stop. `days` is for how many days payloads are kept unless their
/// project says otherwise.
pub async fn retention_loop(
    store: Store,
    days: UsualDays,
    troubles: Troubles,
    clock: Clock,
    mut stop: Stop,
) -> anyhow::Result<()> {
    let mut keeper = Keeper {
        store,
        days,
        troubles,
        checkpointed: None,
    };
    let mut rounded: Option<Instant> = None;
    loop {
        let usage = keeper.store.retention.usage().await?;
        measure(&usage);
        let is_due = rounded.is_none_or(|round| round.elapsed() > ROUND);
        if is_due || Pressure::of(&usage, 0).is_some() {
            keeper.round(clock(), &stop).await?;
            rounded = Some(Instant::now());
        }
        tokio::select! {
            () = tokio::time::sleep(GLANCE) => {}
            () = stop.asked() => return Ok(()),
        }
    }
}

/// How much has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pressure {
    /// Bytes on disk.
    bytes: u64,
    /// Bytes of payloads, beyond what sweeping brings.
    payloads: u64,
}

impl Pressure {
    /// None while there is room enough; `reclaimable` bytes come back by sweeping alone.
    fn of(usage: &DiskUse, reclaimable: u64) -> Option<Self> {
        let limit = usage.limit();
        let margin = MARGIN.min(limit / 10);
        let bytes = usage.total().saturating_sub(limit - margin - margin / 2);
        (usage.total() > limit - margin).then(|| Self {
            bytes,
            payloads: bytes.saturating_sub(reclaimable),
        })
    }
}

struct Keeper {
    store: Store,
    days: UsualDays,
    troubles: Troubles,
    /// The day of the last checkpoint.
    checkpointed: Option<i64>,
}

impl Keeper {
    /// One look after everything.
    async fn round(&mut self, now: Timestamp, stop: &Stop) -> anyhow::Result<()> {
        let today = now.as_second().div_euclid(DAY);
        if self.checkpointed != Some(today) {
            self.store.retention.checkpoint().await?;
            self.checkpointed = Some(today);
            tracing::debug!("a checkpoint was written");
        }
        self.let_go(today, stop).await?;
        let usage = self.store.retention.usage().await?;
        let pressure = Pressure::of(&usage, self.reclaimable(&usage).await?);
        let thinned = pressure.filter(|it| it.payloads > 0);
        if let Some(pressure) = thinned {
            self.thin(today, pressure.payloads, stop).await?;
        }
        self.sweep(now, stop).await?;
        if pressure.is_some() && Pressure::of(&self.store.retention.usage().await?, 0).is_some() {
            self.sweep_to_the_end(now, stop).await?;
        }
        let days = self.forecast(today).await?;
        let fills = days.filter(|days| *days <= Notice::DAYS);
        let fills = fills.map(|days| Notice::FillsUp { days });
        let thinned = thinned.map(|_| Notice::Thinned);
        self.troubles.of_space(fills.into_iter().chain(thinned).collect());
        Ok(())
    }

    /// Says in how many days the disk is full at this rate.
    async fn forecast(&self, today: i64) -> anyhow::Result<Option<u64>> {
        let usage = self.store.retention.usage().await?;
        measure(&usage);
        let kept = self.store.retention.kept().await?;
        let days = Days::new(self.days, &self.store.catalog.projects().await?);
        let full = days_until_full(&kept, today, |it| days.of(it), usage.total(), usage.limit());
        let days = full.map_or(f64::INFINITY, |days| days as f64);
        metrics::gauge!("tripline_storage_days_until_full").set(days);
        Ok(full)
    }

    /// What is beyond its time goes.
    async fn let_go(&self, today: i64, stop: &Stop) -> anyhow::Result<()> {
        let days = Days::new(self.days, &self.store.catalog.projects().await?);
        while let Some(thin) = overdue(&self.store.retention.kept().await?, today, |it| days.of(it)) {
            self.carry_out(thin, today, u64::MAX, stop).await?;
            if stop.is_asked() {
                break;
            }
        }
        Ok(())
    }

    /// Payloads of so many bytes go, those first that matter least.
    async fn thin(&self, today: i64, bytes: u64, stop: &Stop) -> anyhow::Result<()> {
        let mut left = bytes;
        while left > 0 && !stop.is_asked() {
            let kept = self.store.retention.kept().await?;
            let Some(thin) = next_thin(&kept, today) else {
                break;
            };
            left = left.saturating_sub(self.carry_out(thin, today, left, stop).await?);
        }
        let freed = bytes.saturating_sub(left);
        tracing::warn!(
            bytes = freed,
            "the disk fills: payloads that matter least are no longer kept"
        );
        Ok(())
    }

    /// Thins a day, part by part, until it is done or `enough` bytes went. Answers how many did.
    async fn carry_out(&self, thin: Thin, today: i64, enough: u64, stop: &Stop) -> anyhow::Result<u64> {
        let mut bytes = 0;
        let mut after: Option<PartId> = None;
        while let Some(day) = self
            .store
            .retention
            .part_day(thin.project, thin.day, after)
            .await?
        {
            after = Some(day.part);
            let gone = surplus(day.events.len(), day.ends, thin.to);
            let gone: Vec<(EventId, u32)> = gone.filter_map(|at| day.events.get(at).copied()).collect();
            for slice in gone.chunks(Eviction::MOST) {
                bytes += slice.iter().map(|(_, bytes)| u64::from(*bytes)).sum::<u64>();
                self.evict(thin, today, slice.iter().map(|(id, _)| *id).collect(), None)
                    .await?;
                if bytes >= enough || stop.is_asked() {
                    return Ok(bytes);
                }
            }
        }
        if thin.to == Thinning::Nothing {
            let files = self.store.retention.with_files(thin.project, thin.day).await?;
            for slice in files.chunks(Eviction::MOST) {
                self.evict(thin, today, slice.to_vec(), None).await?;
            }
        }
        self.evict(thin, today, Vec::new(), Some((thin.day, thin.to)))
            .await?;
        Ok(bytes)
    }

    async fn evict(
        &self,
        thin: Thin,
        today: i64,
        events: Vec<EventId>,
        thinned: Option<(i64, Thinning)>,
    ) -> anyhow::Result<()> {
        let began = Instant::now();
        let count = events.len() as u64;
        let eviction = Eviction {
            project: thin.project,
            events,
            known_since: recent(today),
            thinned,
        };
        self.store.retention.evict(eviction).await?;
        metrics::counter!("tripline_evicted_payloads_total").increment(count);
        tokio::time::sleep(began.elapsed()).await;
        Ok(())
    }

    /// Sweeps what can be swept.
    async fn sweep(&self, now: Timestamp, stop: &Stop) -> anyhow::Result<()> {
        while let Some(swept) = self.store.retention.sweep().await? {
            metrics::counter!("tripline_swept_bytes_total")
                .increment(swept.before.saturating_sub(swept.after));
            if stop.is_asked() {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
        let blobs = self.store.retention.sweep_blobs(now - UNNAMED).await?;
        metrics::counter!("tripline_swept_bytes_total").increment(blobs);
        Ok(())
    }

    /// Sweeps also what came since the last two checkpoints, if that is worth two of them.
    async fn sweep_to_the_end(&self, now: Timestamp, stop: &Stop) -> anyhow::Result<()> {
        let usage = self.store.retention.usage().await?;
        if self.reclaimable(&usage).await? < usage.limit() / 50 {
            return Ok(());
        }
        for _ in 0..2 {
            match self.store.retention.checkpoint().await {
                // Another one is being written.
                Err(Error::Conflict(_)) => return Ok(()),
                written => written?,
            }
        }
        self.sweep(now, stop).await
    }

    /// Bytes on disk that nothing points to.
    async fn reclaimable(&self, usage: &DiskUse) -> anyhow::Result<u64> {
        let kept = self.store.retention.kept().await?;
        let payloads: u64 = kept.iter().map(|it| it.bytes).sum();
        Ok(usage.segments.saturating_sub(payloads))
    }
}

/// Since when clients may still repeat what they sent, in days since 1970.
fn recent(today: i64) -> i32 {
    i32::try_from(today - 1).unwrap_or(i32::MAX)
}

fn measure(usage: &DiskUse) {
    for (kind, bytes) in [
        ("journal", usage.journal),
        ("segments", usage.segments),
        ("blobs", usage.blobs),
        ("index", usage.index),
        ("checkpoints", usage.checkpoints),
        ("other", usage.other),
    ] {
        metrics::gauge!("tripline_storage_bytes", "kind" => kind).set(bytes as f64);
    }
    metrics::gauge!("tripline_storage_limit_bytes").set(usage.limit() as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressure_begins_before_nothing_is_accepted_and_ends_well_below() {
        let usage = |segments| DiskUse {
            segments,
            budget: 1_100,
            headroom: 100,
            free: 1 << 40,
            ..DiskUse::default()
        };
        assert_eq!(Pressure::of(&usage(900), 0), None);
        let found = Pressure::of(&usage(950), 60).unwrap();
        assert_eq!((found.bytes, found.payloads), (100, 40));
        assert_eq!(
            Pressure::of(&usage(950), 500).unwrap().payloads,
            0,
            "sweeping is enough"
        );
    }
}
