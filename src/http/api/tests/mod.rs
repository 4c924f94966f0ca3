//! The API as its clients see it: requests in, answers out, over the real store in a temporary directory.

mod accounts;
mod actions;
mod alerts;
mod events;
mod grouping;
mod health;
mod issues;
mod links;
mod merging;
mod projects;
mod releases;
mod sightings;
mod standing;
mod storage;
mod strangers;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, SET_COOKIE};
use actix_web::middleware::NormalizePath;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use actix_web::{App, Error};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Run, Site, configure};
use crate::accounts::{Accounts, Lifetimes};
use crate::alerts::backtest::Backtest;
use crate::alerts::book::Book;
use crate::config;
use crate::http::extract::Clock;
use crate::model::retention::UsualDays;
use crate::model::{Attachment, EventRecord, Failures, GroupHash, Metadata, NewEvent, OutcomeCount, User};
use crate::notify::Notify;
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{EventId, ProjectId};
use crate::protocol::level::Level;
use crate::regroup::Regroup;
use crate::shipping::Shipping;
use crate::store::embedded::{Embedded, Options};
use crate::store::{Batch, Position, Span, Store};
use crate::triage::Triage;

/// Sunday, 1 March 2026, 10:20 UTC.
const NOW: i64 = 1_772_360_400;
const TOKEN: &str = "sntryu_00000000000000000000000000000000000000000000000000000000000000aa";
const PUBLIC_KEY: &str = "0123456789abcdef0123456789abcdef";

type Send = dyn Fn(TestRequest) -> LocalBoxFuture<'static, Reply>;

/// A server of the API with one owner, who has a token, and one project, `shop`.
struct Api {
    send: Box<Send>,
    store: Store,
    accounts: Data<Accounts>,
    owner: User,
    time: Arc<AtomicI64>,
    _engine: (Embedded, TempDir),
}

/// An answer.
struct Reply {
    status: u16,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Reply {
    /// The body as JSON, `null` when there is none; fails unless the status is `status`.
    fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        if self.bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&self.bytes).unwrap()
        }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The session's cookie, as a browser sends it back.
    fn cookie(&self) -> String {
        let cookie = self.headers.get(SET_COOKIE).unwrap().to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl Api {
    async fn new() -> Self {
        let data = TempDir::new().unwrap();
        let time = Arc::new(AtomicI64::new(NOW));
        let clock = {
            let time = time.clone();
            move || Timestamp::from_second(time.load(Ordering::Relaxed)).unwrap()
        };
        let options = Options {
            cache: 1 << 20,
            disk_floor: 0,
            max_journal: 1 << 20,
            ..Options::default()
        };
        let engine = Embedded::open(data.path(), options, Arc::new(clock.clone())).unwrap();
        let store = engine.store();
        let lifetimes = Lifetimes {
            session: SignedDuration::from_hours(30 * 24),
            link: SignedDuration::from_hours(24),
        };
        let accounts = Data::new(Accounts::new(store.catalog.clone(), lifetimes));
        let owner = accounts
            .ensure_owner(Some("owner@example.com"), None, clock())
            .await
            .unwrap();
        accounts.ensure_token(owner.id, TOKEN, clock()).await.unwrap();
        let key = PUBLIC_KEY.parse().ok();
        accounts
            .ensure_project("shop", Some(ProjectId(7)), key, clock())
            .await
            .unwrap();
        let send = serve(&store, &accounts, clock).await;
        Self {
            send,
            store,
            accounts,
            owner,
            time,
            _engine: (engine, data),
        }
    }

    /// Sends what `change` makes of a plain request below `/api/0`.
    async fn send(
        &self,
        method: Method,
        path: &str,
        change: impl FnOnce(TestRequest) -> TestRequest,
    ) -> Reply {
        let request = TestRequest::default()
            .method(method)
            .uri(&format!("/api/0{path}"));
        (self.send)(change(request)).await
    }

    /// Asks with the owner's token.
    async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, |request| request.insert_header(bearer(TOKEN)))
            .await
    }

    /// Changes something with the owner's token.
    async fn change(&self, method: Method, path: &str, body: Value) -> Reply {
        self.send(method, path, |request| {
            request.insert_header(bearer(TOKEN)).set_json(body)
        })
        .await
    }

    /// A token of a new member with this role.
    async fn member(&self, role: &str) -> String {
        let email = format!("{role}@example.com");
        let body = json!({"email": email, "role": role});
        self.change(Method::POST, "/organizations/default/members/", body)
            .await
            .expect(201);
        let users = self.store.catalog.users().await.unwrap();
        let user = users.iter().find(|user| user.email == email).unwrap();
        let token = format!("token of {role}");
        self.accounts
            .ensure_token(user.id, &token, self.now())
            .await
            .unwrap();
        token
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.time.load(Ordering::Relaxed)).unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn record(&self, events: Vec<NewEvent>) {
        self.record_with(events, Vec::new(), Vec::new()).await;
    }

    async fn record_with(
        &self,
        events: Vec<NewEvent>,
        attachments: Vec<Attachment>,
        outcomes: Vec<OutcomeCount>,
    ) {
        let begin = self.store.journal.recorded().await.unwrap();
        let end = Position(begin.0 + 1);
        let batch = Batch {
            events,
            attachments,
            outcomes,
            spans: vec![Span { begin, end }],
            ..Batch::default()
        };
        self.store.issues.record(batch).await.unwrap();
    }
}

