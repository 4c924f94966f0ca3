//! What the API answers: one serialisable type per object, in the field names that Sentry's clients read.
//!
//! Shapes hold no logic beyond "how a thing we keep is spelled on the wire"; they read no store and no clock.

mod account;
mod activity;
mod alert;
mod attachment;
mod delivery;
mod destination;
mod entry;
mod error;
mod event;
mod firing;
mod grouping;
mod health;
mod issue;
mod organization;
mod project;
mod quota;
mod regrouping;
mod release;
mod rollout;
mod sighting;
mod standing;
mod stats;
mod storage;
mod tag;

pub use account::{
    ApiToken, Index, IndexAuth, Me, Member, Minted, NewLink, NewMember, Region, Regions, User,
};
pub use activity::{Activities, Activity};
pub use alert::{AlertAction, AlertCondition, AlertRule, AlertTest, QuietHours, Trigger};
pub use attachment::Attachment;
pub use delivery::{AlertDelivery, DeliveryAttempt, DeliveryRecipient, Notifications, Unsubscription};
pub use destination::{Channel, Destination, Tested};
pub use entry::{
    Breadcrumb, Breadcrumbs, Entry, Exceptions, Frame, Message, Request, StackTrace, Thread, Threads, Thrown,
};
pub use error::Problem;
pub use event::{Event, EventLookup, EventSummary, EventTag, EventUser, Remark, Sdk, Version};
pub use firing::{
    Backtest, BacktestMoment, Firing, FiringCause, FiringHeld, FiringIssue, FiringReason, FiringRelease,
    FiringRule, FiringSpike, HeldFiring,
};
pub use grouping::{Component, GroupingDifference, GroupingInfo, GroupingVariant, NearMiss};
pub use health::{Health, LoopFailures};
pub use issue::{Hash, HashEvent, Issue, IssueName, IssueProject, Lifetime, Metadata, ShortIdLookup, Split};
pub use organization::{Avatar, Organization, OrganizationLinks, OrganizationStatus, Team};
pub use project::{Dsn, Key, Project};
pub use quota::{ProjectQuotas, Quota, RateLimit};
pub use regrouping::{
    GroupingJob, GroupingPreview, MergePreview, PreviewedFlow, PreviewedIssue, ProjectGrouping, SplitPreview,
};
pub use release::{
    Author, ChangedFile, Commit, Deploy, HealthData, RawVersion, Release, ReleaseProject, Repository,
    SessionGroup, Sessions, VersionInfo,
};
pub use rollout::{Comparison, CrashFree, IssueMove, IssueRate, ListedIssue, ReleaseSide, Verdict};
pub use sighting::{Committer, Committers, IssueEnvironment, IssueRelease, Marker, SuspectCommit};
pub use standing::{Actor, CommitId, IssueChange, IssueStatusDetails, MergedIssues};
pub use stats::{Counts, IssueSeries, OutcomeGroup, Outcomes, Series};
pub use storage::{ProjectStorage, Storage, StorageKinds};
pub use tag::{Tag, TagDetails, TagValue};
