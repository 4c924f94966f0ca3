//! Suspect commits: which of the commits of a release may have broken something.
//!
//! A commit is suspect when it touched a file of one of the failing frames that are the program's own. A frame and a
//! version control name files differently (`app/cart.py` and `services/shop/app/cart.py`), so the shorter path has to
//! be the end of the longer one, name by name.

use super::release::{Commit, FileChange};

/// A commit that touched files of the failing frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// The innermost of the frames that it touched, as an index of the files that were given.
    pub frame: usize,
}

/// Those of `commits` that touched one of `files`, the paths of in-app frames from the innermost outwards. In the order
/// of the commits, which is latest first.
pub fn suspects<'a>(commits: &'a [Commit], files: &[String]) -> Vec<Suspect<'a>> {
    let files: Vec<Vec<&str>> = files.iter().map(|path| names(path)).collect();
    let suspect = |commit: &'a Commit| {
        let changed = commit
            .files
            .iter()
            .filter(|file| file.change != FileChange::Deleted);
        let changed: Vec<_> = changed.map(|file| names(&file.path)).collect();
        let touched = |frame: &Vec<&str>| changed.iter().any(|file| is_same(file, frame));
        let frame = files.iter().position(touched)?;
        Some(Suspect { commit, frame })
    };
    commits.iter().filter_map(suspect).collect()
}

/// The names of a path from its end, without what bundlers and systems put in front of it.
fn names(path: &str) -> Vec<&str> {
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let names = path.split(['/', '\\']);
    names
        .filter(|name| !matches!(*name, "" | "." | ".." | "~"))
        .rev()
        .collect()
}

fn is_same(one: &[&str], other: &[&str]) -> bool {
    let shared = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    shared > 0 && shared == one.len().min(other.len())
}

#[cfg(test)]
mod tests {
    use super::super::release::ChangedFile;
    use super::*;

    fn commit(sha: &str, files: &[(&str, FileChange)]) -> Commit {
        let file = |(path, change): &(&str, FileChange)| ChangedFile {
            path: (*path).to_owned(),
            change: *change,
        };
        Commit {
            sha: sha.to_owned(),
            repository: None,
            author_name: None,
            author_email: None,
            time: None,
            message: None,
            files: files.iter().map(file).collect(),
        }
    }

    #[test]
    fn a_frame_and_a_repository_name_a_file_in_their_own_way() {
        use FileChange::{Added, Deleted, Modified};
        for (changed, change, frame, expected) in [
            ("services/shop/app/cart.py", Modified, "app/cart.py", true),
            ("app/cart.py", Modified, "/usr/src/shop/app/cart.py", true),
            ("src/cart.ts", Added, "webpack:///./src/cart.ts?a1b2", true),
            ("src/cart.ts", Added, "app:///src/cart.ts", true),
            ("src/Cart.cs", Modified, "C:\\build\\src\\Cart.cs", true),
            ("cart.py", Modified, "app/cart.py", true),
            ("lib/cart.py", Modified, "app/cart.py", false),
            ("app/smart_cart.py", Modified, "cart.py", false),
            ("app/cart.py", Deleted, "app/cart.py", false),
            ("app/cart.py", Modified, "", false),
            ("", Modified, "app/cart.py", false),
        ] {
            let commits = [commit("a", &[(changed, change)])];
            let found = suspects(&commits, &[frame.to_owned()]);
            assert_eq!(!found.is_empty(), expected, "{changed} {frame}");
        }
    }

    #[test]
    fn the_latest_comes_first_and_the_innermost_frame_counts() {
        let touched = |sha, path| {
            commit(
                sha,
                &[("README.md", FileChange::Modified), (path, FileChange::Modified)],
            )
        };
        let commits = [
            touched("c", "a/outer.py"),
            touched("b", "a/other.py"),
            touched("a", "a/inner.py"),
        ];
        let files = ["a/inner.py", "a/outer.py"].map(str::to_owned);
        let found: Vec<_> = suspects(&commits, &files)
            .iter()
            .map(|it| (it.commit.sha.as_str(), it.frame))
            .collect();
        assert_eq!(found, [("c", 1), ("a", 0)]);
    }
}
