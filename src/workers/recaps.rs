//! What stands in a member's daily or weekly recap: counted anew for each, from what is kept.
//!
//! When one is due is decided by `alerts`, what it looks like by `notify`.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::Mutex;

use crate::model::alert::{Happened, Subject};
use crate::model::session::{Apart, Health, HealthQuery};
use crate::model::{IssueFilter, IssueId, IssueSort, PageRequest, Project, ShortId, TimeRange};
use crate::notify::letter::{Entry, Recap, ReleaseUse, Section};
use crate::protocol::ids::ProjectId;
use crate::store::{Result, Store};

/// The most happenings of a project that are looked through.
const MOST_HAPPENINGS: usize = 5_000;
/// How many issues are looked at for the loudest ones, those with most events ever first.
const MOST_CANDIDATES: usize = 200;
/// Issues in a section, and releases.
const SHOWN: usize = 5;

/// Recaps; the last one is kept, since most members want the same one at the same time.
#[derive(Default)]
pub(super) struct Recaps {
    last: Mutex<Option<Recap>>,
}

impl Recaps {
    /// What happened in `range`, as the server at `base` shows it to somebody in `zone`.
    pub(super) async fn of(&self, store: &Store, base: &str, range: TimeRange, zone: &str) -> Result<Recap> {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let mut last = self.last.lock().await;
        let known = last
            .take()
            .filter(|it| (it.since, it.until) == (range.start, range.end));
        let recap = match known {
            Some(recap) => Recap { zone, ..recap },
            None => recap(store, base, range, zone).await?,
        };
        *last = Some(recap.clone());
        Ok(recap)
    }
}

async fn recap(store: &Store, base: &str, range: TimeRange, zone: TimeZone) -> Result<Recap> {
    let projects = store.catalog.projects().await?;
    let whole = Whole {
        store,
        base,
        range,
        projects,
    };
    let before = TimeRange {
        start: whole.before(),
        end: range.start,
    };
    let (new, back) = whole.happened().await?;
    let mut loudest = whole.candidates().await?;
    loudest.retain(|issue| !new.contains(issue) && !back.contains(issue));
    let others = match new.is_empty() && back.is_empty() {
        true => "Loudest",
        false => "Loudest of the others",
    };
    let sections = [
        ("New", new, Counted::All),
        ("Came back", back, Counted::All),
        (others, loudest, Counted::Shown),
    ];
    let mut recap = Recap {
        since: range.start,
        until: range.end,
        zone,
        events: whole.events(range).await?,
        events_before: whole.events(before).await?,
        sections: Vec::new(),
        releases: whole.releases().await?,
        url: format!("{base}/issues"),
    };
    for (title, issues, counted) in sections {
        let section = whole.section(title, issues, counted).await?;
        recap.sections.extend(section);
    }
    Ok(recap)
}

/// Whether what is not shown is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    All,
    Shown,
}

/// All projects, in a span of time.
struct Whole<'a> {
    store: &'a Store,
    base: &'a str,
    range: TimeRange,
    projects: Vec<Project>,
}

