//! Commits of a release: in slices, because a row stays small however much they say and touch.

use crate::model::release::{Commit, Release};
use crate::store::embedded::index::keys::Table;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::slices_key;
use crate::store::{Error, Result};

/// Bytes of a row, about. A commit with more files than fit stands in several, under the same hash.
const ROW: usize = 3_400;
/// The most bytes that are kept of a commit's texts, and of the path of a file.
const MAX_NAME: usize = 200;
const MAX_MESSAGE: usize = 1_000;
const MAX_PATH: usize = 500;
/// Bytes that a commit or a file takes beside its texts, at the most.
const FRAMING: usize = 40;

/// These commits, and no others.
pub(super) fn set(release: &Release, commits: &[Commit], overlay: &mut Overlay<'_>) -> Result<()> {
    if commits.len() > Release::MAX_COMMITS {
        return Err(Error::Conflict("a release has at most 10,000 commits"));
    }
    let prefix = slices_key(Table::Commit, release.project, release.id);
    overlay.remove_all(&prefix)?;
    for (number, slice) in (0..).zip(slices(commits)) {
        overlay.put(prefix.clone().short(number), &slice)?;
    }
    Ok(())
}

/// The commits, so many together as fit into a row.
fn slices(commits: &[Commit]) -> Vec<Vec<Commit>> {
    let mut slices = Vec::new();
    let mut slice: Vec<Commit> = Vec::new();
    let mut taken = 0;
    for commit in commits {
        let (mut head, files) = kept(commit);
        if taken + size(&head) > ROW {
            slices.push(std::mem::take(&mut slice));
            taken = 0;
        }
        taken += size(&head);
        for file in files {
            let more = file.path.len() + FRAMING;
            if taken + more > ROW {
                let rest = Commit {
                    sha: head.sha.clone(),
                    ..empty()
                };
                slice.push(std::mem::replace(&mut head, rest));
                slices.push(std::mem::take(&mut slice));
                taken = size(&head);
            }
            taken += more;
            head.files.push(file);
        }
        slice.push(head);
    }
    slices.push(slice);
    slices.retain(|slice| !slice.is_empty());
    slices
}

/// What is kept of a commit: itself, still without its files, and the files.
fn kept(commit: &Commit) -> (Commit, Vec<crate::model::release::ChangedFile>) {
    let cut_all = |text: &Option<String>, limit| text.as_deref().map(|text| cut(text, limit).to_owned());
    let head = Commit {
        sha: cut(&commit.sha, Commit::MAX_SHA).to_owned(),
        repository: cut_all(&commit.repository, MAX_NAME),
        author_name: cut_all(&commit.author_name, MAX_NAME),
        author_email: cut_all(&commit.author_email, MAX_NAME),
        time: commit.time,
        message: cut_all(&commit.message, MAX_MESSAGE),
        files: Vec::new(),
    };
    let mut files = commit.files.clone();
    // A path that was cut would be another file's.
    files.retain(|file| file.path.len() <= MAX_PATH);
    (head, files)
}

fn size(head: &Commit) -> usize {
    let texts = [
        &head.repository,
        &head.author_name,
        &head.author_email,
        &head.message,
    ];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    FRAMING + head.sha.len() + texts
}

fn empty() -> Commit {
    Commit {
        sha: String::new(),
        repository: None,
        author_name: None,
        author_email: None,
        time: None,
        message: None,
        files: Vec::new(),
    }
}

/// The first `limit` bytes of a text, about: whole characters.
fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::release::{ChangedFile, FileChange};
    use crate::store::embedded::index::rows::encode;

    fn commit(sha: usize, message: &str, files: usize) -> Commit {
        let file = |n| ChangedFile {
            path: format!("src/{n:0>90}.rs"),
            change: FileChange::Modified,
        };
        Commit {
            sha: format!("{sha:0>40}"),
            message: Some(message.to_owned()),
            files: (0..files).map(file).collect(),
            ..empty()
        }
    }

    #[test]
    fn rows_stay_small_and_nothing_is_lost() {
        let commits = [
            commit(1, "small", 1),
            commit(2, &"ü".repeat(5_000), 0),
            commit(3, "huge", 500),
            commit(4, "small", 2),
            commit(5, &"x".repeat(900), 30),
        ];
        let slices = slices(&commits);
        for slice in &slices {
            assert!(encode(slice).unwrap().len() < 4_096);
        }
        let mut order: Vec<_> = slices.iter().flatten().map(|it| it.sha.clone()).collect();
        order.dedup();
        assert_eq!(order, commits.each_ref().map(|it| it.sha.clone()));
        let files = slices.iter().flatten().map(|it| it.files.len()).sum::<usize>();
        assert_eq!(files, 533);
        assert!(super::slices(&[]).is_empty());
    }
}
