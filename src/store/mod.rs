//! Where it is kept: one trait a role, engines beneath.
//!
//! A role speaks the domain: no keys, no SQL, no transaction crosses it. Every write is durable when it returns and
//! idempotent, so that whoever was interrupted may simply do it again. Engines move bytes; what follows from an event
//! or a click is decided by `model`, inside the engine's own commit.

mod alerting;
pub mod alerts;
#[cfg(test)]
mod contract;
mod decisions;
pub mod embedded;
mod grouping;
pub mod journal;
mod outbox;
pub mod releases;
mod retention;

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use crate::model::alert::{AlertRule, Destination, DestinationId, Preferences, RuleId, SigningKey};
use crate::model::issue::{IssueFilter, IssueId, IssueSort, ShortId};
use crate::model::quota::{Charge, ProjectLimits, Usage};
use crate::model::session::SessionReport;
use crate::model::timeline::Hours;
use crate::model::{
    ApiToken, Attachment, BlobId, EventRef, GroupHash, Issue, NewEvent, OutcomeCount, OutcomeRow, Page,
    PageRequest, Project, ProjectActivity, ProjectKey, SecretHash, Seen, SignInLink, StoredEvent, TagKey,
    TimeRange, User, UserId, WebSession,
};
use crate::protocol::ids::{EventId, ProjectId, PublicKey};
pub use alerting::Alerting;
pub use alerts::{AlertStep, Alerts, FiringFilter, NewDelivery, NewHappening, Newest, Progress};
pub use decisions::{Decisions, TriageChange, Triaged};
pub use grouping::{Grouping, Order, Rework};
pub use journal::{Backlog, Entry, Journal, Portion, Position, Span};
pub use outbox::{Deliveries, Outbox, Tried};
pub use releases::{
    ReleaseChange, ReleaseCommand, ReleaseFilter, ReleaseUpdate, Releases, SeenInRelease, SeenIssue,
};
pub use retention::{DiskUse, Eviction, PartDay, Retention, Swept};

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the data would be broken; the text says which, for people.
    #[error("{0}")]
    Conflict(&'static str),
    /// What should be changed is not there.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// No room; the text says of what.
    #[error("no room: {0}")]
    Full(&'static str),
    /// The store is shutting down, or its writer died.
    #[error("the store is closed")]
    Closed,
    /// What is searched for cannot be: the text says why, for people.
    #[error("{0}")]
    Unsearchable(String),
    /// It can be asked again in a while; the text says what is in the way.
    #[error("{0}")]
    Unready(&'static str),
    /// A cursor that this store did not make.
    #[error("the cursor is not valid")]
    BadCursor,
    /// Bytes on disk are not what was written.
    #[error("damaged data: {0}")]
    Damaged(String),
    /// The index is not what was written; it can be made anew.
    #[error("the index is damaged: {0}")]
    BadIndex(String),
    /// Written by a newer version; the text says what.
    #[error("the data was written by a newer version: {0}")]
    Newer(String),
    /// Another process uses the data directory.
    #[error("the data directory {0} is in use by another process")]
    Locked(String),
    /// The operating system said no; the text says to what.
    #[error("{0}: {1}")]
    Io(String, io::Error),
}

impl Error {
    /// The same error for one more of those who waited for the same write: an `io::Error` cannot be cloned, but its
    /// kind and text can.
    fn again(&self) -> Self {
        match self {
            Self::Full(what) => Self::Full(what),
            Self::Io(what, error) => Self::Io(what.clone(), io::Error::new(error.kind(), error.to_string())),
            _ => Self::Closed,
        }
    }
}

/// What a role answers.
pub type Result<T> = std::result::Result<T, Error>;

/// All roles together; cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Projects, keys, people.
    pub catalog: Arc<dyn Catalog>,
    /// Accepted envelopes until they are digested.
    pub journal: Arc<dyn Journal>,
    /// Issues and events.
    pub issues: Arc<dyn Issues>,
    /// Releases and how they fare.
    pub releases: Arc<dyn Releases>,
    /// What people decide about issues.
    pub decisions: Arc<dyn Decisions>,
    /// How stored events are grouped.
    pub grouping: Arc<dyn Grouping>,
    /// Attachments' bytes.
    pub blobs: Arc<dyn Blobs>,
    /// Counts by hour.
    pub stats: Arc<dyn Stats>,
    /// What people want to be told of.
    pub alerting: Arc<dyn Alerting>,
    /// What happened, and what fired.
    pub alerts: Arc<dyn Alerts>,
    /// What is to be told.
    pub outbox: Arc<dyn Outbox>,
    /// What is kept, and how space comes back.
    pub retention: Arc<dyn Retention>,
}

/// A change of the catalog. `Create` fails with [`Error::Conflict`] when the name is taken, `Update` and `Delete` with
/// [`Error::Missing`] when there is nothing to change.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum CatalogChange {
    /// A new project with its first key.
    CreateProject(Project, ProjectKey),
    /// New name, slug or platform.
    UpdateProject(Project),
    /// Takes its keys, issues, events and alert rules with it.
    DeleteProject(ProjectId),
    /// These hashes lead to these issues from now on, as far as they led nowhere and the issues are there: with new
    /// rules, so that groups which they give other names go on in their issues.
    ClaimHashes {
        /// Whose.
        project: ProjectId,
        /// What leads where.
        claims: Vec<(GroupHash, IssueId)>,
    },
    /// One more key.
    CreateKey(ProjectKey),
    /// New label, or switched on or off.
    UpdateKey(ProjectKey),
    /// Events sent with it are refused from now on.
    DeleteKey(PublicKey),
    /// A new member.
    CreateUser(User),
    /// New name, e-mail, password or role. The last owner stays one, and so does the last one with a password.
    UpdateUser(User),
    /// Takes their tokens, sessions, links and preferences with it, and their name off alert rules. The last owner stays,
    /// and so does the last one with a password.
    DeleteUser(UserId),
    /// A new API token.
    CreateToken(ApiToken),
    /// Ends an API token.
    DeleteToken(SecretHash),
    /// Somebody signed in.
    CreateSession(WebSession),
    /// Somebody signed out, or the session's time came.
    DeleteSession(SecretHash),
    /// A one-time link was made.
    CreateLink(SignInLink),
    /// A one-time link was used (who deletes it has used it: a second one gets [`Error::Missing`]).
    DeleteLink(SecretHash),
    /// Ends all sessions and one-time links of a person.
    SignOut(UserId),
    /// Clears away the sessions and links that ended before then.
    ForgetEnded(jiff::Timestamp),
    /// Clears away the one-time links that never end.
    ForgetEndlessLinks,
    /// A new alert rule, or one that is changed: it keeps the `created` that it began with, since who makes a second one
    /// with the same number gets [`Error::Conflict`]. [`Error::Missing`] when it names a project or destination that is
    /// not there.
    SaveRule(AlertRule),
    /// No more alerts by this rule. What fired stays in the history.
    DeleteRule(RuleId),
    /// A new place that can be told, or one that is changed: see [`CatalogChange::SaveRule`].
    SaveDestination(Destination),
    /// [`Error::Conflict`] while a rule sends to it.
    DeleteDestination(DestinationId),
    /// What a member wants to be told of by e-mail.
    SavePreferences(UserId, Preferences),
    /// What a project and its keys may send. [`Error::Missing`] when there is no such project.
    SetLimits(ProjectId, ProjectLimits),
    /// The key that signs links. There is one, once: [`Error::Conflict`] from then on.
    SetSigningKey(SigningKey),
}

