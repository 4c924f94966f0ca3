//! The composition root: from settings to a running server, and back down in the reverse order.

mod first_run;
mod grouping;
mod maintenance;
mod release_check;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::spawn_blocking;

use crate::accounts::{Accounts, Lifetimes};
use crate::alerts::backtest::Backtest;
use crate::alerts::book::Book;
use crate::config::{self, Config};
use crate::http::api::Run;
use crate::http::extract::Clock as RequestClock;
use crate::http::{self, Server, Services};
use crate::ingest::{Ingest, Meter};
use crate::model::retention::UsualDays;
use crate::notify::Notify;
use crate::regroup::Regroup;
use crate::rollout::Rollout;
use crate::shipping::Shipping;
use crate::store::embedded::{Embedded, Options};
use crate::store::{Clock, Store};
use crate::telemetry;
use crate::triage::Triage;
use crate::workers::{
    Finds, Troubles, Workers, alerts_loop, deliveries_loop, digest_loop, protect, refusals_loop,
    regroup_loop, retention_loop, spikes_loop, verdicts_loop, wake_loop,
};

pub use first_run::Welcome;
pub use grouping::{Answer, group_stdin};
pub use maintenance::{Unsound, backup, healthcheck, rebuild, restore, rollback, verify};
pub use release_check::{Check, ReleaseCommand, release_check};

/// Measurements are folded this often, whether or not anybody asks for them.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// A server that answers.
pub struct Running {
    /// What it keeps.
    pub store: Store,
    /// What to tell whoever started it.
    pub welcome: Welcome,
    server: Server,
    workers: Workers,
    engine: Embedded,
}

/// Starts everything: the store, what has to be in it, the services, the loops, the server.
///
/// Fails with one line that says what is wrong when the data directory cannot be used or the port is taken.
pub async fn start(config: Config, clock: Clock) -> anyhow::Result<Running> {
    let notify = Notify::new(&config.notify, &config.mail).context("cannot send e-mail")?;
    let engine = open(&config.storage, clock.clone()).await?;
    let store = engine.store();
    let accounts = Accounts::new(store.catalog.clone(), lifetimes(&config.auth));
    let first_run = first_run::create(&accounts, &store, &config.bootstrap, clock()).await?;

    // Before anything is digested: what waits in the journal is counted apart from what is recorded.
    let meter = Meter::open(store.stats.as_ref(), store.journal.as_ref()).await?;
    protect(&store, &meter, clock()).await?;
    let meter = Arc::new(meter);
    let ingest = Ingest::new(
        store.catalog.clone(),
        store.journal.clone(),
        config.ingest.clone(),
        meter.clone(),
    );
    let mut workers = Workers::default();
    let troubles = Troubles::default();
    supervise_limits(&mut workers, &store, &ingest, meter, &troubles, &clock);
    let digested = store.clone();
    workers.supervise("digest", move |stop| digest_loop(digested.clone(), stop));
    let regroup = Regroup::new(&store);
    let (regrouping, time) = (regroup.clone(), clock.clone());
    workers.supervise("regroup", move |stop| {
        regroup_loop(regrouping.clone(), time.clone(), stop)
    });
    let (decisions, time) = (store.decisions.clone(), clock.clone());
    workers.supervise("wake", move |stop| {
        wake_loop(decisions.clone(), time.clone(), stop)
    });
    let days = UsualDays(config.storage.retention_days);
    let (kept, found, time) = (store.clone(), troubles.clone(), clock.clone());
    workers.supervise("retention", move |stop| {
        retention_loop(kept.clone(), days, found.clone(), time.clone(), stop)
    });
    supervise_alerts(&mut workers, &store, troubles, &clock);
    let metrics = telemetry::metrics();
    let repaired = engine.repaired();
    if let Some(time) = repaired {
        metrics::gauge!("tripline_index_repaired_timestamp_seconds").set(time.as_second() as f64);
    }
    let folded = metrics.clone();
    workers.repeat("metrics", METRICS_UPKEEP, move || folded.run_upkeep());

    let (told, time) = (store.clone(), clock.clone());
    let services = Services {
        store: store.clone(),
        ingest,
        accounts,
        triage: Triage::new(
            store.issues.clone(),
            store.decisions.clone(),
            store.releases.clone(),
        ),
        regroup,
        shipping: Shipping::new(store.releases.clone()),
        rollout: rollout(&store),
        book: Book::new(&store),
        backtest: Backtest::new(store.clone()),
        notify: notify.clone(),
        usual_days: days,
        organization: config.organization,
        run: Run {
            started: clock(),
            repaired,
            failures: workers.failures(),
        },
        since: first_run.since,
        metrics,
        clock: RequestClock::new(move || clock()),
    };
    let server = match http::start(services, &config.server, &config.ingest) {
        Ok(server) => server,
        Err(error) => {
            // The loops end before the store does, or they would complain that it is gone.
            workers.stop().await;
            return Err(error).with_context(|| format!("cannot listen on {}", config.server.listen));
        }
    };
    let (address, data) = (server.address(), config.storage.data.display());
    // Messages link here, and the port may be known only now.
    let base = config.server.public_url(address);
    workers.supervise("deliveries", move |stop| {
        deliveries_loop(told.clone(), notify.clone(), base.clone(), time.clone(), stop)
    });
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %address, %data, "listening on {address}");
    let welcome = first_run.welcome(config.server.public_url(address));
    Ok(Running {
        store,
        welcome,
        server,
        workers,
        engine,
    })
}

