//! What people say of releases changes how issues stand: the order of releases, and the commits that mend issues.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::evidence::Histories;
use super::{decide, hear, standing, watched};
use crate::model::lifecycle::decision::{Decision, Resolution, ResolvedIn};
use crate::model::release::fixes::fixes;
use crate::model::release::{Commit, Release};
use crate::model::{Issue, IssueId, Project};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::apply::alert;
use crate::store::embedded::index::apply::story::By;
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::lifecycle::standing_key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::{ReleaseRow, slices_key};
use crate::store::embedded::index::rows::{self, Meta};
use crate::store::{ReleaseChange, ReleaseCommand, Result};

/// The fewest digits of a hash that name a commit.
const FEWEST_DIGITS: usize = 7;

/// How often issues are mended by what is said of a release in one go, at the most: what was left over is news the next
/// time.
const MOST_NEWS: usize = 1_000;

/// Somebody said something of a release, which was `before` and is `after` it.
pub(in crate::store::embedded::index::apply) fn told(
    command: &ReleaseCommand,
    before: &Release,
    after: &Release,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let by = By {
        who: None,
        time: command.time,
    };
    let known = [before, after].map(|it| [it.first_seen, it.released, it.declared]);
    let known = known.into_iter().flatten().flatten().min();
    let mut histories = Histories::default();
    let since = match &command.change {
        ReleaseChange::SetCommits(said) => {
            commits(after, said, by, &mut histories, meta, overlay)?;
            known
        }
        // Its deploys are gone with it.
        ReleaseChange::Delete => Some(Timestamp::MIN),
        ReleaseChange::Deploy(deploy) => known.min(Some(deploy.finished)).or(Some(deploy.finished)),
        ReleaseChange::Declare | ReleaseChange::Update(_) => known,
    };
    // What was learned of releases that were out then: what was judged by them is judged again.
    for id in watched(command.project, since.unwrap_or(command.time), overlay)? {
        if let Some(mut issue) = sum::find_itself(id, overlay)?
            && let Some(news) = hear(&mut issue, &[], by, &mut histories, meta, overlay)?
        {
            alert::happen(news, meta, overlay)?;
        }
    }
    Ok(())
}

/// These commits, and no others, went into a release: issues that wait for one of them may have been mended in it, and
/// those that a message names are.
fn commits(
    release: &Release,
    commits: &[Commit],
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    for id in watched(release.project, Timestamp::MAX, overlay)? {
        if let Some(issue) = sum::find_itself(id, overlay)? {
            note(&issue, release, commits, overlay)?;
        }
    }
    let mended = mended(release.project, commits, overlay)?;
    let shas: Vec<&str> = mended.values().copied().collect();
    histories.look_for(release.project, &shas, overlay)?;
    for (id, sha) in mended {
        let decision = Decision::Resolve(Resolution {
            time: by.time,
            who: None,
            kind: ResolvedIn::Commit(sha.to_owned()),
            environment: None,
            current: Vec::new(),
        });
        if let Some(mut issue) = sum::find_itself(id, overlay)? {
            decide(&mut issue, decision, by, histories, meta, overlay)?;
        }
    }
    Ok(())
}

/// The issues that commits say they mend, each with the latest commit that does, if one of them says something new.
fn mended<'a>(
    project: ProjectId,
    commits: &'a [Commit],
    overlay: &mut Overlay<'_>,
) -> Result<BTreeMap<IssueId, &'a str>> {
    let mut mended = BTreeMap::new();
    let Some(project): Option<Project> = overlay.get(&Key::of(Table::Project).number(project.0))? else {
        return Ok(mended);
    };
    let mut news = 0;
    for commit in commits.iter().filter(|it| it.sha.len() <= Commit::MAX_SHA) {
        for id in fixes(commit.message.as_deref().unwrap_or_default()) {
            if id.slug == project.slug
                && news < MOST_NEWS
                && let Some(issue) = by_number(project.id, id.number, overlay)?
                && is_news(&issue, commit, overlay)?
            {
                mended.entry(issue.id).or_insert(commit.sha.as_str());
                news += 1;
            }
        }
    }
    Ok(mended)
}

/// Notes with an issue that waits for a commit whether the release has it.
fn note(issue: &Issue, release: &Release, commits: &[Commit], overlay: &mut Overlay<'_>) -> Result<()> {
    let Some((owner, mut standing)) = standing(issue, overlay)? else {
        return Ok(());
    };
    let Decision::Resolve(resolution) = &standing.decision else {
        return Ok(());
    };
    if let Some(sha) = resolution.commit() {
        let has_it = commits.iter().any(|commit| is_it(&commit.sha, sha));
        standing.released_in.retain(|version| *version != release.version);
        if has_it {
            standing.released_in.push(release.version.clone());
        }
        overlay.put(standing_key(owner), &standing)?;
    }
    Ok(())
}

/// The releases of a project that have each of some commits, by its hash in lower case.
pub(super) fn having(
    project: ProjectId,
    shas: &[&str],
    overlay: &Overlay<'_>,
) -> Result<HashMap<String, Vec<String>>> {
    let mut having: HashMap<String, Vec<String>> =
        shas.iter().map(|sha| (sha.to_lowercase(), Vec::new())).collect();
    // People may have cut them to their first digits.
    let lengths: BTreeSet<usize> = shas.iter().map(|sha| sha.len()).collect();
    let lengths: Vec<usize> = lengths
        .into_iter()
        .filter(|length| *length >= FEWEST_DIGITS)
        .collect();
    if lengths.is_empty() {
        return Ok(having);
    }
    for (_, row) in overlay.scan(&Key::of(Table::Release).number(project.0), usize::MAX)? {
        let ReleaseRow { release, .. } = rows::decode(&row)?;
        if release.commits == 0 {
            continue;
        }
        for (_, slice) in overlay.scan(&slices_key(Table::Commit, project, release.id), usize::MAX)? {
            for commit in rows::decode::<Vec<Commit>>(&slice)? {
                let sha = commit.sha.to_lowercase();
                for start in lengths.iter().filter_map(|length| sha.get(..*length)) {
                    if let Some(versions) = having.get_mut(start)
                        && versions.last() != Some(&release.version)
                    {
                        versions.push(release.version.clone());
                    }
                }
            }
        }
    }
    Ok(having)
}

/// Whether a hash is the one that is meant, which people may have cut to its first digits.
fn is_it(sha: &str, meant: &str) -> bool {
    let start = sha.get(..meant.len());
    meant.len() >= FEWEST_DIGITS && start.is_some_and(|start| start.eq_ignore_ascii_case(meant))
}

fn by_number(project: ProjectId, number: u32, overlay: &Overlay<'_>) -> Result<Option<Issue>> {
    let key = Key::of(Table::IssueNumber)
        .number(project.0)
        .number(number.into());
    match overlay.get::<IssueId>(&key)? {
        Some(id) => sum::find(id, overlay),
        None => Ok(None),
    }
}

/// Whether it was not said before that this commit mends the issue: a build machine says it again with every run, though
/// somebody may have found out since that it does not.
fn is_news(issue: &Issue, commit: &Commit, overlay: &mut Overlay<'_>) -> Result<bool> {
    let key = Key::of(Table::Mended)
        .number(issue.project.0)
        .number(issue.id.0)
        .bytes(commit.sha.to_lowercase().as_bytes());
    if overlay.has(&key)? {
        return Ok(false);
    }
    overlay.put(key, &())?;
    Ok(true)
}
