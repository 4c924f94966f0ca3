//! What people do to issues: resolve, archive, reopen, assign, talk about, merge, split, delete; some at once or all that
//! a search finds.
//!
//! What a status means for the next event is decided by `model`, inside the store's own commit.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::release::version::Version;
use crate::model::{
    Activity, ActivityId, Assignee, Deed, GroupHash, IssueFilter, IssueId, IssueSort, PageRequest, UserId,
    Wish,
};
use crate::protocol::ids::ProjectId;
use crate::store::{self, Decisions, Issues, Releases, TriageChange, Triaged};

/// The most issues that can be named, as many as in Sentry's bulk changes, and that are changed in one commit: of what a
/// search finds, so many after the other.
pub const MOST_AT_ONCE: usize = 1_000;

/// How many issues of what a search finds are read at once.
const PAGE: usize = 10_000;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither ids nor a search: everything would be meant.
    #[error("Name issues by id or by query.")]
    Nothing,
    /// More ids than [`MOST_AT_ONCE`].
    #[error("At most 1000 issues can be changed at once.")]
    TooMany,
    /// A release in which something should be resolved, that is neither known nor one to come of a known package.
    #[error("There is no release {0}.")]
    NoSuchRelease(String),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Which issues are meant.
#[derive(Debug, Clone)]
pub enum Choice {
    /// These, which were chosen before.
    Chosen(Vec<IssueId>),
    /// These, as far as they belong to one of the projects.
    Ids(Vec<IssueId>, Vec<ProjectId>),
    /// All that a search finds.
    Matching(Box<IssueFilter>),
}

/// What a merge came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The issue that stays.
    pub into: IssueId,
    /// Those that went into it.
    pub from: Vec<IssueId>,
}

/// Changes issues for people.
pub struct Triage {
    issues: Arc<dyn Issues>,
    decisions: Arc<dyn Decisions>,
    releases: Arc<dyn Releases>,
}

impl Triage {
    /// Changes the issues that `issues` keeps, by `decisions`; they may be resolved in any of `releases`.
    pub fn new(issues: Arc<dyn Issues>, decisions: Arc<dyn Decisions>, releases: Arc<dyn Releases>) -> Self {
        Self {
            issues,
            decisions,
            releases,
        }
    }

    /// Decides where all of them stand.
    pub async fn rule(
        &self,
        choice: Choice,
        ruling: Ruling,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        if let Ruling::Resolve {
            kind: ResolvedIn::Release(version),
            ..
        } = &ruling
        {
            self.check_release(&issues, version).await?;
        }
        let change = |issues| TriageChange::Decide {
            issues,
            ruling: ruling.clone(),
        };
        self.change_all(&issues, change, who, now).await
    }

    /// Gives all of them to somebody to look after; none for nobody.
    pub async fn assign(
        &self,
        choice: Choice,
        to: Option<Assignee>,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        let change = |issues| TriageChange::Assign { issues, to };
        self.change_all(&issues, change, who, now).await
    }