async fn serve(
    store: &Store,
    accounts: &Data<Accounts>,
    clock: impl Fn() -> Timestamp + std::marker::Send + Sync + 'static,
) -> Box<Send> {
    let site = Site {
        url: "https://errors.example.com".to_owned(),
        slug: "default".to_owned(),
        name: "Default".to_owned(),
        created: clock(),
        sends_mail: false,
    };
    let failures = Failures::default();
    failures.count("digest");
    let run = Run {
        started: clock(),
        repaired: None,
        failures,
    };
    let notify = config::Notify {
        allow_private: serde_json::from_value(json!(["127.0.0.0/8"])).unwrap(),
    };
    let app = App::new()
        .app_data(Data::from(store.issues.clone()))
        .app_data(Data::from(store.decisions.clone()))
        .app_data(Data::from(store.stats.clone()))
        .app_data(Data::from(store.blobs.clone()))
        .app_data(Data::from(store.journal.clone()))
        .app_data(Data::from(store.retention.clone()))
        .app_data(Data::new(UsualDays(90)))
        .app_data(accounts.clone())
        .app_data(Data::new(Triage::new(
            store.issues.clone(),
            store.decisions.clone(),
            store.releases.clone(),
        )))
        .app_data(Data::new(Regroup::new(store)))
        .app_data(Data::from(store.releases.clone()))
        .app_data(Data::new(Shipping::new(store.releases.clone())))
        .app_data(Data::new(Book::new(store)))
        .app_data(Data::new(Backtest::new(store.clone())))
        .app_data(Data::new(Notify::new(&notify, &config::Mail::default()).unwrap()))
        .app_data(Data::new(site))
        .app_data(Data::new(run))
        .app_data(Data::new(Clock::new(clock)))
        .configure(configure)
        .wrap(NormalizePath::trim());
    let app = std::rc::Rc::new(init_service(app).await);
    Box::new(move |request| {
        let app = app.clone();
        Box::pin(async move {
            let answer: Result<_, Error> = app.call(request.to_request()).await;
            let response = match answer {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = to_bytes(response.into_body()).await.unwrap();
            Reply {
                status,
                headers,
                bytes,
            }
        })
    })
}

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

/// Event number `n` of the shop: `n` seconds before now, of the issue `hash`.
fn event(n: u64, hash: u8, change: impl FnOnce(&mut EventRecord)) -> NewEvent {
    let time = Timestamp::from_second(NOW - n as i64).unwrap();
    let mut record = EventRecord {
        project: ProjectId(7),
        id: event_id(n),
        category: DataCategory::Error,
        timestamp: time,
        received: time,
        hashes: vec![GroupHash([hash; 16])],
        grouping: "v1".to_owned(),
        title: format!("Error{hash}: broken"),
        culprit: Some("shop.cart in total".to_owned()),
        metadata: Metadata {
            kind: Some(format!("Error{hash}")),
            value: Some("broken".to_owned()),
            ..Metadata::default()
        },
        level: Level::Error,
        platform: "python".to_owned(),
        event_type: "error".to_owned(),
        logger: None,
        unhandled: true,
        release: Some("shop@1.0".to_owned()),
        environment: Some("production".to_owned()),
        user: Some(format!("id:{n}")),
        tags: vec![("browser".to_owned(), "Mobile Safari".to_owned())],
    };
    change(&mut record);
    // As digest does.
    for (key, value) in [("release", &record.release), ("environment", &record.environment)] {
        record
            .tags
            .extend(value.iter().map(|value| (key.to_owned(), value.clone())));
    }
    let payload = Bytes::from(format!(r#"{{"event_id":"{}"}}"#, record.id));
    NewEvent { record, payload }
}

fn event_id(n: u64) -> EventId {
    EventId::from_bytes(u128::from(n).to_be_bytes()).unwrap()
}
