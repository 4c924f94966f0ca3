//! What may be accepted with a key at a moment.

use jiff::Timestamp;

use super::{Limit, ProjectLimits, Usage, Window, reason};
use crate::model::Outcome;
use crate::model::timeline::{DAY, Hours};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::PublicKey;
use crate::protocol::rate_limit::{RateLimit, Scope};

/// A client is not told to wait longer, so that a limit that is raised holds soon.
const LONGEST_WAIT: u64 = 300;

/// A limit, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is counted over.
    pub scope: Scope,
    /// Why something is limited, in a word of a bounded vocabulary.
    pub reason: &'static str,
    /// How much is taken.
    pub limit: Limit,
}

impl Rule {
    /// What a client is told.
    pub fn told(&self, time: Timestamp) -> RateLimit {
        let left = self.limit.window.end(time).as_second() - time.as_second();
        RateLimit {
            retry_after: u64::try_from(left).unwrap_or(1).clamp(1, LONGEST_WAIT),
            categories: self.limit.categories.clone(),
            scope: self.scope,
            reason: Some(self.reason),
        }
    }
}

/// The limits for what is sent with one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Those of a key of a project that may send `spike` items an hour.
    pub fn new(limits: &ProjectLimits, key: PublicKey, spike: Option<u64>) -> Self {
        let of = |scope: Scope, limits: &[Limit]| {
            let rule = |limit: &Limit| Rule {
                scope,
                reason: reason(scope, limit.window),
                limit: limit.clone(),
            };
            limits.iter().map(rule).collect::<Vec<_>>()
        };
        let mut rules = of(Scope::Key, limits.of_key(key));
        rules.extend(of(Scope::Project, &limits.project));
        rules.extend(spike.filter(|_| limits.spike_protection).map(|count| Rule {
            scope: Scope::Project,
            reason: Spike::REASON,
            limit: Limit {
                categories: Vec::new(),
                window: Window::Hour,
                count,
            },
        }));
        Self(rules)
    }

    /// The rule that forbids an item of these amounts, if one does. What is used up forbids also what counts nothing.
    pub fn forbids(
        &self,
        amounts: &[(DataCategory, u64)],
        key: &Usage,
        project: &Usage,
        time: Timestamp,
    ) -> Option<&Rule> {
        self.0.iter().find(|rule| {
            let used = rule.used(key, project, time);
            let sum = used.saturating_add(rule.limit.measure(amounts));
            rule.limit.concerns(amounts) && (used >= rule.limit.count || sum > rule.limit.count)
        })
    }

    /// The rules of which nothing is left.
    pub fn exhausted<'a>(
        &'a self,
        key: &'a Usage,
        project: &'a Usage,
        time: Timestamp,
    ) -> impl Iterator<Item = &'a Rule> {
        let is_exhausted = move |rule: &&Rule| rule.used(key, project, time) >= rule.limit.count;
        self.0.iter().filter(is_exhausted)
    }
}

impl Rule {
    fn used(&self, key: &Usage, project: &Usage, time: Timestamp) -> u64 {
        match self.scope {
            Scope::Key => key.of(&self.limit, time),
            Scope::Project | Scope::Organization => project.of(&self.limit, time),
        }
    }
}

/// Spike protection: how much a project may send in an hour, by what it usually sends.
#[derive(Debug)]
pub struct Spike;

impl Spike {
    /// What outcomes and clients are told.
    pub const REASON: &'static str = "spike_protection";
    /// So many times what is usual is taken.
    const MULTIPLE: u64 = 10;
    /// So much is taken however little is usual.
    const FLOOR: u64 = 10_000;
    /// How many days are looked at.
    pub const DAYS: i64 = 7;
    /// A project that is younger has nothing that is usual yet.
    const YOUNG: i64 = 2 * DAY;

    /// Whether items with this outcome are among those that are usual.
    pub fn counts(category: DataCategory, outcome: Outcome) -> bool {
        let is_taken = outcome.is_received() && outcome != Outcome::RateLimited;
        is_taken && !category.is_bytes() && category != DataCategory::Internal
    }

    /// How many items are taken in an hour of a project that began at `began` and received `hours`; none when it may send
    /// what it will.
    ///
    /// What is usual is the busiest hour of the second-busiest of the last [`Spike::DAYS`] whole days: a spike that makes
    /// one day the busiest makes itself no more usual, and a nightly job is usual from its second night on.
    pub fn allowance(hours: &Hours, began: Option<Timestamp>, now: Timestamp) -> Option<u64> {
        let now = now.as_second();
        if began.is_none_or(|began| now - began.as_second() < Self::YOUNG) {
            return None;
        }
        let today = now.div_euclid(DAY);
        let mut peaks = [0_u64; Self::DAYS as usize];
        for &(hour, count) in hours {
            let before = today - hour.div_euclid(DAY);
            if let Some(peak) = usize::try_from(before - 1).ok().and_then(|at| peaks.get_mut(at)) {
                *peak = count.max(*peak);
            }
        }
        peaks.sort_unstable();
        let usual = peaks[peaks.len() - 2];
        Some(usual.saturating_mul(Self::MULTIPLE).max(Self::FLOOR))
    }
}
