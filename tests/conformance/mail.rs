//! E-mail as a real mail server gets it: encrypted, signed in, and whole; and what comes of it when the server is not so
//! kind. A Python library reads what arrives, so that nothing of ours judges itself.

mod look;
mod server;
mod story;

use jiff::Timestamp;
use serde_json::Value;
use tripline::config::{self, Mail};
use tripline::notify::policy::Verdict;
use tripline::notify::{Letter, Message, Notify, Reader, Sent};

use server::{Encryption, MailServer};

const UNSUBSCRIBE: &str = "https://errors.example.com/unsubscribe/1.alerts.abcdef";

fn now() -> Timestamp {
    "2026-03-01T10:14:00Z".parse().unwrap()
}

fn settings(url: &str) -> Mail {
    Mail {
        url: Some(url.to_owned().try_into().unwrap()),
        from: Some("Tripline <alerts@example.com>".to_owned().try_into().unwrap()),
        ca: None,
    }
}

/// Tells a member of something with a title that is as evil as it can be.
fn letter(to: &str) -> Letter {
    let mut message = Message::sample("https://errors.example.com", now());
    message.id = "77".to_owned();
    message.title = format!(
        "[Tea] Ungültig: \r\nBcc: evil@example.com\r\n\r\n{}",
        "<b>sehr</b> ".repeat(40)
    );
    message.causes[0].title = "TeaError: <script>alert('ü')</script>".to_owned();
    let reader = Reader::Member {
        email: to,
        unsubscribe: UNSUBSCRIBE,
        settings: "https://errors.example.com/settings/account",
    };
    Letter::alert(&message, reader).unwrap()
}

fn send(mail: &Mail, letter: Letter) -> Sent {
    let notify = Notify::new(&config::Notify::default(), mail).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(notify.mail(Ok(letter), now()))
}

fn header<'a>(mail: &'a Value, name: &str) -> &'a str {
    let headers = mail["headers"].as_array().unwrap();
    let mut found = headers.iter().filter(|it| it[0] == name);
    let value = found.next().and_then(|it| it[1].as_str());
    assert!(found.next().is_none(), "{name} twice");
    value.unwrap_or_else(|| panic!("no {name} in {mail:#}"))
}

#[test]
fn a_mail_arrives_whole_over_starttls_and_tls() {
    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let server = MailServer::start(encryption);
        let sent = send(&server.settings(), letter("ann@example.com"));
        assert_eq!(
            (sent.verdict, sent.attempt.status),
            (Verdict::Taken, Some(250)),
            "{sent:?}"
        );
        assert_eq!(sent.attempt.answer, "2.0.0 Queued as 4711");

        let mail = server.mail();
        assert_eq!(
            (&mail["from"], &mail["to"][0]),
            (&"alerts@example.com".into(), &"ann@example.com".into())
        );
        assert_eq!(
            (&mail["user"], &mail["encrypted"]),
            (&"tripline@example.com".into(), &true.into())
        );
        assert_eq!(mail["defects"], Value::Array(Vec::new()));
        assert!(mail["longest_line"].as_u64().unwrap() <= 998);
        assert_eq!(header(&mail, "From"), "Tripline <alerts@example.com>");
        assert_eq!(header(&mail, "To"), "ann@example.com");
        assert!(header(&mail, "Subject").starts_with("[Tea] Ungültig: "));
        assert!(
            !mail["headers"]
                .as_array()
                .unwrap()
                .iter()
                .any(|it| it[0] == "Bcc")
        );
        assert_eq!(header(&mail, "Date"), "Sun, 01 Mar 2026 10:14:00 +0000");
        assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(&mail, "Message-ID"), "<tripline-delivery-77@example.com>");
        assert_eq!(header(&mail, "References"), header(&mail, "In-Reply-To"));
        assert_eq!(header(&mail, "List-Unsubscribe"), format!("<{UNSUBSCRIBE}>"));
        assert_eq!(
            header(&mail, "List-Unsubscribe-Post"),
            "List-Unsubscribe=One-Click"
        );
        let (text, html) = (&mail["bodies"]["text/plain"], &mail["bodies"]["text/html"]);
        assert!(
            text.as_str()
                .unwrap()
                .contains("TeaError: <script>alert('ü')</script>"),
            "{text}"
        );
        assert!(text.as_str().unwrap().contains(UNSUBSCRIBE), "{text}");
        assert!(
            html.as_str()
                .unwrap()
                .contains("&lt;script&gt;alert(&#x27;ü&#x27;)&lt;"),
            "{html}"
        );
    }
}

