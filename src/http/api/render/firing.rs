//! What fired, and why.

use jiff::tz::TimeZone;

use super::alert::trigger;
use super::issue::issue_project;
use crate::http::api::shape::{
    AlertDelivery, BacktestMoment, Firing, FiringCause, FiringHeld, FiringIssue, FiringReason, FiringRelease,
    FiringRule, FiringSpike, HeldFiring,
};
use crate::model::alert::firing::Cause;
use crate::model::alert::happening::Spike;
use crate::model::alert::{self, Happened, Reason};
use crate::model::{IssueId, Project, ShortId};
use crate::notify::Message;

/// A firing in `project`, with what was brought to whom.
pub(in crate::http::api) fn firing(
    fired: &alert::Firing,
    project: &Project,
    deliveries: Vec<AlertDelivery>,
) -> Firing {
    Firing {
        id: fired.id.0.to_string(),
        rule: rule(fired),
        project: issue_project(project),
        date_fired: fired.time,
        causes: causes(fired, project),
        total: fired.total,
        released: fired.released.clone().map(release),
        silent: fired.silent.clone(),
        held: fired.held.map(held),
        deliveries,
    }
}

/// What is held.
pub(in crate::http::api) fn held_firing(waits: &alert::Firing, project: &Project) -> HeldFiring {
    HeldFiring {
        rule: rule(waits),
        project: issue_project(project),
        causes: causes(waits, project),
        total: waits.total,
        held: waits.held.map(held),
    }
}

fn rule(fired: &alert::Firing) -> FiringRule {
    FiringRule {
        id: fired.rule.0.to_string(),
        name: fired.rule_name.clone(),
    }
}

fn held(held: alert::Held) -> FiringHeld {
    FiringHeld {
        since: held.since,
        until: held.until,
        why: held.by.why(),
    }
}

/// A firing that would have been.
pub(in crate::http::api) fn moment(fired: &alert::Firing, project: &Project) -> BacktestMoment {
    BacktestMoment {
        time: fired.time,
        project: issue_project(project),
        causes: causes(fired, project),
        total: fired.total,
        released: fired.released.clone().map(release),
        silent: fired.silent.clone(),
    }
}

/// In the words of its message, times by the clock of UTC.
fn causes(fired: &alert::Firing, project: &Project) -> Vec<FiringCause> {
    let message = Message::of(
        String::new(),
        std::slice::from_ref(fired),
        project,
        "",
        &TimeZone::UTC,
    );
    let told = message.map(|message| message.causes).unwrap_or_default();
    let causes = fired.causes.iter().zip(told);
    let shown = causes.map(|(cause, told)| FiringCause {
        when: trigger(&cause.when),
        issue: cause.issue.map(|id| issue(id, cause, project)),
        why: told.why,
        reason: reason(&cause.reason),
    });
    shown.collect()
}

fn issue(id: IssueId, cause: &Cause, project: &Project) -> FiringIssue {
    let subject = &cause.subject;
    let short_id = ShortId {
        slug: project.slug.clone(),
        number: subject.number,
    };
    FiringIssue {
        id: id.0.to_string(),
        short_id: short_id.to_string(),
        title: subject.title.clone(),
        culprit: subject.culprit.clone(),
        level: subject.level.map(|level| level.as_str()),
        release: subject.release.clone(),
        environment: subject.environment.clone(),
        events: subject.events,
        users: subject.users,
    }
}

fn reason(reason: &Reason) -> FiringReason {
    let what = match reason {
        Reason::Counted { observed, of } => {
            return FiringReason::Counted {
                observed: *observed,
                of: *of,
            };
        }
        Reason::Ended { since } => return FiringReason::Ended { since: *since },
        Reason::Happened { what, .. } => what.clone(),
    };
    match what {
        Happened::New => FiringReason::New,
        Happened::Regressed(_) => FiringReason::Regressed,
        Happened::Escalated { .. } => FiringReason::Escalated,
        Happened::Spiking(it) => FiringReason::Spiking(spike(it)),
        Happened::Recovered(it) => FiringReason::Recovered(spike(it)),
        Happened::Unwatched { since } => FiringReason::Unwatched { since },
        Happened::Released { version, environment } => {
            FiringReason::Released(release((version, environment)))
        }
        Happened::BadRelease {
            version,
            environment,
            baseline,
            reasons,
        } => FiringReason::BadRelease {
            version,
            environment,
            baseline,
            reasons,
        },
    }
}

fn spike(it: Spike) -> FiringSpike {
    FiringSpike {
        since: it.since,
        observed: it.observed,
        minutes: it.minutes,
        expected: it.expected_milli as f64 / 1_000.0,
        baseline: it.baseline,
    }
}

fn release((version, environment): (String, Option<String>)) -> FiringRelease {
    FiringRelease { version, environment }
}
