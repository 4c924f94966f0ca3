//! `[mail]`: the server that takes our e-mail, and whose name it bears. Opens neither a file nor a connection.

use std::borrow::Cow;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::{Host, Url};

use super::Secret;
use super::sections::is_email;

/// `[mail]`: how e-mail leaves. Without `url` there is none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The server; with it `from` is needed, too.
    pub url: Option<MailServer>,
    /// Whom e-mail is from: `alerts@example.com` or `Tripline <alerts@example.com>`.
    pub from: Option<Sender>,
    /// A file with certificates in PEM that are believed beside those of the system.
    pub ca: Option<PathBuf>,
}

/// A server that takes e-mail, read from `smtp://user:password@host:587` or `smtps://user:password@host:465`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MailServer {
    /// Name or address, the latter of IPv6 without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// User and password; none for a server that asks for none.
    pub login: Option<(String, Secret)>,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Tls,
    /// From the command STARTTLS on, without which nothing is sent.
    StartTls,
    /// Not at all: for a server on this machine or in a network that is trusted.
    Off,
}

/// Whom e-mail is from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Sender {
    /// What people see; none for the address alone.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

impl Mail {
    pub(super) fn check(&self, faults: &mut Vec<String>) {
        if self.url.is_some() && self.from.is_none() {
            faults.push(
                "mail.from: expected an address like Tripline <alerts@example.com>, since mail.url is set"
                    .to_owned(),
            );
        }
    }
}

/// What is wrong with `mail.url`; the text itself may hold a password and is never shown.
const EXPECTED_URL: &str = "expected an address like smtp://user:password@mail.example.com:587 or smtps://…:465, with \
                            reserved characters of user and password percent-encoded";

impl TryFrom<String> for MailServer {
    type Error = Cow<'static, str>;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(text.trim()).map_err(|_| EXPECTED_URL)?;
        let (encryption, usual) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Encryption::Tls, 465),
            ("smtp", None | Some("tls=starttls")) => (Encryption::StartTls, 587),
            ("smtp", Some("tls=none")) => (Encryption::Off, 25),
            ("smtp" | "smtps", Some(_)) => {
                return Err("expected nothing behind the address but ?tls=none".into());
            }
            _ => return Err(EXPECTED_URL.into()),
        };
        let host = match url.host().ok_or(EXPECTED_URL)? {
            Host::Domain("") => return Err(EXPECTED_URL.into()),
            Host::Domain(name) => decoded(name)?,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(EXPECTED_URL.into());
        }
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err("expected a user and a password, or neither".into()),
            (user, Some(password)) => Some((decoded(user)?, Secret::from(decoded(password)?))),
        };
        let port = url.port().unwrap_or(usual);
        if port == 0 {
            return Err(EXPECTED_URL.into());
        }
        Ok(Self {
            host,
            port,
            encryption,
            login,
        })
    }
}

/// Percent-encoded text in clear; control characters could end a command.
fn decoded(text: &str) -> Result<String, Cow<'static, str>> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| EXPECTED_URL)?;
    if text.contains(char::is_control) {
        return Err(EXPECTED_URL.into());
    }
    Ok(text.into_owned())
}

impl TryFrom<String> for Sender {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>').and_then(|it| it.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address.trim()),
            None => ("", text),
        };
        if !is_email(address) || address.contains(['<', '>', ',']) || text.contains(char::is_control) {
            return Err("expected an address like Tripline <alerts@example.com>");
        }
        let name = (!name.is_empty()).then(|| name.to_owned());
        Ok(Self {
            name,
            address: address.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> Result<MailServer, String> {
        MailServer::try_from(text.to_owned()).map_err(|fault| fault.into_owned())
    }

    #[test]
    fn an_address_says_where_how_and_as_whom() {
        let login = |user: &str, password: &str| Some((user.to_owned(), Secret::from(password.to_owned())));
        for (text, host, port, encryption, login) in [
            (
                "smtp://u:p@mail.example:2525",
                "mail.example",
                2525,
                Encryption::StartTls,
                login("u", "p"),
            ),
            (
                "smtps://u%40example.com:p%2F%3A%23@mail.example",
                "mail.example",
                465,
                Encryption::Tls,
                login("u@example.com", "p/:#"),
            ),
            (
                "smtp://mail.example/",
                "mail.example",
                587,
                Encryption::StartTls,
                None,
            ),
            (
                "smtp://127.0.0.1?tls=none",
                "127.0.0.1",
                25,
                Encryption::Off,
                None,
            ),
            (" smtp://[::1]:25?tls=none ", "::1", 25, Encryption::Off, None),
        ] {
            let expected = MailServer {
                host: host.to_owned(),
                port,
                encryption,
                login,
            };
            assert_eq!(server(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_without_showing_it() {
        for wrong in [
            "",
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://u:hunter2@",
            "smtp://u:hun/ter2@mail.example",
            "smtp://hunter2@mail.example",
            "smtp://:hunter2@mail.example",
            "smtps://mail.example?tls=none",
            "smtp://mail.example?hunter2",
            "smtp://mail.example/hunter2",
            "smtp://mail.example#hunter2",
            "smtp://mail.example:0",
            "smtp://u:hunter2%0d%0aQUIT@mail.example",
        ] {
            let fault = server(wrong).unwrap_err();
            assert!(!fault.contains("hunter2"), "{fault}");
        }
        let debug = format!("{:?}", server("smtp://u:hunter2@mail.example").unwrap());
        assert!(!debug.contains("hunter2"), "{debug}");
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        let sender = |text: &str| {
            Sender::try_from(text.to_owned())
                .ok()
                .map(|it| (it.name.unwrap_or_default(), it.address))
        };
        let is = |name: &str, address: &str| Some((name.to_owned(), address.to_owned()));
        assert_eq!(sender("alerts@example.com"), is("", "alerts@example.com"));
        assert_eq!(
            sender("Tripline <alerts@example.com>"),
            is("Tripline", "alerts@example.com")
        );
        assert_eq!(sender("\"Tea, Inc.\" <a@b>"), is("Tea, Inc.", "a@b"));
        for wrong in [
            "",
            "Tripline",
            "Tripline <>",
            "a@b, c@d",
            "a@b\r\nBcc: c@d",
            "T\n <a@b>",
        ] {
            assert_eq!(sender(wrong), None, "{wrong}");
        }
    }
}
