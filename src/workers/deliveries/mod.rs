//! From the outbox to whom it is for: takes what is due, tells, keeps what the other side said. What is brought and how
//! is put together in [`mod@errand`] and [`letters`], who may be told now in [`lanes`], when it is tried again by `notify::policy`.
//!
//! A crash loses nothing: what was not kept as told is told again, under the same idempotency key. Only one of these
//! loops may run.

mod errand;
mod lanes;
mod letters;
#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use jiff::Timestamp;

use super::Stop;
use super::recaps::Recaps;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Attempt, Delivery, DeliveryState, Recipient};
use crate::notify::policy::{self, Verdict};
use crate::notify::{Notify, Sent};
use crate::store::{self, Clock, Newest, Store, Tried};
use errand::{Errand, errand};
use lanes::{Lane, Lanes, Turn};

/// Recipients that are looked at in one go.
const MOST_RECIPIENTS: usize = 10_000;
/// What is kept of what waited in vain.
const ABSENT: &str = "not sent: nobody was there for a day";
/// While something waits, the clock is looked at this often.
const LONGEST_LOOK: Duration = Duration::from_millis(250);
/// While the disk is full it is tried this often whether there is room.
const NEXT_ATTEMPT_TO_KEEP: Duration = Duration::from_secs(1);

/// Tells what is due until it is asked to stop, then waits for what is under way. `base` is the address of this
/// installation without a slash at the end, for links.
pub async fn deliveries_loop(
    store: Store,
    notify: Notify,
    base: String,
    clock: Clock,
    mut stop: Stop,
) -> anyhow::Result<()> {
    let carrier = Carrier {
        store,
        notify,
        base,
        clock,
        stop: stop.clone(),
        recaps: Recaps::default(),
    };
    let store = &carrier.store;
    let (mut lanes, mut newest) = (Lanes::default(), Newest::default());
    let mut under_way = FuturesUnordered::new();
    loop {
        let now = (carrier.clock)();
        let (due, next) = store.outbox.due(now, MOST_RECIPIENTS).await?;
        let waits = !due.is_empty() || next.is_some();
        let destinations = if due.is_empty() {
            Vec::new()
        } else {
            store.alerting.destinations().await?
        };
        for delivery in due {
            let lane = Lane::of(&delivery, &destinations);
            if lanes.enter(lane, &delivery, now) {
                under_way.push(carrier.carry(delivery, lane));
            } else if lanes.is_shut(lane, &delivery.to) && policy::is_overdue(delivery.state, now) {
                store.outbox.tried(vec![given_up(&delivery, now)]).await?;
            }
        }
        tokio::select! {
            Some(carried) = under_way.next() => free_the_way(&mut lanes, carried?),
            newer = store.alerts.newer(newest) => newest = newer?,
            () = tokio::time::sleep(until(next, now)), if waits => {}
            () = stop.asked() => break,
        }
    }
    while let Some(carried) = under_way.next().await {
        carried?;
    }
    Ok(())
}

/// Gives the way of a message back. One line of the log when a lane begins to fail and one when that is over, however many
/// tries lie between them.
fn free_the_way(lanes: &mut Lanes, carried: Carried) {
    let Carried {
        lane,
        to,
        verdict,
        said,
        ended,
    } = carried;
    match lanes.leave(lane, &to, verdict, ended) {
        Some(Turn::Fails) => tracing::warn!("{lane} does not take messages: {said}"),
        Some(Turn::Answers) => tracing::info!("{lane} answers again"),
        None => {}
    }
}

/// How long nothing new is due, as far as the clock goes on as it does.
fn until(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let left = next.and_then(|next| Duration::try_from(next.duration_since(now)).ok());
    left.unwrap_or(LONGEST_LOOK).min(LONGEST_LOOK)
}

/// What came of carrying a message.
struct Carried {
    lane: Lane,
    to: Recipient,
    /// None when there was nobody to tell.
    verdict: Option<Verdict>,
    /// What the other side said.
    said: String,
    ended: Timestamp,
}

/// Carries messages.
struct Carrier {
    store: Store,
    notify: Notify,
    base: String,
    clock: Clock,
    stop: Stop,
    recaps: Recaps,
}

