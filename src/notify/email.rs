//! The mail server: how a letter is handed over by SMTP, and what its answer means. What stands in a letter is not known
//! here.
//!
//! The one file that knows the library that speaks SMTP and writes MIME. A connection is made for each letter: what
//! became of one is not the next one's matter, and a server closes what is idle anyhow.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::{Address, transport::smtp};
use tokio::time::timeout;

use super::letter::Letter;
use super::policy::Verdict;
use crate::config::{self, Encryption, MailServer};

/// From looking up the name to being let in.
const GREETING: Duration = Duration::from_secs(15);
/// From the sender to the server's word that it took the letter.
const HANDOVER: Duration = Duration::from_secs(30);
/// For a goodbye, which decides nothing any more.
const GOODBYE: Duration = Duration::from_secs(1);

/// What is kept of a server that is too slow.
const LATE: &str = "no answer in time";
/// How a certificate begins in a file of them.
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Why there is no mailer although the settings name a server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file of certificates cannot be read.
    #[error("mail.ca: {0}")]
    Unreadable(std::io::Error),
    /// It has none, or what it has is none.
    #[error("mail.ca: expected certificates in PEM")]
    NoCertificates,
    /// The sender cannot be one.
    #[error("mail.from: expected an address like Tripline <alerts@example.com>")]
    From,
    /// TLS cannot be set up.
    #[error("mail.url: TLS cannot be set up: {0}")]
    Tls(smtp::Error),
}

/// What the server said to a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its code; none if it was not there.
    pub status: Option<u16>,
    /// Its words, or what went wrong.
    pub text: String,
    /// What that means.
    pub verdict: Verdict,
}

