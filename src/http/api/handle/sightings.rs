//! Where an issue was seen, what was shipped meanwhile, and whose commits may have to do with it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::Answer;
use super::events;
use crate::http::api::ask::{MarkerSearch, Period};
use crate::http::api::period::Span;
use crate::http::api::render;
use crate::http::api::shape::Committers;
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, AtProject, Now, Query};
use crate::model::lifecycle::Why;
use crate::model::suspect::suspects;
use crate::model::{Issue, PageRequest};
use crate::protocol::event::{Event, Stacktrace};
use crate::store::{self, Issues, Releases};

/// The most releases of an issue that are told: the latest ones.
const MOST_RELEASES: usize = 100;
/// The most moments that are told: the latest ones.
const MOST_MARKERS: usize = 500;
/// How many of the latest commits of a release are looked at.
const COMMITS: usize = 1_000;
/// The most commits that are suspected at once: more point at nobody.
const MOST_SUSPECTS: usize = 10;

/// The releases that an issue was seen in, the first one first.
pub(in crate::http::api) async fn releases(at: AtIssue, releases: Data<dyn Releases>) -> Answer {
    let seen = releases.releases_of(at.issue.id).await?;
    let latest = &seen[seen.len().saturating_sub(MOST_RELEASES)..];
    let shown: Vec<_> = latest.iter().filter_map(render::issue_release).collect();
    Ok(HttpResponse::Ok().json(shown))
}

pub(in crate::http::api) async fn markers(
    at: AtProject,
    Query(asked): Query<MarkerSearch>,
    Query(period): Query<Period>,
    Now(now): Now,
    releases: Data<dyn Releases>,
) -> Answer {
    let span = Span::read(&period, None, now)?;
    let range = span.map_or_else(|| Span::last("30d", None, now), Ok)?.range;
    let all = releases.all(at.project.id).await?;
    let mut markers: Vec<_> = all.iter().flat_map(|it| render::markers(it, range)).collect();
    let is_asked = |place: &Option<String>| match place {
        Some(place) => asked.environment.is_empty() || asked.environment.contains(place),
        None => true,
    };
    markers.retain(|marker| is_asked(&marker.environment));
    markers.sort_by_key(|marker| marker.date);
    markers.drain(..markers.len().saturating_sub(MOST_MARKERS));
    Ok(HttpResponse::Ok().json(markers))
}

/// The commits that touched files of the event's own frames, of the release in which the event's issue began, or came
/// back.
pub(in crate::http::api) async fn committers(
    at: AtProject,
    path: Path<(String, String, String)>,
    issues: Data<dyn Issues>,
    releases: Data<dyn Releases>,
) -> Answer {
    let event = events::find(issues.as_ref(), &at, &path.2).await?;
    let issue = issues.issue(event.issue).await?.ok_or_else(AtIssue::missing)?;
    let told = Event::parse(&event.payload).unwrap_or_default();
    let files = own_files(&told);
    let nobody = || Committers {
        committers: Vec::new(),
    };
    let first = first_bad(issue).filter(|_| !files.is_empty());
    let Some(version) = first else {
        return Ok(HttpResponse::Ok().json(nobody()));
    };
    let page = PageRequest::first(COMMITS);
    let commits = releases.commits(at.project.id, &version, page).await;
    let commits = match commits {
        Ok(page) => page.items,
        Err(store::Error::Missing(_)) => Vec::new(),
        Err(error) => return Err(ApiError::from(error)),
    };
    let mut found = suspects(&commits, &files);
    found.truncate(MOST_SUSPECTS);
    Ok(HttpResponse::Ok().json(render::committers(&found, &files, &version)))
}

/// The release that first had what is wrong now.
fn first_bad(issue: Issue) -> Option<String> {
    match issue.why {
        Some(Why::Regressed(why)) if why.release.is_some() => why.release,
        _ => issue.seen.first_release.map(|it| it.version),
    }
}

/// The files of the frames that are the program's own, from the innermost outwards.
fn own_files(event: &Event) -> Vec<String> {
    let raised = event.exception.iter().rev();
    let raised = raised.filter_map(|it| it.stacktrace.as_ref());
    let threads = event.threads.iter().filter_map(|it| it.stacktrace.as_ref());
    let traces: Vec<&Stacktrace> = raised.chain(event.stacktrace.as_ref()).chain(threads).collect();
    let frames = traces.iter().flat_map(|trace| trace.frames.iter().rev());
    let mut files = Vec::new();
    for frame in frames.filter(|frame| frame.in_app == Some(true)) {
        let file = frame.filename.as_ref().or(frame.abs_path.as_ref());
        if let Some(file) = file.filter(|file| !files.contains(*file)) {
            files.push(file.clone());
        }
    }
    files
}
