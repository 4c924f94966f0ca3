//! Sessions over time, in the fields that are asked for.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::super::shape::{SessionGroup, Sessions};
use crate::http::api::period::Span;
use crate::model::session::{Apart, Health, SessionCounts, UserCounts};
use crate::model::timeline::{DAY, Timeline, at};

/// What can be asked of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http::api) enum Field {
    Sessions,
    Users,
    CrashRate(Of),
    CrashFreeRate(Of),
    ErroredRate,
    AbnormalRate,
    UnhandledRate,
}

/// Whose rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http::api) enum Of {
    Sessions,
    Users,
}

impl Field {
    /// The field of this name.
    pub(in crate::http::api) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "sum(session)" => Self::Sessions,
            "count_unique(user)" => Self::Users,
            "crash_rate(session)" => Self::CrashRate(Of::Sessions),
            "crash_rate(user)" => Self::CrashRate(Of::Users),
            "crash_free_rate(session)" => Self::CrashFreeRate(Of::Sessions),
            "crash_free_rate(user)" => Self::CrashFreeRate(Of::Users),
            "errored_rate(session)" => Self::ErroredRate,
            "abnormal_rate(session)" => Self::AbnormalRate,
            "unhandled_rate(session)" => Self::UnhandledRate,
            _ => return None,
        })
    }

    /// Its value: of sessions that ended in one way when `status` is given. None without data, and of users that were
    /// not told apart.
    fn of(self, sessions: &SessionCounts, users: Option<UserCounts>, status: Option<Status>) -> Value {
        self.number(sessions, users, status)
            .map_or(Value::Null, Value::Number)
    }

    fn number(
        self,
        sessions: &SessionCounts,
        users: Option<UserCounts>,
        status: Option<Status>,
    ) -> Option<Number> {
        let rate = |part: u64| (sessions.started > 0).then(|| part as f64 / sessions.started as f64);
        let value = match (self, status) {
            (Self::Sessions, None) => return Some(sessions.started.into()),
            (Self::Sessions, Some(status)) => return Some(status.count(sessions).into()),
            (Self::Users, None) => return users.map(|users| users.all.into()),
            (Self::Users, Some(Status::Crashed)) => return users.map(|users| users.crashed.into()),
            (_, Some(_)) => None,
            (Self::CrashFreeRate(Of::Sessions), None) => sessions.crash_free(),
            (Self::CrashFreeRate(Of::Users), None) => users?.crash_free(),
            (Self::CrashRate(Of::Sessions), None) => sessions.crash_free().map(|free| 1.0 - free),
            (Self::CrashRate(Of::Users), None) => users?.crash_free().map(|free| 1.0 - free),
            (Self::ErroredRate, None) => rate(sessions.only_errored()),
            (Self::AbnormalRate, None) => rate(sessions.abnormal),
            (Self::UnhandledRate, None) => rate(sessions.unhandled),
        };
        value.and_then(Number::from_f64)
    }
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Healthy,
    Errored,
    Unhandled,
    Abnormal,
    Crashed,
}

impl Status {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Healthy, "healthy"),
        (Self::Errored, "errored"),
        (Self::Unhandled, "unhandled"),
        (Self::Abnormal, "abnormal"),
        (Self::Crashed, "crashed"),
    ];

    fn count(self, sessions: &SessionCounts) -> u64 {
        match self {
            Self::Healthy => sessions.healthy(),
            Self::Errored => sessions.only_errored(),
            Self::Unhandled => sessions.unhandled,
            Self::Abnormal => sessions.abnormal,
            Self::Crashed => sessions.crashed,
        }
    }
}

/// By what sessions are grouped.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::http::api) struct Groups {
    /// What has rows of its own in the store.
    pub(in crate::http::api) apart: Apart,
    /// Whether those that ended differently are told apart.
    pub(in crate::http::api) by_status: bool,
}

/// The answer.
pub(in crate::http::api) fn sessions(
    rows: &[Health],
    fields: &[(String, Field)],
    groups: Groups,
    span: &Span,
    query: String,
) -> Sessions {
    let buckets = Timeline::new(&[], span.range, span.step).buckets;
    let mut shown = Vec::new();
    for row in rows {
        let by = by(row, groups.apart);
        if !groups.by_status {
            shown.push(group(row, fields, by, None, &buckets, span.step));
            continue;
        }
        for (status, name) in Status::ALL {
            let mut by = by.clone();
            by.insert("session.status", name.into());
            shown.push(group(row, fields, by, Some(status), &buckets, span.step));
        }
    }
    Sessions {
        start: span.range.start,
        end: span.range.end,
        query,
        intervals: buckets.iter().map(|(start, _)| at(*start)).collect(),
        groups: shown,
    }
}

fn by(row: &Health, apart: Apart) -> BTreeMap<&'static str, Value> {
    let mut by = BTreeMap::new();
    if apart.projects {
        by.insert("project", row.project.map_or(Value::Null, |id| id.0.into()));
    }
    if apart.releases {
        by.insert("release", row.release.clone().unwrap_or_default().into());
    }
    if apart.environments {
        by.insert("environment", row.environment.clone().unwrap_or_default().into());
    }
    by
}

fn group(
    row: &Health,
    fields: &[(String, Field)],
    by: BTreeMap<&'static str, Value>,
    status: Option<Status>,
    buckets: &[(i64, u64)],
    step: i64,
) -> SessionGroup {
    let total = row.total().sessions;
    let mut series: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (start, _) in buckets {
        let within = |time: i64| (*start..*start + step).contains(&time);
        let mut sessions = SessionCounts::default();
        for (_, used) in row.hours.iter().filter(|(hour, _)| within(*hour)) {
            sessions += used.sessions;
        }
        // Users are counted by day: an hour's are not known.
        let users = row.days.iter().find(|(day, _)| step == DAY && within(*day));
        let users = users.map(|(_, users)| *users);
        let users = users.or((step == DAY).then(UserCounts::default));
        for (name, field) in fields {
            let values = series.entry(name.clone()).or_default();
            values.push(field.of(&sessions, users, status));
        }
    }
    let totals = fields.iter();
    let totals = totals.map(|(name, field)| (name.clone(), field.of(&total, Some(row.users), status)));
    SessionGroup {
        by,
        totals: totals.collect(),
        series,
    }
}
