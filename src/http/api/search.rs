//! From a query string to the store's filter of issues. Looks nothing up: the projects are given.

use super::ask::{IssueChoice, IssueSearch, Period};
use super::period::Span;
use crate::http::error::ApiError;
use crate::model::{IssueFilter, IssueId, IssueSort, Project, Query, Viewer};
use crate::protocol::ids::ProjectId;
use crate::triage::Choice;

/// What a list of issues shows.
pub(super) struct Search {
    /// Which issues.
    pub(super) filter: IssueFilter,
    /// In which order.
    pub(super) sort: IssueSort,
    /// The span of their `stats`: the one that is asked for, or a day.
    pub(super) span: Span,
}

impl Search {
    /// What `asked` over `period` means to `viewer` among `projects`.
    pub(super) fn read(
        asked: &IssueSearch,
        period: &Period,
        projects: &[Project],
        viewer: &Viewer<'_>,
    ) -> Result<Self, ApiError> {
        let asked_span = Span::read(period, None, viewer.now)?;
        let filter = IssueFilter {
            projects: chosen(&asked.project, projects)?,
            environments: environments(&asked.environment),
            range: asked_span.as_ref().map(|span| span.range),
            query: query(asked.query.as_deref().unwrap_or_default(), projects, viewer)?,
        };
        let span = match asked_span {
            Some(span) => span,
            None => Span::last("24h", None, viewer.now)?,
        };
        Ok(Self {
            filter,
            sort: sort(asked.sort.as_deref())?,
            span,
        })
    }
}

/// The issues among `projects` that a change is for; of those that a search finds the ones of `period`.
pub(super) fn choice(
    asked: &IssueChoice,
    period: &Period,
    projects: &[Project],
    viewer: &Viewer<'_>,
) -> Result<Choice, ApiError> {
    let among = chosen(&asked.project, projects)?;
    let text = asked.query.as_deref().filter(|_| asked.id.is_empty());
    if let Some(text) = text {
        let query = query(text, projects, viewer)?;
        let range = Span::read(period, None, viewer.now)?.map(|span| span.range);
        let environments = environments(&asked.environment);
        return Ok(Choice::Matching(Box::new(IssueFilter {
            projects: among,
            environments,
            range,
            query,
        })));
    }
    let ids: Result<_, _> = asked.id.iter().map(|id| id.parse().map(IssueId)).collect();
    let ids = ids.map_err(|_| ApiError::bad_request("id is the number of an issue."))?;
    Ok(Choice::Ids(ids, among))
}

/// The projects that are named by id or slug; all when none is, or `-1`.
pub(super) fn chosen(names: &[String], projects: &[Project]) -> Result<Vec<ProjectId>, ApiError> {
    if names.iter().all(|name| name.is_empty() || name == "-1") {
        return Ok(projects.iter().map(|project| project.id).collect());
    }
    let find = |name: &String| {
        let project = projects
            .iter()
            .find(|it| it.slug == *name || it.id.to_string() == *name);
        project
            .map(|it| it.id)
            .ok_or_else(|| ApiError::NotFound("There is no such project.".to_owned()))
    };
    names
        .iter()
        .filter(|name| *name != "-1" && !name.is_empty())
        .map(find)
        .collect()
}

/// What was typed, with the short ids of `projects` understood, and people as `viewer` names them.
fn query(text: &str, projects: &[Project], viewer: &Viewer<'_>) -> Result<Query, ApiError> {
    let project = |slug: &str| projects.iter().find(|it| it.slug == slug).map(|it| it.id);
    let query = text.parse::<Query>()?.with_short_ids(project);
    Ok(query.viewed_by(viewer)?)
}

fn environments(names: &[String]) -> Vec<String> {
    names.iter().filter(|name| !name.is_empty()).cloned().collect()
}

fn sort(name: Option<&str>) -> Result<IssueSort, ApiError> {
    match name {
        // Sentry's clients know further orders, which are not kept here: any order is better than none.
        None | Some("date" | "" | "inbox" | "trends") => Ok(IssueSort::LastSeen),
        Some("new") => Ok(IssueSort::FirstSeen),
        Some("freq") => Ok(IssueSort::Events),
        Some("user") => Ok(IssueSort::Users),
        Some("priority" | "recommended") => Ok(IssueSort::Priority),
        Some(_) => Err(ApiError::bad_request(
            "sort is date, new, freq, user or priority.",
        )),
    }
}
