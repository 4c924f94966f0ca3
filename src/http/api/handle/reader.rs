//! What it takes to show issues: they are in one place, their counts over time in another.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;

use crate::accounts::Accounts;
use crate::http::api::period::Span;
use crate::http::api::search::Search;
use crate::http::api::shape::{Activity, Issue};
use crate::http::api::{Site, render};
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, Now};
use crate::model::timeline::Timeline;
use crate::model::{self, IssueId, Page, PageRequest, Project, User, Viewer};
use crate::store::{Decisions, IssueDetail, Issues, Stats};

/// The most entries of its story that a single issue shows.
const LATEST: usize = 100;

/// Reads issues as the API shows them.
pub(in crate::http::api) struct Reader {
    pub(super) issues: Data<dyn Issues>,
    pub(super) decisions: Data<dyn Decisions>,
    accounts: Data<Accounts>,
    stats: Data<dyn Stats>,
    site: Data<Site>,
    now: Timestamp,
}

impl FromRequest for Reader {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Now(now) = Now::extract(&request).await?;
            Ok(Self {
                issues: Data::extract(&request).await?,
                decisions: Data::extract(&request).await?,
                accounts: Data::extract(&request).await?,
                stats: Data::extract(&request).await?,
                site: Data::extract(&request).await?,
                now,
            })
        })
    }
}

impl Reader {
    /// The people whose names may be told.
    pub(super) async fn people(&self) -> Result<Vec<User>, ApiError> {
        Ok(self.accounts.people().await?)
    }

    /// How `me` sees issues, at the time of the request.
    pub(super) fn viewer<'a>(&self, me: &User, people: &'a [User]) -> Viewer<'a> {
        Viewer {
            me: me.id,
            people,
            now: self.now,
        }
    }

    /// The page of the issues that `search` finds, each with its counts over the search's span.
    pub(super) async fn page(
        &self,
        search: &Search,
        projects: &[Project],
        page: PageRequest,
        viewer: &Viewer<'_>,
    ) -> Result<Page<Issue>, ApiError> {
        let page = self.issues.list(&search.filter, search.sort, page).await?;
        let ids: Vec<IssueId> = page.items.iter().map(|issue| issue.id).collect();
        let mut hours = self.stats.issue_hours(&ids, search.span.range).await?.into_iter();
        let items = page.items.iter().filter_map(|issue| {
            let hours = hours.next().unwrap_or_default();
            let series = Timeline::new(&hours, search.span.range, search.span.step).buckets;
            let project = projects.iter().find(|project| project.id == issue.project)?;
            let stats = BTreeMap::from([(search.span.name.clone(), series)]);
            Some(render::issue(issue, project, &self.site, stats, viewer))
        });
        Ok(Page {
            items: items.collect(),
            previous: page.previous,
            next: page.next,
        })
    }

    /// The issue with everything that a single one has over one in a list, as `me` sees it.
    pub(super) async fn whole(
        &self,
        issue: &model::Issue,
        project: &Project,
        me: &User,
    ) -> Result<Issue, ApiError> {
        let people = self.people().await?;
        let viewer = self.viewer(me, &people);
        let mut series = BTreeMap::new();
        for period in ["24h", "30d"] {
            let span = Span::last(period, None, self.now)?;
            series.insert(period.to_owned(), self.series(issue.id, &span).await?);
        }
        let detail = self.detail(issue.id).await?;
        let mut shape = render::issue(issue, project, &self.site, series, &viewer);
        shape.tags = Some(
            detail
                .tags
                .iter()
                .map(|(key, counts)| render::tag(key, counts).tag)
                .collect(),
        );
        shape.activity = Some(self.activity(issue, project, &people).await?);
        Ok(shape)
    }

    /// The same issue once more, after it was changed.
    pub(super) async fn again(&self, at: &AtIssue) -> Result<Issue, ApiError> {
        let issue = self.issues.issue(at.issue.id).await?;
        let issue = issue.ok_or_else(AtIssue::missing)?;
        self.whole(&issue, &at.project, &at.caller.user).await
    }

    /// The latest of what happened to it.
    async fn activity(
        &self,
        issue: &model::Issue,
        project: &Project,
        people: &[User],
    ) -> Result<Vec<Activity>, ApiError> {
        let latest = PageRequest::first(LATEST);
        let page = self.decisions.activity(issue.id, latest).await?;
        let is_whole = page.next.is_none();
        let told = page
            .items
            .iter()
            .map(|entry| render::activity(entry, project, people));
        Ok(told.chain(is_whole.then(|| render::first_seen(issue))).collect())
    }

    /// Its counts over `span`, one a step.
    pub(super) async fn series(&self, issue: IssueId, span: &Span) -> Result<Vec<(i64, u64)>, ApiError> {
        let hours = self
            .stats
            .issue_hours(&[issue], span.range)
            .await?
            .into_iter()
            .next()
            .unwrap_or_default();
        Ok(Timeline::new(&hours, span.range, span.step).buckets)
    }

    /// Its tags and hashes.
    pub(super) async fn detail(&self, issue: IssueId) -> Result<IssueDetail, ApiError> {
        self.issues.detail(issue).await?.ok_or_else(AtIssue::missing)
    }
}