#[test]
fn a_server_on_this_machine_may_do_without_encryption_and_login() {
    let server = MailServer::start(Encryption::Off);
    assert_eq!(
        send(&server.settings(), letter("ann@example.com")).verdict,
        Verdict::Taken
    );
    assert_eq!(server.mail()["encrypted"], false);
    // But only if the settings say so.
    let sent = send(
        &settings(&format!("smtp://127.0.0.1:{}", server.port)),
        letter("ann@example.com"),
    );
    assert_eq!(sent.verdict, Verdict::Later(None));
    assert!(sent.attempt.answer.contains("STARTTLS"), "{sent:?}");
}

#[test]
fn whom_the_settings_do_not_trust_or_who_does_not_trust_us_gets_nothing_yet() {
    let server = MailServer::start(Encryption::StartTls);
    let stranger = Mail {
        ca: None,
        ..server.settings()
    };
    let sent = send(&stranger, letter("ann@example.com"));
    assert_eq!((sent.verdict, sent.attempt.status), (Verdict::Later(None), None));
    assert!(sent.attempt.answer.contains("certificate"), "{sent:?}");

    let wrong = server.url().replace("p%40ss%2Fword", "hunter2");
    let sent = send(
        &Mail {
            ca: server.settings().ca,
            ..settings(&wrong)
        },
        letter("ann@example.com"),
    );
    // Once the settings are right it can go.
    assert_eq!(
        (sent.verdict, sent.attempt.status),
        (Verdict::Later(None), Some(535))
    );
    assert!(!sent.attempt.answer.contains("hunter2"), "{sent:?}");
}

#[test]
fn what_is_put_off_is_tried_again_and_what_is_refused_is_not() {
    let server = MailServer::start(Encryption::StartTls);
    let sent = send(&server.settings(), letter("later@example.com"));
    assert_eq!((sent.verdict, sent.attempt.status), (Verdict::PutOff, Some(451)));
    assert_eq!(sent.attempt.answer, "4.7.1 Greylisted, come back later");
    assert_eq!(
        send(&server.settings(), letter("later@example.com")).verdict,
        Verdict::Taken
    );
    assert_eq!(server.mail()["to"][0], "later@example.com");

    let sent = send(&server.settings(), letter("gone@example.com"));
    assert_eq!((sent.verdict, sent.attempt.status), (Verdict::Never, Some(550)));
    assert_eq!(sent.attempt.answer, "5.1.1 Nobody of that name");
    assert_eq!(
        send(&server.settings(), letter("no address")).verdict,
        Verdict::Never
    );
}

#[test]
fn one_unknown_address_does_not_keep_it_from_the_others() {
    let server = MailServer::start(Encryption::StartTls);
    let mut letter = letter("ann@example.com");
    letter.to = ["gone", "bob", "later+2"]
        .map(|name| format!("{name}@example.com"))
        .into();
    let sent = send(&server.settings(), letter);
    assert_eq!(sent.verdict, Verdict::Taken);
    assert!(
        sent.attempt.answer.contains("not for gone@example.com: 5.1.1"),
        "{sent:?}"
    );
    assert_eq!(server.mail()["to"], serde_json::json!(["bob@example.com"]));
}

#[test]
fn a_server_that_is_not_there_is_asked_again_later() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    for (url, said) in [
        (format!("smtp://127.0.0.1:{port}"), "refused"),
        ("smtp://mail.invalid".to_owned(), ""),
    ] {
        let sent = send(&settings(&url), letter("ann@example.com"));
        assert_eq!((sent.verdict, sent.attempt.status), (Verdict::Later(None), None));
        assert!(sent.attempt.answer.contains(said), "{sent:?}");
    }
}

#[test]
fn a_file_without_certificates_is_told_at_the_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mail = Mail {
        ca: Some(file.path().to_owned()),
        ..settings("smtp://mail.example")
    };
    let fault = Notify::new(&config::Notify::default(), &mail).unwrap_err();
    assert_eq!(fault.to_string(), "mail.ca: expected certificates in PEM");
    let missing = Mail {
        ca: Some("/nowhere/ca.pem".into()),
        ..mail
    };
    assert!(
        Notify::new(&config::Notify::default(), &missing)
            .unwrap_err()
            .to_string()
            .starts_with("mail.ca: ")
    );
}
