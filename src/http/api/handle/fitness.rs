//! How the releases of a page are used, and what came back in them: four questions to the store, however many there are.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::http::api::ask::ReleaseSearch;
use crate::http::api::period::Span;
use crate::http::api::render;
use crate::http::api::shape::HealthData;
use crate::http::error::ApiError;
use crate::model::lifecycle::Why;
use crate::model::lifecycle::decision::Decision;
use crate::model::lifecycle::regression::Regression;
use crate::model::release::Sighting;
use crate::model::session::{Apart, Health, HealthQuery};
use crate::model::{IssueFilter, IssueSort, PageRequest, Project, Release, TimeRange};
use crate::protocol::ids::ProjectId;
use crate::store::{Issues, ReleaseFilter, Releases};

/// The time that is told of, unless another one is asked for.
const USUAL: &str = "14d";
/// The time by which adoption is measured.
const DAY: &str = "24h";

/// What is known of the use of some releases.
pub(super) struct Fitness {
    span: Span,
    /// Of each release over the span.
    used: Vec<Health>,
    /// Of each release in a day.
    day: Vec<Health>,
    /// Of each project in a day.
    everything: Vec<Health>,
    /// How many issues came back in which release.
    regressed: BTreeMap<(ProjectId, String), u64>,
}

impl Fitness {
    /// Asks for it, if it was `asked` for.
    pub(super) async fn read(
        asked: &ReleaseSearch,
        filter: &ReleaseFilter,
        versions: &[Vec<Release>],
        now: Timestamp,
        releases: &dyn Releases,
        issues: &dyn Issues,
    ) -> Result<Option<Self>, ApiError> {
        if !matches!(asked.health.as_deref(), Some("1" | "true")) || versions.is_empty() {
            return Ok(None);
        }
        let period = asked.summary_stats_period.as_deref().unwrap_or(USUAL);
        let span = Span::last(period, None, now)?;
        let day = Span::last(DAY, None, now)?.range;
        let names = versions.iter().filter_map(|releases| releases.first());
        let names: Vec<_> = names.map(|release| release.version.clone()).collect();
        let query = |range: TimeRange, names: &[String], apart: Apart| HealthQuery {
            projects: filter.projects.clone(),
            range,
            releases: names.to_vec(),
            environments: filter.environments.clone(),
            apart,
        };
        let projects = Apart {
            projects: true,
            ..Apart::default()
        };
        let each = Apart {
            releases: true,
            ..projects
        };
        Ok(Some(Self {
            used: releases.health(&query(span.range, &names, each)).await?,
            day: releases.health(&query(day, &names, each)).await?,
            everything: releases.health(&query(day, &[], projects)).await?,
            regressed: regressed(filter, releases, issues).await?,
            span,
        }))
    }

    /// How a release was used in a project.
    pub(super) fn of(&self, project: &Project, version: &str) -> Option<HealthData> {
        let unused = Health::default();
        let find = |among: &[Health], release: Option<&str>| {
            let mut among = among.iter();
            let found = among.find(|it| it.project == Some(project.id) && it.release.as_deref() == release);
            found.cloned().unwrap_or_else(|| unused.clone())
        };
        let (used, day) = (find(&self.used, Some(version)), find(&self.day, Some(version)));
        let everything = find(&self.everything, None);
        let regressed = self.regressed.get(&(project.id, version.to_owned()));
        let regressed = regressed.copied().unwrap_or_default();
        Some(render::health_data(
            &used,
            &day,
            &everything,
            &self.span,
            regressed,
        ))
    }
}

/// In which release of which project how many issues came back that are open still, in the environments that are asked
/// for.
async fn regressed(
    filter: &ReleaseFilter,
    releases: &dyn Releases,
    issues: &dyn Issues,
) -> Result<BTreeMap<(ProjectId, String), u64>, ApiError> {
    let back = IssueFilter {
        projects: filter.projects.clone(),
        query: "is:regressed".parse()?,
        ..IssueFilter::default()
    };
    let all = PageRequest::first(usize::MAX);
    let mut regressed = BTreeMap::new();
    for issue in issues.list(&back, IssueSort::LastSeen, all).await?.items {
        let Some(Why::Regressed(Regression {
            release: Some(version),
            ..
        })) = issue.why
        else {
            continue;
        };
        let is_asked = filter.environments.is_empty() || {
            // Why it came back names the one environment where that was seen first.
            let resolved = issue.decision.as_ref().map(Decision::time);
            let seen = releases.releases_of(issue.id).await?;
            let seen = seen.iter().filter(|it| it.version.as_ref() == Some(&version));
            let mut places = seen.flat_map(|it| &it.sightings.0);
            places.any(|it| Some(it.last) > resolved && is_in(&filter.environments, it))
        };
        if is_asked {
            *regressed.entry((issue.project, version)).or_default() += 1;
        }
    }
    Ok(regressed)
}

fn is_in(environments: &[String], sighting: &Sighting) -> bool {
    let environment = sighting.environment.as_ref();
    environment.is_some_and(|it| environments.contains(it))
}
