//! Runs the failing programs, one SDK each, and looks up what the server made of what they raised.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::program::{Program, finish};
use crate::harness::repository;
use crate::wire::{Sent, Wire};

/// An SDK with the program that uses it.
#[derive(Clone, Copy)]
pub(crate) enum Sdk {
    Python,
    Node,
    Browser,
    Rust,
}

/// What came of a scenario.
pub(crate) struct Raised {
    /// The server that got it.
    pub(crate) program: Program,
    /// The events as the web API shows them, in the order in which they were raised.
    pub(crate) events: Vec<Value>,
    /// The program's exit code.
    pub(crate) exit: i32,
    /// What the program sent.
    pub(crate) sent: Vec<Sent>,
}

/// Runs a scenario that sends `count` events against a new server.
#[track_caller]
pub(crate) fn raise(sdk: Sdk, scenario: &str, count: usize) -> Raised {
    let program = Program::start();
    let wire = Wire::to(&program.api);
    let mut command = sdk.command(scenario, count);
    command.env("SENTRY_DSN", wire.dsn()).stdin(Stdio::null());
    let (exit, output, error) = finish(&mut command);
    let ids: Vec<_> = output.lines().collect();
    assert_eq!(ids.len(), count, "{output}{error}");
    program.api.digested();
    let events = ids.iter().map(|id| program.api.event(id)).collect();
    wire.record(&sdk.name(), scenario);
    Raised {
        program,
        events,
        exit,
        sent: wire.sent(),
    }
}

impl Sdk {
    fn command(self, scenario: &str, count: usize) -> Command {
        let programs = repository("tests/conformance");
        let (tool, script) = match self {
            Self::Python => (repository(".venv/bin/python"), programs.join("python/shop.py")),
            Self::Node => (PathBuf::from("node"), programs.join("node/shop.cjs")),
            Self::Browser => (PathBuf::from("node"), programs.join("browser/run.mjs")),
            Self::Rust => (example("failing_shop"), PathBuf::new()),
        };
        if matches!(self, Self::Node | Self::Browser) {
            installed(&repository("tests/node_modules/@sentry/node"));
        } else {
            installed(&tool);
        }
        let mut command = Command::new(tool);
        match self {
            Self::Rust => command.arg(scenario),
            Self::Browser => command
                .arg(script)
                .args([scenario, &count.to_string()])
                .env("CHROMIUM", chromium()),
            Self::Python | Self::Node => command.arg(script).arg(scenario),
        };
        command
    }

    /// Its name and version, as the fixtures' folder is called.
    fn name(self) -> String {
        let npm = |package: &str| {
            let manifest = repository("tests/node_modules/@sentry")
                .join(package)
                .join("package.json");
            let manifest: Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
            manifest["version"].as_str().unwrap().to_owned()
        };
        match self {
            Self::Python => {
                let pins = fs::read_to_string(repository("tests/requirements.txt")).unwrap();
                let version = pins.lines().find_map(|line| line.strip_prefix("sentry-sdk=="));
                format!("sentry-python-{}", version.unwrap())
            }
            Self::Node => format!("sentry-node-{}", npm("node")),
            Self::Browser => format!("sentry-browser-{}", npm("browser")),
            Self::Rust => format!(
                "sentry-rust-{}",
                sentry::ClientOptions::default()
                    .user_agent
                    .rsplit('/')
                    .next()
                    .unwrap()
            ),
        }
    }
}

/// Debian's browser.
pub(crate) fn chromium() -> PathBuf {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|directory| directory.join("chromium"))
        .find(|it| it.exists());
    found.expect("the tests need chromium: run `make test`, which installs it")
}

/// An example of this crate, which cargo builds beside the tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent()
        .and_then(|deps| deps.parent())
        .unwrap()
        .join("examples")
        .join(name)
}

#[track_caller]
pub(crate) fn installed(what: &std::path::Path) {
    assert!(
        what.exists(),
        "the tests need {}: run `make test`, which installs it",
        what.display()
    );
}
