//! Why a rule fired, in one sentence with the numbers. Decides nothing: the numbers stand in the cause.

use jiff::{SignedDuration, Timestamp, Zoned};

use super::text::{line, list, many, minutes, moment, number, share, thousandths};
use crate::model::alert::firing::Cause;
use crate::model::alert::happening::Spike;
use crate::model::alert::{Firing, Happened, Reason, Subject, When};
use crate::model::lifecycle::archive::Returned;

/// Longest release, environment or baseline in a sentence, in characters.
const NAME: usize = 120;
/// Longest reason of a bad release, and how many are told.
const REASON: usize = 200;
const REASONS: usize = 3;

/// The sentence for one cause of something that happened at `time`, without a full stop; other times are said by the clock
/// of the same zone. `name` is the issue's short id, or the project's name.
pub(super) fn sentence(name: &str, cause: &Cause, time: &Zoned) -> String {
    match &cause.reason {
        Reason::Happened { what, .. } => happened(name, what, &cause.subject, time),
        Reason::Counted { observed, of } => counted(name, &cause.when, *observed, *of),
        Reason::Ended { since } => ended(name, &cause.when, time.timestamp().duration_since(*since)),
    }
}

fn happened(name: &str, what: &Happened, subject: &Subject, time: &Zoned) -> String {
    let said = |time: Timestamp, zone: &Zoned| moment(&time.to_zoned(zone.time_zone().clone()));
    match what {
        Happened::New => {
            let seen = place(subject.release.as_deref(), subject.environment.as_deref());
            let first = said(subject.first_seen.unwrap_or(time.timestamp()), time);
            format!("{name} is new, first seen {first}{seen}")
        }
        Happened::Regressed(regression) => format!("{name} {}", line(&regression.to_string(), 3 * NAME)),
        Happened::Escalated {
            why: Returned::Time(until),
        } => format!("{name} reopened: it was archived until {}", said(*until, time)),
        Happened::Escalated { why } => format!("{name} {}", line(&why.to_string(), 3 * NAME)),
        Happened::Spiking(spike) => format!("{name} is spiking: {}", numbers(spike)),
        Happened::Recovered(spike) => {
            let lasted = time.timestamp().duration_since(spike.since);
            let lasted = lasted.as_mins().max(1).unsigned_abs();
            format!(
                "{name} has calmed down after {}: {}",
                minutes(lasted),
                numbers(spike)
            )
        }
        Happened::Unwatched { since } => format!(
            "{name} is not watched any more for the end of the spike that began {}: nothing is known of whether it goes on",
            said(*since, time)
        ),
        Happened::Released { version, environment } => {
            format!(
                "{}{} was released",
                line(version, NAME),
                place(None, environment.as_deref())
            )
        }
        Happened::BadRelease {
            version,
            environment,
            baseline,
            reasons,
        } => {
            let release = line(version, NAME) + &place(None, environment.as_deref());
            format!(
                "{release} is worse than {}{}",
                line(baseline, NAME),
                because(reasons)
            )
        }
    }
}

/// `: twice as many crashes; 3 new issues`, as far as there are reasons.
fn because(reasons: &[String]) -> String {
    let told = reasons.iter().take(REASONS).map(|reason| line(reason, REASON));
    match told.collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        told => format!(": {}", told.join("; ")),
    }
}

/// `120 events in 5 minutes, 10 times the usual 12 (median of this hour on the last 7 days)`.
fn numbers(spike: &Spike) -> String {
    let observed = many(spike.observed, "event");
    let span = minutes(spike.minutes.into());
    let usual = thousandths(spike.expected_milli);
    let times = spike
        .observed
        .saturating_mul(1_000_000)
        .checked_div(spike.expected_milli);
    let hourly = spike.expected_milli.saturating_mul(60) / u64::from(spike.minutes.max(1));
    let compared = match times {
        // Less than one in so short a time says little to people.
        Some(_) if spike.expected_milli < 1_000 && hourly >= 1_000 => {
            format!("usually {} an hour", thousandths(hourly))
        }
        Some(_) if spike.expected_milli < 1_000 => {
            format!("usually {} a day", thousandths(hourly.saturating_mul(24)))
        }
        Some(times) if times >= 1_500 => format!("{} times the usual {usual}", thousandths(times)),
        _ => format!("where {usual} are usual"),
    };
    let baseline = line(&spike.baseline, NAME);
    let baseline = if baseline.is_empty() {
        baseline
    } else {
        format!(" ({baseline})")
    };
    format!("{observed} in {span}, {compared}{baseline}")
}

fn counted(name: &str, when: &When, observed: u64, of: Option<u64>) -> String {
    let sessions = || {
        of.map(|of| format!(" of {}", many(of, "session")))
            .unwrap_or_default()
    };
    match when {
        When::Events { count, minutes: span } => {
            let span = minutes((*span).into());
            format!(
                "{name} had {} in {span}, and the rule asks for {}",
                many(observed, "event"),
                number(*count)
            )
        }
        When::Users { count, minutes: span } => {
            let span = minutes((*span).into());
            format!(
                "{name} hit {} in {span}, and the rule asks for {}",
                many(observed, "user"),
                number(*count)
            )
        }
        When::CrashFree {
            below, minutes: span, ..
        } => {
            let (rate, below, span) = (share(observed), share((*below).into()), minutes((*span).into()));
            format!(
                "{rate}{} of {name} in {span} did not crash, less than {below}",
                sessions()
            )
        }
        When::ErrorRate {
            above, minutes: span, ..
        } => {
            let (rate, above, span) = (share(observed), share((*above).into()), minutes((*span).into()));
            format!(
                "{rate}{} of {name} in {span} had an error, more than {above}",
                sessions()
            )
        }
        When::Silence { minutes: span } => format!("{name} had no events for {}", minutes((*span).into())),
        _ => format!("{name} had {}", many(observed, "event")),
    }
}

