//! What is said about a release, from a body to the words of the service. Pure.

use jiff::Timestamp;

use super::ask::{EditRelease, ProjectName, SentCommit, SentFile};
use super::search::chosen;
use crate::http::error::ApiError;
use crate::model::Project;
use crate::model::release::{ChangedFile, Commit, FileChange, Release, ReleaseStatus};
use crate::protocol::timestamp;
use crate::shipping::Description;
use crate::store::ReleaseUpdate;

/// The projects that are named by id or slug; none when none is.
pub(super) fn named(names: &[ProjectName], projects: &[Project]) -> Result<Vec<Project>, ApiError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let text = |name: &ProjectName| match name {
        ProjectName::Text(text) => text.clone(),
        ProjectName::Number(number) => number.to_string(),
    };
    let names: Vec<_> = names.iter().map(text).collect();
    let ids = chosen(&names, projects)?;
    let projects = projects.iter().filter(|project| ids.contains(&project.id));
    Ok(projects.cloned().collect())
}

/// What is said, in the words of the service.
pub(super) fn describe(said: EditRelease) -> Result<Description, ApiError> {
    let head = said.refs.unwrap_or_default().into_iter().next();
    let head = head.map(|head| head.commit);
    let commits = said.commits.map(|commits| {
        if commits.len() > Release::MAX_COMMITS {
            return Err(ApiError::bad_request("A release has at most 10000 commits."));
        }
        commits.into_iter().map(commit).collect()
    });
    Ok(Description {
        update: ReleaseUpdate {
            released: time("dateReleased", said.date_released.as_deref())?,
            status: said.status.as_deref().map(status).transpose()?.flatten(),
            reference: head.or(said.reference).filter(|text| !text.is_empty()),
            url: said.url.filter(|text| !text.is_empty()),
        },
        commits: commits.transpose()?,
    })
}

/// The status of this name; none of an empty one.
pub(super) fn status(name: &str) -> Result<Option<ReleaseStatus>, ApiError> {
    match name {
        "" => Ok(None),
        "open" => Ok(Some(ReleaseStatus::Open)),
        "archived" => Ok(Some(ReleaseStatus::Archived)),
        _ => Err(ApiError::bad_request("status is open or archived.")),
    }
}

/// A time in any of the spellings that clients use.
pub(super) fn time(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let time = timestamp::from_text(text);
    let time = time.and_then(|time| Timestamp::from_microsecond(time.as_microsecond()).ok());
    time.map(Some)
        .ok_or_else(|| ApiError::bad_request(format!("{name} is a time such as 2026-03-01T10:20:00Z.")))
}

fn commit(sent: SentCommit) -> Result<Commit, ApiError> {
    let sha = sent.id.trim();
    if !(1..=Commit::MAX_SHA).contains(&sha.len()) {
        return Err(ApiError::bad_request(
            "A commit needs an id of 1 to 64 characters.",
        ));
    }
    let files = sent.patch_set.unwrap_or_default().into_iter();
    Ok(Commit {
        sha: sha.to_owned(),
        repository: sent.repository,
        author_name: sent.author_name,
        author_email: sent.author_email,
        // A clock that is wrong costs the date, not the commit.
        time: time("timestamp", sent.timestamp.as_deref()).ok().flatten(),
        message: sent.message,
        files: files.filter_map(file).collect(),
    })
}

fn file(sent: SentFile) -> Option<ChangedFile> {
    let change = match sent.kind.as_str() {
        "A" => FileChange::Added,
        "M" => FileChange::Modified,
        "D" => FileChange::Deleted,
        _ => return None,
    };
    Some(ChangedFile {
        path: sent.path,
        change,
    })
}
