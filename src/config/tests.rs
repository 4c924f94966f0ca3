//! What the settings accept and how they say no.

use std::io::Write;

use super::*;

fn environment(settings: &[(&str, &str)]) -> Environment {
    let settings = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Environment::with_prefix("TRIPLINE")
        .prefix_separator("__")
        .separator("__")
        .source(Some(settings))
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn nothing_configured_is_the_example() {
    let nothing = Config::read(Some(file("").path()), environment(&[]), []).unwrap();
    assert_eq!(nothing, Config::default());
    let example = Config::read(Some(file(EXAMPLE).path()), environment(&[]), []).unwrap();
    assert_eq!(example, Config::default());
    assert_eq!(nothing.server.listen.to_string(), "127.0.0.1:9000");
    assert_eq!(nothing.storage.data.to_str(), Some("data"));
}

#[test]
fn the_example_shows_every_optional_setting() {
    let shown: String = EXAMPLE
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| rest.contains(" = "))
                .unwrap_or(line)
                .to_owned()
                + "\n"
        })
        .collect();
    let config = Config::read(Some(file(&shown).path()), environment(&[]), []).unwrap();
    assert!(!format!("{config:?}").contains("None"), "{config:?}");
}

#[test]
fn the_command_line_beats_the_environment_which_beats_the_file() {
    let file = file("[server]\nlisten = \"127.0.0.1:1\"\nworkers = 1\n[log]\nlevel = \"warn\"");
    let environment = environment(&[
        ("TRIPLINE__SERVER__LISTEN", "127.0.0.1:2"),
        ("TRIPLINE__SERVER__WORKERS", "2"),
    ]);
    let config = Config::read(
        Some(file.path()),
        environment,
        [("server.listen", Some("127.0.0.1:3".to_owned()))],
    )
    .unwrap();
    assert_eq!((config.server.listen.port(), config.server.workers), (3, 2));
    assert_eq!(config.log.level, "warn");
}

#[test]
fn a_key_of_digits_stays_text() {
    let digits = "12345678901234567890123456789012";
    let settings = [
        ("TRIPLINE__BOOTSTRAP__DSN_KEY", digits),
        ("TRIPLINE__BOOTSTRAP__PROJECT_ID", "42"),
    ];
    let config = Config::read(Some(file("").path()), environment(&settings), []).unwrap();
    assert_eq!(config.bootstrap.dsn_key.as_deref(), Some(digits));
    assert_eq!(config.bootstrap.project_id, Some(42));
}

#[test]
fn proxies_are_a_list_or_in_the_environment_a_line() {
    let believed =
        |config: &Config, address: &str| config.server.trusted_proxies.contain(address.parse().unwrap());
    let listed = file("[server]\ntrusted_proxies = [\"10.0.0.5\", \"fd00::/8\"]");
    let listed = Config::read(Some(listed.path()), environment(&[]), []).unwrap();
    let line = [("TRIPLINE__SERVER__TRUSTED_PROXIES", "10.0.0.5, fd00::/8")];
    let line = Config::read(Some(file("").path()), environment(&line), []).unwrap();
    for config in [listed, line] {
        assert!(believed(&config, "10.0.0.5") && believed(&config, "fd12::1"));
        assert!(!believed(&config, "10.0.0.6") && !believed(&config, "127.0.0.1"));
    }
    let usual = Config::default();
    assert!(believed(&usual, "127.0.0.1") && believed(&usual, "::1") && !believed(&usual, "192.168.0.1"));
    let wrong = file("[server]\ntrusted_proxies = [\"proxy.local\"]");
    let faults = Config::read(Some(wrong.path()), environment(&[]), []).unwrap_err();
    assert!(
        faults
            .to_string()
            .contains("server.trusted_proxies: expected addresses"),
        "{faults}"
    );
}