/// Projects, keys, people and their credentials: small, strongly consistent, fast to read.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// Makes the changes, all or none.
    async fn apply(&self, changes: Vec<CatalogChange>) -> Result<()>;
    /// A number that no project, user, token, alert rule or destination has or had. Two callers may get the same one: the second `Create`
    /// then fails with [`Error::Conflict`].
    async fn next_id(&self) -> Result<u64>;
    /// All projects, by slug.
    async fn projects(&self) -> Result<Vec<Project>>;
    /// One key. On the path of every envelope.
    async fn key(&self, public: PublicKey) -> Result<Option<ProjectKey>>;
    /// What a project and its keys may send. On the path of every envelope.
    async fn limits(&self, project: ProjectId) -> Result<ProjectLimits>;
    /// The keys of a project, oldest first.
    async fn keys(&self, project: ProjectId) -> Result<Vec<ProjectKey>>;
    /// All people, oldest first.
    async fn users(&self) -> Result<Vec<User>>;
    /// One token, by its hash.
    async fn token(&self, hash: SecretHash) -> Result<Option<ApiToken>>;
    /// The tokens of a person, oldest first.
    async fn tokens(&self, user: UserId) -> Result<Vec<ApiToken>>;
    /// One session, by its hash, expired or not.
    async fn session(&self, hash: SecretHash) -> Result<Option<WebSession>>;
    /// One sign-in link, by its hash, expired or not.
    async fn link(&self, hash: SecretHash) -> Result<Option<SignInLink>>;
}

/// What a batch of journal entries came to. Recorded as one unit, once: a batch whose `spans` were recorded already
/// changes nothing.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The events. One whose id the project already has is not kept but counted as `invalid`, `duplicate`.
    pub events: Vec<NewEvent>,
    /// Files that came with events; their bytes are already in [`Blobs`].
    pub attachments: Vec<Attachment>,
    /// What clients told of sessions, an item each.
    pub sessions: Vec<SessionReport>,
    /// Outcomes of everything else; those of events, attachments and sessions follow from recording them.
    pub outcomes: Vec<OutcomeCount>,
    /// Entries that could not be digested, set aside.
    pub dead: Vec<DeadLetter>,
    /// What was accepted, whatever came of it: see [`crate::model::quota`].
    pub charges: Vec<Charge>,
    /// Where the entries stood in the journal.
    pub spans: Vec<Span>,
}

/// A journal entry that digest failed on, kept for people to look at.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// The entry as it was.
    pub entry: Entry,
    /// What went wrong.
    pub reason: String,
}

