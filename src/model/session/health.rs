//! How releases were used: what can be asked, and what is answered.

use super::counts::{Exposure, UserCounts};
use crate::model::timeline::TimeRange;
use crate::protocol::ids::ProjectId;

/// Which use is asked for, and what is told apart in the answer.
#[derive(Debug, Clone)]
pub struct HealthQuery {
    /// Of these projects.
    pub projects: Vec<ProjectId>,
    /// In this span, by hour.
    pub range: TimeRange,
    /// Of these versions; empty for everything, also of what names no release.
    pub releases: Vec<String>,
    /// In these environments, `""` for what names none; empty for all.
    pub environments: Vec<String>,
    /// What has a row of its own.
    pub apart: Apart,
}

/// What has a row of its own in an answer; the rest is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Apart {
    /// Each project.
    pub projects: bool,
    /// Each release.
    pub releases: bool,
    /// Each environment.
    pub environments: bool,
}

/// How something was used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Whose, when projects were told apart.
    pub project: Option<ProjectId>,
    /// The version, when releases were told apart; none too for what names no release.
    pub release: Option<String>,
    /// The environment, when environments were told apart; none too for what names none.
    pub environment: Option<String>,
    /// By hour: its start in Unix seconds; in order, hours without use left out.
    pub hours: Vec<(i64, Exposure)>,
    /// Users by day of UTC: its start in Unix seconds; in order. Of a day that is only partly asked for, all.
    pub days: Vec<(i64, UserCounts)>,
    /// Users of all these days, each counted once.
    pub users: UserCounts,
}

impl Health {
    /// All hours added up.
    pub fn total(&self) -> Exposure {
        let mut total = Exposure::default();
        self.hours.iter().for_each(|(_, exposure)| total += *exposure);
        total
    }
}
