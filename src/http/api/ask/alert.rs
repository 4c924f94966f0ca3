//! What is asked of alerts: rules, destinations, their history, and what members want.
//!
//! Parts of a rule stand here as they came: whoever reads them says which one was wrong.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::http::api::shape::{AlertAction, AlertCondition, Channel, QuietHours, Trigger};

/// A rule; what is absent stays, or in a new one is what it usually is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditAlertRule {
    /// Name for people.
    pub name: Option<String>,
    /// Id or slug of the project that it watches; null for all.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub project: Option<Option<String>>,
    /// False switches it off.
    pub enabled: Option<bool>,
    /// One of these has to happen, 1 to 20.
    #[schema(value_type = Option<Vec<Trigger>>)]
    pub when: Option<Vec<Value>>,
    /// All of these have to hold, at most 20.
    #[schema(value_type = Option<Vec<AlertCondition>>)]
    pub conditions: Option<Vec<Value>>,
    /// These are told, 1 to 20.
    #[schema(value_type = Option<Vec<AlertAction>>)]
    pub actions: Option<Vec<Value>>,
    /// After it fired for an issue it is silent about that one for so many minutes; 30 unless told.
    pub at_most_every: Option<u32>,
    /// When it is silent every day; null for never.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<QuietHours>)]
    pub quiet: Option<Option<Value>>,
    /// It is silent until then; null ends that.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub muted_until: Option<Option<String>>,
}

/// A rule to be tried on the past; what it is called and who would be told may be absent.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskBacktest {
    /// The rule.
    #[serde(flatten)]
    pub rule: EditAlertRule,
    /// Over so many days, 1 to 14; 14 unless told.
    pub days: Option<i64>,
}

/// A destination; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EditDestination {
    /// Name for people.
    pub name: Option<String>,
    /// How it is told.
    #[schema(value_type = Option<Channel>)]
    pub channel: Option<Value>,
}

/// What is to be tried: a saved destination, one that is not saved (yet), or mail to oneself.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskTest {
    /// Id of a destination; with `channel` it lends its secrets only.
    pub destination: Option<String>,
    /// How to tell it.
    #[schema(value_type = Option<Channel>)]
    pub channel: Option<Value>,
    /// True for an e-mail to the caller.
    #[serde(default)]
    #[schema(required = false)]
    pub mail: bool,
}

/// Which rules.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlertRuleSearch {
    /// Ids or slugs of projects; none or -1 means all. Rules for all projects are always there.
    #[serde(default)]
    pub project: Vec<String>,
}

/// Which firings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiringSearch {
    /// Ids or slugs of projects; none or -1 means all.
    #[serde(default)]
    pub project: Vec<String>,
    /// Id of a rule.
    pub rule: Option<String>,
    /// Id or short id of an issue.
    pub issue: Option<String>,
    /// Ids of firings, at most 100: these, whatever else is asked.
    #[serde(default)]
    pub firing: Vec<String>,
}

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliverySearch {
    /// `undelivered` for those that nobody got who was to: given up, or dropped since no mail server is set up; all unless
    /// told.
    pub state: Option<String>,
}

/// Changes to what one wants by e-mail; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EditNotifications {
    /// `all`, `mine` or `none`.
    pub alerts: Option<String>,
    /// `off`, `daily` or `weekly`.
    pub digest: Option<String>,
    /// The hour of the day at which digests come, 0 to 23.
    pub hour: Option<u8>,
    /// Name of a time zone, such as `Europe/Berlin`.
    pub zone: Option<String>,
}

/// Tells `null` from nothing.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}