    /// Says what all of them are to `who`.
    pub async fn attend(&self, choice: Choice, wish: Wish, who: UserId, now: Timestamp) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        let change = |issues| TriageChange::Attend { issues, wish };
        self.change_all(&issues, change, Some(who), now).await
    }

    /// Says something about an issue, in Markdown. Answers the entry in its story.
    pub async fn comment(
        &self,
        issue: IssueId,
        text: String,
        who: UserId,
        now: Timestamp,
    ) -> Result<Activity, Error> {
        self.decide(TriageChange::Comment { issue, text }, Some(who), now)
            .await?;
        let issue = self.issues.issue(issue).await?;
        let issue = issue.ok_or(store::Error::Missing("issue"))?;
        let story = self.decisions.activity(issue.id, PageRequest::first(20)).await?;
        let said = story
            .items
            .into_iter()
            .find(|entry| entry.who == Some(who) && matches!(entry.what, Deed::Commented { .. }));
        said.ok_or(Error::Store(store::Error::Missing("comment")))
    }

    /// Changes what `who` said.
    pub async fn edit_comment(
        &self,
        issue: IssueId,
        activity: ActivityId,
        text: String,
        who: UserId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let change = TriageChange::EditComment {
            issue,
            activity,
            text,
        };
        self.decide(change, Some(who), now).await
    }

    /// Takes back what `who` said.
    pub async fn delete_comment(
        &self,
        issue: IssueId,
        activity: ActivityId,
        who: UserId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.decide(TriageChange::DeleteComment { issue, activity }, Some(who), now)
            .await
    }

    /// Makes one issue of all of them: of that with the most events, of two such ones the older. A merge with an issue
    /// of another project is refused.
    pub async fn merge(&self, choice: Choice, who: Option<UserId>, now: Timestamp) -> Result<Merge, Error> {
        let (ids, mut chosen) = (self.ids(choice).await?, Vec::new());
        if ids.len() > MOST_AT_ONCE {
            return Err(Error::TooMany);
        }
        for id in ids {
            chosen.extend(self.issues.issue(id).await?);
        }
        chosen.sort_by_key(|issue| (Reverse(issue.seen.times_seen), issue.id));
        let mut ids = chosen.into_iter().map(|issue| issue.id);
        let into = ids.next().ok_or(Error::Nothing)?;
        self.merge_into(into, ids.collect(), who, now).await
    }

    /// Merges issues into this one.
    pub async fn merge_into(
        &self,
        into: IssueId,
        from: Vec<IssueId>,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<Merge, Error> {
        let issues = from.clone();
        self.decide(TriageChange::Merge { into, issues }, who, now)
            .await?;
        Ok(Merge { into, from })
    }

    /// Splits the events that go by these hashes out into an issue of their own. Answers which.
    pub async fn unmerge(
        &self,
        issue: IssueId,
        mut hashes: Vec<GroupHash>,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<IssueId, Error> {
        hashes.sort_unstable();
        hashes.dedup();
        let change = TriageChange::Unmerge {
            issue,
            hashes: hashes.clone(),
        };
        self.decide(change, who, now).await?;
        let story = self.decisions.activity(issue, PageRequest::first(20)).await?;
        let made = story.items.into_iter().find_map(|entry| match entry.what {
            Deed::Unmerged {
                into, hashes: split, ..
            } if split == hashes => Some(into),
            _ => None,
        });
        made.ok_or(Error::Store(store::Error::Missing("issue")))
    }

    /// Takes back what an entry of the issue's story tells: a merge or an unmerge.
    pub async fn undo(
        &self,
        issue: IssueId,
        activity: ActivityId,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.decide(TriageChange::Undo { issue, activity }, who, now)
            .await
    }

    /// Deletes all of them with their events.
    pub async fn delete(&self, choice: Choice, who: Option<UserId>, now: Timestamp) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        let change = |issues| TriageChange::Delete { issues };
        self.change_all(&issues, change, who, now).await
    }

    /// Deletes all of them with their events, and drops what comes of their kinds from now on. Cannot be undone.
    pub async fn discard(&self, choice: Choice, who: Option<UserId>, now: Timestamp) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        let change = |issues| TriageChange::Discard { issues };
        self.change_all(&issues, change, who, now).await
    }

    /// The issues that are meant now, whatever becomes of them.
    pub async fn choose(&self, choice: Choice) -> Result<Vec<IssueId>, Error> {
        self.ids(choice).await
    }

    /// Changes all of them, in commits that hold nobody up: what fails leaves those before it changed.
    async fn change_all(
        &self,
        issues: &[IssueId],
        change: impl Fn(Vec<IssueId>) -> TriageChange,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for some in issues.chunks(MOST_AT_ONCE) {
            self.decide(change(some.to_vec()), who, now).await?;
        }
        Ok(())
    }

    async fn decide(&self, change: TriageChange, who: Option<UserId>, time: Timestamp) -> Result<(), Error> {
        let triaged = Triaged { who, time, change };
        Ok(self.decisions.triage(triaged).await?)
    }

    async fn ids(&self, choice: Choice) -> Result<Vec<IssueId>, Error> {
        match choice {
            Choice::Chosen(ids) => Ok(ids),
            Choice::Ids(ids, _) if ids.is_empty() => Err(Error::Nothing),
            Choice::Ids(ids, _) if ids.len() > MOST_AT_ONCE => Err(Error::TooMany),
            Choice::Ids(ids, projects) => self.within(ids, &projects).await,
            Choice::Matching(filter) => self.matching(&filter).await,
        }
    }

    async fn matching(&self, filter: &IssueFilter) -> Result<Vec<IssueId>, Error> {
        let (mut ids, mut request) = (Vec::new(), PageRequest::first(PAGE));
        loop {
            // In an order that does not change meanwhile.
            let page = self.issues.list(filter, IssueSort::FirstSeen, request).await?;
            ids.extend(page.items.into_iter().map(|issue| issue.id));
            request = match page.next {
                None => return Ok(ids),
                cursor => PageRequest { cursor, limit: PAGE },
            };
        }
    }

    /// Whether every project of these issues has the release, or may have it one day: nothing would ever be newer than a
    /// misspelt one, and so the issues would stay resolved whatever happens.
    async fn check_release(&self, issues: &[IssueId], version: &str) -> Result<(), Error> {
        let mut projects = BTreeSet::new();
        for id in issues {
            projects.extend(self.issues.issue(*id).await?.map(|issue| issue.project));
        }
        let meant = Version::parse(version);
        for project in projects {
            if self.releases.release(project, version).await?.is_some() {
                continue;
            }
            let is_to_come = meant.is_semver()
                && self.releases.all(project).await?.iter().any(|known| {
                    let known = Version::parse(&known.version);
                    known.is_semver() && known.package() == meant.package()
                });
            if !is_to_come {
                return Err(Error::NoSuchRelease(version.to_owned()));
            }
        }
        Ok(())
    }

    async fn within(&self, ids: Vec<IssueId>, projects: &[ProjectId]) -> Result<Vec<IssueId>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(issue) = self.issues.issue(id).await?
                && projects.contains(&issue.project)
                && !found.contains(&issue.id)
            {
                found.push(issue.id);
            }
        }
        Ok(found)
    }
}
