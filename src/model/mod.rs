//! What we keep: the domain's nouns and the pure rules that belong to them.
//!
//! No I/O, no clock, no keys, no HTTP shapes: `store` moves these as bytes, `http::api` shows them in Sentry's
//! shapes. Times are `jiff::Timestamp`, kept to the microsecond; *now* is always an argument.

pub mod activity;
pub mod alert;
pub mod attention;
pub mod brief;
pub mod comparison;
pub mod event;
pub mod failures;
pub mod issue;
pub mod lifecycle;
pub mod outcome;
pub mod page;
pub mod part;
pub mod person;
pub mod project;
pub mod query;
pub mod quota;
pub mod regrouping;
pub mod release;
pub mod retention;
pub mod sampling;
pub mod seen;
pub mod session;
pub mod suspect;
pub mod tags;
pub mod timeline;
pub mod title;

pub use activity::{Activity, ActivityId, Deed, MergedIssue};
pub use attention::{Assignee, Interest, Wish};
pub use brief::{Brief, Rank, TagPrint, TagPrints};
pub use event::{Attachment, BlobId, EventRecord, EventRef, GroupHash, NewEvent, StoredEvent};
pub use failures::Failures;
pub use issue::{Issue, IssueFilter, IssueId, IssueSort, Metadata, ShortId, Stand, Status, Substatus};
pub use outcome::{Outcome, OutcomeCount, OutcomeRow};
pub use page::{Cursor, Page, PageRequest};
pub use part::{Part, PartId, StandIn};
pub use person::{ApiToken, Role, SecretHash, SignInLink, User, UserId, WebSession};
pub use project::{GroupingRules, Project, ProjectActivity, ProjectKey};
pub use query::{Query, QueryError, Viewer, Wanted};
pub use quota::ProjectLimits;
pub use regrouping::{RegroupEnd, Regrouping};
pub use release::{
    ChangedFile, Commit, Deploy, FileChange, Release, ReleaseId, ReleaseStatus, Sighting, Sightings,
};
pub use seen::{Seen, SeenRelease};
pub use tags::{TagKey, TagValue};
pub use timeline::{TimeRange, Timeline};
