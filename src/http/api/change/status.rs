//! Where issues are to stand: resolved in what, archived until when.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use crate::http::api::ask::{EditIssue, StatusDetails};
use crate::http::api::period;
use crate::http::error::ApiError;
use crate::model::lifecycle::archive::{Limit, Until};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::protocol::name;

/// The most minutes of anything: a century.
const MAX_MINUTES: i64 = 100 * 366 * 24 * 60;
/// Shortest and longest hash of a commit, in bytes: fewer digits could mean many, and more has no system that keeps
/// versions.
const COMMIT: RangeInclusive<usize> = 7..=64;

/// What `asked` decides, if it does.
pub(super) fn read(
    asked: &EditIssue,
    environments: &[String],
    now: Timestamp,
) -> Result<Option<Ruling>, ApiError> {
    let none = StatusDetails::default();
    let details = asked.status_details.as_ref().unwrap_or(&none);
    let resolved = resolved_in(details)?;
    let until = until(details, asked.snooze_duration, now)?;
    let substatus = asked.substatus.as_deref();
    let Some(status) = asked.status.as_deref() else {
        return match (substatus, resolved, until) {
            (None, None, None) => Ok(None),
            (Some(_), ..) => Err(refused("substatus needs a status beside it.")),
            _ => Err(refused("statusDetails needs a status beside it.")),
        };
    };
    let decided = match (status, resolved, until) {
        ("resolved", resolved, None) => in_environment(resolved.unwrap_or(ResolvedIn::Now), environments)?,
        ("resolvedInNextRelease", None | Some(ResolvedIn::NextRelease), None) => {
            in_environment(ResolvedIn::NextRelease, environments)?
        }
        ("unresolved", None, None) if substatus == Some("new") => Ruling::Renew,
        ("unresolved", None, None) => Ruling::Unresolve,
        // `archived` is the newer word.
        ("ignored" | "archived", None, until) => Ruling::Archive(archived(until, substatus)?),
        ("resolved" | "resolvedInNextRelease" | "unresolved" | "ignored" | "archived", ..) => {
            let detail = format!("statusDetails says what does not go with status \"{status}\".");
            return Err(ApiError::bad_request(detail));
        }
        _ => {
            let detail = format!(
                "status is resolved, unresolved, ignored or resolvedInNextRelease, not \"{}\".",
                short(status)
            );
            return Err(ApiError::bad_request(detail));
        }
    };
    match (&decided, substatus) {
        (Ruling::Archive(_) | Ruling::Renew, _) | (_, None) | (Ruling::Unresolve, Some("ongoing")) => {
            Ok(Some(decided))
        }
        (_, Some(other)) => Err(ApiError::bad_request(format!(
            "substatus \"{}\" does not go with status \"{status}\".",
            short(other)
        ))),
    }
}

fn in_environment(kind: ResolvedIn, environments: &[String]) -> Result<Ruling, ApiError> {
    let mut named = environments.iter().filter(|name| !name.trim().is_empty());
    let environment = match (named.next(), named.next()) {
        (None, _) => None,
        (Some(_), Some(_)) => {
            return Err(refused(
                "environment: issues are resolved for all of them or for one.",
            ));
        }
        (Some(one), None) => name::environment(one)
            .map_err(|_| refused("environment is not a valid name."))?
            .map(str::to_owned),
    };
    Ok(Ruling::Resolve { kind, environment })
}

/// In what it is resolved, if that is said.
fn resolved_in(details: &StatusDetails) -> Result<Option<ResolvedIn>, ApiError> {
    let release = match details.in_release.as_deref() {
        None => None,
        Some("latest") => Some(ResolvedIn::CurrentRelease),
        Some(version) => {
            let version = name::release(version).ok().flatten();
            let version = version.ok_or_else(|| {
                refused("statusDetails.inRelease: a release has a name of 1 to 200 bytes, without slash and line break.")
            })?;
            Some(ResolvedIn::Release(version.to_owned()))
        }
    };
    let next = details
        .in_next_release
        .filter(|it| *it)
        .map(|_| ResolvedIn::NextRelease);
    let commit = match &details.in_commit {
        None => None,
        Some(commit) => Some(ResolvedIn::Commit(sha(&commit.commit)?)),
    };
    one_of([release, next, commit])
}

