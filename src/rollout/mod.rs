//! What a release changed: it gathers what was seen of a release and of the one before it, for `model::comparison`.
//!
//! Reads only. What the counts mean is decided by `model`; how the answer is shown, by `http`.

mod seen;

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use self::seen::Seen;
use crate::model::Release;
use crate::model::comparison::{Candidate, Comparison, Limits, Side, compare, predecessor};
use crate::model::release::order::{History, ReleaseDates, ReleaseOrder};
use crate::model::release::version::Version;
use crate::protocol::ids::ProjectId;
use crate::store::{self, Decisions, Issues, Releases};

/// How many older releases are looked at for one that has data enough to compare with.
const MOST_CANDIDATES: usize = 20;

/// Why there is no comparison. The texts are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The project has no such release.
    #[error("There is no release {0}.")]
    Unknown(String),
    /// The release and its baseline are one.
    #[error("A release cannot be compared with itself.")]
    Itself,
    /// Versions of two packages say nothing about each other.
    #[error("{0} and {1} are not of the same package.")]
    Packages(String, String),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What this room answers.
pub type Result<T> = std::result::Result<T, Error>;

/// What is to be compared.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whose releases.
    pub project: ProjectId,
    /// The release.
    pub version: String,
    /// What to compare it with; none for its predecessor.
    pub baseline: Option<String>,
    /// Where; none for everywhere.
    pub environment: Option<String>,
    /// What is tolerated.
    pub limits: Limits,
}

/// A comparison, and of what.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The release.
    pub release: Side,
    /// What it was compared with; none when there is nothing.
    pub baseline: Option<Side>,
    /// Older releases that it might be compared with, the newest first: at most twenty.
    pub candidates: Vec<String>,
    /// What came of it.
    pub comparison: Comparison,
}

/// Compares releases.
pub struct Rollout {
    issues: Arc<dyn Issues>,
    releases: Arc<dyn Releases>,
    decisions: Arc<dyn Decisions>,
}

impl Rollout {
    /// Reads issues, releases and what was decided about issues.
    pub fn new(issues: Arc<dyn Issues>, releases: Arc<dyn Releases>, decisions: Arc<dyn Decisions>) -> Self {
        Self {
            issues,
            releases,
            decisions,
        }
    }

    /// Compares a release with its baseline.
    pub async fn compare(&self, ask: &Ask) -> Result<Compared> {
        let known = self.releases.all(ask.project).await?;
        let release = find(&known, &ask.version)?;
        let candidates = self.candidates(release, &known, ask).await?;
        let baseline = match &ask.baseline {
            Some(version) => Some(fit(release, find(&known, version)?)?.version.as_str()),
            None => predecessor(&candidates).map(|it| it.version.as_str()),
        };
        let seen = Seen::of(self, ask, release, baseline, &known).await?;
        let comparison = compare(&seen.release, seen.baseline.as_ref(), &seen.issues, ask.limits);
        Ok(Compared {
            release: seen.release,
            baseline: seen.baseline,
            candidates: candidates.into_iter().rev().map(|it| it.version).collect(),
            comparison,
        })
    }

    /// The releases that came before this one, oldest first.
    async fn candidates(&self, release: &Release, known: &[Release], ask: &Ask) -> Result<Vec<Candidate>> {
        let environment = ask.environment.as_deref();
        let dates = ReleaseDates::from(release);
        let mut older = History::default();
        for other in known.iter().map(ReleaseDates::from) {
            if is_older(&other, &dates, environment) {
                older.add(other);
            }
        }
        let package = Version::parse(&release.version).package();
        let mut newest_first = Vec::new();
        while newest_first.len() < MOST_CANDIDATES
            && let Some(next) = older.current(package, environment, Timestamp::MAX, &[])
        {
            older.remove(&next.version);
            newest_first.push(next);
        }
        let mut candidates = Vec::new();
        for next in newest_first.into_iter().rev() {
            let side = self.side(ask, &next.version).await?;
            let started = side.sessions.map_or(0, |it| it.started);
            candidates.push(Candidate {
                exposure: if started > 0 { started } else { side.events },
                version: next.version,
                is_credible: next.is_credible,
            });
        }
        Ok(candidates)
    }
}

fn find<'a>(known: &'a [Release], version: &str) -> Result<&'a Release> {
    let found = known.iter().find(|it| it.version == version);
    found.ok_or_else(|| Error::Unknown(version.to_owned()))
}

/// A baseline that somebody named, if it is one.
fn fit<'a>(release: &Release, baseline: &'a Release) -> Result<&'a Release> {
    let package = |of: &Release| Version::parse(&of.version).package().map(str::to_owned);
    if release.version == baseline.version {
        return Err(Error::Itself);
    }
    if package(release) != package(baseline) {
        return Err(Error::Packages(release.version.clone(), baseline.version.clone()));
    }
    Ok(baseline)
}

/// Whether a release came before another one of its package.
fn is_older(release: &ReleaseDates, than: &ReleaseDates, environment: Option<&str>) -> bool {
    matches!(release.compare(than, environment), Some((Ordering::Less, _)))
}