#[test]
fn nobody_is_told_in_a_private_network_unless_it_is_allowed() {
    let may = |config: &Config| config.notify.allow_private.contain("10.1.2.3".parse().unwrap());
    assert!(!may(&Config::default()));
    let allowed = [("TRIPLINE__NOTIFY__ALLOW_PRIVATE", "10.0.0.0/8")];
    assert!(may(&Config::read(
        Some(file("").path()),
        environment(&allowed),
        []
    )
    .unwrap()));
    let wrong = file("[notify]\nallow_private = [\"intranet\"]");
    let faults = Config::read(Some(wrong.path()), environment(&[]), []).unwrap_err();
    assert!(
        faults
            .to_string()
            .contains("notify.allow_private: expected addresses"),
        "{faults}"
    );
}

#[test]
fn all_faults_are_named_at_once() {
    let file =
        file("[server]\nlisten = \"here\"\nlissten = \"x\"\nworkers = \"many\"\n[log]\nformat = \"xml\"");
    let faults = Config::read(Some(file.path()), environment(&[("TRIPLINE__NOWHERE", "1")]), []).unwrap_err();
    let text = faults.to_string();
    for part in [
        "server.listen: ",
        "server.lissten: there is no such",
        "server.workers: expected",
        "log.format: ",
        "nowhere: there is no such",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_hides_no_value_out_of_range() {
    let file = file("[server]\nlisten = \"here\"\nmax_connections = 0");
    let faults = Config::read(Some(file.path()), environment(&[]), [])
        .unwrap_err()
        .to_string();
    assert!(
        faults.contains("server.listen: expected an address and port"),
        "{faults}"
    );
    assert!(faults.contains("server.max_connections: expected"), "{faults}");
}

#[test]
fn values_out_of_range_are_named_at_once() {
    let file = file(
        "[bootstrap]\nemail = \"me\"\npassword = \"hunter2\"\ndsn_key = \"ABC\"\nproject = \"12\"\n[server]\nidle_timeout_seconds = 0\n\
         [ingest]\nmax_envelope_bytes = 300_000_000\n[storage]\nmin_free_disk_bytes = 0",
    );
    let faults = Config::read(Some(file.path()), environment(&[]), [])
        .unwrap_err()
        .to_string();
    for key in [
        "bootstrap.email",
        "bootstrap.password",
        "bootstrap.dsn_key",
        "bootstrap.project",
        "server.idle_timeout_seconds",
        "ingest.max_envelope_bytes",
        "storage.min_free_disk_bytes: expected at least 16777216",
    ] {
        assert!(faults.contains(key), "{key} in {faults}");
    }
    assert!(!faults.contains("hunter2"));
}

#[test]
fn a_named_file_must_be_there_and_be_toml() {
    assert!(Config::read(Some(Path::new("/nowhere/tripline.toml")), environment(&[]), []).is_err());
    assert!(Config::read(Some(file("[server").path()), environment(&[]), []).is_err());
}

#[test]
fn secrets_hide() {
    assert_eq!(format!("{:?}", Secret::from("hunter2".to_owned())), "***");
}

#[test]
fn the_public_address_follows_the_socket() {
    let mut server = Config::default().server;
    assert_eq!(
        server.public_url("127.0.0.1:4321".parse().unwrap()),
        "http://127.0.0.1:4321"
    );
    assert_eq!(
        server.public_url("0.0.0.0:80".parse().unwrap()),
        "http://localhost:80"
    );
    server.url = Some("https://errors.example.com/".to_owned());
    assert_eq!(
        server.public_url("0.0.0.0:80".parse().unwrap()),
        "https://errors.example.com"
    );
}

#[test]
fn a_word_that_is_no_level_does_not_silence_the_log() {
    let level = |level: &str| {
        let settings = [("TRIPLINE__LOG__LEVEL", level)];
        Config::read(Some(file("").path()), environment(&settings), [])
    };
    for good in [
        "warn",
        "INFO",
        "info,tripline::http=debug",
        "warn,[{request_id}]=trace",
    ] {
        assert!(level(good).is_ok(), "{good}");
    }
    for bad in ["loud", "", "info,loud", "tripline=loud"] {
        let faults = level(bad).unwrap_err().to_string();
        assert!(
            faults.contains("log.level: expected one of off, error"),
            "{faults}"
        );
    }
}