fn sha(text: &str) -> Result<String, ApiError> {
    let sha = text.trim();
    let is_hash = COMMIT.contains(&sha.len()) && sha.chars().all(|c| c.is_ascii_alphanumeric());
    match is_hash {
        true => Ok(sha.to_lowercase()),
        false => Err(refused(
            "statusDetails.inCommit.commit is not the hash of a commit, of which at least 7 digits are needed.",
        )),
    }
}

/// Until when it is archived, if that is said.
fn until(details: &StatusDetails, snooze: Option<i64>, now: Timestamp) -> Result<Option<Until>, ApiError> {
    let minutes = |field, value: Option<i64>| within(field, value, MAX_MINUTES, "minutes");
    let duration = match minutes("statusDetails.ignoreDuration", details.ignore_duration)? {
        None => minutes("snoozeDuration", snooze)?,
        duration => duration,
    };
    let duration = duration.and_then(|minutes| now.checked_add(SignedDuration::from_mins(minutes)).ok());
    let time = match details.ignore_until.as_deref() {
        None => None,
        Some(text) => match period::time("statusDetails.ignoreUntil", text)? {
            time if time > now => Some(time),
            _ => return Err(refused("statusDetails.ignoreUntil is a time to come.")),
        },
    };
    let limit = |counted, count, windowed, window| {
        let count = within(
            counted,
            count,
            Limit::MAX_COUNT.try_into().unwrap_or(i64::MAX),
            "",
        )?;
        let minutes = within(windowed, window, Limit::MAX_MINUTES.into(), "minutes")?;
        match (count, minutes) {
            (None, Some(_)) => Err(refused(&format!("{windowed} needs {counted} beside it."))),
            (count, minutes) => Ok(count.map(|count| Limit {
                count: count.unsigned_abs(),
                minutes: minutes.and_then(|minutes| minutes.try_into().ok()),
            })),
        }
    };
    let events = limit(
        "statusDetails.ignoreCount",
        details.ignore_count,
        "statusDetails.ignoreWindow",
        details.ignore_window,
    )?;
    let users = limit(
        "statusDetails.ignoreUserCount",
        details.ignore_user_count,
        "statusDetails.ignoreUserWindow",
        details.ignore_user_window,
    )?;
    one_of([
        duration.map(Until::Time),
        time.map(Until::Time),
        events.map(Until::Events),
        users.map(Until::Users),
    ])
}

/// Until when it is archived, given the word for it.
fn archived(until: Option<Until>, substatus: Option<&str>) -> Result<Until, ApiError> {
    match (substatus, until) {
        (None | Some("archived_until_condition_met"), Some(until)) => Ok(until),
        (None | Some("archived_forever"), None) => Ok(Until::Forever),
        (Some("archived_until_escalating"), None) => Ok(Until::Escalating),
        (Some("archived_until_condition_met"), None) => Err(refused(
            "substatus \"archived_until_condition_met\" needs statusDetails that say the condition.",
        )),
        (Some("archived_forever" | "archived_until_escalating"), Some(_)) => {
            Err(refused("substatus and statusDetails contradict each other."))
        }
        (Some(other), _) => Err(ApiError::bad_request(format!(
            "substatus is archived_forever, archived_until_escalating or archived_until_condition_met, not \"{}\".",
            short(other)
        ))),
    }
}

fn within(field: &str, value: Option<i64>, most: i64, of: &str) -> Result<Option<i64>, ApiError> {
    match value {
        Some(value) if !(1..=most).contains(&value) => {
            let of = if of.is_empty() {
                String::new()
            } else {
                format!(" of {of}")
            };
            Err(refused(&format!("{field} is a number{of} from 1 to {most}.")))
        }
        value => Ok(value),
    }
}

/// The one thing that is said of several that exclude each other.
fn one_of<T, const N: usize>(said: [Option<T>; N]) -> Result<Option<T>, ApiError> {
    let mut said = said.into_iter().flatten();
    match (said.next(), said.next()) {
        (one, None) => Ok(one),
        _ => Err(refused(
            "statusDetails says several things of which only one can hold.",
        )),
    }
}

fn refused(why: &str) -> ApiError {
    ApiError::bad_request(why)
}

/// What is quoted of a value that is not known.
fn short(value: &str) -> String {
    value.chars().take(40).collect()
}
