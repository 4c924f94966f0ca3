//! The cases in `fixtures/grouping`: a folder is a case, and its events are one issue.
//!
//! Where they are not, `expect.json` says which are: `{"issues": [["a", "b"], ["c"]]}` names files without
//! `.json`. It may also have `stacktrace_rules` and `fingerprint_rules` of the project, and the `title`
//! that a rule gives.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Hash, Rules};
use crate::protocol::event::Event;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    issues: Option<Vec<Vec<String>>>,
    stacktrace_rules: String,
    fingerprint_rules: String,
    title: Option<String>,
}

/// The names of an event, and the title that a rule gives it.
type Named = (Vec<Hash>, Option<String>);

#[test]
fn every_folder_is_as_many_issues_as_it_should_be() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/grouping");
    let cases: Vec<PathBuf> = entries(&root).into_iter().filter(|path| path.is_dir()).collect();
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(!cases.is_empty());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_string_lossy();
    let expected = read_expected(case);
    let rules = Rules::parse(&expected.stacktrace_rules, &expected.fingerprint_rules).unwrap();
    let events = read_events(case, &rules);
    let issues = expected
        .issues
        .unwrap_or_else(|| vec![events.keys().cloned().collect()]);
    let issue_of = |file: &str| issues.iter().position(|issue| issue.iter().any(|it| it == file));
    for (a, (hashes, title)) in &events {
        let issue = issue_of(a).ok_or_else(|| format!("{name}: {a} is in no issue"))?;
        if *title != expected.title {
            return Err(format!("{name}: {a} has the title {title:?}"));
        }
        for (b, (others, _)) in &events {
            let is_linked = hashes.iter().any(|hash| others.contains(hash));
            if is_linked != (issue_of(b) == Some(issue)) {
                let verb = if is_linked { "are" } else { "are not" };
                return Err(format!("{name}: {a} and {b} {verb} one issue"));
            }
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn read_expected(case: &Path) -> Expected {
    match fs::read(case.join("expect.json")) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap(),
        Err(_) => Expected::default(),
    }
}

fn read_events(case: &Path, rules: &Rules) -> BTreeMap<String, Named> {
    let files = entries(case)
        .into_iter()
        .filter(|path| !path.ends_with("expect.json"));
    let named = files.map(|path| {
        let mut event = Event::parse(&fs::read(&path).unwrap()).unwrap();
        let grouping = rules.classify_and_group(&mut event);
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        (file, (grouping.hashes(), grouping.title))
    });
    named.collect()
}
