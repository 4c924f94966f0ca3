//! The house rules that a compiler does not know: who may import whom, where a library may be named, how a file opens.
//! Reads source text only; does not judge what the code does.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import. `app`, `main`, `lib` and `telemetry` are the root: they may import
/// everything, and no room imports them.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    (
        "http",
        &[
            "ingest", "digest", "triage", "regroup", "rollout", "shipping", "alerts", "accounts", "store",
            "notify", "model", "grouping", "protocol", "config",
        ],
    ),
    (
        "workers",
        &[
            "ingest", "digest", "triage", "regroup", "rollout", "shipping", "alerts", "accounts", "store",
            "notify", "model", "grouping", "protocol", "config",
        ],
    ),
    ("ingest", SERVICES_IMPORT),
    ("digest", SERVICES_IMPORT),
    ("triage", SERVICES_IMPORT),
    ("regroup", SERVICES_IMPORT),
    ("shipping", SERVICES_IMPORT),
    ("rollout", SERVICES_IMPORT),
    ("alerts", SERVICES_IMPORT),
    ("accounts", SERVICES_IMPORT),
    ("store", &["model", "protocol", "config"]),
    ("notify", &["model", "protocol", "config"]),
    ("model", &["protocol"]),
    ("grouping", &["protocol"]),
    ("protocol", &[]),
    ("config", &[]),
];
const SERVICES_IMPORT: &[&str] = &["store", "notify", "model", "grouping", "protocol", "config"];
const ROOT: [&str; 4] = ["main", "lib", "app", "telemetry"];

/// Text that only some places may hold: a library or a call, and the paths below `src/` that may name it.
const ONLY_IN: [(&str, &[&str]); 10] = [
    ("actix", &["http/"]),
    ("sled::", &["store/embedded/"]),
    ("tantivy::", &["store/embedded/words"]),
    ("ureq", &["notify/http/", "app/release_check.rs"]),
    ("lettre", &["notify/email.rs"]),
    ("std::env", &["config/"]),
    ("env::var", &["config/"]),
    ("Timestamp::now", CLOCK_READERS),
    ("Zoned::now", CLOCK_READERS),
    ("SystemTime::now", CLOCK_READERS),
];
const CLOCK_READERS: &[&str] = &["http/", "workers/", "app.rs", "app/", "main.rs"];

/// A longer file usually hides a second one.
const MOST_LINES: usize = 400;

/// A file below `src/`, as its path there and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The first part of the path: `http` of `http/api/mod.rs`, `main` of `main.rs`.
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules its own is below the crate's root: 1 for `http/mod.rs` and `app.rs`.
    fn depth(&self) -> usize {
        self.path.split('/').count() - usize::from(self.path.ends_with("/mod.rs"))
    }

    /// Its lines without comments, numbered from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self
            .text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The crate's modules that it names, with the line.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let lines: Vec<_> = self.code().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            for (at, path) in line.match_indices("crate::") {
                // A group of paths may go on over the next lines.
                let mut rest = line[at + path.len()..].to_owned();
                lines[index + 1..]
                    .iter()
                    .take(20)
                    .for_each(|(_, line)| rest.push_str(line));
                found.extend(first_names(&rest).into_iter().map(|name| (*number, name)));
            }
            found.extend(out_of_the_room(line, self.depth()).map(|name| (*number, name)));
        }
        found
    }
}

/// The first names of a path or of a group of paths: `a::B` is `a`; `{a::{B, C}, d}` is `a` and `d`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// What `use super::super::x` at the left margin names, when it climbs out to the crate's root.
fn out_of_the_room(line: &str, depth: usize) -> Option<String> {
    let mut path = line.trim_start_matches("pub ").strip_prefix("use ")?;
    let mut climbed = 0;
    while let Some(rest) = path.strip_prefix("super::") {
        path = rest;
        climbed += 1;
    }
    (climbed >= depth && climbed > 0).then(|| first_names(path).join(", "))
}

/// The arrows of one file that the table does not allow.
fn wrong_imports(source: &Source) -> Vec<String> {
    let room = source.room();
    if ROOT.contains(&room) {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
        return vec![format!(
            "src/{}: the room `{room}` is not in the table of rooms",
            source.path
        )];
    };
    let wrong = source
        .imports()
        .into_iter()
        .filter(|(_, name)| name != room && !allowed.contains(&name.as_str()));
    wrong
        .map(|(line, name)| format!("src/{}:{line}: `{room}` may not import `{name}`", source.path))
        .collect()
}

