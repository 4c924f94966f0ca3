//! What the API is asked: bodies and query strings, as they are read from a request.
//!
//! Unknown fields are ignored, as clients of other versions send them; meaning is given to the values further down.

mod alert;
mod edit;
mod quota;
mod releases;
mod rollout;

use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};

pub use alert::{
    AlertRuleSearch, AskBacktest, AskTest, DeliverySearch, EditAlertRule, EditDestination, EditNotifications,
    FiringSearch,
};
pub use edit::{EditIssue, InCommit, Note, StatusDetails, Switch};
pub use quota::{EditQuotas, Quota, RateLimit};
pub use releases::{
    EditRelease, HeadRef, MarkerSearch, NewDeploy, NewRelease, ProjectName, ReleaseSearch, SentCommit,
    SentFile, SessionSearch,
};
pub use rollout::Against;

/// Credentials.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// E-mail address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
}

/// A one-time sign-in link.
#[derive(Deserialize, ToSchema)]
pub struct FollowLink {
    /// What stands behind `#` in the link.
    pub token: String,
}

/// Changes to one's own account; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditMe {
    /// Name for people.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The new password, at least 8 characters.
    pub password: Option<String>,
    /// Needed to change e-mail address or password once there is a password.
    pub current_password: Option<String>,
}

/// A new API token.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
}

/// An invitation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Invite {
    /// E-mail address of the new member.
    pub email: String,
    /// `owner`, `admin` or `member`.
    pub role: String,
    /// Name for people.
    pub name: Option<String>,
}

/// Changes to a member; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EditMember {
    /// `owner`, `admin` or `member`.
    pub role: Option<String>,
    /// Name for people.
    pub name: Option<String>,
}

/// A new project.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewProject {
    /// Name for people.
    pub name: String,
    /// Name in URLs; made from `name` when absent.
    pub slug: Option<String>,
    /// For example `python`.
    pub platform: Option<String>,
}

/// Changes to a project; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditProject {
    /// Name for people.
    pub name: Option<String>,
    /// Name in URLs.
    pub slug: Option<String>,
    /// For example `python`.
    pub platform: Option<String>,
    /// Rules about stack traces, one a line.
    pub grouping_enhancements: Option<String>,
    /// Rules about fingerprints, one a line.
    pub fingerprinting_rules: Option<String>,
    /// Days that its payloads are kept, at most 3,650; 0 for as long as the settings say.
    pub retention_days: Option<u32>,
}

/// The grouping rules of a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rules {
    /// Rules about stack traces, one a line.
    #[serde(default)]
    pub grouping_enhancements: String,
    /// Rules about fingerprints, one a line.
    #[serde(default)]
    pub fingerprinting_rules: String,
}

/// What an event is compared with.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupingSearch {
    /// Id of an event of the same project.
    pub compare: Option<String>,
    /// So many issues that resemble it, at most and unless told 5.
    pub nearest: Option<usize>,
}

/// Grouping rules, and what they hold for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditGrouping {
    /// The rules.
    #[serde(flatten)]
    pub rules: Rules,
    /// `new` for events to come, `history` for those that are stored, too.
    pub apply_to: String,
}

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewKey {
    /// What it is for.
    pub name: Option<String>,
}

/// Changes to a key; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditKey {
    /// What it is for.
    pub name: Option<String>,
    /// False refuses events that come with it.
    pub is_active: Option<bool>,
    /// How many items may be sent with it, instead of all quotas on items of any kind; null for no bound.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<RateLimit>)]
    pub rate_limit: Option<Option<RateLimit>>,
    /// How much may be sent with it, all of them: those that are not named any more go.
    pub quotas: Option<Vec<Quota>>,
}

/// Tells `null` from nothing.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Which hashes of an issue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HashChoice {
    /// 32 hex digits each.
    #[serde(default)]
    pub id: Vec<String>,
}

/// A stretch of time: `statsPeriod` back from now, or from `start` to `end`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    /// For example `24h`, `14d` or `90d`.
    pub stats_period: Option<String>,
    /// RFC 3339, or a date and time in UTC.
    pub start: Option<String>,
    /// RFC 3339, or a date and time in UTC.
    pub end: Option<String>,
}

/// Which issues, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct IssueSearch {
    /// For example `is:unresolved level:error !release:1.0 "out of memory" conn*refused`. Text is looked for in titles,
    /// culprits, messages, exceptions, frames and breadcrumbs.
    pub query: Option<String>,
    /// Ids of projects; none or -1 means all.
    #[serde(default)]
    pub project: Vec<String>,
    /// Names of environments; none means all.
    #[serde(default)]
    pub environment: Vec<String>,
    /// `date` (last seen), `new` (first seen), `freq` (events), `user` (users) or `priority` (late, of many users, severe or back).
    pub sort: Option<String>,
}

/// Which issues to change.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IssueChoice {
    /// Ids of issues.
    #[serde(default)]
    pub id: Vec<String>,
    /// All that match, when no id is given.
    pub query: Option<String>,
    /// Ids of projects; none or -1 means all.
    #[serde(default)]
    pub project: Vec<String>,
    /// Names of environments; none means all. Issues are resolved for the one that is named.
    #[serde(default)]
    pub environment: Vec<String>,
}

impl IssueChoice {
    /// The same where the address says of which project.
    pub fn of_one_project(self) -> Self {
        Self {
            project: Vec::new(),
            ..self
        }
    }
}

/// Which events of an issue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventSearch {
    /// Name of an environment; none means all.
    pub environment: Option<String>,
}

/// How finely a stretch of time is counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct SeriesSearch {
    /// `1h` or `1d`.
    pub interval: Option<String>,
}

/// Which outcomes, and how they are summed up.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeSearch {
    /// `sum(quantity)`.
    pub field: Option<String>,
    /// `outcome`, `category`, `reason`, `project`.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// Only these categories, for example `error`.
    #[serde(default)]
    pub category: Vec<String>,
    /// Only these outcomes, for example `accepted`.
    #[serde(default)]
    pub outcome: Vec<String>,
    /// Only these reasons.
    #[serde(default)]
    pub reason: Vec<String>,
    /// Ids of projects; none or -1 means all.
    #[serde(default)]
    pub project: Vec<String>,
    /// `1h` or `1d`.
    pub interval: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// From the `Link` header of the page before.
    pub cursor: Option<String>,
    /// Entries a page, 1 to 100; 25 unless told.
    pub per_page: Option<String>,
    /// The same under another name.
    pub limit: Option<String>,
}

/// Whether to add counts over time.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ProjectSearch {
    /// For example `24h` or `14d`: adds `stats` and `unresolvedCount`.
    pub stats_period: Option<String>,
}

/// What is wanted of an attachment.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Download {
    /// Present, whatever its value, for the bytes instead of the description.
    pub download: Option<String>,
}
