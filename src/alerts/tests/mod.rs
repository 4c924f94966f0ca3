//! The service on a real store, with a clock that the tests move.

mod at_work;
mod bounded;
mod same_on_the_past;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::live::Live;
use crate::model::alert::{AlertRule, Firing, Minute, RuleId};
use crate::model::event::EventRecord;
use crate::model::session::{SessionGroup, SessionReport, Sessions};
use crate::model::{
    GroupHash, GroupingRules, Metadata, NewEvent, PageRequest, Project, ProjectKey, Role, User, UserId,
    timeline,
};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{EventId, ProjectId, PublicKey};
use crate::protocol::level::Level;
use crate::store::embedded::{Embedded, Options};
use crate::store::{Batch, CatalogChange, FiringFilter, Position, Span, Store};

/// The whole hour at which tests begin.
const START: i64 = 1_763_726_400;

/// A store, the engine at work on it, and the time.
struct World {
    store: Store,
    live: Live,
    now: Timestamp,
    events: u64,
    _engine: Embedded,
    _data: TempDir,
}

impl World {
    /// With a member, projects 1 and 2, and these rules.
    async fn new(rules: Vec<AlertRule>) -> Self {
        Self::after(Vec::new(), rules).await
    }

    /// The same, on a store in which this was recorded before the engine was there.
    async fn after(events: Vec<NewEvent>, rules: Vec<AlertRule>) -> Self {
        let data = TempDir::new().unwrap();
        let options = Options {
            cache: 1 << 20,
            disk_floor: 0,
            max_journal: 1 << 30,
            ..Options::default()
        };
        let engine = Embedded::open(data.path(), options, Arc::new(|| timeline::at(START))).unwrap();
        let store = engine.store();
        let mut changes = vec![CatalogChange::CreateUser(member())];
        changes.extend([project(1), project(2)]);
        changes.extend(rules.into_iter().map(CatalogChange::SaveRule));
        store.catalog.apply(changes).await.unwrap();
        record(&store, events, Vec::new()).await;
        let now = timeline::at(START);
        Self {
            live: Live::open(store.clone(), now).await.unwrap(),
            store,
            now,
            events: 0,
            _engine: engine,
            _data: data,
        }
    }

    fn pass(&mut self, millis: i64) {
        self.now += SignedDuration::from_millis(millis);
    }

    /// Until nothing is left to be counted anew.
    async fn step(&mut self) {
        const SLICES: usize = 1_000;
        for _ in 0..SLICES {
            if self.step_once().await != self.now {
                return;
            }
        }
    }

    /// Answers when there is something to do again.
    async fn step_once(&mut self) -> Timestamp {
        self.live.step(self.now, |_: Minute| Vec::new()).await.unwrap()
    }

    /// Goes on as after a restart in no time: from what is kept.
    async fn restart(&mut self) {
        self.step().await;
        self.crash().await;
    }

    /// Goes on as after a crash, however long ago that was.
    async fn crash(&mut self) {
        self.live = Live::open(self.store.clone(), self.now).await.unwrap();
    }

    /// An event with this hash, received now.
    fn event(&mut self, project: u64, hash: u8, change: impl FnOnce(&mut EventRecord)) -> NewEvent {
        self.events += 1;
        let mut record = EventRecord {
            project: ProjectId(project),
            id: EventId::from_bytes(u128::from(self.events).to_be_bytes()).unwrap(),
            category: DataCategory::Error,
            timestamp: self.now,
            received: self.now,
            hashes: vec![GroupHash([hash; 16])],
            grouping: "v1".into(),
            title: format!("Error{hash}: no tea"),
            culprit: None,
            metadata: Metadata::default(),
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
        change(&mut record);
        NewEvent {
            record,
            payload: "{}".into(),
        }
    }

    /// Sessions that ended, received now.
    fn sessions(&self, project: u64, started: u64, crashed: u64) -> SessionReport {
        SessionReport {
            project: ProjectId(project),
            received: self.now,
            release: "1.0".into(),
            environment: None,
            sessions: Sessions::Many(vec![SessionGroup {
                started: self.now,
                user: None,
                counts: crate::model::session::SessionCounts {
                    started,
                    crashed,
                    errored: crashed,
                    ..Default::default()
                },
            }]),
        }
    }

    async fn record(&mut self, events: Vec<NewEvent>, sessions: Vec<SessionReport>) {
        record(&self.store, events, sessions).await;
    }

    /// All that fired, oldest first.
    async fn fired(&self) -> Vec<Firing> {
        let all = PageRequest::first(10_000);
        let page = self.store.alerts.firings(&FiringFilter::default(), all).await;
        let mut fired = page.unwrap().items;
        fired.reverse();
        fired
    }
}

async fn record(store: &Store, events: Vec<NewEvent>, sessions: Vec<SessionReport>) {
    let begin = store.journal.recorded().await.unwrap();
    let end = Position(begin.0 + 1);
    let batch = Batch {
        events,
        sessions,
        spans: vec![Span { begin, end }],
        ..Batch::default()
    };
    store.issues.record(batch).await.unwrap();
}

fn member() -> User {
    User {
        id: UserId(1),
        email: "ann@example.com".into(),
        name: "Ann".into(),
        password_hash: None,
        role: Role::Owner,
        created: timeline::at(START),
    }
}

fn project(id: u64) -> CatalogChange {
    let created = timeline::at(START);
    let project = Project {
        id: ProjectId(id),
        slug: format!("p{id}"),
        name: String::new(),
        platform: None,
        created,
        grouping: GroupingRules::default(),
        retention_days: None,
    };
    let key = ProjectKey {
        public: PublicKey::from_bytes([id as u8; 16]),
        project: project.id,
        label: String::new(),
        active: true,
        created,
    };
    CatalogChange::CreateProject(project, key)
}

/// A rule of all projects.
fn rule(id: u64, change: impl FnOnce(&mut AlertRule)) -> AlertRule {
    let mut rule = AlertRule::first(RuleId(id), ProjectId(1), timeline::at(START));
    rule.project = None;
    change(&mut rule);
    rule
}
