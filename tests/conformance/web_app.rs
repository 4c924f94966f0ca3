//! The web app, by a browser: `browser/story.mjs` walks through it.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::program::{Place, finish};
use crate::harness::{EMAIL, repository};
use crate::sdk::{chromium, installed};

#[test]
fn somebody_signs_in_and_resolves_the_first_issue() {
    let place = Place::new();
    let program = place.start_with(&[("TRIPLINE__BOOTSTRAP__EMAIL", EMAIL)]);
    let page = program.api.ask("GET", "/", &[], b"");
    assert!(
        !String::from_utf8_lossy(&page.body).contains("debug build"),
        "the web app is in the release build only: run `make test`, which tests that one"
    );
    let python = repository(".venv/bin/python");
    installed(&python);
    installed(&repository("tests/node_modules/playwright-core"));
    let passing = TempDir::new().unwrap();
    let screenshots = match std::env::var_os("TRIPLINE_RECORD") {
        Some(_) => repository("docs/screenshots"),
        None => passing.path().to_owned(),
    };
    fs::create_dir_all(&screenshots).unwrap();
    let (code, output, error) = finish(
        Command::new("node")
            .arg(repository("tests/browser/story.mjs"))
            .env("TRIPLINE_URL", &program.api.url)
            .env("SIGN_IN_LINK", program.sign_in_link())
            .env("SENTRY_DSN", program.api.dsn())
            .env("PYTHON", python)
            .env("CHROMIUM", chromium())
            .env("SCREENSHOTS", &screenshots),
    );
    assert_eq!(code, 0, "{output}{error}");
}
