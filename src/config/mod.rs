//! The settings of the program: one plain struct a section, read once at start.
//!
//! A setting comes from the first of these that has it, last to first: the defaults (which *are* the file
//! `tripline.example.toml`), `tripline.toml` or the file of `--config`, the environment
//! (`TRIPLINE__SECTION__KEY`), the command line. Nothing here opens the data directory or the network.

use std::fmt;
use std::path::Path;

use ::config::{ConfigError, Environment, File, FileFormat, Map, Value, ValueKind};
use serde::Deserialize;

mod mail;
mod networks;
mod remote;
mod secret;
mod sections;
#[cfg(test)]
mod tests;

pub use mail::{Encryption, Mail, MailServer, Sender};
pub use networks::Networks;
pub use remote::Remote;
pub use secret::Secret;
pub use sections::{Auth, Bootstrap, Ingest, Log, LogFormat, Notify, Organization, Server, Storage};

/// The defaults, with a comment for every setting. `tripline config` prints it.
pub const EXAMPLE: &str = include_str!("../../tripline.example.toml");

/// The file that is read when no other is named and it is there.
const USUAL_FILE: &str = "tripline.toml";

/// All settings, valid.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The listening socket and its time limits.
    pub server: Server,
    /// The data directory and its bounds.
    pub storage: Storage,
    /// Bounds on what SDKs may send.
    pub ingest: Ingest,
    /// The program's own log.
    pub log: Log,
    /// The one organisation of this installation.
    pub organization: Organization,
    /// Sessions and sign-in links.
    pub auth: Auth,
    /// Whom messages may go to.
    pub notify: Notify,
    /// How e-mail leaves.
    #[serde(default)]
    pub mail: Mail,
    /// What is created at start when it is absent.
    #[serde(default)]
    pub bootstrap: Bootstrap,
}

impl Config {
    /// Reads the settings: defaults, file, environment, then `flags` (`("storage.data", Some("/data"))`).
    ///
    /// A `file` that is named must be there. Everything that is wrong is reported at once.
    pub fn load(
        file: Option<&Path>,
        flags: impl IntoIterator<Item = (&'static str, Option<String>)>,
    ) -> Result<Self, Faults> {
        let environment = Environment::with_prefix("TRIPLINE")
            .prefix_separator("__")
            .separator("__");
        Self::read(file, environment.ignore_empty(true), flags)
    }

    fn read(
        file: Option<&Path>,
        environment: Environment,
        flags: impl IntoIterator<Item = (&'static str, Option<String>)>,
    ) -> Result<Self, Faults> {
        let source = match file {
            Some(path) => File::from(path).format(FileFormat::Toml),
            None => File::new(USUAL_FILE, FileFormat::Toml).required(false),
        };
        let mut given = ::config::Config::builder()
            .add_source(source)
            .add_source(environment);
        for (key, value) in flags {
            given = given
                .set_override_option(key, value)
                .map_err(|fault| Faults(vec![fault.to_string()]))?;
        }
        let given = given.build().map_err(|fault| Faults(vec![fault.to_string()]))?;
        let given = given
            .cache
            .into_table()
            .map_err(|fault| Faults(vec![fault.to_string()]))?;
        Self::from_settings(leaves(given))
    }

    /// Tries each setting alone on top of the defaults, because the parser stops at its first fault.
    fn from_settings(settings: Vec<(String, Value)>) -> Result<Self, Faults> {
        let (mut faults, mut sound) = (Vec::new(), Vec::new());
        for setting in settings {
            match on_defaults(std::slice::from_ref(&setting)) {
                Ok(_) => sound.push(setting),
                Err(fault) => faults.push(explain(&setting, &fault)),
            }
        }
        let config = on_defaults(&sound).map_err(|fault| Faults(vec![fault.to_string()]))?;
        faults.extend(config.faults());
        if faults.is_empty() {
            Ok(config)
        } else {
            Err(Faults(faults))
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        self.server.check(&mut faults);
        self.storage.check(&mut faults);
        self.ingest.check(&mut faults);
        self.log.check(&mut faults);
        self.organization.check(&mut faults);
        self.auth.check(&mut faults);
        self.mail.check(&mut faults);
        self.bootstrap.check(&mut faults);
        faults
    }
}

impl Default for Config {
    fn default() -> Self {
        on_defaults(&[]).expect("the example that is compiled in has every setting, as a test holds")
    }
}

/// Everything that is wrong with the settings, one line each: `section.key: what is expected`.
#[derive(Debug, thiserror::Error)]
pub struct Faults(Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wrong configuration: {}", self.0.join("; "))
    }
}

fn on_defaults(settings: &[(String, Value)]) -> Result<Config, ConfigError> {
    let mut builder = ::config::Config::builder().add_source(File::from_str(EXAMPLE, FileFormat::Toml));
    for (key, value) in settings {
        builder = builder.set_override(key.as_str(), value.clone())?;
    }
    builder.build()?.try_deserialize()
}

/// The settings of a tree of tables as `section.key` and value.
fn leaves(table: Map<String, Value>) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (key, value) in table {
        match value.kind {
            ValueKind::Table(inner) => {
                found.extend(
                    leaves(inner)
                        .into_iter()
                        .map(|(rest, value)| (format!("{key}.{rest}"), value)),
                );
            }
            _ => found.push((key, value)),
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Says what is wrong with one setting, without showing its value: it may be a secret.
fn explain((key, value): &(String, Value), fault: &ConfigError) -> String {
    let origin = value
        .origin()
        .map(|origin| format!(" (from {origin})"))
        .unwrap_or_default();
    let text = fault.to_string();
    let wrong = match fault {
        ConfigError::Type { expected, .. } => format!("expected {expected}"),
        _ if text.contains("socket address") => {
            "expected an address and port such as 127.0.0.1:9000".to_owned()
        }
        _ if text.contains("unknown field") => "there is no such setting".to_owned(),
        ConfigError::At { error, .. } => error.to_string(),
        _ => text,
    };
    format!("{key}: {wrong}{origin}")
}
