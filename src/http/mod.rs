//! The only room that knows actix: URLs, extractors, handlers, errors, the embedded web app.
//!
//! A handler takes the one service it needs as `web::Data<T>` and returns `Result<_, ApiError>`. No rules of the
//! product live here.

pub mod api;
mod assets;
pub mod error;
pub mod extract;
mod health;
mod ingest;
mod observe;
mod put_off;
mod routes;
mod streams;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{NormalizePath, TrailingSlash, from_fn};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer};
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::task::JoinHandle;

use self::api::{Run, Site};
use self::extract::Clock;
use self::extract::body::BodyLimits;
use self::observe::RequestTimeout;
use self::streams::Streams;
use crate::accounts::Accounts;
use crate::alerts::backtest::Backtest;
use crate::alerts::book::Book;
use crate::config;
use crate::ingest::Ingest;
use crate::model::retention::UsualDays;
use crate::notify::Notify;
use crate::regroup::Regroup;
use crate::rollout::Rollout;
use crate::shipping::Shipping;
use crate::store::Store;
use crate::triage::Triage;

/// How long a connection may stay open between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How much the server library may say in our log: what it says of itself at each start is nobody's concern, and a
/// stranger's broken request, which it calls an error, none of ours.
pub const LOG_DIRECTIVE: &str = "actix_server=warn,actix_http=off";

/// What handlers may ask for, one by one.
pub struct Services {
    /// What is kept, for reading.
    pub store: Store,
    /// Accepts what SDKs send.
    pub ingest: Ingest,
    /// Lets people in.
    pub accounts: Accounts,
    /// Changes issues for people.
    pub triage: Triage,
    /// Groups stored events anew.
    pub regroup: Regroup,
    /// Passes on what is said of releases.
    pub shipping: Shipping,
    /// Compares releases.
    pub rollout: Rollout,
    /// Keeps what people want to be told of.
    pub book: Book,
    /// Tries rules on the past.
    pub backtest: Backtest,
    /// Tells, here to try whether it can.
    pub notify: Notify,
    /// For how many days payloads are kept unless their project says otherwise.
    pub usual_days: UsualDays,
    /// What the organisation is called.
    pub organization: config::Organization,
    /// This run of the program.
    pub run: Run,
    /// When the installation was set up.
    pub since: Timestamp,
    /// Where metrics gather.
    pub metrics: PrometheusHandle,
    /// Tells the time of a request.
    pub clock: Clock,
}

/// A server that answers until it is stopped.
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    streams: Streams,
    serving: JoinHandle<io::Result<()>>,
}

impl Server {
    /// The address that it is bound to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns when it has ended by itself, which it does not do in good health.
    pub async fn ended(&mut self) -> io::Result<()> {
        (&mut self.serving).await.map_err(io::Error::other)?
    }

    /// Takes no more requests and waits for those under way.
    pub async fn stop(self) {
        self.streams.close();
        self.handle.stop(true).await;
    }
}

/// Binds the socket and starts to answer.
pub fn start(services: Services, server: &config::Server, ingest: &config::Ingest) -> io::Result<Server> {
    let listener = TcpListener::bind(server.listen)?;
    let address = listener.local_addr()?;
    let streams = Streams::new();
    let provided = provide(services, &streams, address, server, ingest);
    let app = move || {
        App::new()
            .configure(&provided)
            .configure(routes::routes)
            .wrap(NormalizePath::new(TrailingSlash::Trim))
            .wrap(from_fn(observe::guard))
            .wrap(from_fn(observe::observe))
    };
    let threads = match server.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        threads => threads,
    };
    let running = HttpServer::new(app)
        .workers(threads)
        .max_connections((server.max_connections / threads).max(1))
        .client_request_timeout(Duration::from_secs(server.idle_timeout_seconds))
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(server.shutdown_seconds)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = running.handle();
    #[expect(
        clippy::disallowed_methods,
        reason = "the server is watched through `Server::ended`"
    )]
    let serving = tokio::spawn(running);
    Ok(Server {
        address,
        handle,
        streams,
        serving,
    })
}

/// Hands to every thread's application what handlers and extractors may ask for.
fn provide(
    services: Services,
    streams: &Streams,
    address: SocketAddr,
    server: &config::Server,
    ingest: &config::Ingest,
) -> impl Fn(&mut ServiceConfig) + Clone + Send + use<> {
    let usual_days = Data::new(services.usual_days);
    let site = Data::new(Site {
        url: server.public_url(address),
        slug: services.organization.slug,
        name: services.organization.name,
        created: services.since,
        sends_mail: services.notify.sends_mail(),
    });
    let run = Data::new(services.run);
    let streams = Data::new(streams.clone());
    let accounts = Data::new(services.accounts);
    let triage = Data::new(services.triage);
    let regroup = Data::new(services.regroup);
    let shipping = Data::new(services.shipping);
    let rollout = Data::new(services.rollout);
    let book = Data::new(services.book);
    let backtest = Data::new(services.backtest);
    let notify = Data::new(services.notify);
    let store = Data::new(services.store);
    let metrics = Data::new(services.metrics);
    let clock = Data::new(services.clock);
    let proxies = Data::new(server.trusted_proxies.clone());
    let body_limits = Data::new(BodyLimits::new(server, ingest));
    let timeout = Data::new(RequestTimeout(Duration::from_secs(
        server.request_timeout_seconds,
    )));
    let ingest = Data::new(services.ingest);
    move |app| {
        app.app_data(store.clone())
            .app_data(Data::from(store.journal.clone()))
            .app_data(Data::from(store.issues.clone()))
            .app_data(Data::from(store.decisions.clone()))
            .app_data(Data::from(store.blobs.clone()))
            .app_data(Data::from(store.stats.clone()))
            .app_data(Data::from(store.releases.clone()))
            .app_data(Data::from(store.retention.clone()))
            .app_data(usual_days.clone())
            .app_data(site.clone())
            .app_data(run.clone())
            .app_data(streams.clone())
            .app_data(accounts.clone())
            .app_data(triage.clone())
            .app_data(regroup.clone())
            .app_data(shipping.clone())
            .app_data(rollout.clone())
            .app_data(book.clone())
            .app_data(backtest.clone())
            .app_data(notify.clone())
            .app_data(ingest.clone())
            .app_data(metrics.clone())
            .app_data(clock.clone())
            .app_data(proxies.clone())
            .app_data(body_limits.clone())
            .app_data(timeout.clone());
    }
}
