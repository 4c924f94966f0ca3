//! Alert rules.

use jiff::Timestamp;

use super::account::user;
use super::issue::issue_project;
use crate::http::api::shape::{self, AlertAction, AlertCondition, AlertTest, Trigger};
use crate::model::alert::{Action, AlertRule, Condition, QuietHours, Test, When, Whom};
use crate::model::{Assignee, Project, User};

/// A rule, and when it fired last; `people` are those who may have made it.
pub(in crate::http::api) fn alert_rule(
    rule: &AlertRule,
    last_fired: Option<Timestamp>,
    projects: &[Project],
    people: &[User],
) -> shape::AlertRule {
    let project = projects.iter().find(|it| Some(it.id) == rule.project);
    let author = people.iter().find(|it| Some(it.id) == rule.author);
    shape::AlertRule {
        id: rule.id.0.to_string(),
        name: rule.name.clone(),
        project: project.map(issue_project),
        enabled: rule.enabled,
        when: rule.when.iter().map(trigger).collect(),
        conditions: rule.conditions.iter().map(condition).collect(),
        actions: rule.actions.iter().map(action).collect(),
        to_owners: rule.has_nobody(),
        at_most_every: rule.at_most_every,
        quiet: rule.quiet.as_ref().map(quiet),
        muted_until: rule.muted_until,
        last_fired,
        date_created: rule.created,
        created_by: author.map(user),
    }
}

pub(super) fn trigger(when: &When) -> Trigger {
    match *when {
        When::NewIssue => Trigger::NewIssue,
        When::Regressed => Trigger::Regressed,
        When::Escalated => Trigger::Escalated,
        When::IssueSpike => Trigger::IssueSpike,
        When::ProjectSpike => Trigger::ProjectSpike,
        When::Events { count, minutes } => Trigger::Events { count, minutes },
        When::Users { count, minutes } => Trigger::Users { count, minutes },
        When::CrashFree {
            below,
            minutes,
            sessions,
        } => Trigger::CrashFree {
            below,
            minutes,
            sessions,
        },
        When::ErrorRate {
            above,
            minutes,
            sessions,
        } => Trigger::ErrorRate {
            above,
            minutes,
            sessions,
        },
        When::BadRelease => Trigger::BadRelease,
        When::Silence { minutes } => Trigger::Silence { minutes },
    }
}

fn condition(kept: &Condition) -> AlertCondition {
    let pattern = String::clone;
    let test = match &kept.test {
        Test::Environment { names } => AlertTest::Environment { names: names.clone() },
        Test::Level { least } => AlertTest::Level {
            least: least.to_string(),
        },
        Test::Release { pattern: it } => AlertTest::Release { pattern: pattern(it) },
        Test::Tag { key, pattern: it } => AlertTest::Tag {
            key: key.clone(),
            pattern: pattern(it),
        },
        Test::Platform { names } => AlertTest::Platform { names: names.clone() },
        Test::Assignee { to } => AlertTest::Assignee {
            to: to.map(|to| match to {
                Assignee::User(id) => format!("user:{}", id.0),
                Assignee::Team => "team:everyone".to_owned(),
            }),
        },
        Test::Title { pattern: it } => AlertTest::Title { pattern: pattern(it) },
        Test::Type { pattern: it } => AlertTest::Type { pattern: pattern(it) },
        Test::Younger { minutes } => AlertTest::Younger { minutes: *minutes },
    };
    AlertCondition {
        test,
        negated: kept.negated,
    }
}

fn action(kept: &Action) -> AlertAction {
    let mail = |to: &str, members: Vec<String>| AlertAction::Mail {
        to: to.to_owned(),
        members,
    };
    match kept {
        Action::Send { destination } => AlertAction::Send {
            destination: destination.0.to_string(),
        },
        Action::Mail { to: Whom::Everyone } => mail("everyone", Vec::new()),
        Action::Mail { to: Whom::Assignee } => mail("assignee", Vec::new()),
        Action::Mail {
            to: Whom::Members(ids),
        } => mail("members", ids.iter().map(|id| id.0.to_string()).collect()),
    }
}

fn quiet(kept: &QuietHours) -> shape::QuietHours {
    shape::QuietHours {
        from: kept.from,
        until: kept.until,
        zone: kept.zone.clone(),
    }
}
