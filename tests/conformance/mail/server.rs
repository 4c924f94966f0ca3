//! A mail server in a process of its own: `server.py`, with certificates that are made for the test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tempfile::TempDir;
use tripline::config::Mail;

use crate::harness::repository;
use crate::sdk::installed;

/// How the server wants its connections.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    Tls,
    StartTls,
    Off,
}

/// A mail server, until it is dropped.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    encryption: Encryption,
    output: Mutex<BufReader<ChildStdout>>,
    place: TempDir,
    child: Child,
}

impl MailServer {
    pub(crate) fn start(encryption: Encryption) -> Self {
        let place = TempDir::new().unwrap();
        certify(&place);
        let python = repository(".venv/bin/python");
        installed(&python);
        let mut child = Command::new(python)
            .arg(repository("tests/conformance/mail/server.py"))
            .args(["certificate.pem", "key.pem"])
            .arg(match encryption {
                Encryption::Tls => "tls",
                Encryption::StartTls => "starttls",
                Encryption::Off => "none",
            })
            .current_dir(place.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let port = line
            .trim()
            .strip_prefix("ready ")
            .expect("a port")
            .parse()
            .unwrap();
        Self {
            port,
            encryption,
            output: Mutex::new(output),
            place,
            child,
        }
    }

    /// Its address, with user and password.
    pub(crate) fn url(&self) -> String {
        let (scheme, login, behind) = match self.encryption {
            Encryption::Tls => ("smtps", "tripline%40example.com:p%40ss%2Fword@", ""),
            Encryption::StartTls => ("smtp", "tripline%40example.com:p%40ss%2Fword@", ""),
            Encryption::Off => ("smtp", "", "?tls=none"),
        };
        format!("{scheme}://{login}localhost:{}{behind}", self.port)
    }

    /// The file with the authority that certified it.
    pub(crate) fn authority(&self) -> std::path::PathBuf {
        self.place.path().join("ca.pem")
    }

    /// What the settings have to say to send mail by it.
    pub(crate) fn settings(&self) -> Mail {
        Mail {
            ca: Some(self.authority()),
            ..super::settings(&self.url())
        }
    }

    /// The next mail that it took; waits for it.
    pub(crate) fn mail(&self) -> Value {
        let mut line = String::new();
        self.output.lock().unwrap().read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority, and a server that it certified.
fn certify(place: &TempDir) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &authority).unwrap();
    let write = |name: &str, text: String| fs::write(place.path().join(name), text).unwrap();
    write("ca.pem", authority.pem());
    write("certificate.pem", server.pem());
    write("key.pem", key.serialize_pem());
}
