//! What it takes to show issues: they are in one place, their counts over time in another.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;

use crate::http::api::period::Span;
use crate::http::api::search::Search;
use crate::http::api::shape::Issue;
use crate::http::api::{Site, render};
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, Now};
use crate::model::timeline::Timeline;
use crate::model::{self, IssueId, Page, PageRequest, Project};
use crate::store::{IssueDetail, Issues, Stats};

/// Reads issues as the API shows them.
pub(in crate::http::api) struct Reader {
    pub(super) issues: Data<dyn Issues>,
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
                stats: Data::extract(&request).await?,
                site: Data::extract(&request).await?,
                now,
            })
        })
    }
}

impl Reader {
    /// The page of the issues that `search` finds, each with its counts over the search's span.
    pub(super) async fn page(
        &self,
        search: &Search,
        projects: &[Project],
        page: PageRequest,
    ) -> Result<Page<Issue>, ApiError> {
        let page = self.issues.list(&search.filter, search.sort, page).await?;
        let ids: Vec<IssueId> = page.items.iter().map(|issue| issue.id).collect();
        let mut hours = self.stats.issue_hours(&ids, search.span.range).await?.into_iter();
        let items = page.items.iter().filter_map(|issue| {
            let hours = hours.next().unwrap_or_default();
            let series = Timeline::new(&hours, search.span.range, search.span.step).buckets;
            let project = projects.iter().find(|project| project.id == issue.project)?;
            let stats = BTreeMap::from([(search.span.name.clone(), series)]);
            Some(render::issue(issue, project, &self.site, stats, self.now))
        });
        Ok(Page {
            items: items.collect(),
            previous: page.previous,
            next: page.next,
        })
    }

    /// The issue with everything that a single one has over one in a list.
    pub(super) async fn whole(&self, issue: &model::Issue, project: &Project) -> Result<Issue, ApiError> {
        let mut series = BTreeMap::new();
        for period in ["24h", "30d"] {
            let span = Span::last(period, None, self.now)?;
            series.insert(period.to_owned(), self.series(issue.id, &span).await?);
        }
        let detail = self.detail(issue.id).await?;
        let mut shape = render::issue(issue, project, &self.site, series, self.now);
        shape.tags = Some(
            detail
                .tags
                .iter()
                .map(|(key, counts)| render::tag(key, counts).tag)
                .collect(),
        );
        Ok(shape)
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
