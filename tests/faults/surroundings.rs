//! What the caller has to put right is said in one clear line, with exit code 2.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use crate::harness::eventually;
use crate::harness::program::{Place, finish};

/// Runs a command that has to fail. Answers its one line.
#[track_caller]
pub(crate) fn refusal(command: &mut Command) -> String {
    let (code, output, error) = finish(command);
    assert_eq!(code, 2, "{output}{error}");
    assert_eq!(output, "");
    let lines: Vec<_> = error.lines().collect();
    assert!(
        lines.len() == 1 && error.starts_with("tripline: "),
        "not one clear line: {error}"
    );
    lines[0].to_owned()
}

#[test]
fn wrong_settings_are_named_all_at_once() {
    let place = Place::new();
    fs::write(
        place.file("mine.toml"),
        "[server]\nlissten = \"here\"\n[log]\nformat = \"xml\"\n",
    )
    .unwrap();
    let said = refusal(
        place
            .command(&["serve", "--config", "mine.toml"])
            .env("TRIPLINE__SERVER__LISTEN", "nowhere")
            .env("TRIPLINE__BOOTSTRAP__PASSWORD", "hunter2"),
    );
    for part in [
        "server.lissten: there is no such setting",
        "log.format",
        "server.listen",
        "bootstrap.password",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_config_file_that_is_named_must_be_there() {
    let said = refusal(&mut Place::new().command(&["serve", "--config", "absent.toml"]));
    assert!(said.contains("absent.toml"), "{said}");
}

#[test]
fn a_data_directory_has_one_server() {
    let place = Place::new();
    let _program = place.start();
    for command in ["serve", "verify", "rebuild"] {
        let said = refusal(&mut place.command(&[command, "--data", place.data().to_str().unwrap()]));
        assert!(said.contains("in use by another process"), "{command}: {said}");
    }
}

#[test]
fn a_port_has_one_server() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refusal(&mut Place::new().command(&["serve", "--listen", &address]));
    assert!(said.contains(&address) && said.contains("in use"), "{said}");
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let place = Place::new();
    // Below a file not even root can make a directory.
    fs::write(place.file("file"), "").unwrap();
    let said = refusal(&mut place.command(&["serve", "--data", "file/data"]));
    assert!(said.contains("file/data"), "{said}");
}

#[test]
fn newer_data_is_refused_and_left_alone() {
    let (_, place) = Place::new().start().stop();
    let schema = place.data().join("schema");
    fs::write(&schema, "999\n").unwrap();
    for command in ["serve", "verify", "rebuild"] {
        let said = refusal(&mut place.command(&[command, "--data", place.data().to_str().unwrap()]));
        assert!(
            said.contains("newer version") && said.contains("999"),
            "{command}: {said}"
        );
    }
    assert_eq!(fs::read_to_string(schema).unwrap(), "999\n");
}

#[test]
fn there_is_nothing_to_verify_where_no_data_is() {
    let place = Place::new();
    for command in ["verify", "rebuild"] {
        refusal(&mut place.command(&[command, "--data", "nowhere"]));
        assert!(!place.file("nowhere").exists(), "{command} made a directory");
    }
}

#[test]
fn a_health_check_tells_a_server_that_is_ready_from_one_that_is_not() {
    let place = Place::new();
    let program = place.start();
    let address = program.api.url.trim_start_matches("http://").to_owned();
    assert_eq!(place.run(&["healthcheck", "--listen", &address]).0, 0);
    program.stop();
    assert_eq!(place.run(&["healthcheck", "--listen", &address]).0, 1);
}

#[test]
fn the_example_that_is_printed_is_the_one_that_is_kept() {
    let (code, output, _) = Place::new().run(&["config"]);
    assert_eq!(
        (code, output.as_str()),
        (0, include_str!("../../tripline.example.toml"))
    );
}

#[test]
fn the_version_is_told() {
    let (code, output, _) = Place::new().run(&["--version"]);
    assert_eq!(
        (code, output),
        (0, format!("tripline {}\n", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn nothing_configured_is_enough() {
    let place = Place::new();
    let program = place.start_with(&[]);
    let link = program.sign_in_link();
    assert!(
        link.starts_with(&format!("{}/sign-in/link#", program.api.url)),
        "{link}"
    );
    eventually("DSN and snippet", || {
        let welcome = program.welcome();
        (welcome.contains(&program.api.dsn()) && welcome.contains("sentry_sdk.init(")).then_some(())
    });
    assert!(
        !place.log().contains("sign-in/link"),
        "a link is a secret: {}",
        place.log()
    );
}
