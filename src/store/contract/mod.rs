//! What every engine must do: plain functions over `&Store`, one story each, run by each engine's own tests.

pub(in crate::store) mod alerting;
pub(in crate::store) mod alerts;
pub(in crate::store) mod any_order;
pub(in crate::store) mod blobs;
pub(in crate::store) mod catalog;
pub(in crate::store) mod decisions;
pub(in crate::store) mod events;
pub(in crate::store) mod issues;
pub(in crate::store) mod journal;
pub(in crate::store) mod lifecycle;
pub(in crate::store) mod lines;
pub(in crate::store) mod merging;
pub(in crate::store) mod outbox;
pub(in crate::store) mod people;
pub(in crate::store) mod regrouping;
pub(in crate::store) mod releases;
pub(in crate::store) mod searching;
pub(in crate::store) mod sessions;
pub(in crate::store) mod shipping;
pub(in crate::store) mod stats;

use bytes::Bytes;
use jiff::Timestamp;

use super::{Batch, CatalogChange, Entry, Position, Result, Span, Store, TriageChange, Triaged};
use crate::model::event::EventRecord;
use crate::model::{
    GroupHash, GroupingRules, Issue, IssueFilter, IssueSort, Metadata, NewEvent, PageRequest, Project,
    ProjectKey, UserId,
};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{EventId, ProjectId, PublicKey};
use crate::protocol::level::Level;
use crate::store::journal::Head;

/// Makes one test a story, for the engine that `$open` opens: it gives a guard that must outlive the store, and the
/// store.
macro_rules! contract {
    ($open:path: $($room:ident :: $story:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $story() {
                let (guard, store) = $open();
                $crate::store::contract::$room::$story(&store).await;
                drop(guard);
            }
        )+
    };
}
pub(in crate::store) use contract;

/// The project of most stories.
pub(in crate::store) const SHOP: ProjectId = ProjectId(1);

/// A moment of the stories' day, in seconds from noon.
pub(in crate::store) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_726_400 + second).unwrap()
}

/// The event id number `n`.
pub(in crate::store) fn event_id(n: u64) -> EventId {
    EventId::from_bytes(u128::from(n).to_be_bytes()).unwrap()
}

/// The hash number `n`.
pub(in crate::store) fn hash(n: u8) -> GroupHash {
    GroupHash([n; 16])
}

/// Project and first key.
pub(in crate::store) fn project(id: u64, slug: &str) -> CatalogChange {
    let id = ProjectId(id);
    let project = Project {
        id,
        slug: slug.into(),
        name: slug.into(),
        platform: None,
        created: at(0),
        grouping: GroupingRules::default(),
        retention_days: None,
    };
    let public = PublicKey::from_bytes([id.0 as u8; 16]);
    let key = ProjectKey {
        public,
        project: id,
        label: "Default".into(),
        active: true,
        created: at(0),
    };
    CatalogChange::CreateProject(project, key)
}

/// Event number `n`, which happened `n` seconds into the day and has hash 1.
pub(in crate::store) fn event(n: u64) -> NewEvent {
    let record = EventRecord {
        project: SHOP,
        id: event_id(n),
        category: DataCategory::Error,
        timestamp: at(n as i64),
        received: at(n as i64),
        hashes: vec![hash(1)],
        grouping: "v1".into(),
        title: format!("ValueError: {n}"),
        culprit: Some("checkout".into()),
        metadata: Metadata {
            kind: Some("ValueError".into()),
            value: Some(n.to_string()),
            ..Metadata::default()
        },
        level: Level::Error,
        platform: "python".into(),
        event_type: "error".into(),
        logger: None,
        unhandled: false,
        release: None,
        environment: None,
        user: None,
        tags: Vec::new(),
    };
    let payload = Bytes::from(format!(r#"{{"event_id":"{}"}}"#, record.id));
    NewEvent { record, payload }
}

/// `event` with its record changed.
pub(in crate::store) fn event_with(n: u64, change: impl FnOnce(&mut EventRecord)) -> NewEvent {
    let mut event = event(n);
    change(&mut event.record);
    event
}

/// An envelope of the shop.
pub(in crate::store) fn entry(body: &str) -> Entry {
    let head = Head {
        project: SHOP,
        key: PublicKey::from_bytes([1; 16]),
        received: at(0),
        items: 1,
        client: None,
        client_ip: None,
        user_agent: None,
        refused: Vec::new(),
    };
    Entry {
        head,
        envelope: Bytes::copy_from_slice(body.as_bytes()),
    }
}

/// A batch of events that ends at journal position `position` and begins before the byte before it.
pub(in crate::store) fn batch(position: u64, events: Vec<NewEvent>) -> Batch {
    Batch {
        events,
        spans: vec![Span {
            begin: Position(position - 1),
            end: Position(position),
        }],
        ..Batch::default()
    }
}

/// Makes the project and records `events`.
pub(in crate::store) async fn record(store: &Store, events: Vec<NewEvent>) {
    if store.catalog.projects().await.unwrap().is_empty() {
        store.catalog.apply(vec![project(SHOP.0, "shop")]).await.unwrap();
    }
    let position = store.journal.recorded().await.unwrap();
    store.issues.record(batch(position.0 + 1, events)).await.unwrap();
}

/// Member 7 decides something, `second` seconds into the day.
pub(in crate::store) async fn decide(store: &Store, second: i64, change: TriageChange) -> Result<()> {
    let triaged = Triaged {
        who: Some(UserId(7)),
        time: at(second),
        change,
    };
    store.decisions.triage(triaged).await
}

/// All issues of the shop, latest first.
pub(in crate::store) async fn issues(store: &Store) -> Vec<Issue> {
    let filter = IssueFilter {
        projects: vec![SHOP],
        ..IssueFilter::default()
    };
    store
        .issues
        .list(&filter, IssueSort::LastSeen, PageRequest::first(100))
        .await
        .unwrap()
        .items
}