fn rollout(store: &Store) -> Rollout {
    Rollout::new(
        store.issues.clone(),
        store.releases.clone(),
        store.decisions.clone(),
    )
}

/// Counts what is refused, and learns what projects usually send.
fn supervise_limits(
    workers: &mut Workers,
    store: &Store,
    ingest: &Ingest,
    meter: Arc<Meter>,
    troubles: &Troubles,
    clock: &Clock,
) {
    let refusals = ingest.refusals();
    workers.supervise("refusals", move |stop| refusals_loop(refusals.clone(), stop));
    let (store, troubles, time) = (store.clone(), troubles.clone(), clock.clone());
    workers.supervise("spikes", move |stop| {
        spikes_loop(store.clone(), meter.clone(), troubles.clone(), time.clone(), stop)
    });
}

/// Judges what happens, and what is found out about releases and about the installation meanwhile.
fn supervise_alerts(workers: &mut Workers, store: &Store, troubles: Troubles, clock: &Clock) {
    let finds = Finds::default();
    let (judged, found, time) = (store.clone(), finds.clone(), clock.clone());
    workers.supervise("alerts", move |stop| {
        alerts_loop(
            judged.clone(),
            found.clone(),
            troubles.clone(),
            time.clone(),
            stop,
        )
    });
    let (store, time) = (store.clone(), clock.clone());
    workers.supervise("verdicts", move |stop| {
        verdicts_loop(store.clone(), rollout(&store), finds.clone(), time.clone(), stop)
    });
}

/// The time by the system's clock, in whole microseconds: the segments keep no finer ones, and an index that is made
/// anew from them should say the same.
pub fn system_time() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "everything below gets the time from here"
    )]
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// Asks the system for memory page by page: of huge pages, which some systems give unasked, a burst leaves many nearly empty.
pub fn spare_memory() {
    // A kernel without huge pages refuses, and needs nothing.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Lets threads that work on what was accepted step back, as far as the system does so by thread: in a burst those go
/// first that answer, and the journal holds what waits.
pub fn answer_first() {
    // The share of somebody who is not in a hurry: a tenth of a processor that others want.
    #[cfg(target_os = "linux")]
    const NICE: i32 = 10;
    let pool = rayon::ThreadPoolBuilder::new().thread_name(|number| format!("digest-{number}"));
    #[cfg(target_os = "linux")]
    let pool = pool.start_handler(|_| {
        let _ = rustix::process::setpriority_process(None, NICE);
    });
    // One that is there already does as well.
    let _ = pool.build_global();
}

impl Running {
    /// The address that the server is bound to.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns when the process is told to end (SIGTERM, SIGINT), or when the server ended by itself; an error when it
    /// cannot go on.
    pub async fn until_told(&mut self) -> anyhow::Result<()> {
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::select! {
            ended = self.server.ended() => ended?,
            _ = terminate.recv() => tracing::info!("stopping: told to terminate"),
            _ = interrupt.recv() => tracing::info!("stopping: interrupted"),
            why = self.engine.failed() => {
                return Err(Unsound(format!("{why}; start the server again, and it mends that")).into());
            }
        }
        Ok(())
    }

    /// Stops everything in the reverse order of the start: no more requests, those under way end, the loops end
    /// where they are, the store writes what it has.
    pub async fn stop(self) {
        self.server.stop().await;
        self.workers.stop().await;
        let closed = spawn_blocking(|| self.engine.close()).await;
        if let Err(panic) = closed {
            tracing::error!("the store did not close cleanly: {panic}");
        }
        tracing::info!("stopped");
    }
}

async fn open(storage: &config::Storage, clock: Clock) -> anyhow::Result<Embedded> {
    let options = Options {
        cache: storage.cache_bytes,
        disk_floor: storage.min_free_disk_bytes,
        max_journal: storage.max_journal_bytes,
        sample_above: storage.sample_above,
        max_disk: storage.max_disk_bytes,
        ..Options::default()
    };
    let data = storage.data.clone();
    Ok(spawn_blocking(move || Embedded::open(&data, options, clock)).await??)
}

fn lifetimes(auth: &config::Auth) -> Lifetimes {
    Lifetimes {
        session: SignedDuration::from_hours(24 * i64::from(auth.session_days)),
        link: SignedDuration::from_hours(auth.sign_in_link_hours.into()),
    }
}