impl Carrier {
    /// Tells, and keeps what came of it. Fails only when that cannot be kept.
    async fn carry(&self, delivery: Delivery, lane: Lane) -> anyhow::Result<Carried> {
        let begun = (self.clock)();
        // Whatever it is about this one message: it must not hold up all others.
        let told = AssertUnwindSafe(self.tell(&delivery, begun)).catch_unwind().await;
        let (channel, sent) = match told {
            Ok(Ok(told)) => told.unzip(),
            Ok(Err(error)) => (None, Some(failed(begun, &error.to_string()))),
            Err(_panic) => (None, Some(failed(begun, "it could not be put into words"))),
        };
        let ended = (self.clock)();
        let state = sent.as_ref().map_or(DeliveryState::Dropped, |sent| {
            let tries = delivery.tries.saturating_add(1);
            policy::after(delivery.id, delivery.created, tries, sent.verdict, ended)
        });
        report(
            &delivery,
            channel.unwrap_or("unknown"),
            sent.as_ref(),
            state,
            ended,
        );
        let verdict = sent.as_ref().map(|sent| sent.verdict);
        let said = sent
            .as_ref()
            .map_or_else(String::new, |sent| sent.attempt.answer.clone());
        let tried = Tried {
            delivery: delivery.id,
            created: delivery.created,
            attempt: sent.map(|sent| sent.attempt),
            state,
        };
        self.keep(tried).await?;
        Ok(Carried {
            lane,
            to: delivery.to,
            verdict,
            said,
            ended,
        })
    }

    /// Keeps what came of a try, as soon as there is room: what was told and is not written down would be told again and
    /// again. Until then its way is taken, so that no more messages go out like that than [`lanes`] lets out at once.
    async fn keep(&self, tried: Tried) -> anyhow::Result<()> {
        let mut stop = self.stop.clone();
        loop {
            match self.store.outbox.tried(vec![tried.clone()]).await {
                Err(error @ (store::Error::Full(_) | store::Error::Io(..))) => {
                    tracing::error!(
                        delivery.id = tried.delivery.0,
                        "what was told cannot be written down: {error}"
                    );
                }
                kept => return Ok(kept?),
            }
            tokio::select! {
                () = tokio::time::sleep(NEXT_ATTEMPT_TO_KEEP) => {}
                () = stop.asked() => anyhow::bail!("stopped before what was told was written down"),
            }
        }
    }

    /// Tells, once, and says by which channel. None when there is nobody to tell any more.
    async fn tell(
        &self,
        delivery: &Delivery,
        now: Timestamp,
    ) -> anyhow::Result<Option<(&'static str, Sent)>> {
        let Some(errand) = errand(&self.store, &self.base, &self.recaps, delivery, now).await? else {
            return Ok(None);
        };
        let name = errand.channel();
        let sent = match errand {
            Errand::Tell(channel, message) => self.notify.send(&channel, &message, now).await,
            Errand::Write(letter) => self.notify.mail(letter, now).await,
        };
        Ok(Some((name, sent)))
    }
}

/// A try that did not get as far as the other side.
fn failed(time: Timestamp, why: &str) -> Sent {
    let attempt = Attempt {
        time,
        millis: 0,
        status: None,
        answer: why.to_owned(),
    };
    Sent {
        attempt,
        verdict: Verdict::PutOff,
    }
}

/// That a message was not sent any more, for nobody was there for so long.
fn given_up(delivery: &Delivery, now: Timestamp) -> Tried {
    let id = delivery.id.0;
    tracing::error!(delivery.id = id, "delivery {id} is given up: {ABSENT}");
    let sent = failed(now, ABSENT);
    Tried {
        delivery: delivery.id,
        created: delivery.created,
        attempt: Some(sent.attempt),
        state: DeliveryState::Dead,
    }
}

/// For whoever watches us.
fn report(
    delivery: &Delivery,
    channel: &'static str,
    sent: Option<&Sent>,
    state: DeliveryState,
    ended: Timestamp,
) {
    let result = match state {
        DeliveryState::Delivered => "delivered",
        DeliveryState::Waiting { .. } => "retried",
        DeliveryState::Dead => "dead",
        DeliveryState::Dropped => "dropped",
    };
    metrics::counter!("tripline_deliveries_total", "channel" => channel, "result" => result).increment(1);
    let id = delivery.id.0;
    let said = sent.map_or("nobody to tell", |sent| &sent.attempt.answer);
    match state {
        DeliveryState::Delivered if matches!(delivery.cargo, Cargo::Firings(_)) => {
            let latency = ended.duration_since(delivery.caused).as_secs_f64().max(0.0);
            metrics::histogram!("tripline_alert_latency_seconds").record(latency);
            let under_way = ended.duration_since(delivery.created).as_secs_f64().max(0.0);
            metrics::histogram!("tripline_delivery_seconds").record(under_way);
        }
        DeliveryState::Dead => {
            tracing::error!(delivery.id = id, "delivery {id} by {channel} is given up: {said}")
        }
        DeliveryState::Waiting { .. } => {
            tracing::debug!(
                delivery.id = id,
                "delivery {id} by {channel} was not taken: {said}"
            );
        }
        DeliveryState::Delivered | DeliveryState::Dropped => {}
    }
}
