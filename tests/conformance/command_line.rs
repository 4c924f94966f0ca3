//! npm's `@sentry/cli`, of its two newest major versions, as a build machine uses it: every step succeeds, and is
//! read back from the web API.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::program::{Program, finish};
use crate::harness::{PROJECT, TOKEN, repository};
use crate::sdk::installed;

const PRODUCTION: &str = "https://ci.example.com/7";

/// A build machine: a repository of three commits, and the command line that tells a server of its releases.
struct Machine {
    program: Program,
    tool: PathBuf,
    repository: PathBuf,
}

impl Machine {
    fn new(package: &str) -> Self {
        let tool = repository("tests/node_modules")
            .join(package)
            .join("bin/sentry-cli");
        installed(&tool);
        let program = Program::start();
        let repository = program.place().file("repository");
        std::fs::create_dir(&repository).unwrap();
        git(&repository, &["init", "-q"]);
        git(
            &repository,
            &["remote", "add", "origin", "https://git.example.com/acme/shop.git"],
        );
        for number in 1..=3 {
            commit(&repository, number);
        }
        Self {
            program,
            tool,
            repository,
        }
    }

    /// Runs a command: whether it succeeded, and what it printed.
    fn try_run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new("node");
        command
            .arg(&self.tool)
            .args(arguments)
            .current_dir(&self.repository)
            .env("SENTRY_URL", &self.program.api.url)
            .env("SENTRY_AUTH_TOKEN", TOKEN)
            .env("SENTRY_ORG", "default")
            .env("SENTRY_PROJECT", PROJECT)
            .env("SENTRY_LOG_LEVEL", "warn");
        let (exit, output, error) = finish(&mut command);
        (exit == 0, format!("{output}{error}"))
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let (succeeded, output) = self.try_run(arguments);
        assert!(succeeded, "{arguments:?}: {output}");
        output
    }

    fn release(&self, version: &str) -> Value {
        self.program
            .api
            .get(&format!("/organizations/default/releases/{version}/"))
    }

    fn commits(&self, version: &str) -> Vec<String> {
        let path = format!("/organizations/default/releases/{version}/commits/");
        let commits = self.program.api.all(&path);
        commits
            .iter()
            .map(|it| it["message"].as_str().unwrap().trim().to_owned())
            .collect()
    }
}

fn git(repository: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .current_dir(repository)
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@acme.example"])
        .args(arguments);
    let (exit, output, error) = finish(&mut command);
    assert_eq!(exit, 0, "git {arguments:?}: {error}");
    output.trim().to_owned()
}

fn commit(repository: &Path, number: usize) {
    std::fs::write(repository.join(format!("cart{number}.py")), "apples = 7\n").unwrap();
    git(repository, &["add", "."]);
    git(repository, &["commit", "-q", "-m", &format!("Change {number}")]);
}

fn tell(package: &str) {
    let machine = Machine::new(package);
    assert!(machine.run(&["info"]).contains("project:releases"));
    let first = "shop@1.0.0";
    machine.run(&["releases", "new", first]);
    machine.run(&[
        "releases",
        "new",
        first,
        "--url",
        "https://shop.example.com/1.0.0",
    ]);
    machine.run(&["releases", "set-commits", first, "--local"]);
    assert_eq!(machine.commits(first), ["Change 3", "Change 2", "Change 1"]);
    machine.run(&["releases", "finalize", first]);
    let deploy = ["--env", "production", "--name", "seven", "--url", PRODUCTION];
    machine.run(&[&["deploys", "new", "--release", first], &deploy[..]].concat());
    assert!(
        machine
            .run(&["deploys", "list", "--release", first])
            .contains("production")
    );

    let release = machine.release(first);
    let head = git(&machine.repository, &["rev-parse", "HEAD"]);
    assert_eq!(
        (&release["commitCount"], &release["lastCommit"]["id"]),
        (&json!(3), &json!(head))
    );
    assert_eq!(
        release["authors"],
        json!([{"name": "Ann", "email": "ann@acme.example"}])
    );
    assert_eq!(
        release["lastCommit"]["patch_set"],
        json!([{"path": "cart3.py", "type": "A"}])
    );
    assert_eq!(release["url"], "https://shop.example.com/1.0.0");
    assert!(release["dateReleased"].is_string());
    let deployed = &release["lastDeploy"];
    assert_eq!(
        (&deployed["environment"], &deployed["name"], &deployed["url"]),
        (&json!("production"), &json!("seven"), &json!(PRODUCTION))
    );

    // The next one has what was committed since.
    commit(&machine.repository, 4);
    let second = "shop@1.1.0";
    machine.run(&["releases", "new", second, "--finalize"]);
    machine.run(&["releases", "set-commits", second, "--auto"]);
    assert_eq!(machine.commits(second), ["Change 4"]);
    let list = machine.run(&["releases", "list"]);
    assert!(list.contains(first) && list.contains(second), "{list}");
    assert!(
        machine
            .run(&["releases", "info", second, "--show-commits"])
            .contains(second)
    );

    machine.run(&["releases", "archive", first]);
    assert_eq!(machine.release(first)["status"], "archived");
    machine.run(&["releases", "restore", first]);
    assert_eq!(machine.release(first)["status"], "open");
    machine.run(&["releases", "delete", second]);
    let gone = format!("/organizations/default/releases/{second}/");
    assert_eq!(machine.program.api.call("GET", &gone, &Value::Null).status, 404);
    assert!(!machine.try_run(&["releases", "info", second]).0);
    let (succeeded, refused) = machine.try_run(&["releases", "finalize", "unknown@1"]);
    assert!(!succeeded && refused.contains("Release not found"), "{refused}");
}

#[test]
fn sentry_cli_tells_of_releases() {
    tell("@sentry/cli");
}

#[test]
fn sentry_cli_2_tells_of_releases() {
    tell("sentry-cli-2");
}
