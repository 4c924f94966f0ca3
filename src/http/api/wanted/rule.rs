//! A rule: its parts one by one, so that whoever wrote it is told which one cannot be read.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Faults;
use crate::http::api::ask::EditAlertRule;
use crate::http::api::change::assignee;
use crate::http::api::said::time;
use crate::http::api::search::chosen;
use crate::http::api::shape::{AlertAction, AlertCondition, AlertTest, QuietHours, Trigger};
use crate::http::error::ApiError;
use crate::model::alert::{self, Action, AlertRule, Condition, DestinationId, Test, When, Whom};
use crate::model::{Project, User, UserId};

/// Whom and what a rule may name.
pub(in crate::http::api) struct Around<'a> {
    /// Who asks.
    pub(in crate::http::api) me: &'a User,
    /// All members.
    pub(in crate::http::api) people: &'a [User],
    /// All projects.
    pub(in crate::http::api) projects: &'a [Project],
}

/// The rule `kept`, after what was asked to be changed.
pub(in crate::http::api) fn rule(
    mut kept: AlertRule,
    asked: EditAlertRule,
    around: &Around<'_>,
) -> Result<AlertRule, ApiError> {
    let mut faults = Faults::default();
    if let Some(name) = asked.name {
        kept.name = name.trim().to_owned();
    }
    if let Some(name) = asked.project {
        match name.map(|name| chosen(&[name], around.projects)).transpose() {
            Ok(found) => kept.project = found.and_then(|ids| ids.first().copied()),
            Err(fault) => faults.add("project", &fault.to_string()),
        }
    }
    kept.enabled = asked.enabled.unwrap_or(kept.enabled);
    if let Some(parts) = asked.when {
        kept.when = each(&mut faults, "when", parts, |_, part, _| when(part));
    }
    if let Some(parts) = asked.conditions {
        kept.conditions = each(
            &mut faults,
            "conditions",
            parts,
            |at, part: AlertCondition, faults| {
                let negated = part.negated;
                let test = test(&at, part.test, around, faults)?;
                Some(Condition { test, negated })
            },
        )
        .into_iter()
        .flatten()
        .collect();
    }
    if let Some(parts) = asked.actions {
        kept.actions = each(&mut faults, "actions", parts, |at, part, faults| {
            action(&at, part, faults)
        })
        .into_iter()
        .flatten()
        .collect();
    }
    kept.at_most_every = asked.at_most_every.unwrap_or(kept.at_most_every);
    if let Some(hours) = asked.quiet {
        kept.quiet = hours
            .and_then(|hours| faults.read::<QuietHours>("quiet", hours))
            .map(quiet);
    }
    if let Some(until) = asked.muted_until {
        match time("mutedUntil", until.as_deref()) {
            Ok(until) => kept.muted_until = until,
            Err(_) => faults.add("mutedUntil", "is a time such as 2026-03-01T10:20:00Z"),
        }
    }
    faults.end("rule")?;
    Ok(kept)
}

/// What `make` makes of each part, given its place; nothing is read of more than there may be.
fn each<T: DeserializeOwned, U>(
    faults: &mut Faults,
    field: &str,
    parts: Vec<Value>,
    make: impl Fn(String, T, &mut Faults) -> U,
) -> Vec<U> {
    if parts.len() > AlertRule::MAX_PARTS {
        faults.add(field, "has at most 20 entries");
        return Vec::new();
    }
    let mut made = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        let at = format!("{field}[{index}]");
        if let Some(part) = faults.read(&at, part) {
            made.push(make(at, part, faults));
        }
    }
    made
}

fn when(asked: Trigger) -> When {
    match asked {
        Trigger::NewIssue => When::NewIssue,
        Trigger::Regressed => When::Regressed,
        Trigger::Escalated => When::Escalated,
        Trigger::IssueSpike => When::IssueSpike,
        Trigger::ProjectSpike => When::ProjectSpike,
        Trigger::Events { count, minutes } => When::Events { count, minutes },
        Trigger::Users { count, minutes } => When::Users { count, minutes },
        Trigger::CrashFree {
            below,
            minutes,
            sessions,
        } => When::CrashFree {
            below,
            minutes,
            sessions,
        },
        Trigger::ErrorRate {
            above,
            minutes,
            sessions,
        } => When::ErrorRate {
            above,
            minutes,
            sessions,
        },
        Trigger::BadRelease => When::BadRelease,
        Trigger::Silence { minutes } => When::Silence { minutes },
    }
}

fn test(at: &str, asked: AlertTest, around: &Around<'_>, faults: &mut Faults) -> Option<Test> {
    Some(match asked {
        AlertTest::Environment { names } => Test::Environment { names },
        AlertTest::Level { least } => match least.parse() {
            Ok(least) => Test::Level { least },
            Err(_) => {
                faults.add(&format!("{at}.least"), "is fatal, error, warning, info or debug");
                return None;
            }
        },
        AlertTest::Release { pattern } => Test::Release { pattern },
        AlertTest::Tag { key, pattern } => Test::Tag { key, pattern },
        AlertTest::Platform { names } => Test::Platform { names },
        AlertTest::Assignee { to } => {
            match assignee(to.as_deref().unwrap_or_default(), "to", around.me, around.people) {
                Ok(to) => Test::Assignee { to },
                Err(_) => {
                    faults.add(
                        &format!("{at}.to"),
                        "is a member, such as user:1, team:everyone, or null",
                    );
                    return None;
                }
            }
        }
        AlertTest::Title { pattern } => Test::Title { pattern },
        AlertTest::Type { pattern } => Test::Type { pattern },
        AlertTest::Younger { minutes } => Test::Younger { minutes },
    })
}

fn action(at: &str, asked: AlertAction, faults: &mut Faults) -> Option<Action> {
    let to = match asked {
        AlertAction::Send { destination } => match destination.parse() {
            Ok(id) => {
                let destination = DestinationId(id);
                return Some(Action::Send { destination });
            }
            Err(_) => {
                faults.add(&format!("{at}.destination"), "is the id of a destination");
                return None;
            }
        },
        AlertAction::Mail { to, members } => match to.as_str() {
            "everyone" => Whom::Everyone,
            "assignee" => Whom::Assignee,
            "members" => match members.iter().map(|id| id.parse().map(UserId)).collect() {
                Ok(ids) => Whom::Members(ids),
                Err(_) => {
                    faults.add(&format!("{at}.members"), "are ids of members");
                    return None;
                }
            },
            _ => {
                faults.add(&format!("{at}.to"), "is everyone, assignee or members");
                return None;
            }
        },
    };
    Some(Action::Mail { to })
}

fn quiet(asked: QuietHours) -> alert::QuietHours {
    alert::QuietHours {
        from: asked.from,
        until: asked.until,
        zone: asked.zone,
    }
}
