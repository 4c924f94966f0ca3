//! The web app, by a browser: each program of `browser/` walks through it.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::program::{Place, Program, finish};
use crate::harness::{EMAIL, PASSWORD, TOKEN, repository};
use crate::sdk::{chromium, installed};

#[test]
fn somebody_signs_in_and_resolves_the_first_issue() {
    let place = Place::new();
    let program = place.start_with(&[("TRIPLINE__BOOTSTRAP__EMAIL", EMAIL)]);
    let python = repository(".venv/bin/python");
    installed(&python);
    let mut walk = Command::new("node");
    walk.arg(repository("tests/browser/story.mjs"))
        .env("SIGN_IN_LINK", program.sign_in_link())
        .env("PYTHON", python);
    succeeds(&program, walk);
}

#[test]
fn somebody_looks_into_a_bad_rollout() {
    let program = Place::new().start();
    let mut walk = Command::new("node");
    walk.arg(repository("tests/browser/releases.mjs"))
        .env("API_TOKEN", TOKEN);
    succeeds(&program, walk);
}

#[test]
fn somebody_triages_by_keyboard_while_another_looks_on() {
    walks_with_python("triage.mjs");
}

#[test]
fn somebody_goes_down_a_long_list_and_comes_back() {
    let program = Place::new().start();
    let python = repository(".venv/bin/python");
    installed(&python);
    let mut walk = Command::new("node");
    walk.arg(repository("tests/browser/list.mjs"))
        .env("API_TOKEN", TOKEN)
        .env("PYTHON", python);
    succeeds(&program, walk);
}

#[test]
fn somebody_finds_an_issue_without_knowing_the_grammar() {
    walks_with_python("search.mjs");
}

#[test]
fn everybody_can_use_every_page() {
    walks_with_python("reach.mjs");
}

#[test]
fn the_first_screen_costs_little() {
    walks_with_python("budget.mjs");
}

#[test]
fn what_strangers_send_is_text() {
    let program = Place::new().start();
    let mut walk = Command::new("node");
    walk.arg(repository("tests/browser/hostile.mjs"))
        .env("API_TOKEN", TOKEN);
    succeeds(&program, walk);
}

#[test]
fn somebody_comes_to_be_told() {
    let program = Place::new().start_with(&[
        ("TRIPLINE__BOOTSTRAP__EMAIL", EMAIL),
        ("TRIPLINE__BOOTSTRAP__PASSWORD", PASSWORD),
        ("TRIPLINE__NOTIFY__ALLOW_PRIVATE", "127.0.0.0/8"),
    ]);
    let python = repository(".venv/bin/python");
    installed(&python);
    let mut walk = Command::new("node");
    walk.arg(repository("tests/browser/alerts.mjs"))
        .env("PYTHON", python);
    succeeds(&program, walk);
}

/// A walk of an owner who has a password, with events by the SDK for Python.
#[track_caller]
fn walks_with_python(name: &str) {
    let program = Place::new().start();
    let python = repository(".venv/bin/python");
    installed(&python);
    let mut walk = Command::new("node");
    walk.arg(repository("tests/browser").join(name))
        .env("PYTHON", python);
    succeeds(&program, walk);
}

/// Runs a walk through the web app of `program` to its end.
#[track_caller]
fn succeeds(program: &Program, mut walk: Command) {
    let page = program.api.ask("GET", "/", &[], b"");
    assert!(
        !String::from_utf8_lossy(&page.body).contains("debug build"),
        "the web app is in the release build only: run `make test`, which tests that one"
    );
    installed(&repository("tests/node_modules/playwright-core"));
    let passing = TempDir::new().unwrap();
    let screenshots = match std::env::var_os("TRIPLINE_RECORD") {
        Some(_) => repository("docs/screenshots"),
        None => passing.path().to_owned(),
    };
    fs::create_dir_all(&screenshots).unwrap();
    walk.env("TRIPLINE_URL", &program.api.url)
        .env("SENTRY_DSN", program.api.dsn())
        .env("CHROMIUM", chromium())
        .env("SCREENSHOTS", &screenshots);
    let (code, output, error) = finish(&mut walk);
    assert_eq!(code, 0, "{output}{error}");
}
