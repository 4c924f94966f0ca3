//! Where an issue stands, and why. It follows from the last decision of a person and from what was seen, whatever the
//! order in which it arrived.
//!
//! Pure: it neither keeps nor counts anything. The store asks it inside its own commit.

pub mod archive;
pub mod decision;
pub mod escalation;
pub mod regression;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::issue::{Status, Substatus};
use super::release::order::ReleaseOrder;
use archive::{Counted, Returned, Until};
use decision::Decision;
use regression::{Held, Regression, SeenIn, Verdict};

/// Where an issue stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it stands.
    pub status: Status,
    /// Why, in a word.
    pub substatus: Substatus,
    /// Why, in a sentence, if that does not follow from the decision alone.
    pub why: Option<Why>,
}

/// Why an issue does not stand, or still stands, where it was put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It was resolved, and came back.
    Regressed(Regression),
    /// It was resolved, and what was seen is no reason to open it again.
    Held(Held),
    /// It was archived, and what it was archived for has come.
    Returned(Returned),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Regressed(it) => it.fmt(f),
            Self::Held(it) => it.fmt(f),
            Self::Returned(it) => it.fmt(f),
        }
    }
}

/// Where an issue stands after `decision` (none if nobody ever decided), given what was `seen` of it in which releases,
/// and what was `counted` since it was archived, as of `now`.
pub fn state(
    decision: Option<&Decision>,
    seen: &[SeenIn],
    order: &impl ReleaseOrder,
    counted: &Counted,
    now: Timestamp,
) -> State {
    let (status, substatus, why) = match decision {
        None => (Status::Unresolved, Substatus::New, None),
        Some(Decision::Unresolve(it)) => (Status::Unresolved, it.substatus, None),
        Some(Decision::Resolve(resolution)) => match regression::judge(resolution, seen, order) {
            Verdict::Regressed(it) => (Status::Unresolved, Substatus::Regressed, Some(Why::Regressed(it))),
            Verdict::Holds(held) => (Status::Resolved, Substatus::Ongoing, held.map(Why::Held)),
        },
        Some(Decision::Archive(archive)) => match archive.returned(counted, now) {
            Some(it @ Returned::Escalated(_)) => {
                (Status::Unresolved, Substatus::Escalating, Some(Why::Returned(it)))
            }
            Some(it) => (Status::Unresolved, Substatus::Ongoing, Some(Why::Returned(it))),
            None => (Status::Archived, archived(&archive.until), None),
        },
    };
    State {
        status,
        substatus,
        why,
    }
}

/// The substatus of an issue that is archived until then.
pub fn archived(until: &Until) -> Substatus {
    match until {
        Until::Forever => Substatus::ArchivedForever,
        Until::Escalating => Substatus::ArchivedUntilEscalating,
        Until::Time(_) | Until::Events(_) | Until::Users(_) => Substatus::ArchivedUntilConditionMet,
    }
}

#[cfg(test)]
mod tests;