fn ended(name: &str, when: &When, after: SignedDuration) -> String {
    let well = match when {
        When::CrashFree {
            below, minutes: span, ..
        } => {
            let (below, span) = (share((*below).into()), minutes((*span).into()));
            format!("{name} did not crash in at least {below} of its sessions in {span}")
        }
        When::ErrorRate {
            above, minutes: span, ..
        } => {
            let (above, span) = (share((*above).into()), minutes((*span).into()));
            format!("{name} had an error in no more than {above} of its sessions in {span}")
        }
        _ => format!("{name} has events again"),
    };
    format!(
        "{well}, {} after the alert",
        minutes(after.as_mins().max(1).unsigned_abs())
    )
}

/// ` in shop@2 (production)`, as far as it is known.
fn place(release: Option<&str>, environment: Option<&str>) -> String {
    let release = release.map(|it| line(it, NAME)).filter(|it| !it.is_empty());
    let environment = environment.map(|it| line(it, NAME)).filter(|it| !it.is_empty());
    match (release, environment) {
        (Some(release), Some(environment)) => format!(" in {release} ({environment})"),
        (Some(only), None) | (None, Some(only)) => format!(" in {only}"),
        (None, None) => String::new(),
    }
}

/// What happened at once: `12 new issues and 2 regressions`, and after which release.
pub(super) fn roll_up(firing: &Firing) -> String {
    let mut kinds: Vec<(&str, u64)> = Vec::new();
    for cause in &firing.causes {
        let kind = kind(cause);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    let untold = firing.total.saturating_sub(firing.causes.len() as u64);
    let mut parts: Vec<_> = kinds.iter().map(|(kind, count)| many(*count, kind)).collect();
    // Of what is not kept nothing but the number is known, unless all are of one kind.
    match kinds.as_slice() {
        [(kind, count)] => parts = vec![many(count.saturating_add(untold), kind)],
        _ if untold > 0 => parts.push(format!("{} more", number(untold))),
        _ => {}
    }
    list(&parts)
}

/// What shortly before was released, if that is known: ` after the release of shop@2 in production`.
pub(super) fn after_release(firing: &Firing) -> Option<String> {
    let (version, environment) = firing.released.as_ref()?;
    Some(format!(
        "the release of {}{}",
        line(version, NAME),
        place(None, environment.as_deref())
    ))
}

/// What kind of thing happened, as a noun.
fn kind(cause: &Cause) -> &'static str {
    match (&cause.reason, &cause.when) {
        (
            Reason::Happened {
                what: Happened::Recovered(_),
                ..
            },
            _,
        ) => "ended spike",
        (
            Reason::Happened {
                what: Happened::Unwatched { .. },
                ..
            },
            _,
        ) => "spike that is not watched any more",
        (Reason::Ended { .. }, _) => "ended problem",
        (_, When::NewIssue) => "new issue",
        (_, When::Regressed) => "regression",
        (_, When::Escalated) => "escalation",
        (_, When::IssueSpike | When::ProjectSpike) => "spike",
        (_, When::Events { .. } | When::Users { .. }) => "exceeded threshold",
        (_, When::CrashFree { .. } | When::ErrorRate { .. }) => "exceeded rate",
        (_, When::BadRelease) => "bad release",
        (_, When::Silence { .. }) => "silence",
    }
}

/// What the subject line begins with.
pub(super) fn headword(cause: &Cause) -> &'static str {
    match (&cause.reason, &cause.when) {
        (
            Reason::Happened {
                what: Happened::Recovered(_),
                ..
            },
            _,
        ) => "Calm again",
        (
            Reason::Happened {
                what: Happened::Unwatched { .. },
                ..
            },
            _,
        ) => "Not watched any more",
        (Reason::Ended { .. }, _) => "Well again",
        (_, When::NewIssue) => "New",
        (_, When::Regressed) => "Regressed",
        (_, When::Escalated) => "Escalated",
        (_, When::IssueSpike | When::ProjectSpike) => "Spike",
        (_, When::Events { .. }) => "Many events",
        (_, When::Users { .. }) => "Many users",
        (_, When::CrashFree { .. }) => "Crashes",
        (_, When::ErrorRate { .. }) => "Errors",
        (_, When::BadRelease) => "Bad release",
        (_, When::Silence { .. }) => "Silence",
    }
}

/// The trigger as one word, for keys.
pub(super) fn trigger(when: &When) -> &'static str {
    match when {
        When::NewIssue => "new",
        When::Regressed => "regressed",
        When::Escalated => "escalated",
        When::IssueSpike | When::ProjectSpike => "spike",
        When::Events { .. } => "events",
        When::Users { .. } => "users",
        When::CrashFree { .. } => "crash-free",
        When::ErrorRate { .. } => "error-rate",
        When::BadRelease => "bad-release",
        When::Silence { .. } => "silence",
    }
}