/// Hands letters to the mail server.
pub struct Mailer {
    server: MailServer,
    from: Mailbox,
    tls: Option<TlsParameters>,
    greeting: Duration,
    handover: Duration,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl Mailer {
    /// The one that the settings name; none when they name none. Reads the file of certificates; connects to nothing.
    pub fn new(settings: &config::Mail) -> Result<Option<Self>, Error> {
        let (Some(server), Some(from)) = (&settings.url, &settings.from) else {
            return Ok(None);
        };
        let address = from.address.parse().map_err(|_| Error::From)?;
        let mut authorities = None;
        if let Some(path) = &settings.ca {
            let pem = std::fs::read(path).map_err(Error::Unreadable)?;
            // The parser takes a file without any for an empty list.
            if !pem.windows(PEM.len()).any(|it| it == PEM) {
                return Err(Error::NoCertificates);
            }
            authorities = Some(Certificate::from_pem(&pem).map_err(|_| Error::NoCertificates)?);
        }
        let tls = match server.encryption {
            Encryption::Off => None,
            Encryption::Tls | Encryption::StartTls => {
                let mut tls = TlsParameters::builder(server.host.clone());
                if let Some(authorities) = authorities {
                    tls = tls.add_root_certificate(authorities);
                }
                Some(tls.build_rustls().map_err(Error::Tls)?)
            }
        };
        Ok(Some(Self {
            server: server.clone(),
            from: Mailbox::new(from.name.clone(), address),
            tls,
            greeting: GREETING,
            handover: HANDOVER,
        }))
    }

    /// Hands over a letter, dated `now`, and returns what the server said.
    pub async fn send(&self, letter: &Letter, now: Timestamp) -> Answer {
        let (envelope, mail) = match self.written(letter, now) {
            Ok(written) => written,
            Err(error) => return unanswered(error.to_string(), Verdict::Never),
        };
        let mut connection = match timeout(self.greeting, self.connect()).await {
            Ok(Ok(connection)) => connection,
            // A wrong password, say, is a matter of the settings: once they are right, the letter can go.
            Ok(Err(error)) => {
                return Answer {
                    verdict: Verdict::Later(None),
                    ..said(&error)
                };
            }
            Err(_) => return unanswered(LATE.to_owned(), Verdict::Later(None)),
        };
        let answer = match timeout(self.handover, hand_over(&mut connection, &envelope, &mail)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => said(&error),
            Err(_) => return unanswered(LATE.to_owned(), Verdict::Later(None)),
        };
        // Whatever is said to a goodbye, the letter's fate is known.
        let _ = timeout(GOODBYE, connection.quit()).await;
        answer
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, smtp::Error> {
        let Self { server, tls, .. } = self;
        let wrapped = tls.clone().filter(|_| server.encryption == Encryption::Tls);
        let name = ClientId::default();
        let address = (server.host.as_str(), server.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(self.greeting), &name, wrapped, None).await?;
        if server.encryption == Encryption::StartTls
            && let Some(tls) = tls
        {
            connection.starttls(tls.clone(), &name).await?;
        }
        if let Some((user, password)) = &server.login {
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    /// The letter as it goes over the wire, and to whom.
    fn written(&self, letter: &Letter, now: Timestamp) -> Result<(Envelope, Vec<u8>), Unfit> {
        let domain = self.from.email.domain();
        let mut mail = lettre::Message::builder()
            .from(self.from.clone())
            .subject(letter.subject.clone())
            .date(SystemTime::from(now))
            .message_id(Some(format!("<{}@{domain}>", letter.id)));
        for to in &letter.to {
            let address = to.parse::<Address>().map_err(|_| Unfit::Recipient)?;
            mail = mail.to(Mailbox::new(None, address));
        }
        if let Some(thread) = &letter.thread {
            let first = format!("<{thread}@{domain}>");
            mail = mail.in_reply_to(first.clone()).references(first);
        }
        for (name, value) in &letter.headers {
            let name = HeaderName::new_from_ascii_str(name);
            mail = mail.raw_header(HeaderValue::new(name, value.clone()));
        }
        let bodies = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        let mail = mail.multipart(bodies)?;
        Ok((mail.envelope().clone(), mail.formatted()))
    }
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the recipient's address is none")]
    Recipient,
    #[error("{0}")]
    Mail(#[from] lettre::error::Error),
}

/// Gives the letter to all recipients whom the server knows. It is taken if one of them is: sending it again would tell
/// that one twice.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    mail: &[u8],
) -> Result<Answer, smtp::Error> {
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    // Who does not know the word refuses: such an address cannot be written in another way.
    let utf8 =
        (!addresses.all(|it| AsRef::<str>::as_ref(it).is_ascii())).then_some(MailParameter::SmtpUtfEight);
    let from = Mail::new(envelope.from().cloned(), utf8.into_iter().collect());
    connection.command(from).await?;
    let mut refusals = Vec::new();
    for to in envelope.to() {
        match connection.command(Rcpt::new(to.clone(), Vec::new())).await {
            Ok(_) => {}
            Err(error) if error.status().is_some() => refusals.push((to, error)),
            Err(error) => return Err(error),
        }
    }
    if refusals.len() == envelope.to().len() {
        return Ok(refused(&refusals));
    }
    connection.command(Data).await?;
    let response = connection.message(mail).await?;
    let mut text = words(&response);
    for (to, error) in refusals {
        text.push_str(&format!("; not for {to}: {}", said(&error).text));
    }
    Ok(Answer {
        status: Some(response.code().into()),
        text,
        verdict: Verdict::Taken,
    })
}

/// What it means that the server takes a letter for nobody: a recipient who is put off (greylisting) says nothing about
/// the others' letters.
fn refused(refusals: &[(&Address, smtp::Error)]) -> Answer {
    let put_off = refusals.iter().find(|(_, error)| error.is_transient());
    let verdict = put_off.map_or(Verdict::Never, |_| Verdict::PutOff);
    match put_off.or(refusals.first()) {
        Some((_, error)) => Answer {
            verdict,
            ..said(error)
        },
        None => unanswered("there is no recipient".to_owned(), Verdict::Never),
    }
}

fn words(response: &Response) -> String {
    response.message().collect::<Vec<_>>().join(" ")
}

/// What an error tells: the server's words, or why there were none.
fn said(error: &smtp::Error) -> Answer {
    let source = std::error::Error::source(error).map(ToString::to_string);
    let (text, verdict) = match error.status() {
        Some(_) if error.is_permanent() => (source, Verdict::Never),
        Some(_) => (source, Verdict::Later(None)),
        None => (None, Verdict::Later(None)),
    };
    Answer {
        status: error.status().map(u16::from),
        text: text.unwrap_or_else(|| error.to_string()),
        verdict,
    }
}

fn unanswered(text: String, verdict: Verdict) -> Answer {
    Answer {
        status: None,
        text,
        verdict,
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    fn letter() -> Letter {
        Letter {
            to: vec!["ann@example.com".to_owned()],
            id: "1".to_owned(),
            thread: None,
            subject: "Tea\r\nBcc: evil@example.com".to_owned(),
            text: String::new(),
            html: String::new(),
            headers: vec![(
                "X-Tripline-Rule",
                "a\r\nBcc: evil@example.com\r\n\r\nbody".to_owned(),
            )],
        }
    }

    fn mailer(port: u16) -> Mailer {
        let settings = config::Mail {
            url: Some(format!("smtp://127.0.0.1:{port}?tls=none").try_into().unwrap()),
            from: Some("Alerts <alerts@example.com>".to_owned().try_into().unwrap()),
            ca: None,
        };
        let mailer = Mailer::new(&settings).unwrap().unwrap();
        Mailer {
            greeting: Duration::from_millis(200),
            handover: Duration::from_millis(200),
            ..mailer
        }
    }

    #[test]
    fn no_header_holds_more_than_itself() {
        let (envelope, mail) = mailer(1).written(&letter(), Timestamp::UNIX_EPOCH).unwrap();
        let mail = String::from_utf8(mail).unwrap();
        assert!(!mail.contains("\nBcc") && !mail.contains("\nbody"), "{mail}");
        assert_eq!(envelope.to().len(), 1);
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_or_talks_without_end_is_asked_again_later() {
        // What it says before it falls silent, and whether it goes on for ever.
        for (greeting, is_endless) in [
            ("", false),
            ("220 hello\r\n250 go on\r\n250 go on\r\n", false),
            ("220-", true),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mailer = mailer(listener.local_addr().unwrap().port());
            let server = async {
                let (mut client, _) = listener.accept().await.unwrap();
                client.write_all(greeting.as_bytes()).await.unwrap();
                while is_endless && client.write_all(&[b'x'; 1024]).await.is_ok() {}
                std::future::pending::<()>().await;
            };
            let letter = letter();
            let answer = tokio::select! {
                answer = mailer.send(&letter, Timestamp::UNIX_EPOCH) => answer,
                () = server => unreachable!(),
            };
            assert_eq!(
                (answer.verdict, answer.status),
                (Verdict::Later(None), None),
                "{answer:?}"
            );
        }
    }
}