/// The names in one file that belong elsewhere.
fn wrong_names(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, places) in ONLY_IN
        .iter()
        .filter(|(_, places)| !places.iter().any(|it| source.path.starts_with(it)))
    {
        for (line, _) in source.code().filter(|(_, line)| names(line, name)) {
            wrong.push(format!(
                "src/{}:{line}: `{name}` belongs only in {}",
                source.path,
                places.join(", ")
            ));
        }
    }
    wrong
}

/// Whether code names it: a word of its own, not a piece of text between quotes.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = &line[..at];
        !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && before.matches('"').count().is_multiple_of(2)
    })
}

fn wrong_shape(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    if !source.text.starts_with("//!") {
        wrong.push(format!(
            "src/{}:1: a module opens with `//!` and what it is for",
            source.path
        ));
    }
    let lines = source.text.lines().count();
    if lines > MOST_LINES {
        wrong.push(format!(
            "src/{}: {lines} lines: which second room hides in it?",
            source.path
        ));
    }
    wrong
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `directory` whose names end with one of `ends`.
fn files(directory: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "node_modules" && !name.starts_with('.') {
            found.extend(files(&path, ends));
        } else if ends.iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let src = repository().join("src");
    let read = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path.strip_prefix(&src).unwrap().to_string_lossy().into_owned(),
    };
    files(&src, &[".rs"]).into_iter().map(read).collect()
}

fn report(faults: Vec<String>) {
    let text = faults.iter().fold(String::new(), |mut text, fault| {
        let _ = writeln!(text, "{fault}");
        text
    });
    assert!(faults.is_empty(), "\n{text}");
}

#[test]
fn rooms_import_only_what_stands_below_them() {
    report(sources().iter().flat_map(wrong_imports).collect());
}

#[test]
fn libraries_and_clocks_stay_in_their_rooms() {
    report(sources().iter().flat_map(wrong_names).collect());
}

#[test]
fn every_module_says_what_it_is_for_and_is_short() {
    report(sources().iter().flat_map(wrong_shape).collect());
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut faults = Vec::new();
    for directory in ["src", "tests", "web/src"] {
        for path in files(
            &repository().join(directory),
            &[".rs", ".ts", ".svelte", ".py", ".mjs", ".js"],
        ) {
            let text = fs::read_to_string(&path).unwrap();
            let marked = text
                .lines()
                .enumerate()
                .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
            faults.extend(
                marked.map(|(index, line)| format!("{}:{}: {}", path.display(), index + 1, line.trim())),
            );
        }
    }
    report(faults);
}

#[test]
fn a_new_arrow_is_seen() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let store = source(
        "store/embedded/read.rs",
        "//! Reads.\nuse crate::model::{Issue, Page};\nuse crate::{\n    config,\n    http::{self, error},\n};\nuse sled::Db;\n",
    );
    assert_eq!(
        wrong_imports(&store),
        ["src/store/embedded/read.rs:3: `store` may not import `http`"]
    );
    assert!(wrong_names(&store).is_empty());

    let model = source(
        "model/issue.rs",
        "// use crate::http;\nfn f() { let _ = (crate::grouping::hash(), jiff::Timestamp::now()); }\n",
    );
    assert_eq!(
        wrong_imports(&model),
        ["src/model/issue.rs:2: `model` may not import `grouping`"]
    );
    assert_eq!(
        wrong_names(&model),
        ["src/model/issue.rs:2: `Timestamp::now` belongs only in http/, workers/, app.rs, app/, main.rs"]
    );
    assert_eq!(
        wrong_shape(&model),
        ["src/model/issue.rs:1: a module opens with `//!` and what it is for"]
    );

    assert_eq!(
        wrong_imports(&source("alerts/mod.rs", "use super::digest;\n")),
        ["src/alerts/mod.rs:1: `alerts` may not import `digest`"]
    );
    assert!(wrong_imports(&source("alerts/rules.rs", "use super::baseline;\n")).is_empty());
    assert!(wrong_imports(&source("app.rs", "use crate::http;\n")).is_empty());
    assert_eq!(
        wrong_imports(&source("utils.rs", "")),
        ["src/utils.rs: the room `utils` is not in the table of rooms"]
    );
}
