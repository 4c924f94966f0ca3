//! From what is kept to the shapes of the API. Pure: no store, no clock, no request.

mod account;
mod activity;
mod alert;
mod delivery;
mod destination;
mod entry;
mod event;
mod firing;
mod grouping;
mod issue;
mod outcomes;
mod project;
mod regrouping;
mod release;
mod rollout;
mod sessions;
mod sighting;
mod standing;

pub(super) use account::{api_token, me, member, organization, team, user};
pub(super) use activity::{activity, first_seen};
pub(super) use alert::alert_rule;
pub(super) use delivery::{Recipients, delivery, notifications};
pub(super) use destination::destination;
pub(super) use event::{attachment, event, event_summary};
pub(super) use firing::{firing, held_firing, moment};
pub(super) use grouping::grouping_info;
pub(super) use issue::{hash, issue, issue_name, status_name, substatus_name, tag};
pub(super) use outcomes::{Grouping, outcomes};
pub(super) use project::{key, project, project_quotas, whole_project};
pub(super) use regrouping::{grouping_preview, project_grouping};
pub(super) use release::{commit, deploy, health_data, release};
pub(super) use rollout::{change, comparison, verdict};
pub(super) use sessions::{Field, Groups as SessionGroups, sessions};
pub(super) use sighting::{committers, issue_release, markers};
pub(super) use standing::{actor, merged, ruled};
