//! A release beside an older one.

use jiff::Timestamp;

use super::{status_name, substatus_name};
use crate::http::api::shape::{
    Comparison, CrashFree, IssueMove, IssueRate, ListedIssue, ReleaseSide, Verdict,
};
use crate::model::comparison::{self, Change, Rate, Side, Unit};
use crate::model::{Issue, Project, ShortId};
use crate::rollout::{Ask, Compared};

pub(in crate::http::api) fn verdict(ask: &Ask, compared: &Compared) -> Verdict {
    Verdict {
        version: compared.release.version.clone(),
        baseline: compared.baseline.as_ref().map(|it| it.version.clone()),
        environment: ask.environment.clone(),
        verdict: match compared.comparison.verdict {
            comparison::Verdict::Good => "good",
            comparison::Verdict::Bad => "bad",
            comparison::Verdict::TooLittleData => "too_little_data",
        },
        reasons: compared
            .comparison
            .reasons
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// `list` renders the changes of which the issues are known.
pub(in crate::http::api) fn comparison(
    ask: &Ask,
    compared: &Compared,
    list: impl Fn(&[Change]) -> Vec<IssueMove>,
) -> Comparison {
    let found = &compared.comparison;
    Comparison {
        verdict: verdict(ask, compared),
        unit: match found.unit {
            Unit::Sessions => "sessions",
            Unit::Events => "events",
        },
        detectable: found.detectable,
        crash_free: found.crash_free.map(|it| CrashFree {
            release: it.release,
            baseline: it.baseline,
            p: it.p,
            fell: it.fell,
        }),
        release: side(&compared.release),
        baseline_side: compared.baseline.as_ref().map(side),
        candidates: compared.candidates.clone(),
        new: list(&found.new),
        regressed: list(&found.regressed),
        worse: list(&found.worse),
        better: list(&found.better),
        gone: list(&found.gone),
    }
}

pub(in crate::http::api) fn change(
    change: &Change,
    issue: &Issue,
    project: &Project,
    now: Timestamp,
) -> IssueMove {
    let short_id = ShortId {
        slug: project.slug.clone(),
        number: issue.number,
    };
    IssueMove {
        issue: ListedIssue {
            id: issue.id.0.to_string(),
            short_id: short_id.to_string(),
            title: issue.seen.title.clone(),
            culprit: issue.seen.culprit.clone(),
            level: issue.seen.level.as_str(),
            status: status_name(issue.status),
            substatus: substatus_name(issue.status, issue.substatus_at(now)),
        },
        regression: change.regression.clone(),
        release: rate(&change.release),
        baseline: rate(&change.baseline),
        ratio: change.ratio,
        interval: change.interval,
        confidence: 1.0 - change.p,
        sure: change.sure,
    }
}

fn side(side: &Side) -> ReleaseSide {
    ReleaseSide {
        sessions: side.sessions.map(|it| it.started),
        crashed: side.sessions.map(|it| it.crashed),
        events: side.events,
    }
}

fn rate(rate: &Rate) -> IssueRate {
    IssueRate {
        events: rate.tally.events,
        users: rate.tally.users,
        per_thousand: rate.per_thousand,
    }
}