/// Issues and their events.
#[async_trait]
pub trait Issues: Send + Sync {
    /// Records a batch: see [`Batch`].
    async fn record(&self, batch: Batch) -> Result<()>;
    /// One issue. The id of one that was merged leads to the issue that it is in now, here and wherever events are
    /// asked for by issue.
    async fn issue(&self, id: IssueId) -> Result<Option<Issue>>;
    /// One issue, by the name that people say; that of one that was merged leads on, too.
    async fn by_short_id(&self, id: &ShortId) -> Result<Option<Issue>>;
    /// The issues that match, sorted; without those that were merged into others.
    async fn list(&self, filter: &IssueFilter, sort: IssueSort, page: PageRequest) -> Result<Page<Issue>>;
    /// What is known of an issue beyond its row; none when it does not exist.
    async fn detail(&self, id: IssueId) -> Result<Option<IssueDetail>>;
    /// The events of an issue, latest first, those of `environment` when one is given.
    async fn events(
        &self,
        id: IssueId,
        environment: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<StoredEvent>>;
    /// The events of a project, latest first, those of `environment` when one is given.
    async fn newest(
        &self,
        project: ProjectId,
        environment: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<StoredEvent>>;
    /// One event of an issue with its neighbours in time.
    async fn event_of(&self, id: IssueId, which: EventRef) -> Result<Option<PlacedEvent>>;
    /// One event of a project.
    async fn event(&self, project: ProjectId, id: EventId) -> Result<Option<StoredEvent>>;
    /// Whether an event of a project was counted lately that is not kept.
    async fn is_counted(&self, project: ProjectId, id: EventId) -> Result<bool>;
    /// Waits until issues are not as they were at `known`, which an earlier call answered, and answers the number of now;
    /// that of another run of the program means nothing. At once without one.
    async fn changed(&self, known: Option<u64>) -> Result<u64>;
    /// How much of what events say can be searched.
    async fn searchable(&self) -> Result<Searchable>;
    /// The attachments of an event, in order of arrival.
    async fn attachments(&self, project: ProjectId, event: EventId) -> Result<Vec<Attachment>>;
}

/// What is known of an issue beyond its row.
#[derive(Debug, Clone, Default)]
pub struct IssueDetail {
    /// By tag key.
    pub tags: Vec<(String, TagKey)>,
    /// The hashes that lead to it, at most [`IssueDetail::MAX_HASHES`]; those by which its events go are among them.
    pub hashes: Vec<IssueHash>,
}

impl IssueDetail {
    /// The most hashes that are told.
    pub const MAX_HASHES: usize = 1_000;
}

/// A hash that leads to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueHash {
    /// The hash.
    pub hash: GroupHash,
    /// The events that go by it: none for one that only came along with another one's. Such a hash cannot be split out.
    pub events: Option<HashEvents>,
}

/// What is known of the events that go by one hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashEvents {
    /// What they add up to.
    pub seen: Seen,
    /// The latest of them.
    pub latest: Option<EventId>,
}

/// How much of what events say can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Searchable {
    /// Entries of the index.
    pub documents: u64,
    /// Bytes of what is recorded that it did not take in yet.
    pub behind: u64,
}

/// An event and its neighbours in its issue.
#[derive(Debug, Clone)]
pub struct PlacedEvent {
    /// The event.
    pub event: StoredEvent,
    /// The one that happened before it.
    pub previous: Option<EventId>,
    /// The one that happened after it.
    pub next: Option<EventId>,
}

/// Attachments' bytes, named by what they are.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Keeps the bytes; durable when it returns. The same bytes are kept once.
    async fn put(&self, bytes: Bytes) -> Result<BlobId>;
    /// The bytes, checked against their name.
    async fn get(&self, id: BlobId) -> Result<Option<Bytes>>;
}

/// Counts by hour.
#[async_trait]
pub trait Stats: Send + Sync {
    /// Outcomes of these projects in the range.
    async fn outcomes(&self, projects: &[ProjectId], range: TimeRange) -> Result<Vec<OutcomeRow>>;
    /// Events of each of these issues in the range, by hour; one answer an issue, in the order asked.
    async fn issue_hours(&self, issues: &[IssueId], range: TimeRange) -> Result<Vec<Hours>>;
    /// Events of a project in the range, by hour.
    async fn project_hours(&self, project: ProjectId, range: TimeRange) -> Result<Hours>;
    /// What a project's events said about it.
    async fn activity(&self, project: ProjectId) -> Result<ProjectActivity>;
    /// What was accepted of every project, and with every key of one, in the windows of limits, as far as it is recorded.
    async fn usage(&self) -> Result<Vec<(ProjectId, Option<PublicKey>, Usage)>>;
    /// How many entries could not be digested and were set aside.
    async fn dead_letters(&self) -> Result<u64>;
    /// Whether the store takes writes: there is room on the disk and the writer lives.
    async fn writable(&self) -> Result<()>;
}

/// What time it is: the edges give the system's clock, tests a manual one.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;
