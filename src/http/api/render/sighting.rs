//! Where issues were seen, and releases as moments in time.

use super::super::shape::{Committer, Committers, IssueEnvironment, IssueRelease, Marker, SuspectCommit};
use super::release::{author, commit};
use crate::model::release::Sighting;
use crate::model::release::version::Version;
use crate::model::suspect::Suspect;
use crate::model::{Release, TimeRange};
use crate::store::SeenInRelease;

/// None for a release of which no event is left.
pub(in crate::http::api) fn issue_release(seen: &SeenInRelease) -> Option<IssueRelease> {
    let sightings = &seen.sightings.0;
    let environment = |it: &Sighting| IssueEnvironment {
        environment: it.environment.clone(),
        count: it.count,
        first_seen: it.first,
        last_seen: it.last,
    };
    Some(IssueRelease {
        version: seen.version.clone(),
        short_version: seen.version.as_deref().map(short),
        count: sightings.iter().map(|it| it.count).sum(),
        first_seen: sightings.iter().map(|it| it.first).min()?,
        last_seen: sightings.iter().map(|it| it.last).max()?,
        environments: sightings.iter().map(environment).collect(),
    })
}

/// The moments of a release that lie in `range`.
pub(in crate::http::api) fn markers(release: &Release, range: TimeRange) -> impl Iterator<Item = Marker> {
    let marker = |kind, environment: Option<&String>, date| Marker {
        kind,
        version: release.version.clone(),
        short_version: short(&release.version),
        environment: environment.cloned(),
        date,
    };
    let came_out = release.released.or(release.first_seen).unwrap_or(release.created);
    let deploys = release.deploys.iter();
    let deploys = deploys.map(move |it| marker("deploy", Some(&it.environment), it.finished));
    std::iter::once(marker("release", None, came_out))
        .chain(deploys)
        .filter(move |it| range.contains(it.date))
}

/// The authors of `suspects`, which went into `release`; `files` are those that the suspects were found by.
pub(in crate::http::api) fn committers(suspects: &[Suspect], files: &[String], release: &str) -> Committers {
    let mut committers: Vec<Committer> = Vec::new();
    for suspect in suspects {
        let author = author(suspect.commit);
        let found = SuspectCommit {
            commit: commit(suspect.commit),
            frame_file: files.get(suspect.frame).cloned().unwrap_or_default(),
            suspect_commit_type: "via commit in release",
        };
        match committers.iter_mut().find(|it| it.author == author) {
            Some(known) => known.commits.push(found),
            None => committers.push(Committer {
                author,
                commits: vec![found],
                release: release.to_owned(),
            }),
        }
    }
    Committers { committers }
}

fn short(version: &str) -> String {
    Version::parse(version).without_package().to_owned()
}
