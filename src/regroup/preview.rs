//! The dry run: what other rules would make of a project's issues, before anything is saved.

use std::collections::HashMap;
use std::sync::Arc;

use super::plan::{Flow, Plan, Target, plan};
use super::{Error, Regroup, Result, read};
use crate::model::{GroupingRules, Issue, IssueId, Project};
use crate::store::{self, CatalogChange};

/// So many merges and so many splits are shown.
const EXAMPLES: usize = 20;

/// What other rules would make of a project's issues.
#[derive(Debug)]
pub struct Preview {
    /// How many events were looked at.
    pub looked: usize,
    /// How many there are.
    pub total: u64,
    /// How many issues they are in.
    pub issues: usize,
    /// How many of these keep exactly what they have.
    pub unchanged: usize,
    /// How many issues would take over what others have.
    pub merges: usize,
    /// How many issues would come apart.
    pub splits: usize,
    /// What would go where, those with most events first: the merges, and then the splits.
    pub merge_examples: Vec<(Target, Vec<(IssueId, Flow)>)>,
    /// The splits with most events.
    pub split_examples: Vec<(IssueId, Vec<(Target, Flow)>)>,
    /// The issues in the examples.
    pub named: HashMap<IssueId, Issue>,
}

impl Regroup {
    /// Says what `rules` would do to the issues of a project. Changes nothing.
    pub async fn preview(&self, project: &Project, rules: &GroupingRules) -> Result<Preview> {
        let (plan, looked, total) = self.plan(project, rules).await?;
        let (mut merges, mut splits) = (plan.merges(), plan.splits());
        let mut preview = Preview {
            looked,
            total,
            issues: plan.issues().len(),
            unchanged: plan.unchanged(),
            merges: merges.len(),
            splits: splits.len(),
            merge_examples: Vec::new(),
            split_examples: Vec::new(),
            named: HashMap::new(),
        };
        merges.truncate(EXAMPLES);
        splits.truncate(EXAMPLES);
        let target = |target: &Target| match target {
            Target::Issue(issue) => Some(*issue),
            Target::New(_) => None,
        };
        let of_merges = merges
            .iter()
            .flat_map(|(into, from)| target(into).into_iter().chain(from.iter().map(|(from, _)| *from)));
        let of_splits = splits.iter().flat_map(|(from, into)| {
            [*from]
                .into_iter()
                .chain(into.iter().filter_map(|(into, _)| target(into)))
        });
        for id in of_merges.chain(of_splits) {
            if let Some(issue) = self.issues.issue(id).await? {
                preview.named.insert(id, issue);
            }
        }
        preview.merge_examples = merges;
        preview.split_examples = splits;
        Ok(preview)
    }

    /// Saves rules for the events to come, and lets issues go on under the names that they give. Answers the project.
    pub async fn save(&self, project: Project, rules: GroupingRules) -> Result<Project> {
        self.check_idle(&project).await?;
        let (plan, ..) = self.plan(&project, &rules).await?;
        // That may have taken minutes, in which others did something.
        self.check_idle(&project).await?;
        let projects = self.catalog.projects().await?;
        let project = projects.into_iter().find(|known| known.id == project.id);
        let mut project = project.ok_or(store::Error::Missing("project"))?;
        project.grouping = rules;
        let claims = CatalogChange::ClaimHashes {
            project: project.id,
            claims: plan.claims,
        };
        let saved = CatalogChange::UpdateProject(project.clone());
        self.catalog.apply(vec![saved, claims]).await?;
        Ok(project)
    }

    /// Fails while rules are being applied to history.
    async fn check_idle(&self, project: &Project) -> Result<()> {
        match self.job(project).await? {
            Some(job) if job.end.is_none() => Err(Error::Busy),
            _ => Ok(()),
        }
    }

    /// The plan for `rules`, how many events it is made from and how many there are.
    async fn plan(&self, project: &Project, rules: &GroupingRules) -> Result<(Plan, usize, u64)> {
        let rules = Arc::new(read(rules)?);
        // One at a time: it takes memory, and a core.
        let _turn = self.turn.lock().await;
        let samples = self.sample(project.id, rules).await?;
        Ok((
            plan(&samples.events, &samples.known),
            samples.events.len(),
            samples.total,
        ))
    }
}