impl Whole<'_> {
    fn ids(&self) -> Vec<ProjectId> {
        self.projects.iter().map(|project| project.id).collect()
    }

    /// Since when a span as long ends where this one begins.
    fn before(&self) -> Timestamp {
        let TimeRange { start, end } = self.range;
        start
            .checked_sub(end.duration_since(start))
            .unwrap_or(Timestamp::MIN)
    }

    async fn events(&self, range: TimeRange) -> Result<u64> {
        let mut total: u64 = 0;
        for project in &self.projects {
            let hours = self.store.stats.project_hours(project.id, range).await?;
            total = hours
                .iter()
                .fold(total, |sum, (_, count)| sum.saturating_add(*count));
        }
        Ok(total)
    }

    /// Issues that began, and those that came back.
    async fn happened(&self) -> Result<(BTreeSet<IssueId>, BTreeSet<IssueId>)> {
        let (mut new, mut back) = (BTreeSet::new(), BTreeSet::new());
        let TimeRange { start, end } = self.range;
        for project in &self.projects {
            let happened = self
                .store
                .alerts
                .happened(project.id, start, end, MOST_HAPPENINGS)
                .await?;
            for it in happened {
                let issues = match it.what {
                    Happened::New => &mut new,
                    Happened::Regressed(_) | Happened::Escalated { .. } => &mut back,
                    _ => continue,
                };
                issues.extend(it.issue);
            }
        }
        Ok((new, back))
    }

    /// Issues that may have been the loudest.
    async fn candidates(&self) -> Result<BTreeSet<IssueId>> {
        let filter = IssueFilter {
            projects: self.ids(),
            range: Some(self.range),
            ..IssueFilter::default()
        };
        let page = PageRequest::first(MOST_CANDIDATES);
        let listed = self.store.issues.list(&filter, IssueSort::Events, page).await?;
        Ok(listed.items.iter().map(|issue| issue.id).collect())
    }

    /// The loudest of these issues; none without any that is still there.
    async fn section(
        &self,
        title: &'static str,
        issues: BTreeSet<IssueId>,
        counted: Counted,
    ) -> Result<Option<Section>> {
        let issues = Vec::from_iter(issues);
        let hours = self.store.stats.issue_hours(&issues, self.range).await?;
        let counts = hours.iter().map(|hours| {
            hours
                .iter()
                .fold(0_u64, |sum, (_, count)| sum.saturating_add(*count))
        });
        let mut loudest: Vec<_> = counts
            .zip(issues.iter().copied())
            .filter(|(count, _)| *count > 0)
            .collect();
        loudest.sort_by_key(|(count, issue)| (Reverse(*count), *issue));
        let total = loudest.len() as u64;
        let mut entries = Vec::new();
        for (count, issue) in loudest {
            if entries.len() == SHOWN {
                break;
            }
            entries.extend(self.entry(issue, count).await?);
        }
        let total = match counted {
            Counted::All => total,
            Counted::Shown => entries.len() as u64,
        };
        Ok((!entries.is_empty()).then_some(Section {
            title,
            total,
            entries,
        }))
    }

    /// None for an issue that is gone, or one with another now.
    async fn entry(&self, id: IssueId, events: u64) -> Result<Option<Entry>> {
        let issue = self
            .store
            .issues
            .issue(id)
            .await?
            .filter(|issue| issue.merged_into.is_none());
        let Some(issue) = issue else {
            return Ok(None);
        };
        let Some(project) = self.projects.iter().find(|project| project.id == issue.project) else {
            return Ok(None);
        };
        let subject = Subject::of(&issue, None);
        let name = ShortId {
            slug: project.slug.clone(),
            number: issue.number,
        };
        Ok(Some(Entry {
            name: name.to_string(),
            title: subject.title,
            culprit: subject.culprit,
            events,
            url: format!("{}/issues/{}", self.base, id.0),
        }))
    }

    /// The releases that were used most.
    async fn releases(&self) -> Result<Vec<ReleaseUse>> {
        let query = HealthQuery {
            projects: self.ids(),
            range: self.range,
            releases: Vec::new(),
            environments: Vec::new(),
            apart: Apart {
                projects: true,
                releases: true,
                environments: false,
            },
        };
        let health = self.store.releases.health(&query).await?;
        let mut used: Vec<_> = health.iter().filter_map(|health| self.release(health)).collect();
        used.sort_by_key(|release| Reverse(release.sessions));
        used.truncate(SHOWN);
        Ok(used)
    }

    fn release(&self, health: &Health) -> Option<ReleaseUse> {
        let version = health.release.clone()?;
        let project = self
            .projects
            .iter()
            .find(|project| Some(project.id) == health.project)?;
        let sessions = health.total().sessions;
        // Rounded down: one crash in a million is not none.
        let crash_free = (sessions.crash_free()? * 10_000.0).floor() as u64;
        let path = utf8_percent_encode(&version, NON_ALPHANUMERIC);
        Some(ReleaseUse {
            url: format!("{}/releases/{path}?project={}", self.base, project.id),
            version,
            project: project.name.clone(),
            sessions: sessions.started,
            crash_free,
        })
    }
}
