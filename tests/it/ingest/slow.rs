//! Clients that stop in the middle.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;

use crate::harness::PATIENCE;
use crate::server::Server;

/// Sends the beginning of a request. Answers the first line that comes back, empty when the server hangs up.
fn begin(server: &Server, text: &str) -> String {
    let mut stream = TcpStream::connect(server.api.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // The server may hang up before it has read all of it.
    let _ = stream.write_all(text.as_bytes());
    let mut line = String::new();
    match BufReader::new(stream).read_line(&mut line) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("no answer in {PATIENCE:?}"),
        _ => line,
    }
}

#[test]
fn whoever_falls_silent_is_given_up() {
    let server = Server::start_with(|config| config.server.idle_timeout_seconds = 1);
    let head =
        "POST /api/42/envelope/?sentry_key=0123456789abcdef0123456789abcdef HTTP/1.1\r\nHost: here\r\n";
    for rest in [
        "",
        "Content-Length: 1000\r\n\r\n{}\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n",
    ] {
        let answer = begin(&server, &format!("{head}{rest}"));
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
            "{rest:?}: {answer}"
        );
    }
    assert_eq!(server.api.send(b"{}").status, 200);
}

#[test]
fn a_head_that_never_ends_is_refused() {
    let server = Server::start();
    let answer = begin(
        &server,
        &format!("POST /api/42/envelope/ HTTP/1.1\r\nX: {}", "a".repeat(1 << 20)),
    );
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert_eq!(server.api.send(b"{}").status, 200);
}
