//! Projects: everybody sees them all, owners and admins make, change and delete them.

use jiff::Timestamp;

use super::tokens::named;
use super::{Accounts, Error, Identity, Permission, Result, keys, slug};
use crate::model::alert::{AlertRule, RuleId};
use crate::model::{GroupingRules, Project, ProjectLimits};
use crate::protocol::ids::ProjectId;
use crate::store::CatalogChange;

/// The most bytes of a platform's name.
const MAX_PLATFORM: usize = 64;
/// The longest that payloads may be kept.
const MAX_RETENTION_DAYS: u32 = 3_650;

/// A project to be made.
#[derive(Debug, Default)]
pub struct New {
    /// Name for people.
    pub name: String,
    /// Name in URLs; suggested by `name` when absent.
    pub slug: Option<String>,
    /// For example `python`.
    pub platform: Option<String>,
}

/// Changes to a project; what is `None` stays.
#[derive(Debug, Default)]
pub struct Edit {
    /// Name for people.
    pub name: Option<String>,
    /// Name in URLs.
    pub slug: Option<String>,
    /// For example `python`.
    pub platform: Option<String>,
    /// Days that its payloads are kept; 0 for as long as the settings say.
    pub retention_days: Option<u32>,
}

impl Accounts {
    /// All projects, by slug.
    pub async fn projects(&self) -> Result<Vec<Project>> {
        Ok(self.catalog.projects().await?)
    }

    /// The project with this slug or id.
    pub async fn project(&self, slug_or_id: &str) -> Result<Project> {
        let id = slug_or_id.parse::<ProjectId>().ok();
        let mut projects = self.catalog.projects().await?.into_iter();
        let found = projects.find(|project| project.slug == slug_or_id || Some(project.id) == id);
        found.ok_or(Error::Missing("project"))
    }

    /// Makes a project with its first key and its first alert rule.
    pub async fn create_project(&self, caller: &Identity, new: New, now: Timestamp) -> Result<Project> {
        caller.require(Permission::ManageProjects)?;
        let name = named(&new.name)?;
        let slug = new.slug.map(valid).transpose()?;
        let platform = new.platform.map(platform).transpose()?.flatten();
        self.numbered(async |number| {
            let id = ProjectId(number);
            let slug = match &slug {
                Some(slug) => slug.clone(),
                None => self.free_slug(&name, id).await?,
            };
            let project = Project {
                id,
                slug,
                name: name.clone(),
                platform: platform.clone(),
                created: now,
                grouping: GroupingRules::default(),
                retention_days: None,
            };
            let key = keys::mint(id, "Default".to_owned(), now);
            let mut rule = AlertRule::first(RuleId(number), id, now);
            rule.author = Some(caller.user.id);
            let changes = vec![
                CatalogChange::CreateProject(project.clone(), key),
                CatalogChange::SaveRule(rule),
            ];
            Ok((project, changes))
        })
        .await
    }

    /// Changes a project; its grouping rules are another room's business.
    pub async fn edit_project(&self, caller: &Identity, mut project: Project, edit: Edit) -> Result<Project> {
        caller.require(Permission::ManageProjects)?;
        if let Some(name) = edit.name {
            project.name = named(&name)?;
        }
        if let Some(slug) = edit.slug {
            project.slug = valid(slug)?;
        }
        if let Some(name) = edit.platform {
            project.platform = platform(name)?;
        }
        if let Some(days) = edit.retention_days {
            project.retention_days = retention(days)?;
        }
        self.catalog
            .apply(vec![CatalogChange::UpdateProject(project.clone())])
            .await?;
        Ok(project)
    }

    /// What a project and its keys may send.
    pub async fn limits(&self, project: ProjectId) -> Result<ProjectLimits> {
        Ok(self.catalog.limits(project).await?)
    }

    /// Changes what a project and its keys may send.
    pub async fn set_limits(
        &self,
        caller: &Identity,
        project: ProjectId,
        limits: ProjectLimits,
    ) -> Result<()> {
        caller.require(Permission::ManageProjects)?;
        let change = CatalogChange::SetLimits(project, limits);
        Ok(self.catalog.apply(vec![change]).await?)
    }

    /// Deletes a project with its keys, issues and events.
    pub async fn delete_project(&self, caller: &Identity, project: ProjectId) -> Result<()> {
        caller.require(Permission::ManageProjects)?;
        Ok(self
            .catalog
            .apply(vec![CatalogChange::DeleteProject(project)])
            .await?)
    }

    /// The slug that `name` suggests, with the project's number behind it when it is taken.
    async fn free_slug(&self, name: &str, id: ProjectId) -> Result<String> {
        let slug = slug::suggested_by(name).unwrap_or_else(|| format!("project-{id}"));
        let is_taken = self
            .catalog
            .projects()
            .await?
            .iter()
            .any(|project| project.slug == slug);
        Ok(if is_taken { format!("{slug}-{id}") } else { slug })
    }
}

/// The slug, if it is one.
pub(super) fn valid(text: String) -> Result<String> {
    const RULE: &str = "A slug has at most 50 of a-z, 0-9, - and _, and not digits only.";
    if slug::is_valid(&text) {
        Ok(text)
    } else {
        Err(Error::Invalid(RULE))
    }
}

/// None for as long as the settings say.
fn retention(days: u32) -> Result<Option<u32>> {
    if days > MAX_RETENTION_DAYS {
        return Err(Error::Invalid("Payloads are kept for at most 3,650 days."));
    }
    Ok((days > 0).then_some(days))
}

/// An empty name takes the platform away.
fn platform(name: String) -> Result<Option<String>> {
    if name.len() > MAX_PLATFORM {
        return Err(Error::Invalid("A platform has at most 64 bytes."));
    }
    Ok((!name.is_empty()).then_some(name))
}
